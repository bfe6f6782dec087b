/**
 * Everything that can be set about an overlay, once: what addresses may say, what a look's file may hold, what is the default,
 * and what a form shows are all read from here. It is written in `crates/model/src/look/schema.rs`, where the server holds
 * looks against it; here it gets its types. The words of a form are in `words.ts`.
 */

import { LOOK_SCHEMA } from "../../bindings/LookSchema";
import type { Settings } from "../settings";

/** A value that is known beforehand: of a switch, of a select, or words of a text. */
export type Fixed = boolean | string | readonly string[];

/** What a name in an address stands for, if not for the value itself. */
export interface Alias {
	readonly name: string;
	/** The value that it means when it says yes. Without one it is read like any other value. */
	readonly yes?: Fixed;
	/** The value that it means when it says no. */
	readonly no?: Fixed;
	/** What its number is multiplied by. */
	readonly times?: number;
}

interface Common {
	readonly group: Group;
	/** The setting. */
	readonly id: keyof Settings;
	/** Names in an address, in any spelling of upper and lower case. The first one that says something counts. */
	readonly query: readonly Alias[];
	/** Makes sense only while that setting has that value. */
	readonly showIf?: { readonly id: keyof Settings; readonly is: Fixed };
}

/** One thing that can be set. */
export type Control =
	| (Common & { readonly type: "switch"; readonly default: boolean })
	| (Common & {
			readonly type: "number" | "slider";
			readonly default: number;
			readonly min: number;
			readonly max: number;
			/** 1 means whole numbers; else only how a slider moves. */
			readonly step: number;
			/** Of a `×`, `150%` and `150` are the same as `1.5`. */
			readonly unit: "px" | "s" | "×" | "";
	  })
	| (Common & { readonly type: "select"; readonly default: string; readonly options: readonly string[] })
	| (Common & { readonly type: "colour" | "font"; readonly default: null })
	| (Common & { readonly type: "text"; readonly form: "language" | "css"; readonly default: null })
	/** Several words with commas; the words of all its names in an address count. A set, except for `words` and `lines`. */
	| (Common & { readonly type: "text"; readonly form: "names" | "kinds" | "platforms" | "roles" | "words" | "lines"; readonly default: readonly string[] });

export const GROUPS = ["text", "layout", "parts", "motion", "shown"] as const;
export type Group = (typeof GROUPS)[number];

export const SCHEMA = LOOK_SCHEMA satisfies readonly Control[];

/** Fails to compile when a setting has no control. */
type Without<K extends never> = K;
export type Uncontrolled = Without<Exclude<keyof Settings, (typeof SCHEMA)[number]["id"]>>;

/** A fixed value as the settings have it: most lists of words are sets. */
export function meant(control: Control, value: Fixed | number | null): unknown {
	const isSet = control.type === "text" && control.form !== "words" && control.form !== "lines" && Array.isArray(value);
	return isSet ? new Set(value as readonly string[]) : value;
}

/** Every setting at its default. */
export const DEFAULTS = Object.fromEntries(SCHEMA.map((c: Control) => [c.id, meant(c, c.default)])) as unknown as Readonly<Settings>;
