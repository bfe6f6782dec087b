import { describe, expect, it } from "vitest";
import type { ObsNow } from "../bindings/ObsNow";
import { type Size, SIZES, dragAddress, fit, lampOf, loaderAddress, nameProblem, overlayAddress, shortAddress, ticksOf } from "./obs";

describe("links for OBS", () => {
	it("name the overlay and nothing else", () => {
		expect(overlayAddress("http://127.0.0.1:7117", "main")).toBe("http://127.0.0.1:7117/overlay/main");
		expect(loaderAddress("http://127.0.0.1:7117", "main")).toBe("http://127.0.0.1:7117/loader/main");
		expect(shortAddress("http://127.0.0.1:7117/overlay/main")).toBe("127.0.0.1:7117/overlay/main");
		expect(shortAddress("ws://127.0.0.1:4455")).toBe("127.0.0.1:4455");
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

describe("a source", () => {
	const size = (id: Size["id"]) => SIZES.find((s) => s.id === id)!;

	it("is never larger than the canvas, and a bar as wide as it", () => {
		const sizes = (width: number, height: number) => SIZES.map((s) => Object.values(fit(s, { width, height })).join("×"));
		expect(sizes(1920, 1080)).toEqual(["420×900", "600×400", "1920×120", "1920×1080"]);
		expect(sizes(1280, 720)).toEqual(["420×720", "600×400", "1280×120", "1280×720"]);
		expect(sizes(1080, 1920)).toEqual(["420×900", "600×400", "1080×120", "1080×1920"]);
		expect(fit(size("full"), { width: 3840, height: 2160 })).toEqual({ width: 3840, height: 2160 });
	});
});

const connected: ObsNow = { link: "connected", streaming: false, recording: false, sources: [] };

it("the lamp says what OBS does", () => {
	expect(lampOf({ ...connected, link: "waiting" })).toBe("waiting");
	expect(lampOf(connected)).toBe("connected");
	expect(lampOf({ ...connected, streaming: true })).toBe("streaming");
	expect(lampOf({ ...connected, recording: true })).toBe("recording");
	expect(lampOf({ ...connected, streaming: true, recording: true })).toBe("both");
	expect(lampOf({ ...connected, link: "off", streaming: true }), "nothing is known any more").toBe("off");
});

describe("ticks", () => {
	const done = (...args: Parameters<typeof ticksOf>) => ticksOf(...args).map((t) => `${t.done ? "+" : "-"}${t.id}`);
	const source = { name: "Polychat", overlay: "main", inScene: true, visible: false };
	const page = { overlay: "main", loaded: 1, visible: 1, active: 0 };

	it("are there as soon as anything is known", () => {
		expect(done("main", { ...connected, link: "off" }, [])).toEqual([]);
		expect(done("main", connected, [])).toEqual(["-source", "-loaded", "-scene", "-air"]);
		expect(done("main", { ...connected, link: "off" }, [page])).toEqual(["+source", "+loaded", "+shown"]);
		expect(done("main", { ...connected, link: "waiting" }, [{ ...page, visible: 0 }])).toEqual(["+source", "+loaded", "-shown"]);
	});

	it("are those of one overlay", () => {
		expect(done("main", { ...connected, sources: [source] }, [])).toEqual(["+source", "-loaded", "+scene", "-air"]);
		expect(done("side", { ...connected, sources: [source] }, [page])).toEqual(["-source", "-loaded", "-scene", "-air"]);
		expect(done("main", { ...connected, sources: [{ ...source, visible: true }] }, [page])).toEqual(["+source", "+loaded", "+scene", "+air"]);
		expect(done("main", connected, [{ ...page, active: 1 }]), "by way of a link that we do not know").toEqual(["+source", "+loaded", "-scene", "+air"]);
	});
});
