/** The observer of a TikTok LIVE page in a world of the test's own: sockets, order, and what the page must not notice. */

import { expect, it, vi } from "vitest";
import { frames } from "./script";
import { World } from "./world";

const ROOM = "wss://webcast-ws.tiktok.com/webcast/im/ws_proxy/ws_reuse_supplement/?room_id=1";

/** A page with one socket to a live room, open. */
function joined(options: ConstructorParameters<typeof World>[0] = {}): World {
	const world = new World(options);
	world.run(`globalThis.ws = new WebSocket("${ROOM}"); ws.tell("open")`);
	return world;
}

it("says where it runs, once, however often it is injected", () => {
	const world = new World();
	expect(world.said).toEqual([{ kind: "ready", href: "https://www.tiktok.com/@luna/live", language: "de", visibility: "hidden", top: true }]);
	world.run("globalThis.observed = WebSocket");
	world.inject();
	expect(world.said).toHaveLength(1);
	expect(world.run("WebSocket === observed && WebSocket !== Native")).toBe(true);
});

it("hands on frames of every kind as they were, in their order, and the end after them", async () => {
	const world = joined();
	// The first Blob is slow: nothing may overtake it.
	world.run(`
		const slow = new Blob([new Uint8Array([1, 2, 3])]);
		globalThis.release = null;
		Object.defineProperty(slow, "arrayBuffer", { value: () => new Promise((done) => { release = () => done(new Uint8Array([1, 2, 3]).buffer) }) });
		ws.tell("message", { data: slow });
		ws.tell("message", { data: new Uint8Array([4, 0, 255]).buffer });
		ws.tell("message", { data: "a text" });
		ws.tell("message", { data: new Blob([new Uint8Array(100000).map((_, at) => at)]) });
		ws.tell("message", { data: new ArrayBuffer(0) });
		ws.tell("close", { code: 1001, reason: "bye" });
	`);
	await new Promise((done) => setTimeout(done, 20));
	expect(world.of("frame")).toEqual([]);
	world.run("release()");
	await vi.waitFor(() => expect(world.of("close")).toHaveLength(1));
	expect(world.said.map((one) => one.kind)).toEqual(["ready", "open", "frame", "frame", "frame", "frame", "close"]);
	expect(world.of("frame").map((frame) => frame.number)).toEqual([1, 2, 3, 4]);
	const large = Buffer.from(new Uint8Array(100_000).map((_, at) => at));
	expect(frames(world.said, 1)).toEqual([Buffer.from([1, 2, 3]), Buffer.from([4, 0, 255]), large, Buffer.alloc(0)]);
	expect(world.said.at(-1)).toEqual({ kind: "close", socket: 1, code: 1001, reason: "bye" });
	expect(world.of("open")).toEqual([{ kind: "open", socket: 1, url: ROOM }]);
});

it("goes on after a frame that is too large or cannot be read", async () => {
	const world = joined();
	world.run(`
		ws.tell("message", { data: new ArrayBuffer(8 * 1024 * 1024 + 1) });
		const broken = new Blob(["x"]);
		Object.defineProperty(broken, "arrayBuffer", { value: () => Promise.reject(new Error("gone")) });
		ws.tell("message", { data: broken });
		ws.tell("message", { data: new Uint8Array([9]).buffer });
	`);
	await vi.waitFor(() => expect(world.of("frame")).toEqual([{ kind: "frame", socket: 1, number: 3, data: "CQ==" }]));
});

it("counts sockets, and sees those of live rooms only", async () => {
	const world = joined();
	world.run(`
		globalThis.other = new WebSocket("wss://im.tiktok.com/ws/v2?next=/webcast/im/");
		other.tell("open");
		other.tell("message", { data: new Uint8Array([1]).buffer });
		ws.tell("close", { code: 1006, reason: "" });
		globalThis.again = new WebSocket("${ROOM}");
		again.tell("open");
		again.tell("message", { data: new Uint8Array([2]).buffer });
	`);
	await vi.waitFor(() => expect(world.of("frame")).toEqual([{ kind: "frame", socket: 2, number: 1, data: "Ag==" }]));
	expect(world.of("open").map((one) => one.socket)).toEqual([1, 2]);
	expect(world.of("close")).toEqual([{ kind: "close", socket: 1, code: 1006, reason: "" }]);
});

