/** Reads values by the schema, from an address or from a look's file. What cannot be read is undefined, and changes nothing. */

import { isPlatform } from "../../platforms";
import { ROLES, type Role, type Settings } from "../settings";
import { LOOK_LIMITS } from "../../bindings/LookSchema";
import { tame } from "../css/tame";
import { type Alias, type Control, SCHEMA, meant } from "./schema";

/** More CSS than any generator writes. */
const MAX_CSS = LOOK_LIMITS.css * 4;
/** More names than anybody types. */
const MAX_NAMES = 500;
/** More regular expressions than anybody writes. */
const MAX_LINES = 100;

/** What the query of an address says, by the schema. */
export function fromQuery(query: ReadonlyMap<string, string>): Partial<Settings> {
	return collect((control) => {
		const texts = control.query.map((alias) => [alias, query.get(alias.name.toLowerCase())] as const);
		const said = texts.filter((pair): pair is readonly [Alias, string] => pair[1] !== undefined);
		const values = said.map(([alias, text]) => readAlias(control, alias, text)).filter((value) => value !== undefined);
		const sets = values.filter((value) => value instanceof Set);
		// Lists of several names count together.
		return sets.length > 1 ? new Set(sets.flatMap((set) => [...set])) : values[0];
	});
}

/** What a look's file says, by the schema. */
export function fromFile(values: Readonly<Record<string, unknown>>): Partial<Settings> {
	return collect((control) => readPlain(control, Object.hasOwn(values, control.id) ? values[control.id] : undefined));
}

/**
 * What is saved for an overlay, by the schema. It may have come from a file of somebody else: its rules ask nobody for anything,
 * and are none of another place. Those of an address are typed into OBS by its person, and may.
 */
export function fromSaved(values: Readonly<Record<string, unknown>>): Partial<Settings> {
	const read = fromFile(values);
	return read.css ? { ...read, css: isCssAddress(read.css) ? ownPath(read.css) : tame(read.css).css } : read;
}

/** Whether it names a place where rules are, instead of being rules. */
export function isCssAddress(css: string): boolean {
	return /^(?:https?:)?\/\/\S+$|^\/\S+\.css$/.test(css.trim());
}

/** An address on the server that has served the page, or nothing. */
function ownPath(address: string): string | null {
	return /^\/[^/\\]\S*$/.test(address.trim()) ? address : null;
}

/** A value of a document: only plain ones can be read. */
export function readPlain(control: Control, value: unknown): unknown {
	const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
	return isPlain ? readValue(control, String(value)) : undefined;
}

/** A value as people write it. */
export function readValue(control: Control, text: string): unknown {
	switch (control.type) {
		case "switch":
			return bool(text);
		case "number":
		case "slider":
			return number(control, text);
		case "select":
			return control.options.find((value) => value === text.toLowerCase());
		case "colour":
			return color(text);
		case "font":
			return font(text);
		case "text":
			return readText(control, text);
	}
}

/** What a document can hold of a setting. */
export type Plain = string | number | boolean;

/** The longest text of a document, in bytes: the server has the same. */
const MAX_TEXT = 4_000;

/** A value as documents hold it, so that the server takes it: read as loosely as any, written in one way. Undefined if it cannot be read. */
export function exact(control: Control, value: unknown): Plain | undefined {
	const isLines = control.type === "text" && control.form === "lines";
	const signs = isLines ? /[^\P{Cc}\n]+/gu : /\p{Cc}+/gu;
	const read = readPlain(control, typeof value === "string" && !(control.type === "text" && control.form === "css") ? value.replace(signs, " ") : value);
	if (read === undefined) return undefined;
	if (read === null) return "none";
	if (typeof read === "boolean" || typeof read === "number") return read;
	const text = typeof read === "string" ? (control.type === "font" ? read.replaceAll('"', "") : read) : [...(read as Iterable<string>)].join(isLines ? "\n" : ", ");
	const isRules = control.type === "text" && control.form === "css";
	return isRules || new TextEncoder().encode(text).length <= MAX_TEXT ? text : undefined;
}

/** A name without a value means yes. */
export function bool(text: string | undefined): boolean | undefined {
	if (text === undefined) return undefined;
	if (/^(?:|1|true|yes|on)$/i.test(text)) return true;
	return /^(?:0|false|no|off)$/i.test(text) ? false : undefined;
}

