/** The platform's own colours of a paid message, made safe and readable. */

import type { PaidColors } from "./bindings/PaidColors";
import { MIN_CONTRAST, contrast, parseHex } from "./color";

/** What a painted card is drawn with; every value is `#rrggbb`. */
export interface Paint {
	readonly header: string;
	readonly headerInk: string;
	/** The author's name, on the header. */
	readonly nameInk: string;
	readonly body: string;
	readonly bodyInk: string;
}

/** The paint for a message, or null if the platform gave it no colours that can be used. Colours are hostile. */
export function paint(colors: PaidColors | undefined): Paint | null {
	if (!colors) return null;
	const [header, body] = [ground(colors.header, colors.header_text), ground(colors.body, colors.body_text)];
	if (!header || !body) return null;
	return {
		header,
		headerInk: ink(colors.header_text, header),
		nameInk: ink(colors.author, header),
		body,
		bodyInk: ink(colors.body_text, body),
	};
}

/** So much black may be mixed into a ground: less than can be seen. Chosen by hand; YouTube's magenta needs 2 %. */
const MAX_SHADE = 0.06;

/**
 * A ground is opaque: what is behind it is ours, and differs with the scheme. It is darkened a little where that is all
 * that a light ink needs to be read.
 */
function ground(color: string, text: string): string | null {
	const rgb = split(color)?.rgb;
	if (!rgb) return null;
	const written = split(text);
	for (let shade = 0; written && shade <= MAX_SHADE; shade += 0.01) {
		const shaded = mix("#000000", rgb, shade);
		if (contrast(mix(written.rgb, shaded, written.alpha), shaded) >= MIN_CONTRAST) return shaded;
	}
	return rgb;
}

/** The colour as it looks on `back`, if it can be read there; else black or white, whichever is read better. */
function ink(color: string, back: string): string {
	const read = split(color);
	const seen = read && mix(read.rgb, back, read.alpha);
	if (seen && contrast(seen, back) >= MIN_CONTRAST) return seen;
	return contrast("#000000", back) >= contrast("#ffffff", back) ? "#000000" : "#ffffff";
}

function split(color: string): { rgb: string; alpha: number } | null {
	if (typeof color !== "string" || !/^#[0-9a-f]{6}(?:[0-9a-f]{2})?$/i.test(color)) return null;
	return { rgb: color.slice(0, 7).toLowerCase(), alpha: color.length === 9 ? Number.parseInt(color.slice(7), 16) / 255 : 1 };
}

function mix(over: string, under: string, alpha: number): string {
	const [a, b] = [parseHex(over) ?? [0, 0, 0], parseHex(under) ?? [0, 0, 0]];
	return `#${a.map((v, i) => Math.round(v * alpha + (b[i] ?? 0) * (1 - alpha)).toString(16).padStart(2, "0")).join("")}`;
}
