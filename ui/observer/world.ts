/** A page without a browser: as much of one as the observer looks at, with a socket in the hands of the test. */

import { createContext, runInContext } from "node:vm";
import { type Said, script } from "./script";

/** Written in the page's own world, whose classes are others than those of the test. */
const PAGE = `
	globalThis.window = globalThis;
	globalThis.top = globalThis;
	globalThis.location = { href: "https://www.tiktok.com/@luna/live" };
	globalThis.navigator = { language: "de" };
	globalThis.HTMLMediaElement = class extends EventTarget {
		muted = false;
		pauses = 0;
		pause() { this.pauses += 1; }
	};
	globalThis.document = new (class extends EventTarget {
		visibilityState = "hidden";
		body = { textContent: "" };
		shown = "";
		state = null;
		querySelectorAll(selector) {
			const box = { width: 10, height: 10 };
			return this.shown && selector.includes(this.shown) ? [{ getBoundingClientRect: () => box }] : [];
		}
		getElementById() { return this.state && { textContent: this.state }; }
	})();
	globalThis.WebSocket = class WebSocket extends EventTarget {
		static CONNECTING = 0; static OPEN = 1; static CLOSING = 2; static CLOSED = 3;
		static made = [];
		#url;
		sent = [];
		onmessage = null;
		constructor(url, protocols) {
			super();
			if (String(url) === "") throw new SyntaxError("an address is needed");
			this.#url = String(url);
			this.given = arguments.length;
			this.protocols = protocols;
			WebSocket.made.push(this);
		}
		get url() { return this.#url; }
		send(data) { this.sent.push(data); }
		tell(type, fields) {
			const event = Object.assign(new Event(type), fields);
			this.dispatchEvent(event);
			if (type === "message") this.onmessage?.(event);
		}
	};
	globalThis.Native = WebSocket;
`;

export class World {
	/** What the observer said. */
	readonly said: Said[] = [];
	/** What waits for its time: due, step, and every how often. */
	private waiting: { due: number; step: () => void; every: number | null }[] = [];
	private now = 0;
	private readonly context;

	constructor(private readonly options: { prepare?: string; everywhere?: boolean; bridge?: string } = {}) {
		const { said } = this;
		const ipc = {
			postMessage(message: string) {
				if (this !== ipc) throw new TypeError("Illegal invocation");
				said.push(JSON.parse(message) as Said);
			},
		};
		const wait = (every: boolean) => (step: () => void, ms: number) => void this.waiting.push({ due: this.now + ms, step, every: every ? ms : null });
		const now = () => this.now;
		this.context = createContext({
			ipc,
			Event,
			EventTarget,
			Blob,
			btoa: (text: string) => Buffer.from(text, "latin1").toString("base64"),
			setTimeout: wait(false),
			setInterval: wait(true),
			Clock: { now },
		});
		this.run(PAGE);
		this.run("Date.now = Clock.now");
		this.run(options.prepare ?? "");
		this.inject();
	}

	/** Injects the observer, once more. */
	inject(): void {
		this.run(script(this.options.bridge ?? "ipc.postMessage", this.options.everywhere));
	}

	/** Runs something in the page. */
	run(code: string): unknown {
		return runInContext(code, this.context);
	}

	/** Lets time pass. */
	pass(ms: number): void {
		const end = this.now + ms;
		for (;;) {
			const next = this.waiting.filter((one) => one.due <= end).sort((a, b) => a.due - b.due)[0];
			if (!next) break;
			this.now = next.due;
			if (next.every === null) this.waiting = this.waiting.filter((one) => one !== next);
			else next.due += next.every;
			next.step();
		}
		this.now = end;
	}

	/** What was said of a kind. */
	of<K extends Said["kind"]>(kind: K): Extract<Said, { kind: K }>[] {
		return this.said.filter((one): one is Extract<Said, { kind: K }> => one.kind === kind);
	}
}
