/**
 * What stands on the page: takes what happens, lets it wait its turn, draws it, and takes it away. Nothing comes twice, what
 * moderators take away goes with the next frame, and nothing runs while nothing happens or nobody can see the page.
 */

import type { ModerationFrame } from "$lib/bindings/ModerationFrame";
import { type Happened, eventKey, placeKey } from "$lib/feed/entry";
import { Delay } from "$lib/overlay/delay";
import { isShown } from "$lib/overlay/filter";
import { Hidden } from "$lib/overlay/hidden";
import { Pacer } from "$lib/overlay/pacing";
import { type Present, isTakenAway, present, told } from "$lib/overlay/removal";
import type { Place, Told } from "$lib/overlay/subscriptions";
import { leaving, unkept } from "$lib/webkit";
import { Push } from "./push";
import { Ticker } from "./ticker";
import { type Scene, item } from "./tree/item";
import type { Places } from "./tree/skeleton";

/** What was shown or left out is remembered so long, so that it does not come again. */
const MAX_GONE = 4_000;
/** In a burst, the page is painted so often at most. Chosen by hand: nobody reads faster. */
const BREATH_MS = 50;
/** What the settings leave out is remembered, so that it is there when they change. Chosen by hand: as many as are shown at most. */
const MAX_LEFT_OUT = 200;
/** As long as the theme lets something go. */
const LEAVE_MS = 200;

/** What platforms call a vote that is not over. */
const RUNNING: ReadonlySet<string> = new Set(["active", "locked", "running", "open"]);

interface Shown extends Present {
	readonly key: string;
	/** Shown without a fanfare. */
	readonly past: boolean;
	/** Its place among all that came. */
	readonly order: number;
	waits: boolean;
	/** Null while it waits, or is left out. */
	element: HTMLElement | null;
	/** It changed while nobody could see it. */
	stale: boolean;
	/** When it came on the page. */
	since: number;
	hidesAt: number;
}

export class Stage {
	readonly #places: Places;
	#scene: Scene;
	readonly #pacer = new Pacer();
	readonly #push: Push;
	readonly #ticker: Ticker;
	/** What has just come, if it shall wait. */
	readonly #delay = new Delay((happened) => this.#happened(happened, false));
	readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
	/** What waits or is shown, by event. In the order in which it came. */
	readonly #present = new Map<string, Shown>();
	#waiting: Shown[] = [];
	/** What the settings leave out, the oldest first. */
	readonly #leftOut = new Map<string, Shown>();
	/** What somebody has hidden. */
	#hidden = new Hidden();
	#came = 0;
	/** When it was made to stand still, or null. */
	#pausedAt: number | null = null;
	/** What was said before, in Unix milliseconds, does not come any more. */
	#clearedAt = 0;
	/** What is there no more, with its number; infinity if it must not come again. */
	readonly #gone = new Map<string, number>();
	#awake = true;
	#frame = false;
	#turn: ReturnType<typeof setTimeout> | undefined;
	#hiding: ReturnType<typeof setTimeout> | undefined;
	#painted = 0;

	constructor(places: Places, scene: Scene) {
		this.#places = places;
		this.#scene = scene;
		this.#push = new Push(places.offset);
		this.#ticker = new Ticker(places, scene);
		this.#delay.seconds = scene.settings.delay;
		// Messages, cards and the row on top set colours for what stands inside them.
		unkept("yt-live-chat-app");
	}

