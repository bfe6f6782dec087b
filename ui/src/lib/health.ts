/** What the server says about itself. Everything is optional: the page works without an answer. */

import type { Platform } from "./bindings/Platform";
import { isPlatform } from "./platforms";

export interface Health {
	/** Platforms that this server reads; null if it does not say. */
	platforms: readonly Platform[] | null;
	/** Whether it plays the built-in conversation. */
	demo: boolean;
	/** Its version, or "". */
	version: string;
	/** The language that is set for our pages, or null; undefined if it does not say. */
	language?: string | null;
}

/** The channel of the built-in conversation, on every platform. */
export const DEMO_CHANNEL = "polychat-demo";

const NOTHING: Health = { platforms: null, demo: false, version: "" };
const TIMEOUT_MS = 5_000;

/** Asks `/health`. */
export async function askHealth(): Promise<Health> {
	try {
		const answer = await fetch("/health", { signal: AbortSignal.timeout(TIMEOUT_MS) });
		return answer.ok ? readHealth(await answer.json()) : NOTHING;
	} catch {
		return NOTHING;
	}
}

/** Reads the answer. What it does not say, or says in another form, counts as not said. */
export function readHealth(answer: unknown): Health {
	if (typeof answer !== "object" || answer === null) return NOTHING;
	const { platforms, demo, version, language } = answer as Record<string, unknown>;
	const named = Array.isArray(platforms)
		? platforms.map((p) => (typeof p === "string" ? p : (p as { platform?: unknown } | null)?.platform)).filter((p): p is Platform => typeof p === "string" && isPlatform(p))
		: [];
	return {
		platforms: named.length > 0 ? named : null,
		demo: demo === true,
		version: typeof version === "string" ? version.slice(0, 40) : "",
		...(typeof language === "string" || language === null ? { language } : {}),
	};
}
