/** Lets what happens wait, so that moderators come first. Time is passed in; one timer runs while something waits. */

import type { ModerationFrame } from "../bindings/ModerationFrame";
import type { Happened } from "../feed/entry";
import { type Present, isTakenAway, present, told } from "./removal";

/** More than come in a minute of any chat that can be read. What comes beyond is left out. */
const MAX_HELD = 5_000;

interface Held extends Present {
	readonly since: number;
}

export class Delay {
	readonly #release: (happened: Happened) => void;
	readonly #now: () => number;
	/** By what makes it one thing on the page, in the order in which it came. */
	readonly #held = new Map<string, Held>();
	#ms = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(release: (happened: Happened) => void, now = () => performance.now()) {
		this.#release = release;
		this.#now = now;
	}

	/** How long everything waits from now on, what waits already as well. */
	set seconds(seconds: number) {
		this.#ms = seconds * 1_000;
		this.#turn();
	}

	/** Whether it waits now; false if it need not. */
	takes(key: string, happened: Happened): boolean {
		const known = this.#held.get(key);
		if (known) told(known, happened);
		else if (this.#ms === 0) return false;
		else if (this.#held.size < MAX_HELD) {
			this.#held.set(key, { ...present(happened), since: this.#now() });
			if (this.#held.size === 1) this.#turn();
		}
		return true;
	}

	/** Takes away what a moderator names. Returns what went. */
	takeAway(moderation: ModerationFrame): string[] {
		return this.#drop((one) => isTakenAway(one, moderation));
	}

	/** Takes away what `must` says. */
	drop(must: (one: Present) => boolean): void {
		this.#drop(must);
	}

	#drop(must: (one: Present) => boolean): string[] {
		const gone = [...this.#held].filter(([, one]) => must(one)).map(([key]) => key);
		for (const key of gone) this.#held.delete(key);
		return gone;
	}

	/** Lets go what has waited long enough, and comes back for the next one. */
	#turn(): void {
		clearTimeout(this.#timer);
		const now = this.#now();
		for (const [key, one] of this.#held) {
			const left = one.since + this.#ms - now;
			if (left > 0) {
				this.#timer = setTimeout(() => this.#turn(), left + 1);
				return;
			}
			this.#held.delete(key);
			this.#release(one.happened);
		}
	}
}
