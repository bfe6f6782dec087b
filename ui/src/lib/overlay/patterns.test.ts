import { expect, test } from "vitest";
import { MAX_LENGTH, MAX_PATTERNS, readPatterns } from "./patterns";

const hides = async (pattern: string, text: string) => (await readPatterns([pattern])).find([text]);
const fault = async (...patterns: string[]) => [...(await readPatterns(patterns)).faults];

test("a message is hidden when one is found anywhere in it, whatever the case", async () => {
	expect(await hides("sp[a4]m", "so much SP4M here")).toBe(true);
	expect(await hides("^spam$", "so much spam")).toBe(false);
	expect(await hides(String.raw`\p{Han}{3}`, "你好世界")).toBe(true);
	expect(await hides(String.raw`\bfoo\b`, "food")).toBe(false);
	expect(await hides("x*", "")).toBe(false);
	const two = await readPatterns(["one", "two"]);
	expect(two.find(["nothing", "the two of them"])).toBe(true);
	expect(two.find(["three"])).toBe(false);
});

test("what cannot be one is named, and the others work", async () => {
	const read = await readPatterns(["(", "good", "[z-a]", "*", "(?=a)", String.raw`(a)\1`, "a{2000}", "x".repeat(MAX_LENGTH + 1), "((a{30}){30})", String.raw`\Y`]);
	expect([...read.faults]).toEqual([[0, "parenthesis"], [2, "bracket"], [3, "repetition"], [4, "around"], [5, "escape"], [6, "large"], [7, "long"], [8, "large"], [9, "escape"]]);
	expect(read.find(["a good one"])).toBe(true);
	expect((await fault(...Array.from({ length: MAX_PATTERNS + 2 }, (_, n) => `p${n}`))).map(([at]) => at)).toEqual([MAX_PATTERNS, MAX_PATTERNS + 1]);
	expect((await fault(...Array.from({ length: 10 }, () => "a{300}"))).length, "all together have a bound, too").toBe(4);
});

test("hostile expressions on hostile texts end: a browser's own would not", async () => {
	const text = `${"a".repeat(50_000)}!`;
	for (const pattern of ["(a+)+$", "(a|aa)+$", "(a|a?)+$", "(.*a){20}$", "(x+x+)+y", String.raw`^(\w+\s?)*$`, "(?:a?){100}a{100}$", "(((((a*)*)*)*)*)*$"]) {
		const read = await readPatterns([pattern]);
		expect(read.faults.size, pattern).toBe(0);
		expect(read.find([text]), pattern).toBeTypeOf("boolean");
	}
	expect(await hides("a{300}", "a".repeat(100_000)), "and the end of a very long text is not looked at").toBe(true);
});
