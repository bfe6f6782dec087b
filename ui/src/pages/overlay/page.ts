/** What the settings mean for the whole page: attributes and variables for the theme, and rules that come after it. */

import { isLight } from "$lib/color";
import type { Look } from "$lib/overlay/looks/look";
import type { Settings } from "$lib/overlay/settings";
import { surfaceOf } from "./tree/item";

/** Dresses the page. */
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
		plate: settings.plate || settings.surface ? (isLight(surfaceOf(settings)) ? "light" : "dark") : undefined,
		look: look?.id,
		// Whether any channel has avatars: then there is a column for them.
		wide: yes(wide),
	};
	for (const [name, value] of Object.entries(attributes)) if (value !== undefined) root.dataset[name] = value;
	if (settings.rtl) root.dir = "rtl";
	if (settings.lang) root.lang = settings.lang;
	const { style } = root;
	style.setProperty("--size", `${settings.fontSize * settings.scale}px`);
	style.setProperty("--opacity", String(settings.opacity));
	if (settings.plate) style.setProperty("--plate", settings.plate);
	if (settings.font) style.setProperty("--own-font", settings.font);
	if (look?.css) document.head.append(themed(look.css));
	if (settings.css) document.head.append(own(settings.css));
}

/** Rules of a look: in the theme's layer, after it, so that whatever is pasted wins against them as well. */
function themed(css: readonly string[]): HTMLElement {
	const style = document.createElement("style");
	style.textContent = `@layer theme {\n${css.join("\n")}\n}`;
	return style;
}

/** Rules of the person whose overlay it is: as they are, or from an address. */
function own(css: string): HTMLElement {
	const isAddress = /^(?:https?:)?\/\/\S+$|^\/\S+\.css$/.test(css.trim());
	const style = document.createElement("style");
	style.textContent = isAddress ? `@import url(${JSON.stringify(css.trim())});` : css;
	return style;
}

/**
 * In an ordinary tab, once somebody moves over it, the page shows that it is transparent. In a program for streaming nobody
 * does: what such programs call themselves cannot be relied on, and no stream may show this.
 */
export function explain(root: HTMLElement, sentence: string): void {
	if ("obsstudio" in window || "__TAURI_INTERNALS__" in window || window.top !== window) return;
	window.addEventListener("pointermove", () => {
		root.dataset.tab = "";
		const hint = document.createElement("p");
		hint.id = "hint";
		hint.textContent = sentence;
		document.body.append(hint);
	}, { once: true });
}
