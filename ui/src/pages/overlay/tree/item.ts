/** The element of a message or an event. Its kind decides between YouTube's three renderers. */

import type { Author } from "$lib/bindings/Author";
import type { EventFrame } from "$lib/bindings/EventFrame";
import type { ChatFrame } from "$lib/bindings/ChatFrame";
import { parseHex } from "$lib/color";
import { type Card, describe, nameOf } from "$lib/feed/describe";
import type { Happened } from "$lib/feed/entry";
import { t } from "$lib/language/language";
import { NO_PLATE, authorType, nameInk } from "$lib/overlay/names";
import type { Patterns } from "$lib/overlay/patterns";
import type { Settings } from "$lib/overlay/settings";
import { type PaidLook, paidLook, usdOfPoints, valueLook } from "$lib/overlay/tiers";
import { chip, photo } from "./author";
import { fill, isOnlyEmotes, sticker } from "./content";
import { type Attributes, make, set } from "./make";

const TEXT = "yt-live-chat-text-message-renderer";
const PAID = "yt-live-chat-paid-message-renderer";
const MEMBER = "yt-live-chat-membership-item-renderer";

/** What drawing needs to know. */
export interface Scene {
	readonly settings: Settings;
	/** What names are read on where there is no card. */
	readonly surface: string;
	readonly clock: Intl.DateTimeFormat;
	/** Regular expressions that hide messages. */
	readonly patterns: Patterns;
}

/** What names on a card are read on: the dark of the theme's cards. */
export const CARD = "#14171c";

/** The colour that names have to be read on. */
export function surfaceOf({ surface, plate }: Settings): string {
	if (surface) return surface.slice(0, 7);
	// A plate that lets half of the picture through is none to rely on.
	return plate && (plate.length === 7 || Number.parseInt(plate.slice(7), 16) >= 128) ? plate.slice(0, 7) : NO_PLATE;
}

/** The element of something that happened. */
export function item(happened: Happened, scene: Scene): HTMLElement {
	const { kind, frame } = happened;
	if (kind === "chat") {
		const paid = frame.data.metadata?.monetary_data;
		return frame.data.metadata?.type === "super_chat" && paid ? paidChat(frame, paidLook(paid), scene) : text(frame, scene);
	}
	const { data } = frame;
	if (data.event === "gift" || data.event === "bits") {
		const each = data.gift?.unit_cost ?? (data.event === "bits" ? 1 : 0);
		const given = data.combo?.count ?? data.count ?? 1;
		return paidEvent(frame, valueLook(usdOfPoints(each * given)), scene);
	}
	return membership(frame, scene);
}

function text(frame: ChatFrame, scene: Scene): HTMLElement {
	const { data } = frame;
	const message = set(make("span", TEXT, "message"), { dir: "auto" });
	fill(message, TEXT, data.content, scene.settings);
	const content = make("div", TEXT, "content", timestamp(TEXT, frame, scene), chip(TEXT, data.author, scene.settings), message);
	if (data.reply) content.dataset.reply = `${nameOf(data.reply.user)} ${data.reply.text}`.trim();
	const element = make(TEXT, "yt-live-chat-item-list-renderer", null, photo(TEXT, data.author, frame.platform, scene.settings), content);
	element.style.setProperty("--name", nameInk(data.author, scene.surface));
	return set(element, { ...common(frame, data.author, scene), ...told(frame), "author-type": authorType(data.author) });
}

function paidChat(frame: ChatFrame, look: PaidLook, scene: Scene): HTMLElement {
	const { data } = frame;
	const message = set(make("div", PAID, "message"), { dir: "auto" });
	fill(message, PAID, data.content, scene.settings);
	const shown = data.metadata.sticker && sticker(PAID, data.metadata.sticker.url, data.metadata.sticker.alt);
	if (shown) message.append(shown);
	const amount = data.metadata.monetary_data?.formatted ?? "";
	const element = paidItem(frame, data.author, amount, "", message, look, scene);
	return set(element, { ...told(frame), "data-tier": String(data.metadata.monetary_data?.tier ?? "") || null });
}

function paidEvent(frame: EventFrame, look: PaidLook, scene: Scene): HTMLElement {
	const { data } = frame;
	const card = describe(frame);
	const message = set(make("div", PAID, "message"), { dir: "auto" });
	const shown = data.gift?.image_url ? sticker(PAID, data.gift.image_url, data.gift.name) : null;
	if (data.message) fill(message, PAID, data.message, scene.settings);
	const element = paidItem(frame, data.user, card.value, card.title, message, look, scene);
	if (shown) element.querySelector("#header")?.append(shown);
	return set(element, { "data-event-type": data.event, "data-combo": data.combo?.state });
}

