// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import type { Sample } from "$lib/bindings/Sample";
import type { ServerMessage } from "$lib/bindings/ServerMessage";
import type { Happened } from "$lib/feed/entry";
import { DEFAULTS } from "$lib/overlay/looks/schema";
import { PLATFORMS } from "$lib/platforms";
import { NO_PATTERNS } from "$lib/overlay/patterns";
import { toldOf } from "$lib/overlay/subscriptions";
import { item } from "../../../pages/overlay/tree/item";
import { MADE_UP } from "./lines";
import { EVENT_NAMES, MESSAGE_NAMES, Samples } from "./samples";

const scene = { settings: DEFAULTS, surface: "#404040", clock: new Intl.DateTimeFormat("en"), patterns: NO_PATTERNS };

function only(samples: Samples, sample: Sample): ServerMessage {
	const frames = samples.frames(sample);
	expect(frames).toHaveLength(1);
	return frames[0] as ServerMessage;
}
const drawn = (frame: ServerMessage) => item(toldOf(frame) as Happened, scene).textContent?.trim();

describe("samples", () => {
	it("draw something for every message and every event, at every step", () => {
		const samples = new Samples();
		for (const of of MESSAGE_NAMES) expect(drawn(only(samples, { kind: "said", of })), of).toBeTruthy();
		for (const of of EVENT_NAMES) for (let step = 0; step < 5; step++) expect(drawn(only(samples, { kind: "event", of })), `${of} ${step}`).toBeTruthy();
		for (let n = 0; n < 30; n++) expect(drawn(only(samples, { kind: "next" }))).toBeTruthy();
	});

	it("are of a channel that nobody can have, and never have the number of another one", () => {
		const [one, other] = [new Samples(), new Samples()];
		const frames = [one, other].flatMap((s) => MESSAGE_NAMES.map((of) => only(s, { kind: "said", of })));
		expect(new Set(frames.map((f) => (f.type === "chat" ? f.event_id : ""))).size).toBe(frames.length);
		expect(MADE_UP).toContain(" ");
		for (const frame of frames) expect(frame).toMatchObject({ identifier: MADE_UP });
	});

	it("go on as one, are over, and begin anew", () => {
		const samples = new Samples();
		const gifts = Array.from({ length: 5 }, () => only(samples, { kind: "event", of: "gift" }));
		const told = gifts.map((g) => (g.type === "event" ? [g.event_id, g.data.combo?.count, g.data.combo?.state] : []));
		const id = told[0]?.[0];
		expect(told.slice(0, 4)).toEqual([[id, 12, "running"], [id, 24, "running"], [id, 36, "running"], [id, 48, "final"]]);
		expect(told[4]?.[0]).not.toBe(id);
	});

	it("take away the newest message, then the one before, and at last everything", () => {
		const samples = new Samples();
		const ids = ["short", "long"].map((of) => only(samples, { kind: "said", of: of as "short" })).map((f) => (f.type === "chat" ? f.message_id : ""));
		only(samples, { kind: "event", of: "raid" });
		const gone = [1, 2].map(() => only(samples, { kind: "deletion" }));
		expect(gone.map((f) => (f.type === "moderation" ? f.data.message_id : ""))).toEqual(ids.reverse());
		expect(samples.frames({ kind: "deletion" })).toEqual([]);
		expect(samples.frames({ kind: "over" }).map((f) => (f.type === "moderation" ? [f.platform, f.data.action] : []))).toEqual(PLATFORMS.map((p) => [p, "clear"]));
	});
});
