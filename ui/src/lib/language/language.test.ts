import { afterEach, describe, expect, test } from "vitest";
import { type Language, LANGUAGES, languageOf, speak, t } from "./language";

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
