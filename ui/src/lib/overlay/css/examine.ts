/**
 * What is wrong with CSS, for the person who writes it: rules and declarations that no browser understands, what is not fetched,
 * and selectors that find nothing on an overlay. Says where; the words are the page's. Nothing here changes the CSS.
 */

import { LOOK_LIMITS } from "../../bindings/LookSchema";
import { type Refused, tame } from "./tame";
import { type Token, tokens } from "./tokens";

/** Asks a browser. */
export interface Browser {
	/** Whether it understands a declaration. */
	declaration(name: string, value: string): boolean;
	/** Whether it understands a selector. */
	selector(selector: string): boolean;
	/** Whether it finds something on an overlay that shows everything there is. */
	finds(selector: string): boolean;
}

export interface Problem {
	readonly kind: "rule" | "declaration" | "selector" | "unclosed" | "stray";
	readonly line: number;
	readonly text: string;
}

export interface Report {
	/** How many rules with declarations there are. */
	readonly rules: number;
	readonly problems: readonly Problem[];
	/** Selectors that find nothing, each once. */
	readonly lost: readonly { readonly line: number; readonly text: string }[];
	readonly refused: readonly (Refused & { readonly line: number })[];
	/** It was written for YouTube's chat. */
	readonly isYoutube: boolean;
}

/** More are not told: nobody reads them. */
const MAX_TOLD = 50;
/** Longer pieces are cut where they are told. */
const MAX_TEXT = 80;
/** Rules within rules; deeper ones are nobody's. */
const MAX_DEPTH = 16;

/** At-rules that hold rules. */
const HOLDERS: ReadonlySet<string> = new Set(["media", "supports", "layer", "container", "scope", "starting-style"]);
/** At-rules that hold something of their own, which is not looked at. */
const OTHERS: ReadonlySet<string> = new Set(["font-face", "property", "page", "keyframes", "-webkit-keyframes", "counter-style", "font-feature-values", "font-palette-values", "view-transition", "position-try", "function"]);
/** At-rules without a block. An import is told by its address. */
const LINES: ReadonlySet<string> = new Set(["charset", "import", "namespace", "layer"]);
/** Names of other browsers: generators write them beside the common ones. */
const FOREIGN = /^-(?:webkit|moz|ms|o|khtml)-|^[*_]|^(?:zoom|filter|user-select|mask|box-reflect)$/i;

