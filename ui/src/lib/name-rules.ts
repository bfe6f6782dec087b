/**
 * Colours of names as rules that elements share by a class, in place of a style attribute on each. WebKit keeps how it has computed
 * every element with a style attribute of its own, until memory is short: at six messages a second that made the list grow by 14
 * MiB a minute, and with rules by 4 (measured with WebKitGTK 2.50; docs/PERFORMANCE.md).
 */

import type { NameColor } from "./color";

/** More than a list holds at once, so that no colour goes that is in use. */
const MAX_RULES = 4_096;

export class NameRules {
	readonly #page: Document;
	#sheet: CSSStyleSheet | null = null;
	/** Names of the rules, in their order in the sheet. */
	readonly #order: string[] = [];
	/** The same, that was used longest ago first. */
	readonly #used = new Set<string>();

	constructor(page: Document = document) {
		this.#page = page;
	}

	/** The class of a colour: it sets `--dark` and `--light`. */
	classOf({ dark, light }: NameColor): string {
		const name = `name-${dark.slice(1)}-${light.slice(1)}`;
		if (!this.#used.delete(name)) this.#add(name, dark, light);
		this.#used.add(name);
		return name;
	}

	#add(name: string, dark: string, light: string): void {
		const sheet = (this.#sheet ??= this.#begin());
		if (this.#used.size >= MAX_RULES) {
			const [oldest = ""] = this.#used;
			const at = this.#order.indexOf(oldest);
			sheet.deleteRule(at);
			this.#order.splice(at, 1);
			this.#used.delete(oldest);
		}
		sheet.insertRule(`.${name} { --dark: ${dark}; --light: ${light} }`, this.#order.length);
		this.#order.push(name);
	}

	#begin(): CSSStyleSheet {
		const style = this.#page.createElement("style");
		this.#page.head.prepend(style);
		return style.sheet as CSSStyleSheet;
	}
}

let shared: NameRules | undefined;

/** The class of a colour on this page. */
export function nameClass(color: NameColor): string {
	return (shared ??= new NameRules()).classOf(color);
}
