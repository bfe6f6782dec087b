/** The channels of an overlay over its one connection: asked for again after every loss, without losing or doubling. */

import type { ClientMessage } from "../bindings/ClientMessage";
import type { ErrorFrame } from "../bindings/ErrorFrame";
import type { ModerationFrame } from "../bindings/ModerationFrame";
import type { ServerMessage } from "../bindings/ServerMessage";
import type { StatusFrame } from "../bindings/StatusFrame";
import { type Wanted, subscribeTo } from "../channels/wanted";
import type { Happened } from "../feed/entry";

/** Something to show, or to take away. */
export type Told = Happened | { kind: "moderation"; frame: ModerationFrame };

/** A channel that ended or is not there is asked for again after this. */
const RETRY_MS = 60_000;
/** The server did not carry out a request because there were too many. */
const RATE_LIMIT_MS = 3_000;
/**
 * What comes so soon after a channel was joined was said before, and is shown without a fanfare. Told by our own clock: that
 * of the platform may be another one. Chosen by hand.
 */
const PAST_MS = 1_500;

interface Channel {
	readonly wanted: Wanted;
	/** How the server spells it, once it has said so. */
	canonical: string | null;
	/** The last number seen. */
	lastSeq: number | null;
	/** When it was joined, on the page's own clock. */
	joined: number;
	retry: ReturnType<typeof setTimeout> | undefined;
}

export class Subscriptions {
	readonly #channels: readonly Channel[];
	readonly #backlog: number;
	readonly #send: (message: ClientMessage) => void;
	readonly #take: (told: Told, past: boolean) => void;
	readonly #now: () => number;

	constructor(wanted: readonly Wanted[], backlog: number, send: (message: ClientMessage) => void, take: (told: Told, past: boolean) => void, now = () => performance.now()) {
		this.#channels = wanted.map((w) => ({ wanted: w, canonical: null, lastSeq: null, joined: Number.NEGATIVE_INFINITY, retry: undefined }));
		this.#backlog = backlog;
		this.#send = send;
		this.#take = take;
		this.#now = now;
	}

	/** The connection is open. */
	opened(): void {
		for (const channel of this.#channels) this.#ask(channel);
	}

	/** The connection is gone. */
	lost(): void {
		for (const channel of this.#channels) clearTimeout(channel.retry);
	}

	/** Takes a frame. A server of another version must not stop the page: what is not whole is left out. */
	received(frame: ServerMessage): void {
		switch (frame.type) {
			case "status":
				return this.#status(frame);
			case "error":
				return this.#error(frame);
			case "chat":
			case "event":
			case "moderation": {
				const channel = this.#find(frame);
				if (!channel || !isWhole(frame)) return;
				// Not the highest: after a computer's clock was put back, that would ask for what never comes.
				if (Number.isSafeInteger(frame.seq)) channel.lastSeq = frame.seq;
				return this.#take({ kind: frame.type, frame } as Told, frame.history === true || this.#now() - channel.joined < PAST_MS);
			}
			default:
			// Viewers and gaps say nothing to those who watch; the rest is newer than this page.
		}
	}

	#ask(channel: Channel): void {
		clearTimeout(channel.retry);
		const options = { events: true, moderation: true, viewers: false, wait: true, backlog: this.#backlog };
		this.#send({ type: "subscribe", ...subscribeTo(channel.wanted, options, channel.lastSeq) });
	}

	#later(channel: Channel, ms: number): void {
		clearTimeout(channel.retry);
		channel.retry = setTimeout(() => this.#ask(channel), ms);
	}

	#status(frame: StatusFrame): void {
		if (frame.status !== "subscribed" || !frame.channel) return;
		const channel = this.#find(frame);
		if (!channel) return;
		channel.canonical = frame.channel;
		channel.joined = this.#now();
	}

	#error(frame: ErrorFrame): void {
		const channel = this.#find(frame);
		if (!channel) return;
		switch (frame.code) {
			case "RATE_LIMITED":
				return this.#later(channel, RATE_LIMIT_MS);
			case "STREAM_NOT_LIVE":
			case "STREAM_ENDED":
			case "STREAM_NOT_FOUND":
			case "TOO_MANY_SUBSCRIPTIONS":
				return this.#later(channel, RETRY_MS);
			default:
			// The server goes on by itself, or asking again would not help.
		}
	}

	#find({ platform, identifier }: { platform?: string | undefined; identifier?: string | undefined }): Channel | undefined {
		const name = identifier?.toLowerCase();
		const of = this.#channels.filter((c) => c.wanted.platform === platform);
		return of.find((c) => c.canonical?.toLowerCase() === name) ?? of.find((c) => c.wanted.identifier.toLowerCase() === name);
	}
}

/** Whether a frame has what the page is built on. */
function isWhole(frame: Extract<ServerMessage, { event_id: string }>): boolean {
	const is = (value: unknown) => typeof value === "object" && value !== null;
	if (typeof frame.event_id !== "string" || !is(frame.data)) return false;
	return frame.type !== "chat" || (is(frame.data.author) && Array.isArray(frame.data.content?.elements));
}
