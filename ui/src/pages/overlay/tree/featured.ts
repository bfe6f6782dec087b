/**
 * The element of a featured message. Payments and events are the cards that they always are; a message of chat becomes one of
 * the same design, so that looks and pasted rules that dress cards dress it, too.
 */

import type { ChatFrame } from "$lib/bindings/ChatFrame";
import type { FeaturedMessage } from "$lib/bindings/FeaturedMessage";
import { nameOf } from "$lib/feed/describe";
import type { Happened } from "$lib/feed/entry";
import { nameInk } from "$lib/overlay/names";
import { chip, photo } from "./author";
import { fill } from "./content";
import { CARD, type Scene, common, item, told } from "./item";
import { make, set } from "./make";

const FEATURED = "polychat-featured-message";

/** As the pages know what happened. */
export function happenedOf(message: FeaturedMessage): Happened {
	return { kind: message.type, frame: message } as Happened;
}

/** The element. */
export function featured(happened: Happened, scene: Scene): HTMLElement {
	const isPaid = happened.kind === "chat" && happened.frame.data.metadata?.type === "super_chat" && happened.frame.data.metadata.monetary_data;
	return happened.kind === "chat" && !isPaid ? said(happened.frame, scene) : item(happened, scene);
}

function said(frame: ChatFrame, scene: Scene): HTMLElement {
	const { data } = frame;
	const name = make("div", FEATURED, "header-content-inner-column", chip(FEATURED, data.author, scene.settings));
	const column = make("div", FEATURED, "header-content-primary-column", name);
	const header = make("div", FEATURED, "header", photo(FEATURED, data.author, frame.platform, scene.settings), make("div", FEATURED, "header-content", column));
	const message = set(make("div", FEATURED, "message"), { dir: "auto" });
	fill(message, FEATURED, data.content, scene.settings);
	const content = make("div", FEATURED, "content", message);
	if (data.reply) content.dataset.reply = `${nameOf(data.reply.user)} ${data.reply.text}`.trim();
	const element = make(FEATURED, "yt-live-chat-app", null, make("div", FEATURED, "card", header, content));
	element.style.setProperty("--name", nameInk(data.author, CARD));
	const { "data-answers": _, ...rest } = told(frame);
	return set(element, { ...common(frame, data.author, scene), ...rest });
}
