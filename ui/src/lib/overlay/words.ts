/** Words that are looked for in what people write. Pure. */

/** Scripts that put no space between words: there a word is found inside of others, too. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** What a word goes on with. */
const LETTER = /[\p{L}\p{M}\p{N}_]/u;
/** Signs that nobody sees, and that part a word so that it is not found. */
const UNSEEN = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;
/** The longest word that is looked for, in letters. */
const MAX_WORD = 100;
/** So much of a text is looked at: more than any platform takes. */
const MAX_TEXT = 4_000;

interface Word {
	readonly text: string;
	/** Letters may stand before it, or after it. */
	readonly before: boolean;
	readonly after: boolean;
}

/** Whether one of `words` is in one of the texts. */
export type Find = (texts: readonly string[]) => boolean;

/** Reads words: `spam`, `free followers`, `spam*`. */
export function finder(words: readonly string[]): Find {
	const all = words.map(read).filter(({ text }) => text !== "" && text.length <= MAX_WORD);
	if (all.length === 0) return () => false;
	return (texts) => texts.some((text) => {
		const folded = fold(text);
		return all.some((word) => has(folded, word));
	});
}

function read(word: string): Word {
	const text = fold(word.replace(/^\*+|\*+$/g, "")).trim();
	const open = (letter: string | undefined) => letter === undefined || !LETTER.test(letter) || UNSPACED.test(letter);
	const letters = Array.from(text);
	return { text, before: word.startsWith("*") || open(letters[0]), after: word.endsWith("*") || open(letters.at(-1)) };
}

/** The same for all ways to write the same letters. */
function fold(text: string): string {
	return text.slice(0, MAX_TEXT).normalize("NFKC").toLowerCase().replace(UNSEEN, "");
}

function has(text: string, { text: word, before, after }: Word): boolean {
	for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
		if ((before || !LETTER.test(lastOf(text, at))) && (after || !LETTER.test(firstOf(text, at + word.length)))) return true;
	}
	return false;
}

/** The letter that ends at a place, as people see letters. */
function lastOf(text: string, end: number): string {
	return Array.from(text.slice(Math.max(0, end - 2), end)).at(-1) ?? "";
}

function firstOf(text: string, start: number): string {
	return Array.from(text.slice(start, start + 2))[0] ?? "";
}
