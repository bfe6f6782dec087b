/**
 * Speech mode: messages are read out one at a time, by keys that step through them, whatever the eyes are on. The list stays
 * where it is.
 */

import type { HotkeyAction } from "../bindings/HotkeyAction";
import type { Entry } from "../feed/entry";
import type { Feed } from "../feed/feed.svelte";
import { spoken } from "../feed/spoken";
import { t } from "../language/language";
import { read, write } from "./remember";
import { EVERYTHING, KINDS, passes } from "./sift";
import { shortened } from "./announce.svelte";

/** Who reads out: nobody, the person's own screen reader, or a voice of the system. */
export const READERS = ["off", "screenReader", "voice"] as const;
export type Reader = (typeof READERS)[number];

/** Kinds of messages that can be stepped through by themselves, in the order of the keys. */
export const GROUPS = ["all", "chat", ...KINDS] as const;
export type Group = (typeof GROUPS)[number];

/** Whether an entry is stepped to: not what was taken away, nor what the page itself says. */
export function isIn(entry: Entry, group: Group): boolean {
	if (entry.kind === "notice") return false;
	if ((entry.kind === "chat" || entry.kind === "event") && entry.removed !== null) return false;
	if (group === "all") return true;
	if (group === "chat") return entry.kind === "chat";
	return passes(entry, { ...EVERYTHING, kinds: new Set([group]) });
}

/** The one before or after the entry `from`, by their places; the newest if there is no `from` any more. Null at the end. */
export function step(entries: readonly Entry[], from: string | null, group: Group, by: 1 | -1): Entry | null {
	const at = from === null ? -1 : entries.findIndex((e) => e.key === from);
	if (at < 0) return entries.findLast((e) => isIn(e, group)) ?? null;
	return (by < 0 ? entries.slice(0, at).findLast((e) => isIn(e, group)) : entries.slice(at + 1).find((e) => isIn(e, group))) ?? null;
}

const KEY = "speech";

export class Speech {
	/** In this browser or window alone. */
	#reader = $state.raw<Reader>(READERS.find((r) => r === read(KEY)) ?? "off");
	/** What a screen reader is to read, and how often it was told: the same words twice are read twice. */
	said = $state.raw({ text: "", turn: 0 });
	group = $state.raw<Group>("all");
	#at: string | null = null;
	readonly #feed: Feed;
	readonly #say: (text: string) => void;

	/** `say` reads a text out with the system's voice. */
	constructor(feed: Feed, say: (text: string) => void) {
		this.#feed = feed;
		this.#say = say;
	}

	get reader(): Reader {
		return this.#reader;
	}

	set reader(reader: Reader) {
		if (this.#reader === "voice" && reader !== "voice") this.#say("");
		this.#reader = reader;
		write(KEY, reader);
	}

	/** Reads a text out, by whoever does. */
	tell(text: string): void {
		if (this.#reader === "off") return;
		const short = shortened(text);
		if (this.#reader === "voice") this.#say(short);
		else this.said = { text: short, turn: this.said.turn + 1 };
	}

	/** The message before or after the one that was read last. */
	move(by: 1 | -1): void {
		const entry = step(this.#entries, this.#at, this.group, by);
		if (entry) this.#at = entry.key;
		this.tell(entry ? spoken(entry) : t(by < 0 ? "speech.first" : "speech.last"));
	}

	/** The kind before or after, and the newest message of it. */
	turn(by: 1 | -1): void {
		this.group = GROUPS[(GROUPS.indexOf(this.group) + by + GROUPS.length) % GROUPS.length] ?? "all";
		const entries = this.#entries.filter((e) => isIn(e, this.group));
		const newest = entries.at(-1);
		this.#at = newest?.key ?? this.#at;
		const name = t(`speech.groups.${this.group}`);
		this.tell(newest ? t("speech.group", { name, count: entries.length, said: spoken(newest) }) : t("speech.groupEmpty", { name }));
	}

	/** Keys of the whole system. True if it is one of these. */
	act(action: HotkeyAction): boolean {
		switch (action) {
			case "sayPrevious":
				this.move(-1);
				return true;
			case "sayNext":
				this.move(1);
				return true;
			case "sayPreviousGroup":
				this.turn(-1);
				return true;
			case "sayNextGroup":
				this.turn(1);
				return true;
			default:
				return false;
		}
	}

	/** Keys of the page: Alt with up and down for messages, with page up and page down for kinds. True if it is one of these. */
	key(event: Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">): boolean {
		if (this.#reader === "off" || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
		const action = ACTIONS[event.key];
		return action !== undefined && this.act(action);
	}

	/** Also what waits while the list stands still. */
	get #entries(): readonly Entry[] {
		return this.#feed.paused ? [...this.#feed.entries, ...this.#feed.later] : this.#feed.entries;
	}
}

const ACTIONS: Readonly<Record<string, HotkeyAction>> = { ArrowUp: "sayPrevious", ArrowDown: "sayNext", PageUp: "sayPreviousGroup", PageDown: "sayNextGroup" };

/** The voice of the browser or webview. */
export class PageVoice {
	/** Whether it has one. They may become known only later. */
	has = $state.raw(false);
	readonly #speaks = typeof speechSynthesis === "undefined" ? null : speechSynthesis;

	constructor() {
		if (!this.#speaks) return;
		const look = () => (this.has = (this.#speaks?.getVoices().length ?? 0) > 0);
		look();
		this.#speaks.addEventListener?.("voiceschanged", look);
	}

	/** Reads a text out, in place of the one before. Empty is silence. */
	say(text: string, language: string): void {
		if (!this.#speaks) return;
		this.#speaks.cancel();
		if (text === "") return;
		const words = new SpeechSynthesisUtterance(text);
		words.lang = language;
		this.#speaks.speak(words);
	}
}
