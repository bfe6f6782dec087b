/** Frames for tests of what handles them. */

import type { Author } from "../bindings/Author";
import type { ChatData } from "../bindings/ChatData";
import type { ChatFrame } from "../bindings/ChatFrame";
import type { EventData } from "../bindings/EventData";
import type { EventFrame } from "../bindings/EventFrame";
import type { ModerationData } from "../bindings/ModerationData";
import type { ModerationFrame } from "../bindings/ModerationFrame";

/** A fixed moment, so that no test depends on the hour. */
export const NOON = Date.parse("2026-01-02T12:00:00Z");

let next = 1;

function numbered(n: number) {
	return { platform: "twitch" as const, identifier: "luna", seq: n, event_id: `e${n}`, timestamp: new Date(NOON).toISOString(), room_id: "1" };
}

export function author(name: string): Author {
	const roles = { broadcaster: false, moderator: false, subscriber: false, verified: false };
	return { id: `id-${name}`, username: name, display_name: name, avatar_url: null, color: null, roles, badges: [] };
}

export function chatFrame(name: string, text: string, more: Partial<ChatFrame> = {}, data: Partial<ChatData> = {}): ChatFrame {
	const n = next++;
	return {
		...numbered(n),
		message_id: `m${n}`,
		...more,
		data: {
			author: author(name),
			content: { raw: text, formatted: text, sanitized: text, rawHtml: text, elements: [{ type: "text", value: text, position: [0, text.length] }] },
			metadata: { type: "chat" },
			reply: null,
			first_message: false,
			returning: false,
			action: false,
			highlight: null,
			source_channel: null,
			...data,
		},
	};
}

export function eventFrame(data: Partial<EventData>, more: Partial<EventFrame> = {}): EventFrame {
	const nothing = { event: "notice" as const, text: "", user: null, message: null, amount: null, count: null, tier: null };
	return { ...numbered(next++), ...more, data: { ...nothing, ...data } };
}

export function moderationFrame(data: Partial<ModerationData>, more: Partial<ModerationFrame> = {}): ModerationFrame {
	const nothing = { action: "clear" as const, message_id: null, user_id: null, username: null, duration_seconds: null };
	return { ...numbered(next++), ...more, data: { ...nothing, ...data } };
}
