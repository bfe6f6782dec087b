/** Dragging a window by a part of its page. Mostly the system moves it; where it does not, each movement is told. */

import type { Grip } from "$lib/bindings/Grip";

/** What is asked while a window is dragged. */
export interface Dragging {
	grab(grip: Grip): Promise<boolean>;
	drag(): Promise<void>;
	drop(): void;
}

/** Lets the pointer drag the window by `part`. */
export function hold(part: HTMLElement, grip: Grip, asks: Dragging): void {
	part.addEventListener("pointerdown", (event) => {
		if (event.button !== 0) return;
		event.preventDefault();
		part.focus({ preventScroll: true });
		part.setPointerCapture(event.pointerId);
		const end = new AbortController();
		const { signal } = end;
		let follows = false;
		/** One question at a time: what moved meanwhile is in the next answer, as the pointer is looked at then. */
		let asking = false;
		let moved = false;
		const follow = async () => {
			moved = true;
			if (!follows || asking) return;
			asking = true;
			while (moved && !signal.aborted) {
				moved = false;
				await asks.drag().catch(() => undefined);
			}
			asking = false;
		};
		part.addEventListener("pointermove", () => void follow(), { signal });
		const stop = () => {
			end.abort();
			if (follows) asks.drop();
		};
		for (const name of ["pointerup", "pointercancel", "lostpointercapture"] as const) part.addEventListener(name, stop, { signal, once: true });
		void asks.grab(grip).then(
			(answer) => {
				follows = answer;
				if (signal.aborted && answer) asks.drop();
				else if (moved) void follow();
			},
			() => end.abort(),
		);
	});
}
