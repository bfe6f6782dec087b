/** The time for everything that counts up or down, once a second. */
export class Clock {
	/** Unix milliseconds. */
	now = $state.raw(Date.now());

	/** Starts ticking; returns what stops it. */
	start(work: () => void): () => void {
		const timer = setInterval(() => {
			this.now = Date.now();
			work();
		}, 1_000);
		return () => clearInterval(timer);
	}
}
