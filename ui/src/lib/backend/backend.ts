/** The one door from a page to the program behind it. Nothing outside of this folder knows how it is opened. */

import type { CommandError } from "../bindings/CommandError";
import type { CommandErrorCode } from "../bindings/CommandErrorCode";
import type { CommandSchema } from "../bindings/CommandSchema";
import type { Desktop } from "../bindings/Desktop";
import type { HotkeyAction } from "../bindings/HotkeyAction";
import type { NativeSchema } from "../bindings/NativeSchema";
import { language, t } from "../language/language";
import { Refused } from "./refused";

export { Refused };

export interface Backend {
	/** Carries out a command. Throws {@link Refused} with a sentence for people. */
	call<K extends keyof CommandSchema>(command: K, request: CommandSchema[K][0]): Promise<CommandSchema[K][1]>;
	/** Carries out what only the desktop program can. Throws {@link Refused}, always so in a browser. */
	native<K extends keyof NativeSchema>(command: K, request: NativeSchema[K][0]): Promise<NativeSchema[K][1]>;
	/** What there is besides commands. */
	readonly can: {
		/** There are windows, keys of the whole system and a tray: this is the desktop program. */
		readonly desktop: boolean;
		/** Commands may change something: this page was given the key. */
		readonly change: boolean;
	};
	/** Hears how the desktop program does, whenever that changes. Returns what ends it. Never calls in a browser. */
	onDesktop(heard: (desktop: Desktop) => void): () => void;
	/** Hears of keys of the whole system that mean something to the page. Returns what ends it. Never calls in a browser. */
	onPressed(heard: (action: HotkeyAction) => void): () => void;
}

/** Anything that was thrown, as a sentence for people. */
export function sentence(error: unknown): string {
	return error instanceof Refused && error.message ? error.message : t("refused.nothing");
}

/** Carries out anything; null if that was refused. `tell` is told why, or "" when it was done. */
export async function attempt<T>(work: () => Promise<T>, tell: (why: string) => void): Promise<T | null> {
	try {
		const done = await work();
		tell("");
		return done;
	} catch (error) {
		tell(sentence(error));
		return null;
	}
}

/**
 * What was answered in place of a result. The server speaks English only: to others, the code is said in their language, with
 * the server's own sentence where that holds what helps. `isOurs` says that the answer is in the person's language already.
 */
export function refusal(answer: unknown, isOurs = false): Refused {
	const { code, message } = (typeof answer === "object" && answer !== null ? answer : {}) as Partial<CommandError>;
	const isOne = typeof code === "string" && typeof message === "string" && message !== "";
	if (!isOne) return new Refused({ code: "FAILED", message: t("refused.nothing") });
	return new Refused({ code, message: isOurs || language() === "en" ? message : translated(code, message) });
}

function translated(code: CommandErrorCode, said: string): string {
	switch (code) {
		case "FORBIDDEN":
			return t("refused.forbidden");
		case "UNKNOWN_COMMAND":
			return t("refused.unknown");
		case "NOT_FOUND":
			return t("refused.notFound");
		case "TOO_MANY":
			return t("refused.tooMany", { said });
		case "INVALID_REQUEST":
			return t("refused.invalid", { said });
		default:
			return t("refused.failed", { said });
	}
}
