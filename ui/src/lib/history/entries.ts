/** What was found, as lists show it. Pure. */

import type { Author } from "../bindings/Author";
import type { FeaturedMessage } from "../bindings/FeaturedMessage";
import type { HistoryEntry } from "../bindings/HistoryEntry";
import type { Platform } from "../bindings/Platform";
import { type HappenedEntry, entryOf } from "../feed/entry";

/** An entry of a list. Nothing in the history is quieter than the rest of it: that it was said before Polychat came says nothing here. */
export function entryFor(frame: FeaturedMessage): HappenedEntry {
	const { history: _, ...told } = frame;
	return entryOf({ kind: frame.type, frame: told } as Parameters<typeof entryOf>[0], Date.now());
}

/** Somebody who can be found again. */
export interface Somebody {
	readonly platform: Platform;
	readonly id: string;
	readonly username: string;
	readonly display_name: string;
	readonly avatar_url: string | null;
}

/** Who wrote or caused something; null if that was nobody, or nobody who could be found again. */
export function somebody(frame: Pick<FeaturedMessage, "platform"> & { readonly data: object }): Somebody | null {
	const { author, user } = frame.data as { author?: Author | null; user?: Author | null };
	const who = author ?? user;
	if (!who?.id) return null;
	return { platform: frame.platform, id: who.id, username: who.username, display_name: who.display_name, avatar_url: who.avatar_url };
}

/** Entries of one day, in local time. */
export interface Day {
	/** Its beginning, in Unix milliseconds. */
	readonly at: number;
	readonly entries: readonly { readonly id: number; readonly entry: HappenedEntry }[];
}

/** Entries by their days, both in the order in which they come. */
export function byDay(found: readonly HistoryEntry[]): Day[] {
	const days: { at: number; entries: { id: number; entry: HappenedEntry }[] }[] = [];
	for (const { id, frame } of found) {
		const entry = entryFor(frame);
		const at = new Date(entry.at).setHours(0, 0, 0, 0);
		const last = days.at(-1);
		if (last?.at === at) last.entries.push({ id, entry });
		else days.push({ at, entries: [{ id, entry }] });
	}
	return days;
}
