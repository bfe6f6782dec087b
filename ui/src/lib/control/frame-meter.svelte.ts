/** How smoothly a page is painted: frames a second and the longest time from one to the next, over the last seconds. */

/** What is looked at. */
const SECONDS = 2;
/** Numbers that change faster cannot be read. */
const TELL_MS = 500;

export interface Smoothness {
	/** Frames a second. */
	readonly rate: number;
	/** Milliseconds from one frame to the next, at the longest. */
	readonly longest: number;
}

/** What is needed of a window. */
export type Painted = Pick<Window, "requestAnimationFrame" | "cancelAnimationFrame">;

export class FrameMeter {
	/** Null while nothing was measured. */
	now = $state.raw<Smoothness | null>(null);
	#times: number[] = [];
	#told = 0;

	/** Measures a window until what it returns is called: that costs frames, so only while something moves. */
	start(window: Painted): () => void {
		this.#times = [];
		let asked = 0;
		const look = (at: number) => {
			this.#frame(at);
			asked = window.requestAnimationFrame(look);
		};
		asked = window.requestAnimationFrame(look);
		return () => window.cancelAnimationFrame(asked);
	}

	#frame(at: number): void {
		this.#times.push(at);
		const from = at - SECONDS * 1_000;
		// The frame before the first one is needed for its distance.
		while (this.#times.length > 2 && (this.#times[1] ?? at) < from) this.#times.shift();
		if (at - this.#told < TELL_MS) return;
		this.#told = at;
		const first = this.#times[0] ?? at;
		if (at <= first) return;
		const longest = this.#times.reduce((most, time, n) => Math.max(most, time - (this.#times[n - 1] ?? time)), 0);
		this.now = { rate: ((this.#times.length - 1) * 1_000) / (at - first), longest };
	}
}
