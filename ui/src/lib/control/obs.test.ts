import { describe, expect, it } from "vitest";
import { dragAddress, nameProblem, overlayAddress, shortAddress } from "./obs";

describe("links for OBS", () => {
	it("name the overlay and nothing else", () => {
		expect(overlayAddress("http://127.0.0.1:7117", "main")).toBe("http://127.0.0.1:7117/overlay/main");
		expect(shortAddress("http://127.0.0.1:7117/overlay/main")).toBe("127.0.0.1:7117/overlay/main");
	});

	it("that are dragged say what source to make", () => {
		const query = new URL(dragAddress("http://127.0.0.1:7117", "side", { width: 420, height: 900 })).searchParams;
		expect(Object.fromEntries(query)).toEqual({ "layer-name": "Polychat side", "layer-width": "420", "layer-height": "900" });
	});

	it("have names that need no escaping", () => {
		expect(nameProblem("side-1", ["main"])).toBe("");
		for (const wrong of ["", "a b", "ä", "a/b", "x".repeat(65), "main"]) expect(nameProblem(wrong, ["main"]), wrong).not.toBe("");
	});
});
