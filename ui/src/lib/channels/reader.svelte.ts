/** Everything that a page reads: its channels over its one connection, into one list. */

import type { ErrorFrame } from "../bindings/ErrorFrame";
import type { ServerMessage } from "../bindings/ServerMessage";
import type { StatusFrame } from "../bindings/StatusFrame";
import { Feed } from "../feed/feed.svelte";
import { FrameLog } from "../frames/frame-log.svelte";
import { whenOf } from "../format";
import { t } from "../language/language";
import { PLATFORM_NAMES } from "../platforms";
import type { Connection, Surroundings } from "../socket/connection";
import { VisibleConnection } from "../socket/connection.svelte";
import * as words from "../words";
import { MAX_CHANNELS } from "./address";
import { Channel, RATE_LIMIT_PAUSE_MS } from "./channel.svelte";
import { DEFAULT_OPTIONS, type Options, type Wanted, subscribeTo } from "./wanted";

/** What a reader may be given instead of its own. */
interface Parts {
	feed?: Feed;
	log?: FrameLog;
	around?: Surroundings;
	now?: () => number;
	/** The connection is open, before channels are asked for. */
	opened?: (connection: Connection) => void;
	/** A frame came, of any kind. */
	heard?: (frame: ServerMessage) => void;
}

export class Reader {
	/** In the order in which they were added. */
	channels = $state.raw<readonly Channel[]>([]);
	/** What is asked for, for every channel. */
	options = $state.raw<Options>({ ...DEFAULT_OPTIONS });
	/** What went wrong without a channel to show it on, or "". */
	trouble = $state.raw("");

	readonly feed: Feed;
	readonly log: FrameLog;
	readonly connection: Connection;
	readonly #now: () => number;

	constructor(url: string, { feed = new Feed(), log = new FrameLog(), around, now = Date.now, opened, heard }: Parts = {}) {
		this.feed = feed;
		this.log = log;
		this.#now = now;
		this.connection = new VisibleConnection(
			url,
			{
				opened: () => {
					opened?.(this.connection);
					this.#opened();
				},
				lost: () => this.channels.forEach((c) => c.cut()),
				received: (frame, text) => {
					log.add("in", text, frame, now());
					if (!frame) return;
					heard?.(frame);
					this.#take(frame);
				},
				sent: (text) => log.add("out", text, readable(text), now()),
			},
			around,
		);
	}

	/** Reads one more channel. Returns a sentence if that cannot be, or null. */
	add(wanted: Wanted): string | null {
		const known = this.channels.find(
			(c) => c.is(wanted.platform, wanted.identifier) && c.wanted.identifierType === wanted.identifierType,
		);
		if (known) {
			if (!known.over) return t("channel.known", { name: known.name });
			this.retry(known);
			return null;
		}
		if (this.channels.length >= MAX_CHANNELS) return t("channel.tooMany", { count: MAX_CHANNELS });
		const channel = new Channel(wanted);
		this.channels = [...this.channels, channel];
		this.trouble = "";
		this.#ask(channel);
		return null;
	}

	/** Stops reading a channel. Its messages stay in the list. */
	remove(channel: Channel): void {
		this.channels = this.channels.filter((c) => c !== channel);
		if (!channel.over) this.#leave(channel);
	}

	/** Asks once more for a channel that is over. */
	retry(channel: Channel): void {
		this.#ask(channel);
	}

	/** Asks for other things. Channels that are read are left and joined again, without losing or doubling a message. */
	setOptions(options: Options): void {
		const kinds = (o: Options) => `${o.events} ${o.moderation} ${o.viewers}`;
		const differs = kinds(options) !== kinds(this.options);
		this.options = options;
		if (!differs) return;
		for (const channel of this.channels) {
			if (channel.over) continue;
			this.#leave(channel);
			this.#ask(channel);
		}
	}

	/** Once a second: brings rates up to date. */
	tick(): void {
		for (const channel of this.channels) channel.tick(this.#now());
	}

	#opened(): void {
		for (const channel of this.channels) if (!channel.over) this.#ask(channel);
	}

