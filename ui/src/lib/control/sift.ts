/** Which of everything that happened a person wants to see right now. Pure. */

import type { Platform } from "../bindings/Platform";
import { nameOf } from "../feed/describe";
import type { Entry } from "../feed/entry";

/** Kinds that can be asked for, in the order in which they are offered. */
export const KINDS = ["paid", "events", "questions", "first"] as const;
export type Kind = (typeof KINDS)[number];

export interface Sift {
	/** None means all. */
	readonly platforms: ReadonlySet<Platform>;
	/** None means all. */
	readonly kinds: ReadonlySet<Kind>;
	/** One channel alone: its platform and its name, or null. */
	readonly channel: { readonly platform: Platform; readonly identifier: string } | null;
	/** Words that all have to be there, in lower case. */
	readonly words: readonly string[];
}

export const EVERYTHING: Sift = { platforms: new Set(), kinds: new Set(), channel: null, words: [] };

/** Whether everything is shown. */
export function isEverything(sift: Sift): boolean {
	return sift.platforms.size === 0 && sift.kinds.size === 0 && sift.channel === null && sift.words.length === 0;
}

/** Words to look for. */
export function wordsOf(text: string): string[] {
	return text.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 20);
}

/** Whether an entry is shown. */
export function passes(entry: Entry, sift: Sift): boolean {
	const { platforms, kinds, channel, words } = sift;
	// What the page says about itself is part of everything, and of nothing that is looked for.
	if (entry.kind === "notice") return kinds.size === 0 && channel === null && words.length === 0 && (platforms.size === 0 || entry.platform === null || platforms.has(entry.platform));
	const { platform, identifier } = entry.frame;
	if (platforms.size > 0 && !platforms.has(platform)) return false;
	if (channel && !(channel.platform === platform && channel.identifier.toLowerCase() === identifier.toLowerCase())) return false;
	if (kinds.size > 0 && ![...kinds].some((kind) => isKind(entry, kind))) return false;
	if (words.length === 0) return true;
	const text = textOf(entry);
	return words.every((word) => text.includes(word));
}

/** Signs of a question, in the scripts that have their own. */
const QUESTION = /[?？؟;՞፧]\s*$|[?？؟]/u;

/** Events that somebody paid for, in their platform's words. */
const PAID = new Set(["bits", "charity", "gift", "gift_subscription", "membership", "pay_forward", "resubscription", "subscription", "subscription_upgrade", "treasure_box"]);

function isKind(entry: Exclude<Entry, { kind: "notice" }>, kind: Kind): boolean {
	switch (kind) {
		case "paid":
			return entry.kind === "chat" ? entry.frame.data.metadata?.type === "super_chat" : entry.kind === "event" && PAID.has(entry.frame.data.event);
		case "events":
			return entry.kind !== "chat";
		case "questions":
			if (entry.kind === "chat") return QUESTION.test(entry.frame.data.content.raw);
			return entry.kind === "event" && entry.frame.data.event === "question";
		case "first":
			return entry.kind === "chat" && entry.frame.data.first_message;
	}
}

/** Lower-casing 2,000 texts with every message that comes would be felt: each entry is written down once. */
const known = new WeakMap<Entry, string>();

function textOf(entry: Exclude<Entry, { kind: "notice" }>): string {
	let text = known.get(entry);
	if (text === undefined) {
		text = (entry.kind === "crowd" ? entry.text : entry.kind === "chat" ? chatText(entry) : eventText(entry)).toLowerCase();
		known.set(entry, text);
	}
	return text;
}

function chatText({ frame: { data } }: Entry & { kind: "chat" }): string {
	return `${nameOf(data.author)} ${data.author.username} ${data.content.raw}`;
}

function eventText({ frame: { data } }: Entry & { kind: "event" }): string {
	return [data.text, data.user ? `${nameOf(data.user)} ${data.user.username}` : "", data.message?.raw ?? "", data.gift?.name ?? "", data.reward?.title ?? ""].join(" ");
}
