/** A second look at a feed, for a list beside another one: each stands still by itself. */

import type { Entry } from "./entry";
import type { Feed } from "./feed.svelte";

/** What a list needs of a feed. */
export interface Listed {
	/** What to show, oldest first. */
	readonly entries: readonly Entry[];
	/** What came since the list stands still, oldest first. */
	readonly later: readonly Entry[];
	readonly held: number;
	readonly paused: boolean;
	pause(): void;
	resume(): void;
}

export class FeedView implements Listed {
	/** While true, the list stands still and new entries wait. */
	paused = $state.raw(false);
	/** The newest entry that is shown while it stands still. */
	#newest = $state.raw<string | null>(null);
	readonly #feed: Feed;
	/** Everything that the feed has, also what waits in it. */
	readonly #all = $derived.by(() => (this.#feed.paused ? [...this.#feed.entries, ...this.#feed.later] : this.#feed.entries));
	/** How many of them are shown. Without the newest that was shown, which went with what is old, it is all: nothing is held for ever. */
	readonly #shown = $derived.by(() => {
		const at = this.paused ? this.#all.findLastIndex((e) => e.key === this.#newest) : -1;
		return at < 0 ? this.#all.length : at + 1;
	});
	readonly entries = $derived.by(() => (this.#shown === this.#all.length ? this.#all : this.#all.slice(0, this.#shown)));
	readonly later = $derived.by(() => this.#all.slice(this.#shown));
	readonly held = $derived.by(() => this.#all.length - this.#shown);

	constructor(feed: Feed) {
		this.#feed = feed;
	}

	pause(): void {
		if (this.paused) return;
		this.#newest = this.#all.at(-1)?.key ?? null;
		this.paused = true;
	}

	resume(): void {
		this.paused = false;
	}
}
