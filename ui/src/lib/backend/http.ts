/** The backend of a page in a browser: the server that served it. */

import type { CommandSchema } from "../bindings/CommandSchema";
import { t } from "../language/language";
import { type Backend, Refused, refusal } from "./backend";

/** A command that is not answered by then will not be. */
const TIMEOUT_MS = 15_000;

/** `token` is the key for changes, or "" if this page was not given one. */
export function httpBackend(token: string, ask: typeof fetch = (...request) => fetch(...request)): Backend {
	return {
		can: { desktop: false, change: token !== "" },
		async call<K extends keyof CommandSchema>(command: K, request: CommandSchema[K][0]): Promise<CommandSchema[K][1]> {
			if (token === "") throw new Refused({ code: "FORBIDDEN", message: t("refused.noKey") });
			const answer = await ask(`/api/${command}`, {
				method: "POST",
				headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
				body: JSON.stringify(request),
				signal: AbortSignal.timeout(TIMEOUT_MS),
			}).catch(() => {
				throw new Refused({ code: "FAILED", message: t("refused.away") });
			});
			const told: unknown = await answer.json().catch(() => null);
			if (!answer.ok) throw refusal(told);
			return told as CommandSchema[K][1];
		},
		native: () => Promise.reject(new Refused({ code: "UNKNOWN_COMMAND", message: t("refused.desktopOnly") })),
		onDesktop: () => () => undefined,
		onPressed: () => () => undefined,
	};
}

/** Only these are keys; anything else in their place is nobody's. */
export const TOKEN = /^[\w-]{16,128}$/;

/** The key: written into the page by the server, or in the part of the address after `#`, from where it is taken away. */
export function findToken(page: Document, address: Location, tidy: (address: string) => void): string {
	const inAddress = new URLSearchParams(address.hash.slice(1)).get("token") ?? "";
	if (inAddress) tidy(`${address.pathname}${address.search}`);
	const written = page.querySelector<HTMLMetaElement>('meta[name="polychat-token"]')?.content ?? "";
	return [inAddress, written].find((token) => TOKEN.test(token)) ?? "";
}
