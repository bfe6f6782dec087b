import { describe, expect, it } from "vitest";
import type { HistoryEntry } from "../bindings/HistoryEntry";
import { head, lines, since, subtitles as written } from "./forms";

const START = Date.parse("2026-11-29T12:00:00.000Z");

const subtitles = (form: "srt" | "vtt", entries: readonly HistoryEntry[], start: number) => written(form, since(start, entries));

/** Said so many seconds after the start. */
function said(seconds: number, name: string, raw: string, money: object | null = null): HistoryEntry {
	const timestamp = new Date(START + seconds * 1_000).toISOString();
	const content = { raw, formatted: raw, sanitized: raw, elements: [], rawHtml: "" };
	const metadata = money ? { type: "super_chat", monetary_data: { amount: "$5", formatted: "$5.00", money } } : { type: "chat" };
	return { id: seconds, frame: { type: "chat", platform: "youtube", identifier: "luna", seq: seconds, event_id: `${seconds}`, timestamp, room_id: "1", message_id: `${seconds}`, data: { author: { id: "7", username: name, display_name: name, roles: {}, badges: [] }, content, metadata } } } as unknown as HistoryEntry;
}

describe("the history as files", () => {
	it("is a table that every spreadsheet reads and none carries out", () => {
		const text = head("csv") + lines("csv", [said(1, "Ana, \"B\"", "=HYPERLINK(\"x\")\nsecond"), said(2, "bo", "-1", { micros: 5_000_000, currency: "USD" })]);
		expect(text).toBe("\uFEFFtime,platform,channel,kind,user_id,name,text,amount,currency\r\n"
			+ "2026-11-29T12:00:01.000Z,youtube,luna,chat,7,\"Ana, \"\"B\"\"\",\"'=HYPERLINK(\"\"x\"\")\nsecond\",,\r\n"
			+ "2026-11-29T12:00:02.000Z,youtube,luna,super_chat,7,bo,'-1,5,USD\r\n");
	});

	it("is a frame a line", () => {
		const entries = [said(1, "ana", "a\nb"), said(2, "bo", "c")];
		expect(lines("jsonl", entries).trim().split("\n").map((line) => JSON.parse(line))).toEqual(entries.map((e) => e.frame));
	});

	it("is subtitles from the start of a recording, each message with those that stand beside it", () => {
		const text = subtitles("srt", [said(-5, "ana", "before"), said(61.5, "ana", "hello"), said(63, "bo", "hi <b> --> x")], START);
		expect(text).toBe("1\n00:01:01,500 --> 00:01:03,000\nana: hello\n\n"
			+ "2\n00:01:03,000 --> 00:01:06,500\nana: hello\nbo: hi <b> → x\n\n"
			+ "3\n00:01:06,500 --> 00:01:08,000\nbo: hi <b> → x\n\n");
		expect(subtitles("vtt", [said(3_601, "bo", "a <i> & b")], START)).toBe("01:00:01.000 --> 01:00:06.000\nbo: a &lt;i&gt; &amp; b\n\n");
		expect(head("vtt")).toBe("WEBVTT\n\n");
	});

	it("bears a flood: no more than four lines at once, no cue of a blink, none that overlap", () => {
		const text = subtitles("srt", Array.from({ length: 300 }, (_, n) => said(n / 20, `v${n}`, "flood")), START);
		const cues = text.trim().split("\n\n").map((cue) => cue.split("\n"));
		expect(Math.max(...cues.map((cue) => cue.length - 2))).toBe(4);
		const times = cues.map((cue) => cue[1]?.split(" --> ") ?? []);
		expect(times.every(([from, to], n) => (from ?? "") < (to ?? "") && (n === 0 || (times[n - 1]?.[1] ?? "") <= (from ?? "")))).toBe(true);
	});
});
