/** The key for changes, where a page is not given it: typed once, and remembered by the browser. */

import { read, write } from "../control/remember";
import { TOKEN } from "./http";

const NAME = "key";

/** The key in what somebody pasted: itself, or the link that the server wrote at its start. Null if there is none. */
export function keyIn(typed: string): string | null {
	const text = typed.trim();
	const key = /[#&]token=([\w-]+)/.exec(text)?.[1] ?? text;
	return TOKEN.test(key) ? key : null;
}

/** What became of a key that was tried. */
export type Tried = "right" | "wrong" | "away";

/** Asks the server whether a key is the right one. Nothing changes by that. */
export async function tryKey(key: string, ask: typeof fetch = (...request) => fetch(...request)): Promise<Tried> {
	try {
		const answer = await ask("/api/saved", { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "application/json" }, body: "{}" });
		return answer.ok ? "right" : answer.status === 403 ? "wrong" : "away";
	} catch {
		return "away";
	}
}

/** The key that is remembered, or "". */
export function rememberedKey(): string {
	const key = read(NAME);
	return typeof key === "string" && TOKEN.test(key) ? key : "";
}

/** Remembers it; "" forgets it. */
export function rememberKey(key: string): void {
	write(NAME, key);
}
