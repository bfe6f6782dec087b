/**
 * When what came is shown. Platforms hand over messages in handfuls; shown one by one they can be read. Where more come
 * than can be read anyway, they are shown at once. Pure: time is passed in.
 */

/** Handfuls are spread over so much time. Chosen by hand: about what YouTube's page takes. */
const SPREAD_MS = 1_000;
/** The shortest and the longest time between two. */
export const MIN_GAP_MS = 80;
export const MAX_GAP_MS = 1_000;
/** More messages a second than this are shown at once. */
const BURST_PER_SECOND = 2.5;
/** So long the rate is looked at: longer than the pause between two handfuls. */
const WINDOW_MS = 5_000;
const BURST = BURST_PER_SECOND * (WINDOW_MS / 1_000);

/** What to do with what waits. */
export interface Plan {
	/** In how many milliseconds; 0 is with the next frame. */
	readonly wait: number;
	/** Everything at once, without animation; else one. */
	readonly all: boolean;
}

export class Pacer {
	/** When the last ones came, the newest last; as many as tell a burst. */
	readonly #arrivals: number[] = [];
	#gap = MIN_GAP_MS;
	#shown = Number.NEGATIVE_INFINITY;

	/** One more came; `waiting` counts it. */
	arrived(now: number, waiting: number): void {
		this.#arrivals.push(now);
		if (this.#arrivals.length > BURST + 1) this.#arrivals.shift();
		this.#gap = waiting <= 1 ? MIN_GAP_MS : Math.min(MAX_GAP_MS, Math.max(MIN_GAP_MS, SPREAD_MS / waiting));
	}

	/** When to go on. */
	next(now: number): Plan {
		if (this.isBurst(now)) return { wait: 0, all: true };
		return { wait: Math.max(0, this.#shown + this.#gap - now), all: false };
	}

	/** Something was shown. */
	shown(now: number): void {
		this.#shown = now;
	}

	/** Whether more come than can be read. */
	isBurst(now: number): boolean {
		const first = this.#arrivals.at(-Math.ceil(BURST));
		return first !== undefined && now - first < WINDOW_MS;
	}
}
