import { afterEach, describe, expect, test } from "vitest";
import { type Language, LANGUAGES, directionOf, languageOf, setForms, speak, t } from "./language";

type Words = { readonly [key: string]: string | Words };
const files = import.meta.glob<Words>("../../../languages/*/*.json", { import: "default", eager: true });

/** Key and sentence, with the path to it. */
function sentences(words: Words, path = ""): [string, string][] {
	return Object.entries(words).flatMap(([key, value]) => (typeof value === "string" ? [[path + key, value]] : sentences(value, `${path}${key}.`)));
}
const file = (language: string, namespace: string) => files[`../../../languages/${language}/${namespace}.json`] ?? {};
/** Forms of number are the language's own. */
const bare = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, "");
const holes = (sentence: string) => [...new Set(sentence.match(/\{\{[^}]+\}\}/g))].sort();

afterEach(() => speak("en"));

describe.each(Object.keys(LANGUAGES) as Language[])("%s", (language) => {
	test.each(["overlay", "pages"])("%s has every sentence of English and no other, with the same holes", (namespace) => {
		const english = new Map(sentences(file("en", namespace)).map(([key, sentence]) => [bare(key), sentence]));
		const own = sentences(file(language, namespace));
		expect([...new Set(own.map(([key]) => bare(key)))].sort()).toEqual([...english.keys()].sort());
		for (const [key, sentence] of own) {
			expect.soft(sentence.trim(), key).not.toBe("");
			// "One message" may do without the number.
			if (bare(key) === key) expect.soft(holes(sentence), key).toEqual(holes(english.get(key) ?? ""));
		}
	});

	test.each(["overlay", "pages"])("%s has every form of number that the language has", (namespace) => {
		const keys = new Set(sentences(file(language, namespace)).map(([key]) => key));
		const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
		for (const key of keys) {
			if (bare(key) !== key) for (const form of forms) expect.soft(keys, key).toContain(`${bare(key)}_${form}`);
		}
	});
});

test("the person's languages are asked in their order", () => {
	expect(languageOf(["id-ID", "en-US"])).toBe("id");
	expect(languageOf(["in-ID"])).toBe("id");
	expect(languageOf(["tlh", "en-GB", "id"])).toBe("en");
	expect(languageOf(["tlh"])).toBe("en");
	expect(languageOf([])).toBe("en");
});

test("what is drawn next is in the new language", async () => {
	await speak("id", "overlay", "pages");
	expect(t("unready.again")).toBe("Coba lagi");
});

test("what strangers write stays as they wrote it", () => {
	for (const name of ["$t(unready.again)", "{{count}}", "{{name}}", "<b>x</b>", "unready.again"]) {
		expect(t("rail.removeNamed", { name })).toBe(`Remove ${name}`);
	}
});

test("numbers and times have the forms of the language", async () => {
	const { ago, count, duration, listed, money, until } = await import("../format");
	const all = () => [count(1_234), duration(600), until(7_500_000), ago(3 * 86_400_000), listed(["A", "B", "C"]), money({ micros: 5_000_000, currency: "USD" })].map((s) => s.replaceAll("\u00a0", " "));
	expect(all()).toEqual(["1,234", "10 min", "2 hr 5 min", "3 days ago", "A, B, and C", "$5.00"]);
	expect(t("overlay:viewers", { count: 1_234 })).toBe("1,234 viewers");
	await speak("id", "overlay", "pages");
	expect(all()).toEqual(["1.234", "10 mnt", "2 j, 5 mnt", "3 hari yang lalu", "A, B, dan C", "$5,00"]);
	expect(t("overlay:viewers", { count: 1_234 })).toBe("1.234 penonton");
	setForms("de");
	expect(count(1_234_567)).toBe("1.234.567");
	setForms(null);
});

test.each([["ar", "rtl"], ["fa-IR", "rtl"], ["id", "ltr"], ["en-GB", "ltr"]] as const)("%s runs %s", (tag, direction) => {
	expect(directionOf(tag)).toBe(direction);
});
