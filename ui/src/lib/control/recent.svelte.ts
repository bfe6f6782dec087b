/** Channels that were added before, the newest first. Kept in this browser or window alone. */

import type { AddChannel } from "../bindings/AddChannel";
import type { SavedChannel } from "../bindings/SavedChannel";
import { isPlatform } from "../platforms";
import { read, write } from "./remember";

const KEY = "recent channels";
/** More than a glance takes in. */
const MAX = 6;

export class Recent {
	#list = $state.raw<readonly AddChannel[]>(load());

	/** Those that are not followed now. */
	without(channels: readonly SavedChannel[]): readonly AddChannel[] {
		return this.#list.filter((r) => !channels.some((c) => same(c, r))).slice(0, MAX);
	}

	add({ platform, identifier, identifierType }: AddChannel): void {
		const added = { platform, identifier, identifierType };
		this.#list = [added, ...this.#list.filter((r) => !same(r, added))].slice(0, 2 * MAX);
		write(KEY, this.#list);
	}
}

export const recent = new Recent();

function load(): readonly AddChannel[] {
	const kept = read(KEY);
	const isOne = (c: Partial<AddChannel> | null) =>
		typeof c === "object" && c !== null && typeof c.identifier === "string" && c.identifier.length <= 2_000 && typeof c.platform === "string" && isPlatform(c.platform) && ["username", "channelId", "liveId"].includes(c.identifierType ?? "");
	return Array.isArray(kept) ? (kept as AddChannel[]).filter(isOne).slice(0, 2 * MAX) : [];
}

function same(a: AddChannel, b: AddChannel): boolean {
	return a.platform === b.platform && a.identifier.toLowerCase() === b.identifier.toLowerCase();
}
