/** Frames for tests: everything has a sane value, a test names what it is about. */

import type { Author } from "../src/lib/bindings/Author";
import type { Badge } from "../src/lib/bindings/Badge";
import type { ChatData } from "../src/lib/bindings/ChatData";
import type { Content } from "../src/lib/bindings/Content";
import type { Element } from "../src/lib/bindings/Element";
import type { EventData } from "../src/lib/bindings/EventData";
import type { ModerationData } from "../src/lib/bindings/ModerationData";
import type { PaidColors } from "../src/lib/bindings/PaidColors";
import type { Platform } from "../src/lib/bindings/Platform";
import type { ServerMessage } from "../src/lib/bindings/ServerMessage";

/** Where and when a frame happened. */
export interface Where {
	platform?: Platform;
	identifier?: string;
	seq?: number;
	id?: string;
	messageId?: string;
	at?: number;
	history?: boolean;
}

let next = 1;

export function author(name: string, more: Partial<Author> = {}): Author {
	return {
		id: `id-${name}`,
		username: name.toLowerCase(),
		display_name: name,
		avatar_url: null,
		color: null,
		roles: { broadcaster: false, moderator: false, subscriber: false, verified: false },
		badges: [],
		...more,
	};
}

export function badge(type: Badge["type"], label: string, image_url: string | null = null): Badge {
	return { type, label, image_url };
}

/** The platform's colours of a tier, from 1 (blue) to 7 (red). */
export function paidColors(tier: number): PaidColors {
	const [body, header] = TIERS[tier - 1] ?? TIERS[0]!;
	const ink = tier === 1 || tier > 4 ? "#ffffff" : "#000000";
	return { header, header_text: ink, body, body_text: ink, author: `${ink}b2` };
}
const TIERS = [
	["#1e88e5", "#1565c0"], ["#00e5ff", "#00b8d4"], ["#1de9b6", "#00bfa5"], ["#ffca28", "#ffb300"], ["#f57c00", "#e65100"],
	["#e91e63", "#c2185b"], ["#e62117", "#d00000"],
] as const;

/** A part of a text: a string, or an element without its position. */
export type Part = string | DistributiveOmit<Element, "position">;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export function content(...parts: Part[]): Content {
	let at = 0;
	const elements = parts.map((part) => {
		const element = typeof part === "string" ? { type: "text" as const, value: part } : part;
		const position: [number, number] = [at, (at += element.value.length)];
		return { ...element, position } as Element;
	});
	const raw = elements.map((e) => e.value).join("");
	return { raw, formatted: raw, sanitized: raw, elements, rawHtml: "" };
}

export function emote(name: string, url: string): Part {
	return { type: "emote", value: name, metadata: { url, alt: name, is_custom: false } };
}

export function chat(who: Author, said: Content | string, more: Partial<ChatData> = {}, where: Where = {}): ServerMessage & { type: "chat" } {
	const { frame, n } = numbered(where);
	return {
		type: "chat",
		...frame,
		message_id: where.messageId ?? `m${n}`,
		data: {
			author: who,
			content: typeof said === "string" ? content(said) : said,
			metadata: { type: "chat" },
			reply: null,
			first_message: false,
			returning: false,
			action: false,
			highlight: null,
			source_channel: null,
			...more,
		},
	};
}

export function event(name: EventData["event"], more: Partial<EventData> = {}, where: Where = {}): ServerMessage & { type: "event" } {
	const { frame } = numbered(where);
	const nothing = { user: null, message: null, amount: null, count: null, tier: null };
	return { type: "event", ...frame, data: { event: name, text: name, ...nothing, ...more } };
}

export function moderation(action: ModerationData["action"], more: Partial<ModerationData> = {}, where: Where = {}): ServerMessage & { type: "moderation" } {
	const { frame } = numbered(where);
	const nothing = { message_id: null, user_id: null, username: null, duration_seconds: null };
	return { type: "moderation", ...frame, data: { action, ...nothing, ...more } };
}

export function viewers(n: number, where: Where = {}): ServerMessage & { type: "viewers" } {
	const { frame } = numbered(where);
	const nothing = { title: null, category: null, likes: null, started_at: null };
	return { type: "viewers", ...frame, data: { viewers: n, live: true, ...nothing } };
}

function numbered(where: Where) {
	const n = next++;
	const frame = {
		platform: where.platform ?? ("twitch" as const),
		identifier: where.identifier ?? "luna",
		seq: where.seq ?? n,
		event_id: where.id ?? `e${n}`,
		timestamp: new Date(where.at ?? Date.now()).toISOString(),
		room_id: "1",
		...(where.history ? { history: true } : {}),
	};
	return { frame, n };
}
