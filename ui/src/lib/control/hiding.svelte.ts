/** Hiding what stands in the list from all overlays, with a moment to think better of it. */

import type { HiddenPerson } from "../bindings/HiddenPerson";
import type { Happened, HappenedEntry } from "../feed/entry";
import { Hidden, personOf } from "../overlay/hidden";
import type { Kept } from "./kept.svelte";

/** So long it can be undone where it was done. */
const UNDO_MS = 5_000;

/** What was hidden last. */
export interface Last {
	readonly entry: HappenedEntry;
	/** Who said it, if everything of them can be hidden, too. */
	readonly person: HiddenPerson | null;
	/** Everything of them was. */
	readonly everything: boolean;
}

export class Hiding {
	/** Null when there is nothing to undo any more. */
	last = $state.raw<Last | null>(null);

	readonly #kept: Kept;
	/** What overlays do not show. */
	readonly #hidden = $derived.by(() => new Hidden(this.#kept.stage.hidden ?? [], this.#kept.people));
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(kept: Kept) {
		this.#kept = kept;
	}

	/** Whether overlays do not show it. */
	has(entry: HappenedEntry): boolean {
		return this.#hidden.has(entry as Happened);
	}

	/** Hides a message, or shows it again: whoever said it, then, too. */
	async turn(entry: HappenedEntry): Promise<void> {
		const person = personOf(entry as Happened);
		if (this.has(entry)) {
			this.#say(null);
			if (this.#hidden.hasMessage(entry as Happened)) await this.#kept.hide({ do: "show_message", key: entry.key });
			if (person && this.#hidden.hasPerson(entry as Happened)) await this.#kept.hide({ do: "show_person", ...person });
		} else if (await this.#kept.hide({ do: "message", key: entry.key })) this.#say({ entry, person, everything: false });
	}

	/** Hides everything of whoever said what was hidden last. */
	async everything(): Promise<void> {
		const { last } = this;
		if (!last?.person) return;
		if (await this.#kept.hide({ do: "person", ...last.person })) this.#say({ ...last, everything: true });
	}

	/** Shows again what was hidden last. */
	async undo(): Promise<void> {
		const { last } = this;
		if (!last) return;
		this.#say(null);
		await this.#kept.hide({ do: "show_message", key: last.entry.key });
		if (last.everything && last.person) await this.#kept.hide({ do: "show_person", ...last.person });
	}

	#say(last: Last | null): void {
		clearTimeout(this.#timer);
		this.last = last;
		if (last) this.#timer = setTimeout(() => (this.last = null), UNDO_MS);
	}
}
