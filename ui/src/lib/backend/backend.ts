/** The one door from a page to the program behind it. Nothing outside of this folder knows how it is opened. */

import type { CommandError } from "../bindings/CommandError";
import type { CommandErrorCode } from "../bindings/CommandErrorCode";
import type { CommandSchema } from "../bindings/CommandSchema";
import type { Desktop } from "../bindings/Desktop";
import type { NativeSchema } from "../bindings/NativeSchema";

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
}

/** Why a command was not carried out. */
export class Refused extends Error {
	override readonly name = "Refused";
	readonly code: CommandErrorCode;

	constructor({ code, message }: CommandError) {
		super(message);
		this.code = code;
	}
}

/** What is said when there is no sentence. */
const NO_WORDS = "That did not work. Try again.";

/** Anything that was thrown, as a sentence for people. */
export function sentence(error: unknown): string {
	return error instanceof Refused && error.message ? error.message : NO_WORDS;
}

/** What was answered in place of a result. */
export function refusal(answer: unknown): Refused {
	const { code, message } = (typeof answer === "object" && answer !== null ? answer : {}) as Partial<CommandError>;
	const isOne = typeof code === "string" && typeof message === "string" && message !== "";
	return new Refused(isOne ? { code, message } : { code: "FAILED", message: NO_WORDS });
}
