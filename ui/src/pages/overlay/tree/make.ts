/** Elements of the tree. Whatever comes from a chat goes in as text, as an attribute, or as an address of a picture. */

import { imageUrl } from "$lib/safe";

/** Attributes; null leaves one out, "" writes it without a value. */
export type Attributes = Record<string, string | null | undefined>;

/** An element of the tree of `renderer`, with the classes that YouTube gives it. */
export function make(tag: string, renderer: string, id: string | null, ...children: (Node | string | null)[]): HTMLElement {
	const element = document.createElement(tag);
	element.className = `style-scope ${renderer}`;
	if (id) element.id = id;
	for (const child of children) if (child !== null) element.append(child);
	return element;
}

/** Sets attributes. */
export function set<E extends Element>(element: E, attributes: Attributes): E {
	for (const [name, value] of Object.entries(attributes)) if (value != null) element.setAttribute(name, value);
	return element;
}

/** Addresses that did not load: asked for once, then words stand for them. Emptied when full, and when a network comes back. */
const broken = new Set<string>();
const MAX_BROKEN = 500;
globalThis.addEventListener?.("online", () => broken.clear());

/** A picture from a stranger's address, or null if it may not be shown. `failed` is called when it does not load. */
export function picture(url: string | null | undefined, alt: string, failed: (image: HTMLImageElement) => void): HTMLImageElement | null {
	const src = imageUrl(url);
	if (!src || broken.has(src)) return null;
	const image = document.createElement("img");
	image.alt = alt;
	image.decoding = "async";
	image.referrerPolicy = "no-referrer";
	image.draggable = false;
	image.addEventListener("error", () => {
		if (broken.size >= MAX_BROKEN) broken.clear();
		broken.add(src);
		failed(image);
	}, { once: true });
	image.src = src;
	return image;
}

/** The first letter of a name, as people see letters. */
export function letterOf(name: string): string {
	const [first] = Array.from(name.replace(/^[@\s]+/, "").trim());
	return first?.toUpperCase() ?? "";
}
