import { describe, expect, it } from "vitest";
import { MIN_CONTRAST, contrast, defaultColor, nameColor } from "./color";

// The surfaces that names stand on, from tokens.css.
const DARK = ["#0e1014", "#14171c", "#1a1e25", "#222731"];
const LIGHT = ["#eef0f4", "#ffffff", "#f6f7f9", "#eceff3"];

describe("colours of names", () => {
	it.each(["#000000", "#0000ff", "#8a2be2", "#b22222", "#ff0000", "#008000", "#ffffff", "#ffff00", "#7f7f7f", "#222731"])(
		"makes %s readable on every surface of both schemes",
		(color) => {
			const made = nameColor(color, "x");
			for (const surface of DARK) expect(contrast(made.dark, surface)).toBeGreaterThanOrEqual(MIN_CONTRAST);
			for (const surface of LIGHT) expect(contrast(made.light, surface)).toBeGreaterThanOrEqual(MIN_CONTRAST);
		},
	);

	it("leaves a colour alone that can be read already", () => {
		expect(nameColor("#FF8FC7", "x").dark).toBe("#ff8fc7");
	});

	it("keeps the hue of a colour that has to be changed", () => {
		const { dark } = nameColor("#0000ff", "x");
		const [r, , b] = [1, 3, 5].map((i) => Number.parseInt(dark.slice(i, i + 2), 16));
		expect(b).toBeGreaterThan(r ?? 255);
	});

	it.each(["red", "#fff", "#12345", "url(https://evil.example)", "#12345g", "", null, undefined])(
		"takes %s for no colour and gives the author's own default",
		(color) => {
			expect(nameColor(color, "id-1")).toEqual(nameColor(defaultColor("id-1"), "id-1"));
		},
	);

	it("gives the same author the same default, and different authors all fifteen", () => {
		expect(defaultColor("id-1")).toBe(defaultColor("id-1"));
		const used = new Set(Array.from({ length: 500 }, (_, i) => defaultColor(`user ${i}`)));
		expect(used.size).toBe(15);
	});

	it("measures contrast as WCAG does", () => {
		expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
		expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
	});
});
