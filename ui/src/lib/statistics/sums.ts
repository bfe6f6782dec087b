/** The numbers of several channels as one. Pure. */

import type { Chatter } from "../bindings/Chatter";
import type { EmoteCount } from "../bindings/EmoteCount";
import type { EventName } from "../bindings/EventName";
import type { MoneySum } from "../bindings/MoneySum";
import type { Platform } from "../bindings/Platform";
import type { Series } from "../bindings/Series";
import type { StatsFrame } from "../bindings/StatsFrame";
import { PLATFORMS } from "../platforms";

/** Lines of a list of the most. */
const TOP = 10;
const MINUTE_S = 60;
/** How long a number of viewers holds, in minutes: platforms tell it every half minute or seldomer. Chosen by hand. */
const HOLDS = 5;
/** Longer ago is not drawn: as long as the server keeps it. */
const MOST_MINUTES = 180;

/** Somebody who wrote, and where. */
export interface TopChatter extends Chatter {
	readonly platform: Platform;
}

export interface Sums {
	readonly messages: number;
	/** Messages in the last minute, and a minute on average over the last five. */
	readonly now: number;
	readonly fiveMinutes: number;
	/** Somebody who wrote in two channels counts twice: platforms do not tell that they are one. */
	readonly people: number;
	readonly peopleIsEstimate: boolean;
	/** Null while nobody says. */
	readonly viewers: number | null;
	readonly firstTime: number;
	readonly deletions: number;
	readonly superChats: number;
	readonly bits: number;
	readonly diamonds: number;
	readonly jewels: number;
	readonly gifts: number;
	readonly giftedSubscriptions: number;
	/** The largest sum is not known, as currencies are not compared: by the number of payments. */
	readonly money: readonly MoneySum[];
	readonly chatters: readonly TopChatter[];
	readonly emotes: readonly EmoteCount[];
	readonly events: readonly { readonly event: EventName; readonly count: number }[];
	readonly platforms: readonly { readonly platform: Platform; readonly messages: number; readonly viewers: number | null }[];
	/** When the counting of the first of them began, in Unix milliseconds; null without any. */
	readonly since: number | null;
}

export function sumsOf(frames: readonly StatsFrame[]): Sums {
	const sum = (of: (frame: StatsFrame) => number) => frames.reduce((all, frame) => all + of(frame), 0);
	const viewersOf = (some: readonly StatsFrame[]) => some.reduce<number | null>((all, { data }) => (data.viewers.now === null ? all : (all ?? 0) + data.viewers.now), null);
	const begun = frames.map(({ data }) => Date.parse(data.since)).filter(Number.isFinite);
	return {
		messages: sum(({ data }) => data.totalMessages),
		now: sum(({ data }) => data.messagesPerMinute.now),
		fiveMinutes: sum(({ data }) => data.messagesPerMinute.fiveMinutes),
		people: sum(({ data }) => data.uniqueUserCount),
		peopleIsEstimate: frames.some(({ data }) => data.uniqueUserCountIsEstimate),
		viewers: viewersOf(frames),
		firstTime: sum(({ data }) => data.firstTimeChatters),
		deletions: sum(({ data }) => data.deletions),
		superChats: sum(({ data }) => data.superChats),
		bits: sum(({ data }) => data.bits),
		diamonds: sum(({ data }) => data.gifts.diamonds),
		jewels: sum(({ data }) => data.gifts.jewels),
		gifts: sum(({ data }) => data.gifts.count),
		giftedSubscriptions: sum(({ data }) => data.giftedSubscriptions),
		money: together(
			frames.flatMap(({ data }) => data.money),
			(m) => m.currency,
			(a, b) => ({ ...a, micros: a.micros + b.micros, count: a.count + b.count }),
		).sort((a, b) => b.count - a.count || a.currency.localeCompare(b.currency)),
		chatters: together(
			frames.flatMap(({ platform, data }) => data.uniqueUsers.map((user): TopChatter => ({ ...user, platform }))),
			(c) => `${c.platform} ${c.id}`,
			(a, b) => ({ ...a, messageCount: a.messageCount + b.messageCount, messageCountError: a.messageCountError + b.messageCountError }),
		)
			.sort((a, b) => b.messageCount - a.messageCount)
			.slice(0, TOP),
		emotes: together(
			frames.flatMap(({ data }) => data.topEmotes),
			(e) => `${e.name} ${e.url}`,
			(a, b) => ({ ...a, count: a.count + b.count }),
		)
			.sort((a, b) => b.count - a.count)
			.slice(0, TOP),
		events: together(
			frames.flatMap(({ data }) => Object.entries(data.events).map(([event, count]) => ({ event: event as EventName, count }))),
			(e) => e.event,
			(a, b) => ({ ...a, count: a.count + b.count }),
		).sort((a, b) => b.count - a.count),
		platforms: PLATFORMS.flatMap((platform) => {
			const its = frames.filter((frame) => frame.platform === platform);
			return its.length > 0 ? [{ platform, messages: its.reduce((all, { data }) => all + data.totalMessages, 0), viewers: viewersOf(its) }] : [];
		}),
		since: begun.length > 0 ? Math.min(...begun) : null,
	};
}

