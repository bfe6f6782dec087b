/** A look as a file: `my-look.polychat-look.json`. What comes out of one is held against the schema, value by value. */

import { LOOK_LIMITS } from "../../bindings/LookSchema";
import type { NewLook } from "../../bindings/NewLook";
import { tame } from "../css/tame";
import { isBuiltIn } from "./builtin";
import { LOOKS } from "./names";
import { type Control, SCHEMA } from "./schema";
import { exact } from "./values";

/** The form of the file. A later one is not read. */
const FORM = 1;
/** The longest file that is read: a look at its bounds, with every sign escaped. */
export const MAX_FILE = 1024 * 1024;
/** More are not told one by one. */
const MAX_TOLD = 20;
/** Pieces of a file are cut where they are told. */
const MAX_TEXT = 60;

/** Something of a file that was left out, or taken in another form. */
export type Note =
	| { readonly kind: "setting"; readonly name: string }
	| { readonly kind: "value" | "changed"; readonly control: Control; readonly value: string; readonly now?: string }
	| { readonly kind: "base"; readonly name: string }
	| { readonly kind: "css" | "name" }
	| { readonly kind: "address"; readonly text: string };

export interface ReadLook {
	readonly look: NewLook;
	/** In the order of the file. */
	readonly notes: readonly Note[];
	/** How many there are; not all may be among `notes`. */
	readonly noted: number;
}

/** Why nothing could be read. */
export type Unreadable = "noFile" | "newer" | "tooLarge";

/** The text of a file. */
export function writeLook({ name, base, values, css }: NewLook): string {
	return `${JSON.stringify({ polychatLook: FORM, name, base, values, css }, null, "\t")}\n`;
}

/** What the file of a look is called. */
export function fileName(id: string): string {
	return `${id}.polychat-look.json`;
}

/** Reads the text of a file. `name` is what a look without one is called. */
export function readLookFile(text: string, name: string): ReadLook | Unreadable {
	if (text.length > MAX_FILE) return "tooLarge";
	let file: unknown;
	try {
		file = JSON.parse(text);
	} catch {
		return "noFile";
	}
	if (typeof file !== "object" || file === null || !Object.hasOwn(file, "polychatLook")) return "noFile";
	const said = file as Readonly<Record<string, unknown>>;
	if (typeof said.polychatLook !== "number" || !(said.polychatLook >= 1)) return "noFile";
	if (said.polychatLook > FORM) return "newer";
	const notes: Note[] = [];
	let noted = 0;
	const note = (one: Note) => {
		noted++;
		if (notes.length < MAX_TOLD) notes.push(one);
	};
	const base = typeof said.base === "string" && isBuiltIn(said.base) ? said.base : LOOKS[0];
	if (base !== said.base) note({ kind: "base", name: short(said.base) });
	const called = typeof said.name === "string" ? nameOf(said.name) : "";
	if (!called) note({ kind: "name" });
	const values: Record<string, unknown> = {};
	const given = typeof said.values === "object" && said.values !== null && !Array.isArray(said.values) ? Object.entries(said.values) : [];
	for (const [id, value] of given) {
		const control = (SCHEMA as readonly Control[]).find((c) => c.id === id && c.id !== "css");
		const kept = control && exact(control, value);
		if (!control) note({ kind: "setting", name: short(id) });
		else if (kept === undefined) note({ kind: "value", control, value: short(value) });
		else {
			values[id] = kept;
			if (kept !== value) note({ kind: "changed", control, value: short(value), now: short(kept) });
		}
	}
	let css = typeof said.css === "string" ? said.css : "";
	if (new TextEncoder().encode(css).length > LOOK_LIMITS.css || (said.css !== undefined && typeof said.css !== "string")) {
		note({ kind: "css" });
		css = "";
	}
	for (const { text } of tame(css).refused) note({ kind: "address", text: short(text) });
	return { look: { name: called || name, base, values, css }, notes, noted };
}

/** A name as it can be kept, or "". */
export function nameOf(text: string): string {
	const plain = text.replace(/\p{Cc}+/gu, " ").trim();
	return [...plain].slice(0, LOOK_LIMITS.name).join("").trim();
}

function short(value: unknown): string {
	const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
	return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}
