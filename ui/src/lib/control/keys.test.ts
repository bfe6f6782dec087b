import { describe, expect, it } from "vitest";
import { keysOf, keysProblem, shownKeys } from "./keys";

describe("keys", () => {
	const press = (code: string, ...held: string[]) => keysOf({ code, ctrlKey: held.includes("Ctrl"), altKey: held.includes("Alt"), shiftKey: held.includes("Shift"), metaKey: held.includes("Super") });

	it("are written by their place, modifiers first", () => {
		expect(press("F7", "Alt", "Ctrl")).toBe("Ctrl+Alt+F7");
		expect(press("KeyQ", "Ctrl", "Shift")).toBe("Ctrl+Shift+Q");
		expect(press("Digit1", "Super")).toBe("Super+1");
		expect(press("Numpad1")).toBe("Numpad1");
		expect(press("Comma", "Ctrl")).toBe("Ctrl+Comma");
		expect(press("ControlLeft", "Ctrl")).toBeNull();
	});

	it("are shown as they stand on a keyboard", () => {
		expect(shownKeys("Ctrl+Alt+F7")).toEqual(["Ctrl", "Alt", "F7"]);
		expect(shownKeys("Ctrl+Comma")).toEqual(["Ctrl", ","]);
		expect(shownKeys("Numpad1")).toEqual(["Num 1"]);
	});

	it("that people type with stay theirs", () => {
		for (const keys of ["A", "Shift+A", "Space", "Enter"]) expect(keysProblem(keys), keys).not.toBe("");
		for (const keys of ["F7", "Ctrl+A", "Alt+Shift+1", "Numpad1", "Super+Q"]) expect(keysProblem(keys), keys).toBe("");
	});
});