/** A card with an amount. `title` says what for, where that is not said by the amount alone. */
function paidItem(frame: ChatFrame | EventFrame, author: Author | null, amount: string, title: string, message: HTMLElement, look: PaidLook, scene: Scene): HTMLElement {
	const name = set(make("div", PAID, "author-name", author ? nameOf(author) : t("overlay:somebody")), { dir: "auto" });
	const price = set(make("div", PAID, "purchase-amount"), { dir: "auto" });
	if (title) price.append(set(make("span", PAID, null, title), { "data-part": "title" }), " ");
	if (amount) price.append(set(make("span", PAID, null, amount), { "data-part": "value" }));
	const column = make("div", PAID, "header-content-primary-column", name, price);
	const content = make("div", PAID, "header-content", column, timestamp(PAID, frame, scene));
	const header = make("div", PAID, "header", photo(PAID, author, frame.platform, scene.settings), content);
	const card = make("div", PAID, "card", header, make("div", PAID, "content", message));
	const element = make(PAID, "yt-live-chat-item-list-renderer", null, card);
	const { paint } = look;
	const style = { "primary-color": paint.body, "secondary-color": paint.header, "header-color": paint.headerInk, "author-name-color": paint.nameInk, "timestamp-color": paint.headerInk, color: paint.bodyInk };
	for (const [what, color] of Object.entries(style)) element.style.setProperty(`--yt-live-chat-paid-message-${what}`, color);
	const empty = message.childNodes.length === 0 ? "" : null;
	return set(element, { ...common(frame, author, scene), "show-only-header": empty, "data-quiet": look.quiet ? "" : null });
}

function membership(frame: EventFrame, scene: Scene): HTMLElement {
	const { data } = frame;
	const card = describe(frame);
	const inner = make("div", MEMBER, "header-content-inner-column");
	if (data.user) inner.append(chip(MEMBER, data.user, scene.settings));
	const part = (name: string, words: string) => (words ? [set(make("span", MEMBER, null, words), { "data-part": name, dir: "auto" }), " "] : []);
	const subtext = make("div", MEMBER, "header-subtext", ...part("title", card.title), ...part("detail", card.detail), ...part("value", card.value));
	const column = make("div", MEMBER, "header-content-primary-column", inner, subtext);
	const content = make("div", MEMBER, "header-content", column, timestamp(MEMBER, frame, scene));
	const header = make("div", MEMBER, "header", photo(MEMBER, data.user, frame.platform, scene.settings), content);
	const message = set(make("div", MEMBER, "message"), { dir: "auto" });
	if (card.quote) message.append(make("span", MEMBER, null, card.quote));
	if (data.message) fill(message, MEMBER, data.message, scene.settings);
	bars(message, card);
	const body = make("div", MEMBER, "content", message);
	const element = make(MEMBER, "yt-live-chat-item-list-renderer", null, make("div", MEMBER, "card", header, body));
	if (data.user) element.style.setProperty("--name", nameInk(data.user, CARD));
	if (parseHex(card.tone)) element.style.setProperty("--tone", card.tone);
	return set(element, {
		...common(frame, data.user, scene),
		"show-only-header": message.childNodes.length === 0 ? "" : null,
		"data-event-type": data.event,
		"data-form": card.form,
		"data-tone": card.tone === "money" ? "money" : null,
		"data-combo": data.combo?.state,
	});
}

function bars(message: HTMLElement, card: Card): void {
	for (const bar of card.bars) {
		const share = make("i", MEMBER, null);
		share.style.width = `${bar.share * 100}%`;
		const row = make("div", MEMBER, null,
			set(make("span", MEMBER, null, bar.label), { "data-part": "label", dir: "auto" }),
			set(make("span", MEMBER, null, share), { "data-part": "share" }),
			set(make("span", MEMBER, null, bar.value), { "data-part": "number" }),
		);
		message.append(set(row, { "data-part": "bar", "data-won": bar.won ? "" : null }));
	}
}

function timestamp(renderer: string, frame: ChatFrame | EventFrame, scene: Scene): HTMLElement {
	const at = Date.parse(frame.timestamp);
	return make("span", renderer, "timestamp", scene.settings.times && Number.isFinite(at) ? scene.clock.format(at) : "");
}

/** What every item says about itself, for themes. */
export function common(frame: ChatFrame | EventFrame, author: Author | null, scene: Scene): Attributes {
	const roles = author && Object.entries(author.roles).filter(([, is]) => is).map(([role]) => role).join(" ");
	return {
		"data-platform": frame.platform,
		"data-channel": frame.identifier,
		"data-message-id": "message_id" in frame ? frame.message_id : (frame.data as { message_id?: string }).message_id,
		"data-event-id": frame.event_id,
		"data-user-id": author?.id || null,
		"data-username": author?.username || null,
		"data-roles": roles || null,
		"data-blur": scene.settings.blurred.has(frame.platform) ? "" : null,
	};
}

/** What a message says about itself, for themes. */
export function told({ data, identifier }: ChatFrame): Attributes {
	const yes = (is: boolean) => (is ? "" : null);
	const plain = (name: string) => name.replace(/^@/, "").toLowerCase();
	return {
		"data-first-message": yes(data.first_message),
		"data-returning": yes(data.returning),
		"data-action": yes(data.action),
		"data-answers": data.reply?.message_id,
		"data-highlight": data.highlight?.kind,
		"data-source-channel": data.source_channel && (data.source_channel.username ?? ""),
		"data-mention": yes(data.content.elements.some((e) => e.type === "mention" && plain(e.metadata.username) === plain(identifier))),
		"data-emotes-only": yes(isOnlyEmotes(data.content)),
	};
}
