/**
 * The frame of an overlay's window while it is arranged: a line around it, eight handles, its name, its opacity, and the way
 * back to being locked. Plain elements in a tree of their own; what is asked of the window goes out through {@link Asks}.
 */

import type { Grip } from "$lib/bindings/Grip";
import type { WindowView } from "$lib/bindings/WindowView";
import tokens from "../../../styles/tokens.css?inline";
import css from "./frame.css?inline";
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
	private readonly lockButton = button("Lock", "next");
	private view: WindowView | null = null;
	private refused: string | null = null;
	/** The note that was clicked away. */
	private read: string | null = null;

	constructor(private readonly asks: Asks) {
		const tree = this.element.attachShadow({ mode: "open" });
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(tokens.replaceAll(":root", ":host") + css);
		tree.adoptedStyleSheets = [sheet];
		const area = make("div", "area");
		area.tabIndex = 0;
		area.setAttribute("role", "group");
		area.setAttribute("aria-label", "Arrow keys move the overlay, with Ctrl they size it.");
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
		slider.setAttribute("aria-label", "Opacity");
		slider.addEventListener("input", () => {
			this.turn(slider.valueAsNumber);
			this.asks.opacity(slider.valueAsNumber, false);
		});
		slider.addEventListener("change", () => this.asks.opacity(slider.valueAsNumber, true));
		const opacity = make("label", "opacity", slider, this.value);
		opacity.title = "Opacity";
		const hide = button("Hide", "");
		hide.addEventListener("click", () => this.asks.hide());
		this.lockButton.addEventListener("click", () => {
			if (this.view?.knowsHowToUnlock) void this.lock(false);
			else this.askFirst();
		});
		this.bar.append(this.name, opacity, make("div", "buttons", hide, this.lockButton));
		return this.bar;
	}

	private fillAsk(): HTMLElement {
		const lock = button("Lock", "next");
		lock.addEventListener("click", () => void this.lock(true));
		const leave = button("Not now", "");
		leave.addEventListener("click", () => this.stopAsking());
		this.ask.append(this.askText, make("div", "buttons", lock, leave));
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
		const key = document.createElement("kbd");
		key.textContent = keys;
		const title = document.createElement("b");
		title.textContent = "Clicks will go through this overlay.";
		const long = make("span", "long");
		long.textContent = " So do Polychat's window and its icon in the tray.";
		this.askText.replaceChildren(title, key, " unlocks it.", long);
		this.ask.hidden = false;
		this.bar.hidden = true;
		this.foot.hidden = true;
		this.ask.querySelector("button")?.focus();
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
		this.foot.title = note === null ? "" : `${note}\nClick to close.`;
		this.foot.hidden = !this.ask.hidden;
		if (note !== null) {
			this.foot.textContent = note;
		} else if (view.touched) {
			this.foot.textContent = "Clicks go through again when you let go of the keys.";
		} else {
			const key = document.createElement("kbd");
			key.textContent = view.unlockKeys;
			this.foot.replaceChildren("Drag to move, edges to size.", ...(view.unlockKeys === "" ? [] : [" ", key, " locks and unlocks."]));
		}
	}

	private turn(percent: number): void {
		this.slider.value = String(percent);
		this.slider.style.setProperty("--filled", `${((percent - 10) / 90) * 100}%`);
		this.value.textContent = `${percent} %`;
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

function button(text: string, classes: string): HTMLButtonElement {
	const element = make("button", classes);
	element.type = "button";
	element.textContent = text;
	return element;
}
