/** The overlay's page in a window of the desktop program: its frame, its opacity, and what it says to the program. */

import { listenToWindow } from "$lib/backend/window";
import { languageOf, t, wordsIn } from "$lib/language/language";
import { Dim } from "./dim";
import { Frame } from "./frame";

/** How much of its opacity a dimmed overlay keeps. By hand: it can still be read. */
const DIMMED = 0.35;

/** What stands behind everything where nothing shows through windows: `--bg-0` of the tokens. */
const PLATE = "#0e1014";

/** What shows how far a window reaches while it is arranged. Under the messages: they look as they are set. */
const TINT = "rgb(14 16 20 / 0.36)";

/** Begins. `items` are the messages. */
export async function openWindow(items: Node): Promise<void> {
	const { body, documentElement: root } = document;
	let opacity = 100;
	let dimmed = false;
	const dress = () => (body.style.opacity = String((opacity / 100) * (dimmed ? DIMMED : 1)));
	const dim = new Dim(items, (is) => {
		dimmed = is;
		// Only dimming is gradual: a slider that lags behind the hand is no slider.
		body.style.transition = is && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "opacity 600ms linear" : "";
		dress();
	});
	let language = "";
	const speak = (tag: string) => {
		if (tag === language) return;
		language = tag;
		void wordsIn(languageOf([tag])).then((words) => tag === language && frame.speak(words));
	};
	const ask = listenToWindow((view) => {
		speak(view.language);
		opacity = view.opacity;
		// Who arranges an overlay sees it as it is set.
		dim.set(view.locked && !view.touched ? view.dimAfterS : 0);
		root.style.background = view.opaque ? PLATE : view.locked ? "" : TINT;
		dress();
		frame.show(view);
	});
	const quietly = (asked: Promise<unknown>) => void asked.catch(() => undefined);
	const frame = new Frame({
		grab: async (grip, x, y) => (await ask({ ask: "grab", grip, x, y })).follow,
		drag: async (dx, dy) => void (await ask({ ask: "drag", dx, dy })),
		drop: (dx, dy) => quietly(ask({ ask: "drop", dx, dy })),
		nudge: (grip, dx, dy) => quietly(ask({ ask: "nudge", grip, dx, dy })),
		opacity: (percent, rests) => {
			opacity = percent;
			dress();
			if (rests) quietly(ask({ ask: "opacity", percent }));
		},
		lock: (known) => ask({ ask: "lock", known }).then(() => null, sentence),
		hide: () => quietly(ask({ ask: "hide" })),
	});
	root.append(frame.element);
	await ask.ready();
}

function sentence(error: unknown): string {
	const message = typeof error === "object" && error !== null && "message" in error ? error.message : null;
	return typeof message === "string" ? message : t("overlay:window.notLocked");
}
