/** The page's state in its address: a reload keeps it, and a link shares it. And what an address that is typed names. */

import type { IdentifierType } from "../bindings/IdentifierType";
import type { Platform } from "../bindings/Platform";
import { PLATFORMS, TIKTOK_ROOM, platformOfLink } from "../platforms";
import { DEFAULT_OPTIONS, type Options, type Wanted } from "./wanted";

/** What an address holds. */
export interface PageState {
	channels: Wanted[];
	options: Options;
	/** Whether the frames are shown. */
	frames: boolean;
}

/** More than anybody reads at once; a link that asks for more is cut. */
export const MAX_CHANNELS = 50;

const FLAGS = ["events", "moderation", "viewers", "wait"] as const;
/** Say what a text names where its form does not. */
const PREFIXES: readonly [string, IdentifierType][] = [["channelId:", "channelId"], ["liveId:", "liveId"], ["username:", "username"]];

/** Paths on YouTube that are followed by the id of a video. */
const VIDEO_PATH = /^\/(?:live|shorts|embed|v|video|live_chat|live_chat_replay|watch_popup)\/([\w-]{11})(?:\/|$)/;

/** Where TikTok's addresses hold the id of a broadcast: in the path, or as `room_id`. */
const ROOM_PATH = /^\/(?:share\/live|live)\/\d{10,19}(?:\/|$)/;

/**
 * What a text names, by its form: an address with a video's or a room's id names a broadcast, `UC…` a channel. Of a plain
 * word on YouTube nobody can tell a handle from the id of a video by looking: the server tries both.
 */
export function kindOf(platform: Platform, text: string): IdentifierType {
	const typed = text.trim();
	if (platform === "tiktok") return namesRoom(typed) ? "liveId" : "username";
	if (platform !== "youtube") return "username";
	if (/^UC[\w-]{22}$/.test(typed)) return "channelId";
	// An address, or at least the part of one that names something.
	if (!/[/?]/.test(typed)) return "username";
	const parsed = youtubeUrl(typed);
	if (!parsed) return "username";
	const { hostname, pathname, searchParams } = parsed;
	if (/^\/channel\/UC[\w-]{22}(?:\/|$)/.test(pathname)) return "channelId";
	if (hostname.endsWith("youtu.be")) return /^\/[\w-]{11}(?:\/|$)/.test(pathname) ? "liveId" : "username";
	if (pathname.startsWith("/@")) return "username";
	return VIDEO_PATH.test(pathname) || /^[\w-]{11}$/.test(searchParams.get("v") ?? "") ? "liveId" : "username";
}

/** Whether a text names a broadcast of TikTok. Short links name somebody only once the server has followed them. */
function namesRoom(typed: string): boolean {
	if (TIKTOK_ROOM.test(typed.replace(/\/live\/?$/, ""))) return true;
	if (!/[/?]/.test(typed) || platformOfLink(typed) !== "tiktok") return false;
	try {
		const url = new URL(/^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed.replace(/^\/\//, "")}`);
		// Whoever is named by a handle is read under it.
		if (/^v[mt]\.tiktok\.com$/.test(url.hostname) || /\/(?:@|%40)/i.test(url.pathname) || /^\/t\//i.test(url.pathname)) return false;
		return ROOM_PATH.test(url.pathname) || /^[1-9]\d{9,18}$/.test(url.searchParams.get("room_id") ?? "");
	} catch {
		return false;
	}
}

function youtubeUrl(typed: string): URL | null {
	const has = platformOfLink(typed) === "youtube";
	try {
		if (has) return new URL(/^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`);
		// `watch?v=…` and `/live/…`, without the site.
		return /^[a-z]+:|^[^/?]*\./i.test(typed) ? null : new URL(`https://www.youtube.com/${typed.replace(/^\/+/, "")}`);
	} catch {
		return null;
	}
}

/** Reads `?twitch=a,b&youtube=@c,UC…,liveId:…&frames=1`, from the query or from the part after `#`. */
export function readAddress(address: Pick<Location, "search" | "hash">): PageState {
	const state: PageState = { channels: [], options: { ...DEFAULT_OPTIONS }, frames: false };
	// By hand, because a comma inside a name is written %2C and must not split it.
	for (const pair of `${address.search.slice(1)}&${address.hash.slice(1)}`.split("&")) {
		const at = pair.indexOf("=");
		if (at < 1) continue;
		const [name, value] = [decode(pair.slice(0, at)), pair.slice(at + 1)];
		const platform = PLATFORMS.find((p) => p === name);
		if (platform) {
			for (const text of value.split(",")) add(state.channels, platform, decode(text).trim());
		} else if (name === "frames") {
			state.frames = value === "1";
		} else if (name === "backlog" && /^\d{1,3}$/.test(value)) {
			state.options.backlog = Math.min(200, Number(value));
		} else {
			const flag = FLAGS.find((f) => f === name);
			if (flag) state.options[flag] = value !== "0";
		}
	}
	return state;
}

/** The query for a state: `""` for the default one. What is default is not written. */
export function writeAddress(state: PageState): string {
	const parts: string[] = [];
	for (const platform of PLATFORMS) {
		const names = state.channels.filter((c) => c.platform === platform).map((c) => {
			// Written plainly where that is safe, so that the address can be read and typed.
			const isClear = kindOf(platform, c.identifier) === c.identifierType && !PREFIXES.some(([p]) => c.identifier.startsWith(p));
			const prefix = isClear ? "" : (PREFIXES.find(([, type]) => type === c.identifierType)?.[0] ?? "");
			return prefix + encodeURIComponent(c.identifier).replaceAll("%40", "@");
		});
		if (names.length > 0) parts.push(`${platform}=${names.join(",")}`);
	}
	for (const flag of FLAGS) {
		if (state.options[flag] !== DEFAULT_OPTIONS[flag]) parts.push(`${flag}=${state.options[flag] ? 1 : 0}`);
	}
	if (state.options.backlog !== DEFAULT_OPTIONS.backlog) parts.push(`backlog=${state.options.backlog}`);
	if (state.frames) parts.push("frames=1");
	return parts.length > 0 ? `?${parts.join("&")}` : "";
}

function add(channels: Wanted[], platform: Platform, text: string): void {
	const [prefix, identifierType] = PREFIXES.find(([p]) => text.startsWith(p)) ?? ["", kindOf(platform, text)];
	const identifier = text.slice(prefix.length);
	if (!identifier || channels.length >= MAX_CHANNELS) return;
	const wanted: Wanted = { platform, identifier, identifierType };
	if (!channels.some((c) => c.platform === platform && c.identifier === identifier && c.identifierType === identifierType)) {
		channels.push(wanted);
	}
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text.replaceAll("+", " "));
	} catch {
		return text;
	}
}