/** Values with the same key as one, in the order in which they came. */
function together<T>(all: readonly T[], key: (one: T) => string, join: (a: T, b: T) => T): T[] {
	const known = new Map<string, T>();
	for (const one of all) {
		const before = known.get(key(one));
		known.set(key(one), before === undefined ? one : join(before, one));
	}
	return [...known.values()];
}

/** One line of a chart over time: a number for each of its minutes, null where none is known. */
export interface Line {
	readonly platform: Platform;
	readonly values: readonly (number | null)[];
}

export interface Lines {
	/** Beginnings of minutes, in Unix seconds. */
	readonly times: readonly number[];
	readonly lines: readonly Line[];
}

/** Messages a minute over time, by platform. The running minute is left out: it is not over yet, and would look like a fall. */
export function ratesOf(frames: readonly StatsFrame[]): Lines {
	return linesOf(frames, ({ data }) => data.messagesPerMinute.series, (values) => values.map((value) => value ?? 0), 1);
}

/** Viewers over time, by platform. */
export function viewersOf(frames: readonly StatsFrame[]): Lines {
	return linesOf(frames, ({ data }) => data.viewers.series, held, 0);
}

/** A number holds for a while. */
function held(values: readonly (number | null)[]): (number | null)[] {
	let [last, age] = [null as number | null, 0];
	return values.map((value) => {
		[last, age] = value === null ? [last, age + 1] : [value, 0];
		return age <= HOLDS ? last : null;
	});
}

function linesOf(frames: readonly StatsFrame[], seriesOf: (frame: StatsFrame) => Series<number | null>, fill: (values: readonly (number | null)[]) => (number | null)[], unfinished: number): Lines {
	const placed = frames.flatMap((frame) => {
		const { start, values } = seriesOf(frame);
		const begins = Math.floor(Date.parse(start ?? "") / 1_000 / MINUTE_S);
		// Of a stranger's clock, or none at all: what cannot be placed is not drawn.
		return Number.isFinite(begins) && values.length > 0 ? [{ platform: frame.platform, begins, values: fill(values).slice(0, values.length - unfinished) }] : [];
	});
	const ends = Math.max(...placed.map((p) => p.begins + p.values.length));
	const begins = Math.max(Math.min(...placed.map((p) => p.begins)), ends - MOST_MINUTES);
	if (!Number.isFinite(ends) || ends <= begins) return { times: [], lines: [] };
	const times = Array.from({ length: ends - begins }, (_, n) => (begins + n) * MINUTE_S);
	const lines = PLATFORMS.flatMap((platform): Line[] => {
		const its = placed.filter((p) => p.platform === platform);
		const at = (n: number) =>
			its.reduce<number | null>((sum, p) => {
				const value = p.values[begins + n - p.begins] ?? null;
				return value === null ? sum : (sum ?? 0) + value;
			}, null);
		return its.length > 0 ? [{ platform, values: times.map((_, n) => at(n)) }] : [];
	});
	return { times, lines };
}
