/** The merged list of everything that happened, bounded, without doubles, published at most once per painted frame. */

import type { GapFrame } from "../bindings/GapFrame";
import type { ModerationFrame } from "../bindings/ModerationFrame";
import type { Platform } from "../bindings/Platform";
import * as words from "../words";
import { Crowd, type CrowdKind, crowdKey, crowdKind } from "./crowd";
import {
	type Entry, type Happened, type HappenedEntry, type NoticeEntry, type Removal,
	entryOf, eventKey, placeKey, takenAway, toldAgain, userIdOf,
} from "./entry";

/** How many entries are kept. */
export const FEED_LIMIT = 2_000;
/** So many frames are worked through at once even if the page is not painted (a tab in the background). */
const MAX_WAITING = 1_000;
/** Clocks differ: what is older than the newest entry by less than this was just slow, and stands at the end. */
const SLOWNESS_MS = 5_000;

type Waiting = Happened | { kind: "moderation"; frame: ModerationFrame } | NoticeEntry;

/** Runs `work` soon, once. */
export type Schedule = (work: () => void) => void;

/** Nobody reads faster, and every painted frame costs. Chosen by hand. */
const BREATH_MS = 100;
let painted = 0;

/** Before the next paint, but ten times a second at most; a hidden page is not painted, so there after a quarter of a second. */
export const nextPaint: Schedule = (work) => {
	if (document.hidden) {
		setTimeout(work, 250);
		return;
	}
	const paint = () =>
		requestAnimationFrame((now) => {
			painted = now;
			work();
		});
	const wait = painted + BREATH_MS - performance.now();
	if (wait > 0) setTimeout(paint, wait);
	else paint();
};

export class Feed {
	/** What to show, oldest first. Raw: an entry is replaced, never changed in place. */
	entries = $state.raw<readonly Entry[]>([]);
	/** While true, the list stands still and new entries wait. */
	paused = $state.raw(false);
	/** How many entries wait. */
	held = $state.raw(0);
	/** Those that wait, oldest first. */
	later = $state.raw<readonly Entry[]>([]);

	readonly #limit: number;
	readonly #schedule: Schedule;
	readonly #now: () => number;
	#shown: Entry[] = [];
	#held: Entry[] = [];
	#waiting: Waiting[] = [];
	#scheduled = false;
	#notices = 0;
	/** By event id, and by platform and message id. */
	readonly #known = new Map<string, HappenedEntry>();
	/** The newest line of each kind of each channel. */
	readonly #crowds = new Map<string, Crowd>();

	constructor(limit = FEED_LIMIT, schedule: Schedule = nextPaint, now: () => number = Date.now) {
		this.#limit = limit;
		this.#schedule = schedule;
		this.#now = now;
	}

	/** Takes a frame. */
	accept(frame: Happened | { kind: "moderation"; frame: ModerationFrame }): void {
		this.#wait(frame);
	}

	/** Frames that never came. */
	gap(frame: GapFrame): void {
		this.note("warn", words.gap(frame), frame.platform);
	}

	/** Says something in the list. */
	note(tone: NoticeEntry["tone"], text: string, platform: Platform | null = null): void {
		this.#wait({ kind: "notice", key: `notice ${this.#notices++}`, at: this.#now(), tone, platform, text });
	}

	/** Lets the list stand still. */
	pause(): void {
		this.paused = true;
	}

