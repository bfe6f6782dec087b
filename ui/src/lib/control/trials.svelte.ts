/**
 * What each platform knows of a name: every channel that may be meant is asked for on a socket of its own, without waiting for
 * it, and left again. A socket of its own, because leaving a channel there must not leave the same channel where it is read.
 */

import type { AddChannel } from "../bindings/AddChannel";
import type { Channel } from "../channels/channel.svelte";
import { Reader } from "../channels/reader.svelte";
import { FrameLog } from "../frames/frame-log.svelte";
import { Feed } from "../feed/feed.svelte";
import { t } from "../language/language";
import type { Surroundings } from "../socket/connection";

/** Platforms are asked when typing rests: nobody wants to know of every beginning of a name. */
const REST_MS = 600;

export interface Trial {
	readonly channel: AddChannel;
	/** Null until it is asked for. */
	readonly found: Channel | null;
}

export class Trials {
	list = $state.raw<readonly Trial[]>([]);

	readonly #url: string;
	readonly #around: Surroundings | undefined;
	#reader: Reader | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(url: string, around?: Surroundings) {
		this.#url = url;
		this.#around = around;
	}

	/** Asks for these channels, when typing rests. */
	of(choices: readonly AddChannel[]): void {
		const name = (list: readonly AddChannel[]) => list.map((c) => `${c.platform} ${c.identifier}`).join("\n");
		if (name(choices) === name(this.list.map((t) => t.channel))) return;
		this.#leave();
		this.list = choices.map((channel) => ({ channel, found: null }));
		if (choices.length > 0) this.#timer = setTimeout(() => this.#ask(), REST_MS);
	}

	/** Does not wait any longer. */
	now(): void {
		if (this.#reader || this.list.length === 0) return;
		clearTimeout(this.#timer);
		this.#ask();
	}

	/** Asks no more. */
	stop(): void {
		this.#leave();
		this.list = [];
	}

	#ask(): void {
		const reader = new Reader(this.#url, { feed: new Feed(1, (work) => setTimeout(work, 250)), log: new FrameLog(), ...(this.#around ? { around: this.#around } : {}) });
		// Who waits is told whose channel it is, also of one that is not live.
		reader.options = { events: false, moderation: false, viewers: true, wait: true, backlog: 0 };
		for (const { channel } of this.list) reader.add(channel);
		this.list = this.list.map(({ channel }) => ({ channel, found: reader.channels.find((c) => c.wanted === channel) ?? null }));
		this.#reader = reader;
		reader.connection.open();
	}

	#leave(): void {
		clearTimeout(this.#timer);
		// Closing the socket leaves everything that was asked for on it.
		this.#reader?.connection.close();
		this.#reader = null;
	}
}

/** What a platform knows, in a few words. */
export function finding(found: Channel | null): string {
	if (!found) return "";
	switch (found.state) {
		case "asking":
		case "connecting":
			return t("rail.looking");
		case "live":
			return found.viewers === null ? t("channel.live") : t("rail.liveWith", { count: found.viewers });
		case "open":
		case "waiting":
		case "not_live":
		case "ended":
			return t("channel.notLive");
		case "not_found":
			return t("channel.notFound");
		case "reconnecting":
			return t("rail.noAnswer");
		case "failed":
			return t("channel.failed");
	}
}
