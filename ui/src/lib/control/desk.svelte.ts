/** How the desktop program does: windows, keys, limits. In a browser there is nothing of it. */

import type { Desktop } from "../bindings/Desktop";
import type { NativeSchema } from "../bindings/NativeSchema";
import { type Backend, attempt } from "../backend/backend";

/** Commands that answer with how the program does. */
type Telling = { [K in keyof NativeSchema]: NativeSchema[K][1] extends Desktop ? K : never }[keyof NativeSchema];

export class Desk {
	/** Null in a browser. */
	now = $state.raw<Desktop | null>(null);
	/** Why the last command was not carried out, or "". */
	trouble = $state.raw("");
	readonly #backend: Backend;

	constructor(backend: Backend, now: Desktop | null) {
		this.#backend = backend;
		this.now = now;
	}

	/** Hears of changes until it is ended. */
	start(): () => void {
		return this.#backend.onDesktop((desktop) => (this.now = desktop));
	}

	/** Carries out a command. Returns whether that was done. */
	async do<K extends Telling>(command: K, request: NativeSchema[K][0]): Promise<boolean> {
		return (await this.try(async () => {
			this.now = (await this.#backend.native(command, request)) as Desktop;
			return true;
		})) === true;
	}

	/** Carries out anything; null if that was refused, and {@link trouble} says why. */
	try<T>(work: () => Promise<T>): Promise<T | null> {
		return attempt(work, (why) => (this.trouble = why));
	}

	/** Whether the window of an overlay is open. */
	shows(name: string): boolean {
		return this.now?.windows.some((w) => w.name === name) ?? false;
	}

	/** Whether clicks pass through it. */
	locked(name: string): boolean {
		return this.now?.windows.some((w) => w.name === name && w.locked) ?? false;
	}
}
