/** The words of the pages, in the language of the person. They are in `ui/languages/<language>/<namespace>.json`. */

import i18next from "i18next";
import overlay from "../../../languages/en/overlay.json";

/** Languages that are complete, by their tag, each in its own words. */
export const LANGUAGES = { en: "English", id: "Bahasa Indonesia" } as const;
export type Language = keyof typeof LANGUAGES;

/** `overlay`: what viewers read, and what lists say of events. `pages`: everything else; overlays load nothing of it. */
export type Namespace = "overlay" | "pages";

const others = import.meta.glob<Record<string, unknown>>(["../../../languages/*/*.json", "!../../../languages/en/overlay.json"], { import: "default" });

/** The first language of `wanted` that there is: `pt-BR` is served by `pt`. English if there is none. */
export function languageOf(wanted: readonly string[]): Language {
	for (const tag of wanted) {
		// Java's and Android's old tag of Indonesian.
		const base = tag.toLowerCase().split("-")[0]?.replace(/^in$/, "id");
		if (base && base in LANGUAGES) return base as Language;
	}
	return "en";
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
	}
	await Promise.all([language, "en"].flatMap((wanted) => namespaces.map((namespace) => load(wanted, namespace))));
	await i18next.changeLanguage(language);
}

async function load(language: string, namespace: Namespace): Promise<void> {
	if (i18next.hasResourceBundle(language, namespace)) return;
	const words = await others[`../../../languages/${language}/${namespace}.json`]?.();
	if (words) i18next.addResourceBundle(language, namespace, words);
}

/**
 * A word or a sentence: `t("rail.add")`, `t("overlay:raid", { count: 3 })`. The keys are checked by the compiler.
 *
 * Only where something is drawn, never at the top of a module: there the language is not known yet.
 */
export const t = i18next.t;

/** The language that is spoken now, for numbers and times. */
export function spoken(): string {
	return i18next.language ?? "en";
}
