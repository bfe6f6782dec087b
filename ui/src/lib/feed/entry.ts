/** What stands in the list: plain values, replaced and never changed in place. */

import type { ChatFrame } from "../bindings/ChatFrame";
import type { EventFrame } from "../bindings/EventFrame";
import type { Platform } from "../bindings/Platform";

/** Why something was taken away. */
export type Removal = "message" | "user" | "clear";

/** One of the channels in which something was seen: a shared chat shows one message in several. */
export interface Place {
	/** {@link placeKey} of the channel. */
	readonly channel: string;
	/** What deletions in that channel call it. */
	readonly messageId: string | null;
	readonly removed: Removal | null;
}

interface Numbered {
	/** Unique in the list. */
	readonly key: string;
	/** Unix milliseconds: by the platform's clock, but never in the future. */
	readonly at: number;
}

interface Placed extends Numbered {
	readonly places: readonly Place[];
	/** Set once it was taken away in every channel in which it was seen. */
	readonly removed: Removal | null;
}

/** A message. */
export interface ChatEntry extends Placed {
	readonly kind: "chat";
	readonly frame: ChatFrame;
}

/** Something else that happened. */
export interface EventEntry extends Placed {
	readonly kind: "event";
	readonly frame: EventFrame;
}

/** Something that the page itself says. */
export interface NoticeEntry extends Numbered {
	readonly kind: "notice";
	readonly tone: "quiet" | "warn" | "bad";
	readonly platform: Platform | null;
	readonly text: string;
}

/** One quiet line for what many did. It stays where it began and counts on. */
export interface CrowdEntry extends Numbered {
	readonly kind: "crowd";
	/** The newest of what it counts. */
	readonly frame: EventFrame;
	readonly text: string;
}

export type HappenedEntry = ChatEntry | EventEntry;
export type Entry = HappenedEntry | CrowdEntry | NoticeEntry;

/** Whether it is from before Polychat read that chat. */
export function isHistory(entry: Entry): boolean {
	return entry.kind !== "notice" && entry.frame.history === true;
}

/**
 * The place of the one divider: the key of the last of the oldest entries that are history, or null without any. Notices
 * belong to either side. Of a channel that is added later, the history stands among what was read by then, undivided.
 */
export function dividerAfter(entries: readonly Entry[]): string | null {
	let key: string | null = null;
	for (const entry of entries) {
		if (isHistory(entry)) key = entry.key;
		else if (entry.kind !== "notice" && key !== null) break;
	}
	return key;
}

/** One text for a channel. */
export function placeKey(channel: { platform: string; identifier: string }): string {
	return `${channel.platform}/${channel.identifier}`;
}

/** One text for an event. Platforms choose their ids without asking each other. */
export function eventKey(platform: string, eventId: string): string {
	return `${platform} event ${eventId}`;
}

/** Who caused it, as the platform knows them, or null. */
export function userIdOf(entry: HappenedEntry): string | null {
	return (entry.kind === "chat" ? entry.frame.data.author.id : entry.frame.data.user?.id) || null;
}

/** A new entry for a frame. `now` bounds its time: a wrong clock must not put it at the end for ever. */
export function entryOf(happened: Happened, now: number): HappenedEntry {
	const sent = Date.parse(happened.frame.timestamp);
	const at = Number.isFinite(sent) ? Math.min(sent, now) : now;
	return { ...happened, key: eventKey(happened.frame.platform, happened.frame.event_id), at, places: [placeOf(happened)], removed: null };
}

/** The entry after the same happening was told again, by the same channel or by another one. */
export function toldAgain(entry: HappenedEntry, again: Happened): HappenedEntry {
	const place = placeOf(again);
	const before = entry.places.find((p) => p.channel === place.channel);
	const places = before
		? entry.places.map((p) => (p === before ? { ...place, removed: p.removed } : p))
		: [...entry.places, place];
	const sameChannel = placeKey(entry.frame) === place.channel;
	const isOriginal = Boolean(entry.frame.data.source_channel) && !again.frame.data.source_channel;
	const told = sameChannel || isOriginal ? again : { kind: entry.kind, frame: entry.frame } as Happened;
	return { ...told, key: entry.key, at: entry.at, places, removed: removalOf(places) };
}

/** The entry after it was taken away in one channel. */
export function takenAway(entry: HappenedEntry, channel: string, why: Removal): HappenedEntry {
	const places = entry.places.map((p) => (p.channel === channel && !p.removed ? { ...p, removed: why } : p));
	return { ...entry, places, removed: removalOf(places) };
}

/** A frame that becomes an entry. */
export type Happened = { kind: "chat"; frame: ChatFrame } | { kind: "event"; frame: EventFrame };

function placeOf({ kind, frame }: Happened): Place {
	const messageId = kind === "chat" ? frame.message_id : (frame.data.message_id ?? null);
	return { channel: placeKey(frame), messageId, removed: null };
}

function removalOf(places: readonly Place[]): Removal | null {
	return places.every((p) => p.removed) ? (places[0]?.removed ?? null) : null;
}