it("leaves the class of sockets as the page knows it", () => {
	const world = joined();
	expect(world.run("ws instanceof WebSocket && ws instanceof Native && ws.constructor === WebSocket")).toBe(true);
	expect(world.run("[WebSocket.CONNECTING, WebSocket.OPEN, WebSocket.CLOSING, WebSocket.CLOSED].join()")).toBe("0,1,2,3");
	expect(world.run("'use strict'; try { WebSocket.OPEN = 7 } catch {} WebSocket.OPEN")).toBe(1);
	expect(world.run("WebSocket.name + WebSocket.length")).toBe("WebSocket1");
	expect(world.run("WebSocket.prototype === Native.prototype && WebSocket.made === Native.made")).toBe(true);
	expect(world.run(`[new WebSocket("wss://a.example"), new WebSocket("wss://a.example", "chat")].map((ws) => ws.given).join()`)).toBe("1,2");
	expect(world.run(`
		class Own extends WebSocket { hello() { return "hello" } get url() { return "elsewhere" } }
		globalThis.own = new Own("${ROOM}");
		[own.hello(), own instanceof Own, own instanceof WebSocket, own.constructor === Own].join();
	`)).toBe("hello,true,true,true");
	expect(() => world.run(`new WebSocket("")`)).toThrow("an address is needed");
	expect(() => world.run(`WebSocket("${ROOM}")`)).toThrow(/without 'new'/);
	world.run(`own.tell("open")`);
	return vi.waitFor(() => expect(world.of("open")).toHaveLength(2));
});

it("sends nothing, and takes nothing away from the page", async () => {
	const world = joined();
	world.run(`
		globalThis.heard = [];
		ws.onmessage = (event) => heard.push("property");
		ws.addEventListener("message", (event) => heard.push(event.data.byteLength));
		ws.tell("message", { data: new Uint8Array(5).buffer });
	`);
	await vi.waitFor(() => expect(world.of("frame")).toHaveLength(1));
	expect(world.run("heard.join()")).toBe("5,property");
	expect(world.run("ws.sent.length")).toBe(0);
});

it("lets the page go on when there is no bridge", async () => {
	const world = joined({ bridge: "nothing.here" });
	world.run(`globalThis.heard = 0; ws.onmessage = () => { heard += 1 }; ws.tell("message", { data: new ArrayBuffer(1) })`);
	await new Promise((done) => setTimeout(done, 20));
	expect(world.run("heard")).toBe(1);
	expect(world.said).toEqual([]);
});

it("stays out of pages inside of the page unless it is told otherwise", () => {
	const inside = "globalThis.top = {}";
	expect(new World({ prepare: inside }).said).toEqual([]);
	const world = joined({ prepare: inside, everywhere: true });
	expect(world.of("ready")).toMatchObject([{ top: false }]);
});

it("says after 20 s that no socket was made, and only then", () => {
	const world = new World();
	world.pass(19_999);
	expect(world.of("no_socket")).toEqual([]);
	world.pass(60_000);
	expect(world.of("no_socket")).toHaveLength(1);
	const other = joined();
	other.pass(60_000);
	expect(other.of("no_socket")).toEqual([]);
});

it("says what stands in the way, once as long as it stands there", () => {
	const world = new World();
	const walls = () => world.of("wall").map((one) => one.wall);
	world.run("document.shown = 'captcha'");
	world.pass(10_000);
	expect(walls()).toEqual(["captcha"]);
	world.run("document.shown = 'login'");
	world.pass(1_000);
	expect(walls()).toEqual(["captcha"]);
	world.pass(3_000);
	expect(walls()).toEqual(["captcha", "login"]);
	world.run(`document.shown = ""; document.body.textContent = "We have discontinued operating TikTok here."`);
	world.pass(4_000);
	world.run(`document.body.textContent = ""; document.state = '{"LiveRoom":{"isAgeGateRoom":true}}'`);
	world.pass(4_000);
	world.run(`document.state = '{"LiveRoom":{},"CurrentRoom":{"enableChat":false}}'`);
	world.pass(4_000);
	world.run(`document.state = '{"LiveRoom":{}'`);
	world.pass(4_000);
	expect(walls()).toEqual(["captcha", "login", "region", "age", "chat_disabled"]);
	world.run(`globalThis.ws = new WebSocket("${ROOM}"); ws.tell("open"); document.shown = "captcha"`);
	world.pass(10_000);
	expect(walls()).toHaveLength(5);
	world.run(`ws.tell("close", { code: 1006, reason: "" })`);
	world.pass(2_000);
	expect(walls().at(-1)).toBe("captcha");
});

it("silences what plays, and gives up pausing a player that does not want to", () => {
	const world = new World();
	world.run(`
		globalThis.video = new HTMLMediaElement();
		globalThis.play = () => {
			const event = new Event("play");
			Object.defineProperty(event, "target", { value: video });
			document.dispatchEvent(event);
		};
		play();
	`);
	expect(world.run("video.muted + ' ' + video.pauses")).toBe("true 1");
	world.run("for (let at = 0; at < 100; at += 1) play()");
	expect(world.run("video.pauses")).toBe(20);
});
