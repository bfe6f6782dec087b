/**
 * What many people do at once and what matters only as a number: likes, joins and the like of one channel share one quiet
 * line for a while, so that no flood of them pushes the chat away.
 */

import type { EventData } from "../bindings/EventData";
import type { EventFrame } from "../bindings/EventFrame";
import { listed } from "../format";
import { t } from "../language/language";
import { type CrowdEntry, type Happened, entryOf, placeKey } from "./entry";

/** For so long after it began, a line takes up what comes. Chosen by hand: two lines a minute disturb nobody. */
const WINDOW_MS = 30_000;
/** What is said is read, so a line of it is not long. Chosen by hand. */
const SPEECH_WINDOW_MS = 15_000;
/** Happenings in one line; more begin another one. */
const MAX_EVENTS = 2_000;
/** Names that a line shows: those who came first, so that only its numbers change. */
const MAX_NAMES = 3;
/** Sentences of a line. */
const MAX_SAID = 3;

const KINDS = ["like", "join", "follow", "share", "caption"] as const;
export type CrowdKind = (typeof KINDS)[number];

/** What the happening is if it belongs into such a line, or null. */
export function crowdKind({ kind, frame }: Happened): CrowdKind | null {
	return kind === "event" ? (KINDS.find((k) => k === frame.data.event) ?? null) : null;
}

/** Which lines it may stand in: a channel has one at a time for each kind, and the past has its own. */
export function crowdKey(kind: CrowdKind, frame: EventFrame): string {
	return `${placeKey(frame)} ${kind} ${frame.history === true}`;
}

/** A line that still takes up what comes. The list shows its `entry`, which is replaced each time. */
export class Crowd {
	entry: CrowdEntry;
	readonly #kind: CrowdKind;
	/** Event ids, so that nothing is counted twice. */
	readonly #seen = new Set<string>();
	/** What to call them, by id or name, in the order in which they came. */
	readonly #people = new Map<string, string>();
	/** What was said, by event id: a better guess at a sentence replaces it. */
	readonly #said = new Map<string, string>();
	/** Those of whom nothing is known, or shown any more. */
	#strangers = 0;
	#likes = 0;
	/** Of the whole stream. */
	#total: number | null = null;

	constructor(kind: CrowdKind, first: EventFrame, now: number) {
		this.#kind = kind;
		const { key, at } = entryOf({ kind: "event", frame: first }, now);
		this.entry = { kind: "crowd", key: `crowd ${key}`, at, frame: first, text: "" };
		this.take(first);
	}

	/** Whether `frame` belongs here and not into a new line. */
	accepts(frame: EventFrame, now: number): boolean {
		if (this.#seen.has(frame.event_id)) return true;
		const { at } = entryOf({ kind: "event", frame }, now);
		const window = this.#kind === "caption" ? SPEECH_WINDOW_MS : WINDOW_MS;
		return this.#seen.size < MAX_EVENTS && Math.abs(at - this.entry.at) < window;
	}

	/** Adds it. Returns false if that changes nothing. */
	take(frame: EventFrame): boolean {
		const { data, event_id } = frame;
		const isNew = !this.#seen.has(event_id);
		if (!isNew && this.#kind !== "caption") return false;
		this.#seen.add(event_id);
		if (this.#kind === "caption") {
			this.#said.set(event_id, data.message?.raw ?? data.text);
			for (const id of this.#said.keys()) if (this.#said.size > MAX_SAID) this.#said.delete(id);
		}
		const who = data.user && (data.user.id || data.user.username || data.user.display_name);
		if (who) this.#people.set(who, data.user?.display_name || data.user?.username || who);
		else if (isNew) this.#strangers++;
		if (this.#kind === "like") this.#likes += data.count ?? 1;
		if (data.total !== undefined) this.#total = Math.max(this.#total ?? 0, data.total);
		this.#write(frame);
		return true;
	}

	/** Takes the name of somebody away: what they did stays counted. Returns false if they are not here. */
	forget(userId: string): boolean {
		if (!this.#people.delete(userId)) return false;
		this.#strangers++;
		this.#write(this.entry.frame);
		return true;
	}

	#write(frame: EventFrame): void {
		this.entry = { ...this.entry, frame, text: this.#sentence(frame.data) };
	}

	#sentence(data: EventData): string {
		const names = [...this.#people.values()];
		const count = names.length + this.#strangers;
		const who = people(names, this.#strangers);
		const total = this.#total;
		switch (this.#kind) {
			case "like": {
				const likes = t("crowd.likes", { count: this.#likes });
				return dotted(t("crowd.liked", { count, who, likes }), total === null ? "" : t("crowd.total", { total }));
			}
			case "join":
				return t("crowd.joined", { count, who });
			case "follow":
				return dotted(t("crowd.followed", { count, who }), total === null ? "" : t("crowd.followers", { count: total }));
			case "share":
				// Of one alone it may be known how many came through it.
				return dotted(t("crowd.shared", { count, who }), this.#seen.size === 1 && data.count ? t("crowd.came", { count: data.count }) : "");
			case "caption":
				return t("crowd.heard", { words: isolate([...this.#said.values()].join(" ")) });
		}
	}
}

/** Things that are told side by side. */
function dotted(...parts: readonly string[]): string {
	return parts.filter(Boolean).join(" · ");
}

/** `Ana`, `Ana and Bo`, `Ana, Bo, and 12 others`. */
function people(names: readonly string[], strangers: number): string {
	const shown = names.slice(0, MAX_NAMES).map(isolate);
	const others = strangers + names.length - shown.length;
	if (others > 0) shown.push(shown.length === 0 ? t("crowd.viewers", { count: others }) : t("crowd.others", { count: others }));
	return shown.length > 0 ? listed(shown) : t("overlay:somebody");
}

/** Keeps a text of any direction of writing together, so that it does not move the words beside it. */
function isolate(text: string): string {
	return `\u2068${text}\u2069`;
}
