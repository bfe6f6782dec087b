/** Addresses of overlays, as OBS takes them, and what is known of OBS. Pure. */

import type { ObsNow } from "../bindings/ObsNow";
import type { ObsPages } from "../bindings/ObsPages";
import { t } from "../language/language";

/** Sizes of a source that suit a canvas of 1920 × 1080. */
export const SIZES = [
	{ id: "side", width: 420, height: 900 },
	{ id: "corner", width: 600, height: 400 },
	{ id: "bar", width: 1920, height: 120 },
	{ id: "full", width: 1920, height: 1080 },
] as const;
export type Size = (typeof SIZES)[number];
type Extent = Pick<Size, "width" | "height"> | { width: number; height: number };

/** A size on a canvas of another size: a bar is as wide as it, nothing is larger. */
export function fit(size: Size, canvas: Extent): { width: number; height: number } {
	const { width, height } = canvas;
	const wide = size.id === "bar" || size.id === "full";
	return { width: wide ? width : Math.min(size.width, width), height: size.id === "full" ? height : Math.min(size.height, height) };
}

/** The address of an overlay. It never changes: the look and the channels are kept here. */
export function overlayAddress(origin: string, name: string): string {
	return `${origin}/overlay/${encodeURIComponent(name)}`;
}

/** The same to be dragged into OBS, which makes a source of that name and size of it and takes these words away again. */
export function dragAddress(origin: string, name: string, size: Extent): string {
	const layer = name === "main" ? "Polychat" : `Polychat ${name}`;
	return `${overlayAddress(origin, name)}?${new URLSearchParams({ "layer-name": layer, "layer-width": String(size.width), "layer-height": String(size.height) })}`;
}

/** The page that waits in OBS until Polychat is there, to be saved as a file. */
export function loaderAddress(origin: string, name: string): string {
	return `${origin}/loader/${encodeURIComponent(name)}`;
}

/** As people read it: without the scheme. */
export function shortAddress(address: string): string {
	return address.replace(/^(?:https?|ws):\/\//, "");
}

/** The longest name of an overlay: as the server has it. */
const MAX_NAME = 64;

/** Why a text cannot be the name of a new overlay, or "". */
export function nameProblem(name: string, taken: readonly string[]): string {
	if (!/^[A-Za-z0-9_-]+$/.test(name)) return t("overlayName.letters");
	if (name.length > MAX_NAME) return t("overlayName.long", { most: MAX_NAME });
	return taken.includes(name) ? t("overlayName.taken", { name }) : "";
}

/** What the lamp shows. */
export type Lamp = "off" | "connecting" | "waiting" | "connected" | "streaming" | "recording" | "both";

export function lampOf(now: ObsNow): Lamp {
	if (now.link !== "connected") return now.link;
	if (now.streaming) return now.recording ? "both" : "streaming";
	return now.recording ? "recording" : "connected";
}

/** What is true of an overlay in OBS by now, in the order in which it becomes so. */
export interface Tick {
	readonly id: "source" | "loaded" | "scene" | "air" | "shown";
	readonly done: boolean;
}

/** By what OBS says, and by what the page says that OBS has loaded. Empty while neither says anything. */
export function ticksOf(overlay: string, now: ObsNow, pages: readonly ObsPages[]): Tick[] {
	const connected = now.link === "connected";
	const page = pages.find((p) => p.overlay === overlay);
	if (!connected && !page) return [];
	const mine = now.sources.filter((s) => s.overlay === overlay);
	const loaded = page !== undefined && page.loaded > 0;
	return [
		{ id: "source", done: loaded || mine.length > 0 },
		{ id: "loaded", done: loaded },
		// Whether it is on air, a page does not know from its beginning.
		...(connected
			? ([{ id: "scene", done: mine.some((s) => s.inScene) }, { id: "air", done: mine.some((s) => s.visible) || (page?.active ?? 0) > 0 }] as const)
			: ([{ id: "shown", done: (page?.visible ?? 0) > 0 }] as const)),
	];
}