export function examine(css: string, browser: Browser): Report {
	const all = [...tokens(css)].filter((token) => token.kind !== "comment");
	const lineOf = lines(css);
	const problems: Problem[] = [];
	const lost = new Map<string, { line: number; text: string }>();
	let rules = 0;
	const tell = (kind: Problem["kind"], from: number, to: number) => {
		if (problems.length < MAX_TOLD) problems.push({ kind, line: lineOf(from), text: short(css.slice(from, to)) });
	};
	const is = (at: number, sign: string) => all[at]?.kind === "delim" && all[at].text === sign;

	/** The place after the block, the bracket or the sign at `from`. */
	const skip = (from: number, to: number): number => {
		const open: string[] = [];
		for (let at = from; at < to; at++) {
			const { kind, text } = all[at]!;
			if (kind === "function") open.push(")");
			else if (kind === "delim" && "{[(".includes(text)) open.push(text === "{" ? "}" : text === "[" ? "]" : ")");
			else if (kind === "delim" && text === open.at(-1)) open.pop();
			if (open.length === 0) return at + 1;
		}
		return to;
	};

	/** Reads rules; within a rule, declarations too. */
	const read = (from: number, to: number, depth: number, within: "sheet" | "holder" | "rule") => {
		let at = from;
		while (at < to) {
			const token = all[at]!;
			if (token.kind === "space" || is(at, ";") || is(at, "<!--") || is(at, "-->")) {
				at++;
				continue;
			}
			if (is(at, "}")) {
				tell("stray", token.start, token.end);
				at++;
				continue;
			}
			// Up to what ends it, or to its block.
			let end = at;
			// A variable may hold anything.
			const isVariable = within === "rule" && token.kind === "ident" && token.text.startsWith("--");
			while (end < to && !is(end, ";") && !is(end, "}") && (isVariable || !is(end, "{"))) end = skip(end, to);
			if (token.kind === "at") at = special(at, end, to, depth, within);
			else if (!is(end, "{")) {
				if (within === "rule") declaration(at, end);
				else tell("rule", token.start, all[end - 1]!.end);
				at = end;
			} else {
				const after = skip(end, to);
				// `a:hover {` within a rule is a rule, `a: b` is none: only one of them has a block.
				rules++;
				selectors(at, end, depth > 0 && within === "rule");
				if (depth < MAX_DEPTH) read(end + 1, is(after - 1, "}") ? after - 1 : after, depth + 1, "rule");
				if (!is(after - 1, "}") || after - 1 === end) tell("unclosed", token.start, all[end]!.start);
				at = after;
			}
		}
	};

	const special = (at: number, end: number, to: number, depth: number, within: "sheet" | "holder" | "rule"): number => {
		const { start, text } = all[at]!;
		const name = text.toLowerCase();
		if (!is(end, "{")) {
			if (!LINES.has(name)) tell("rule", start, all[end - 1]!.end);
			return end;
		}
		const after = skip(end, to);
		const closed = is(after - 1, "}") && after - 1 !== end;
		if (HOLDERS.has(name) && depth < MAX_DEPTH) read(end + 1, closed ? after - 1 : after, depth + 1, within === "rule" ? "rule" : "holder");
		else if (OTHERS.has(name)) rules++;
		else tell("rule", start, all[end]!.start);
		if (!closed) tell("unclosed", start, all[end]!.start);
		return after;
	};

	const declaration = (at: number, end: number) => {
		const name = all[at]!;
		let colon = at + 1;
		while (all[colon]?.kind === "space" && colon < end) colon++;
		const last = all[end - 1]!;
		if (name.kind !== "ident" || !is(colon, ":") || colon >= end) {
			// Hacks for browsers of long ago, such as `*zoom: 1`.
			if (!FOREIGN.test(css.slice(name.start, last.end))) tell("declaration", name.start, last.end);
			return;
		}
		const value = css.slice(all[colon]!.end, last.end).replace(/!\s*important\s*$/i, "").trim();
		if (name.text.startsWith("--") || FOREIGN.test(name.text) || browser.declaration(name.text, value)) return;
		tell("declaration", name.start, last.end);
	};

	const selectors = (at: number, end: number, nested: boolean) => {
		let from = at;
		for (let to = at; to <= end; to = to < end ? Math.min(skip(to, end), end) : end + 1) {
			if (to !== end && !is(to, ",")) continue;
			const part = all.slice(from, to);
			from = to + 1;
			const [first, last] = [part.find((t) => t.kind !== "space"), part.findLast((t) => t.kind !== "space")];
			const text = first && last ? css.slice(first.start, last.end) : "";
			// What it is within decides what a nested one finds.
			const whole = nested ? (text.includes("&") ? text.replaceAll("&", "*") : `* ${text}`) : text;
			if (!first || !browser.selector(whole)) tell("selector", first?.start ?? all[at]!.start, last?.end ?? all[end]!.start);
			else if (lost.size < MAX_TOLD && !lost.has(text) && !browser.finds(bare(whole))) lost.set(text, { line: lineOf(first.start), text: short(text) });
		}
	};

	read(0, all.length, 0, "sheet");
	return {
		rules,
		problems,
		lost: [...lost.values()],
		refused: tame(css).refused.map((one) => ({ ...one, text: short(one.text), line: lineOf(one.start) })),
		isYoutube: isYoutubeCss(css),
	};
}

/** Whether it was written for YouTube's chat: it names its elements. */
export function isYoutubeCss(css: string): boolean {
	return [...tokens(css)].some((token: Token) => token.kind === "ident" && token.text.startsWith("yt-live-chat-"));
}

/** A selector without what depends on a moment, a place among others, or a part that is no element. */
export function bare(selector: string): string {
	const text = selector
		.replace(/::[\w-]+(?:\([^)]*\))?/g, "")
		.replace(/:(?:before|after|first-line|first-letter|hover|active|focus|focus-within|focus-visible|visited|link|first-child|last-child|only-child|first-of-type|last-of-type|only-of-type|empty)(?![\w-])/gi, "")
		.replace(/:nth-(?:last-)?(?:child|of-type)\([^)]*\)/gi, "")
		.trim();
	// `a > ::before` has lost what it ended with, and `::-webkit-scrollbar` everything.
	return text === "" || /[>+~]$/.test(text) ? `${text} *` : text;
}

/** Finds the line of a place, beginning with 1. */
function lines(css: string): (at: number) => number {
	const starts = [...css.matchAll(/\r\n|[\n\r\f]/g)].map((found) => found.index);
	return (at) => {
		let [low, high] = [0, starts.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if (starts[middle]! < at) low = middle + 1;
			else high = middle;
		}
		return low + 1;
	};
}

function short(text: string): string {
	const line = text.replace(/\s+/g, " ").trim();
	return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 1)}…` : line;
}

/** As much of a text as a look may hold, in bytes. */
export function fitting(css: string): string {
	const bytes = new TextEncoder().encode(css);
	if (bytes.length <= LOOK_LIMITS.css) return css;
	// A letter that is cut in two is left out.
	return new TextDecoder().decode(bytes.slice(0, LOOK_LIMITS.css)).replace(/\ufffd+$/, "");
}
