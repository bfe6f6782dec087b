/** A server that says exactly what a test tells it to: ui/dist, /health, /api and /ws on one port, with the real one's headers. */

import { readFile } from "node:fs/promises";
import { type IncomingMessage, type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type WebSocket, WebSocketServer } from "ws";
import type { CommandSchema } from "../src/lib/bindings/CommandSchema";
import type { ClientMessage } from "../src/lib/bindings/ClientMessage";
import type { ServerMessage } from "../src/lib/bindings/ServerMessage";
import { FakeBackend } from "../src/lib/backend/fake";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const TYPES: Record<string, string> = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript",
	".css": "text/css",
	".svg": "image/svg+xml",
	".woff2": "font/woff2",
};
const REST = "object-src 'none'; base-uri 'none'; form-action 'self'";
const POLICY = `default-src 'self'; img-src 'self' https: data:; connect-src 'self' ws: wss:; style-src 'self' 'unsafe-inline'; ${REST}`;
const OVERLAY_POLICY =
	"default-src 'self'; img-src 'self' https: data:; connect-src 'self' ws: wss:; style-src 'self' 'unsafe-inline' https:; " +
	`font-src 'self' https: data:; ${REST}`;

/** Answers one request of the page. */
export type Answer = (request: ClientMessage, socket: ScriptedSocket) => void;

/** One connection of the page. */
export class ScriptedSocket {
	constructor(readonly socket: WebSocket) {}

	send(...frames: ServerMessage[]): void {
		for (const frame of frames) this.socket.send(JSON.stringify(frame));
	}
	sendText(text: string): void {
		this.socket.send(text);
	}
	/** Ends the connection as a broken network does: without a word. */
	cut(): void {
		this.socket.terminate();
	}
}

export class ScriptedServer {
	/** What `/health` answers. */
	health: Record<string, unknown> = { status: "ok", demo: true, version: "0.1.0", platforms: ["youtube", "tiktok", "twitch"] };
	/** What was asked, in order, over all connections. */
	readonly requests: ClientMessage[] = [];
	/** Which overlays were asked for with `follow`; undefined is all of them. */
	readonly followed: (string | undefined)[] = [];
	readonly sockets: ScriptedSocket[] = [];
	/** How requests are answered; by default as a server with every channel live does. */
	answer: Answer = (request, socket) => {
		if (request.type === "unsubscribe") {
			const { platform, identifier } = request;
			return socket.send({ type: "status", status: "unsubscribed", platform, identifier });
		}
		// Numbers are not asked for by our pages.
		if (request.type !== "subscribe") return;
		socket.send(...live(request.platform ?? "youtube", request.identifier));
	};

	/** What is kept, and the commands that came. */
	readonly kept = new FakeBackend();
	/** The key that is written into the control page and the dock. */
	token = "a-key-that-only-our-own-page-is-given";
	/** Whether the control page is given it. */
	gives = true;
	/** Platforms, notices and the demo, as `saved` tells them. */
	told: Partial<CommandSchema["saved"][1]> = {};
	readonly #http: Server;
	readonly #ws: WebSocketServer;

	private constructor() {
		this.#http = createServer((request, response) => {
			const path = (request.url ?? "/").split("?")[0] ?? "/";
			if (path === "/health") {
				response.setHeader("content-type", "application/json").end(JSON.stringify(this.health));
				return;
			}
			if (path.startsWith("/api/")) {
				this.#command(path.slice(5) as keyof CommandSchema, request).then(
					([code, body]) => response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body)),
					() => response.writeHead(500).end(),
				);
				return;
			}
			const isOverlay = path.startsWith("/overlay/") || path === "/featured";
			const named = ["/test", "/looks", "/dock", "/featured", "/history", "/statistics"].includes(path);
			const file = normalize(path === "/" ? "index.html" : named ? `${path.slice(1)}.html` : isOverlay ? "overlay.html" : path.slice(1));
			if (file.startsWith("..")) {
				response.writeHead(404).end();
				return;
			}
			readFile(join(DIST, file)).then(
				(read) => {
					const body = ["index.html", "dock.html", "history.html", "statistics.html"].includes(file) && this.gives ? String(read).replace("<head>", `<head><meta name="polychat-token" content="${this.token}">`) : read;
					response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
					response.setHeader("content-security-policy", isOverlay ? OVERLAY_POLICY : POLICY).end(body);
				},
				() => response.writeHead(404).end(),
			);
		});
		this.#ws = new WebSocketServer({ server: this.#http, path: "/ws" });
		this.#ws.on("connection", (ws) => {
			const socket = new ScriptedSocket(ws);
			this.sockets.push(socket);
			ws.on("error", () => undefined);
			ws.on("message", (data) => {
				const request = JSON.parse(String(data)) as ClientMessage;
				if (request.type === "follow") {
					this.followed.push(request.overlay);
					this.#follows.add(socket);
					this.news(socket);
					return;
				}
				this.requests.push(request);
				this.answer(request, socket);
			});
		});
	}

	/** Sockets that are told what is kept. */
	readonly #follows = new Set<ScriptedSocket>();

	/** Tells what is kept, as the server does at every change. */
	news(...to: ScriptedSocket[]): void {
		const { channels, overlays, looks, settings } = this.kept.saved;
		const text = JSON.stringify({ type: "saved", channels, overlays: overlays.map((o) => ({ ...o, window: { ...o.window, places: undefined } })), looks, stage: this.kept.stage, hidden: settings.hidden, language: settings.language ?? undefined });
		for (const socket of to.length > 0 ? to : this.#follows) if (socket.socket.readyState === 1) socket.sendText(text);
	}

	async #command(command: keyof CommandSchema, request: IncomingMessage): Promise<[number, unknown]> {
		if (request.method !== "POST" || request.headers.authorization !== `Bearer ${this.token}`) return [403, { code: "FORBIDDEN", message: "Only the control page may do that." }];
		let body = "";
		for await (const part of request) body += String(part);
		try {
			const answer = await this.kept.call(command, JSON.parse(body));
			this.news();
			return [200, command === "saved" ? { ...(answer as object), ...this.told } : answer];
		} catch (error) {
			return [400, { code: "FAILED", message: (error as Error).message }];
		}
	}

	static async start(): Promise<ScriptedServer> {
		const server = new ScriptedServer();
		await new Promise<void>((done) => server.#http.listen(0, "127.0.0.1", done));
		return server;
	}

	get origin(): string {
		return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
	}

	/** The newest connection. */
	get socket(): ScriptedSocket {
		const socket = this.sockets.at(-1);
		if (!socket) throw new Error("the page has not connected");
		return socket;
	}

	subscribes() {
		return this.requests.filter((r) => r.type === "subscribe");
	}

	async stop(): Promise<void> {
		for (const { socket } of this.sockets) socket.terminate();
		this.#ws.close();
		this.#http.closeAllConnections();
		await new Promise((done) => this.#http.close(done));
	}
}

/** What a server says when a channel is live. */
export function live(platform: "youtube" | "tiktok" | "twitch", identifier: string): ServerMessage[] {
	const channel = identifier.toLowerCase();
	return [
		{ type: "status", status: "subscribed", platform, identifier, channel, identifierType: "username" },
		{ type: "status", status: "connecting", platform, identifier: channel },
		{ type: "status", status: "started", platform, identifier: channel, liveId: "1001", live: true },
	];
}
