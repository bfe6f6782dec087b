import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeBackend } from "../backend/fake";
import type { HistoryEntry } from "../bindings/HistoryEntry";
import { ANYTHING } from "./address";
import { byDay } from "./entries";
import { HistorySearch } from "./search.svelte";

const START = Date.parse("2026-11-20T12:00:00.000Z");

/** The n-th thing that was said, a second after the one before. */
function said(n: number, raw: string, identifier = "luna"): HistoryEntry {
	const frame = { type: "chat", platform: "twitch", identifier, seq: n, event_id: `${n}`, timestamp: new Date(START + n * 1_000).toISOString(), room_id: "1", message_id: `${n}`, data: { author: { id: "7", username: "ana", display_name: "Ana", avatar_url: null, roles: {}, badges: [] }, content: { raw, formatted: raw, sanitized: raw, elements: [], rawHtml: "" }, metadata: { type: "chat" } } };
	return { id: n, frame } as unknown as HistoryEntry;
}

let backend: FakeBackend;
let search: HistorySearch;
beforeEach(() => {
	backend = new FakeBackend();
	search = new HistorySearch(backend, () => START);
});
const ids = (entries: readonly HistoryEntry[] = search.entries) => entries.map((e) => e.id);
const found = () => vi.waitFor(() => expect(search.busy || !search.looked).toBe(false));
const look = async (text: string) => {
	search.look({ ...ANYTHING, text }, "now");
	await found();
};

describe("searching", () => {
	it("shows the newest first, a page after the other, and then no more", async () => {
		backend.history = Array.from({ length: 250 }, (_, n) => said(n + 1, "all"));
		await look("all");
		expect([search.entries.length, search.entries[0]?.id, search.goesOn]).toEqual([100, 250, true]);
		await search.older();
		await search.older();
		expect(ids()).toEqual(Array.from({ length: 250 }, (_, n) => 250 - n));
		expect(search.goesOn).toBe(false);
		await search.older();
		expect(backend.asked.length, "there is nothing to ask for").toBe(3);
	});

	it("shows what was asked last, whatever is answered last", async () => {
		backend.history = [said(1, "one"), said(2, "two")];
		const answers: (() => void)[] = [];
		const call = backend.call.bind(backend);
		backend.call = ((...asked: Parameters<typeof call>) => new Promise((done) => answers.push(() => done(call(...asked) as never)))) as typeof backend.call;
		search.look({ ...ANYTHING, text: "one" }, "now");
		search.look({ ...ANYTHING, text: "two" }, "now");
		answers[1]?.();
		await vi.waitFor(() => expect(ids()).toEqual([2]));
		answers[0]?.();
		await Promise.resolve();
		await new Promise((done) => setTimeout(done));
		expect(ids()).toEqual([2]);
	});

	it("asks once when typing rests", async () => {
		vi.useFakeTimers();
		try {
			for (const text of ["d", "dr", "dra"]) search.look({ ...ANYTHING, text }, "rested");
			await vi.advanceTimersByTimeAsync(1_000);
		} finally {
			vi.useRealTimers();
		}
		expect(backend.asked).toEqual([["search_history", { text: "dra", limit: 100 }]]);
	});

	it("says why nothing was found, and goes on after that", async () => {
		backend.history = [said(1, "one")];
		backend.refuses = "The disk is full.";
		search.look(ANYTHING, "now");
		await vi.waitFor(() => expect(search.trouble).toBe("The disk is full."));
		await look("one");
		expect([search.trouble, ids()]).toEqual(["", [1]]);
	});

	it("shows what was said around an entry in its channel, the oldest first, and more on either side", async () => {
		backend.history = Array.from({ length: 200 }, (_, n) => said(n + 1, n === 99 ? "here" : "x", n % 2 ? "luna" : "nova"));
		await look("here");
		await search.surround(search.entries[0]!);
		const around = () => ids(search.context?.entries);
		expect(around()).toEqual(Array.from({ length: 51 }, (_, n) => 50 + 2 * n));
		expect([search.context?.earlier, search.context?.later]).toEqual([true, true]);
		await search.extend("earlier");
		await search.extend("later");
		expect(around()).toEqual(Array.from({ length: 100 }, (_, n) => 2 + 2 * n));
		expect([search.context?.earlier, search.context?.later]).toEqual([false, false]);
		search.leave();
		expect([search.context, ids()]).toEqual([null, [100]]);
	});
});

describe("files", () => {
	it("hold everything that is looked for, the oldest first", async () => {
		backend.history = Array.from({ length: 1_203 }, (_, n) => said(n + 1, n === 5 ? "other" : `all ${n}`));
		await look("all");
		const file = await search.file("jsonl", 0);
		const seqs = file?.text.trim().split("\n").map((line) => JSON.parse(line).seq);
		expect(seqs).toEqual(Array.from({ length: 1_203 }, (_, n) => n + 1).filter((n) => n !== 6));
		expect([file?.count, file?.cut, search.filed]).toEqual([1_202, false, null]);
	});

	it("of subtitles begin with the recording, and ask for nothing before", async () => {
		backend.history = [said(1, "before"), said(10, "first"), said(12, "second")];
		await look("");
		const file = await search.file("srt", START + 9_000);
		expect(file?.text).toBe("1\n00:00:01,000 --> 00:00:03,000\nAna: first\n\n2\n00:00:03,000 --> 00:00:06,000\nAna: first\nAna: second\n\n3\n00:00:06,000 --> 00:00:08,000\nAna: second\n\n");
		expect(backend.asked.at(-1)?.[1]).toMatchObject({ from: START + 9_000 });
	});

	it("are given up, or fail with a sentence", async () => {
		backend.history = [said(1, "one")];
		await look("");
		const file = search.file("csv", 0);
		search.stopFiling();
		expect([await file, search.filed, search.trouble]).toEqual([null, null, ""]);
		backend.refuses = "No.";
		expect([await search.file("csv", 0), search.filed, search.trouble]).toEqual([null, null, "No."]);
	});
});

it("entries are shown by days, in the order in which they come", () => {
	const days = byDay([said(90_000, "b"), said(2, "a"), said(1, "a")]);
	expect(days.map((day) => day.entries.map((e) => e.id))).toEqual([[90_000], [2, 1]]);
	expect(days[0]!.at - days[1]!.at).toBeGreaterThan(0);
	expect(days.every((day) => new Date(day.at).getHours() === 0)).toBe(true);
});
