import { describe, expect, it } from "vitest";
import { type Entry, entryOf } from "../feed/entry";
import { NOON, chatFrame, eventFrame } from "../feed/testing";
import { EVERYTHING, type Sift, isEverything, passes, wordsOf } from "./sift";

const chat = (text: string, more: Parameters<typeof chatFrame>[2] = {}, data: Parameters<typeof chatFrame>[3] = {}): Entry => entryOf({ kind: "chat", frame: chatFrame("Ana", text, more, data) }, NOON);
const event = (data: Parameters<typeof eventFrame>[0]): Entry => entryOf({ kind: "event", frame: eventFrame(data) }, NOON);
const notice: Entry = { kind: "notice", key: "n", at: NOON, tone: "quiet", platform: "twitch", text: "Reading luna." };
const of = (sift: Partial<Sift>): Sift => ({ ...EVERYTHING, ...sift });

describe("the list", () => {
	it("shows everything until somebody looks for something", () => {
		expect(isEverything(EVERYTHING)).toBe(true);
		for (const entry of [chat("hi"), event({ event: "raid" }), notice]) expect(passes(entry, EVERYTHING)).toBe(true);
	});

	it("keeps to platforms and to one channel", () => {
		const tiktok = of({ platforms: new Set(["tiktok"]) });
		expect([passes(chat("hi"), tiktok), passes(chat("hi", { platform: "tiktok" }), tiktok), passes(notice, tiktok)]).toEqual([false, true, false]);
		const only = of({ channel: { platform: "twitch", identifier: "Luna" } });
		expect([passes(chat("hi"), only), passes(chat("hi", { identifier: "nova" }), only)]).toEqual([true, false]);
	});

	it("keeps to what was paid for", () => {
		const paid = of({ kinds: new Set(["paid"]) });
		const super_chat = { metadata: { type: "super_chat" as const } };
		expect([chat("hi"), chat("hi", {}, super_chat), event({ event: "gift" }), event({ event: "follow" }), notice].map((e) => passes(e, paid))).toEqual([false, true, true, false, false]);
	});

	it("keeps to events, questions and first messages; several kinds count together", () => {
		expect([chat("hi"), event({ event: "raid" })].map((e) => passes(e, of({ kinds: new Set(["events"]) })))).toEqual([false, true]);
		const questions = of({ kinds: new Set(["questions"]) });
		expect(["warm or cold grey?", "何色ですか？", "ما هذا؟", "no."].map((t) => passes(chat(t), questions))).toEqual([true, true, true, false]);
		expect(passes(event({ event: "question" }), questions)).toBe(true);
		const both = of({ kinds: new Set(["first", "questions"]) });
		expect([chat("hi", {}, { first_message: true }), chat("why?"), chat("hi")].map((e) => passes(e, both))).toEqual([true, true, false]);
	});

	it("finds words in names and texts, in any order and case", () => {
		expect(passes(chat("The Wings are unreal"), of({ words: wordsOf("unreal ANA") }))).toBe(true);
		expect(passes(chat("The Wings are unreal"), of({ words: wordsOf("unreal bo") }))).toBe(false);
		expect(passes(event({ event: "raid", text: "kuro arrives with 214 viewers" }), of({ words: ["kuro"] }))).toBe(true);
	});
});
