/** A look: one file that says how an overlay looks. */

/** Where a look is meant to stand. */
export type Shape = "side" | "corner" | "bar";

export interface Look {
	/** As addresses write it: `?look=neon`. Also the name of its file. */
	readonly id: string;
	readonly name: string;
	/** One sentence for the gallery. */
	readonly about: string;
	readonly shape: Shape;
	/** By the ids of the schema, as an address would write them. */
	readonly values: Readonly<Record<string, string | number | boolean>>;
	/** Lines of CSS in the theme's layer. */
	readonly css?: readonly string[];
}

/** The sizes of sources that suit, on a canvas of 1920 × 1080. */
export const SIZES: Readonly<Record<Shape, readonly [number, number]>> = { side: [420, 900], corner: [600, 400], bar: [1920, 120] };
