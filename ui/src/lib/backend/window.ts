/** What the page of an overlay's window and the desktop program say to each other. It can do nothing but what it says here. */

import { Channel, invoke } from "@tauri-apps/api/core";
import type { Grabbed } from "$lib/bindings/Grabbed";
import type { WindowAsk } from "$lib/bindings/WindowAsk";
import type { WindowView } from "$lib/bindings/WindowView";

/** Asks something of this window. */
export interface AskWindow {
	/** Rejects with a `CommandError`. */
	(ask: WindowAsk): Promise<Grabbed>;
	/** The page is dressed: it may be seen, and hears from now on how its window is. */
	ready(): Promise<void>;
}

/** `shown` is called at once when the page is ready, and at every change. */
export function listenToWindow(shown: (view: WindowView) => void): AskWindow {
	const ask = (asked: WindowAsk) => invoke<Grabbed>("overlay_window", { ask: asked });
	const ready = async () => {
		const view = new Channel<WindowView>();
		view.onmessage = shown;
		await invoke("overlay_ready", { view });
	};
	return Object.assign(ask, { ready });
}