function collect(read: (control: Control) => unknown): Partial<Settings> {
	const pairs = SCHEMA.map((control) => [control.id, read(control)] as const);
	return Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) as Partial<Settings>;
}

function readAlias(control: Control, alias: Alias, text: string): unknown {
	if (alias.yes !== undefined || alias.no !== undefined) {
		const said = bool(text);
		if (said !== undefined) return meant(control, (said ? alias.yes : alias.no) ?? null) ?? undefined;
		// Words that say neither yes nor no are a value only where any words can be one.
		if (control.type !== "text") return undefined;
	}
	if (alias.name === "b64css") return fromBase64(text);
	// Kept within its bounds after it is in the control's own unit.
	return readValue(control, alias.times ? String(Number.parseFloat(text) * alias.times) : text);
}

function readText(control: Control & { type: "text" }, text: string): unknown {
	switch (control.form) {
		case "language":
			return language(text);
		case "css":
			return text.length > 0 && text.length <= MAX_CSS ? text : undefined;
		case "words":
			return words(text);
		case "lines":
			return text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean).slice(0, MAX_LINES);
		case "roles":
			return new Set(words(text).map(role).filter((r) => r !== undefined));
		case "names":
			return new Set(words(text).map((n) => n.replace(/^@/, "").toLowerCase()));
		case "kinds":
			return new Set(words(text).map(kind));
		case "platforms":
			return new Set(words(text).filter(isPlatform));
	}
}

function number(control: Control & { type: "number" | "slider" }, text: string): number | undefined {
	const value = Number.parseFloat(text);
	if (!Number.isFinite(value)) return undefined;
	const own = control.unit === "×" && (text.includes("%") || value > 10) ? value / 100 : value;
	const kept = Math.min(control.max, Math.max(control.min, own));
	return control.step === 1 ? Math.round(kept) : kept;
}

function words(text: string): string[] {
	return text.split(",").map((w) => w.trim()).filter(Boolean).slice(0, MAX_NAMES);
}

/** Plurals and the words of other overlays name the same. */
function kind(word: string): string {
	const lower = word.toLowerCase();
	const same: Record<string, string> = { messages: "chat", message: "chat", superchat: "paid", donation: "paid", donations: "paid", event: "events" };
	return same[lower] ?? (lower !== "events" && lower.endsWith("s") && lower !== "bits" ? lower.slice(0, -1) : lower);
}

/** Platforms call the same by many names. */
function role(word: string): Role | undefined {
	const same: Record<string, Role> = { streamer: "broadcaster", owner: "broadcaster", host: "broadcaster", mod: "moderator", sub: "subscriber", member: "subscriber", fan: "subscriber" };
	const one = word.toLowerCase().replace(/s$/, "");
	return same[one] ?? ROLES.find((r) => r === one);
}

/** `#`, which has to be written `%23` in an address, may be left out. Null is a plate that is taken away. */
function color(text: string): string | null | undefined {
	if (/^(?:0|no|none|off|transparent)$/i.test(text)) return null;
	const digits = /^#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text)?.[1]?.toLowerCase();
	if (!digits) return undefined;
	const full = digits.length < 6 ? [...digits].map((d) => d + d).join("") : digits;
	// Nothing can be seen of a plate that is wholly transparent.
	return full.length === 8 && full.endsWith("00") ? null : `#${full}`;
}

/** Names of fonts, and nothing else that CSS could read. */
function font(text: string): string | undefined {
	const families = words(text).map((f) => f.replace(/["']/g, "").trim()).filter((f) => /^[\p{L}\p{N} _-]{1,64}$/u.test(f));
	return families.length > 0 ? families.map((f) => `"${f}"`).join(", ") : undefined;
}

function language(text: string): string | undefined {
	try {
		return text ? Intl.getCanonicalLocales(text)[0] : undefined;
	} catch {
		return undefined;
	}
}

function fromBase64(text: string): string | undefined {
	if (!text || text.length > MAX_CSS) return undefined;
	try {
		// In a query a plus is read as a space, and some write the other alphabet.
		const bytes = atob(text.replace(/[ -]/g, "+").replaceAll("_", "/"));
		return new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
	} catch {
		return undefined;
	}
}
