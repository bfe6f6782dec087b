/** Small things that a page remembers for itself: which panel was open. Never anything that must not be lost. */

const PREFIX = "polychat ";

/** What was remembered, or undefined. What is in storage may be from another version, or from anybody's hand. */
export function read(key: string): unknown {
	try {
		const text = localStorage.getItem(PREFIX + key);
		return text === null ? undefined : JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Remembers it, where pages may. */
export function write(key: string, value: unknown): void {
	try {
		localStorage.setItem(PREFIX + key, JSON.stringify(value));
	} catch {
		// Forgotten with the page.
	}
}
