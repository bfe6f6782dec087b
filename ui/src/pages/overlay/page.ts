/** What the settings mean for the whole page: attributes and variables for the theme, and rules that come after it. */

import { isLight } from "$lib/color";
import { tame } from "$lib/overlay/css/tame";
import type { Look } from "$lib/overlay/looks/look";
import { isCssAddress } from "$lib/overlay/looks/values";
import { outlineOf } from "$lib/overlay/outline";
import type { Settings } from "$lib/overlay/settings";
import { surfaceOf } from "./tree/item";

/** Rules that were put into the page for the settings of now. */
let rules: HTMLElement[] = [];
/** Where they stand: before what programs for streaming add to the head, which goes before them, whenever they change. */
const place = document.createComment("rules");
document.head.append(place);

/** Dresses the page, in place of what it wore before. */
export function dress(root: HTMLElement, settings: Settings, wide: boolean, look: Look | null): void {
	const yes = (is: boolean) => (is ? "" : undefined);
	const attributes: Record<string, string | undefined> = {
		compact: yes(settings.compact),
		bubble: yes(settings.bubble),
		horizontal: yes(settings.horizontal),
		reverse: yes(settings.reverse),
		alignRight: yes(settings.alignRight),
		mark: settings.mark,
		bigEmotes: yes(settings.bigEmotes),
		smallCaps: yes(settings.smallCaps),
		weight: settings.weight === "auto" ? undefined : settings.weight,
		plate: settings.plate || settings.surface ? (isLight(surfaceOf(settings)) ? "light" : "dark") : undefined,
		look: look?.id,
		// Whether any channel has avatars: then there is a column for them.
		wide: yes(wide),
	};
	for (const [name, value] of Object.entries(attributes)) {
		if (value === undefined) delete root.dataset[name];
		else root.dataset[name] = value;
	}
	const { style } = root;
	style.setProperty("--size", `${settings.fontSize * settings.scale}px`);
	style.setProperty("--opacity", String(settings.opacity));
	const variables = {
		"--plate": settings.plate,
		"--own-font": settings.font,
		"--ink": settings.ink,
		"--outline": outlineOf(settings.outline),
		"--emote": settings.emoteScale === 1 ? null : String(settings.emoteScale),
		"--weight": settings.weight === "auto" ? null : settings.weight,
	};
	for (const [name, value] of Object.entries(variables)) {
		if (value) style.setProperty(name, value);
		else style.removeProperty(name);
	}
	const before = rules;
	rules = [look?.css ? themed(look.css) : null, look?.own?.css ? sheet(tame(look.own.css).css) : null, settings.css ? own(settings.css) : null].filter((rule) => rule !== null);
	place.before(...rules);
	for (const rule of before) rule.remove();
}

/** Rules of a look: in the theme's layer, after it, so that whatever is pasted wins against them as well. */
function themed(css: readonly string[]): HTMLElement {
	return sheet(`@layer theme {\n${css.join("\n")}\n}`);
}

/** Rules of the person whose overlay it is: as they are, or from an address. */
function own(css: string): HTMLElement {
	// A page around this one may have written the address: what is said here is none of its business.
	if (window.top !== window) return sheet(isCssAddress(css) ? "" : tame(css).css);
	return sheet(isCssAddress(css) ? `@import url(${JSON.stringify(css.trim())});` : css);
}

/** As text, so that nothing in it can end it. */
function sheet(css: string): HTMLElement {
	const style = document.createElement("style");
	style.textContent = css;
	return style;
}

/**
 * In an ordinary tab, once somebody moves over it, the page shows that it is transparent. In a program for streaming nobody
 * does: what such programs call themselves cannot be relied on, and no stream may show this.
 */
export function explain(root: HTMLElement, sentence: () => string): void {
	if ("obsstudio" in window || "__TAURI_INTERNALS__" in window || window.top !== window) return;
	window.addEventListener("pointermove", () => {
		root.dataset.tab = "";
		const hint = document.createElement("p");
		hint.id = "hint";
		hint.textContent = sentence();
		document.body.append(hint);
	}, { once: true });
}
