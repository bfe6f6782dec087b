/** The backend of the desktop program's own window. The only file that knows Tauri; it is loaded only there. */

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { CommandSchema } from "../bindings/CommandSchema";
import type { Desktop } from "../bindings/Desktop";
import type { HotkeyAction } from "../bindings/HotkeyAction";
import type { NativeSchema } from "../bindings/NativeSchema";
import { type Backend, refusal } from "./backend";

export const tauriBackend: Backend = {
	can: { desktop: true, change: true },
	call: <K extends keyof CommandSchema>(command: K, request: CommandSchema[K][0]) => ask<CommandSchema[K][1]>("call", command, request),
	native: <K extends keyof NativeSchema>(command: K, request: NativeSchema[K][0]) => ask<NativeSchema[K][1]>("native", command, request),
	onDesktop: (heard) => hear<Desktop>("desktop", heard),
	onPressed: (heard) => hear<HotkeyAction>("pressed", heard),
};

/** The answer to "listen" comes later than whoever asks may want to end it. */
function hear<T>(event: string, heard: (payload: T) => void): () => void {
	const ending = listen<T>(event, ({ payload }) => heard(payload));
	return () => void ending.then((end) => end());
}

async function ask<T>(door: "call" | "native", command: string, request: unknown): Promise<T> {
	try {
		return await invoke<T>(door, { command, request });
	} catch (error) {
		// The desktop program's own words are in the person's language.
		throw refusal(error, door === "native");
	}
}
