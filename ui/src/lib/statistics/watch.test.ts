import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type FakeSocket, fakeAround } from "../socket/fake";
import { StatsWatch } from "./watch.svelte";

let around: ReturnType<typeof fakeAround>;
let watch: StatsWatch;
let stop: () => void;
const last = (): FakeSocket => around.sockets.at(-1)!;
const channel = (platform: string, identifier: string, more: object = {}) => ({ platform, identifier, identifierType: "username", paused: false, ...more });
const saved = (...channels: object[]) => ({ type: "saved", channels, overlays: [], looks: [], stage: { paused: false, clearedAt: 0, featured: null } });
const series = { start: null, stepSeconds: 60, values: [] };
const stats = (platform: string, identifier: string, totalMessages = 1) => ({ type: "stats", platform, identifier, data: { totalMessages, messagesPerMinute: { series }, viewers: { series } } });
const shown = () => watch.frames.map((f) => [f.identifier, f.data.totalMessages]);

beforeEach(() => {
	vi.useFakeTimers();
	around = fakeAround();
	watch = new StatsWatch("ws://x/ws", around);
	stop = watch.start();
	last().accept();
});
afterEach(() => {
	stop();
	vi.useRealTimers();
});

it("asks for the numbers of every channel that does not rest, one after the other", async () => {
	last().say(saved(channel("twitch", "luna"), channel("youtube", "UC1", { identifierType: "channelId" }), channel("tiktok", "rests", { paused: true })));
	expect(last().asked()).toEqual([{ type: "follow" }, { type: "subscribe", platform: "twitch", identifier: "luna", include: ["stats"], wait: true }]);
	await vi.advanceTimersByTimeAsync(200);
	expect(last().asked().slice(2)).toEqual([{ type: "subscribe", platform: "youtube", identifier: "UC1", identifierType: "channelId", include: ["stats"], wait: true }]);
	await vi.advanceTimersByTimeAsync(2_000);
	expect(last().asked().length).toBe(3);
});

it("shows the newest numbers of each channel in its order, and none of one that is gone", async () => {
	last().say(saved(channel("twitch", "luna"), channel("youtube", "nova")));
	await vi.advanceTimersByTimeAsync(500);
	last().say(stats("youtube", "nova"), stats("twitch", "luna", 1), stats("twitch", "luna", 2), { ...stats("twitch", "luna", 9), data: {} });
	expect(shown()).toEqual([["luna", 2], ["nova", 1]]);
	last().say(saved(channel("youtube", "nova")));
	expect(shown()).toEqual([["nova", 1]]);
	await vi.advanceTimersByTimeAsync(500);
	expect(last().asked().at(-1)).toEqual({ type: "unsubscribe", platform: "twitch", identifier: "luna" });
});

it("asks again after a lost connection, and keeps what was told meanwhile", async () => {
	last().say(saved(channel("twitch", "luna")));
	last().say(stats("twitch", "luna", 3));
	last().break();
	expect(shown()).toEqual([["luna", 3]]);
	watch.connection.open();
	last().accept();
	expect(last().asked().map((a) => a.type)).toEqual(["follow", "subscribe"]);
});

it("knows when nothing is counted", () => {
	last().say(saved(channel("twitch", "luna")), { type: "status", status: "subscribed", platform: "twitch", identifier: "luna", channel: "luna" });
	expect(watch.off).toBe(true);
	last().say({ type: "status", status: "subscribed", platform: "twitch", identifier: "luna", channel: "luna", storage_type: "sqlite" });
	expect(watch.off).toBe(false);
});
