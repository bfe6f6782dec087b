/** OBS, as this page knows it: told over the socket, asked and changed by commands. */

import type { AddedToObs } from "../bindings/AddedToObs";
import type { AddToObs } from "../bindings/AddToObs";
import type { Obs } from "../bindings/Obs";
import type { ObsChange } from "../bindings/ObsChange";
import type { ObsFrame } from "../bindings/ObsFrame";
import type { ObsNow } from "../bindings/ObsNow";
import type { ObsPages } from "../bindings/ObsPages";
import type { ObsScenes } from "../bindings/ObsScenes";
import type { RefreshedObs } from "../bindings/RefreshedObs";
import { type Backend, attempt } from "../backend/backend";

const OFF: ObsNow = { link: "off", streaming: false, recording: false, sources: [] };

export class ObsDesk {
	now = $state.raw<ObsNow>(OFF);
	/** What our pages in OBS say. */
	pages = $state.raw<readonly ObsPages[]>([]);
	/** What is set; null until it was asked for. */
	set = $state.raw<Obs | null>(null);
	/** The scenes of OBS; null while there is no connection. */
	scenes = $state.raw<ObsScenes | null>(null);
	/** When the next attempt is made, in Unix milliseconds; null if none is. */
	retryAt = $state.raw<number | null>(null);
	/** Why the last command was not carried out, or "". */
	trouble = $state.raw("");
	readonly #backend: Backend;
	/** The socket tells every change, and later than it no answer of a command can be. */
	#told = false;

	constructor(backend: Backend) {
		this.#backend = backend;
	}

	/** Takes what the socket tells. A server of another version must not stop the page. */
	heard({ type: _, pages, ...now }: { type: "obs" } & ObsFrame): void {
		if (typeof now.link !== "string" || !Array.isArray(now.sources) || !Array.isArray(pages)) return;
		const was = this.now.link;
		this.pages = pages;
		this.#told = true;
		this.#take(now);
		// Another page has turned it on or off.
		if ((was === "off") !== (now.link === "off") && this.set) void this.ask();
	}

	/** Asks what is set. */
	async ask(): Promise<void> {
		if (!this.#backend.can.change) return;
		await this.#try(async () => this.#took(await this.#backend.call("obs", {})));
	}

	/** Sets what is named; nothing named is another attempt, now. Returns whether that was done. */
	async change(change: ObsChange): Promise<boolean> {
		const done = await this.#try(async () => {
			this.#took(await this.#backend.call("change_obs", change));
			return true;
		});
		return done === true;
	}

	/** Asks which scenes there are. */
	async look(): Promise<void> {
		await this.#try(async () => {
			const scenes = await this.#backend.call("obs_scenes", {});
			if (this.now.link === "connected") this.scenes = scenes;
		});
	}

	async add(what: AddToObs): Promise<AddedToObs | null> {
		return this.#try(() => this.#backend.call("add_to_obs", what));
	}

	async refresh(): Promise<RefreshedObs | null> {
		return this.#try(() => this.#backend.call("refresh_obs", {}));
	}

	#took(set: Obs): void {
		this.set = set;
		if (!this.#told) this.#take(set.now);
	}

	#take(now: ObsNow): void {
		this.now = now;
		this.retryAt = now.retryInMs === undefined ? null : Date.now() + now.retryInMs;
		if (now.link !== "connected") this.scenes = null;
	}

	#try<T>(work: () => Promise<T>): Promise<T | null> {
		return attempt(work, (why) => (this.trouble = why));
	}
}
