/** Frames of statistics for tests. */

import type { StatsData } from "../src/lib/bindings/StatsData";
import type { StatsFrame } from "../src/lib/bindings/StatsFrame";
import { author } from "./frames";

const START = new Date(Math.floor(Date.now() / 60_000 - 60) * 60_000).toISOString();
export const series = <T>(values: T[]) => ({ start: START, stepSeconds: 60, values });
export const chatter = (name: string, messageCount: number, more = {}) => ({ ...author(name), messageCount, messageCountError: 0, ...more });

export function stats(platform: StatsFrame["platform"], identifier: string, more: Partial<StatsData> = {}): StatsFrame & { type: "stats" } {
	return {
		type: "stats", platform, identifier,
		data: {
			uniqueUsers: [], totalMessages: 0, uniqueUserCount: 0, uniqueUserCountIsEstimate: false, since: START, messagesPerMinute: { now: 0, fiveMinutes: 0, series: { start: null, stepSeconds: 60, values: [] } }, firstTimeChatters: 0, superChats: 0,
			events: {}, deletions: 0, money: [], gifts: { count: 0, diamonds: 0, jewels: 0 }, bits: 0, giftedSubscriptions: 0, topEmotes: [], viewers: { now: null, peak: null, series: { start: null, stepSeconds: 60, values: [] } }, ...more,
		},
	};
}

export const wave = (n: number, most: number) => Array.from({ length: n }, (_, i) => Math.round((most / 2) * (1 + Math.sin(i / 6)) + (i % 5)));
export const luna = () => stats("twitch", "luna", {
	totalMessages: 1_200, uniqueUserCount: 300, firstTimeChatters: 7, messagesPerMinute: { now: 42, fiveMinutes: 38.4, series: series(wave(60, 60)) }, viewers: { now: 1_204, peak: 1_300, series: series(wave(60, 1_200)) },
	uniqueUsers: [chatter("ana", 30), chatter("bo", 12)], topEmotes: [{ name: "Kappa", url: "https://img.example/emote/1", count: 99 }], money: [{ currency: "USD", micros: 12_500_000, count: 2 }], bits: 500, events: { raid: 2, subscription: 5 }, giftedSubscriptions: 3,
});
export const nova = () => stats("youtube", "nova", {
	totalMessages: 300, uniqueUserCount: 80, messagesPerMinute: { now: 8, fiveMinutes: 6, series: series(wave(30, 20)) }, viewers: { now: 96, peak: 100, series: series([null, 96]) },
	uniqueUsers: [chatter("ana", 20)], money: [{ currency: "JPY", micros: 1_000_000_000, count: 1 }],
});

/** Two channels with something of everything. */
export const counted = () => [luna(), { ...nova(), identifier: "luna" }];
