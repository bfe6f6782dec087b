/** Lets the list slide when something comes in, instead of jumping. */

const SLIDE_MS = 200;

export class Push {
	readonly #moved: HTMLElement;
	#sliding: Animation | undefined;

	constructor(moved: HTMLElement) {
		this.#moved = moved;
	}

	/** Runs `change`, and lets everything slide from where `anchor` was to where it is then. */
	around(anchor: Element, change: () => void): void {
		const before = anchor.getBoundingClientRect();
		this.stop();
		change();
		const after = anchor.getBoundingClientRect();
		const [x, y] = [before.left - after.left, before.top - after.top];
		if (x === 0 && y === 0) return;
		const from = `translate(${x}px, ${y}px)`;
		this.#sliding = this.#moved.animate([{ transform: from }, { transform: "none" }], { duration: SLIDE_MS, easing: "cubic-bezier(0.2, 0, 0, 1)" });
	}

	/** Everything is where it belongs, at once. */
	stop(): void {
		this.#sliding?.cancel();
		this.#sliding = undefined;
	}
}
