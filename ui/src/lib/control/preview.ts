/** The address of an overlay's preview: the overlay page, told in its address what is set. Pure. */

import type { Overlay } from "../bindings/Overlay";
import { type Alias, type Control, SCHEMA } from "../overlay/looks/schema";
import { fromFile } from "../overlay/looks/values";
import { plainOf } from "./values";

/** In the desktop program the page is a file beside ours; a server has an address for it. */
export function previewAddress(desktop: boolean, overlay: Overlay): string {
	const query = new URLSearchParams({ preview: "1", limit: "24", hideBots: "0" });
	if (overlay.look) query.set("look", overlay.look);
	const set = fromFile(overlay.values);
	for (const control of SCHEMA as readonly Control[]) {
		const value = set[control.id];
		const pair = value === undefined ? null : written(control, value);
		if (pair) query.set(...pair);
	}
	return `${desktop ? "/overlay.html" : "/overlay/preview"}?${query}`;
}

/** A setting as an address writes it, or null for what no address can say. */
function written(control: Control, value: unknown): [string, string] | null {
	const plain = control.query.find((alias): alias is string => typeof alias === "string");
	if (plain) return [plain, value === null ? "none" : String(plainOf(value))];
	const alias = control.query.find((a): a is Alias => typeof a !== "string");
	if (!alias) return null;
	const same = (a: unknown) => a !== undefined && String(plainOf(a)) === String(plainOf(value));
	if (same(alias.yes)) return [alias.name, "1"];
	if (same(alias.no)) return [alias.name, "0"];
	// Lists that are neither the one for yes nor the one for no.
	return control.type === "text" ? [alias.name, String(plainOf(value))] : null;
}
