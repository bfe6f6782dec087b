/** The colour of a name, so that it can be read where it stands. Pure. */

import type { Author } from "../bindings/Author";
import { defaultColor, parseHex, readableOn } from "../color";

/** What an author is, in the words of YouTube's markup. */
export type AuthorType = "" | "member" | "moderator" | "owner";

/** YouTube's colours of roles, for platforms that give names no colour. */
const ROLES: Record<Exclude<AuthorType, "">, string> = { owner: "#ffd600", moderator: "#5e84f1", member: "#0f9d58" };

/**
 * What a name is read on where there is no plate: anything, through a dark outline. On real mid-grey nothing but white
 * reaches 4.5:1, and names would have no colour; this is the grey between the outline and a picture. Chosen by eye.
 */
export const NO_PLATE = "#404040";

/** What an author is in their channel. */
export function authorType({ roles }: Author): AuthorType {
	if (roles.broadcaster) return "owner";
	if (roles.moderator) return "moderator";
	return roles.subscriber ? "member" : "";
}

/** Names repeat; corrections need not. Emptied when full: cheaper than to keep an order. */
const known = new Map<string, string>();
const MAX_KNOWN = 2_000;

/** The colour to write a name in, on a surface (`#rrggbb`). The author's own is hostile: anything odd counts as none. */
export function nameInk(author: Author, surface: string): string {
	const own = author.color && parseHex(author.color) ? author.color.toLowerCase() : null;
	const type = authorType(author);
	const color = own ?? (type ? ROLES[type] : defaultColor(author.id || author.username));
	const key = color + surface;
	let ink = known.get(key);
	if (ink === undefined) {
		ink = readableOn(color, surface);
		if (known.size >= MAX_KNOWN) known.clear();
		known.set(key, ink);
	}
	return ink;
}
