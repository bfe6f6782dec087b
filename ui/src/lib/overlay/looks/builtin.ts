/** The looks that come with Polychat. Each is loaded alone: an overlay needs one. */

import type { Look } from "./look";
import { LOOKS } from "./names";

const files = import.meta.glob<Look>("./builtin/*.json", { import: "default" });

/** A look by its name. Null, with a word in the console, if there is none: an overlay is never empty because of a typing mistake. */
export async function loadLook(id: string): Promise<Look | null> {
	try {
		const load = files[`./builtin/${id}.json`];
		if (load) return await load();
		console.warn(`There is no look “${id}”. These are there: ${LOOKS.join(", ")}.`);
	} catch {
		console.warn(`The look “${id}” could not be loaded.`);
	}
	return null;
}
