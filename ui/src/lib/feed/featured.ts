/** Entries of the list as messages that can be featured. Pure. */

import type { FeaturedMessage } from "../bindings/FeaturedMessage";
import { describe } from "./describe";
import type { Entry } from "./entry";

/** What can be featured of an entry: everything that somebody wrote or did, and that nobody has taken away. Else null. */
export function featuredMessage(entry: Entry): FeaturedMessage | null {
	if ((entry.kind !== "chat" && entry.kind !== "event") || entry.removed) return null;
	if (entry.kind === "chat") return { ...entry.frame, type: "chat" };
	// One quiet line is nothing to show large, unless somebody asks or says something in it.
	const { message, event } = entry.frame.data;
	return describe(entry.frame).form === "card" || message || event === "question" ? { ...entry.frame, type: "event" } : null;
}
