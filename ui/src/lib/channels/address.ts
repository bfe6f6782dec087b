/** The page's state in its address: a reload keeps it, and a link shares it. */

import type { IdentifierType } from "../bindings/IdentifierType";
import type { Platform } from "../bindings/Platform";
import { PLATFORMS } from "../platforms";
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
const PREFIXES: readonly [string, IdentifierType][] = [["channelId:", "channelId"], ["liveId:", "liveId"]];

/** Reads `?twitch=a,b&youtube=@c,channelId:UC…&frames=1`, from the query or from the part after `#`. */
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
			const prefix = PREFIXES.find(([, type]) => type === c.identifierType)?.[0] ?? "";
			// Written plainly where that is safe, so that the address can be read and typed.
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
	const [prefix, identifierType] = PREFIXES.find(([p]) => text.startsWith(p)) ?? ["", "username" as const];
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
