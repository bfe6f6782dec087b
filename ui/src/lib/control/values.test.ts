import { describe, expect, it } from "vitest";
import { emptySaved } from "../backend/fake";
import type { Look } from "../overlay/looks/look";
import { isChanged, paintOf, paintValue, settingsOf, withValue } from "./values";

const main = emptySaved().overlays[0]!;
const large: Look = { id: "large", name: "Large", about: "", shape: "side", values: { fontSize: 30 } };

describe("settings of an overlay", () => {
	it("are its own, else its look's, else the usual ones", () => {
		expect(settingsOf(main, null).fontSize).toBe(20);
		expect(settingsOf(main, large).fontSize).toBe(30);
		expect(settingsOf(withValue(main, large, "fontSize", 14), large).fontSize).toBe(14);
	});

	it("that say what would be anyway are not kept", () => {
		const changed = withValue(main, large, "fontSize", 14);
		expect(isChanged(changed, "fontSize")).toBe(true);
		expect(isChanged(withValue(changed, large, "fontSize", 30), "fontSize")).toBe(false);
		expect(isChanged(withValue(changed, large, "fontSize", null), "fontSize")).toBe(false);
	});

	it("hold lists as words", () => {
		const hidden = withValue(main, null, "hiddenNames", "@Bot, Other");
		expect([...settingsOf(hidden, null).hiddenNames]).toEqual(["bot", "other"]);
		expect([...settingsOf(withValue(main, null, "prefixes", ""), null).prefixes]).toEqual([]);
	});

	it("hold plates as a colour and how solid it is", () => {
		expect(paintValue({ color: "#112233", solid: 0 })).toBe("none");
		expect(paintValue({ color: "#112233", solid: 100 })).toBe("#112233");
		for (const solid of [5, 40, 60, 95]) expect(paintOf(paintValue({ color: "#112233", solid }))).toEqual({ color: "#112233", solid });
	});
});
