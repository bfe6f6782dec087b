/** Dims what is quiet. One timer, which waits for the silence to be long enough; messages only write down the time. */

/** Calls `changed` when nothing has been added to `items` for a while, and when something is again. */
export class Dim {
	private after = 0;
	private last = 0;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private dimmed = false;

	constructor(
		items: Node,
		private readonly changed: (dimmed: boolean) => void,
		private readonly now: () => number = () => performance.now(),
	) {
		new MutationObserver((changes) => {
			if (changes.some((change) => change.addedNodes.length > 0)) this.heard();
		}).observe(items, { childList: true });
	}

	/** Dim after so many seconds; 0 is never. */
	set(seconds: number): void {
		if (seconds * 1000 === this.after) return;
		this.after = seconds * 1000;
		this.heard();
	}

	private heard(): void {
		this.last = this.now();
		this.tell(false);
		if (this.after === 0) {
			clearTimeout(this.timer);
			this.timer = undefined;
		} else {
			this.timer ??= setTimeout(this.look, this.after);
		}
	}

	private readonly look = (): void => {
		this.timer = undefined;
		if (this.after === 0) return;
		const left = this.last + this.after - this.now();
		if (left > 0) this.timer = setTimeout(this.look, left);
		else this.tell(true);
	};

	private tell(dimmed: boolean): void {
		if (this.dimmed === dimmed) return;
		this.dimmed = dimmed;
		this.changed(dimmed);
	}
}
