import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Feed } from "../feed/feed.svelte";
import { chatFrame, moderationFrame } from "../feed/testing";
import { type FakeSocket, fakeAround } from "../socket/fake";
import { Channel, stateWord } from "./channel.svelte";
import { Reader } from "./reader.svelte";
import type { Wanted } from "./wanted";

let around: ReturnType<typeof fakeAround>;
let reader: Reader;

const luna: Wanted = { platform: "twitch", identifier: "Luna", identifierType: "username" };
const last = (): FakeSocket => around.sockets.at(-1)!;
const channel = (i = 0) => reader.channels[i]!;
const texts = () => {
	reader.feed.flush();
	return reader.feed.entries.flatMap((e) => (e.kind === "chat" ? [e.frame.data.content.raw] : []));
};
const notices = () => {
	reader.feed.flush();
	return reader.feed.entries.flatMap((e) => (e.kind === "notice" ? [e.text] : []));
};
const status = (word: string, more: object = {}) => ({ type: "status", status: word, platform: "twitch", identifier: "luna", ...more });
const subscribed = () => status("subscribed", { identifier: "Luna", channel: "luna" });
const error = (code: string, more: object = {}) => ({ type: "error", code, error: `The server says ${code}.`, platform: "twitch", identifier: "luna", ...more });

beforeEach(() => {
	vi.useFakeTimers();
	around = fakeAround();
	reader = new Reader("ws://x/ws", { around, feed: new Feed(2_000, () => undefined) });
	reader.connection.open();
});
afterEach(() => {
	reader.connection.close();
	vi.useRealTimers();
});

function begin(): void {
	last().accept();
	reader.add(luna);
	last().say(subscribed(), status("started", { live: true }));
}

