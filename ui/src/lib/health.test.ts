import { expect, it } from "vitest";
import { readHealth } from "./health";

it("takes what is said, in either form, and nothing that is not", () => {
	expect(readHealth({ platforms: ["twitch", "kick", 7], demo: true, version: "1.2.3" })).toEqual({ platforms: ["twitch"], demo: true, version: "1.2.3" });
	expect(readHealth({ platforms: [{ platform: "tiktok" }, null] }).platforms).toEqual(["tiktok"]);
	for (const answer of [null, "ok", [], {}, { platforms: {}, demo: "true", version: 1 }]) {
		expect(readHealth(answer)).toEqual({ platforms: null, demo: false, version: "" });
	}
});
