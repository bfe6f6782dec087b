/** What the test studio does: shows made-up things in its preview and, if that is wanted, wherever the overlay is open. */

import type { Backend } from "../backend/backend";
import { sentence } from "../backend/backend";
import type { Rehearse } from "../bindings/Rehearse";
import type { Sample } from "../bindings/Sample";
import type { ServerMessage } from "../bindings/ServerMessage";
import { Samples } from "../overlay/made-up/samples";

/** Messages a second that a burst may have. */
export const RATES = [1, 60] as const;
/** A burst comes in portions, as chat does. */
const PORTION_MS = 100;
/** What is shown on real overlays is sent together, so often. */
const SEND_MS = 250;
/** More than a command takes is left out: pages that are slow miss it anyhow. */
const MOST = 60;

export class Studio {
	/** Messages a second of a burst. */
	rate = $state.raw(10);
	bursting = $state.raw(false);
	/** Shown on the overlay itself, too. */
	real = $state.raw(false);
	/** Pages of the overlay that showed the last of it; null while that is not known. */
	pages = $state.raw<number | null>(null);
	/** Why the overlay itself did not show it, or "". */
	trouble = $state.raw("");

	readonly #backend: Backend;
	readonly #overlay: () => string;
	readonly #show: (frames: readonly ServerMessage[]) => void;
	readonly #samples = new Samples();
	/** With the overlay that each is for: meanwhile the studio may be about another one. */
	#waiting: { readonly overlay: string; readonly sample: Sample }[] = [];
	/** The overlay that shows it, while one does. */
	#target = "";
	#sends = false;
	#burst: ReturnType<typeof setInterval> | undefined;
	/** What of a message is due. */
	#due = 0;

	/** `show` shows frames in the preview. */
	constructor(backend: Backend, overlay: () => string, show: (frames: readonly ServerMessage[]) => void) {
		this.#backend = backend;
		this.#overlay = overlay;
		this.#show = show;
	}

	/** Shows one thing. What the preview was told. */
	play(sample: Sample): readonly ServerMessage[] {
		const frames = this.#samples.frames(sample);
		this.#show(frames);
		if (this.real) this.#send(sample);
		return frames;
	}

	/** Fills the preview alone. */
	fill(count: number): void {
		this.#show(Array.from({ length: count }, () => this.#samples.frames({ kind: "next" })).flat());
	}

	/** Begins a burst, or ends it. */
	toggle(): void {
		this.bursting = !this.bursting;
		clearInterval(this.#burst);
		this.#due = 0;
		if (!this.bursting) return;
		this.#burst = setInterval(() => {
			this.#due += (this.rate * PORTION_MS) / 1_000;
			for (; this.#due >= 1; this.#due--) this.play({ kind: "next" });
		}, PORTION_MS);
	}

	/** Shows it on the overlay itself, too, or no more. What is there already goes. */
	setReal(on: boolean): void {
		if (!on && this.real) this.#send({ kind: "over" });
		this.real = on;
		if (on) this.#target = this.#overlay();
		this.pages = null;
		this.trouble = "";
	}

	/** Ends everything; what was made up goes from the overlay. */
	close(): void {
		if (this.bursting) this.toggle();
		this.setReal(false);
	}

	#send(sample: Sample): void {
		const overlay = this.#target;
		if (sample.kind === "over") this.#waiting = this.#waiting.filter((one) => one.overlay !== overlay);
		if (sample.kind === "over" || this.#waiting.length < MOST) this.#waiting.push({ overlay, sample });
		if (this.#sends) return;
		this.#sends = true;
		void this.#empty();
	}

	/** Sends what waits until nothing does: one command at a time, and not more often than a server takes. */
	async #empty(): Promise<void> {
		for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
			const { overlay } = first;
			const other = this.#waiting.findIndex((one) => one.overlay !== overlay);
			const now = this.#waiting.splice(0, other < 0 ? MOST : Math.min(other, MOST));
			const request: Rehearse = { overlay, samples: now.map(({ sample }) => sample) };
			try {
				const { pages } = await this.#backend.call("rehearse", request);
				if (this.real) [this.pages, this.trouble] = [pages, ""];
			} catch (error) {
				if (this.real) this.trouble = sentence(error);
			}
			await new Promise((done) => setTimeout(done, SEND_MS));
		}
		this.#sends = false;
	}
}
