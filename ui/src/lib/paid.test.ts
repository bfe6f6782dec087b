import { describe, expect, it } from "vitest";
import type { PaidColors } from "./bindings/PaidColors";
import { MIN_CONTRAST, contrast } from "./color";
import { paint } from "./paid";

const colors = (more: Partial<PaidColors> = {}): PaidColors => ({
	header: "#ffb300", header_text: "#000000df", body: "#ffca28", body_text: "#000000df", author: "#0000008a", ...more,
});

describe("paid colours", () => {
	it("are the platform's, with the ink as it looks on its ground, but a name that is too pale in black", () => {
		expect(paint(colors())).toEqual({ header: "#ffb300", headerInk: "#201600", nameInk: "#000000", body: "#ffca28", bodyInk: "#201905" });
	});

	it.each([
		["1565c0", "1e88e5"],
		["00b8d4", "00e5ff"],
		["00bfa5", "1de9b6"],
		["ffb300", "ffca28"],
		["e65100", "f57c00"],
		["c2185b", "e91e63"],
		["d00000", "e62117"],
	])("can be read in every tier, whatever ink comes with it: %s", (header, body) => {
		for (const text of ["#ffffff", "#ffffffb2", "#000000", "#0000008a", `#${body}`, "nonsense"]) {
			const made = paint({ header: `#${header}`, header_text: text, body: `#${body}`, body_text: text, author: text });
			expect(contrast(made!.headerInk, made!.header)).toBeGreaterThanOrEqual(MIN_CONTRAST);
			expect(contrast(made!.nameInk, made!.header)).toBeGreaterThanOrEqual(MIN_CONTRAST);
			expect(contrast(made!.bodyInk, made!.body)).toBeGreaterThanOrEqual(MIN_CONTRAST);
		}
	});

	it("are darkened by less than can be seen where the platform's own ink then reads", () => {
		const made = paint(colors({ header: "#c2185b", header_text: "#ffffff", body: "#e91e63", body_text: "#ffffff" }));
		expect(made).toMatchObject({ header: "#c2185b", headerInk: "#ffffff", bodyInk: "#ffffff" });
		expect(made!.body).toMatch(/^#e[0-9a-f]1d6[0-9a-f]$/);
		expect(paint(colors({ body: "#f57c00", body_text: "#ffffff" }))).toMatchObject({ body: "#f57c00", bodyInk: "#000000" });
	});

	it("are none where a ground is no colour", () => {
		expect(paint(undefined)).toBeNull();
		expect(paint(colors({ header: "red;background:url(https://evil.example)" }))).toBeNull();
		expect(paint(colors({ body: "#fff" }))).toBeNull();
		expect(paint({} as PaidColors)).toBeNull();
	});
});
