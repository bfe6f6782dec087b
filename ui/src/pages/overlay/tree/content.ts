/** What a message says. Text stays text. */

import type { Content } from "$lib/bindings/Content";
import type { Element as Part } from "$lib/bindings/Element";
import { parseHex } from "$lib/color";
import { t } from "$lib/language/language";
import { stillUrl } from "$lib/overlay/emotes";
import type { Settings } from "$lib/overlay/settings";
import { make, picture, set } from "./make";

/** More parts than a message of any platform has. */
const MAX_PARTS = 1_000;

/** Fills `#message`. */
export function fill(message: HTMLElement, renderer: string, content: Content, settings: Settings): HTMLElement {
	let last: HTMLElement | null = null;
	for (const part of content.elements.slice(0, MAX_PARTS)) {
		if (!part.value) continue;
		const element = draw(part, renderer, settings);
		if (last && isZeroWidth(part) && element instanceof HTMLImageElement) {
			last = stack(last, element, renderer);
		} else {
			message.append(element);
			if (element instanceof HTMLImageElement) last = element;
			// Spaces may stand between an emote and what lies on it.
			else if (part.value.trim()) last = null;
		}
	}
	return message;
}

/** Whether it is nothing but emotes. */
export function isOnlyEmotes({ elements }: Content): boolean {
	return elements.some((e) => e.type === "emote") && elements.every((e) => e.type === "emote" || (e.type === "text" && !e.value.trim()));
}

/** A picture of a sticker or gift. */
export function sticker(renderer: string, url: string | null, alt: string): HTMLElement | null {
	const image = picture(url, alt, (broken) => broken.remove());
	if (!image) return null;
	image.className = `style-scope ${renderer}`;
	image.id = "sticker";
	return image;
}

function draw(part: Part, renderer: string, settings: Settings): HTMLElement {
	const words = (text: string, name?: string) => set(make("span", renderer, null, text), { "data-part": name });
	switch (part.type) {
		case "emote": {
			const { url, alt, style } = part.metadata;
			const image = emoji(settings.stillEmotes ? stillUrl(url) : url, alt || part.value, renderer);
			return image ? set(image, { "data-style": style }) : words(part.value, "emote");
		}
		case "link":
			return words(settings.stripLinks ? t("overlay:link") : part.value, "link");
		case "mention":
			return words(part.value, "mention");
		case "cheer": {
			const { url, alt, bits, color } = part.metadata;
			const image = emoji(settings.stillEmotes ? stillUrl(url) : url, alt, renderer);
			const cheer = words("", "cheer");
			if (image) cheer.append(image, String(bits));
			else cheer.append(part.value);
			if (parseHex(color)) cheer.style.setProperty("--cheer", color);
			return cheer;
		}
		default:
			// Text, and every kind that is newer than this page.
			return words(part.value);
	}
}

function emoji(url: string | null, name: string, renderer: string): HTMLImageElement | null {
	const image = picture(url, name, (broken) => broken.replaceWith(make("span", renderer, null, name)));
	if (!image) return null;
	image.className = `emoji yt-formatted-string style-scope ${renderer}`;
	return set(image, { "shared-tooltip-text": name });
}

/** Emotes that lie on the one before. */
function isZeroWidth(part: Part): boolean {
	return part.type === "emote" && part.metadata.style === "zero_width";
}

function stack(below: HTMLElement, above: HTMLElement, renderer: string): HTMLElement {
	if (below.dataset.part === "stack") {
		below.append(above);
		return below;
	}
	const both = set(make("span", renderer, null), { "data-part": "stack" });
	below.replaceWith(both);
	both.append(below, above);
	return both;
}
