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
	readonly channels: readonly Pick<Channel, "wanted" | "state" | "message">[];
	/** A channel was live since the program was opened. */
	readonly wasLive: boolean;
}

/** The server's sentences for when TikTok shuts the direct way (crates/platforms/src/tiktok/words.rs). */
const SHUT = /refuses to let Polychat in|gives Polychat no guest|opened the connection but sends nothing|wants none like ours|No other way to TikTok/;

export function offerOf({ desktop, whole, settings, channels, wasLive }: Known): Offer {
	if (!desktop || !whole) return null;
	const isShut = channels.some((c) => c.wanted.platform === "tiktok" && c.state === "reconnecting" && SHUT.test(c.message));
	if (isShut && settings.tiktokPage === null) return "tiktokPage";
	return wasLive && settings.startWithSystem === null ? "startWithSystem" : null;
}
