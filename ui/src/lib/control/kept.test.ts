import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeBackend } from "../backend/fake";
import type { SavedChannel } from "../bindings/SavedChannel";
import { Kept } from "./kept.svelte";

let backend: FakeBackend;
let kept: Kept;
const luna: SavedChannel = { platform: "twitch", identifier: "luna", identifierType: "username", paused: false };
const commands = () => backend.asked.map(([command]) => command);

beforeEach(async () => {
	vi.useFakeTimers();
	backend = new FakeBackend();
	backend.saved.channels = [luna];
	kept = new Kept(backend);
	await kept.ask();
	backend.asked.length = 0;
});
afterEach(() => void vi.useRealTimers());

describe("channels", () => {
	it("are known once they were asked for", () => {
		expect(kept.channels).toEqual([luna]);
		expect([kept.ready, kept.whole]).toEqual([true, true]);
	});

	it("are added as the server spells them, and once", async () => {
		expect(await kept.add({ platform: "youtube", identifier: "@Nova", identifierType: "username" })).toMatchObject({ identifier: "@nova" });
		await kept.add({ platform: "youtube", identifier: "@NOVA", identifierType: "username" });
		expect(kept.channels.map((c) => c.identifier)).toEqual(["luna", "@nova"]);
	});

	it("that are refused leave a sentence, which the next success takes away", async () => {
		backend.refuses = "Remove one first.";
		expect(await kept.add({ platform: "twitch", identifier: "x", identifierType: "username" })).toBeNull();
		expect(kept.trouble).toBe("Remove one first.");
		await kept.pause(luna, true);
		expect(kept.trouble).toBe("");
		expect(kept.channels[0]?.paused).toBe(true);
	});

	it("are those that the socket tells", () => {
		kept.heard({ channels: [], overlays: [...kept.overlays], looks: [], stage: { paused: true, clearedAt: 3, featured: null } });
		expect(kept.channels).toEqual([]);
		expect(kept.stage.paused).toBe(true);
	});
});

describe("an overlay", () => {
	const look = (name: string) => kept.change({ ...kept.overlay("main"), look: name });

	it("changes here at once, and on the server when the hand rests", async () => {
		for (const name of ["neon", "glass", "bubbles"]) {
			look(name);
			await vi.advanceTimersByTimeAsync(100);
		}
		expect(kept.overlay("main").look).toBe("bubbles");
		expect(commands()).toEqual([]);
		await vi.advanceTimersByTimeAsync(300);
		expect(commands()).toEqual(["change_overlay"]);
		expect(backend.saved.overlays[0]?.look).toBe("bubbles");
	});

	it("that is being changed is not put back by what the socket tells meanwhile", async () => {
		const old = kept.overlays;
		look("neon");
		kept.heard({ channels: [luna], overlays: [...old], looks: [], stage: kept.stage });
		expect(kept.overlay("main").look).toBe("neon");
		await vi.advanceTimersByTimeAsync(300);
		kept.heard({ channels: [luna], overlays: [{ ...kept.overlay("main"), look: "glass" }], looks: [], stage: kept.stage });
		expect(kept.overlay("main").look).toBe("glass");
	});

	it("that is changed while it is being sent is sent again", async () => {
		look("neon");
		await vi.advanceTimersByTimeAsync(299);
		const sent = vi.advanceTimersByTimeAsync(1);
		look("glass");
		await sent;
		expect(kept.overlay("main").look).toBe("glass");
		await vi.advanceTimersByTimeAsync(300);
		expect(backend.saved.overlays[0]?.look).toBe("glass");
	});

	it("is sent at once when the page goes away", async () => {
		look("neon");
		kept.flush();
		await vi.advanceTimersByTimeAsync(0);
		expect(backend.saved.overlays[0]?.look).toBe("neon");
	});

	it("goes back to what the server has if a change is refused", async () => {
		look("neon");
		backend.refuses = "The disk is full.";
		await vi.advanceTimersByTimeAsync(300);
		expect(kept.trouble).toBe("The disk is full.");
		expect(kept.overlay("main").look).toBeNull();
	});

	it("is added and removed", async () => {
		expect(await kept.addOverlay("side")).toBe(true);
		expect(kept.overlays.map((o) => o.name)).toEqual(["main", "side"]);
		await kept.removeOverlay("side");
		expect(kept.overlays.map((o) => o.name)).toEqual(["main"]);
	});
});

it("all overlays are cleared and held", async () => {
	expect(await kept.clear()).toBe(true);
	await kept.hold(true);
	expect(backend.asked).toEqual([["change_stage", { clear: true }], ["change_stage", { paused: true }]]);
	expect(kept.stage.paused).toBe(true);
});

describe("own looks", () => {
	const NEW = { name: "Mine", base: "neon", values: {}, css: "" };

	it("are added, changed with one command for many changes, and taken away", async () => {
		const look = (await kept.addLook(NEW))!;
		expect(look.id).toBe("mine");
		for (const css of ["a", "ab", "abc"]) kept.changeLook({ ...look, css });
		expect(kept.looks[0]?.css, "here at once").toBe("abc");
		expect(backend.saved.looks[0]?.css).toBe("");
		kept.heard({ channels: [], overlays: [...kept.overlays], looks: [look], stage: kept.stage });
		expect(kept.looks[0]?.css, "what is told of yesterday changes nothing").toBe("abc");
		await vi.advanceTimersByTimeAsync(400);
		expect(backend.saved.looks[0]?.css).toBe("abc");
		expect(backend.asked.filter(([command]) => command === "change_look")).toHaveLength(1);
		kept.change({ ...kept.overlay("main"), look: "mine" });
		await vi.advanceTimersByTimeAsync(400);
		kept.changeLook({ ...kept.looks[0]!, css: "never sent" });
		await kept.removeLook("mine");
		await vi.advanceTimersByTimeAsync(400);
		expect([kept.looks, kept.overlay("main").look]).toEqual([[], "neon"]);
		expect(backend.asked.filter(([command]) => command === "change_look")).toHaveLength(1);
	});

	it("that are put on and deleted at once leave the look that they were made of", async () => {
		const look = (await kept.addLook(NEW))!;
		kept.change({ ...kept.overlay("main"), look: look.id });
		await kept.removeLook(look.id);
		await vi.advanceTimersByTimeAsync(400);
		expect([kept.overlay("main").look, backend.saved.overlays[0]?.look]).toEqual(["neon", "neon"]);
		// The command is on its way already.
		const other = (await kept.addLook(NEW))!;
		kept.change({ ...kept.overlay("main"), look: other.id });
		const sent = vi.advanceTimersByTimeAsync(300);
		await kept.removeLook(other.id);
		await sent;
		expect([kept.overlay("main").look, backend.saved.overlays[0]?.look]).toEqual(["neon", "neon"]);
	});

	it("that are refused are as the server has them again, and it is said why", async () => {
		const look = (await kept.addLook(NEW))!;
		kept.changeLook({ ...look, css: "x" });
		backend.refuses = "All own looks together have more than 1024 KiB.";
		await vi.advanceTimersByTimeAsync(400);
		expect([kept.looks, kept.trouble]).toEqual([[look], "All own looks together have more than 1024 KiB."]);
		backend.refuses = "40 own looks are kept.";
		expect(await kept.addLook(NEW)).toBeNull();
	});
});