describe("a channel", () => {
	it("is asked for with everything that the options say", () => {
		begin();
		expect(last().asked()).toEqual([
			{ type: "subscribe", platform: "twitch", identifier: "Luna", include: ["events", "moderation", "viewers"], backlog: 50, wait: true },
		]);
	});

	it("is asked for when the connection opens, if it was added before", () => {
		reader.add(luna);
		expect(last().sent).toEqual([]);
		last().accept();
		expect(last().asked()).toHaveLength(1);
	});

	it("is known by the spelling of the server from then on", () => {
		begin();
		expect(channel().name).toBe("luna");
		last().say({ type: "chat", ...chatFrame("a", "hi") });
		expect(texts()).toEqual(["hi"]);
		expect(reader.add({ ...luna, identifier: "LUNA" })).toBe("luna is in the list already.");
	});

	it("is in the list once, even if two spellings turn out to be one", () => {
		begin();
		expect(reader.add({ ...luna, identifier: "https://twitch.tv/luna" })).toBeNull();
		last().say(status("subscribed", { identifier: "https://twitch.tv/luna", channel: "luna" }));
		expect(reader.channels).toHaveLength(1);
		expect(reader.trouble).toBe("luna is in the list already.");
	});

	it.each([
		[status("connecting"), "Connecting"],
		[status("started", { live: true }), "Live"],
		[status("started"), "Live"],
		[status("started", { live: false }), "Offline, chat open"],
		[status("waiting", { retry_in_ms: 30_000 }), "Waiting for stream"],
		[status("reconnecting", { retry_in_ms: 4_000, cause: "closed" }), "Reconnecting in 4 sec"],
		[status("ended"), "Ended"],
		[error("STREAM_NOT_FOUND"), "Not found"],
		[error("STREAM_NOT_LIVE"), "Not live"],
		[error("STREAM_ENDED"), "Ended"],
		[error("UPSTREAM_UNAVAILABLE"), "Reconnecting"],
		[error("TIMEOUT"), "Reconnecting"],
		[error("INVALID_IDENTIFIER", { identifier: "Luna" }), "Not possible"],
		[error("A_CODE_FROM_THE_FUTURE"), "Not possible"],
	])("says in words what %j means", (frame, word) => {
		begin();
		last().say(frame);
		expect(stateWord(channel(), Date.now())).toBe(word);
	});

	it("keeps the time of the next attempt, whether the error comes before it or after it", () => {
		begin();
		last().say(status("reconnecting", { retry_in_ms: 4_000 }), error("UPSTREAM_UNAVAILABLE"));
		expect(stateWord(channel(), Date.now())).toBe("Reconnecting in 4 sec");
		last().say(error("TIMEOUT"), status("reconnecting", { retry_in_ms: 8_000 }));
		expect(stateWord(channel(), Date.now())).toBe("Reconnecting in 8 sec");
	});

	it("knows when a person can help by agreeing to another way, and forgets it when the chat comes", () => {
		begin();
		last().say(status("reconnecting", { code: "CONSENT_NEEDED", cause: "Allow it.", retry_in_ms: 300_000 }), error("CONSENT_NEEDED"));
		expect([channel().needsConsent, channel().sentence, channel().over]).toEqual([true, "Allow it.", false]);
		last().say(status("started", { via: "webview" }));
		expect(channel().needsConsent).toBe(false);
	});

	it("keeps the cause, whether the error comes before it or after it", () => {
		begin();
		const cause = "Twitch turns this computer away.";
		last().say(status("reconnecting", { cause, retry_in_ms: 4_000 }), error("UPSTREAM_UNAVAILABLE"));
		expect(channel().sentence).toBe(cause);
		last().say(status("started"), error("TIMEOUT"));
		expect(channel().sentence).toBe("The server says TIMEOUT.");
		last().say(status("reconnecting", { cause, retry_in_ms: 8_000 }));
		expect(channel().sentence).toBe(cause);
	});

	it.each([
		[status("started", { via: "direct" }), ""],
		[status("started", { via: "sign_server" }), "Read with the help of a sign server."],
		[status("started", { via: "webview" }), "Read through the platform’s own page in a hidden window."],
		[status("started", { via: "webview", message: "The stream is paused." }), "The stream is paused."],
		// Its own line says so.
		[status("started", { via: "direct", degraded: true, message: "An update will help." }), ""],
		[status("started", { live: false, message: "The channel is offline; its chat is open." }), ""],
		[status("waiting", { message: "@luna is not live on TikTok." }), ""],
		[status("waiting", { message: "The stream of @luna on TikTok has ended. Waiting for the next one." }), ""],
		[status("waiting", { message: "@luna is private on TikTok." }), "@luna is private on TikTok."],
	])("says what is worth knowing though all is well: %j", (frame, sentence) => {
		begin();
		last().say(frame);
		expect(channel().sentence).toBe(sentence);
	});

	it("takes TikTok's own reasons where they say more than ours", () => {
		const tiktok: Wanted = { platform: "tiktok", identifier: "luna", identifierType: "username" };
		last().accept();
		reader.add(tiktok);
		last().say(error("STREAM_NOT_FOUND", { platform: "tiktok", error: "TikTok answers with @nova in place of the channel that was asked for." }));
		expect(channel().sentence).toBe("TikTok answers with @nova in place of the channel that was asked for.");
		last().say(error("STREAM_NOT_LIVE", { platform: "tiktok", error: "@luna is private on TikTok." }));
		expect(channel().sentence).toBe("@luna is private on TikTok.");
		last().say(error("STREAM_NOT_LIVE", { platform: "tiktok", error: "@luna is not live on TikTok." }));
		expect(channel().sentence).toBe("luna is not live. Turn on “Wait for the stream” to start by itself.");
	});

	it("says a change in the list once, however often it is told", () => {
		begin();
		last().say(status("waiting"), status("waiting"), status("started"), status("started"));
		expect(notices()).toEqual(["Reading luna on Twitch.", "The stream of luna on Twitch is over. The next one starts by itself.", "Reading luna on Twitch."]);
	});

	it("counts down to an announced broadcast, also while its chat is open already", () => {
		begin();
		const starts_at = new Date(Date.now() + 25 * 60_000 + 500).toISOString();
		last().say(status("waiting", { starts_at }));
		expect(stateWord(channel(), Date.now())).toBe("Starts in 25 min");
		expect(stateWord(channel(), Date.now() + 24.5 * 60_000)).toBe("Starts in 30 sec");
		expect(stateWord(channel(), Date.now() + 26 * 60_000)).toBe("Starts any moment");
		last().say(status("started", { live: false, starts_at }));
		expect(stateWord(channel(), Date.now())).toBe("Starts in 25 min, chat open");
		expect(notices().at(-1)).toBe("Reading luna on Twitch. The stream has not begun, its chat is open.");
		last().say(status("started", { live: true }));
		expect([stateWord(channel(), Date.now()), channel().startsAt]).toEqual(["Live", null]);
		last().say(status("waiting", { starts_at: "soon" }));
		expect(stateWord(channel(), Date.now())).toBe("Waiting for stream");
	});

	it("knows its other broadcasts until it is over, and takes none that it cannot show", () => {
		begin();
		const one = { liveId: "aB3-dE_fG7h", title: "Upright", live: true, members_only: false, viewers: 3, starts_at: null };
		last().say(status("started", { live: true, degraded: true, liveId: "x", broadcasts: [one, null, {}, { liveId: 1 }] as never }));
		expect([channel().broadcasts, channel().liveId, channel().degraded]).toEqual([[one], "x", true]);
		last().say(status("started", { live: true, broadcasts: "many" as never }));
		expect([channel().broadcasts, channel().degraded]).toEqual([[], false]);
		last().say(status("started", { broadcasts: [one] }), status("ended"));
		expect(channel().broadcasts).toEqual([]);
	});

	it("has the face that the platform shows, and the name where the identifier is none", () => {
		begin();
		expect([channel().picture, channel().label]).toEqual([null, "luna"]);
		last().say(status("waiting", { owner: { display_name: "Luna paints", avatar_url: "https://p.example/luna" } }));
		expect([channel().picture, channel().label]).toEqual(["https://p.example/luna", "luna"]);
		last().say(status("started", { live: true }));
		expect(channel().picture, "what is not told has not changed").toBe("https://p.example/luna");
		last().say(status("started", { owner: { display_name: 7, avatar_url: ["x"] } as never }));
		expect([channel().picture, channel().label], "a server of another version").toEqual([null, "luna"]);
		const byId = new Channel({ platform: "youtube", identifier: "UCxxxxxxxxxxxxxxxxxxxxxx", identifierType: "channelId" });
		byId.status(status("started", { owner: { display_name: "Luna paints", avatar_url: null } }) as never, 0);
		expect([byId.label, byId.name]).toEqual(["Luna paints", "UCxxxxxxxxxxxxxxxxxxxxxx"]);
	});

	it("is left when it is removed, and what still comes of it is not shown", () => {
		begin();
		reader.remove(channel());
		expect(last().asked().at(-1)).toEqual({ type: "unsubscribe", platform: "twitch", identifier: "Luna" });
		last().say({ type: "chat", ...chatFrame("a", "late") });
		expect(texts()).toEqual([]);
	});

	it("counts messages by when they were sent: a backlog is no burst", () => {
		begin();
		const at = (ms: number) => ({ timestamp: new Date(Date.now() - ms).toISOString() });
		for (let i = 0; i < 40; i++) last().say({ type: "chat", ...chatFrame("a", "old", at(600_000)) });
		for (let i = 0; i < 3; i++) last().say({ type: "chat", ...chatFrame("a", "new", at(1_000)) });
		reader.tick();
		expect(channel().perMinute).toBe(3);
		vi.advanceTimersByTime(61_000);
		reader.tick();
		expect(channel().perMinute).toBe(0);
	});

	it("is asked for again after a while when there were too many requests", () => {
		begin();
		last().say(error("RATE_LIMITED"));
		expect(stateWord(channel(), Date.now())).toBe("Reconnecting in 5 sec");
		vi.advanceTimersByTime(5_000);
		expect(last().asked()).toHaveLength(2);
	});
});

