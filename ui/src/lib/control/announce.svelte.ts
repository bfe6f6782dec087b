/** New messages for screen readers: one calm sentence every few seconds, if the person wants that. */

import type { Entry } from "../feed/entry";
import { isHistory } from "../feed/entry";
import { spoken } from "../feed/spoken";
import { t } from "../language/language";
import { read, write } from "./remember";

/** A screen reader needs some seconds for a message. Chosen by hand. */
export const EVERY_MS = 4_000;
/** A message that takes longer than this to be read is cut. */
const MAX_LETTERS = 300;
const KEY = "announce";

/** Whether it is wanted: in this browser or window alone. */
export class Announcing {
	#on = $state.raw(read(KEY) === true);

	get on(): boolean {
		return this.#on;
	}

	set on(on: boolean) {
		this.#on = on;
		write(KEY, on);
	}
}

export const announcing = new Announcing();

/** As much of a text as is read out. */
export function shortened(text: string): string {
	const letters = Array.from(text);
	return letters.length > MAX_LETTERS ? `${letters.slice(0, MAX_LETTERS).join("")}…` : text;
}

/** Whether somebody says it, now: not the page itself, not the past, not what was taken away or what many do. */
function isNews(entry: Entry): boolean {
	return (entry.kind === "chat" || entry.kind === "event") && entry.removed === null && !isHistory(entry);
}

/** What is new since the entry `since`, in one sentence, or "". Null as `since`, or one that is gone, is now. */
export function announcement(entries: readonly Entry[], since: string | null): { readonly text: string; readonly newest: string | null } {
	const newest = entries.at(-1)?.key ?? null;
	const at = since === null ? -1 : entries.findLastIndex((e) => e.key === since);
	if (at < 0) return { text: "", newest };
	const news = entries.slice(at + 1).filter(isNews);
	const last = news.at(-1);
	if (!last) return { text: "", newest };
	const said = shortened(spoken(last));
	return { text: news.length === 1 ? said : t("list.announce", { count: news.length - 1, said }), newest };
}
