/**
 * The settings in an overlay's address. The names are those that people know from other overlays, in any spelling of upper
 * and lower case; what cannot be read is left at its default, because a typing mistake must not empty a stream.
 */

import type { Platform } from "../bindings/Platform";
import { readAddress } from "../channels/address";
import type { Wanted } from "../channels/wanted";
import { PLATFORMS, isPlatform } from "../platforms";
import { DEFAULTS, type Settings } from "./settings";

/** What an overlay's address says. */
export interface Asked {
	settings: Settings;
	channels: Wanted[];
	/** How many recent messages to begin with. */
	backlog: number;
}

/** Enough to fill a page, few enough to be there at once. Chosen by hand. */
const BACKLOG = 20;
/** The channel that a server with `--demo` plays on every platform. */
export const DEMO = "polychat-demo";
/** More CSS than any generator writes. */
const MAX_CSS = 256 * 1024;
/** More names than anybody types. */
const MAX_NAMES = 500;

/** Reads an address. */
export function readQuery(address: Pick<Location, "search" | "hash">): Asked {
	const { channels, options } = readAddress(address);
	const query = params(address.search);
	const told = (...names: string[]) => names.map((n) => query.get(n.toLowerCase())).find((v) => v !== undefined);
	const flag = (name: string, otherwise: boolean) => bool(told(name), otherwise);
	const not = (name: string, otherwise: boolean) => !bool(told(name), !otherwise);
	const list = (...names: string[]) => names.flatMap((n) => words(query.get(n.toLowerCase())));
	if (bool(told("demo"), false)) {
		for (const platform of PLATFORMS) channels.push({ platform, identifier: DEMO, identifierType: "username" });
	}
	const blur = told("blur");
	const settings: Settings = {
		limit: Math.round(number(told("limit"), 1, 200, DEFAULTS.limit)),
		scale: factor(told("scale"), 0.5, 3, DEFAULTS.scale),
		fontSize: number(told("fontSize"), 8, 96, DEFAULTS.fontSize),
		font: font(told("font")),
		opacity: factor(told("opacity"), 0, 1, DEFAULTS.opacity),
		plate: color(told("background")),
		hideAfterMs: told("showtime") ? number(told("showtime"), 0, 3_600_000, 0) : number(told("hideAfter"), 0, 3_600, 0) * 1_000,
		prefixes: prefixes(told("hideCommands", "excludeCommands")),
		hideBots: flag("hideBots", DEFAULTS.hideBots),
		hiddenNames: names(list("hidefrom", "exclude", "ignoreChatters")),
		onlyNames: names(list("onlyfrom")),
		onlyKinds: new Set(list("onlytype").map(kind)),
		hiddenKinds: new Set(list("hidetype").map(kind)),
		shownKinds: new Set(list("showtype").map(kind)),
		blurred: new Set(blur !== undefined && bool(blur, false) ? PLATFORMS : (words(blur).filter(isPlatform) as Platform[])),
		compact: flag("compact", false),
		bubble: flag("bubble", false),
		horizontal: flag("horizontal", false),
		reverse: flag("reverse", false),
		alignRight: flag("alignright", false),
		rtl: flag("rtl", false),
		avatars: told("noavatar") === undefined ? "auto" : not("noavatar", true) ? "on" : "off",
		badges: not("nobadges", true),
		times: not("notime", false),
		mark: bool(told("hidesource"), false) ? "off" : told("source") === "bar" ? "bar" : "icon",
		stripLinks: flag("striplinks", false),
		stillEmotes: flag("staticemotes", false),
		bigEmotes: flag("bigemotes", false),
		ticker: flag("ticker", false),
		animate: flag("animate", true),
		lang: language(told("lang")),
		css: css(told("css"), told("b64css")),
	};
	return { settings, channels, backlog: query.has("backlog") ? options.backlog : BACKLOG };
}

/** By names in lower case; of several the last counts. A name alone counts as `1`. */
function params(search: string): Map<string, string> {
	return new Map([...new URLSearchParams(search)].map(([name, value]) => [name.toLowerCase(), value.trim()]));
}

/** A name without a value means yes. */
function bool(text: string | undefined, otherwise: boolean): boolean {
	if (text === undefined) return otherwise;
	if (/^(?:|1|true|yes|on)$/i.test(text)) return true;
	return /^(?:0|false|no|off)$/i.test(text) ? false : otherwise;
}

function number(text: string | undefined, min: number, max: number, otherwise: number): number {
	const value = Number.parseFloat(text ?? "");
	return Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : otherwise;
}

/** `1.5`, `150%` and `150` are the same. */
function factor(text: string | undefined, min: number, max: number, otherwise: number): number {
	const value = Number.parseFloat(text ?? "");
	if (!Number.isFinite(value)) return otherwise;
	return Math.min(max, Math.max(min, text?.includes("%") || value > 10 ? value / 100 : value));
}

function words(text: string | undefined): string[] {
	return (text ?? "").split(",").map((w) => w.trim()).filter(Boolean).slice(0, MAX_NAMES);
}

function names(of: readonly string[]): Set<string> {
	return new Set(of.map((n) => n.replace(/^@/, "").toLowerCase()));
}

/** Plurals and the words of other overlays name the same. */
function kind(word: string): string {
	const lower = word.toLowerCase();
	const same: Record<string, string> = { messages: "chat", message: "chat", superchat: "paid", donation: "paid", donations: "paid", event: "events" };
	return same[lower] ?? (lower !== "events" && lower.endsWith("s") && lower !== "bits" ? lower.slice(0, -1) : lower);
}

/** `#`, which has to be written `%23`, may be left out. */
function color(text: string | undefined): string | null {
	const digits = /^#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text ?? "")?.[1]?.toLowerCase();
	if (!digits) return null;
	const full = digits.length < 6 ? [...digits].map((d) => d + d).join("") : digits;
	// Nothing can be seen of a plate that is wholly transparent.
	return full.length === 8 && full.endsWith("00") ? null : `#${full}`;
}

/** Names of fonts, and nothing else that CSS could read. */
function font(text: string | undefined): string | null {
	const families = words(text).map((f) => f.replace(/["']/g, "").trim()).filter((f) => /^[\p{L}\p{N} _-]{1,64}$/u.test(f));
	return families.length > 0 ? families.map((f) => `"${f}"`).join(", ") : null;
}

function prefixes(text: string | undefined): readonly string[] {
	if (text === undefined || bool(text, false)) return DEFAULTS.prefixes;
	return bool(text, true) ? words(text) : [];
}

function language(text: string | undefined): string | null {
	try {
		return text ? (Intl.getCanonicalLocales(text)[0] ?? null) : null;
	} catch {
		return null;
	}
}

function css(plain: string | undefined, base64: string | undefined): string | null {
	if (plain) return plain.length <= MAX_CSS ? plain : null;
	if (!base64 || base64.length > MAX_CSS) return null;
	try {
		// In a query a plus is read as a space, and some write the other alphabet.
		const bytes = atob(base64.replace(/[ -]/g, "+").replaceAll("_", "/"));
		return new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
	} catch {
		return null;
	}
}
