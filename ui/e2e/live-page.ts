/** A page as TikTok's live page is for the observer: a strict policy, and sockets that play frames. On 127.0.0.1 only. */

import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

const ROOM = "/webcast/im/ws_proxy/ws_reuse_supplement/";

/** Frames as they are for the page: the small ones of a quiet room, all byte values, and one that is long. */
export const FRAMES: Buffer[] = Array.from({ length: 40 }, (_, at) => {
	const size = at === 20 ? 300_000 : 1 + ((at * 97) % 700);
	return Buffer.from(Uint8Array.from({ length: size }, (_, byte) => (byte * 31 + at) & 0xff));
});

/** How the page reads its socket. */
export type Way = "arraybuffer" | "blob" | "subclass" | "reconnect" | "worker" | "iframe";

/** What the page itself knows, for tests to ask. */
export interface OnPage {
	heard: number;
	bytes: number;
	right: boolean;
	violations: string[];
}

const SCRIPT = `
	const page = { heard: 0, bytes: 0, right: true, violations: [] };
	window.page = page;
	document.addEventListener("securitypolicyviolation", (event) => page.violations.push(event.effectiveDirective));
	const way = new URLSearchParams(location.search).get("way");
	const address = "ws://" + location.host + "${ROOM}?room_id=1";
	class Own extends WebSocket { own() { return true; } }
	function open(again) {
		const ws = way === "subclass" ? new Own(address) : new WebSocket(address);
		page.right &&= ws instanceof WebSocket && WebSocket.OPEN === 1 && ws.url === address;
		page.right &&= way === "subclass" ? ws.own() && ws.constructor === Own : ws.constructor === WebSocket;
		if (way !== "blob") ws.binaryType = "arraybuffer";
		ws.onmessage = (event) => { page.heard += 1; page.bytes += event.data.size ?? event.data.byteLength; };
		ws.addEventListener("open", () => ws.send("ready"));
		if (again) ws.onclose = () => setTimeout(open, 20);
	}
	if (way === "worker") {
		new Worker("/worker.js").onmessage = (event) => { page.heard += 1; page.bytes += event.data; };
	} else if (way === "iframe") {
		const frame = document.createElement("iframe");
		frame.src = "/?way=arraybuffer";
		document.body.append(frame);
	} else {
		open(way === "reconnect");
	}
`;

const WORKER = `
	const ws = new WebSocket("ws://" + location.host + "${ROOM}?room_id=1");
	ws.binaryType = "arraybuffer";
	ws.onmessage = (event) => postMessage(event.data.byteLength);
	ws.onopen = () => ws.send("ready");
`;

export class LivePage {
	/** Everything that came from pages through their sockets. */
	readonly received: string[] = [];

	private constructor(
		readonly origin: string,
		private readonly http: Server,
		private readonly sockets: WebSocketServer,
	) {}

	static async start(): Promise<LivePage> {
		const http = createServer((request, response) => {
			const { host } = request.headers;
			const policy = `default-src 'none'; img-src data:; script-src 'nonce-n0nce'; worker-src 'self'; frame-src 'self'; connect-src ws://${host}`;
			if (request.url === "/worker.js") {
				response.writeHead(200, { "content-type": "text/javascript", "content-security-policy": `connect-src ws://${host}` }).end(WORKER);
			} else {
				response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy });
				response.end(`<!doctype html><title>LIVE</title><link rel="icon" href="data:,"><body><script nonce="n0nce">${SCRIPT}</script>`);
			}
		});
		const sockets = new WebSocketServer({ server: http });
		await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
		const page = new LivePage(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, http, sockets);
		sockets.on("connection", (socket) => {
			// As soon as the page listens. It stays open after the frames, until a test closes it.
			socket.on("message", (data) => {
				page.received.push(String(data));
				for (const frame of FRAMES) socket.send(frame);
			});
		});
		return page;
	}

	address(way: Way): string {
		return `${this.origin}/?way=${way}`;
	}

	/** Closes every socket, in order. */
	close(): void {
		for (const socket of this.sockets.clients) socket.close(1000, "done");
	}

	async stop(): Promise<void> {
		for (const socket of this.sockets.clients) socket.terminate();
		this.sockets.close();
		this.http.closeAllConnections();
		await new Promise((done) => this.http.close(done));
	}
}
