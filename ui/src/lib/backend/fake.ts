/** A backend for tests: keeps everything in memory, and says what it was asked. */

import type { CommandSchema } from "../bindings/CommandSchema";
import type { Desktop } from "../bindings/Desktop";
import type { Feature } from "../bindings/Feature";
import type { FeaturedMessage } from "../bindings/FeaturedMessage";
import type { HistoryEntry } from "../bindings/HistoryEntry";
import type { HistoryQuery } from "../bindings/HistoryQuery";
import type { HotkeyAction } from "../bindings/HotkeyAction";
import type { NativeSchema } from "../bindings/NativeSchema";
import type { Obs } from "../bindings/Obs";
import type { OwnLook } from "../bindings/OwnLook";
import type { Overlay } from "../bindings/Overlay";
import type { Saved } from "../bindings/Saved";
import type { SavedChannel } from "../bindings/SavedChannel";
import type { Stage } from "../bindings/Stage";
import type { Backend } from "./backend";
import { Refused } from "./refused";

export const WINDOW = { shown: false, locked: false, opacity: 100, dimAfterS: 0, hiddenFromCapture: true, aboveFullscreen: false, places: [] };

export function emptySaved(): Saved {
	return {
		channels: [],
		overlays: [{ name: "main", look: null, values: {}, window: WINDOW }],
		looks: [],
		settings: { hotkeys: {}, startWithSystem: null, closeToTray: null, tiktokPage: null, lookForUpdates: null, knowsHowToUnlock: false, language: null, featured: { seconds: 20, follow: false, paid: "off", paidFrom: 0, questions: "off" }, obs: { on: false, address: null, lastPort: null }, hidden: [] },
	};
}

export class FakeBackend implements Backend {
	saved = emptySaved();
	stage: Stage = { paused: false, clearedAt: 0, featured: null };
	obs: Obs = { on: false, address: "ws://127.0.0.1:4455", hasPassword: false, fixed: false, now: { link: "off", streaming: false, recording: false, sources: [] } };
	/** What happened, the oldest first, and what was noted about people by their platform and id. */
	history: HistoryEntry[] = [];
	notes: Record<string, string> = {};
	/** Every command in the order in which they came. */
	readonly asked: [command: string, request: unknown][] = [];
	/** The next command is refused with this sentence. */
	refuses: string | null = null;
	readonly can: Backend["can"];
	#desktop: Desktop | null;
	/** Messages that were featured or wait for it. */
	readonly #given = new Map<string, FeaturedMessage>();
	#heard = new Set<(desktop: Desktop) => void>();
	readonly #pressed = new Set<(action: HotkeyAction) => void>();

	constructor(desktop: Desktop | null = null) {
		this.#desktop = desktop;
		this.can = { desktop: desktop !== null, change: true };
	}

	call<K extends keyof CommandSchema>(command: K, request: CommandSchema[K][0]): Promise<CommandSchema[K][1]> {
		return this.#answer(command, request, () => this.#carryOut(command, request as never) as CommandSchema[K][1]);
	}

	native<K extends keyof NativeSchema>(command: K, request: NativeSchema[K][0]): Promise<NativeSchema[K][1]> {
		return this.#answer(command, request, () => this.#native(command, request as never) as NativeSchema[K][1]);
	}

	onDesktop(heard: (desktop: Desktop) => void): () => void {
		this.#heard.add(heard);
		return () => this.#heard.delete(heard);
	}

	onPressed(heard: (action: HotkeyAction) => void): () => void {
		this.#pressed.add(heard);
		return () => this.#pressed.delete(heard);
	}

	/** Keys of the whole system are pressed. */
	press(action: HotkeyAction): void {
		for (const heard of this.#pressed) heard(action);
	}

	/** The desktop program does otherwise now. */
	tell(desktop: Desktop): void {
		this.#desktop = desktop;
		for (const heard of this.#heard) heard(desktop);
	}

	#native(command: keyof NativeSchema, request: never): unknown {
		const desktop = this.#desktop;
		if (!desktop) throw new Refused({ code: "UNKNOWN_COMMAND", message: "Only the desktop program can do that." });
		const { name, on } = request as Partial<NativeSchema["show_overlay"][0]>;
		const window = (change: Partial<Overlay["window"]>) => {
			this.saved.overlays = this.saved.overlays.map((o) => (o.name === name ? { ...o, window: { ...o.window, ...change } } : o));
		};
		switch (command) {
			case "show_overlay": {
				const others = desktop.windows.filter((w) => w.name !== name);
				window({ shown: on === true });
				this.tell({ ...desktop, windows: on && name ? [...others, { name, locked: false }] : others });
				break;
			}
			case "lock_overlay":
				this.tell({ ...desktop, windows: desktop.windows.map((w) => (w.name === name ? { ...w, locked: on === true } : w)) });
				break;
			case "change_overlay_window":
				window((request as Overlay).window);
				break;
			case "change_hotkey": {
				const { action, keys } = request as NativeSchema["change_hotkey"][0];
				this.tell({ ...desktop, hotkeys: desktop.hotkeys.map((h) => (h.action === action ? { ...h, keys, problem: null } : h)) });
				break;
			}
			case "start_with_system":
				this.tell({ ...desktop, startsWithSystem: on === true });
				break;
			case "look_for_update":
			case "install_update":
			case "cancel_update":
				break;
			case "save_text":
				return `Documents/${(request as { name: string }).name}`;
			case "export_to_file":
				return "Documents/polychat.json";
			case "save_loader":
				return `Documents/polychat-${name}.html`;
			case "import_from_file":
				return this.saved;
			case "open_link":
			case "pop_out":
			case "say":
			case "quit":
				return {};
		}
		return this.#desktop;
	}

	async #answer<T>(command: string, request: unknown, work: () => T): Promise<T> {
		this.asked.push([command, structuredClone(request)]);
		const message = this.refuses;
		this.refuses = null;
		if (message !== null) throw new Refused({ code: "FAILED", message });
		return structuredClone(work());
	}

