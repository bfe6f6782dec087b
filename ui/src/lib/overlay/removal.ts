/** What a moderator takes away. Pure. */

import type { ModerationFrame } from "../bindings/ModerationFrame";
import { type Happened, placeKey } from "../feed/entry";

/** Something that is shown or waits to be. */
export interface Present {
	happened: Happened;
	/** What deletions in each channel call it: a shared chat tells one message in several. */
	readonly places: Map<string, string | null>;
}

/** Something that was just told. */
export function present(happened: Happened): Present {
	const one: Present = { happened, places: new Map() };
	told(one, happened);
	return one;
}

/** The same was told again, by the same channel or by another one. */
export function told(one: Present, again: Happened): void {
	const { kind, frame } = again;
	one.places.set(placeKey(frame), kind === "chat" ? frame.message_id : (frame.data.message_id ?? null));
	const isSame = placeKey(one.happened.frame) === placeKey(frame);
	const isOriginal = Boolean(one.happened.frame.data.source_channel) && !frame.data.source_channel;
	if (isSame || isOriginal) one.happened = again;
}

/**
 * Whether it has to go. A message that is deleted in one of its channels goes: better one too few on a stream. A room that
 * is emptied takes only what is not in another one, too.
 */
export function isTakenAway(one: Present, moderation: ModerationFrame): boolean {
	const { action, message_id, user_id } = moderation.data;
	const { frame } = one.happened;
	const place = placeKey(moderation);
	if (action === "delete_message") {
		if (!message_id || frame.platform !== moderation.platform) return false;
		const pinned = one.happened.kind === "event" ? one.happened.frame.data.pin?.message_id : undefined;
		return frame.event_id === message_id || pinned === message_id || [...one.places.values()].includes(message_id);
	}
	if (!one.places.has(place)) return false;
	// What is told once more must not take away what was written since.
	if (moderation.history && Date.parse(frame.timestamp) > Date.parse(moderation.timestamp)) return false;
	if (action === "clear") {
		if (one.places.size > 1) one.places.delete(place);
		else return true;
		return false;
	}
	const user = one.happened.kind === "chat" ? one.happened.frame.data.author : one.happened.frame.data.user;
	return user_id !== null && user?.id === user_id;
}
