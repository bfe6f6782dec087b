import { describe, expect, it } from "vitest";
import type { Platform } from "../bindings/Platform";
import type { StatsData } from "../bindings/StatsData";
import type { StatsFrame } from "../bindings/StatsFrame";
import { ratesOf, sumsOf, viewersOf } from "./sums";

const START = "2026-11-29T12:00:00.000Z";
const at = (minutes: number) => Date.parse(START) / 1_000 + minutes * 60;

function frame(platform: Platform, identifier: string, more: Partial<StatsData> = {}): StatsFrame {
	const series = { start: null, stepSeconds: 60, values: [] };
	return {
		platform, identifier,
		data: {
			uniqueUsers: [], totalMessages: 0, uniqueUserCount: 0, uniqueUserCountIsEstimate: false, since: START, messagesPerMinute: { now: 0, fiveMinutes: 0, series }, firstTimeChatters: 0, superChats: 0, events: {}, deletions: 0, money: [],
			gifts: { count: 0, diamonds: 0, jewels: 0 }, bits: 0, giftedSubscriptions: 0, topEmotes: [], viewers: { now: null, peak: null, series }, ...more,
		},
	};
}
const rate = (values: number[], start: string | null = START) => ({ messagesPerMinute: { now: values.at(-1) ?? 0, fiveMinutes: 0, series: { start, stepSeconds: 60, values } } });
const watching = (values: (number | null)[], start: string | null = START) => ({ viewers: { now: values.at(-1) ?? null, peak: null, series: { start, stepSeconds: 60, values } } });
const chatter = (id: string, messageCount: number) => ({ id, username: id, display_name: id, avatar_url: null, roles: { broadcaster: false, moderator: false, subscriber: false, verified: false }, messageCount, messageCountError: 1 });

describe("the numbers of several channels", () => {
	it("are added up, each currency for itself, and people of two platforms stay two", () => {
		const sums = sumsOf([
			frame("twitch", "luna", { totalMessages: 10, uniqueUsers: [chatter("1", 4), chatter("2", 3)], money: [{ currency: "USD", micros: 1, count: 1 }], events: { raid: 1, follow: 2 }, topEmotes: [{ name: "a", url: "x", count: 2 }], bits: 100, ...watching([5]), since: "2026-11-29T13:00:00.000Z" }),
			frame("twitch", "nova", { totalMessages: 5, uniqueUsers: [chatter("1", 2)], money: [{ currency: "EUR", micros: 7, count: 3 }, { currency: "USD", micros: 2, count: 1 }], events: { raid: 4 }, topEmotes: [{ name: "b", url: "y", count: 5 }, { name: "a", url: "x", count: 4 }] }),
			frame("youtube", "luna", { totalMessages: 1, uniqueUsers: [chatter("1", 5)], uniqueUserCountIsEstimate: true, ...watching([null]) }),
		]);
		expect(sums).toMatchObject({ messages: 16, bits: 100, viewers: 5, peopleIsEstimate: true, since: Date.parse(START) });
		expect(sums.chatters.map((c) => [c.platform, c.id, c.messageCount, c.messageCountError])).toEqual([["twitch", "1", 6, 2], ["youtube", "1", 5, 1], ["twitch", "2", 3, 1]]);
		expect(sums.money).toEqual([{ currency: "EUR", micros: 7, count: 3 }, { currency: "USD", micros: 3, count: 2 }]);
		expect(sums.emotes.map((e) => [e.name, e.count])).toEqual([["a", 6], ["b", 5]]);
		expect(sums.events).toEqual([{ event: "raid", count: 5 }, { event: "follow", count: 2 }]);
		expect(sums.platforms).toEqual([{ platform: "twitch", messages: 15, viewers: 5 }, { platform: "youtube", messages: 1, viewers: null }]);
	});

	it("of no channel are nothing", () => {
		expect(sumsOf([])).toMatchObject({ messages: 0, viewers: null, since: null, platforms: [] });
		expect([ratesOf([]), viewersOf([])]).toEqual([{ times: [], lines: [] }, { times: [], lines: [] }]);
	});
});

describe("lines over time", () => {
	it("stand side by side though channels began at different times, without the minute that is not over", () => {
		const lines = ratesOf([frame("twitch", "luna", rate([1, 2, 3, 9])), frame("twitch", "nova", rate([10, 9], "2026-11-29T12:02:00.000Z")), frame("youtube", "luna", rate([7, 9], "2026-11-29T11:59:00.000Z"))]);
		expect(lines.times).toEqual([-1, 0, 1, 2].map(at));
		expect(lines.lines).toEqual([{ platform: "twitch", values: [null, 1, 2, 13] }, { platform: "youtube", values: [7, null, null, null] }]);
	});

	it("hold a number of viewers for some minutes, and not for ever", () => {
		const { lines } = viewersOf([frame("twitch", "luna", watching([null, 5, null, null, null, null, null, null, 6]))]);
		expect(lines[0]?.values).toEqual([null, 5, 5, 5, 5, 5, 5, null, 6]);
	});

	it("are no longer than three hours, whatever a frame says", () => {
		const lines = ratesOf([frame("twitch", "luna", rate(Array(180).fill(1))), frame("twitch", "old", rate([1, 1], "1970-01-01T00:00:00.000Z")), frame("twitch", "odd", rate([1, 1], "never"))]);
		expect(lines.times.length).toBe(180);
		expect(lines.times.at(-1)).toBe(at(178));
	});
});
