/**
 * The frame of an overlay's window while it is arranged: a line around it, eight handles, its name, its opacity, and the way
 * back to being locked. Plain elements in a tree of their own; what is asked of the window goes out through {@link Asks}.
 */

import type { Grip } from "$lib/bindings/Grip";
import type { WindowView } from "$lib/bindings/WindowView";
import tokens from "../../../styles/tokens.css?inline";
import css from "./frame.css?inline";
import { percent as said } from "$lib/format";
import { t as spoken } from "$lib/language/language";
import { hold } from "./hold";

/** What the frame wants of its window. */
export interface Asks {
	/** The pointer holds it, at a place of it. The answer says whether every movement has to be told. */
	grab(grip: Grip, x: number, y: number): Promise<boolean>;
	drag(dx: number, dy: number): Promise<void>;
	drop(dx: number, dy: number): void;
	/** By logical pixels. */
	nudge(grip: Grip, dx: number, dy: number): void;
	/** In percent; while the slider moves, and once it rests. */
	opacity(percent: number, rests: boolean): void;
	/** The answer is a sentence if it was refused. */
	lock(known: boolean): Promise<string | null>;
	hide(): void;
}

/** Handles, from the edges to the corners, so that corners lie above. */
const GRIPS: readonly Grip[] = ["north", "east", "south", "west", "northEast", "southEast", "southWest", "northWest"];

/** What arrow keys move, in logical pixels; with Shift it is the finer one. */
const STEP = { coarse: 10, fine: 1 };

const ARROWS = new Map<string, readonly [number, number]>([
	["ArrowLeft", [-1, 0]],
	["ArrowRight", [1, 0]],
	["ArrowUp", [0, -1]],
	["ArrowDown", [0, 1]],
]);

/** The frame. It is hidden until it is told how the window is. */
export class Frame {
	readonly element = document.createElement("polychat-frame");
	private readonly name = make("span", "name");
	private readonly slider = make("input", "slider");
	private readonly value = make("span", "value");
	private readonly bar = make("div", "card bar");
	private readonly foot = make("p", "card foot");
	private readonly ask = make("div", "card ask");
	private readonly askText = make("p", "");
	private readonly area = make("div", "area");
	private readonly opacity = make("label", "opacity", this.slider, this.value);
	private readonly hideButton = button("");
	private readonly lockButton = button("next");
	private readonly knownButton = button("next");
	private readonly leaveButton = button("");
	/** The program's language: viewers, for whom the overlay has its own, see nothing of a frame. */
	private t = spoken;
	private view: WindowView | null = null;
	private refused: string | null = null;
	/** The note that was clicked away. */
	private read: string | null = null;

	constructor(private readonly asks: Asks) {
		const tree = this.element.attachShadow({ mode: "open" });
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(tokens.replaceAll(":root", ":host") + css);
		tree.adoptedStyleSheets = [sheet];
		const { area } = this;
		area.tabIndex = 0;
		area.setAttribute("role", "group");
		area.addEventListener("keydown", (event) => this.pressed(event));
		// Its line is lit for who moves it by keys; a pointer needs no such mark.
		area.addEventListener("keyup", () => area.toggleAttribute("data-keys", true));
		area.addEventListener("pointerdown", () => area.toggleAttribute("data-keys", false));
		hold(area, "move", asks);
		tree.append(make("div", "root", area, ...GRIPS.map((grip) => this.handle(grip)), this.fillBar(), this.foot, this.fillAsk()));
		this.foot.addEventListener("click", () => {
			this.refused = null;
			this.read = this.view?.note ?? null;
			this.sayAtTheFoot();
		});
		this.element.hidden = true;
		this.speak();
	}

	/** Writes everything in another language. */
	speak(words = this.t): void {
		this.t = words;
		this.area.setAttribute("aria-label", this.t("overlay:window.keys"));
		this.slider.setAttribute("aria-label", this.t("overlay:window.opacity"));
		this.opacity.title = this.t("overlay:window.opacity");
		this.hideButton.textContent = this.t("overlay:window.hide");
		this.lockButton.textContent = this.knownButton.textContent = this.t("overlay:window.lock");
		this.leaveButton.textContent = this.t("overlay:window.notNow");
		if (this.view) this.show(this.view);
	}

	/** Shows how the window is. */
	show(view: WindowView): void {
		this.view = view;
		// What was refused before is old news once something has changed.
		if (view.note !== null) this.refused = null;
		if (view.note === null) this.read = null;
		this.element.hidden = view.locked && !view.touched;
		this.element.toggleAttribute("data-touched", view.touched);
		if (this.element.hidden) {
			this.ask.hidden = true;
			this.bar.hidden = false;
			this.refused = null;
			return;
		}
		this.name.textContent = view.name;
		this.name.title = view.name;
		if (document.activeElement !== this.element || this.slider.value !== String(view.opacity)) this.turn(view.opacity);
		this.lockButton.hidden = view.touched;
		this.sayAtTheFoot();
	}

