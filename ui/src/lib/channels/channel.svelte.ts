/** One channel that is read: how it does, in words and numbers. */

import type { Broadcast } from "../bindings/Broadcast";
import type { ErrorFrame } from "../bindings/ErrorFrame";
import type { IdentifierType } from "../bindings/IdentifierType";
import type { Owner } from "../bindings/Owner";
import type { StatusFrame } from "../bindings/StatusFrame";
import type { Via } from "../bindings/Via";
import type { ViewersData } from "../bindings/ViewersData";
import { countdown } from "../format";
import { t } from "../language/language";
import * as words from "../words";
import { faces } from "./faces";
import type { Wanted } from "./wanted";

/** How a channel does. `open` is a chat that can be read while the channel is not live. */
export type ChannelState =
	| "asking" | "connecting" | "live" | "open" | "waiting" | "reconnecting" | "ended" | "not_live" | "not_found" | "failed";

/** States that nothing but a person changes. */
const OVER: readonly ChannelState[] = ["ended", "not_live", "not_found", "failed"];

/** Broadcasts that are listed; a channel has two or three. */
const MAX_BROADCASTS = 12;

/** The server did not carry out the request because there were too many: ask again after this. */
export const RATE_LIMIT_PAUSE_MS = 5_000;

export class Channel {
	readonly wanted: Wanted;
	/** How the server spells it, once it has said so. */
	canonical = $state.raw<string | null>(null);
	/** What the identifier names: as the server understood it, once it has said so. */
	kind = $state.raw<IdentifierType>("username");
	state = $state.raw<ChannelState>("asking");
	/** The broadcast that is read, by the platform's id. */
	liveId = $state.raw<string | null>(null);
	/** When its broadcast is to begin, in Unix milliseconds. */
	startsAt = $state.raw<number | null>(null);
	/** Not all that the platform sends is understood. */
	degraded = $state.raw(false);
	/** How its chat is reached, where there are several ways. */
	via = $state.raw<Via | null>(null);
	/** Whose channel it is, as the platform shows it. */
	owner = $state.raw<Owner | null>(null);
	/** What there is to choose from, if there is a choice. */
	broadcasts = $state.raw<readonly Broadcast[]>([]);
	/** When the next attempt is made, in Unix milliseconds. */
	retryAt = $state.raw<number | null>(null);
	/** One sentence about the state, or "". */
	message = $state.raw("");
	viewers = $state.raw<number | null>(null);
	title = $state.raw<string | null>(null);
	category = $state.raw<string | null>(null);
	/** When its broadcast began, in Unix milliseconds, if the platform says so. */
	begunAt = $state.raw<number | null>(null);
	/** It can only be read in a way that the person has to agree to: TikTok's own page in a hidden window. */
	needsConsent = $state.raw(false);
	/** When its newest message was sent, in Unix milliseconds. */
	lastMessageAt = $state.raw<number | null>(null);
	/** Messages of the last minute. Brought up to date by {@link tick}. */
	perMinute = $state.raw(0);
	/** The highest number seen in any of its frames. */
	lastSeq: number | null = null;

	readonly #perSecond = new Uint32Array(60);
	#second = 0;

	constructor(wanted: Wanted) {
		this.wanted = wanted;
		this.kind = wanted.identifierType;
	}

	/** What to call it. */
	get name(): string {
		return this.canonical ?? this.wanted.identifier;
	}

	/** What to call it where there is room: ids say nothing to people. */
	get label(): string {
		if (this.kind === "username") return this.name;
		return (this.kind === "liveId" && this.title) || this.owner?.display_name || this.name;
	}

	/** The address of its picture: what the platform says now, or said when the channel was read before. */
	get picture(): string | null {
		return this.owner ? this.owner.avatar_url : faces.of(this.wanted);
	}

	/** Whether it is over until a person tries again. */
	get over(): boolean {
		return OVER.includes(this.state);
	}

	/** What its state alone does not say, in one sentence, or "". */
	get sentence(): string {
		if (this.over || this.state === "reconnecting") return this.message;
		// That a chat is open, and that a stream is waited for, the state says.
		if (this.state === "waiting") return words.saysMore(this.message) ? this.message : "";
		return this.state === "live" && !this.degraded ? this.message || words.via(this.via) : "";
	}

	/** Whether a frame that names `identifier` is about this channel. */
	is(platform: string | undefined, identifier: string | undefined): boolean {
		if (platform !== this.wanted.platform || identifier === undefined) return false;
		const same = (a: string | null) => a?.toLowerCase() === identifier.toLowerCase();
		return same(this.canonical) || same(this.wanted.identifier);
	}

