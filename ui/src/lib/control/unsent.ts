/** What was changed on this page and not by the server yet: a hand on a slider makes many changes, and only the last is worth a command. */

const SETTLE_MS = 300;

export class Unsent {
	/** Null while it is being sent. */
	readonly #waiting = new Map<string, ReturnType<typeof setTimeout> | null>();
	readonly #send: (name: string) => Promise<void>;
	readonly #sending = new Set<Promise<void>>();

	constructor(send: (name: string) => Promise<void>) {
		this.#send = send;
	}

	has(name: string): boolean {
		return this.#waiting.has(name);
	}

	/** It was changed once more. */
	changed(name: string): void {
		clearTimeout(this.#waiting.get(name) ?? undefined);
		this.#waiting.set(name, setTimeout(() => void this.#now(name), SETTLE_MS));
	}

	/** The server has it; unless it was changed again meanwhile. */
	sent(name: string): void {
		if (this.#waiting.get(name) === null) this.#waiting.delete(name);
	}

	/** It is not sent any more. */
	forget(name: string): void {
		clearTimeout(this.#waiting.get(name) ?? undefined);
		this.#waiting.delete(name);
	}

	/** Sends everything that waits, and waits until the server has it. */
	async settle(): Promise<void> {
		this.flush();
		await Promise.all(this.#sending);
	}

	/** Sends everything that waits, now. */
	flush(): void {
		for (const [name, timer] of this.#waiting) if (timer !== null) void this.#now(name);
	}

	async #now(name: string): Promise<void> {
		clearTimeout(this.#waiting.get(name) ?? undefined);
		this.#waiting.set(name, null);
		const sending = this.#send(name);
		this.#sending.add(sending);
		await sending;
		this.#sending.delete(sending);
		this.sent(name);
	}
}
