import { expect, it } from "vitest";
import { emptySaved } from "../backend/fake";
import { readQuery } from "../overlay/query";
import { previewAddress } from "./preview";
import { withValue } from "./values";

const main = emptySaved().overlays[0]!;

it("the preview reads what is set as it is", () => {
	let overlay = { ...main, look: "neon" };
	for (const [id, value] of Object.entries({ fontSize: 26, hideAfter: 15, plate: "#11223380", badges: false, avatars: "off", mark: "bar", prefixes: "?, !", hiddenNames: "bot", times: true, css: "a{color:red}" })) {
		overlay = withValue(overlay, null, id as "fontSize", value) as typeof overlay;
	}
	const address = new URL(previewAddress(false, overlay), "http://x");
	const { settings, preview } = readQuery({ search: address.search, hash: "" });
	expect(preview).toBe(true);
	expect(address.searchParams.get("look")).toBe("neon");
	expect(settings).toMatchObject({ fontSize: 26, hideAfter: 15, plate: "#11223380", badges: false, avatars: "off", mark: "bar", prefixes: ["?", "!"], times: true, css: "a{color:red}" });
	expect(previewAddress(true, main)).toMatch(/^\/overlay\.html\?preview/);
});
