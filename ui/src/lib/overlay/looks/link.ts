/** The address that OBS gets: channels and a look. */

import { writeAddress } from "../../channels/address";
import { DEFAULT_OPTIONS, type Wanted } from "../../channels/wanted";
import { LOOKS } from "./names";

/** The address of an overlay. Without channels it plays the demo if the server has one. */
export function overlayLink(origin: string, channels: readonly Wanted[], look: string, demo: boolean): string {
	const query = writeAddress({ channels: [...channels], options: { ...DEFAULT_OPTIONS }, frames: false }).slice(1);
	const parts = [query || (demo ? "demo" : ""), look === LOOKS[0] ? "" : `look=${look}`].filter(Boolean);
	return `${origin}/overlay/main${parts.length > 0 ? `?${parts.join("&")}` : ""}`;
}
