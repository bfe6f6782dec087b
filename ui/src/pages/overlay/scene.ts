/** Dresses a page by its address and by what is saved for its overlay, and says how to draw. */

import type { OwnLook } from "$lib/bindings/OwnLook";
import type { Platform } from "$lib/bindings/Platform";
import { directionOf, languageOf, setForms, speak, spoken } from "$lib/language/language";
import { isBuiltIn, loadLook } from "$lib/overlay/looks/builtin";
import { readPatterns } from "$lib/overlay/patterns";
import { readLook, readQuery } from "$lib/overlay/query";
import { hasAvatars } from "$lib/overlay/settings";
import { dress } from "./page";
import type { Worn } from "./preview";
import { type Scene, surfaceOf } from "./tree/item";

export class Wardrobe {
	readonly #root: HTMLElement;
	readonly #address: Pick<Location, "search" | "hash">;
	#worn = "";

	constructor(root: HTMLElement, address: Pick<Location, "search" | "hash">) {
		this.#root = root;
		this.#address = address;
	}

	/** Null if the page is dressed so already. `looks` are the person's own; null as long as nothing was told of them. */
	async wear(saved: Worn | null, looks: readonly OwnLook[] | null, platforms: readonly Platform[]): Promise<Scene | null> {
		const id = readLook(this.#address) ?? saved?.look?.toLowerCase() ?? null;
		// One of the person's own comes with what is saved.
		const comes = id !== null && looks === null && !isBuiltIn(id);
		const wanted = JSON.stringify([id, saved?.values, platforms, comes, looks?.find((look) => look.id === id)]);
		if (wanted === this.#worn) return null;
		this.#worn = wanted;
		const look = id === null || comes ? null : await loadLook(id, looks ?? []);
		const { settings } = readQuery(this.#address, look, saved?.values);
		if (matchMedia("(prefers-reduced-motion: reduce)").matches) settings.stillEmotes = true;
		const patterns = await readPatterns(settings.patterns);
		const language = languageOf(settings.lang ? [settings.lang] : navigator.languages);
		setForms(settings.lang);
		await speak(language, "overlay");
		this.#root.lang = settings.lang ?? language;
		this.#root.dir = settings.rtl ? "rtl" : directionOf(language);
		dress(this.#root, settings, platforms.some((p) => hasAvatars(settings, p)), look);
		const clock = new Intl.DateTimeFormat(spoken(), { hour: "numeric", minute: "2-digit" });
		return { settings, surface: surfaceOf(settings), clock, patterns };
	}
}
