import { expect, it } from "vitest";
import type { Entry } from "../feed/entry";
import { Feed } from "../feed/feed.svelte";
import { NOON, chatFrame, moderationFrame } from "../feed/testing";
import { announcement } from "./announce.svelte";

function feedOf(...texts: string[]): readonly Entry[] {
	const feed = new Feed(50, () => undefined, () => NOON + 600_000);
	for (const [i, text] of texts.entries()) feed.accept({ kind: "chat", frame: chatFrame(`m${i}`, text, { timestamp: new Date(NOON + i).toISOString() }) });
	feed.flush();
	return feed.entries;
}
const at = (entries: readonly Entry[], n: number) => entries[n]!.key;

it("what was there before is not read out, nor is anything twice", () => {
	const entries = feedOf("one", "two");
	expect(announcement(entries, null)).toEqual({ text: "", newest: at(entries, 1) });
	expect(announcement(entries, at(entries, 1)).text).toBe("");
	expect(announcement(entries, "gone with the old ones").text).toBe("");
});

it("one message is read out, of several the last one and how many came before it", () => {
	const entries = feedOf("one", "two", "three", "four");
	expect(announcement(entries.slice(0, 2), at(entries, 0)).text).toMatch(/: two$/);
	expect(announcement(entries, at(entries, 0)).text).toMatch(/^2 more messages, then .*: four$/);
	expect(announcement(entries, at(entries, 1)).text).toMatch(/^1 more message, then .*: four$/);
});

it("neither what was taken away nor what the page itself says is read out", () => {
	const feed = new Feed(50, () => undefined, () => NOON + 600_000);
	feed.accept({ kind: "chat", frame: chatFrame("a", "one") });
	feed.flush();
	const since = feed.entries.at(-1)!.key;
	feed.note("quiet", "Reading luna.");
	feed.accept({ kind: "chat", frame: chatFrame("b", "bad") });
	feed.flush();
	const message = feed.entries.findLast((e) => e.kind === "chat")!;
	feed.accept({ kind: "moderation", frame: moderationFrame({ action: "delete_message", message_id: message.kind === "chat" ? message.frame.message_id : "" }) });
	feed.flush();
	expect(announcement(feed.entries, since).text).toBe("");
});

it("a message that is too long is cut", () => {
	const entries = feedOf("one", "a".repeat(1_000));
	expect(announcement(entries, at(entries, 0)).text.length).toBeLessThan(320);
});
