/**
 * The settings in an overlay's address. The names are those that people know from other overlays, in any spelling of upper
 * and lower case; what cannot be read is left at its default, because a typing mistake must not empty a stream.
 */

import { readAddress } from "../channels/address";
import type { Wanted } from "../channels/wanted";
import { PLATFORMS } from "../platforms";
import type { Look } from "./looks/look";
import { DEFAULTS } from "./looks/schema";
import { bool, fromFile, fromQuery, fromSaved } from "./looks/values";
import type { Settings } from "./settings";

/** What an overlay's address says. */
export interface Asked {
	settings: Settings;
	channels: Wanted[];
	/** How many recent messages to begin with. */
	backlog: number;
	/** It is shown inside of a page of ours, which says what happens. */
	preview: boolean;
}

/** Enough to fill a page, few enough to be there at once. Chosen by hand. */
const BACKLOG = 20;
/** The channel that a server with `--demo` plays on every platform. */
export const DEMO = "polychat-demo";

/** The name of the look that an address chooses, or null. */
export function readLook({ search }: Pick<Location, "search">): string | null {
	return params(search).get("look")?.toLowerCase() || null;
}

/** Values that are saved for an overlay, by the ids of the schema. */
export type Values = Readonly<Record<string, unknown>>;

/** Reads an address. What it says itself goes before what is saved for the overlay, and that before what its look says. */
export function readQuery(address: Pick<Location, "search" | "hash">, look: Look | null = null, values: Values = {}): Asked {
	const { channels, options } = readAddress(address);
	const query = params(address.search);
	if (bool(query.get("demo"))) {
		for (const platform of PLATFORMS) channels.push({ platform, identifier: DEMO, identifierType: "username" });
	}
	const settings: Settings = { ...DEFAULTS, ...(look ? fromFile(look.values) : {}), ...fromSaved(values), ...fromQuery(query) };
	return { settings, channels, backlog: query.has("backlog") ? options.backlog : BACKLOG, preview: bool(query.get("preview")) === true };
}

/** By names in lower case; of several the last counts. A name alone counts as `1`. */
function params(search: string): Map<string, string> {
	return new Map([...new URLSearchParams(search)].map(([name, value]) => [name.toLowerCase(), value.trim()]));
}
