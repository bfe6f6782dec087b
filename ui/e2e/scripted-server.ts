/** A server that says exactly what a test tells it to: ui/dist, /health and /ws on one port, with the real one's headers. */

import { readFile } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type WebSocket, WebSocketServer } from "ws";
import type { ClientMessage } from "../src/lib/bindings/ClientMessage";
import type { ServerMessage } from "../src/lib/bindings/ServerMessage";

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

	readonly #http: Server;
	readonly #ws: WebSocketServer;

	private constructor() {
		this.#http = createServer((request, response) => {
			const path = (request.url ?? "/").split("?")[0] ?? "/";
			if (path === "/health") {
				response.setHeader("content-type", "application/json").end(JSON.stringify(this.health));
				return;
			}
			const isOverlay = path.startsWith("/overlay/");
			const file = normalize(path === "/test" || path === "/looks" ? `${path.slice(1)}.html` : isOverlay ? "overlay.html" : path.slice(1));
			if (file.startsWith("..")) {
				response.writeHead(404).end();
				return;
			}
			readFile(join(DIST, file)).then(
				(body) => {
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
				this.requests.push(request);
				this.answer(request, socket);
			});
		});
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
