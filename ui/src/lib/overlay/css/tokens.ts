/**
 * Splits CSS into tokens, as browsers do (CSS Syntax Module, level 3), with the place of each in the text. It never fails:
 * whatever is wrong is a token, too. Comments are tokens of their own, so that the tokens together are the text.
 */

export type Kind = "space" | "comment" | "string" | "url" | "bad" | "function" | "ident" | "at" | "hash" | "number" | "delim";

export interface Token {
	readonly kind: Kind;
	readonly start: number;
	/** Where the next one starts. */
	readonly end: number;
	/** A name, without `@`, `#` or `(`; the words of a string or of an address; the sign itself. Escapes are resolved. */
	readonly text: string;
}

const NUMBER = /[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?/iy;
const SPACE = /[ \t\n\r\f]+/y;
const COMMENT = /\/\*[^]*?(?:\*\/|$)/y;
const ESCAPE = /\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\n\r\f])?|([^\n\r\f]))/iuy;
const NAME_CHAR = /[-\w\u0000]|[^\u0000-\u007f]/;
const NAME_START = /[_a-z\u0000]|[^\u0000-\u007f]/i;
const IS_NEWLINE = /[\n\r\f]/;

export function* tokens(css: string): Generator<Token, void> {
	let at = 0;
	const match = (what: RegExp, from: number) => {
		what.lastIndex = from;
		return what.exec(css);
	};
	const isEscape = (from: number) => css[from] === "\\" && from + 1 < css.length && !IS_NEWLINE.test(css[from + 1]!);
	const startsName = (from: number): boolean => {
		const first = css[from];
		if (first === undefined) return false;
		if (first === "-") return css[from + 1] === "-" || (css[from + 1] !== undefined && NAME_START.test(css[from + 1]!)) || isEscape(from + 1);
		return NAME_START.test(first) || isEscape(from);
	};
	/** Reads an escape; returns what it means and where it ends. */
	const escape = (from: number): [string, number] => {
		const found = match(ESCAPE, from);
		if (!found) return ["", from + 1];
		if (found[1] === undefined) return [found[2]!, from + found[0].length];
		const code = Number.parseInt(found[1], 16);
		const isOne = code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff);
		return [isOne ? String.fromCodePoint(code) : "\ufffd", from + found[0].length];
	};
	const name = (from: number): [string, number] => {
		let text = "";
		for (;;) {
			const sign = css[from];
			if (sign !== undefined && NAME_CHAR.test(sign)) {
				text += sign;
				from++;
			} else if (isEscape(from)) {
				const [meant, end] = escape(from);
				text += meant;
				from = end;
			} else return [text, from];
		}
	};
	const string = (quote: string): Token => {
		let [text, end] = ["", at + 1];
		for (;;) {
			const sign = css[end];
			if (sign === undefined || sign === quote) return { kind: "string", start: at, end: Math.min(end + 1, css.length), text };
			// A line that ends within a string ends the string, and makes it a bad one.
			if (IS_NEWLINE.test(sign)) return { kind: "bad", start: at, end, text };
			if (sign !== "\\") {
				text += sign;
				end++;
			} else if (isEscape(end)) {
				const [meant, next] = escape(end);
				text += meant;
				end = next;
			} else end += css.startsWith("\r\n", end + 1) ? 3 : 2;
		}
	};
	/** What stands in `url(` without quotes. */
	const url = (from: number): Token => {
		let [text, end] = ["", from];
		end += match(SPACE, end)?.[0].length ?? 0;
		for (;;) {
			const sign = css[end];
			if (sign === undefined || sign === ")") return { kind: "url", start: at, end: Math.min(end + 1, css.length), text };
			const space = match(SPACE, end)?.[0].length ?? 0;
			if (space > 0 && (css[end + space] === ")" || end + space >= css.length)) end += space;
			else if (space > 0 || /["'(\u0001-\u0008\u000b\u000e-\u001f\u007f]/.test(sign) || (sign === "\\" && !isEscape(end))) break;
			else if (sign === "\\") {
				const [meant, next] = escape(end);
				text += meant;
				end = next;
			} else {
				text += sign;
				end++;
			}
		}
		// It is none: everything up to its end is nothing.
		while (end < css.length && css[end] !== ")") end = isEscape(end) ? escape(end)[1] : end + 1;
		return { kind: "bad", start: at, end: Math.min(end + 1, css.length), text: "url" };
	};
	const named = (): Token => {
		const [text, end] = name(at);
		if (css[end] !== "(") return { kind: "ident", start: at, end, text };
		if (text.toLowerCase() === "url") {
			const after = end + 1 + (match(SPACE, end + 1)?.[0].length ?? 0);
			if (css[after] !== '"' && css[after] !== "'") return url(end + 1);
		}
		return { kind: "function", start: at, end: end + 1, text };
	};
	const next = (): Token => {
		const sign = css[at]!;
		const space = match(SPACE, at) ?? (sign === "/" && css[at + 1] === "*" ? match(COMMENT, at) : null);
		if (space) return { kind: sign === "/" ? "comment" : "space", start: at, end: at + space[0].length, text: "" };
		if (sign === '"' || sign === "'") return string(sign);
		const number = match(NUMBER, at);
		if (number) {
			const end = at + number[0].length;
			return { kind: "number", start: at, end: startsName(end) ? name(end)[1] : end, text: number[0] };
		}
		for (const mark of ["<!--", "-->"]) if (css.startsWith(mark, at)) return { kind: "delim", start: at, end: at + mark.length, text: mark };
		if (startsName(at)) return named();
		if (sign === "@" && startsName(at + 1)) {
			const [text, end] = name(at + 1);
			return { kind: "at", start: at, end, text };
		}
		if (sign === "#" && (NAME_CHAR.test(css[at + 1] ?? " ") || isEscape(at + 1))) {
			const [text, end] = name(at + 1);
			return { kind: "hash", start: at, end, text };
		}
		return { kind: "delim", start: at, end: at + 1, text: sign };
	};
	while (at < css.length) {
		const token = next();
		yield token;
		at = token.end;
	}
}
