/** The channels that are kept, and how each does: those that rest are not read. */

import type { SavedChannel } from "../bindings/SavedChannel";
import { Channel } from "../channels/channel.svelte";
import type { Reader } from "../channels/reader.svelte";
import { isSame } from "./kept.svelte";

/** A line of the rail. */
export interface Row {
	readonly saved: SavedChannel;
	readonly channel: Channel;
}

export class Roster {
	rows = $state.raw<readonly Row[]>([]);
	readonly #reader: Reader;

	constructor(reader: Reader) {
		this.#reader = reader;
	}

	/** Reads what is kept and does not rest, and nothing else. */
	sync(kept: readonly SavedChannel[]): void {
		const before = this.rows;
		for (const { saved, channel } of before) {
			if (kept.some((k) => !k.paused && isSame(k, saved))) continue;
			if (this.#reader.channels.includes(channel)) this.#reader.remove(channel);
		}
		this.rows = kept.map((saved) => {
			const row = before.find((r) => isSame(r.saved, saved));
			if (row && row.saved.paused === saved.paused) return { saved, channel: row.channel };
			return { saved, channel: saved.paused ? new Channel(wantedOf(saved)) : this.#read(saved) };
		});
	}

	#read(saved: SavedChannel): Channel {
		const wanted = wantedOf(saved);
		this.#reader.add(wanted);
		// Not there: the reader knows it in another spelling, and says so.
		return this.#reader.channels.find((c) => c.wanted === wanted) ?? this.#reader.channels.find((c) => c.is(wanted.platform, wanted.identifier)) ?? new Channel(wanted);
	}
}

function wantedOf({ platform, identifier, identifierType }: SavedChannel) {
	return { platform, identifier, identifierType };
}
