/** What is kept, as this page knows it: asked for once, told of every change, changed by commands. */

import type { AddChannel } from "../bindings/AddChannel";
import type { Feature } from "../bindings/Feature";
import type { HiddenPerson } from "../bindings/HiddenPerson";
import type { Hide } from "../bindings/Hide";
import type { Kept as Told } from "../bindings/Kept";
import type { NewLook } from "../bindings/NewLook";
import type { Overlay } from "../bindings/Overlay";
import type { OwnLook } from "../bindings/OwnLook";
import type { Platform } from "../bindings/Platform";
import type { Saved } from "../bindings/Saved";
import type { SavedChannel } from "../bindings/SavedChannel";
import type { SavedFrame } from "../bindings/SavedFrame";
import type { Settings } from "../bindings/Settings";
import type { SettingsChange } from "../bindings/SettingsChange";
import type { Stage } from "../bindings/Stage";
import { type Backend, Refused, sentence } from "../backend/backend";
import { Unsent } from "./unsent";

/** The overlay that is always there. */
export const MAIN = "main";

/** The window of an overlay that nobody has changed: as the server has it (`OverlayWindow` in crates/model). */
const WINDOW: Overlay["window"] = { shown: false, locked: false, opacity: 100, dimAfterS: 0, hiddenFromCapture: true, aboveFullscreen: false, places: [] };

const NOTHING: Saved = {
	channels: [],
	overlays: [{ name: MAIN, look: null, values: {}, window: WINDOW }],
	looks: [],
	settings: { hotkeys: {}, startWithSystem: null, closeToTray: null, tiktokPage: null, lookForUpdates: null, knowsHowToUnlock: false, language: null, featured: { seconds: 20, follow: false, paid: "off", paidFrom: 0, questions: "off" }, obs: { on: false, address: null, lastPort: null }, hidden: [] },
};

export class Kept {
	channels = $state.raw<readonly SavedChannel[]>([]);
	overlays = $state.raw<readonly Overlay[]>(NOTHING.overlays);
	/** Looks of the person's own. */
	looks = $state.raw<readonly OwnLook[]>([]);
	settings = $state.raw<Settings>(NOTHING.settings);
	/** The language of our pages, or null for each page's own; undefined until it is known. */
	language = $state.raw<string | null>();
	stage = $state.raw<Stage>({ paused: false, clearedAt: 0, featured: null });
	/** People whom no overlay shows. */
	people = $state.raw<readonly HiddenPerson[]>([]);
	/** Sentences about the file in which everything is kept. */
	notices = $state.raw<readonly string[]>([]);
	/** Platforms that are read; null until that is known. */
	platforms = $state.raw<readonly Platform[] | null>(null);
	demo = $state.raw(false);
	/** Whether channels are known, so that "none" means none. */
	ready = $state.raw(false);
	/** Whether everything has been told, settings too. */
	whole = $state.raw(false);
	/** The key of this page is of an earlier start of the program: it may change nothing until it is loaded anew. */
	stale = $state.raw(false);
	/** Why the last command was not carried out, or "". */
	trouble = $state.raw("");

	readonly #backend: Backend;
	/** Overlays and looks that were changed here and not by the server yet. */
	readonly #unsent = new Unsent((name) => this.#send(name));
	readonly #unsentLooks = new Unsent((id) => this.#sendLook(id));

	constructor(backend: Backend) {
		this.#backend = backend;
	}

