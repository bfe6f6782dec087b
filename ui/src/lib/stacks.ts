/** Emotes that lie on the one before them. Pure. */

import type { Element } from "$lib/bindings/Element";

export type EmoteElement = Extract<Element, { type: "emote" }>;

/** An element and, if it is an emote, what is drawn over it. */
export interface Stack {
	element: Element;
	over: EmoteElement[];
}

/** Puts zero-width emotes on the emote before them, when no more than spaces stand between; those spaces go with them. */
export function stacks(elements: readonly Element[]): Stack[] {
	const made: Stack[] = [];
	let below: Stack | null = null;
	for (const [n, element] of elements.entries()) {
		const next = elements[n + 1];
		if (below && isZeroWidth(element)) {
			below.over.push(element);
			continue;
		}
		const isGap = element.type === "text" && element.value.trim() === "";
		if (below && isGap && next && isZeroWidth(next)) continue;
		const stack: Stack = { element, over: [] };
		made.push(stack);
		below = element.type === "emote" ? stack : null;
	}
	return made;
}

function isZeroWidth(element: Element): element is EmoteElement {
	return element.type === "emote" && element.metadata.style === "zero_width";
}
