/** The history as files: a table, lines of JSON, subtitles. Pure. */

import type { FeaturedMessage } from "../bindings/FeaturedMessage";
import type { HistoryEntry } from "../bindings/HistoryEntry";
import { spoken } from "../feed/spoken";
import { entryFor } from "./entries";

export const FORMS = ["csv", "jsonl", "srt", "vtt"] as const;
export type Form = (typeof FORMS)[number];

/** So long a line of subtitles stands at most. */
const CUE_MS = 5_000;
/** And at least: what comes at once stands together. */
const LEAST_MS = 1_000;
/** Lines that stand together at most. */
const LINES = 4;

/** A line of subtitles. */
export interface Said {
	/** Milliseconds since the recording began. */
	readonly at: number;
	readonly text: string;
}

/** Whether a form is about a recording, whose start it needs. */
export function isSubtitles(form: Form): form is "srt" | "vtt" {
	return form === "srt" || form === "vtt";
}

/** What kind of file it is. */
export function typeOf(form: Form): string {
	return { csv: "text/csv", jsonl: "application/jsonl", srt: "application/x-subrip", vtt: "text/vtt" }[form];
}

/** What comes first in a file. */
export function head(form: Form): string {
	switch (form) {
		case "csv":
			// Spreadsheets take a file without the mark for one of another alphabet.
			return `\uFEFF${row(["time", "platform", "channel", "kind", "user_id", "name", "text", "amount", "currency"])}`;
		case "vtt":
			return "WEBVTT\n\n";
		default:
			return "";
	}
}

/** Entries, the oldest first, as a table or as lines of JSON. */
export function lines(form: "csv" | "jsonl", entries: readonly HistoryEntry[]): string {
	return entries.map(({ frame }) => (form === "jsonl" ? `${JSON.stringify(frame)}\n` : row(cells(frame)))).join("");
}

/** Entries as what was said since a recording began, at `start` (Unix milliseconds): what was said before is left out. */
export function since(start: number, entries: readonly HistoryEntry[]): Said[] {
	return entries
		.map(({ frame }) => ({ at: Date.parse(frame.timestamp) - start, text: plain(spoken(entryFor(frame))) }))
		.filter(({ at, text }) => at >= 0 && text !== "");
}

/** Subtitles. A message stands until others have taken its place. */
export function subtitles(form: "srt" | "vtt", all: readonly Said[]): string {
	const said = [...all].sort((a, b) => a.at - b.at);
	// A moment is when something comes or goes; between two, the same stands.
	const moments = [...new Set(said.flatMap(({ at }) => [at, at + CUE_MS]))].sort((a, b) => a - b);
	const cues: string[] = [];
	let [from, until] = [0, 0];
	for (let n = 0; n + 1 < moments.length; n++) {
		const [begins, ends] = [moments[n] as number, moments[n + 1] as number];
		while (from < said.length && (said[from]?.at ?? 0) + CUE_MS <= begins) from++;
		while (until < said.length && (said[until]?.at ?? 0) <= begins) until++;
		// What stands for a blink is read together with what follows.
		const next = moments[n + 2];
		if (ends - begins < LEAST_MS && next !== undefined && (said[until]?.at ?? Number.POSITIVE_INFINITY) <= ends) {
			moments[n + 1] = begins;
			continue;
		}
		const standing = said.slice(Math.max(from, until - LINES), until);
		if (standing.length === 0 || ends === begins) continue;
		const time = `${clock(form, begins)} --> ${clock(form, ends)}`;
		cues.push(`${form === "srt" ? `${cues.length + 1}\n` : ""}${time}\n${standing.map(({ text }) => (form === "vtt" ? escaped(text) : text)).join("\n")}\n\n`);
	}
	return cues.join("");
}

function cells(frame: FeaturedMessage): string[] {
	const author = frame.type === "chat" ? frame.data.author : frame.data.user;
	const money = frame.type === "chat" ? frame.data.metadata.monetary_data?.money : frame.data.amount;
	const kind = frame.type === "chat" ? frame.data.metadata.type : frame.data.event;
	const text = frame.type === "chat" ? frame.data.content.raw : [frame.data.text, frame.data.message?.raw].filter(Boolean).join(" ");
	return [frame.timestamp, frame.platform, frame.identifier, kind, author?.id ?? "", author?.display_name || author?.username || "", text, money ? String(money.micros / 1_000_000) : "", money?.currency ?? ""];
}

/** One row of RFC 4180. What a spreadsheet would carry out, as chat may hold it, is only a text there. */
function row(values: readonly string[]): string {
	const cell = (value: string) => {
		const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
		return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
	};
	return `${values.map(cell).join(",")}\r\n`;
}

/** On one line, and without what players would read as their own. */
function plain(text: string): string {
	return text.replace(/\s+/g, " ").replaceAll("-->", "→").trim();
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** `01:02:03,004`, with a point in WebVTT. */
function clock(form: "srt" | "vtt", ms: number): string {
	const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
	const rest = String(Math.floor(ms % 1_000)).padStart(3, "0");
	return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1_000) % 60)}${form === "srt" ? "," : "."}${rest}`;
}
