/** The words of the pages, in the language of the person. They are in `ui/languages/<language>/<namespace>.json`. */

import i18next from "i18next";
import overlay from "../../../languages/en/overlay.json";

/** Languages that are complete, by their tag, each in its own words. */
export const LANGUAGES = { en: "English", id: "Bahasa Indonesia" } as const;
export type Language = keyof typeof LANGUAGES;

/** `overlay`: what viewers read, and what lists say of events. `pages`: everything else; overlays load nothing of it. */
export type Namespace = "overlay" | "pages";

type Words = Record<string, unknown>;

/** Where words come from, by their file. Those of `pages` are added by the pages that have them. */
const files: Record<string, () => Promise<Words>> = import.meta.glob<Words>(["../../../languages/*/overlay.json", "!../../../languages/en/overlay.json"], { import: "default" });

/** Adds more files, which are loaded when they are spoken. */
export function addWords(more: Record<string, () => Promise<Words>>): void {
	Object.assign(files, more);
}

/** Languages whose scripts run from right to left. Source: the scripts Arab, Hebr, Thaa and Nkoo of CLDR's likely subtags. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(["ar", "ckb", "dv", "fa", "he", "nqo", "ps", "sd", "ug", "ur", "yi"]);

/** The tag that gives numbers and times their form, or null for the person's own. */
let chosenForms: string | null = null;

/** Told whenever a word is asked for. */
let asked = (): void => undefined;

/** Whether a tag names a language that is there. */
export function isLanguage(tag: unknown): tag is Language {
	return typeof tag === "string" && Object.hasOwn(LANGUAGES, tag);
}

/** The first language of `wanted` that there is: `pt-BR` is served by `pt`. English if there is none. */
export function languageOf(wanted: readonly string[]): Language {
	return wanted.map(baseOf).find(isLanguage) ?? "en";
}

/** The direction in which a language is written. */
export function directionOf(tag: string): "ltr" | "rtl" {
	return RIGHT_TO_LEFT.has(baseOf(tag)) ? "rtl" : "ltr";
}

function baseOf(tag: string): string {
	// Java's and Android's old tag of Indonesian.
	return (tag.toLowerCase().split(/[-_]/)[0] ?? "").replace(/^in$/, "id");
}

/** Loads the words. Everything that is drawn afterwards is in this language. */
export async function speak(language: Language, ...namespaces: Namespace[]): Promise<void> {
	if (!i18next.isInitialized) {
		await i18next.init({
			lng: language,
			fallbackLng: "en",
			ns: [],
			defaultNS: "pages",
			resources: { en: { overlay } },
			// Svelte and the overlay write texts as texts.
			interpolation: { escapeValue: false },
			returnNull: false,
		});
		// In the forms of the person's region, which the language alone does not tell.
		i18next.services.formatter?.add("number", (value: number) => new Intl.NumberFormat(spoken()).format(value));
	}
	await Promise.all([language, "en"].flatMap((wanted) => namespaces.map((namespace) => load(wanted, namespace))));
	await i18next.changeLanguage(language);
}

async function load(language: string, namespace: Namespace): Promise<void> {
	if (i18next.hasResourceBundle(language, namespace)) return;
	const words = await files[`../../../languages/${language}/${namespace}.json`]?.();
	if (words) i18next.addResourceBundle(language, namespace, words);
}

/**
 * A word or a sentence: `t("rail.add")`, `t("overlay:raid", { count: 3 })`. The keys are checked by the compiler.
 *
 * Only where something is drawn, never at the top of a module: there the language is not known yet.
 */
export const t = ((key: string, options?: Record<string, unknown>) => {
	asked();
	return i18next.t(key as never, options as never);
}) as unknown as typeof i18next.t;

/** The words of overlays in another language than the one that is spoken: for what is not meant for viewers. */
export async function wordsIn(language: Language): Promise<typeof t> {
	await load(language, "overlay");
	return i18next.getFixedT(language, "overlay") as unknown as typeof t;
}

/** Hears of every word that is asked for: so does a page that writes its words anew when the language is another one. */
export function onAsked(heard: () => void): void {
	asked = heard;
}

/** The language of the words that are shown now. */
export function language(): Language {
	asked();
	return isLanguage(i18next.language) ? i18next.language : "en";
}

/** Gives numbers and times the forms of another language than the words have; null takes that back. */
export function setForms(tag: string | null): void {
	chosenForms = tag;
}

/** The tag for numbers and times: the language that is spoken now, in the person's own region where that is told. */
export function spoken(): string {
	const now = language();
	return chosenForms ?? globalThis.navigator?.languages.find((tag) => baseOf(tag) === now) ?? now;
}
