/** A preview inside of a page of ours: that page says what happens, nobody else is heard. */

import type { Overlay } from "$lib/bindings/Overlay";
import type { OwnLook } from "$lib/bindings/OwnLook";
import type { ServerMessage } from "$lib/bindings/ServerMessage";
import { type Told, toldOf } from "$lib/overlay/subscriptions";

/** What the page around it is told once it may speak. */
export const READY = "polychat-preview";

/** What of an overlay says how it looks. */
export type Worn = Pick<Overlay, "look" | "values">;

/** What the page around it says. */
export interface Say {
	readonly polychat?: readonly ServerMessage[];
	/** How it looks from now on. */
	readonly overlay?: Worn;
	/** The own look that it wears, if it wears one. */
	readonly looks?: readonly OwnLook[];
}

/** Hears the page around this one, if it is one of ours. */
export function listen(take: (told: Told) => void, wear: (overlay: Worn, looks: readonly OwnLook[]) => void): void {
	if (window.parent === window) return;
	window.addEventListener("message", ({ origin, source, data }: MessageEvent<Partial<Say> | null>) => {
		if (origin !== location.origin || source !== window.parent || typeof data !== "object" || data === null) return;
		if (data.overlay) wear(data.overlay, data.looks ?? []);
		for (const frame of data.polychat ?? []) {
			const told = toldOf(frame);
			if (told) take(told);
		}
	});
	window.parent.postMessage(READY, location.origin);
}
