/**
 * Regular expressions that hide messages. The browser's own may take for ever over one message, whether somebody means that or
 * not; these take a time that grows with the length of the text only (RE2). They are loaded when somebody has set one.
 */

import type { Find } from "./words";

/** The most that are looked for, and the longest. Chosen by hand. */
export const MAX_PATTERNS = 50;
export const MAX_LENGTH = 300;
/** How large one may become, and all together, in steps of the machine that looks for it: what a letter costs at most. */
const MAX_STEPS = 400;
const MAX_STEPS_IN_ALL = 2_000;
/** So much of a text is looked at: more than any platform takes. */
const MAX_TEXT = 2_000;

/** Why one cannot be used. */
export type Fault = "many" | "long" | "large" | "parenthesis" | "bracket" | "repetition" | "around" | "escape" | "other";

export interface Patterns {
	readonly find: Find;
	/** Those that are not used, by their place. */
	readonly faults: ReadonlyMap<number, Fault>;
}

/** None. */
export const NO_PATTERNS: Patterns = { find: () => false, faults: new Map() };

/** Reads regular expressions. Upper and lower case are the same. */
export async function readPatterns(lines: readonly string[]): Promise<Patterns> {
	if (lines.length === 0) return NO_PATTERNS;
	const { RE2JS } = await import("./re2");
	const faults = new Map<number, Fault>();
	const all: ReturnType<typeof RE2JS.compile>[] = [];
	let steps = 0;
	for (const [at, line] of lines.entries()) {
		if (at >= MAX_PATTERNS) faults.set(at, "many");
		else if (line.length > MAX_LENGTH) faults.set(at, "long");
		else {
			try {
				const pattern = RE2JS.compile(line, RE2JS.CASE_INSENSITIVE);
				const size = pattern.programSize();
				if (size > MAX_STEPS || steps + size > MAX_STEPS_IN_ALL) faults.set(at, "large");
				else {
					steps += size;
					all.push(pattern);
				}
			} catch (error) {
				faults.set(at, faultOf(error));
			}
		}
	}
	const find: Find = (texts) => texts.some((text) => {
		const looked = text.slice(0, MAX_TEXT);
		return looked !== "" && all.some((pattern) => pattern.test(looked));
	});
	return { find, faults };
}

/** What its author has to mend. */
function faultOf(error: unknown): Fault {
	const said = error instanceof Error ? error.message : "";
	if (/closing \)|unexpected \)/.test(said)) return "parenthesis";
	if (/closing \]|character class/.test(said)) return "bracket";
	if (/repeat count/.test(said)) return "large";
	if (/repetition/.test(said)) return "repetition";
	if (/Perl syntax|group/.test(said)) return "around";
	if (/escape|backslash/.test(said)) return "escape";
	return "other";
}
