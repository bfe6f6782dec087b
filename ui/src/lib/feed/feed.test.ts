import { beforeEach, describe, expect, it } from "vitest";
import type { ChatFrame } from "../bindings/ChatFrame";
import type { ModerationData } from "../bindings/ModerationData";
import { dividerAfter } from "./entry";
import { Feed } from "./feed.svelte";
import { NOON, author, chatFrame, eventFrame, moderationFrame } from "./testing";

let feed: Feed;
let work: (() => void)[];

beforeEach(() => {
	work = [];
	feed = new Feed(10, (w) => work.push(w), () => NOON);
});

const chat = (frame: ChatFrame) => feed.accept({ kind: "chat", frame });
const moderate = (data: Partial<ModerationData>, identifier = "luna") =>
	feed.accept({ kind: "moderation", frame: moderationFrame(data, { identifier }) });

/** The list in short: texts, and why they are gone. */
function shown(): string[] {
	feed.flush();
	return feed.entries.map((e) => {
		if (e.kind === "notice" || e.kind === "crowd") return `* ${e.text}`;
		const text = e.kind === "chat" ? e.frame.data.content.raw : `${e.frame.data.event} ${e.frame.data.combo?.count ?? ""}`;
		return e.removed ? `${text} (${e.removed})` : text;
	});
}

describe("the list", () => {
	it("is published once for everything that came since", () => {
		for (let i = 0; i < 5; i++) chat(chatFrame("a", `${i}`));
		expect(work).toHaveLength(1);
		expect(feed.entries).toHaveLength(0);
		work[0]?.();
		expect(feed.entries).toHaveLength(5);
	});

	it("does not grow past its limit, nor while the page is not painted", () => {
		for (let i = 0; i < 5_000; i++) chat(chatFrame("a", `${i}`));
		expect(feed.entries.length).toBeLessThanOrEqual(10);
		expect(shown().at(-1)).toBe("4999");
		expect(feed.entries).toHaveLength(10);
	});

	it("shows a repeated message once", () => {
		chat(chatFrame("a", "hi", { event_id: "x" }));
		chat(chatFrame("a", "hi", { event_id: "x" }));
		expect(shown()).toEqual(["hi"]);
	});

	it("does not take equal ids of two platforms for one", () => {
		chat(chatFrame("a", "hi", { event_id: "x" }));
		chat(chatFrame("b", "there", { event_id: "x", platform: "youtube" }));
		expect(shown()).toEqual(["hi", "there"]);
	});

	it("updates an event where it stands", () => {
		const bundle = (count: number) => eventFrame({ event: "gift_subscription", combo: { id: "b", count, state: "running" } }, { event_id: "g" });
		feed.accept({ kind: "event", frame: bundle(1) });
		chat(chatFrame("a", "thanks"));
		feed.accept({ kind: "event", frame: bundle(5) });
		expect(shown()).toEqual(["gift_subscription 5", "thanks"]);
	});

	it("puts a backlog before what is newer, and a slow message at the end", () => {
		const at = (ms: number) => ({ timestamp: new Date(NOON - ms).toISOString() });
		chat(chatFrame("a", "now", at(0)));
		chat(chatFrame("a", "an hour ago", at(3_600_000)));
		chat(chatFrame("a", "half an hour ago", at(1_800_000)));
		chat(chatFrame("a", "just slow", at(2_000)));
		expect(shown()).toEqual(["an hour ago", "half an hour ago", "now", "just slow"]);
	});

	it("does not believe a time in the future, or no time", () => {
		chat(chatFrame("a", "2099", { timestamp: "2099-01-01T00:00:00Z" }));
		chat(chatFrame("a", "nonsense", { timestamp: "nonsense" }));
		chat(chatFrame("a", "now"));
		expect(shown()).toEqual(["2099", "nonsense", "now"]);
		expect(feed.entries.every((e) => e.at <= NOON)).toBe(true);
	});
});

