/** What is set about an overlay: by itself, by its look, or by nobody. In the plain form in which it is kept. Pure. */

import type { Overlay } from "../bindings/Overlay";
import type { Look } from "../overlay/looks/look";
import { type Control, DEFAULTS, SCHEMA } from "../overlay/looks/schema";
import { fromFile } from "../overlay/looks/values";
import type { Settings } from "../overlay/settings";

/** What can be kept of a setting. */
export type Plain = string | number | boolean;

/** All controls, in the order in which they are offered. */
export const CONTROLS: readonly Control[] = SCHEMA;

/** Everything as it is: what is set on the overlay goes before what its look says. */
export function settingsOf(overlay: Overlay, look: Look | null): Settings {
	return { ...DEFAULTS, ...fromFile(look?.values ?? {}), ...fromFile(overlay.values) };
}

/** Whether a setting was changed on the overlay itself. */
export function isChanged(overlay: Overlay, id: keyof Settings): boolean {
	return Object.hasOwn(overlay.values, id);
}

/** The overlay with a setting, or without it where that says what would be anyway. */
export function withValue(overlay: Overlay, look: Look | null, id: keyof Settings, value: Plain | null): Overlay {
	const { [id]: _, ...others } = overlay.values;
	const without: Overlay = { ...overlay, values: others };
	if (value === null) return without;
	const set: Overlay = { ...overlay, values: { ...others, [id]: value } };
	return plainOf(settingsOf(set, look)[id]) === plainOf(settingsOf(without, look)[id]) ? without : set;
}

/** A setting as it is written: lists with commas, nothing as "". */
export function plainOf(value: unknown): Plain {
	if (value instanceof Set || Array.isArray(value)) return [...(value as Iterable<string>)].join(", ");
	return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : "";
}

/** A colour and how solid it is, from 0 to 100. */
export interface Paint {
	readonly color: string;
	readonly solid: number;
}

/** What a plate gets when it is first wanted. */
const DARK = "#101218";

export function paintOf(color: string | null): Paint {
	if (!color) return { color: DARK, solid: 0 };
	const alpha = color.length === 9 ? Number.parseInt(color.slice(7), 16) : 255;
	return { color: color.slice(0, 7), solid: Math.round((alpha / 255) * 100) };
}

/** As a setting: a colour that cannot be seen is none. */
export function paintValue({ color, solid }: Paint): string {
	if (solid <= 0) return "none";
	const alpha = Math.round((Math.min(100, solid) / 100) * 255);
	return alpha === 255 ? color : `${color}${alpha.toString(16).padStart(2, "0")}`;
}
