/** What an overlay takes from what is saved. Pure. */

import type { SavedFrame } from "../bindings/SavedFrame";
import type { Wanted } from "../channels/wanted";

/** Which overlay a page is: `/overlay/<name>`, or `?overlay=<name>` in a window of the desktop program. */
export function overlayName({ pathname, search }: Pick<Location, "pathname" | "search">): string {
	const named = /^\/overlay\/([^/]+)/.exec(pathname)?.[1] ?? new URLSearchParams(search).get("overlay") ?? "";
	return /^[\w-]{1,64}$/.test(named) ? named : "main";
}

/** The address of the socket: of the server that has served the page, or of the desktop program's own by `?port=`. */
export function serverUrl({ protocol, host, search }: Pick<Location, "protocol" | "host" | "search">): string {
	const port = new URLSearchParams(search).get("port") ?? "";
	// The pages inside of the desktop program come from no server.
	if (!/^https?:$/.test(protocol) || host === "tauri.localhost") return `ws://127.0.0.1:${/^\d{1,5}$/.test(port) ? port : "7117"}/ws`;
	return `${protocol === "https:" ? "wss" : "ws"}://${host}/ws`;
}

/** The channels to read. */
export function channelsOf({ channels }: SavedFrame): Wanted[] {
	return channels.filter(({ paused }) => !paused).map(({ platform, identifier, identifierType }) => ({ platform, identifier, identifierType }));
}