	/** Asks for everything. */
	async ask(): Promise<void> {
		if (!this.#backend.can.change) return;
		await this.#try(async () => {
			const told: Told = await this.#backend.call("saved", {});
			this.#take(told.saved);
			this.stage = told.stage;
			this.notices = told.notices;
			this.platforms = told.platforms;
			this.demo = told.demo;
		});
	}

	/** Takes what the socket tells: what every page may know. A server of another version must not stop the page. */
	heard({ channels, overlays, looks, stage, language, hidden }: SavedFrame): void {
		if (!Array.isArray(channels) || !Array.isArray(overlays) || typeof stage !== "object" || stage === null) return;
		this.channels = channels;
		this.stage = stage;
		this.language = typeof language === "string" ? language : null;
		this.#takeOverlays(overlays.map((o) => ({ ...o, window: { ...WINDOW, ...o.window } })));
		if (Array.isArray(looks)) this.#takeLooks(looks);
		this.people = Array.isArray(hidden) ? hidden : [];
		this.ready = true;
	}

	/** Follows one more channel. Returns it as it is spelt, or null if that was refused. */
	async add(channel: AddChannel): Promise<SavedChannel | null> {
		return this.#try(async () => {
			const added = await this.#backend.call("add_channel", channel);
			if (!this.channels.some((c) => isSame(c, added))) this.channels = [...this.channels, added];
			return added;
		});
	}

	async remove(channel: SavedChannel): Promise<void> {
		await this.#try(async () => this.#take(await this.#backend.call("remove_channel", channel)));
	}

	/** Lets a channel rest, or go on. */
	async pause(channel: SavedChannel, paused: boolean): Promise<void> {
		await this.#try(async () => this.#take(await this.#backend.call("change_channel", { ...channel, paused })));
	}

	/** The channels in another order. */
	async order(channels: readonly SavedChannel[]): Promise<void> {
		await this.#try(async () => this.#take(await this.#backend.call("order_channels", [...channels])));
	}

	overlay(name: string): Overlay {
		return this.overlays.find((o) => o.name === name) ?? { ...NOTHING.overlays[0]!, name };
	}

	/** Changes an overlay: here at once, on the server when the hand rests. */
	change(overlay: Overlay): void {
		this.#put(overlay);
		this.#unsent.changed(overlay.name);
	}

	/** Keeps one more look. Returns it with its id, or null if that was refused. */
	async addLook(look: NewLook): Promise<OwnLook | null> {
		return this.#try(async () => {
			const added = await this.#backend.call("add_look", look);
			if (!this.looks.some((l) => l.id === added.id)) this.looks = [...this.looks, added];
			return added;
		});
	}

	/** Changes an own look: here at once, on the server when the hand rests. */
	changeLook(look: OwnLook): void {
		this.looks = this.looks.map((l) => (l.id === look.id ? look : l));
		this.#unsentLooks.changed(look.id);
	}

	/** Takes an own look away. Overlays that wear it wear the one that it was made of. */
	async removeLook(id: string): Promise<void> {
		this.#unsentLooks.forget(id);
		// The server decides by what overlays wear, and what is on its way must not come after this.
		await Promise.all([this.#unsent.settle(), this.#unsentLooks.settle()]);
		await this.#try(async () => this.#take(await this.#backend.call("remove_look", { id })));
	}

	/** Shows an overlay as somebody else is about to keep it. */
	show(overlay: Overlay): void {
		this.#put(overlay);
	}

	/** Adds an overlay. Returns whether that was done. */
	async addOverlay(name: string): Promise<boolean> {
		const added = await this.#try(async () => {
			this.#take(await this.#backend.call("change_overlay", { ...NOTHING.overlays[0]!, name }));
			return true;
		});
		return added === true;
	}

	async removeOverlay(name: string): Promise<void> {
		this.#unsent.forget(name);
		await this.#try(async () => this.#take(await this.#backend.call("remove_overlay", { name })));
	}

	/** Changes settings; what is not named stays. */
	async set(change: SettingsChange): Promise<void> {
		await this.#try(async () => this.#take(await this.#backend.call("change_settings", change)));
	}

	/** Empties all overlays. */
	async clear(): Promise<boolean> {
		return (await this.#stage({ clear: true })) === true;
	}

	/** Lets all overlays stand still, or go on. */
	async hold(paused: boolean): Promise<void> {
		await this.#stage({ paused });
	}

	/** Shows a message large on overlays, lets it wait for that, or takes it down. Returns whether that was done. */
	async feature(what: Feature): Promise<boolean> {
		const done = await this.#try(async () => {
			this.stage = await this.#backend.call("feature", what);
			return true;
		});
		return done === true;
	}

	/** Hides something from overlays, or shows it again. What it is now comes over the socket. Returns whether that was done. */
	async hide(what: Hide): Promise<boolean> {
		return (await this.#try(() => this.#backend.call("hide", what))) !== null;
	}

	/** Everything as the text of a file, or null. */
	async export(): Promise<string | null> {
		return this.#try(async () => (await this.#backend.call("export", {})).text);
	}

	/** Takes everything from the text of a file. */
	async import(text: string): Promise<boolean> {
		const done = await this.#try(async () => {
			this.#take(await this.#backend.call("import", { text }));
			return true;
		});
		return done === true;
	}

	/** Sends everything that waits, now: the page goes away. */
	flush(): void {
		// Looks first: an overlay may wear one that is new.
		this.#unsentLooks.flush();
		this.#unsent.flush();
	}

	async #stage(change: { paused?: boolean; clear?: boolean }): Promise<boolean | null> {
		return this.#try(async () => {
			this.stage = await this.#backend.call("change_stage", change);
			return true;
		});
	}

	async #send(name: string): Promise<void> {
		const sent = this.overlay(name);
		await this.#try(async () => {
			const saved = await this.#backend.call("change_overlay", sent);
			// Unless it was changed again meanwhile: then what was answered is of yesterday.
			this.#unsent.sent(name);
			this.#take(saved);
		});
		this.#unsent.sent(name);
		if (this.trouble) await this.#askAgain();
	}

	async #sendLook(id: string): Promise<void> {
		const sent = this.looks.find((l) => l.id === id);
		if (!sent) return;
		await this.#try(async () => {
			const saved = await this.#backend.call("change_look", sent);
			this.#unsentLooks.sent(id);
			this.#take(saved);
		});
		this.#unsentLooks.sent(id);
		if (this.trouble) await this.#askAgain();
	}

	/** What was refused must not go on to look as if it were so. */
	async #askAgain(): Promise<void> {
		const why = this.trouble;
		await this.ask();
		this.trouble = why;
	}

	#put(overlay: Overlay): void {
		const known = this.overlays.some((o) => o.name === overlay.name);
		this.overlays = known ? this.overlays.map((o) => (o.name === overlay.name ? overlay : o)) : [...this.overlays, overlay];
	}

	#take(saved: Saved): void {
		this.channels = saved.channels;
		this.settings = saved.settings;
		this.language = saved.settings.language;
		this.#takeOverlays(saved.overlays);
		this.#takeLooks(saved.looks ?? []);
		this.ready = true;
		this.whole = true;
	}

	/** What is being changed here stays as it is here. */
	#takeOverlays(overlays: readonly Overlay[]): void {
		this.overlays = overlays.map((o) => (this.#unsent.has(o.name) ? this.overlay(o.name) : o));
	}

	#takeLooks(looks: readonly OwnLook[]): void {
		this.looks = looks.map((l) => (this.#unsentLooks.has(l.id) ? (this.looks.find((mine) => mine.id === l.id) ?? l) : l));
	}

	async #try<T>(work: () => Promise<T>): Promise<T | null> {
		try {
			const done = await work();
			this.trouble = "";
			return done;
		} catch (error) {
			this.trouble = sentence(error);
			if (error instanceof Refused && error.code === "FORBIDDEN" && this.#backend.can.change) this.stale = true;
			return null;
		}
	}
}

/** Whether both name one channel. */
export function isSame(a: Pick<SavedChannel, "platform" | "identifier" | "identifierType">, b: typeof a): boolean {
	return a.platform === b.platform && a.identifier === b.identifier && a.identifierType === b.identifierType;
}
