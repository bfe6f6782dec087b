/** What an overlay shows of what happens. Pure. */

import type { Author } from "../bindings/Author";
import type { Happened } from "../feed/entry";
import { isPlatform } from "../platforms";
import { nameOf } from "../feed/describe";
import type { ChatFrame } from "../bindings/ChatFrame";
import type { EventFrame } from "../bindings/EventFrame";
import { type Kind, ROLES, type Role, type Settings } from "./settings";
import { usd, usdOfPoints } from "./tiers";
import { type Find, finder } from "./words";

/** Bots that answer for others on many channels, in lower case. */
const BOTS: ReadonlySet<string> = new Set([
	"streamelements", "streamlabs", "nightbot", "moobot", "fossabot", "wizebot", "coebot", "deepbot", "phantombot",
	"stay_hydrated_bot", "soundalerts", "botrix", "sery_bot",
]);

/** Happens too often, or says something to the streamer and not to those who watch. */
const QUIET: ReadonlySet<Kind> = new Set([
	"follow", "like", "share", "join", "mode", "notice", "caption", "raid_out", "raid_cancelled", "stream_online", "stream_offline", "stream_update",
]);

/** Whether it is shown. `patterns` looks for the regular expressions of the settings. */
export function isShown(happened: Happened, settings: Settings, patterns: Find = () => false): boolean {
	if (!isWanted(happened, settings)) return false;
	const worth = settings.minAmount > 0 ? usdOf(happened) : null;
	if (worth !== null && worth < settings.minAmount) return false;
	const { hiddenWords } = settings;
	if (hiddenWords.length === 0 && settings.patterns.length === 0) return true;
	const texts = textsOf(happened);
	return !wordsOf(hiddenWords)(texts) && !patterns(texts);
}

/** Whether it is of a kind and from somebody that are shown. */
function isWanted({ kind, frame }: Happened, settings: Settings): boolean {
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
	if (kind === "event" || own === "paid") return true;
	const { data } = frame as ChatFrame;
	if (settings.onlyFirst && !data.first_message) return false;
	if (settings.hideLinks && data.content.elements.some((e) => e.type === "link")) return false;
	return hasRole(author, settings) && !isCommand(data.content.raw, settings.prefixes);
}

/** Roles concern chat alone: whoever pays or arrives is seen. */
function hasRole({ roles }: Author, { onlyRoles, hiddenRoles }: Settings): boolean {
	const is = (wanted: ReadonlySet<Role>) => ROLES.some((role) => wanted.has(role) && roles[role]);
	return (onlyRoles.size === 0 || is(onlyRoles)) && (hiddenRoles.size === 0 || !is(hiddenRoles));
}

/** What was paid in US dollars, or null where that is no payment. As the server reckons (`worth.rs` in crates/model). */
export function usdOf({ kind, frame }: Happened): number | null {
	if (kind === "chat") {
		const paid = frame.data.metadata?.monetary_data;
		if (!paid) return null;
		return paid.bits != null ? usdOfPoints(paid.bits) : paid.money ? usd(paid.money) : 0;
	}
	const { event, amount, gift, combo, count } = frame.data;
	if (event !== "gift" && event !== "bits" && event !== "charity") return null;
	if (amount) return usd(amount);
	return usdOfPoints((event === "bits" ? 1 : (gift?.unit_cost ?? 0)) * (combo?.count ?? count ?? 1));
}

/** Everything that people have written of what would be shown. */
function textsOf({ kind, frame }: Happened): string[] {
	if (kind === "chat") {
		const { author, content, reply } = frame.data;
		return [nameOf(author), content.raw, ...(reply ? [nameOf(reply.user), reply.text] : [])];
	}
	const { event, user, message, text, pin, poll, other } = (frame as EventFrame).data;
	// Otherwise the sentence is ours.
	const own = event === "question" || event === "caption" ? text : null;
	const said = [user && nameOf(user), other && nameOf(other), message?.raw, own, pin?.text, poll?.title, ...(poll?.choices.map((c) => c.title) ?? [])];
	return said.filter((t): t is string => typeof t === "string");
}

/** Read once for all messages. */
const read = new WeakMap<readonly string[], Find>();

function wordsOf(words: readonly string[]): Find {
	let find = read.get(words);
	if (!find) {
		find = finder(words);
		read.set(words, find);
	}
	return find;
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
