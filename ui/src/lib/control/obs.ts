/** Addresses of overlays, as OBS takes them. Pure. */

import { t } from "../language/language";

/** Sizes of a source that suit a canvas of 1920 × 1080. */
export const SIZES = [
	{ id: "side", name: "Side", width: 420, height: 900 },
	{ id: "corner", name: "Corner", width: 600, height: 400 },
	{ id: "bar", name: "Bar", width: 1920, height: 120 },
	{ id: "full", name: "Full", width: 1920, height: 1080 },
] as const;
export type Size = (typeof SIZES)[number];

/** The address of an overlay. It never changes: the look and the channels are kept here. */
export function overlayAddress(origin: string, name: string): string {
	return `${origin}/overlay/${encodeURIComponent(name)}`;
}

/** The same to be dragged into OBS, which makes a source of that name and size of it and takes these words away again. */
export function dragAddress(origin: string, name: string, size: Pick<Size, "width" | "height">): string {
	const layer = name === "main" ? "Polychat" : `Polychat ${name}`;
	return `${overlayAddress(origin, name)}?${new URLSearchParams({ "layer-name": layer, "layer-width": String(size.width), "layer-height": String(size.height) })}`;
}

/** As people read it: without the scheme. */
export function shortAddress(address: string): string {
	return address.replace(/^https?:\/\//, "");
}

/** The longest name of an overlay: as the server has it. */
const MAX_NAME = 64;

/** Why a text cannot be the name of a new overlay, or "". */
export function nameProblem(name: string, taken: readonly string[]): string {
	if (!/^[A-Za-z0-9_-]+$/.test(name)) return t("overlayName.letters");
	if (name.length > MAX_NAME) return t("overlayName.long", { most: MAX_NAME });
	return taken.includes(name) ? t("overlayName.taken", { name }) : "";
}
