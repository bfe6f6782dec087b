/** What made-up frames are made of. */

import type { Author } from "$lib/bindings/Author";
import type { ChatData } from "$lib/bindings/ChatData";
import type { EventData } from "$lib/bindings/EventData";
import type { Platform } from "$lib/bindings/Platform";
import type { ServerMessage } from "$lib/bindings/ServerMessage";

/** The channel of everything that is made up. With its space, it is the name of no channel anywhere. */
export const MADE_UP = "made up";

/** Makes one frame; `n` is a number that no other frame on this page has. */
export type Line = (n: number) => ServerMessage;

let last = 0;
/** A number that no other made-up frame on this page has. */
export function next(): number {
	return ++last;
}
/** What the frame of this number is called. */
export function idOf(n: number): string {
	return `${MADE_UP} ${n}`;
}

const NOBODY: Author["roles"] = { broadcaster: false, moderator: false, subscriber: false, verified: false };

export function who(name: string, more: Partial<Author> = {}): Author {
	return { id: name, username: name.toLowerCase(), display_name: name, avatar_url: null, color: null, roles: NOBODY, badges: [], ...more };
}

export function place(platform: Platform, n: number) {
	return { platform, identifier: MADE_UP, seq: n, event_id: idOf(n), timestamp: new Date().toISOString(), room_id: "1" };
}

type Elements = ChatData["content"]["elements"];

export function content(...parts: readonly (string | Elements[number])[]): ChatData["content"] {
	let at = 0;
	const elements = parts.map((part) => {
		const one = typeof part === "string" ? ({ type: "text", value: part } as Elements[number]) : part;
		const from = at;
		at += one.value.length;
		return { ...one, position: [from, at] } as Elements[number];
	});
	const raw = elements.map((e) => e.value).join("");
	return { raw, formatted: raw, sanitized: raw, elements, rawHtml: "" };
}

export function text(raw: string): ChatData["content"] {
	return content(raw);
}

export function says(platform: Platform, author: Author, words: string | ChatData["content"], more: Partial<ChatData> = {}): Line {
	const data: ChatData = { author, content: typeof words === "string" ? text(words) : words, metadata: { type: "chat" }, reply: null, first_message: false, returning: false, action: false, highlight: null, source_channel: null, ...more };
	return (n) => ({ type: "chat", ...place(platform, n), message_id: idOf(n), data });
}

/** Somebody pays YouTube. Colours are the card's, its head's and that of the letters. */
export function pays(author: Author, raw: string, formatted: string, dollars: number, tier: number, [body, header, ink]: readonly [string, string, string], sticker?: ChatData["metadata"]["sticker"]): Line {
	const colors = { header, header_text: ink, body, body_text: ink, author: ink };
	const monetary_data = { amount: formatted, formatted, color: body, money: { micros: dollars * 1_000_000, currency: "USD" }, bits: null, tier, colors };
	return says("youtube", author, raw, { metadata: { type: "super_chat", monetary_data, ...(sticker ? { sticker } : {}) } });
}

/** `event_id` is what updates of one happening have in common. */
export function happens(platform: Platform, event: EventData["event"], more: Partial<EventData> = {}, event_id?: string): Line {
	const data: EventData = { event, text: event, user: null, message: null, amount: null, count: null, tier: null, ...more };
	return (n) => ({ type: "event", ...place(platform, n), ...(event_id ? { event_id } : {}), data });
}

export const subscriber = { roles: { ...NOBODY, subscriber: true }, badges: [{ type: "subscriber" as const, label: "Subscriber", image_url: null }] };
export const moderator = { roles: { ...NOBODY, moderator: true }, badges: [{ type: "moderator" as const, label: "Moderator", image_url: null }] };
export const broadcaster = { roles: { ...NOBODY, broadcaster: true }, badges: [{ type: "custom" as const, label: "Broadcaster", image_url: null }] };
