// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { Feed } from "../feed/feed.svelte";
import { NOON, chatFrame, eventFrame } from "../feed/testing";
import { GROUPS, Speech, isIn, step } from "./speech.svelte";

function spoken() {
	const feed = new Feed(50, () => undefined, () => NOON + 600_000);
	const said: string[] = [];
	const speech = new Speech(feed, (text) => said.push(text));
	const chat = (name: string, text: string) => {
		feed.accept({ kind: "chat", frame: chatFrame(name, text) });
		feed.flush();
	};
	return { feed, said, speech, chat };
}

describe("speech mode", () => {
	beforeEach(() => localStorage.clear());

	it("steps from the newest message backwards and forwards, and says where it ends", () => {
		const { speech, said, chat } = spoken();
		chat("ana", "one");
		chat("bo", "two");
		speech.reader = "voice";
		for (const by of [1, -1, -1, 1, 1] as const) speech.move(by);
		expect(said).toEqual(["bo: two", "ana: one", "No message before that.", "bo: two", "No newer message."]);
	});

	it("reads what waits while the list stands still, and nothing that was taken away", () => {
		const { speech, said, feed, chat } = spoken();
		chat("ana", "one");
		feed.pause();
		chat("bo", "two");
		speech.reader = "voice";
		speech.move(-1);
		expect(said).toEqual(["bo: two"]);
		const removed = feed.entries.map((e) => (e.kind === "chat" ? { ...e, removed: "message" as const } : e));
		expect(step(removed, null, "all", -1)).toBeNull();
	});

	it("begins at the newest again when the one that was read is gone from the list", () => {
		const { chat, feed } = spoken();
		chat("ana", "one");
		chat("bo", "two");
		expect(step(feed.entries, "gone long ago", "all", -1)?.key).toBe(feed.entries.at(-1)?.key);
	});

	it("goes round the kinds, and says how many there are of each", () => {
		const { speech, said, feed, chat } = spoken();
		chat("ana", "is this one?");
		feed.accept({ kind: "event", frame: eventFrame({ event: "raid", user: null, text: "A raid" }) });
		feed.flush();
		speech.reader = "voice";
		speech.turn(1);
		speech.turn(1);
		expect(said).toEqual(["Chat, one message. ana: is this one?", "Paid: nothing yet."]);
		speech.turn(-1);
		speech.turn(-1);
		expect(said.at(-1)).toMatch(/^Everything, 2 messages\. /);
		speech.turn(-1);
		expect(speech.group).toBe(GROUPS.at(-1));
		expect(isIn(feed.entries[0] as never, "questions")).toBe(true);
		expect(isIn(feed.entries[1] as never, "questions")).toBe(false);
	});

	it("tells a screen reader the same words twice when they are asked for twice", () => {
		const { speech, said, chat } = spoken();
		chat("ana", "one");
		speech.reader = "screenReader";
		speech.move(1);
		const first = speech.said;
		speech.move(-1);
		speech.move(-1);
		expect(first).toEqual({ text: "ana: one", turn: 1 });
		expect(speech.said).toEqual({ text: "No message before that.", turn: 3 });
		expect(said).toEqual([]);
	});

	it("has keys only while somebody reads out, and falls silent when nobody does any more", () => {
		const { speech, said, chat } = spoken();
		chat("ana", "one");
		const key = (name: string, more = {}) => speech.key({ key: name, altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, ...more });
		expect(key("ArrowUp")).toBe(false);
		speech.reader = "voice";
		expect([key("ArrowUp"), key("PageDown"), key("ArrowUp", { ctrlKey: true }), key("ArrowUp", { altKey: false }), key("a")]).toEqual([true, true, false, false, false]);
		speech.reader = "off";
		expect(said.at(-1)).toBe("");
		expect(new Speech(new Feed(), () => undefined).reader).toBe("off");
	});

	it("cuts what is too long to be heard", () => {
		const { speech, said, chat } = spoken();
		chat("ana", "x".repeat(5_000));
		speech.reader = "voice";
		speech.move(1);
		expect(said[0]?.length).toBeLessThan(320);
	});
});
