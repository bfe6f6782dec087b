/** How own looks are made of others, and what of an overlay's own settings goes along. Pure. */

import type { NewLook } from "$lib/bindings/NewLook";
import type { Overlay } from "$lib/bindings/Overlay";
import { CONTROLS } from "$lib/control/values";
import { t } from "$lib/language/language";
import { fitting } from "$lib/overlay/css/examine";
import { nameOf } from "$lib/overlay/looks/file";
import type { Look } from "$lib/overlay/looks/look";
import { lookName } from "$lib/overlay/looks/words";
import { exact, isCssAddress } from "$lib/overlay/looks/values";

/** What is shown of all that happens belongs to the overlay, whatever it wears. */
const STAYS: ReadonlySet<string> = new Set(CONTROLS.filter((c) => c.group === "shown").map((c) => c.id));

/** A copy of a look, with what was set on the overlay that wears it; and that overlay without it. */
export function copied(look: Look, overlay: Overlay, names: readonly string[]): { look: NewLook; overlay: Overlay } {
	const [values, left]: [Record<string, unknown>, Record<string, unknown>] = [{ ...look.own?.values }, {}];
	let css = look.own?.css ?? "";
	for (const [id, value] of Object.entries(overlay.values)) {
		const control = CONTROLS.find((c) => c.id === id);
		const isRules = id === "css" && typeof value === "string" && !isCssAddress(value);
		const kept = control && exact(control, value);
		if (isRules) css = fitting([css, value].filter(Boolean).join("\n"));
		else if (STAYS.has(id) || id === "css" || kept === undefined) left[id] = value;
		else values[id] = kept;
	}
	return { look: { name: copyName(lookName(look), names), base: look.own?.base ?? look.id, values, css }, overlay: { ...overlay, values: left } };
}

/** A name that no look has yet. */
function copyName(of: string, names: readonly string[]): string {
	const taken = (name: string) => names.includes(name);
	const first = nameOf(t("looks.tab.copyOf", { look: of }));
	if (!taken(first)) return first;
	for (let n = 2; ; n++) {
		const next = nameOf(t("looks.tab.copyNumber", { look: of, n }));
		if (!taken(next) || n > names.length + 2) return next;
	}
}

/** The overlay in a look that was imported: as it is there, whatever was set on the overlay before. */
export function imported(overlay: Overlay, look: string): Overlay {
	return { ...overlay, look, values: Object.fromEntries(Object.entries(overlay.values).filter(([id]) => STAYS.has(id))) };
}