	private handle(grip: Grip): HTMLElement {
		const handle = make("div", `grip ${grip}`);
		hold(handle, grip, this.asks);
		return handle;
	}

	private fillBar(): HTMLElement {
		const { slider } = this;
		Object.assign(slider, { type: "range", min: "10", max: "100", step: "5" });
		slider.addEventListener("input", () => {
			this.turn(slider.valueAsNumber);
			this.asks.opacity(slider.valueAsNumber, false);
		});
		slider.addEventListener("change", () => this.asks.opacity(slider.valueAsNumber, true));
		this.hideButton.addEventListener("click", () => this.asks.hide());
		this.lockButton.addEventListener("click", () => {
			if (this.view?.knowsHowToUnlock) void this.lock(false);
			else this.askFirst();
		});
		this.bar.append(this.name, this.opacity, make("div", "buttons", this.hideButton, this.lockButton));
		return this.bar;
	}

	private fillAsk(): HTMLElement {
		this.knownButton.addEventListener("click", () => void this.lock(true));
		this.leaveButton.addEventListener("click", () => this.stopAsking());
		this.ask.append(this.askText, make("div", "buttons", this.knownButton, this.leaveButton));
		this.ask.hidden = true;
		return this.ask;
	}

	/** The first time, how to leave is said before. */
	private askFirst(): void {
		const keys = this.view?.unlockKeys ?? "";
		if (keys === "") {
			// Refused, and the answer says why.
			void this.lock(false);
			return;
		}
		const title = document.createElement("b");
		title.textContent = this.t("overlay:window.clicksWillPass");
		const long = make("span", "long");
		long.textContent = this.t("overlay:window.alsoUnlocks");
		this.askText.replaceChildren(title, " ", ...withKeys(this.t("overlay:window.unlocks", { keys: HOLE }), keys), " ", long);
		this.ask.hidden = false;
		this.bar.hidden = true;
		this.foot.hidden = true;
		this.knownButton.focus();
	}

	private stopAsking(): void {
		this.ask.hidden = true;
		this.bar.hidden = false;
		this.sayAtTheFoot();
	}

	private async lock(known: boolean): Promise<void> {
		this.lockButton.disabled = true;
		this.refused = await this.asks.lock(known);
		this.lockButton.disabled = false;
		this.stopAsking();
	}

	private sayAtTheFoot(): void {
		const { view } = this;
		if (view === null) return;
		const note = this.refused ?? (view.note === this.read ? null : view.note);
		this.foot.classList.toggle("note", note !== null);
		this.foot.title = note === null ? "" : `${note}\n${this.t("overlay:window.clickToClose")}`;
		this.foot.hidden = !this.ask.hidden;
		if (note !== null) {
			this.foot.textContent = note;
		} else if (view.touched) {
			this.foot.textContent = this.t("overlay:window.touched");
		} else {
			const keys = view.unlockKeys === "" ? [] : [" ", ...withKeys(this.t("overlay:window.locksAndUnlocks", { keys: HOLE }), view.unlockKeys)];
			this.foot.replaceChildren(this.t("overlay:window.drag"), ...keys);
		}
	}

	private turn(percent: number): void {
		this.slider.value = String(percent);
		this.slider.style.setProperty("--filled", `${((percent - 10) / 90) * 100}%`);
		this.value.textContent = said(percent);
	}

	private pressed(event: KeyboardEvent): void {
		const step = event.shiftKey ? STEP.fine : STEP.coarse;
		const to = ARROWS.get(event.key);
		if (to === undefined) return;
		event.preventDefault();
		this.asks.nudge(event.ctrlKey ? "southEast" : "move", to[0] * step, to[1] * step);
	}
}

function make<K extends keyof HTMLElementTagNameMap>(tag: K, classes: string, ...children: Node[]): HTMLElementTagNameMap[K] {
	const element = document.createElement(tag);
	if (classes !== "") element.className = classes;
	element.append(...children);
	return element;
}

function button(classes: string): HTMLButtonElement {
	const element = make("button", classes);
	element.type = "button";
	return element;
}

/** Stands in a sentence for keys, until they are drawn. */
const HOLE = "\u0000";

/** A sentence with keys drawn as such. */
function withKeys(sentence: string, keys: string): (Node | string)[] {
	const key = document.createElement("kbd");
	key.textContent = keys;
	const [before = "", after = ""] = sentence.split(HOLE);
	return [before, key, after];
}
