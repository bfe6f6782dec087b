/** The one socket of a page: opens, comes back by itself, and hands over frames. Knows no channels. */

import type { ClientMessage } from "../bindings/ClientMessage";
import type { ServerMessage } from "../bindings/ServerMessage";
import { delayMs } from "./backoff";

/** How the socket does. `retryAt` is in Unix milliseconds. */
export type Link =
	| { readonly is: "connecting" }
	| { readonly is: "open" }
	| { readonly is: "lost"; readonly retryAt: number };

/** What a connection tells its page. */
export interface Listener {
	/** The socket is open: ask for what is wanted. */
	opened(): void;
	/** The socket is gone; another attempt follows. */
	lost(): void;
	/** A frame came. `frame` is null when the text is not a JSON object with a `type`. */
	received(frame: ServerMessage | null, text: string): void;
	/** A frame left. */
	sent(text: string): void;
}

/** What a connection needs from its surroundings; tests bring their own. */
export interface Surroundings {
	open(url: string): WebSocket;
	random(): number;
	now(): number;
}

const BROWSER: Surroundings = { open: (url) => new WebSocket(url), random: Math.random, now: Date.now };

/** A socket that has not opened by then will not. */
const OPEN_TIMEOUT_MS = 10_000;
/** A socket that lasted this long was a good one: the next wait is short again. */
const HEALTHY_AFTER_MS = 5_000;

export class Connection {
	#link: Link = { is: "connecting" };
	readonly #url: string;
	readonly #listener: Listener;
	readonly #around: Surroundings;
	#socket: WebSocket | null = null;
	#attempt = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#healthy: ReturnType<typeof setTimeout> | undefined;
	#closed = false;

	constructor(url: string, listener: Listener, around: Surroundings = BROWSER) {
		this.#url = url;
		this.#listener = listener;
		this.#around = around;
	}

	/** How the socket does. */
	get link(): Link {
		return this.#link;
	}
	protected set link(link: Link) {
		this.#link = link;
	}

	/** Opens the socket now, also while it waits for the next attempt. */
	open(): void {
		if (this.#socket) return;
		this.#closed = false;
		clearTimeout(this.#timer);
		this.link = { is: "connecting" };
		let socket: WebSocket;
		try {
			socket = this.#around.open(this.#url);
		} catch {
			this.#lose(null);
			return;
		}
		this.#socket = socket;
		this.#timer = setTimeout(() => this.#lose(socket), OPEN_TIMEOUT_MS);
		socket.onopen = () => {
			if (this.#socket !== socket) return;
			clearTimeout(this.#timer);
			this.#healthy = setTimeout(() => (this.#attempt = 0), HEALTHY_AFTER_MS);
			this.link = { is: "open" };
			this.#listener.opened();
		};
		socket.onmessage = (message) => {
			if (this.#socket !== socket || typeof message.data !== "string") return;
			this.#listener.received(readFrame(message.data), message.data);
		};
		socket.onclose = () => this.#lose(socket);
	}

	/** Sends a frame. False if there is no open socket: what is wanted is asked for when it opens. */
	send(message: ClientMessage): boolean {
		return this.sendText(JSON.stringify(message));
	}

	/** Sends a text as it is. */
	sendText(text: string): boolean {
		if (this.#socket?.readyState !== 1) return false;
		this.#socket.send(text);
		this.#listener.sent(text);
		return true;
	}

	/** Closes the socket for good. */
	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		clearTimeout(this.#healthy);
		const socket = this.#socket;
		this.#socket = null;
		socket?.close();
	}

	#lose(socket: WebSocket | null): void {
		if (this.#closed || this.#socket !== socket) return;
		clearTimeout(this.#timer);
		clearTimeout(this.#healthy);
		this.#socket = null;
		socket?.close();
		const wait = delayMs(this.#attempt++, this.#around.random);
		this.link = { is: "lost", retryAt: this.#around.now() + wait };
		this.#timer = setTimeout(() => this.open(), wait);
		this.#listener.lost();
	}
}

/** The address of the socket that belongs to a page's address. */
export function socketUrl(page: Pick<Location, "protocol" | "host">): string {
	return `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}/ws`;
}

function readFrame(text: string): ServerMessage | null {
	try {
		const value: unknown = JSON.parse(text);
		const typed = typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
		return typed ? (value as ServerMessage) : null;
	} catch {
		return null;
	}
}
