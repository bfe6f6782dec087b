/** Why a command was not carried out. In a file of its own: tests that know no words need it, too. */

import type { CommandError } from "../bindings/CommandError";
import type { CommandErrorCode } from "../bindings/CommandErrorCode";

export class Refused extends Error {
	override readonly name = "Refused";
	readonly code: CommandErrorCode;

	constructor({ code, message }: CommandError) {
		super(message);
		this.code = code;
	}
}
