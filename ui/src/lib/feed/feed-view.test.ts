import { expect, it } from "vitest";
import { Feed } from "./feed.svelte";
import { FeedView } from "./feed-view.svelte";
import { NOON, chatFrame } from "./testing";

function begun(limit = 50) {
	const feed = new Feed(limit, () => undefined, () => NOON + 600_000);
	const chat = (...texts: string[]) => {
		for (const text of texts) feed.accept({ kind: "chat", frame: chatFrame("ana", text) });
		feed.flush();
	};
	const texts = (of: readonly unknown[]) => of.map((e) => (e as { frame: { data: { content: { raw: string } } } }).frame.data.content.raw);
	return { feed, chat, view: new FeedView(feed), texts };
}

it("stands still by itself, and holds what comes", () => {
	const { feed, chat, view, texts } = begun();
	chat("one");
	view.pause();
	chat("two", "three");
	expect(texts(feed.entries)).toEqual(["one", "two", "three"]);
	expect([texts(view.entries), texts(view.later), view.held]).toEqual([["one"], ["two", "three"], 2]);
	view.resume();
	expect([texts(view.entries), view.held]).toEqual([["one", "two", "three"], 0]);
});

it("goes on while the other list stands still", () => {
	const { feed, chat, view, texts } = begun();
	chat("one");
	feed.pause();
	chat("two");
	expect(texts(feed.entries)).toEqual(["one"]);
	expect(texts(view.entries)).toEqual(["one", "two"]);
	view.pause();
	chat("three");
	feed.resume();
	expect([texts(view.entries), texts(view.later)]).toEqual([["one", "two"], ["three"]]);
});

it("holds nothing for ever: when what it showed is gone with the old ones, it shows what there is", () => {
	const { chat, view, texts } = begun(4);
	chat("a");
	view.pause();
	chat("b", "c", "d", "e", "f", "g", "h");
	expect(texts(view.entries).at(-1)).toBe("h");
	expect(view.held).toBe(0);
});
