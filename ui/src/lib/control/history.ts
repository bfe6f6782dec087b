/** What was changed, so that it can be taken back and done again. Pure but for the clock that it is given. */

/** More steps than anybody takes back. */
const MAX_STEPS = 100;
/** Changes of the same thing within this time are one step: a hand on a slider, a word that is typed. */
const TOGETHER_MS = 1_000;

interface Step<T> {
	readonly what: string;
	readonly before: T;
	readonly after: T;
	readonly at: number;
}

export class History<T> {
	readonly #now: () => number;
	#done: Step<T>[] = [];
	#undone: Step<T>[] = [];

	constructor(now: () => number = () => performance.now()) {
		this.#now = now;
	}

	get canUndo(): boolean {
		return this.#done.length > 0;
	}

	get canRedo(): boolean {
		return this.#undone.length > 0;
	}

	/** Something was changed. `what` names it. */
	push(what: string, before: T, after: T): void {
		const [last, at] = [this.#done.at(-1), this.#now()];
		const joins = last !== undefined && this.#undone.length === 0 && last.what === what && at - last.at < TOGETHER_MS;
		if (joins) this.#done.pop();
		this.#done.push({ what, before: joins ? last.before : before, after, at });
		this.#done.splice(0, this.#done.length - MAX_STEPS);
		this.#undone = [];
	}

	/** What was before the last change, or undefined. */
	undo(): T | undefined {
		const step = this.#done.pop();
		if (step) this.#undone.push(step);
		return step?.before;
	}

	/** What was after the change that was taken back last, or undefined. */
	redo(): T | undefined {
		const step = this.#undone.pop();
		// What comes next is a step of its own.
		if (step) this.#done.push({ ...step, at: Number.NEGATIVE_INFINITY });
		return step?.after;
	}
}
