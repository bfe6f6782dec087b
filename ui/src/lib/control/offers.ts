/** What the program asks a person once, when it matters. Pure. */

import type { Settings } from "../bindings/Settings";
import type { Channel } from "../channels/channel.svelte";

/** What is asked, in the order of what matters. */
export type Offer = "tiktokPage" | "startWithSystem" | null;

interface Known {
	readonly desktop: boolean;
	/** All settings are known. */
	readonly whole: boolean;
	readonly settings: Settings;
	readonly channels: readonly Pick<Channel, "needsConsent">[];
	/** A channel was live since the program was opened. */
	readonly wasLive: boolean;
}

export function offerOf({ desktop, whole, settings, channels, wasLive }: Known): Offer {
	if (!desktop || !whole) return null;
	if (channels.some((c) => c.needsConsent) && settings.tiktokPage === null) return "tiktokPage";
	return wasLive && settings.startWithSystem === null ? "startWithSystem" : null;
}
