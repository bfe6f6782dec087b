/** Every sentence of the page that is put together. One word, one sentence, one action; numbers, not adjectives. */

import type { ErrorFrame } from "./bindings/ErrorFrame";
import type { GapFrame } from "./bindings/GapFrame";
import type { Platform } from "./bindings/Platform";
import type { Via } from "./bindings/Via";
import type { Removal } from "./feed/entry";
import { counted, duration, secondsUntil, until } from "./format";
import { PLATFORM_NAMES } from "./platforms";
import type { Link } from "./socket/connection";

/** How the page's own connection does. Without a host where there is little room. */
export function link(state: Link, host: string, now: number): string {
	switch (state.is) {
		case "open":
			return host ? `Connected to ${host}` : "Connected";
		case "connecting":
			return host ? `Connecting to ${host}` : "Connecting";
		case "lost":
			return `Reconnecting in ${secondsUntil(state.retryAt, now)} s`;
	}
}

/** In the list: some frames never came. */
export function gap({ identifier, missed }: GapFrame): string {
	if (missed === null) return `Some messages of ${identifier} are missing: they are older than what is kept.`;
	return `${counted(missed, "message")} of ${identifier} ${missed === 1 ? "was" : "were"} skipped because this page was too slow or away.`;
}

/** In the list: where what was written before begins to be what is written now. */
export const BEFORE = "before you came";

/** On a card: not all is understood. */
export function degraded(platform: Platform): string {
	return `${PLATFORM_NAMES[platform]} sends things that this version does not know. Some may be missing.`;
}

/** On a card: how a chat is reached, if not as it should be. */
export function via(way: Via | null): string {
	switch (way) {
		case "webview":
			return "Read through the platform’s own page in a hidden window.";
		case "sign_server":
			return "Read with the help of a sign server.";
		default:
			return "";
	}
}

/** Whether the server's sentence about a channel that is waited for says more than that it is not live. */
export function saysMore(sentence: string): boolean {
	return sentence !== "" && !/\bis not live\b|\bhas ended\b|\bwaiting for\b/i.test(sentence);
}

/** Until a broadcast begins. */
export function starts(at: number, now: number): string {
	return at > now ? `Starts in ${until(at - now)}` : "Starts any moment";
}

/** In the list: a room was emptied. */
export function cleared(identifier: string): string {
	return `The chat of ${identifier} was cleared by its moderators.`;
}

/** In the list: somebody's messages were taken away. */
export function purged(username: string | null, seconds: number | null, gone: number): string {
	const who = username ?? "Somebody";
	const what = seconds === null ? "was banned" : `was timed out for ${duration(seconds)}`;
	return gone > 0 ? `${who} ${what}, ${counted(gone, "message")} removed.` : `${who} ${what}.`;
}

/** In place of a text that was taken away. */
export function removed(why: Removal, platform: Platform): string {
	return why === "clear" ? `cleared on ${PLATFORM_NAMES[platform]}` : `removed on ${PLATFORM_NAMES[platform]}`;
}

/** In place of something in a form that this page does not know. */
export const UNREADABLE = "Something came in a form that this page does not know. The frames show it.";

/** Why a channel cannot be read, and what to do. The server's own sentence where it says more than we could. */
export function failure(error: ErrorFrame, name: string, platform: Platform): string {
	// Names that change, private channels, gates for age: TikTok's reasons are many, and the server knows which.
	if (platform === "tiktok" && error.error && (error.code === "STREAM_NOT_FOUND" || (error.code === "STREAM_NOT_LIVE" && saysMore(error.error)))) return error.error;
	switch (error.code) {
		case "STREAM_NOT_FOUND":
			return `${PLATFORM_NAMES[platform]} knows no channel “${name}”. Check the spelling.`;
		case "STREAM_NOT_LIVE":
			return `${name} is not live. Turn on “Wait for the stream” to start by itself.`;
		case "STREAM_ENDED":
			return `The stream of ${name} is over.`;
		case "INVALID_IDENTIFIER":
			return error.error || `“${name}” is no channel name of ${PLATFORM_NAMES[platform]}.`;
		case "TOO_MANY_SUBSCRIPTIONS":
			return error.error || "This page reads as many channels as it may. Remove one first.";
		default:
			return error.error || "The server could not do that.";
	}
}

/** In the gallery: a link is where it can be pasted. */
export function copied(look: string, [width, height]: readonly [number, number]): string {
	return `Copied the link of ${look}. Paste it into a browser source of ${width} × ${height}.`;
}

/** In the gallery: the browser does not let the page copy. */
export function notCopied(look: string): string {
	return `This browser does not let the page copy. The link of ${look} is selected: press Ctrl+C.`;
}

/** In the gallery: what links hold besides the look. */
export function linksHold(channels: number, demo: boolean): string {
	if (channels > 0) return `Links hold ${channels === 1 ? "this channel" : `these ${channels} channels`}.`;
	return demo ? "Without a channel, links play the demo." : "Add a channel: links hold it.";
}
