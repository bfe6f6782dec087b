/** Pictures of channels that were read before, so that a channel has its face before its platform has answered. */

import { read, write } from "../control/remember";
import type { Wanted } from "./wanted";

const KEY = "faces";
/** More channels than anybody follows; the oldest goes first. */
const MAX = 40;
const ADDRESS_MAX = 2_000;

export class Faces {
	/** Newest last. */
	#known: Map<string, string> | null = null;

	/** The address of the channel's picture, if it had one when it was read. */
	of(channel: Wanted): string | null {
		return this.#all().get(key(channel)) ?? null;
	}

	keep(channel: Wanted, picture: string | null): void {
		const known = this.#all();
		const name = key(channel);
		if ((known.get(name) ?? null) === picture) return;
		known.delete(name);
		if (picture) known.set(name, picture);
		for (const oldest of known.keys()) {
			if (known.size <= MAX) break;
			known.delete(oldest);
		}
		write(KEY, [...known]);
	}

	#all(): Map<string, string> {
		return (this.#known ??= new Map(load()));
	}
}

export const faces = new Faces();

function load(): [string, string][] {
	const kept = read(KEY);
	const isOne = (pair: unknown) => Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === "string" && text.length <= ADDRESS_MAX);
	return Array.isArray(kept) ? (kept as [string, string][]).filter(isOne).slice(-MAX) : [];
}

function key({ platform, identifierType, identifier }: Wanted): string {
	return `${platform} ${identifierType} ${identifier.toLowerCase()}`;
}
