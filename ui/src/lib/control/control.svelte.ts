/** Everything behind the control page, in one place: what is kept, what is read, what is looked for. */

import type { Backend } from "../backend/backend";
import type { Place } from "../backend/connect";
import type { ServerMessage } from "../bindings/ServerMessage";
import { Reader } from "../channels/reader.svelte";
import { Feed } from "../feed/feed.svelte";
import { Clock } from "../clock.svelte";
import { askHealth } from "../health";
import { language, t } from "../language/language";
import type { Surroundings } from "../socket/connection";
import { Desk } from "./desk.svelte";
import { Hiding } from "./hiding.svelte";
import { Kept, MAIN } from "./kept.svelte";
import { chooseText, download } from "./file";
import { ObsDesk } from "./obs-desk.svelte";
import { Roster } from "./roster.svelte";
import { PageVoice, Speech } from "./speech.svelte";
import { EVERYTHING, type Sift } from "./sift";
import { Trials } from "./trials.svelte";

export class Control {
	readonly backend: Backend;
	/** Of addresses for OBS. */
	readonly origin: string;
	readonly kept: Kept;
	readonly hiding: Hiding;
	readonly desk: Desk;
	readonly obs: ObsDesk;
	readonly reader: Reader;
	readonly roster: Roster;
	readonly trials: Trials;
	/** Reads messages out, by keys. */
	readonly speech: Speech;
	/** The voice of this page, where it has one. */
	readonly pageVoice = new PageVoice();
	readonly clock = new Clock();
	/** What the list shows. */
	sift = $state.raw<Sift>(EVERYTHING);
	/** The overlay that the drawer is about. */
	overlayName = $state.raw(MAIN);
	/** The test studio stands where the list does. */
	studio = $state.raw(false);
	/** What became of the last file, or "". */
	filed = $state.raw("");
	/** The version of the server, where a page is told so. */
	version = $state.raw("");
	/** Channels were live since the page was opened. */
	wasLive = $state.raw(false);

	constructor({ backend, origin, socket, desktop }: Place, around?: Surroundings, feed = new Feed()) {
		this.backend = backend;
		this.origin = origin;
		this.kept = new Kept(backend);
		this.hiding = new Hiding(this.kept);
		this.desk = new Desk(backend, desktop);
		this.obs = new ObsDesk(backend);
		let opened = false;
		this.reader = new Reader(socket, {
			feed,
			...(around ? { around } : {}),
			opened: (connection) => {
				connection.send({ type: "follow", obs: true });
				// It may be another start of the program by now.
				if (opened) void this.kept.ask();
				opened = true;
			},
			heard: (frame) => this.#heard(frame),
		});
		this.roster = new Roster(this.reader);
		this.trials = new Trials(socket, around);
		this.speech = new Speech(feed, (text) => this.#say(text));
	}

	/** The overlay that the drawer is about, or the main one if it is gone. */
	get overlay() {
		const { overlays } = this.kept;
		return overlays.find((o) => o.name === this.overlayName) ?? this.kept.overlay(MAIN);
	}

	/** Opens the list in a small window of its own. Returns whether that was done. */
	async popOut(query: string): Promise<boolean> {
		if (this.backend.can.desktop) return (await this.desk.try(() => this.backend.native("pop_out", { query }))) !== null;
		return open(`/dock${query && `?${query}`}`, "_blank", "popup,width=380,height=640") !== null;
	}

	/** Whether anything reads texts out here: the system itself, or this page. */
	get hasVoice(): boolean {
		return this.desk.now?.speaks === true || this.pageVoice.has;
	}

	#say(text: string): void {
		if (this.desk.now?.speaks) void this.desk.try(() => this.backend.native("say", { text }));
		else this.pageVoice.say(text, language());
	}

	/** Begins; returns what ends it. */
	start(): () => void {
		this.reader.connection.open();
		void this.kept.ask();
		if (!this.backend.can.desktop) {
			void askHealth().then((health) => {
				this.version = health.version;
				// Of those who may only look, the commands say nothing.
				this.kept.platforms ??= health.platforms;
			});
		}
		const ends = [
			this.desk.start(),
			this.backend.onPressed((action) => {
				// Whoever has given it keys wants to hear something.
				if (this.speech.reader === "off") this.speech.reader = this.hasVoice ? "voice" : "screenReader";
				this.speech.act(action);
			}),
			this.clock.start(() => {
				this.reader.tick();
				if (!this.wasLive && this.reader.channels.some((c) => c.state === "live")) this.wasLive = true;
			}),
		];
		return () => {
			for (const end of ends) end();
			this.kept.flush();
			this.trials.stop();
			this.reader.connection.close();
		};
	}

	/** The whole of everybody who watches; null while nobody says. */
	get viewers(): number | null {
		return this.reader.channels.reduce<number | null>((sum, c) => (c.viewers === null ? sum : (sum ?? 0) + c.viewers), null);
	}

	get perMinute(): number {
		return this.reader.channels.reduce((sum, c) => sum + c.perMinute, 0);
	}

	/** When the longest of the broadcasts began, in Unix milliseconds; null if none is known. */
	get begunAt(): number | null {
		const known = this.reader.channels.flatMap((c) => (c.begunAt !== null && c.state === "live" ? [c.begunAt] : []));
		return known.length > 0 ? Math.min(...known) : null;
	}

	/** Everything into a file: one that is chosen, or one that is downloaded. */
	async export(): Promise<void> {
		this.filed = "";
		if (this.backend.can.desktop) {
			const path = await this.desk.try(() => this.backend.native("export_to_file", {}));
			if (path) this.filed = t("settings.writtenTo", { path });
			return;
		}
		const text = await this.kept.export();
		if (text === null) return;
		download(`polychat-${new Date(this.clock.now).toISOString().slice(0, 10)}.json`, text);
		this.filed = t("settings.downloaded");
	}

	/** A text into a file: one that is chosen, or one that is downloaded. Returns where it is, "" in the downloads, or null. */
	async save(name: string, text: string, type?: string): Promise<string | null> {
		if (this.backend.can.desktop) return this.desk.try(() => this.backend.native("save_text", { name, text }));
		download(name, text, type);
		return "";
	}

	/** Everything from a file that is chosen. */
	async import(): Promise<void> {
		this.filed = "";
		if (this.backend.can.desktop) {
			const saved = await this.desk.try(() => this.backend.native("import_from_file", {}));
			if (!saved) return;
			await this.kept.ask();
		} else {
			const text = await chooseText();
			if (text === null || !(await this.kept.import(text))) return;
		}
		this.filed = t("settings.imported");
	}

	/** Opens a page of ours or of a platform where pages belong: in the system's browser. */
	visit(url: string): void {
		if (this.backend.can.desktop) void this.desk.try(() => this.backend.native("open_link", { url }));
		else window.open(url, "_blank", "noopener,noreferrer");
	}

	#heard(frame: ServerMessage): void {
		if (frame.type === "saved") this.kept.heard(frame);
		else if (frame.type === "obs") this.obs.heard(frame);
	}
}