describe("a lost connection", () => {
	it("is made good by asking for what was missed, without doubles", () => {
		begin();
		const known = chatFrame("a", "known", { seq: 41 });
		last().say({ type: "chat", ...known }, { type: "moderation", ...moderationFrame({ action: "clear" }, { seq: 44 }) }, { type: "chat", ...chatFrame("a", "late", { seq: 43 }) });
		last().break();
		expect(stateWord(channel(), Date.now())).toBe("Reconnecting");
		expect(texts()).toEqual(["known", "late"]);
		vi.advanceTimersByTime(500);
		last().accept();
		expect(last().asked()).toEqual([
			{ type: "subscribe", platform: "twitch", identifier: "Luna", include: ["events", "moderation", "viewers"], since: 44, wait: true },
		]);
		last().say(subscribed(), status("started", { live: true }), { type: "chat", ...known }, { type: "chat", ...chatFrame("a", "missed", { seq: 45 }) });
		expect(texts()).toEqual(["known", "late", "missed"]);
		expect(stateWord(channel(), Date.now())).toBe("Live");
	});

	it("does not wake what is over", () => {
		begin();
		last().say(error("STREAM_NOT_FOUND"));
		last().break();
		vi.advanceTimersByTime(500);
		last().accept();
		expect(last().sent).toEqual([]);
		expect(stateWord(channel(), Date.now())).toBe("Not found");
		reader.retry(channel());
		expect(last().asked()).toHaveLength(1);
	});
});

describe("options", () => {
	it("that ask for other frames join channels again, from the last number on", () => {
		begin();
		last().say({ type: "chat", ...chatFrame("a", "hi", { seq: 7 }) });
		reader.setOptions({ ...reader.options, events: false });
		expect(last().asked().slice(1)).toEqual([
			{ type: "unsubscribe", platform: "twitch", identifier: "Luna" },
			{ type: "subscribe", platform: "twitch", identifier: "Luna", include: ["moderation", "viewers"], since: 7, wait: true },
		]);
	});

	it("that only matter at the beginning leave channels alone", () => {
		begin();
		reader.setOptions({ ...reader.options, backlog: 0, wait: false });
		expect(last().asked()).toHaveLength(1);
	});
});

it("shows an error that concerns no channel, in the server's words", () => {
	begin();
	last().say({ type: "error", code: "INVALID_JSON", error: "The frame is not JSON." });
	expect(reader.trouble).toBe("The frame is not JSON.");
});

it("says that something could not be read, and goes on", () => {
	begin();
	const whole = chatFrame("a", "whole");
	for (const broken of [{ data: null }, { data: {} }, { data: { author: null } }, { event_id: undefined }]) {
		last().say({ type: "chat", ...whole, ...broken });
	}
	last().say({ type: "chat", ...whole });
	expect(texts()).toEqual(["whole"]);
	expect(notices().filter((n) => n.startsWith("Something came"))).toHaveLength(4);
});

it("survives frames of kinds that it does not know", () => {
	begin();
	last().say({ type: "stats", platform: "twitch", identifier: "luna" }, { type: "chat" }, { type: "status" }, { type: "error" });
	expect(reader.channels).toHaveLength(1);
});
