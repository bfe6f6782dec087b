/** What is looked for in the history, and the pages that were found. */

import type { Backend } from "../backend/backend";
import { sentence } from "../backend/backend";
import type { HistoryEntry } from "../bindings/HistoryEntry";
import type { HistoryPage } from "../bindings/HistoryPage";
import type { HistoryQuery } from "../bindings/HistoryQuery";
import type { KeptHistory } from "../bindings/KeptHistory";
import { type Asked, type Wanted, wantedOf } from "./address";
import { type Form, type Said, head, isSubtitles, lines, since, subtitles } from "./forms";

/** Entries of a page. */
const PAGE = 100;
/** More are not shown: whoever has read so far narrows the search. */
export const MOST_SHOWN = 2_000;
/** What stands around an entry, on either side. */
const AROUND = 25;
/** Entries of one request for a file, and of the whole file: a long evening of a large chat. */
const PORTION = 500;
export const MOST_FILED = 100_000;
/** Typing rests so long before it is looked for. */
const REST_MS = 250;

/** An entry among those that were told before and after it in its channel, the oldest first. */
export interface Context {
	readonly of: HistoryEntry;
	readonly entries: readonly HistoryEntry[];
	/** There is more, on either side. */
	readonly earlier: boolean;
	readonly later: boolean;
}

export class HistorySearch {
	/** The newest first. */
	entries = $state.raw<readonly HistoryEntry[]>([]);
	/** There is more, older. */
	more = $state.raw(false);
	/** What stands around an entry, in place of what was found. */
	context = $state.raw<Context | null>(null);
	/** What there is to search; null until it is known. */
	kept = $state.raw<KeptHistory | null>(null);
	busy = $state.raw(false);
	/** Something was looked for, and found or not. */
	looked = $state.raw(false);
	/** Why nothing is shown, or "". */
	trouble = $state.raw("");
	/** Entries that were read for a file; null while none is made. */
	filed = $state.raw<number | null>(null);

	readonly #backend: Backend;
	readonly #now: () => number;
	#wanted: Wanted = {};
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** An answer to an earlier question comes too late. */
	#asked = 0;
	#filing = 0;

	constructor(backend: Backend, now: () => number = Date.now) {
		this.#backend = backend;
		this.#now = now;
	}

	/** More of what was found may be shown. */
	get goesOn(): boolean {
		return this.more && this.entries.length < MOST_SHOWN;
	}

	/** Looks for something: at once, or when typing rests. */
	look(asked: Asked, when: "now" | "rested"): void {
		this.context = null;
		this.#asked++;
		clearTimeout(this.#timer);
		const begin = () => {
			this.#wanted = wantedOf(asked, this.#now());
			void this.#load([]);
		};
		if (when === "now") begin();
		else this.#timer = setTimeout(begin, REST_MS);
	}

	/** Asks what there is to search. */
	async askKept(): Promise<void> {
		// Its trouble is that of the search, which tells it.
		this.kept = await this.#backend.call("kept_history", {}).catch(() => this.kept);
	}

	/** What is older. */
	async older(): Promise<void> {
		if (this.goesOn && !this.busy) await this.#load(this.entries);
	}

	/** What was told around an entry, in its channel. */
	async surround(of: HistoryEntry): Promise<void> {
		await this.#try(async (isCurrent) => {
			const [later, earlier] = await Promise.all([this.#ask({ ...placeOf(of), after: of.id, limit: AROUND }), this.#ask({ ...placeOf(of), before: of.id, limit: AROUND })]);
			if (!isCurrent()) return;
			this.context = { of, entries: [...oldestFirst(earlier), of, ...oldestFirst(later)], earlier: earlier.more, later: later.more };
		});
	}

	/** More of what stands around an entry. */
	async extend(side: "earlier" | "later"): Promise<void> {
		const context = this.context;
		const edge = side === "earlier" ? context?.entries[0] : context?.entries.at(-1);
		if (!context?.[side] || !edge || this.busy || context.entries.length >= MOST_SHOWN) return;
		await this.#try(async (isCurrent) => {
			const page = await this.#ask({ ...placeOf(context.of), [side === "earlier" ? "before" : "after"]: edge.id, limit: PAGE });
			if (!isCurrent()) return;
			const more = oldestFirst(page);
			this.context = { ...context, entries: side === "earlier" ? [...more, ...context.entries] : [...context.entries, ...more], [side]: page.more };
		});
	}

	/** Back to what was found. */
	leave(): void {
		this.#asked++;
		this.busy = false;
		this.context = null;
	}

	/**
	 * Everything that is looked for, as the text of a file; `start` is when a recording began. `cut` says that there is more than a file
	 * takes: then it holds the newest. Null if it could not be read or was given up.
	 */
	async file(form: Form, start: number): Promise<{ text: string; count: number; cut: boolean } | null> {
		const filing = ++this.#filing;
		this.filed = 0;
		this.trouble = "";
		// Entries become text page by page: frames are many times as large.
		const texts: string[] = [];
		const said: Said[] = [];
		try {
			let [count, more, before] = [0, true, undefined as number | undefined];
			while (more && count < MOST_FILED) {
				const from = isSubtitles(form) ? { from: Math.max(start, this.#wanted.from ?? 0) } : {};
				const page = await this.#ask({ ...this.#wanted, ...from, limit: PORTION, ...(before === undefined ? {} : { before }) });
				if (filing !== this.#filing) return null;
				const entries = oldestFirst(page);
				if (isSubtitles(form)) said.push(...since(start, entries));
				else texts.push(lines(form, entries));
				count += entries.length;
				before = entries[0]?.id;
				more = page.more && before !== undefined;
				this.filed = count;
			}
			const text = isSubtitles(form) ? subtitles(form, said) : texts.reverse().join("");
			return { text: head(form) + text, count, cut: more };
		} catch (error) {
			if (filing === this.#filing) this.trouble = sentence(error);
			return null;
		} finally {
			if (filing === this.#filing) this.filed = null;
		}
	}

	/** Gives up making a file. */
	stopFiling(): void {
		this.#filing++;
		this.filed = null;
	}

	#ask(query: HistoryQuery): Promise<HistoryPage> {
		return this.#backend.call("search_history", query);
	}

	async #load(before: readonly HistoryEntry[]): Promise<void> {
		const last = before.at(-1);
		await this.#try(async (isCurrent) => {
			const page = await this.#ask({ ...this.#wanted, limit: PAGE, ...(last ? { before: last.id } : {}) });
			if (!isCurrent()) return;
			this.entries = [...before, ...page.entries];
			this.more = page.more;
			this.looked = true;
		});
	}

	async #try(work: (isCurrent: () => boolean) => Promise<void>): Promise<void> {
		const asked = ++this.#asked;
		const isCurrent = () => asked === this.#asked;
		this.busy = true;
		try {
			await work(isCurrent);
			if (isCurrent()) this.trouble = "";
		} catch (error) {
			if (isCurrent()) this.trouble = sentence(error);
		}
		if (isCurrent()) this.busy = false;
	}
}

/** The channel of an entry. */
function placeOf({ frame: { platform, identifier } }: HistoryEntry): Wanted {
	return { platform, channel: identifier };
}

function oldestFirst({ entries }: HistoryPage): HistoryEntry[] {
	return [...entries].reverse();
}
