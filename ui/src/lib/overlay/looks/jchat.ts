/**
 * A link of jChat, a Twitch chat for OBS, as a look and its channels. The names of its settings are those of its generator and of
 * its children; what they mean was read in its source.
 */

import type { AddChannel } from "../../bindings/AddChannel";
import { kindOf } from "../../channels/address";
import { type Control, SCHEMA } from "./schema";
import { bool, exact } from "./values";

/** Something of a link that is not as it was. */
export type LinkNote =
	/** There is nothing like it here. */
	| { readonly kind: "cannot"; readonly name: string }
	/** Its value means nothing. */
	| { readonly kind: "unread"; readonly name: string; readonly value: string }
	/** It is always so here. */
	| { readonly kind: "badges" | "readable" | "colon" }
	| { readonly kind: "font"; readonly name: string };

export interface ReadLink {
	/** The channel, for the name of the look. */
	readonly channel: string;
	readonly channels: readonly AddChannel[];
	readonly values: Readonly<Record<string, unknown>>;
	readonly notes: readonly LinkNote[];
}

/** What a link looks like. */
export const EXAMPLE = "https://www.giambaj.it/twitch/jchat/v2/?channel=…";

/** In the order of its generator. */
const FONTS = ["Baloo Tammudu", "Segoe UI", "Roboto", "Lato", "Noto Sans", "Source Code Pro", "Impact", "Comfortaa", "Dancing Script", "Indie Flower", "Press Start 2P", "Wallpoet"];
/** Small, medium and large, in pixels. */
const SIZES = [20, 34, 48];
const STROKES = ["none", "thin", "medium", "thick", "thicker"];
/** What makes a link with a channel one of these. */
const OWN: ReadonlySet<string> = new Set(["size", "font", "stroke", "shadow", "animate", "fade", "bots", "hide_commands", "hide_badges", "small_caps", "block", "emotescale", "hidecolon", "bigsoloemotes"]);
/** Without a counterpart. */
const CANNOT: ReadonlySet<string> = new Set(["center", "invert", "showpronouns", "height", "regex"]);
/** Longer links are none. */
const MAX_LINK = 4_000;
const MAX_NOTES = 30;

/** Reads a link; null if it is none of jChat. */
export function readJchat(link: string): ReadLink | null {
	const said = settingsOf(link.trim());
	if (!said) return null;
	const notes: LinkNote[] = [];
	const values: Record<string, unknown> = {};
	const set = (id: Control["id"], value: unknown, name: string, text: string) => {
		const control = (SCHEMA as readonly Control[]).find((c) => c.id === id);
		const kept = control && value !== undefined ? exact(control, value) : undefined;
		if (kept === undefined) notes.push({ kind: "unread", name, value: short(text) });
		else values[id] = kept;
	};
	// Its own defaults, where a link says nothing.
	set("fontSize", SIZES[2], "size", "");
	set("animate", false, "animate", "");
	set("hideBots", true, "bots", "");
	set("prefixes", "", "hide_commands", "");
	set("mark", "off", "mark", "");
	set("font", FONTS[0], "font", "");
	for (const [name, text] of said) {
		const number = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
		const yes = bool(text);
		const ifYes = (id: Control["id"], on: unknown, off: unknown) => set(id, yes === undefined ? undefined : yes ? on : off, name, text);
		switch (name) {
			case "channel":
			case "yt":
			case "mark":
				break;
			case "size":
				set("fontSize", SIZES[number - 1], name, text);
				break;
			case "font":
				set("font", FONTS[number], name, text);
				break;
			case "stroke":
				if (number > 0 || values.outline === undefined || text !== "0") set("outline", yes === false ? "none" : STROKES[number], name, text);
				break;
			case "shadow":
				// A rim has a shadow already.
				if (number > 3 || Number.isNaN(number)) ifYes("outline", "shadow", "none");
				else if (values.outline === undefined || values.outline === "none") set("outline", number > 0 ? "shadow" : "none", name, text);
				break;
			case "animate":
				ifYes("animate", true, false);
				break;
			case "fade":
				if (Number.isNaN(number)) ifYes("hideAfter", 30, 0);
				else set("hideAfter", number, name, text);
				break;
			case "bots":
				ifYes("hideBots", false, true);
				break;
			case "hide_commands":
				ifYes("prefixes", "!", "");
				break;
			case "hide_badges":
				if (yes) notes.push({ kind: "badges" });
				break;
			case "small_caps":
				ifYes("smallCaps", true, false);
				break;
			case "block":
				set("hiddenNames", text, name, text);
				break;
			case "sms":
				ifYes("bubble", true, false);
				break;
			case "bigsoloemotes":
				ifYes("bigEmotes", true, false);
				break;
			case "weight":
				// Some count otherwise: what is no weight of CSS is not guessed.
				set("weight", number >= 100 ? String(Math.min(800, Math.max(400, Math.round(number / 100) * 100))) : undefined, name, text);
				break;
			case "emotescale":
				set("emoteScale", text, name, text);
				break;
			case "scale":
				set("scale", text, name, text);
				break;
			case "hidecolon":
				if (yes) notes.push({ kind: "colon" });
				break;
			case "readable":
				if (yes) notes.push({ kind: "readable" });
				break;
			default:
				if (yes !== false || !CANNOT.has(name)) notes.push({ kind: "cannot", name: short(name) });
		}
	}
	if (typeof values.font === "string") notes.unshift({ kind: "font", name: values.font });
	const channels: AddChannel[] = [];
	const name = said.get("channel") ?? "";
	if (/^\w{1,25}$/.test(name)) channels.push({ platform: "twitch", identifier: name.toLowerCase(), identifierType: "username" });
	const youtube = said.get("yt") ?? "";
	if (youtube && youtube.length <= 200) channels.push({ platform: "youtube", identifier: youtube, identifierType: kindOf("youtube", youtube) });
	return { channel: short(name), channels, values, notes: notes.slice(0, MAX_NOTES) };
}

/** The settings of a link by their names in small letters, or null. */
function settingsOf(link: string): Map<string, string> | null {
	if (link.length > MAX_LINK || !/^(?:https?:\/\/)?[\w.-]+(?::\d+)?\//i.test(link) || !link.includes("?")) return null;
	// Its older generator wrote two question marks.
	const query = link.slice(link.indexOf("?") + 1).split("#")[0]!.replaceAll("?", "&");
	const said = new Map([...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value.trim()]));
	const isOne = /(?:^|\.|\/)jchat[./-]|\/jchat\/|giambaj\.it/i.test(link.split("?")[0]!) || [...said.keys()].some((name) => OWN.has(name));
	return said.has("channel") && isOne ? said : null;
}

function short(text: string): string {
	return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
