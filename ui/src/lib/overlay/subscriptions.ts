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

/** What a frame tells an overlay, if it does. */
export function toldOf(frame: ServerMessage): Told | null {
	return frame.type === "chat" || frame.type === "event" || frame.type === "moderation" ? ({ kind: frame.type, frame } as Told) : null;
}

/** A channel that ended or is not there is asked for again after this. */
const RETRY_MS = 60_000;
/** The server did not carry out a request because there were too many. */
const RATE_LIMIT_MS = 3_000;
/** So many requests leave at once, and then one at a time: a server takes 20 at once and 10 a second. */
const BURST = 15;
const PACE_MS = 150;
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
	/** Whether the server has said something about it since it was asked for. */
	answered: boolean;
	retry: ReturnType<typeof setTimeout> | undefined;
}

/** A channel as frames name it. */
export type Place = Pick<Wanted, "platform" | "identifier">;

function channel(wanted: Wanted): Channel {
	return { wanted, canonical: null, lastSeq: null, joined: Number.NEGATIVE_INFINITY, answered: false, retry: undefined };
}

export class Subscriptions {
	#channels: readonly Channel[] = [];
	#isOpen = false;
	/** What waits to be asked for. */
	#asking: Channel[] = [];
	#paced: ReturnType<typeof setTimeout> | undefined;
	readonly #backlog: number;
	readonly #send: (message: ClientMessage) => void;
	readonly #take: (told: Told, past: boolean) => void;
	readonly #now: () => number;

	constructor(wanted: readonly Wanted[], backlog: number, send: (message: ClientMessage) => void, take: (told: Told, past: boolean) => void, now = () => performance.now()) {
		this.#channels = wanted.map(channel);
		this.#backlog = backlog;
		this.#send = send;
		this.#take = take;
		this.#now = now;
	}

	/** The connection is open. */
	opened(): void {
		this.#isOpen = true;
		for (const channel of this.#channels) channel.answered = false;
		this.#askFor(this.#channels);
	}

	/** The connection is gone. */
	lost(): void {
		this.#isOpen = false;
		this.#asking = [];
		clearTimeout(this.#paced);
		for (const channel of this.#channels) clearTimeout(channel.retry);
	}

	/** Other channels than before. Those that stay are not asked for again; the ones that are left are given back. */
	want(wanted: readonly Wanted[]): Place[] {
		const is = (w: Wanted) => (c: Channel) => c.wanted.platform === w.platform && c.wanted.identifier === w.identifier && c.wanted.identifierType === w.identifierType;
		const before = this.#channels;
		this.#channels = wanted.map((w) => before.find(is(w)) ?? channel(w));
		const left = before.filter((c) => !this.#channels.includes(c));
		for (const c of left) {
			clearTimeout(c.retry);
			const { platform, identifier, identifierType } = c.wanted;
			if (this.#isOpen && !this.#asking.includes(c)) this.#send({ type: "unsubscribe", platform, identifier, ...(platform === "twitch" ? {} : { identifierType }) });
		}
		this.#asking = this.#asking.filter((c) => !left.includes(c));
		if (this.#isOpen) this.#askFor(this.#channels.filter((c) => !before.includes(c)));
		return left.map((c) => ({ platform: c.wanted.platform, identifier: c.canonical ?? c.wanted.identifier }));
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

	/** Asks for many without asking for too much at once. */
	#askFor(channels: readonly Channel[]): void {
		const now = this.#asking.length === 0 ? BURST : 0;
		for (const channel of channels.slice(0, now)) this.#ask(channel);
		this.#asking.push(...channels.slice(now));
		this.#next();
	}

	#next(): void {
		clearTimeout(this.#paced);
		if (this.#asking.length === 0) return;
		this.#paced = setTimeout(() => {
			const channel = this.#asking.shift();
			if (channel) this.#ask(channel);
			this.#next();
		}, PACE_MS);
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
		channel.answered = true;
		channel.joined = this.#now();
	}

	#error(frame: ErrorFrame): void {
		const channel = this.#find(frame);
		if (!channel) {
			// It is not said which request was one too many: those that have no answer.
			if (frame.code === "RATE_LIMITED") for (const c of this.#channels) if (!c.answered && !this.#asking.includes(c)) this.#later(c, RATE_LIMIT_MS);
			return;
		}
		channel.answered = true;
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
