import { expect, test } from "vitest";
import { finder } from "./words";

const has = (words: string, text: string) => finder(words.split(","))([text]);

test("words are found whole, whatever the case and the way of writing", () => {
	expect(has("spam", "this is SPAM!")).toBe(true);
	expect(has("spam", "spammer")).toBe(false);
	expect(has("spam", "antispam")).toBe(false);
	expect(has("spam*", "spammers here")).toBe(true);
	expect(has("*spam", "antispam")).toBe(true);
	expect(has("*spam*", "antispammers")).toBe(true);
	expect(has("free followers", "get Free  followers")).toBe(false);
	expect(has("free followers", "get FREE FOLLOWERS now")).toBe(true);
	expect(has("spam", "ｓｐａｍ")).toBe(true);
	expect(has("spam", "sp\u200bam")).toBe(true);
	expect(has("über", "UBER ÜBER")).toBe(true);
	expect(has("a,spam", "no such thing here, b")).toBe(false);
});

test("where scripts put no spaces, words are found inside of others", () => {
	expect(has("荒らし", "これは荒らしです")).toBe(true);
	expect(has("สแปม", "นี่คือสแปมนะ")).toBe(true);
	expect(has("스팸", "스팸메일"), "Korean has spaces").toBe(false);
});

test("signs are found as they are, and nothing means nothing", () => {
	expect(has(":)", "hello :)")).toBe(true);
	expect(has("c++", "i like c++ a lot")).toBe(true);
	expect(has("*,**, ,", "anything")).toBe(false);
	expect(has("", "anything")).toBe(false);
	expect(has("x".repeat(101), "x".repeat(300))).toBe(false);
	expect(has("😀", "so 😀😀 good")).toBe(true);
});
