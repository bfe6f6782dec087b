/**
 * Makes CSS of strangers ask nobody for anything: a picture, a font or a sheet from elsewhere would tell that place who watches,
 * and rules for attributes could tell it what is said. What is in the text itself (`data:`) stays. Works on tokens, as browsers
 * see them, so that no escape and no comment hides an address; what could become an address only later is taken out whole.
 */

import { tokens } from "./tokens";

/** Something that was taken out. */
export interface Refused {
	/** A sheet, a picture or font, or a function that could fetch one. */
	readonly kind: "import" | "address" | "function";
	readonly start: number;
	/** The address, or the name of the function. */
	readonly text: string;
}

export interface Tamed {
	readonly css: string;
	readonly refused: readonly Refused[];
}

/** Functions that take an address as a mere string, so that a variable could bring one. */
const FETCHING: ReadonlySet<string> = new Set(["image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade", "src"]);
/** A picture that is none, and that nobody is asked for. */
const NOTHING = '"data:,"';
/** More is not told: nobody reads it. */
const MAX_REFUSED = 100;

export function tame(css: string): Tamed {
	const refused: Refused[] = [];
	let [text, kept] = ["", 0];
	const put = (start: number, end: number, instead: string, what: Omit<Refused, "start">) => {
		text += css.slice(kept, start) + instead;
		kept = end;
		if (refused.length < MAX_REFUSED) refused.push({ ...what, start });
	};
	/** The address is the next string. */
	let expects = false;
	/** It follows an `@import`. */
	let imports = false;
	for (const { kind, start, end, text: meant } of tokens(css)) {
		const lower = meant.toLowerCase();
		if (kind === "at") {
			imports = lower === "import";
			// A rule that no browser knows: it skips it with all that belongs to it.
			if (imports) put(start, end, "@refused", { kind: "import", text: "" });
		} else if (kind === "url" || (kind === "string" && expects)) {
			if (isInside(meant)) continue;
			const last = refused.at(-1);
			// Told once, with its address.
			if (imports && last) refused[refused.length - 1] = { ...last, text: meant };
			const instead = kind === "url" ? `url(${NOTHING})` : NOTHING;
			if (imports) {
				text += css.slice(kept, start) + instead;
				kept = end;
			} else put(start, end, instead, { kind: "address", text: meant });
		} else if (kind === "string" && imports) {
			const last = refused.at(-1);
			if (last) refused[refused.length - 1] = { ...last, text: meant };
		} else if (kind === "function" && FETCHING.has(lower)) {
			put(start, end, "refused(", { kind: "function", text: lower });
		}
		if (kind === "function") expects = lower === "url";
		else if (kind !== "space" && kind !== "comment") expects = false;
		if (kind === "delim" && /[;{}]/.test(meant)) imports = false;
	}
	return { css: text + css.slice(kept), refused };
}

/** Whether an address leads nowhere: it holds what it is about, or is a part of the page. */
function isInside(address: string): boolean {
	const plain = address.replace(/[\u0000-\u0020]/g, "").toLowerCase();
	return plain === "" || plain.startsWith("data:") || plain.startsWith("#");
}