describe("what is taken away", () => {
	it("is one message, by its message id or by its event id", () => {
		chat(chatFrame("a", "one", { message_id: "m-one" }));
		chat(chatFrame("a", "two", { event_id: "e-two" }));
		chat(chatFrame("a", "three"));
		moderate({ action: "delete_message", message_id: "m-one" });
		moderate({ action: "delete_message", message_id: "e-two" });
		moderate({ action: "delete_message", message_id: "never seen" });
		moderate({ action: "delete_message", message_id: null });
		expect(shown()).toEqual(["one (message)", "two (message)", "three"]);
	});

	it("is the message of an event, too", () => {
		feed.accept({ kind: "event", frame: eventFrame({ event: "announcement", message_id: "m-event" }) });
		moderate({ action: "delete_message", message_id: "m-event" });
		expect(shown()).toEqual(["announcement  (message)"]);
	});

	it("is everything of one user in that channel only, and is said once", () => {
		chat(chatFrame("bad", "one"));
		chat(chatFrame("bad", "elsewhere", { identifier: "other" }));
		chat(chatFrame("good", "two"));
		moderate({ action: "delete_user", user_id: "id-bad", username: "bad", duration_seconds: 600 });
		chat(chatFrame("bad", "afterwards"));
		expect(shown()).toEqual(["one (user)", "elsewhere", "two", "* bad was timed out for 10 min, 1 message removed.", "afterwards"]);
	});

	it("is nothing when nobody is named", () => {
		feed.accept({ kind: "event", frame: eventFrame({ event: "raid" }) });
		chat(chatFrame("a", "one", {}, { author: { ...author(""), id: "" } }));
		moderate({ action: "delete_user", user_id: null });
		moderate({ action: "delete_user", user_id: "" });
		expect(shown().filter((t) => t.includes("("))).toEqual([]);
	});

	it("is a whole room", () => {
		chat(chatFrame("a", "one"));
		chat(chatFrame("a", "elsewhere", { identifier: "other" }));
		moderate({ action: "clear" });
		expect(shown()).toEqual(["one (clear)", "elsewhere", "* The chat of luna was cleared by its moderators."]);
	});

	it("is nothing that was written since, when a time-out of before is told", () => {
		const at = (ms: number) => ({ timestamp: new Date(NOON - ms).toISOString() });
		chat(chatFrame("bad", "before", at(20_000)));
		chat(chatFrame("bad", "since", at(0)));
		feed.accept({ kind: "moderation", frame: moderationFrame({ action: "delete_user", user_id: "id-bad", username: "bad" }, { history: true, ...at(10_000) }) });
		expect(shown()).toEqual(["before (user)", "* bad was banned, 1 message removed.", "since"]);
	});

	it("stays away when it is told again", () => {
		chat(chatFrame("a", "one", { event_id: "x", message_id: "m" }));
		moderate({ action: "delete_message", message_id: "m" });
		chat(chatFrame("a", "one", { event_id: "x", message_id: "m" }));
		expect(shown()).toEqual(["one (message)"]);
	});
});

describe("what was written before", () => {
	const past = (text: string) => chat(chatFrame("a", text, { history: true, timestamp: new Date(NOON - 60_000).toISOString() }));
	/** The last text before the divider. */
	const divided = () => {
		feed.flush();
		const key = dividerAfter(feed.entries);
		const entry = feed.entries.find((e) => e.key === key);
		return entry?.kind === "chat" ? entry.frame.data.content.raw : null;
	};

	it("ends with a divider, once, and is not divided without any", () => {
		expect(divided()).toBeNull();
		past("one");
		feed.note("quiet", "Reading luna.");
		expect(divided()).toBe("one");
		past("two");
		chat(chatFrame("a", "now"));
		expect(divided()).toBe("two");
	});

	it("is divided where the oldest of it ends, when more of it comes later", () => {
		past("one");
		chat(chatFrame("a", "read a while ago", { timestamp: new Date(NOON - 30_000).toISOString() }));
		chat(chatFrame("b", "of another channel", { history: true, timestamp: new Date(NOON - 10_000).toISOString() }));
		chat(chatFrame("a", "now"));
		expect(divided()).toBe("one");
	});
});

describe("a message of a shared chat", () => {
	const original = () => chatFrame("a", "hi", { event_id: "x", message_id: "original" });
	const copy = () =>
		chatFrame("a", "hi", { event_id: "x", message_id: "copy", identifier: "other" }, {
			source_channel: { id: "1", username: "luna", display_name: "Luna", avatar_url: null, message_id: "original" },
		});

	it("appears once, as its original, whichever comes first", () => {
		for (const order of [[original(), copy()], [copy(), original()]]) {
			feed.clear();
			order.forEach(chat);
			expect(shown()).toEqual(["hi"]);
			const entry = feed.entries[0];
			expect(entry?.kind === "chat" && entry.frame.data.source_channel).toBeNull();
		}
	});

	it("is gone when it is gone from every channel", () => {
		chat(original());
		chat(copy());
		moderate({ action: "delete_message", message_id: "copy" }, "other");
		expect(shown()).toEqual(["hi"]);
		moderate({ action: "delete_message", message_id: "original" });
		expect(shown()).toEqual(["hi (message)"]);
	});
});

describe("a list that stands still", () => {
	it("holds what is new, within the limit, and goes on with it", () => {
		chat(chatFrame("a", "old"));
		feed.flush();
		feed.pause();
		for (let i = 0; i < 100; i++) chat(chatFrame("a", `${i}`));
		expect(shown()).toEqual(["old"]);
		expect(feed.held).toBe(10);
		feed.resume();
		expect(shown()).toEqual(Array.from({ length: 10 }, (_, i) => `${90 + i}`));
		expect(feed.held).toBe(0);
	});

	it("still takes away what it shows, and what it holds", () => {
		chat(chatFrame("a", "old", { message_id: "old" }));
		feed.flush();
		feed.pause();
		chat(chatFrame("a", "new", { message_id: "new" }));
		moderate({ action: "delete_message", message_id: "old" });
		moderate({ action: "delete_message", message_id: "new" });
		expect(shown()).toEqual(["old (message)"]);
		feed.resume();
		expect(shown()).toEqual(["old (message)", "new (message)"]);
	});
});

it("says how many messages never came", () => {
	feed.gap({ platform: "twitch", identifier: "luna", missed: 12 });
	feed.gap({ platform: "twitch", identifier: "luna", missed: null });
	expect(shown()).toEqual([
		"* 12 messages of luna were skipped because this page was too slow or away.",
		"* Some messages of luna are missing: they are older than what is kept.",
	]);
});
