/** Every sentence of the pages that is chosen by what has happened. One word, one sentence, one action; numbers, not adjectives. */

import type { ErrorFrame } from "./bindings/ErrorFrame";
import type { GapFrame } from "./bindings/GapFrame";
import type { Platform } from "./bindings/Platform";
import type { Via } from "./bindings/Via";
import type { Removal } from "./feed/entry";
import { countdown, duration, until } from "./format";
import { language, t } from "./language/language";
import { PLATFORM_NAMES } from "./platforms";
import type { Link } from "./socket/connection";

/** How the page's own connection does. Without a host where there is little room. */
export function link(state: Link, host: string, now: number): string {
	switch (state.is) {
		case "open":
			return host ? t("link.openTo", { host }) : t("link.open");
		case "connecting":
			return host ? t("link.connectingTo", { host }) : t("link.connecting");
		case "lost":
			return t("link.lost", { time: countdown(state.retryAt, now) });
	}
}

/** In the list: some frames never came. */
export function gap({ identifier, missed }: GapFrame): string {
	return missed === null ? t("list.gapOld", { name: identifier }) : t("list.gap", { count: missed, name: identifier });
}

/** In the list: where what was written before begins to be what is written now. */
export function before(): string {
	return t("list.before");
}

/** On a card: not all is understood. */
export function degraded(platform: Platform): string {
	return t("channel.degraded", { platform: PLATFORM_NAMES[platform] });
}

/** On a card: how a chat is reached, if not as it should be. */
export function via(way: Via | null): string {
	switch (way) {
		case "webview":
			return t("channel.viaPage");
		case "sign_server":
			return t("channel.viaSignServer");
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
	return at > now ? t("channel.startsIn", { time: until(at - now) }) : t("channel.startsNow");
}

/** In the list: a room was emptied. */
export function cleared(identifier: string): string {
	return t("list.cleared", { name: identifier });
}

/** In the list: somebody's messages were taken away. */
export function purged(username: string | null, seconds: number | null, gone: number): string {
	const name = username ?? t("overlay:somebody");
	if (seconds === null) return gone > 0 ? t("list.bannedWith", { name, count: gone }) : t("list.banned", { name });
	const time = duration(seconds);
	return gone > 0 ? t("list.timedOutWith", { name, time, count: gone }) : t("list.timedOut", { name, time });
}

/** In place of a text that was taken away. */
export function removed(why: Removal, platform: Platform): string {
	return why === "clear" ? t("list.wasCleared", { platform: PLATFORM_NAMES[platform] }) : t("list.wasRemoved", { platform: PLATFORM_NAMES[platform] });
}

/** In place of something in a form that this page does not know. */
export function unreadable(): string {
	return t("list.unreadable");
}

/** Why a channel cannot be read, and what to do. The server's own sentence where it says more than we could, in its language. */
export function failure(error: ErrorFrame, name: string, on: Platform): string {
	const platform = PLATFORM_NAMES[on];
	const told = language() === "en" ? error.error : "";
	// Names that change, private channels, gates for age: TikTok's reasons are many, and the server knows which.
	if (on === "tiktok" && told && (error.code === "STREAM_NOT_FOUND" || (error.code === "STREAM_NOT_LIVE" && saysMore(told)))) return told;
	switch (error.code) {
		case "STREAM_NOT_FOUND":
			return t("failure.notFound", { name, platform });
		case "STREAM_NOT_LIVE":
			return t("failure.notLive", { name });
		case "STREAM_ENDED":
			return t("failure.ended", { name });
		case "INVALID_IDENTIFIER":
			return told || t("failure.noName", { name, platform });
		case "TOO_MANY_SUBSCRIPTIONS":
			return told || t("failure.tooMany");
		case "UPSTREAM_UNAVAILABLE":
		case "TIMEOUT":
			return told || t("failure.noAnswer", { platform });
		case "CONSENT_NEEDED":
			return told || t("failure.consent", { platform });
		case "RATE_LIMITED":
			return told || t("failure.tooFast");
		case "UNSUPPORTED_PLATFORM":
			return told || t("failure.notRead", { platform });
		default:
			return error.error || t("failure.other");
	}
}
