import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FIRST_DELAY_MS, LONGEST_DELAY_MS, delayMs } from "./backoff";
import { Connection, type Listener, socketUrl } from "./connection";
import { type FakeSocket, fakeAround } from "./fake";

let around: ReturnType<typeof fakeAround>;
let heard: string[];
let connection: Connection;

beforeEach(() => {
	vi.useFakeTimers();
	around = fakeAround();
	heard = [];
	const listener: Listener = {
		opened: () => heard.push("opened"),
		lost: () => heard.push("lost"),
		received: (frame, text) => heard.push(frame ? frame.type : `? ${text}`),
		sent: (text) => heard.push(`> ${text}`),
	};
	connection = new Connection("ws://x/ws", listener, around);
	connection.open();
});
afterEach(() => {
	connection.close();
	vi.useRealTimers();
});

const last = (): FakeSocket => around.sockets.at(-1)!;

it("waits from half a second to five, half of it by chance", () => {
	const longest = Array.from({ length: 8 }, (_, i) => delayMs(i, () => 1));
	expect(longest).toEqual([500, 1000, 2000, 4000, 5000, 5000, 5000, 5000]);
	for (let i = 0; i < 50; i++) {
		const wait = delayMs(i, Math.random);
		expect(wait).toBeGreaterThanOrEqual(FIRST_DELAY_MS);
		expect(wait).toBeLessThanOrEqual(LONGEST_DELAY_MS);
	}
});

it("comes back by itself, and says when", () => {
	last().accept();
	last().break();
	expect(connection.link).toEqual({ is: "lost", retryAt: Date.now() + 500 });
	vi.advanceTimersByTime(499);
	expect(around.sockets).toHaveLength(1);
	vi.advanceTimersByTime(1);
	expect(around.sockets).toHaveLength(2);
	last().accept();
	expect(connection.link.is).toBe("open");
	expect(heard).toEqual(["opened", "lost", "opened"]);
});

it("waits longer each time, also for a server that accepts and hangs up", () => {
	const waits: number[] = [];
	for (let i = 0; i < 5; i++) {
		last().accept();
		last().break();
		const { link } = connection;
		if (link.is === "lost") waits.push(link.retryAt - Date.now());
		vi.advanceTimersByTime(waits.at(-1) ?? 0);
	}
	expect(waits).toEqual([500, 1000, 2000, 4000, 5000]);
});

it("starts with short waits again after a good connection", () => {
	for (let i = 0; i < 4; i++) {
		last().break();
		vi.advanceTimersByTime(5_000);
	}
	last().accept();
	vi.advanceTimersByTime(6_000);
	last().break();
	expect(connection.link).toEqual({ is: "lost", retryAt: Date.now() + 500 });
});

it("gives up on a socket that never opens", () => {
	vi.advanceTimersByTime(10_000);
	expect(connection.link.is).toBe("lost");
	vi.advanceTimersByTime(500);
	expect(around.sockets).toHaveLength(2);
});

it("does not hear a socket that it gave up", () => {
	const old = last();
	old.accept();
	old.break();
	vi.advanceTimersByTime(500);
	last().accept();
	old.say({ type: "chat" });
	old.break();
	expect(heard).toEqual(["opened", "lost", "opened"]);
	expect(connection.link.is).toBe("open");
});

it("tries at once when asked to, without a second socket later", () => {
	last().break();
	connection.open();
	expect(around.sockets).toHaveLength(2);
	last().accept();
	vi.advanceTimersByTime(20_000);
	expect(around.sockets).toHaveLength(2);
});

it("hands over what is no frame as text, and ignores binary", () => {
	last().accept();
	for (const data of ["not json", "null", "[]", '{"type":7}', new ArrayBuffer(4)]) last().onmessage?.({ data });
	expect(heard).toEqual(["opened", "? not json", "? null", "? []", '? {"type":7}']);
});

it("says when something could not be sent", () => {
	expect(connection.sendText("x")).toBe(false);
	last().accept();
	expect(connection.sendText("x")).toBe(true);
	expect(heard).toEqual(["opened", "> x"]);
});

it("uses the safe scheme on a safe page", () => {
	expect(socketUrl({ protocol: "https:", host: "chat.example" })).toBe("wss://chat.example/ws");
	expect(socketUrl({ protocol: "http:", host: "127.0.0.1:7117" })).toBe("ws://127.0.0.1:7117/ws");
});