	#ask(channel: Channel): void {
		channel.asked();
		this.connection.send({ type: "subscribe", ...subscribeTo(channel.wanted, this.options, channel.lastSeq) });
	}

	#leave(channel: Channel): void {
		const { platform, identifier, identifierType } = channel.wanted;
		this.connection.send({
			type: "unsubscribe",
			platform,
			identifier,
			...(platform === "youtube" ? { identifierType } : {}),
		});
	}

	#find(frame: { platform?: string; identifier?: string }): Channel | undefined {
		return this.channels.find((c) => c.is(frame.platform, frame.identifier));
	}

	#take(frame: ServerMessage): void {
		switch (frame.type) {
			case "status":
				return this.#status(frame);
			case "error":
				return this.#error(frame);
			case "gap":
				return this.feed.gap(frame);
			case "chat":
			case "event":
			case "moderation":
			case "viewers": {
				const channel = this.#find(frame);
				// What was left may still say a word or two.
				if (!channel) return;
				if (!isWhole(frame)) return this.feed.note("warn", words.unreadable(), channel.wanted.platform);
				const fresh = channel.saw(frame.seq);
				if (frame.type === "viewers") return channel.watched(frame.data);
				if (frame.type === "moderation") return this.feed.accept({ kind: "moderation", frame });
				if (frame.type === "event") return this.feed.accept({ kind: "event", frame });
				if (fresh) channel.counted(Date.parse(frame.timestamp), this.#now());
				return this.feed.accept({ kind: "chat", frame });
			}
			case "stats":
			case "saved":
			case "obs":
			case "rehearsal":
				// Not asked for here.
				return;
			default:
				// A kind that is newer than this page: shown with the frames only.
				frame satisfies never;
		}
	}

	#status(frame: StatusFrame): void {
		const channel = this.#find(frame);
		if (!channel) return;
		if (frame.status === "subscribed" && frame.channel) {
			const { platform } = channel.wanted;
			const canonical = frame.channel;
			const kind = frame.identifierType ?? channel.kind;
			const twin = this.channels.find((c) => c !== channel && c.canonical === canonical && c.wanted.platform === platform && c.kind === kind);
			if (twin) {
				// Two spellings of one channel.
				this.channels = this.channels.filter((c) => c !== channel);
				this.trouble = t("channel.known", { name: twin.name });
				return;
			}
		}
		const was = channel.state;
		if (!channel.status(frame, this.#now())) return;
		const { platform } = channel.wanted;
		const say = (tone: "quiet" | "warn", text: string) => this.feed.note(tone, text, platform);
		const where = { name: channel.name, platform: PLATFORM_NAMES[platform] };
		switch (channel.state) {
			case "live":
				return say("quiet", t("list.reading", where));
			case "open":
				return say("quiet", channel.startsAt === null ? t("list.readingOffline", where) : t("list.readingEarly", where));
			case "waiting":
				if (was === "live" || was === "open") return say("quiet", t("list.overForNow", where));
				return say("quiet", channel.startsAt === null ? t("list.notLiveYet", where) : t("list.announced", { ...where, time: whenOf(channel.startsAt) }));
			case "ended":
				return say("quiet", t("list.over", where));
			case "reconnecting":
				if (was === "live" || was === "open") say("warn", t("list.lost", where));
		}
	}

	#error(frame: ErrorFrame): void {
		const channel = this.#find(frame);
		if (!channel) {
			if (frame.code !== "NO_ACTIVE_CHAT") this.trouble = frame.error || words.failure(frame, "that", "twitch");
			return;
		}
		channel.error(frame, this.#now());
		if (frame.code === "RATE_LIMITED") {
			setTimeout(() => {
				if (this.channels.includes(channel) && channel.state === "reconnecting") this.#ask(channel);
			}, RATE_LIMIT_PAUSE_MS);
		}
	}
}

/** Whether a frame has what the list is built on. A server of another version must not stop the page. */
function isWhole(frame: Extract<ServerMessage, { event_id: string }>): boolean {
	if (typeof frame.event_id !== "string" || typeof frame.data !== "object" || frame.data === null) return false;
	return frame.type !== "chat" || (typeof frame.data.author === "object" && frame.data.author !== null && Array.isArray(frame.data.content?.elements));
}

function readable(text: string): Record<string, unknown> | null {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
	} catch {
		return null;
	}
}
