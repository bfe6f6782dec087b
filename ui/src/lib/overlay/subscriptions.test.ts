import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ClientMessage } from "../bindings/ClientMessage";
import type { ServerMessage } from "../bindings/ServerMessage";
import { chatFrame, moderationFrame } from "../feed/testing";
import { Subscriptions } from "./subscriptions";

let asked: ClientMessage[];
let shown: string[];
let now: number;
let subscriptions: Subscriptions;

beforeEach(() => {
	vi.useFakeTimers();
	[asked, shown, now] = [[], [], 0];
	subscriptions = new Subscriptions(
		[{ platform: "twitch", identifier: "Luna", identifierType: "username" }, { platform: "youtube", identifier: "@nova", identifierType: "username" }],
		20,
		(message) => asked.push(message),
		(told, past) => shown.push(`${told.kind}${past ? " past" : ""}`),
		() => now,
	);
	subscriptions.opened();
});
afterEach(() => vi.useRealTimers());

const joined: ServerMessage = { type: "status", status: "subscribed", platform: "twitch", identifier: "Luna", channel: "luna", identifierType: "username" };
const said = (seq: number): ServerMessage => ({ type: "chat", ...chatFrame("ana", "hi", { seq }) });

test("every channel is asked for, waiting included, with what was said before", () => {
	expect(asked).toEqual([
		{ type: "subscribe", platform: "twitch", identifier: "Luna", include: ["events", "moderation"], backlog: 20, wait: true },
		{ type: "subscribe", platform: "youtube", identifier: "@nova", identifierType: "username", include: ["events", "moderation"], backlog: 20, wait: true },
	]);
});

test("after a loss only what was missed is asked for", () => {
	subscriptions.received(joined);
	subscriptions.received(said(41));
	subscriptions.received(said(42));
	subscriptions.lost();
	subscriptions.opened();
	expect(asked.at(-2)).toMatchObject({ identifier: "Luna", since: 42 });
	expect(asked.at(-2)).not.toHaveProperty("backlog");
	expect(asked.at(-1)).toMatchObject({ identifier: "@nova", backlog: 20 });
});

test("what comes right after joining is from before, what comes later is new", () => {
	subscriptions.received(joined);
	subscriptions.received(said(1));
	now = 5_000;
	subscriptions.received(said(2));
	subscriptions.received({ type: "moderation", ...moderationFrame({ action: "clear" }) });
	expect(shown).toEqual(["chat past", "chat", "moderation"]);
});

test("channels that are not ours, and frames that are not whole, are left out", () => {
	subscriptions.received({ type: "chat", ...chatFrame("ana", "hi", { identifier: "other" }) });
	subscriptions.received({ ...said(1), data: null } as unknown as ServerMessage);
	subscriptions.received({ ...said(1), data: { author: null, content: {} } } as unknown as ServerMessage);
	subscriptions.received({ ...said(1), event_id: 5 } as unknown as ServerMessage);
	subscriptions.received({ type: "newer", platform: "twitch", identifier: "luna" } as unknown as ServerMessage);
	expect(shown).toEqual([]);
});

test("a channel that is over or refused is asked for again later, one that cannot be is not", () => {
	const error = (code: string, identifier = "luna") => subscriptions.received({ type: "error", error: "x", code, platform: "twitch", identifier } as ServerMessage);
	subscriptions.received(joined);
	const before = asked.length;
	error("STREAM_ENDED");
	vi.advanceTimersByTime(59_000);
	expect(asked.length).toBe(before);
	vi.advanceTimersByTime(1_000);
	expect(asked.length).toBe(before + 1);
	error("RATE_LIMITED");
	vi.advanceTimersByTime(3_000);
	expect(asked.length).toBe(before + 2);
	error("INVALID_IDENTIFIER");
	error("UPSTREAM_UNAVAILABLE");
	vi.advanceTimersByTime(600_000);
	expect(asked.length).toBe(before + 2);
	error("STREAM_NOT_FOUND");
	subscriptions.lost();
	vi.advanceTimersByTime(600_000);
	expect(asked.length, "nothing is asked while the connection is away").toBe(before + 2);
});

const wanted = (identifier: string) => ({ platform: "twitch", identifier, identifierType: "username" }) as const;

test("other channels: those that stay are not asked for again, those that go are left and given back", () => {
	subscriptions.received(joined);
	subscriptions.received(said(7));
	const before = asked.length;
	expect(subscriptions.want([wanted("Luna"), wanted("sol")])).toEqual([{ platform: "youtube", identifier: "@nova" }]);
	expect(asked.slice(before)).toMatchObject([{ type: "unsubscribe", platform: "youtube", identifier: "@nova", identifierType: "username" }, { type: "subscribe", identifier: "sol", backlog: 20 }]);
	subscriptions.received({ type: "chat", ...chatFrame("ana", "hi", { platform: "youtube", identifier: "nova" }) });
	expect(shown.length, "what still comes of it is not shown").toBe(1);
	expect(subscriptions.want([wanted("Luna"), wanted("sol")])).toEqual([]);
	expect(asked.length).toBe(before + 2);
	subscriptions.lost();
	expect(subscriptions.want([wanted("sol")])).toEqual([{ platform: "twitch", identifier: "luna" }]);
	subscriptions.opened();
	expect(asked.slice(before + 2)).toMatchObject([{ type: "subscribe", identifier: "sol" }]);
});

test("many channels are asked for no faster than a server takes them", () => {
	const before = asked.length;
	subscriptions.want(Array.from({ length: 50 }, (_, n) => wanted(`channel${n}`)));
	expect(asked.length - before, "two are left").toBe(2 + 15);
	vi.advanceTimersByTime(1_000);
	expect(asked.length - before).toBeLessThanOrEqual(2 + 15 + 7);
	vi.advanceTimersByTime(6_000);
	expect(asked.length - before).toBe(2 + 50);
	subscriptions.received({ type: "error", code: "RATE_LIMITED", error: "x" });
	vi.advanceTimersByTime(3_000);
	expect(asked.length - before, "nobody was answered").toBe(2 + 100);
});