	#owned({ display_name, avatar_url }: Partial<Owner>): void {
		const text = (value: unknown) => (typeof value === "string" && value !== "" && value.length <= 2_000 ? value : null);
		this.owner = { display_name: text(display_name), avatar_url: text(avatar_url) };
		faces.keep(this.wanted, this.owner.avatar_url);
	}

	/** The request was sent, or will be when the connection is back. */
	asked(): void {
		this.#set("asking", "");
	}

	/** The page's own connection is gone. */
	cut(): void {
		if (!this.over) this.#set("reconnecting", "");
	}

	/** Takes a status. Returns whether the state is another one now. */
	status(frame: StatusFrame, now: number): boolean {
		const before = this.state;
		const message = frame.message ?? "";
		this.needsConsent = frame.code === "CONSENT_NEEDED";
		const retryAt = frame.retry_in_ms === undefined ? null : now + frame.retry_in_ms;
		if (frame.status === "started" || frame.status === "waiting") {
			const at = Date.parse(frame.starts_at ?? "");
			this.startsAt = Number.isFinite(at) ? at : null;
			this.degraded = frame.degraded === true;
			this.broadcasts = readBroadcasts(frame.broadcasts);
			if (frame.owner) this.#owned(frame.owner);
			this.liveId = frame.liveId ?? null;
			this.via = frame.via ?? null;
		}
		switch (frame.status) {
			case "subscribed":
				this.canonical = frame.channel ?? frame.identifier ?? this.canonical;
				this.kind = frame.identifierType ?? this.kind;
				this.#set("connecting", "");
				break;
			case "connecting":
				this.#set("connecting", "");
				break;
			case "started":
				this.#set(frame.live === false ? "open" : "live", message);
				break;
			case "reconnecting":
				this.#set("reconnecting", frame.cause ?? message, retryAt);
				break;
			case "waiting":
				this.#set("waiting", message, retryAt);
				break;
			case "ended":
				this.#set("ended", message);
				break;
			case "unsubscribed":
				break;
		}
		return this.state !== before;
	}

	/** Takes an error. */
	error(frame: ErrorFrame, now: number): void {
		const text = words.failure(frame, this.name, this.wanted.platform);
		switch (frame.code) {
			case "UPSTREAM_UNAVAILABLE":
			case "TIMEOUT":
			case "CONSENT_NEEDED":
				// The status that names the next attempt comes before the error or after it.
				// Likewise the cause, which says more: what happened, and what helps.
				this.#set("reconnecting", (this.state === "reconnecting" && this.message) || text, this.retryAt !== null && this.retryAt > now ? this.retryAt : null);
				break;
			case "RATE_LIMITED":
				this.#set("reconnecting", text, now + RATE_LIMIT_PAUSE_MS);
				break;
			case "STREAM_NOT_FOUND":
				this.#set("not_found", text);
				break;
			case "STREAM_NOT_LIVE":
				this.#set("not_live", text);
				break;
			case "STREAM_ENDED":
				this.#set("ended", text);
				break;
			case "NO_ACTIVE_CHAT":
				break;
			default:
				this.#set("failed", text);
		}
	}

	/** Takes a number of the channel. Returns false for one that was seen already. */
	saw(seq: number): boolean {
		if (!Number.isSafeInteger(seq)) return true;
		const fresh = this.lastSeq === null || seq > this.lastSeq;
		if (fresh) this.lastSeq = seq;
		return fresh;
	}

	/** Counts a message by the time at which it was sent: a backlog is no burst. */
	counted(sentAt: number, now: number): void {
		const at = Math.min(Number.isFinite(sentAt) ? sentAt : now, now);
		if (this.lastMessageAt === null || at > this.lastMessageAt) this.lastMessageAt = at;
		this.#forward(now);
		const second = Math.floor(at / 1000);
		if (second > this.#second - 60) this.#perSecond[second % 60]!++;
	}

	/** Takes what is known about the broadcast. Null says nothing new about the state. */
	watched(data: ViewersData): void {
		this.viewers = data.viewers;
		this.title = data.title;
		this.category = data.category;
		const begun = Date.parse(data.started_at ?? "");
		this.begunAt = Number.isFinite(begun) ? begun : null;
		if (data.live === true && this.state === "open") this.state = "live";
		if (data.live === false && this.state === "live") this.state = "open";
	}

	/** Once a second: brings the rate up to date. */
	tick(now: number): void {
		this.#forward(now);
		this.perMinute = this.#perSecond.reduce((sum, n) => sum + n, 0);
	}

	#set(state: ChannelState, message: string, retryAt: number | null = null): void {
		if (OVER.includes(state)) {
			this.startsAt = null;
			this.degraded = false;
			this.via = null;
			this.broadcasts = [];
			this.begunAt = null;
		}
		this.state = state;
		this.message = message;
		this.retryAt = retryAt;
	}

	/** Empties the seconds between the last look and now. */
	#forward(now: number): void {
		const second = Math.floor(now / 1000);
		for (let s = Math.max(this.#second + 1, second - 59); s <= second; s++) this.#perSecond[s % 60] = 0;
		this.#second = Math.max(this.#second, second);
	}
}

/** Those that can be shown: a server of another version must not stop the page. */
function readBroadcasts(told: unknown): readonly Broadcast[] {
	if (!Array.isArray(told)) return [];
	const isOne = (b: Partial<Broadcast> | null) => typeof b === "object" && b !== null && typeof b.liveId === "string" && typeof b.title === "string";
	return (told as Broadcast[]).filter(isOne).slice(0, MAX_BROADCASTS);
}

/** The state in words. */
export function stateWord(channel: Pick<Channel, "state" | "retryAt"> & { startsAt?: number | null }, now: number): string {
	const { state, retryAt, startsAt = null } = channel;
	switch (state) {
		case "asking":
		case "connecting":
			return t("channel.connecting");
		case "live":
			return t("channel.live");
		case "open":
			return startsAt === null ? t("channel.open") : t("channel.startsOpen", { starts: words.starts(startsAt, now) });
		case "waiting":
			return startsAt === null ? t("channel.waiting") : words.starts(startsAt, now);
		case "reconnecting":
			return retryAt === null ? t("channel.reconnecting") : t("link.lost", { time: countdown(retryAt, now) });
		case "ended":
			return t("channel.ended");
		case "not_live":
			return t("channel.notLive");
		case "not_found":
			return t("channel.notFound");
		case "failed":
			return t("channel.failed");
	}
}
