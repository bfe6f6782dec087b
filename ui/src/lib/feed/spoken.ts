/** What an entry says, in one line of plain text: to be copied, or read aloud. Pure. */

import { removed } from "../words";
import { describe, nameOf } from "./describe";
import type { Entry } from "./entry";

/** `ana: hello`; of a card everything that it says. */
export function spoken(entry: Entry): string {
	if (entry.kind === "notice" || entry.kind === "crowd") return entry.text;
	const { frame } = entry;
	if (entry.kind === "chat") {
		const { author, content, metadata } = entry.frame.data;
		if (entry.removed) return `${nameOf(author)}: ${removed(entry.removed, frame.platform)}`;
		const paid = metadata.monetary_data?.formatted;
		return [`${nameOf(author)}${paid ? ` (${paid})` : ""}:`, content.raw].join(" ").trim();
	}
	const { data } = entry.frame;
	const said = entry.removed ? "" : (data.message?.raw ?? "");
	const card = describe(entry.frame);
	const head = [card.title, data.user && card.form === "card" ? nameOf(data.user) : "", card.detail, card.value].filter(Boolean).join(" ");
	const text = card.form === "line" ? card.title : [head, card.quote].filter(Boolean).join(": ");
	return said ? `${text}: ${said}` : text;
}
