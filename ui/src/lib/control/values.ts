/** What is set about an overlay: by itself, by its look, or by nobody. In the plain form in which it is kept. Pure. */

import type { Overlay } from "../bindings/Overlay";
import type { OwnLook } from "../bindings/OwnLook";
import type { Look } from "../overlay/looks/look";
import { type Control, DEFAULTS, SCHEMA } from "../overlay/looks/schema";
import { type Plain, exact, fromFile } from "../overlay/looks/values";
import type { Settings } from "../overlay/settings";

export type { Plain };

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

/** An overlay, and its look if that is one of the person's own: what a form changes. */
export interface Edited {
	readonly overlay: Overlay;
	readonly own: OwnLook | null;
}

/** With a setting, or without it where that says what would be anyway. It is set on the look if that is an own one, else on the overlay. */
export function edit({ overlay, own }: Edited, look: Look | null, base: Look | null, control: Control, value: Plain | null): Edited {
	if (!own) return { overlay: withValue(overlay, look, control.id, value), own };
	const { [control.id]: _, ...others } = own.values;
	const { [control.id]: __, ...left } = overlay.values;
	const of = (values: Readonly<Record<string, unknown>>) => plainOf({ ...DEFAULTS, ...fromFile(base?.values ?? {}), ...fromFile(values) }[control.id]);
	// As the server takes it; what cannot be read is taken back.
	const kept = value === null ? undefined : exact(control, value);
	const values = kept === undefined || of({ ...others, [control.id]: kept }) === of(others) ? others : { ...others, [control.id]: kept };
	return { overlay: control.id in overlay.values ? { ...overlay, values: left } : overlay, own: { ...own, values } };
}

/** Whether a setting was changed, on the overlay or on its own look. */
export function isEdited({ overlay, own }: Edited, id: keyof Settings): boolean {
	return isChanged(overlay, id) || (own !== null && Object.hasOwn(own.values, id));
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
