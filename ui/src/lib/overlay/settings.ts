/** How an overlay looks and what it shows. Plain values; the schema says what each may be, and where it comes from. */

import type { Platform } from "../bindings/Platform";

/** A word for what may be shown or hidden: a platform, `chat`, `paid`, `events`, or the name of an event. */
export type Kind = string;

/** What an author is in a channel. */
export type Role = "broadcaster" | "moderator" | "subscriber" | "verified";
export const ROLES: readonly Role[] = ["broadcaster", "moderator", "subscriber", "verified"];

export interface Settings {
	/** Messages that are kept in the document. */
	limit: number;
	/** 1 is the size as designed. */
	scale: number;
	/** In CSS pixels, before {@link scale}. */
	fontSize: number;
	/** Names of font families as CSS writes them, or null for ours. */
	font: string | null;
	/** How heavy words are; `auto` is as the look has them. */
	weight: "auto" | "400" | "500" | "600" | "700" | "800";
	/** The colour of words, or null for the look's. */
	ink: string | null;
	/** What keeps words off the picture; `auto` is what the look has. */
	outline: "auto" | "none" | "shadow" | "thin" | "medium" | "thick" | "thicker";
	smallCaps: boolean;
	/** Of emotes; 1 is as large as designed. */
	emoteScale: number;
	/** Of everything, from 0 to 1. */
	opacity: number;
	/** Behind everything: `#rrggbb` or `#rrggbbaa`, or null for nothing. */
	plate: string | null;
	/** What words stand on where a look draws plates of its own: a colour, or null for nothing. */
	surface: string | null;
	/** Seconds that a message stays; 0 is for ever. */
	hideAfter: number;
	/** Messages that begin with one of these are not shown. */
	prefixes: readonly string[];
	hideBots: boolean;
	/** Messages with one of these words are not shown. */
	hiddenWords: readonly string[];
	/** Messages in which one of these regular expressions is found are not shown. */
	patterns: readonly string[];
	/** Messages with links are not shown. */
	hideLinks: boolean;
	/** If not empty, chat is shown of these roles only. */
	onlyRoles: ReadonlySet<Role>;
	/** Chat of these roles is not shown. */
	hiddenRoles: ReadonlySet<Role>;
	/** Only the first message of somebody is shown. */
	onlyFirst: boolean;
	/** Payments below so many US dollars are not shown. */
	minAmount: number;
	/** Seconds that a message waits before it is shown, so that moderators come first. */
	delay: number;
	/** Where the featured message stands. */
	featured: "top" | "middle" | "bottom" | "off";
	/** Names in lower case that are not shown. */
	hiddenNames: ReadonlySet<string>;
	/** If not empty, only these names are shown. */
	onlyNames: ReadonlySet<string>;
	/** If not empty, only these kinds are shown. */
	onlyKinds: ReadonlySet<Kind>;
	hiddenKinds: ReadonlySet<Kind>;
	/** Shown although they are hidden by default. */
	shownKinds: ReadonlySet<Kind>;
	/** Platforms whose messages cannot be read until they are allowed. */
	blurred: ReadonlySet<Platform>;
	compact: boolean;
	bubble: boolean;
	horizontal: boolean;
	/** Newest first. */
	reverse: boolean;
	alignRight: boolean;
	/** Laid out for scripts that are written from right to left. */
	rtl: boolean;
	/** `auto`: where the platform's own chat has them. */
	avatars: "auto" | "on" | "off";
	badges: boolean;
	times: boolean;
	/** How the platform is told. */
	mark: "icon" | "bar" | "off";
	stripLinks: boolean;
	stillEmotes: boolean;
	/** Messages of nothing but emotes are drawn larger. */
	bigEmotes: boolean;
	/** The row of recent payments on top. */
	ticker: boolean;
	animate: boolean;
	/** A language tag for words, numbers and times, or null for the system's. */
	lang: string | null;
	/** Rules that come after ours, as CSS or as an address. */
	css: string | null;
}

/** Platforms whose own chat shows avatars. */
const WITH_AVATARS: ReadonlySet<Platform> = new Set(["youtube", "tiktok"]);

/** Whether messages of a platform are shown with avatars. */
export function hasAvatars(settings: Settings, platform: Platform): boolean {
	return settings.avatars === "auto" ? WITH_AVATARS.has(platform) : settings.avatars === "on";
}
