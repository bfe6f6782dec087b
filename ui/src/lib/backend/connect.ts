/** Finds the backend of this page. */

import type { Desktop } from "../bindings/Desktop";
import { socketUrl } from "../socket/connection";
import type { Backend } from "./backend";
import { findToken, httpBackend } from "./http";
import { rememberKey, rememberedKey, tryKey } from "./key";

/** The backend, and where its server is. */
export interface Place {
	readonly backend: Backend;
	/** Of addresses for OBS, without a slash at the end. */
	readonly origin: string;
	/** The address of the socket. */
	readonly socket: string;
	/** How the desktop program did at the start; null in a browser. */
	readonly desktop: Desktop | null;
}

/** Whether this is a window of the desktop program. */
export const isDesktop = (): boolean => "__TAURI_INTERNALS__" in globalThis;

export async function connect(): Promise<Place> {
	if (!isDesktop()) {
		const isTold = location.hash.includes("token=");
		let token = findToken(document, location, (address) => history.replaceState(null, "", address));
		if (token && isTold) rememberKey(token);
		if (!token) token = await known();
		return { backend: httpBackend(token), origin: location.origin, socket: socketUrl(location), desktop: null };
	}
	const { tauriBackend } = await import("./tauri");
	const desktop = await tauriBackend.native("desktop", {});
	return { backend: tauriBackend, ...placeOf(desktop.port), desktop };
}

/** The key that was entered here before, if it is still one. */
async function known(): Promise<string> {
	const key = rememberedKey();
	if (!key || (await tryKey(key)) !== "wrong") return key;
	rememberKey("");
	return "";
}

/** Where the desktop program's server is. */
export function placeOf(port: number): Pick<Place, "origin" | "socket"> {
	const origin = `http://127.0.0.1:${port}`;
	return { origin, socket: socketUrl(new URL(origin)) };
}
