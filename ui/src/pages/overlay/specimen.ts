/**
 * An overlay that shows everything there is, in a document that nobody sees: what a selector finds here, it finds on an overlay at
 * some time. It is drawn by the overlay's own code; only pictures have no address, so that nobody is asked for them.
 */

import { NO_PATTERNS } from "$lib/overlay/patterns";
import type { Author } from "$lib/bindings/Author";
import type { ChatData } from "$lib/bindings/ChatData";
import type { EventData } from "$lib/bindings/EventData";
import type { Platform } from "$lib/bindings/Platform";
import type { Happened } from "$lib/feed/entry";
import { DEFAULTS } from "$lib/overlay/looks/schema";
import { PLATFORMS } from "$lib/platforms";
import { Ticker } from "./ticker";
import { type Scene, item } from "./tree/item";
import { make, set } from "./tree/make";
import { skeleton } from "./tree/skeleton";

const NOBODY: Author["roles"] = { broadcaster: false, moderator: false, subscriber: false, verified: false };
const EVENTS: readonly EventData["event"][] = [
	"notice", "subscription", "resubscription", "subscription_upgrade", "gift_subscription", "pay_forward", "gift", "membership", "milestone", "watch_streak", "raid", "follow", "like", "share", "join",
	"bits", "reward", "announcement", "poll", "prediction", "pin", "goal", "charity", "hype_train", "question", "caption", "battle", "treasure_box",
];

/** Finds out whether selectors find something. One that cannot be read finds nothing. */
export function specimen(): (selector: string) => boolean {
	const page = document.implementation.createHTMLDocument("");
	const scene: Scene = { settings: { ...DEFAULTS, avatars: "on", times: true, ticker: true }, surface: "#404040", clock: new Intl.DateTimeFormat("en"), patterns: NO_PATTERNS };
	const places = skeleton();
	const ticker = new Ticker(places, scene);
	for (const happened of everything()) {
		const element = item(happened, scene);
		set(element, { "data-entering": "", "data-leaving": "", "data-updated": "", "data-blur": "" });
		places.items.append(element);
		ticker.add({ happened, places: [] } as unknown as Parameters<Ticker["add"]>[0]);
	}
	ticker.sleep();
	pictures(places.app);
	page.documentElement.setAttribute("lang", "en");
	page.body.append(places.app);
	const { dataset } = page.documentElement;
	Object.assign(dataset, { look: "classic", mark: "icon", wide: "", plate: "dark", compact: "", bubble: "", horizontal: "", reverse: "", alignRight: "", burst: "", bigEmotes: "", smallCaps: "", weight: "600" });
	return (selector) => {
		try {
			return page.querySelector(selector) !== null;
		} catch {
			return false;
		}
	};
}

/** Puts pictures without an address where some would be. */
function pictures(app: HTMLElement): void {
	const image = (renderer: string, id: string | null) => make("img", renderer, id);
	for (const photo of app.querySelectorAll("yt-img-shadow")) if (!photo.querySelector("img")) photo.append(image("yt-img-shadow", "img"));
	for (const holder of app.querySelectorAll("yt-live-chat-author-badge-renderer #image")) holder.append(image("yt-live-chat-author-badge-renderer", null));
	for (const message of app.querySelectorAll("#message")) {
		const emoji = set(image("yt-live-chat-text-message-renderer", null), { alt: "x", "shared-tooltip-text": "x", "data-style": "gif" });
		emoji.classList.add("emoji", "yt-formatted-string");
		const stack = set(make("span", "yt-live-chat-text-message-renderer", null, emoji), { "data-part": "stack" });
		message.append(stack, emoji.cloneNode());
	}
	for (const header of app.querySelectorAll("#header")) header.append(image("yt-live-chat-paid-message-renderer", "sticker"));
}

function* everything(): Generator<Happened> {
	let n = 0;
	const frame = (platform: Platform) => ({ platform, identifier: "specimen", seq: ++n, event_id: `${n}`, timestamp: "2026-01-01T12:00:00Z", room_id: "1" });
	const who = (role: keyof Author["roles"] | null, type: Author["badges"][number]["type"], label = "Fan club level 3"): Author => ({
		id: "1", username: "name", display_name: "Name", avatar_url: null, color: "#ff8fc7",
		roles: role ? { ...NOBODY, [role]: true } : NOBODY,
		badges: [{ type, label, image_url: null }],
	});
	const people = [who(null, "custom"), who("broadcaster", "custom", "Owner"), who("moderator", "moderator"), who("subscriber", "subscriber"), who("verified", "verified")];
	const words: ChatData["content"] = { raw: "words", formatted: "words", sanitized: "words", rawHtml: "", elements: [
		{ type: "text", value: "words", position: [0, 5] },
		{ type: "link", value: "a.example", position: [6, 9], metadata: { url: "https://a.example/" } },
		{ type: "mention", value: "@specimen", position: [10, 19], metadata: { username: "specimen" } },
	] as ChatData["content"]["elements"] };
	const says = (platform: Platform, author: Author, more: Partial<ChatData> = {}): Happened => ({
		kind: "chat",
		frame: { ...frame(platform), message_id: `${n}`, data: { author, content: words, metadata: { type: "chat" }, reply: null, first_message: true, returning: true, action: false, highlight: null, source_channel: null, ...more } },
	});
	for (const platform of PLATFORMS) for (const author of people) yield says(platform, author);
	const paid = (dollars: number) => ({ type: "super_chat", monetary_data: { amount: "$5", formatted: "$5", color: "#1de9b6", money: { micros: dollars * 1_000_000, currency: "USD" }, bits: null, tier: 3, colors: null } }) as unknown as ChatData["metadata"];
	const person = people[0]!;
	const user = { id: "1", username: "name", display_name: "Name", avatar_url: null };
	yield says("twitch", person, { action: true, highlight: { kind: "highlighted", detail: null } as ChatData["highlight"], reply: { message_id: "1", thread_id: "1", user, text: "words" } as ChatData["reply"] });
	for (const dollars of [1, 5, 20, 100]) yield says("youtube", person, { metadata: paid(dollars) });
	yield says("youtube", person, { metadata: paid(50), content: { ...words, raw: "", elements: [] } });
	for (const event of EVENTS) {
		for (const message of [null, words]) {
			const data = { event, text: "", user: person, message, amount: null, count: 3, tier: "1", months: 6, gift: event === "gift" ? { id: "1", name: "Rose", image_url: null, unit_cost: 1 } : undefined, combo: event === "gift" ? { id: "c", count: 3, state: "running" } : undefined };
			yield { kind: "event", frame: { ...frame("twitch"), data: data as unknown as EventData } };
		}
	}
}
