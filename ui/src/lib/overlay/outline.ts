/** What keeps words off the picture behind them. Pure. */

import type { Settings } from "./settings";

/** Widths of the rim, in parts of the text's size: it grows with it. */
const WIDTHS = { thin: 0.05, medium: 0.09, thick: 0.13, thicker: 0.18 } as const;
/** Soft, so that words stand off a light picture, too. */
const SHADE = "0 0.1em 0.2em #000b, 0 0 0.5em #0009";
/** Directions of a rim; between these, letters with thin strokes show no gaps. */
const AROUND = 12;

/** A text shadow, or null for the look's own. */
export function outlineOf(outline: Settings["outline"]): string | null {
	if (outline === "auto") return null;
	if (outline === "none") return "none";
	if (outline === "shadow") return SHADE;
	const width = WIDTHS[outline];
	const rim = Array.from({ length: AROUND }, (_, i) => {
		const angle = (i / AROUND) * 2 * Math.PI;
		return `${em(Math.cos(angle) * width)} ${em(Math.sin(angle) * width)} 0 var(--edge, #000000d9)`;
	});
	return [...rim, "0 0.1em 0.2em #0008"].join(", ");
}

function em(length: number): string {
	return `${Number(length.toFixed(3)) + 0}em`;
}
