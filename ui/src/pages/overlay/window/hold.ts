/** Dragging a window by a part of its page. Mostly the system moves it; where it does not, each movement is told. */

import type { Grip } from "$lib/bindings/Grip";

/** What is asked while a window is dragged. */
export interface Dragging {
	/** `x` and `y` are where in the window the button went down. */
	grab(grip: Grip, x: number, y: number): Promise<boolean>;
	/** How far the pointer has come since the button went down, as for `drop`. */
	drag(dx: number, dy: number): Promise<void>;
	drop(dx: number, dy: number): void;
}

/** How far the pointer moves before it drags: less is a click, and a system that moves windows is not told when one has ended. */
const SLACK = 3;

/** Lets the pointer drag the window by `part`. */
export function hold(part: HTMLElement, grip: Grip, asks: Dragging): void {
	part.addEventListener("pointerdown", (event) => {
		if (event.button !== 0) return;
		event.preventDefault();
		part.focus({ preventScroll: true });
		part.setPointerCapture(event.pointerId);
		const [x, y] = [Math.round(event.clientX), Math.round(event.clientY)];
		const end = new AbortController();
		const { signal } = end;
		let grabbed = false;
		let follows = false;
		/** One question at a time: what moved meanwhile is in the next one. */
		let asking = false;
		let moved = false;
		/** On the screen: where the pointer is in the window says nothing while the window moves. */
		let [dx, dy] = [0, 0];
		const look = (now: PointerEvent) => ([dx, dy] = [Math.round(now.screenX - event.screenX), Math.round(now.screenY - event.screenY)]);
		const follow = async () => {
			moved = true;
			if (!follows || asking) return;
			asking = true;
			while (moved && !signal.aborted) {
				moved = false;
				await asks.drag(dx, dy).catch(() => undefined);
			}
			asking = false;
		};
		const move = (event: PointerEvent) => {
			// The button went up where nobody told.
			if ((event.buttons & 1) === 0) return stop();
			look(event);
			if (grabbed) return void follow();
			if (Math.hypot(dx, dy) < SLACK) return;
			grabbed = moved = true;
			void asks.grab(grip, x, y).then(
				(answer) => {
					follows = answer;
					if (signal.aborted && answer) asks.drop(dx, dy);
					else if (moved) void follow();
				},
				() => end.abort(),
			);
		};
		const stop = () => {
			end.abort();
			if (follows) asks.drop(dx, dy);
		};
		part.addEventListener("pointermove", move, { signal });
		part.addEventListener("pointerup", (event) => (look(event), stop()), { signal });
		for (const name of ["pointercancel", "lostpointercapture"] as const) part.addEventListener(name, stop, { signal, once: true });
	});
}
