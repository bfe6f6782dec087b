/** A look: one document that says how an overlay looks. */

import type { OwnLook } from "../../bindings/OwnLook";

/** Where a look is meant to stand. */
export type Shape = "side" | "corner" | "bar";

export interface Look {
	/** As addresses write it: `?look=neon`. Also the name of its file. */
	readonly id: string;
	readonly shape: Shape;
	/** By the ids of the schema, as an address would write them. */
	readonly values: Readonly<Record<string, unknown>>;
	/** Lines of CSS in the theme's layer. */
	readonly css?: readonly string[];
	/** The look that a person has made of one, if it is such a one: its values are among `values` already. */
	readonly own?: OwnLook;
}

/** The sizes of sources that suit, on a canvas of 1920 × 1080. */
export const SIZES: Readonly<Record<Shape, readonly [number, number]>> = { side: [420, 900], corner: [600, 400], bar: [1920, 120] };

/** The look that a person has made, dressed in the look that it was made of. */
export function dressed(base: Look, own: OwnLook): Look {
	return { ...base, id: own.id, values: { ...base.values, ...own.values }, own };
}