	/** As the server does it, without moderators and clocks. */
	#feature(what: Feature): Stage {
		const queue = this.stage.queue ?? [];
		const message = "message" in what ? what.message : "key" in what ? this.#given.get(what.key) : what.do === "next" ? this.#given.get(queue[0]?.key ?? "") : undefined;
		const key = message ? `${message.platform} event ${message.event_id}` : "";
		if (message) this.#given.set(key, message);
		const others = queue.filter((q) => q.key !== key);
		const show = (pinned: boolean): Stage => ({ ...this.stage, queue: others, featured: message ? { key, message, pinned, until: pinned ? null : Date.now() + this.saved.settings.featured.seconds * 1_000, by: "hand" } : null });
		switch (what.do) {
			case "show":
				this.stage = show(what.pinned === true);
				break;
			case "next":
			case "show_queued":
				this.stage = show(false);
				break;
			case "queue": {
				const { data } = what.message;
				const user = "author" in data ? data.author : data.user;
				const text = "content" in data ? data.content.raw : data.text;
				if (queue.some((q) => q.key === key)) break;
				this.stage = { ...this.stage, queue: [...queue, { key, platform: what.message.platform, identifier: what.message.identifier, name: user?.display_name ?? "", text, amount: null, by: "hand", shows: false }] };
				break;
			}
			case "clear":
				this.stage = { ...this.stage, featured: null };
				break;
			case "pin":
				if (this.stage.featured) this.stage = { ...this.stage, featured: { ...this.stage.featured, pinned: what.on, until: what.on ? null : Date.now() + 20_000 } };
				break;
			case "remove":
				this.stage = { ...this.stage, queue: others };
				break;
			case "order":
				this.stage = { ...this.stage, queue: [...queue].sort((a, b) => what.keys.indexOf(a.key) - what.keys.indexOf(b.key)) };
				break;
			case "empty":
				this.stage = { ...this.stage, queue: [] };
		}
		return this.stage;
	}

	/** As the server does it, with a word being any part of a text. */
	#found({ text, platform, channel, user, kind, from, to, before, after, limit = 50 }: HistoryQuery): CommandSchema["search_history"][1] {
		const wanted = text?.toLowerCase().split(/\s+/) ?? [];
		const fits = ({ id, frame }: HistoryEntry) => {
			const at = Date.parse(frame.timestamp);
			const who = whoOf(frame);
			const said = `${frame.type === "chat" ? frame.data.content.raw : frame.data.text} ${who?.display_name ?? ""}`.toLowerCase();
			const is = frame.type === "event" ? (frame.data.amount ? "paid" : "event") : frame.data.metadata.type === "super_chat" ? "paid" : "chat";
			return (!platform || frame.platform === platform) && (!channel || frame.identifier === channel) && (!user || who?.id === user) && (!kind || is === kind)
				&& at >= (from ?? 0) && at < (to ?? Infinity) && id < (before ?? Infinity) && id > (after ?? -1) && wanted.every((word) => said.includes(word));
		};
		const all = this.history.filter(fits);
		const entries = (after === undefined ? all.slice(-limit) : all.slice(0, limit)).reverse();
		return { entries, more: all.length > limit };
	}

	#carryOut(command: keyof CommandSchema, request: never): unknown {
		const { saved } = this;
		const is = (a: SavedChannel) => (b: SavedChannel) => a.platform === b.platform && a.identifier === b.identifier;
		switch (command) {
			case "search_history":
				return this.#found(request);
			case "kept_history": {
				const channels = [...new Map(this.history.map(({ frame: { platform, identifier } }) => [`${platform} ${identifier}`, { platform, identifier, identifierType: "username" }])).values()];
				return { channels, since: this.history[0] ? Date.parse(this.history[0].frame.timestamp) : null };
			}
			case "person": {
				const { platform, id } = request as CommandSchema["person"][0];
				const theirs = this.history.filter(({ frame }) => frame.platform === platform && whoOf(frame)?.id === id).map(({ frame }) => frame);
				const [first, last] = [theirs[0], theirs.at(-1)];
				const who = last && whoOf(last);
				if (!first || !last || !who) return null;
				return { username: who.username, displayName: who.display_name, firstAt: Date.parse(first.timestamp), lastAt: Date.parse(last.timestamp), count: theirs.length, note: this.notes[`${platform} ${id}`] ?? "" };
			}
			case "note_person": {
				const { platform, id, note } = request as CommandSchema["note_person"][0];
				this.notes[`${platform} ${id}`] = note;
				return {};
			}
			case "saved":
				return { saved, stage: this.stage, notices: [], platforms: ["twitch", "youtube", "tiktok"], demo: false };
			case "add_channel": {
				const asked = request as CommandSchema["add_channel"][0];
				const channel: SavedChannel = { ...asked, identifier: asked.identifier.toLowerCase(), paused: false };
				if (!saved.channels.some(is(channel))) saved.channels = [...saved.channels, channel];
				return channel;
			}
			case "remove_channel":
				saved.channels = saved.channels.filter((c) => !is(request)(c));
				return saved;
			case "change_channel":
				saved.channels = saved.channels.map((c) => (is(request)(c) ? (request as SavedChannel) : c));
				return saved;
			case "order_channels": {
				const order = request as SavedChannel[];
				const at = (c: SavedChannel) => order.findIndex(is(c)) + (order.some(is(c)) ? 0 : saved.channels.length + 1);
				saved.channels = [...saved.channels].sort((a, b) => at(a) - at(b));
				return saved;
			}
			case "change_overlay": {
				const overlay = request as CommandSchema["change_overlay"][0];
				const known = saved.overlays.some((o) => o.name === overlay.name);
				saved.overlays = known ? saved.overlays.map((o) => (o.name === overlay.name ? overlay : o)) : [...saved.overlays, overlay];
				return saved;
			}
			case "remove_overlay":
				saved.overlays = saved.overlays.filter((o) => o.name !== (request as { name: string }).name);
				return saved;
			case "add_look": {
				const asked = request as CommandSchema["add_look"][0];
				const slug = asked.name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || asked.base;
				const taken = (id: string) => saved.looks.some((l) => l.id === id) || id === asked.base;
				let id = slug;
				for (let n = 2; taken(id); n++) id = `${slug}-${n}`;
				const added: OwnLook = { ...asked, id };
				saved.looks = [...saved.looks, added];
				return added;
			}
			case "change_look":
				saved.looks = saved.looks.map((l) => (l.id === (request as OwnLook).id ? (request as OwnLook) : l));
				return saved;
			case "remove_look": {
				const { id } = request as { id: string };
				const base = saved.looks.find((l) => l.id === id)?.base ?? null;
				saved.looks = saved.looks.filter((l) => l.id !== id);
				saved.overlays = saved.overlays.map((o) => (o.look === id ? { ...o, look: base === "classic" ? null : base } : o));
				return saved;
			}
			case "change_settings":
				saved.settings = { ...saved.settings, ...(request as Partial<Saved["settings"]>) };
				saved.settings.language ||= null;
				return saved;
			case "change_stage": {
				const change = request as CommandSchema["change_stage"][0];
				this.stage = { ...this.stage, paused: change.paused ?? this.stage.paused, ...(change.clear ? { clearedAt: Date.now(), featured: null } : {}) };
				return this.stage;
			}
			case "feature":
				return this.#feature(request as Feature);
			case "hide": {
				const what = request as CommandSchema["hide"][0];
				const { hidden = [] } = this.stage;
				if ("key" in what) this.stage = { ...this.stage, hidden: [...hidden.filter((k) => k !== what.key), ...(what.do === "message" ? [what.key] : [])] };
				else {
					const { do: done, ...person } = what;
					saved.settings.hidden = [...saved.settings.hidden.filter((p) => p.platform !== person.platform || p.id !== person.id), ...(done === "person" ? [person] : [])];
				}
				return {};
			}
			case "obs":
				return this.obs;
			case "change_obs": {
				const { on, address } = request as CommandSchema["change_obs"][0];
				this.obs = { ...this.obs, on: on ?? this.obs.on, address: address ?? this.obs.address };
				return this.obs;
			}
			case "obs_scenes":
				return { scenes: ["Game", "Just chatting"], current: "Game", width: 1920, height: 1080, browserSources: true };
			case "add_to_obs":
				return { source: "Polychat", outcome: "created" };
			case "refresh_obs":
				return { refreshed: 1, moved: 0 };
			case "export":
				return { text: JSON.stringify(saved) };
			default:
				return saved;
		}
	}
}

function whoOf(frame: FeaturedMessage) {
	return frame.type === "chat" ? frame.data.author : frame.data.user;
}