	/** Lets the list go on, with everything that waited. */
	resume(): void {
		if (!this.paused) return;
		this.paused = false;
		for (const entry of this.#held) insert(this.#shown, entry);
		this.#held = [];
		this.#publish();
	}

	/** Empties the list. */
	clear(): void {
		this.#waiting = [];
		this.#shown = [];
		this.#held = [];
		this.#known.clear();
		this.#crowds.clear();
		this.#publish();
	}

	/** Works through everything that waits, now. */
	flush(): void {
		const waiting = this.#waiting;
		if (waiting.length === 0) return;
		this.#waiting = [];
		for (const one of waiting) {
			if (one.kind === "notice") this.#add(one);
			else if (one.kind === "moderation") this.#moderate(one.frame);
			else this.#happened(one);
		}
		this.#publish();
	}

	#wait(one: Waiting): void {
		this.#waiting.push(one);
		if (this.#waiting.length >= MAX_WAITING) {
			this.flush();
		} else if (!this.#scheduled) {
			this.#scheduled = true;
			this.#schedule(() => {
				this.#scheduled = false;
				this.flush();
			});
		}
	}

	#happened(happened: Happened): void {
		const crowd = crowdKind(happened);
		if (crowd && happened.kind === "event") return this.#joins(crowd, happened);
		const known = this.#known.get(eventKey(happened.frame.platform, happened.frame.event_id));
		if (known) {
			this.#replace(known, toldAgain(known, happened));
		} else {
			const entry = entryOf(happened, this.#now());
			this.#index(entry);
			this.#add(entry);
		}
	}

	#joins(kind: CrowdKind, happened: Happened & { kind: "event" }): void {
		const key = crowdKey(kind, happened.frame);
		const crowd = this.#crowds.get(key);
		if (crowd?.accepts(happened.frame, this.#now())) {
			const old = crowd.entry;
			if (crowd.take(happened.frame)) this.#put(old, crowd.entry);
			return;
		}
		const next = new Crowd(kind, happened.frame, this.#now());
		this.#crowds.set(key, next);
		this.#add(next.entry);
	}

	#moderate(frame: ModerationFrame): void {
		const { action, message_id, user_id, username, duration_seconds } = frame.data;
		const channel = placeKey(frame);
		if (action === "delete_message") {
			if (!message_id) return;
			const entry = this.#known.get(messageKey(frame.platform, message_id)) ?? this.#known.get(eventKey(frame.platform, message_id));
			if (entry) this.#replace(entry, takenAway(entry, channel, "message"));
			return;
		}
		const why: Removal = action === "clear" ? "clear" : "user";
		const at = Math.min(this.#now(), Date.parse(frame.timestamp) || this.#now());
		const isTheirs = (entry: HappenedEntry) => {
			// What is told once more must not take away what was written since.
			if (frame.history && entry.at > at) return false;
			return why === "clear" || (user_id !== null && userIdOf(entry) === user_id);
		};
		if (why === "user" && user_id !== null) {
			for (const crowd of this.#crowds.values()) {
				const old = crowd.entry;
				if (placeKey(old.frame) === channel && crowd.forget(user_id)) this.#put(old, crowd.entry);
			}
		}
		let gone = 0;
		for (const list of [this.#shown, this.#held]) {
			for (const entry of list) {
				if (entry.kind === "notice" || entry.kind === "crowd" || !isTheirs(entry)) continue;
				if (!entry.places.some((p) => p.channel === channel && !p.removed)) continue;
				this.#replace(entry, takenAway(entry, channel, why));
				gone++;
			}
		}
		const text = why === "clear" ? words.cleared(frame.identifier) : words.purged(username, duration_seconds, gone);
		const key = `moderation ${frame.event_id}`;
		if ([...this.#shown, ...this.#held].some((e) => e.key === key)) return;
		this.#add({ kind: "notice", key, at, tone: "quiet", platform: frame.platform, text });
	}

	#add(entry: Entry): void {
		const list = this.paused ? this.#held : this.#shown;
		insert(list, entry);
		// Half as much again before the oldest go, so that they go rarely when a tab in the background catches up.
		if (list.length > this.#limit * 1.5) this.#trim(list);
	}

	#replace(old: HappenedEntry, entry: HappenedEntry): void {
		if (old === entry) return;
		this.#put(old, entry);
		this.#index(entry);
	}

	#put(old: Entry, entry: Entry): void {
		for (const list of [this.#shown, this.#held]) {
			const at = list.lastIndexOf(old);
			if (at >= 0) list[at] = entry;
		}
	}

	#index(entry: HappenedEntry): void {
		for (const key of keysOf(entry)) this.#known.set(key, entry);
	}

	#trim(list: Entry[]): void {
		for (const entry of list.splice(0, Math.max(0, list.length - this.#limit))) {
			if (entry.kind === "chat" || entry.kind === "event") for (const key of keysOf(entry)) this.#known.delete(key);
		}
	}

	#publish(): void {
		this.#trim(this.#shown);
		this.#trim(this.#held);
		this.held = this.#held.length;
		this.later = this.#held.slice();
		this.entries = this.#shown.slice();
	}
}

/** Puts an entry where its time says. */
function insert(list: Entry[], entry: Entry): void {
	const newest = list.at(-1);
	if (!newest || entry.at >= newest.at - SLOWNESS_MS) {
		list.push(entry);
		return;
	}
	let at = list.length;
	while (at > 0 && (list[at - 1]?.at ?? 0) > entry.at) at--;
	list.splice(at, 0, entry);
}

function messageKey(platform: Platform, id: string): string {
	return `${platform} message ${id}`;
}

function keysOf(entry: HappenedEntry): string[] {
	const ids = entry.places.flatMap((p) => (p.messageId ? [messageKey(entry.frame.platform, p.messageId)] : []));
	return [entry.key, ...ids];
}