	/** Takes what happened. `past` says that it was missed or is from before. */
	take(what: Told, past: boolean): void {
		try {
			if (what.kind === "moderation") this.#moderate(what.frame);
			else if (past || !this.#waits(what)) this.#happened(what, past);
		} catch {
			// A frame in a form that this page does not know: better one too few than a page that stands still.
		}
	}

	/** Whether anybody can see the page. */
	set awake(awake: boolean) {
		if (awake === this.#awake) return;
		this.#awake = awake;
		if (awake) {
			this.#ticker.wake();
			if (this.#pausedAt === null) this.#goOn();
		} else {
			clearTimeout(this.#turn);
			clearTimeout(this.#hiding);
			this.#ticker.sleep();
			this.#push.stop();
		}
	}

	/** Whether it stands still: what comes waits. What is taken away goes all the same. */
	set paused(paused: boolean) {
		if (paused === (this.#pausedAt !== null)) return;
		const now = performance.now();
		if (paused) {
			this.#pausedAt = now;
			clearTimeout(this.#turn);
			clearTimeout(this.#hiding);
			return;
		}
		const stood = now - (this.#pausedAt ?? now);
		this.#pausedAt = null;
		for (const one of this.#present.values()) {
			one.since += stood;
			one.hidesAt += stood;
		}
		if (this.#awake) this.#goOn();
	}

	/** Takes away everything that came before `at`, in Unix milliseconds. */
	clear(at: number): void {
		if (at <= this.#clearedAt) return;
		this.#clearedAt = at;
		this.#letGo([...this.#present.values()]);
		this.#leftOut.clear();
		this.#delay.drop(() => true);
		this.#ticker.takeAway(() => true);
	}

	/** What is not to be shown, in place of what was hidden before: that comes back where it stood, if it is still known. */
	set hidden(hidden: Hidden) {
		if (hidden.equals(this.#hidden)) return;
		this.#hidden = hidden;
		this.#ticker.takeAway((one) => hidden.has(one.happened));
		this.restyle(this.#scene);
	}

	/** Takes away what was said in a channel that is read no more, but not what another one says, too. */
	leave(channel: Place): void {
		const place = placeKey(channel);
		const goes = ({ places }: Present) => places.size === 1 && places.has(place);
		this.#ticker.takeAway(goes);
		this.#delay.drop(goes);
		for (const one of [...this.#present.values(), ...this.#leftOut.values()]) {
			if (goes(one)) this.#remove(one);
			else one.places.delete(place);
		}
	}

	/** Draws everything anew, by other settings. */
	restyle(scene: Scene): void {
		this.#scene = scene;
		this.#delay.seconds = scene.settings.delay;
		this.#push.stop();
		this.#ticker.restyle(scene);
		const all = [...this.#present.values(), ...this.#leftOut.values()].sort((a, b) => a.order - b.order);
		this.#present.clear();
		this.#leftOut.clear();
		this.#waiting = [];
		const shown: HTMLElement[] = [];
		for (const one of all) {
			const wasLeftOut = !one.waits && !one.element;
			one.element = null;
			if (!this.#shows(one.happened)) {
				one.waits = false;
				this.#leftOut.set(one.key, one);
			} else if (one.waits) {
				this.#present.set(one.key, one);
				this.#waiting.push(one);
			} else {
				one.element = draw(one.happened, scene);
				if (!one.element) continue;
				if (wasLeftOut) this.#ticker.add(one);
				one.stale = false;
				one.hidesAt = hidesAt(one, scene);
				this.#present.set(one.key, one);
				shown.push(one.element);
			}
		}
		this.#places.items.replaceChildren(...(scene.settings.reverse ? shown.reverse() : shown));
		this.#limit();
		if (this.#pausedAt === null) this.#hide();
		this.#schedule();
	}

	/** Draws what has changed meanwhile, lets go what is over, and shows what waits. */
	#goOn(): void {
		for (const one of this.#present.values()) if (one.stale) this.#redraw(one);
		this.#hide();
		if (this.#waiting.length > 0) this.#show(this.#waiting.length, false);
	}

	#happened(happened: Happened, past: boolean): void {
		const { frame } = happened;
		const key = keyOf(happened);
		if (past && Date.parse(frame.timestamp) < this.#clearedAt) return;
		if (happened.kind === "event" && happened.frame.data.event === "unpin") this.#unpin(happened);
		const known = this.#present.get(key);
		if (known) {
			told(known, happened);
			if (known.element) this.#redraw(known);
			return;
		}
		const gone = this.#gone.get(key);
		if (gone !== undefined && !(frame.seq > gone && comesBack(happened))) return;
		const before = this.#leftOut.get(key);
		if (before) told(before, happened);
		const since = performance.now();
		const one: Shown = before ?? { ...present(happened), key, past, order: this.#came++, waits: false, element: null, stale: false, since, hidesAt: Number.POSITIVE_INFINITY };
		if (!this.#shows(one.happened)) {
			if (this.#leftOut.size >= MAX_LEFT_OUT && !before) this.#leftOut.delete(this.#leftOut.keys().next().value as string);
			this.#leftOut.set(key, one);
			return;
		}
		this.#leftOut.delete(key);
		this.#gone.delete(key);
		one.waits = true;
		this.#present.set(key, one);
		this.#waiting.push(one);
		// More than the page holds would be gone before anybody saw it.
		while (this.#waiting.length > this.#scene.settings.limit) this.#forget(this.#waiting[0]);
		if (!past) this.#pacer.arrived(performance.now(), this.#waiting.length);
		this.#schedule();
	}

	/** Whether it may be seen. */
	#shows(happened: Happened): boolean {
		return !this.#hidden.has(happened) && isShown(happened, this.#scene.settings, this.#scene.patterns.find);
	}

	/** Whether it waits for its delay. What is there already, or was, need not. */
	#waits(happened: Happened): boolean {
		const key = keyOf(happened);
		return !this.#present.has(key) && !this.#gone.has(key) && this.#delay.takes(key, happened);
	}

	#moderate(frame: ModerationFrame): void {
		for (const key of this.#delay.takeAway(frame)) this.#isGone(key, Number.POSITIVE_INFINITY);
		this.#takeAway((one) => isTakenAway(one, frame));
	}

	/** Takes away at once what `must` says: what waits, what is shown, and what is in the row on top. */
	#takeAway(must: (one: Present) => boolean): void {
		this.#letGo([...this.#present.values(), ...this.#leftOut.values()].filter(must), true);
		this.#ticker.takeAway(must);
	}

	#unpin({ frame }: Happened & { kind: "event" }): void {
		const id = frame.data.pin?.id;
		this.#takeAway(({ happened: { kind, frame: shown } }) => {
			if (kind !== "event" || shown.data.event !== "pin") return false;
			return shown.platform === frame.platform && shown.identifier === frame.identifier && (!id || shown.data.pin?.id === id);
		});
	}

	#schedule(): void {
		if (this.#frame || !this.#awake || this.#pausedAt !== null || this.#waiting.length === 0) return;
		clearTimeout(this.#turn);
		const now = performance.now();
		const { wait, all } = this.#waiting[0]?.past ? { wait: 0, all: true } : this.#pacer.next(now);
		const left = all ? this.#painted + BREATH_MS - now : wait;
		if (left > 1) {
			this.#turn = setTimeout(() => this.#nextFrame(), left);
		} else {
			this.#nextFrame();
		}
	}

	#nextFrame(): void {
		this.#frame = true;
		requestAnimationFrame(() => {
			this.#frame = false;
			if (!this.#awake || this.#pausedAt !== null || this.#waiting.length === 0) return;
			const past = this.#waiting.findIndex((one) => !one.past);
			if (past !== 0) this.#show(past < 0 ? this.#waiting.length : past, false);
			else if (this.#pacer.isBurst(performance.now())) this.#show(this.#waiting.length, false);
			else this.#show(1, true);
			this.#schedule();
		});
	}

	/** Puts the first ones that wait on the page. */
	#show(count: number, calmly: boolean): void {
		const { settings } = this.#scene;
		const { items } = this.#places;
		const now = performance.now();
		const moves = calmly && settings.animate && !this.#still.matches;
		// For themes: what is costly to draw can be left out while everything moves.
		this.#places.app.toggleAttribute("data-burst", this.#pacer.isBurst(now));
		const fragment = document.createDocumentFragment();
		for (const one of this.#waiting.splice(0, count)) {
			one.element = draw(one.happened, this.#scene);
			if (!one.element) {
				this.#forget(one);
				continue;
			}
			if (moves) one.element.dataset.entering = "";
			[one.waits, one.since] = [false, now];
			one.hidesAt = hidesAt(one, this.#scene);
			if (settings.reverse) fragment.prepend(one.element);
			else fragment.append(one.element);
			this.#ticker.add(one);
		}
		const newest = settings.reverse ? items.firstElementChild : items.lastElementChild;
		const insert = () => (settings.reverse ? items.prepend(fragment) : items.append(fragment));
		if (moves && newest) this.#push.around(newest, insert);
		else insert();
		this.#limit();
		this.#painted = now;
		this.#pacer.shown(now);
		if (settings.hideAfter > 0) this.#hide();
	}

	/** Lets the oldest go when there are more than the page holds. */
	#limit(): void {
		const { limit } = this.#scene.settings;
		while (this.#waiting.length > limit) this.#forget(this.#waiting[0]);
		const tooMany = this.#present.size - this.#waiting.length - limit;
		if (tooMany <= 0) return;
		this.#letGo([...this.#present.values()].filter((one) => !one.waits).slice(0, tooMany));
	}

	/** Draws it anew in its place. */
	#redraw(one: Shown): void {
		if (!this.#awake || this.#pausedAt !== null) {
			one.stale = true;
			return;
		}
		one.stale = false;
		const fresh = draw(one.happened, this.#scene);
		if (!fresh) return;
		if (this.#scene.settings.animate && !this.#still.matches) fresh.dataset.updated = "";
		if (one.element) leaving([one.element]);
		one.element?.replaceWith(fresh);
		one.element = fresh;
		if (one.hidesAt === Number.POSITIVE_INFINITY) return;
		one.since = performance.now();
		one.hidesAt = hidesAt(one, this.#scene);
	}

	/** Lets go what has been there long enough, and comes back when the next one has. */
	#hide(): void {
		clearTimeout(this.#hiding);
		const now = performance.now();
		let next = Number.POSITIVE_INFINITY;
		for (const one of this.#present.values()) {
			if (one.hidesAt > now) next = Math.min(next, one.hidesAt);
			else this.#leave(one);
		}
		if (next < Number.POSITIVE_INFINITY && this.#awake) this.#hiding = setTimeout(() => this.#hide(), next - now + 1);
	}

	#leave(one: Shown): void {
		if (!this.#scene.settings.animate || this.#still.matches || !this.#awake) return this.#forget(one);
		one.hidesAt = Number.POSITIVE_INFINITY;
		if (one.element) one.element.dataset.leaving = "";
		setTimeout(() => this.#forget(one), LEAVE_MS);
	}

	/** It is there no more. */
	#forget(one: Shown | undefined): void {
		if (one) this.#letGo([one]);
	}

	/** They are there no more. */
	#letGo(all: readonly Shown[], forEver = false): void {
		leaving(all.flatMap(({ element }) => element ?? []));
		for (const one of all) if (this.#remove(one)) this.#isGone(one.key, forEver ? Number.POSITIVE_INFINITY : one.happened.frame.seq);
	}

	#isGone(key: string, seq: number): void {
		if (this.#gone.size >= MAX_GONE) this.#gone.delete(this.#gone.keys().next().value as string);
		this.#gone.set(key, seq);
	}

	/** Takes it off the page. False if it is not there. */
	#remove(one: Shown): boolean {
		const { key } = one;
		if (this.#leftOut.get(key) === one) return this.#leftOut.delete(key);
		if (this.#present.get(key) !== one) return false;
		this.#present.delete(key);
		if (one.element) one.element.remove();
		else this.#waiting = this.#waiting.filter((w) => w !== one);
		return true;
	}
}

/** When it has been there long enough. */
function hidesAt({ since }: Shown, { settings }: Scene): number {
	return settings.hideAfter > 0 ? since + settings.hideAfter * 1_000 : Number.POSITIVE_INFINITY;
}

/** The element, or null for what cannot be drawn: a server of another version must not stop the page. */
function draw(happened: Happened, scene: Scene): HTMLElement | null {
	try {
		return item(happened, scene);
	} catch {
		return null;
	}
}

/** One text for what is one thing on the page. Of a goal, every step may be told as something of its own. */
function keyOf({ kind, frame }: Happened): string {
	const goal = kind === "event" && frame.data.event === "goal" ? frame.data.goal : undefined;
	return goal ? `${placeKey(frame)} goal ${goal.kind} ${goal.target} ${goal.description}` : eventKey(frame.platform, frame.event_id);
}

/** Whether news about something that is there no more is worth a card: a combo that goes on, what is over or reached. */
function comesBack({ kind, frame }: Happened): boolean {
	if (kind !== "event") return false;
	const { event, combo, poll, goal } = frame.data;
	if (event === "poll" || event === "prediction" || event === "battle") return poll !== undefined && !RUNNING.has(poll.status);
	if (event === "goal") return goal !== undefined && goal.target > 0 && goal.current >= goal.target;
	return combo !== undefined;
}
