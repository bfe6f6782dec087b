/** What an overlay shows of what happens. Pure. */

import type { Author } from "../bindings/Author";
import type { Happened } from "../feed/entry";
import { isPlatform } from "../platforms";
import type { Kind, Settings } from "./settings";

/** Bots that answer for others on many channels, in lower case. */
const BOTS: ReadonlySet<string> = new Set([
	"streamelements", "streamlabs", "nightbot", "moobot", "fossabot", "wizebot", "coebot", "deepbot", "phantombot",
	"stay_hydrated_bot", "soundalerts", "botrix", "sery_bot",
]);

/** Happens too often, or says something to the streamer and not to those who watch. */
const QUIET: ReadonlySet<Kind> = new Set([
	"follow", "like", "share", "join", "mode", "notice", "caption", "raid_out", "raid_cancelled", "stream_online", "stream_offline", "stream_update",
]);

/** Whether it is shown. */
export function isShown({ kind, frame }: Happened, settings: Settings): boolean {
	const own = kind === "chat" ? (frame.data.metadata?.type === "super_chat" ? "paid" : "chat") : frame.data.event;
	const is = (kinds: ReadonlySet<Kind>) => kinds.has(own) || (kind === "event" && (kinds.has("events") || family(own).some((f) => kinds.has(f))));
	const { onlyKinds, hiddenKinds, shownKinds } = settings;
	if (hiddenKinds.has(frame.platform) || is(hiddenKinds)) return false;
	if (!fits(frame.platform, is, onlyKinds)) return false;
	if (kind === "event") {
		if (own === "unpin" || (QUIET.has(own) && !is(shownKinds) && !is(onlyKinds))) return false;
		// Its text is a message, which says the same.
		if (own === "reward" && frame.data.message) return false;
	}
	const author = kind === "chat" ? frame.data.author : frame.data.user;
	if (!author) return settings.onlyNames.size === 0;
	if (isNamed(author, settings.hiddenNames)) return false;
	if (settings.onlyNames.size > 0 && !isNamed(author, settings.onlyNames)) return false;
	if (settings.hideBots && isNamed(author, BOTS)) return false;
	return kind === "event" || own === "paid" || !isCommand(frame.data.content.raw, settings.prefixes);
}

/** Whether it is one of the kinds that are asked for: platforms and kinds are two questions. */
function fits(platform: string, is: (kinds: ReadonlySet<Kind>) => boolean, only: ReadonlySet<Kind>): boolean {
	const platforms = [...only].filter(isPlatform);
	if (platforms.length > 0 && !only.has(platform)) return false;
	return only.size === platforms.length || is(only);
}

/** Words that mean several kinds of events. */
function family(event: string): Kind[] {
	if (/subscription|^pay_forward$/.test(event)) return ["sub", "membership"];
	if (event === "milestone") return ["membership"];
	return event === "bits" || event === "charity" || event === "gift" ? ["paid"] : [];
}

function isNamed({ username, display_name }: Author, names: ReadonlySet<string>): boolean {
	return names.size > 0 && (names.has(username.toLowerCase().replace(/^@/, "")) || names.has(display_name.toLowerCase()));
}

/** `!!!` is joy, not a command. */
function isCommand(raw: string, prefixes: readonly string[]): boolean {
	return prefixes.some((p) => raw.startsWith(p) && /^[\p{L}\p{N}_]/u.test(raw.slice(p.length)));
}
