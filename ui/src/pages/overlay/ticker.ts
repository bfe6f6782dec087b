/** The row on top: recent payments and memberships, for as long as YouTube would show them. */

import { nameOf } from "$lib/feed/describe";
import type { Happened } from "$lib/feed/entry";
import { t } from "$lib/language/language";
import type { Present } from "$lib/overlay/removal";
import { MEMBERSHIP_MINUTES, paidLook } from "$lib/overlay/tiers";
import { photo } from "./tree/author";
import type { Scene } from "./tree/item";
import { make, set } from "./tree/make";
import type { Places } from "./tree/skeleton";

/** More do not fit into any row. */
const MAX_ITEMS = 20;
const PAID = "yt-live-chat-ticker-paid-message-item-renderer";
const SPONSOR = "yt-live-chat-ticker-sponsor-item-renderer";
const MEMBERSHIPS: ReadonlySet<string> = new Set(["subscription", "resubscription", "subscription_upgrade", "gift_subscription", "membership", "milestone"]);

interface Item {
	readonly one: Present;
	readonly element: HTMLElement;
	readonly until: number;
}

export class Ticker {
	readonly #places: Places;
	#scene: Scene;
	#items: Item[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(places: Places, scene: Scene) {
		this.#places = places;
		this.#scene = scene;
		this.#places.ticker.hidden = true;
	}

	/** Shows something in the row, if it belongs there. */
	add(one: Present): void {
		const [minutes, element] = draw(one.happened, this.#scene) ?? [0, null];
		if (!element || minutes === 0) return;
		element.dataset.platform = one.happened.frame.platform;
		this.#items.unshift({ one, element, until: performance.now() + minutes * 60_000 });
		this.#places.tickerItems.prepend(element);
		for (const { element } of this.#items.splice(MAX_ITEMS)) element.remove();
		this.wake();
	}

	/** Draws everything anew. */
	restyle(scene: Scene): void {
		this.#scene = scene;
		this.#items = this.#items.map((item) => {
			const element = draw(item.one.happened, scene)?.[1] ?? item.element;
			element.dataset.platform = item.one.happened.frame.platform;
			item.element.replaceWith(element);
			return { ...item, element };
		});
		this.#reveal();
	}

	/** Takes away what `must` says. */
	takeAway(must: (one: Present) => boolean): void {
		if (this.#items.length > 0) this.#keep(({ one }) => !must(one));
	}

	/** Nobody can see it. */
	sleep(): void {
		clearTimeout(this.#timer);
	}

	/** Lets go what has been there long enough, and comes back when the next one has. */
	wake(): void {
		clearTimeout(this.#timer);
		if (this.#items.length === 0) return;
		const now = performance.now();
		this.#keep(({ until }) => until > now);
		const next = Math.min(...this.#items.map(({ until }) => until));
		if (next < Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.wake(), next - now + 1);
	}

	#keep(stays: (item: Item) => boolean): void {
		for (const item of this.#items) if (!stays(item)) item.element.remove();
		this.#items = this.#items.filter(stays);
		this.#reveal();
	}

	/** The row is there if it is wanted and has something in it. */
	#reveal(): void {
		this.#places.ticker.hidden = this.#items.length === 0 || !this.#scene.settings.ticker;
	}
}

function draw(happened: Happened, scene: Scene): [number, HTMLElement] | null {
	const { kind, frame } = happened;
	if (kind === "chat") {
		const paid = frame.data.metadata?.monetary_data;
		if (!paid) return null;
		const look = paidLook(paid);
		const element = box(PAID, photo(PAID, frame.data.author, frame.platform, scene.settings), paid.formatted);
		element.style.setProperty("--ticker", look.paint.body);
		element.style.setProperty("--ticker-ink", look.paint.bodyInk);
		return [look.minutes, element];
	}
	const { event, user, months } = frame.data;
	if (!user || !MEMBERSHIPS.has(event)) return null;
	const label = months ? t("overlay:months", { count: months }) : nameOf(user);
	return [MEMBERSHIP_MINUTES, box(SPONSOR, photo(SPONSOR, user, frame.platform, scene.settings), label)];
}

function box(renderer: string, avatar: HTMLElement, words: string): HTMLElement {
	const text = set(make("span", renderer, "text", words), { dir: "auto" });
	return make(renderer, "yt-live-chat-ticker-renderer", null, make("div", renderer, "container", make("div", renderer, "content", avatar, text)));
}
