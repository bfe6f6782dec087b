import { expect, it } from "vitest";
import { FrameLog, LOG_LIMIT } from "./frame-log.svelte";

function logged(...types: string[]): FrameLog {
	const log = new FrameLog();
	for (const type of types) log.add("in", `{"type":"${type}"}`, { type }, 0);
	log.publish();
	return log;
}

it("shows the last 200 frames, oldest first", () => {
	const log = logged(...Array.from({ length: 1_000 }, () => "chat"));
	expect(log.frames).toHaveLength(LOG_LIMIT);
	expect(log.frames.at(-1)?.n).toBe(999);
	expect(log.frames[0]?.n).toBe(800);
});

it("still has the one status from before a busy hour", () => {
	const log = logged("status", ...Array.from({ length: 5_000 }, () => "chat"));
	log.show("status");
	expect(log.frames.map((f) => f.n)).toEqual([0]);
	log.show(null);
	expect(log.frames).toHaveLength(LOG_LIMIT);
});

it("stands still while it is paused, but answers to a filter", () => {
	const log = logged("chat");
	log.paused = true;
	log.add("out", "{}", { type: "subscribe", platform: "twitch", identifier: "luna" }, 0);
	log.publish();
	expect(log.frames).toHaveLength(1);
	log.show("subscribe");
	expect(log.frames[0]).toMatchObject({ direction: "out", about: "twitch/luna" });
	expect(log.paused).toBe(true);
});

it("does not grow with types that a server invents", () => {
	const log = logged(...Array.from({ length: 500 }, (_, i) => `type ${i}`));
	expect(log.types.length).toBeLessThanOrEqual(25);
});

it("keeps what is no frame as text", () => {
	const log = new FrameLog();
	log.add("in", "not json", null, 0);
	log.publish();
	expect(log.frames[0]).toMatchObject({ type: "text", text: "not json", about: "" });
});
