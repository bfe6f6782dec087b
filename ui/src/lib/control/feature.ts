/** Keys and clicks that feature an entry of a list. */

import type { Feature } from "../bindings/Feature";
import type { Entry } from "../feed/entry";
import { featuredMessage } from "../feed/featured";
import type { Hiding } from "./hiding.svelte";

type Do = ((what: Feature) => void) | null;

/** F shows an entry, Q lets it wait, P pins it. True if the key was one of these. */
export function featureByKey(entry: Entry, event: Pick<KeyboardEvent, "key">, feature: Do): boolean {
	const message = feature && featuredMessage(entry);
	if (!message) return false;
	switch (event.key.toLowerCase()) {
		case "f":
			feature({ do: "show", message });
			return true;
		case "q":
			feature({ do: "queue", message });
			return true;
		case "p":
			feature({ do: "show", message, pinned: true });
			return true;
		default:
			return false;
	}
}

/** Ctrl and a click lets an entry wait, Alt and a click pins it. True if that was done. */
export function featureByClick(entry: Entry, { altKey }: Pick<MouseEvent, "altKey">, feature: Do): boolean {
	const message = feature && featuredMessage(entry);
	if (!message) return false;
	feature(altKey ? { do: "show", message, pinned: true } : { do: "queue", message });
	return true;
}

/** H hides an entry from overlays, or shows it again. True if the key was that. */
export function hideByKey(entry: Entry, { key }: Pick<KeyboardEvent, "key">, hiding: Hiding | null): boolean {
	if (!hiding || key.toLowerCase() !== "h" || (entry.kind !== "chat" && entry.kind !== "event")) return false;
	void hiding.turn(entry);
	return true;
}
