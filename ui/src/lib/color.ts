/** Colours of names: the author's own, made readable, or one of ours. */

type Rgb = readonly [number, number, number];

/** WCAG AA for text of this size. */
export const MIN_CONTRAST = 4.5;

/** What a name has to be read on: the lightest surface of the dark scheme, the darkest of the light one (tokens.css). */
const DARK_SURFACE: Rgb = [0x22, 0x27, 0x31];
const LIGHT_SURFACE: Rgb = [0xec, 0xef, 0xf3];

/** For authors without a colour. Chosen by hand: even in brightness, apart in hue. */
const DEFAULTS = [
	"#ff8fc7", "#7fd7ff", "#8fa6ff", "#ffb37f", "#46c98a", "#9be37c", "#e6c36a", "#c79bff", "#ff9a94", "#5fd3c4",
	"#f0a6e8", "#a8c7ff", "#d4d66a", "#ffc0a3", "#79d98b",
] as const;

/** A name's colour in both schemes, as `#rrggbb`. */
export interface NameColor {
	readonly dark: string;
	readonly light: string;
}

/** The colour to write a name in. `color` is hostile: anything but `#rrggbb` counts as none. */
export function nameColor(color: string | null | undefined, stableId: string): NameColor {
	const own = color && parseHex(color) ? color.toLowerCase() : defaultColor(stableId);
	return readable(own);
}

/** `color` as far towards white or black as it takes to be read on `surface`. Both are `#rrggbb`. */
export function readableOn(color: string, surface: string): string {
	const black: Rgb = [0, 0, 0];
	return toward(parseHex(color) ?? black, isLight(surface) ? black : [255, 255, 255], parseHex(surface) ?? black);
}

/** Whether black can be read better on it than white. Unreadable input counts as black. */
export function isLight(color: string): boolean {
	return contrast(color, "#000000") >= contrast(color, "#ffffff");
}

/** The colour that an author without one gets: the same every time. */
export function defaultColor(stableId: string): string {
	return DEFAULTS[hash(stableId) % DEFAULTS.length] ?? DEFAULTS[0];
}

/** How well two colours can be told apart, from 1 to 21 (WCAG 2.2). Unreadable input counts as black. */
export function contrast(a: string, b: string): number {
	return ratio(luminance(parseHex(a) ?? [0, 0, 0]), luminance(parseHex(b) ?? [0, 0, 0]));
}

/** `#rrggbb` as numbers, or null. */
export function parseHex(color: string): Rgb | null {
	if (!/^#[0-9a-f]{6}$/i.test(color)) return null;
	const n = Number.parseInt(color.slice(1), 16);
	return [n >> 16, (n >> 8) & 255, n & 255];
}

/** FNV-1a: short, and spreads short names well. */
export function hash(text: string): number {
	let h = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
	return h >>> 0;
}

/** Names repeat; corrections need not. Emptied when full: cheaper than to keep an order. */
const known = new Map<string, NameColor>();
const MAX_KNOWN = 2_000;

function readable(color: string): NameColor {
	const found = known.get(color);
	if (found) return found;
	const rgb = parseHex(color) ?? [0, 0, 0];
	const made = { dark: toward(rgb, [255, 255, 255], DARK_SURFACE), light: toward(rgb, [0, 0, 0], LIGHT_SURFACE) };
	if (known.size >= MAX_KNOWN) known.clear();
	known.set(color, made);
	return made;
}

/** Moves `from` towards `to` by the least amount that can be read on `surface`. */
function toward(from: Rgb, to: Rgb, surface: Rgb): string {
	const back = luminance(surface);
	const at = (t: number) => from.map((v, i) => Math.round(v + ((to[i] ?? 0) - v) * t)) as unknown as Rgb;
	const reads = (t: number) => ratio(luminance(at(t)), back) >= MIN_CONTRAST;
	if (reads(0)) return hex(from);
	let [bad, good] = [0, 1];
	for (let i = 0; i < 8; i++) {
		const middle = (bad + good) / 2;
		if (reads(middle)) good = middle;
		else bad = middle;
	}
	return hex(at(good));
}

function hex(rgb: Rgb): string {
	return `#${rgb.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}

function luminance(rgb: Rgb): number {
	const [r, g, b] = rgb.map((v) => {
		const s = v / 255;
		return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
	}) as unknown as Rgb;
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a: number, b: number): number {
	return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
