/** Addresses of pictures that did not load, so that every place shows words for them at once, and asks no more. */

import { SvelteSet } from "svelte/reactivity";

/** More than one page of badges; then all get another chance. */
const MAX_KNOWN = 500;

const broken = new SvelteSet<string>();
// What failed without a network may be there with one.
globalThis.addEventListener?.("online", () => broken.clear());

export function isBroken(url: string): boolean {
	return broken.has(url);
}

export function setBroken(url: string): void {
	if (broken.size >= MAX_KNOWN) broken.clear();
	broken.add(url);
}
