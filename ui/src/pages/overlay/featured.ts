/** The featured message on the page: comes and goes as other messages do, and at once where moderators have taken it away. */

import type { Stage } from "$lib/bindings/Stage";
import type { Settings } from "$lib/overlay/settings";
import { featured, happenedOf } from "./tree/featured";
import type { Scene } from "./tree/item";
import { make } from "./tree/make";

/** As long as the theme lets something go. */
const LEAVE_MS = 200;

type Place = Settings["featured"];
type Told = Pick<Stage, "featured" | "takenAway">;

export class FeaturedLayer {
	readonly #root: HTMLElement;
	readonly #layer: HTMLElement;
	readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
	/** Where it stands, whatever the settings say; null goes by them. */
	readonly #place: Place | null;
	#scene: Scene;
	#told: Told = { featured: null };
	#element: HTMLElement | null = null;
	#key: string | null = null;
	#drawn = "";

	constructor(root: HTMLElement, app: HTMLElement, scene: Scene, place: Place | null = null) {
		this.#root = root;
		this.#scene = scene;
		this.#place = place;
		this.#layer = make("polychat-featured", "yt-live-chat-app", null);
		app.append(this.#layer);
	}

	/** Shows what is featured now. A server of another version must not stop the page. */
	show(told: Told): void {
		this.#told = told;
		const { featured: now } = told;
		const drawn = JSON.stringify(now?.message ?? null);
		if (now && now.key === this.#key && this.#element) {
			if (drawn !== this.#drawn) this.#put(this.#draw(), "updated");
		} else {
			this.#leave(told.takenAway === this.#key);
			this.#key = now?.key ?? null;
			this.#put(this.#draw(), "entering");
		}
		this.#drawn = drawn;
	}

	/** Draws it anew, by other settings. */
	restyle(scene: Scene): void {
		this.#scene = scene;
		this.#put(this.#draw(), null);
	}

	#draw(): HTMLElement | null {
		const { featured: now } = this.#told;
		if (!now || this.#where() === "off" || this.#scene.settings.hiddenKinds.has(now.message.platform)) return null;
		try {
			return featured(happenedOf(now.message), this.#scene);
		} catch {
			return null;
		}
	}

	#where(): Place {
		return this.#place ?? this.#scene.settings.featured;
	}

	#moves(): boolean {
		return this.#scene.settings.animate && !this.#still.matches && !document.hidden;
	}

	/** Puts an element in place of the one that is there. */
	#put(element: HTMLElement | null, how: "entering" | "updated" | null): void {
		this.#element?.remove();
		this.#element = element;
		if (element) {
			if (how && this.#moves()) element.dataset[how] = "";
			this.#layer.append(element);
		}
		this.#reveal();
	}

	/** The one that is there goes. */
	#leave(atOnce: boolean): void {
		const old = this.#element;
		this.#element = null;
		if (!old) return;
		if (atOnce || !this.#moves()) return old.remove();
		delete old.dataset.entering;
		old.dataset.leaving = "";
		setTimeout(() => {
			old.remove();
			this.#reveal();
		}, LEAVE_MS);
	}

	/** For the theme: whether one is there, and where. */
	#reveal(): void {
		if (this.#layer.childElementCount > 0) this.#root.dataset.featured = this.#where();
		else delete this.#root.dataset.featured;
	}
}
