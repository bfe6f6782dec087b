/** The language of a whole page of ours: the one that is set, or the system's. What is shown is written anew when it changes. */

import { read, write } from "../control/remember";
import "./pages";
import { type Language, type Namespace, directionOf, isLanguage, languageOf, onAsked, speak } from "./language";

/** Where pages of this browser tell each other what is set. */
const KEY = "language";
const NAMESPACES: readonly Namespace[] = ["overlay", "pages"];

/** Grows with each change. Every word that is shown depends on it. */
let turn = $state.raw(0);
/** Only the last of several wishes counts. */
let wishes = 0;

/** The language for a setting; anything that is none, such as null, is the system's. */
function languageFor(set: unknown): Language {
	return isLanguage(set) ? set : languageOf(navigator.languages);
}

/** Loads the words of this page, before anything is drawn, and goes by what another page of this browser is told. */
export async function openLanguage(): Promise<void> {
	onAsked(() => void turn);
	addEventListener("storage", () => void show(read(KEY)));
	addEventListener("languagechange", () => void show(read(KEY)));
	await show(read(KEY));
}

/** Speaks what is set from now on; null is the system's language. A server that does not say, undefined, changes nothing. */
export function heardLanguage(set: string | null | undefined): void {
	if (set === undefined) return;
	if (read(KEY) !== set) write(KEY, set);
	void show(set);
}

async function show(set: unknown): Promise<void> {
	const wish = ++wishes;
	const language = languageFor(set);
	const root = document.documentElement;
	if (turn > 0 && root.lang === language) return;
	await speak(language, ...NAMESPACES);
	if (wish !== wishes) return;
	root.lang = language;
	root.dir = directionOf(language);
	turn++;
}
