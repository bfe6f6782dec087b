/** A made-up conversation, for previews that need nobody to be live. It repeats, every time with ids of its own. */

import type { Author } from "../bindings/Author";
import type { ChatData } from "../bindings/ChatData";
import type { EventData } from "../bindings/EventData";
import type { Platform } from "../bindings/Platform";
import type { ServerMessage } from "../bindings/ServerMessage";

/** Makes one frame; `n` is a number that no other frame has. */
type Line = (n: number) => ServerMessage;

const NOBODY: Author["roles"] = { broadcaster: false, moderator: false, subscriber: false, verified: false };

function who(name: string, more: Partial<Author> = {}): Author {
	return { id: name, username: name.toLowerCase(), display_name: name, avatar_url: null, color: null, roles: NOBODY, badges: [], ...more };
}

function place(platform: Platform, n: number) {
	return { platform, identifier: "preview", seq: n, event_id: `preview ${n}`, timestamp: new Date().toISOString(), room_id: "1" };
}

function text(raw: string): ChatData["content"] {
	return { raw, formatted: raw, sanitized: raw, elements: [{ type: "text", value: raw, position: [0, raw.length] }], rawHtml: "" };
}

function says(platform: Platform, author: Author, raw: string, more: Partial<ChatData> = {}): Line {
	const data: ChatData = { author, content: text(raw), metadata: { type: "chat" }, reply: null, first_message: false, returning: false, action: false, highlight: null, source_channel: null, ...more };
	return (n) => ({ type: "chat", ...place(platform, n), message_id: `preview ${n}`, data });
}

function pays(author: Author, raw: string, formatted: string, dollars: number, tier: number, [body, header, ink]: readonly [string, string, string]): Line {
	const colors = { header, header_text: ink, body, body_text: ink, author: ink };
	const monetary_data = { amount: formatted, formatted, color: body, money: { micros: dollars * 1_000_000, currency: "USD" }, bits: null, tier, colors };
	return says("youtube", author, raw, { metadata: { type: "super_chat", monetary_data } });
}

function happens(platform: Platform, event: EventData["event"], more: Partial<EventData>): Line {
	const data: EventData = { event, text: event, user: null, message: null, amount: null, count: null, tier: null, ...more };
	return (n) => ({ type: "event", ...place(platform, n), data });
}

const subscriber = { roles: { ...NOBODY, subscriber: true }, badges: [{ type: "subscriber" as const, label: "Subscriber", image_url: null }] };
const moderator = { roles: { ...NOBODY, moderator: true }, badges: [{ type: "moderator" as const, label: "Moderator", image_url: null }] };

const TALK: readonly Line[] = [
	says("twitch", who("pixel_mara", { color: "#ff69b4", ...subscriber }), "the shading on the wings is unreal 🔥"),
	says("youtube", who("Ines Valdivia", subscriber), "what colour is the base layer, warm or cold grey?"),
	pays(who("Hana Okabe"), "新しいブラシ、とても綺麗です！", "¥1,000", 7, 4, ["#ffca28", "#ffb300", "#000000"]),
	says("tiktok", who("rafi_gg"), "bang pakai tablet apa?"),
	says("youtube", who("Teodor", moderator), "links to the brush pack are in the description"),
	happens("tiktok", "gift", { user: who("dani.k"), count: 38, gift: { id: "1", name: "Rose", image_url: null, unit_cost: 1 } }),
	says("twitch", who("سارة"), "مرحبا من المغرب"),
	says("twitch", who("ohno_otto", { color: "#1e90ff" }), "hello everyone 💜"),
	happens("twitch", "raid", { user: who("kuro_collab"), count: 214 }),
	says("tiktok", who("โมจิ มาลี"), "สวยมากเลยค่ะ"),
	happens("twitch", "resubscription", { user: who("Marisol", subscriber), months: 14, tier: "1", message: text("fourteen months of dragons 🐉") }),
	says("youtube", who("Nova"), "I have been waiting for this all week"),
	pays(who("Ben Ashdown"), "for the coffee. Thank you for every Friday!", "$50.00", 50, 6, ["#e91e63", "#c2185b", "#ffffff"]),
	says("twitch", who("tinker_bee", { color: "#9acd32" }), "that blue against the orange, chef’s kiss"),
];

/** What there is to show: everything, or only what is more than talk. */
export const SCRIPTS = {
	all: TALK,
	events: [TALK[2], TALK[8], TALK[12], TALK[10], TALK[5]].filter((line) => line !== undefined),
} as const satisfies Record<string, readonly Line[]>;

/** The next frames of a conversation, for ever. */
export function* play(script: readonly Line[]): Generator<ServerMessage, never> {
	for (let n = 1; ; n++) {
		const line = script[(n - 1) % script.length];
		if (line) yield line(n);
	}
}
