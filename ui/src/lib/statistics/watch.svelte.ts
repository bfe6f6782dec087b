/** What is counted in the channels that are kept, as the server tells it: over a socket of its own, that reads nothing else. */

import type { SavedChannel } from "../bindings/SavedChannel";
import type { ServerMessage } from "../bindings/ServerMessage";
import type { StatsFrame } from "../bindings/StatsFrame";
import { placeKey } from "../feed/entry";
import type { Surroundings } from "../socket/connection";
import { VisibleConnection } from "../socket/connection.svelte";

/** Between two requests: the server takes ten a second. */
const PACE_MS = 120;

export class StatsWatch {
	/** The channels that are kept and do not rest. */
	channels = $state.raw<readonly SavedChannel[]>([]);
	/** Whether channels are known, so that none means none. */
	ready = $state.raw(false);
	/** The newest numbers, one frame a channel, in the order of the channels. */
	frames = $state.raw<readonly StatsFrame[]>([]);
	/** The server counts nothing. */
	off = $state.raw(false);
	/** The language of our pages, or null; undefined until it is told. */
	language = $state.raw<string | null>();
	readonly connection: VisibleConnection;
	/** What was asked for on this connection, by its text. */
	#asked = new Map<string, SavedChannel>();
	readonly #told = new Map<string, StatsFrame>();
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(url: string, around?: Surroundings) {
		this.connection = new VisibleConnection(
			url,
			{
				opened: () => {
					this.#asked = new Map();
					this.connection.send({ type: "follow" });
					this.#ask();
				},
				lost: () => clearTimeout(this.#timer),
				received: (frame) => frame && this.#take(frame),
				sent: () => undefined,
			},
			around,
		);
	}

	start(): () => void {
		this.connection.open();
		return () => {
			clearTimeout(this.#timer);
			this.connection.close();
		};
	}

	#take(frame: ServerMessage): void {
		switch (frame.type) {
			case "saved": {
				if (!Array.isArray(frame.channels)) return;
				this.language = frame.language ?? null;
				this.channels = frame.channels.filter((c) => !c.paused);
				this.ready = true;
				this.#show();
				this.#ask();
				return;
			}
			case "status":
				if (frame.status === "subscribed") this.off = frame.storage_type === undefined;
				return;
			case "stats":
				// A server of another version must not stop the page.
				if (!Array.isArray(frame.data?.messagesPerMinute?.series?.values) || !Array.isArray(frame.data.viewers?.series?.values)) return;
				this.#told.set(placeKey(frame), frame);
				this.#show();
		}
	}

	#show(): void {
		const kept = this.channels.map(placeKey);
		for (const key of this.#told.keys()) if (!kept.includes(key)) this.#told.delete(key);
		this.frames = [...new Set(kept)].flatMap((key) => this.#told.get(key) ?? []);
	}

	/** Asks for one channel more, or leaves one, and for the next a moment later. */
	#ask(): void {
		clearTimeout(this.#timer);
		if (this.connection.link.is !== "open") return;
		const nameOf = (c: SavedChannel) => `${c.identifierType} ${placeKey(c)}`;
		const wanted = new Map(this.channels.map((c) => [nameOf(c), c]));
		const gone = [...this.#asked].find(([name]) => !wanted.has(name));
		const next = [...wanted].find(([name]) => !this.#asked.has(name));
		if (gone) {
			const [name, { platform, identifier, identifierType }] = gone;
			this.#asked.delete(name);
			this.connection.send({ type: "unsubscribe", platform, identifier, ...(platform === "youtube" ? { identifierType } : {}) });
		} else if (next) {
			const [name, channel] = next;
			const { platform, identifier, identifierType } = channel;
			this.#asked.set(name, channel);
			this.connection.send({ type: "subscribe", platform, identifier, ...(platform === "twitch" ? {} : { identifierType }), include: ["stats"], wait: true });
		} else return;
		this.#timer = setTimeout(() => this.#ask(), PACE_MS);
	}
}
