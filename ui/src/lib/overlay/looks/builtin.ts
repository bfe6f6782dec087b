/** Looks by their id. Those that come with Polychat are loaded alone: an overlay needs one. */

import type { OwnLook } from "../../bindings/OwnLook";
import { type Look, dressed } from "./look";
import { LOOKS } from "./names";

const files = import.meta.glob<Look>("./builtin/*.json", { import: "default" });

/** Whether it comes with Polychat. */
export function isBuiltIn(id: string): boolean {
	return (LOOKS as readonly string[]).includes(id);
}

/**
 * A look by its id, among those that come with Polychat and `own` ones. Null, with a word in the console, if there is none: an
 * overlay is never empty because of a typing mistake.
 */
export async function loadLook(id: string, own: readonly OwnLook[] = []): Promise<Look | null> {
	try {
		const mine = own.find((look) => look.id === id);
		const load = files[`./builtin/${mine ? mine.base : id}.json`];
		if (load) {
			const base = await load();
			return mine ? dressed(base, mine) : base;
		}
		console.warn(`There is no look “${id}”. These are there: ${[...LOOKS, ...own.map((look) => look.id)].join(", ")}.`);
	} catch {
		console.warn(`The look “${id}” could not be loaded.`);
	}
	return null;
}
