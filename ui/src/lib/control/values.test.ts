import { describe, expect, it } from "vitest";
import { emptySaved } from "../backend/fake";
import type { Look } from "../overlay/looks/look";
import { dressed } from "../overlay/looks/look";
import { CONTROLS, edit, isChanged, isEdited, paintOf, paintValue, settingsOf, withValue } from "./values";

const main = emptySaved().overlays[0]!;
const large: Look = { id: "large", shape: "side", values: { fontSize: 30 } };

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

	it("are set on its look if that is an own one, in the form that the server takes", () => {
		const own = { id: "mine", name: "Mine", base: "large", values: {}, css: "" };
		const control = (id: string) => CONTROLS.find((c) => c.id === id)!;
		const before = { overlay: { ...main, look: "mine", values: { fontSize: 50, limit: 9 } }, own };
		const set = (to: typeof before, id: string, value: string | number | null) => edit(to, dressed(large, own), large, control(id), value) as typeof before;
		const after = set(set(before, "fontSize", 14), "hiddenNames", "@Bot, Other");
		expect(after).toEqual({ overlay: { ...main, look: "mine", values: { limit: 9 } }, own: { ...own, values: { fontSize: 14, hiddenNames: "bot, other" } } });
		expect(settingsOf(after.overlay, dressed(large, after.own)).fontSize).toBe(14);
		expect([isEdited(after, "fontSize"), isEdited(after, "limit"), isEdited(after, "scale")]).toEqual([true, true, false]);
		expect(set(after, "fontSize", null).own.values, "as the base has it").toEqual({ hiddenNames: "bot, other" });
		expect(set(after, "fontSize", 30).own.values, "what the base says anyway").toEqual({ hiddenNames: "bot, other" });
		expect(set(after, "font", "a;b").own.values, "what cannot be read").toEqual(after.own.values);
		expect(edit({ overlay: main, own: null }, large, large, control("fontSize"), 14)).toEqual({ overlay: withValue(main, large, "fontSize", 14), own: null });
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
