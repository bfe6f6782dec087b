import { expect, test } from "vitest";
import type { EventData } from "../bindings/EventData";
import type { Happened } from "../feed/entry";
import { author, chatFrame, eventFrame } from "../feed/testing";
import { isShown } from "./filter";
import { readPatterns } from "./patterns";
import { readQuery } from "./query";

const shown = (happened: Happened, query = "") => isShown(happened, readQuery({ search: query, hash: "" }).settings);
const said = (name: string, text: string, platform: "twitch" | "youtube" = "twitch"): Happened => ({ kind: "chat", frame: chatFrame(name, text, { platform }) });
const paid = (name: string, text: string): Happened => ({
	kind: "chat",
	frame: chatFrame(name, text, {}, { metadata: { type: "super_chat", monetary_data: { amount: "5", formatted: "$5", color: "#ffffff", money: null, bits: null } } }),
});
const happened = (event: EventData["event"], more: Partial<EventData> = {}): Happened => ({ kind: "event", frame: eventFrame({ event, ...more }) });

test("bots and commands are hidden unless that is turned off", () => {
	expect(shown(said("Nightbot", "hello"))).toBe(false);
	expect(shown(said("Nightbot", "hello"), "?hideBots=0")).toBe(true);
	expect(shown(said("ana", "!song"))).toBe(false);
	expect(shown(said("ana", "!song"), "?hideCommands=0")).toBe(true);
	expect(shown(said("ana", "!!! amazing"))).toBe(true);
	expect(shown(said("ana", "$bet 5"), "?hideCommands=$")).toBe(false);
	expect(shown(paid("ana", "!song")), "paid is paid").toBe(true);
});

test("people are hidden or shown by login or name, whatever the case", () => {
	expect(shown(said("Ana", "hi"), "?hidefrom=ANA")).toBe(false);
	expect(shown(said("bo", "hi"), "?onlyfrom=ana")).toBe(false);
	expect(shown(said("ana", "hi"), "?onlyfrom=Ana")).toBe(true);
	expect(shown(happened("raid", { user: author("ana") }), "?hidefrom=ana")).toBe(false);
	expect(shown(happened("poll"), "?onlyfrom=ana"), "nobody in particular").toBe(false);
});

test("what happens all the time is hidden unless it is asked for", () => {
	for (const event of ["like", "follow", "join", "share", "mode", "notice", "caption", "stream_online", "raid_out"] as const) expect(shown(happened(event)), event).toBe(false);
	for (const event of ["raid", "subscription", "gift", "membership", "announcement", "poll", "pin", "goal", "question", "battle"] as const) expect(shown(happened(event)), event).toBe(true);
	expect(shown(happened("follow"), "?showtype=follows")).toBe(true);
	expect(shown(happened("follow"), "?onlytype=follow")).toBe(true);
	expect(shown(happened("unpin"), "?showtype=events")).toBe(false);
});

test("a reward with a text is told by its message alone", () => {
	expect(shown(happened("reward", { message: chatFrame("ana", "hi").data.content }))).toBe(false);
	expect(shown(happened("reward"))).toBe(true);
});

test("platforms and kinds are two questions", () => {
	expect(shown(said("ana", "hi", "youtube"), "?onlytype=twitch")).toBe(false);
	expect(shown(said("ana", "hi"), "?onlytype=twitch")).toBe(true);
	expect(shown(said("ana", "hi"), "?onlytype=twitch,events")).toBe(false);
	expect(shown(happened("raid"), "?onlytype=twitch,events")).toBe(true);
	expect(shown(paid("ana", "hi"), "?onlytype=paid")).toBe(true);
	expect(shown(happened("gift"), "?onlytype=paid")).toBe(true);
	expect(shown(happened("gift_subscription"), "?onlytype=subs")).toBe(true);
	expect(shown(said("ana", "hi"), "?hidetype=chat")).toBe(false);
	expect(shown(paid("ana", "hi"), "?hidetype=chat")).toBe(true);
	expect(shown(happened("raid"), "?hidetype=events")).toBe(false);
	expect(shown(said("ana", "hi"), "?hidetype=twitch")).toBe(false);
});

test("words hide what holds them: in the text, in names, and in what is answered", () => {
	expect(shown(said("ana", "buy SPAM now"), "?hidewords=spam,scam*")).toBe(false);
	expect(shown(said("ana", "spammer"), "?hidewords=spam,scam*")).toBe(true);
	expect(shown(said("scammer5", "hi"), "?hidewords=spam,scam*")).toBe(false);
	expect(shown(paid("ana", "spam"), "?hidewords=spam"), "money buys no spam").toBe(false);
	const reply = { message_id: "1", thread_id: "1", user: { id: "1", username: "x", display_name: "x", avatar_url: null }, text: "spam" };
	expect(shown({ kind: "chat", frame: chatFrame("ana", "no", {}, { reply }) }, "?hidewords=spam")).toBe(false);
	expect(shown(happened("subscription", { user: author("ana"), text: "ana subscribed", message: chatFrame("ana", "spam").data.content }), "?hidewords=spam")).toBe(false);
	expect(shown(happened("raid", { user: author("ana"), text: "ana raids" }), "?hidewords=raids"), "our own sentence is nobody's word").toBe(true);
});

test("regular expressions hide what they are found in", async () => {
	const { settings } = readQuery({ search: `?hideregex=${encodeURIComponent("sp[a4]m\n^x+$\n(")}`, hash: "" });
	const { find, faults } = await readPatterns(settings.patterns);
	expect(faults.size).toBe(1);
	expect(isShown(said("ana", "SP4M"), settings, find)).toBe(false);
	expect(isShown(said("ana", "xxx"), settings, find)).toBe(false);
	expect(isShown(said("ana", "hello"), settings, find)).toBe(true);
	expect(isShown(said("ana", "sp4m"), readQuery({ search: "", hash: "" }).settings, find), "unless none is set").toBe(true);
});

test("roles concern chat alone", () => {
	const by = (role: string): Happened => ({ kind: "chat", frame: chatFrame("ana", "hi", {}, { author: { ...author("ana"), roles: { ...author("ana").roles, [role]: true } } }) });
	expect(shown(by("moderator"), "?onlyroles=mods,subs")).toBe(true);
	expect(shown(by("subscriber"), "?onlyroles=mods,members")).toBe(true);
	expect(shown(said("ana", "hi"), "?onlyroles=mods")).toBe(false);
	expect(shown(paid("ana", "hi"), "?onlyroles=mods")).toBe(true);
	expect(shown(happened("raid", { user: author("ana") }), "?onlyroles=mods")).toBe(true);
	expect(shown(by("broadcaster"), "?hideroles=streamer")).toBe(false);
	expect(shown(said("ana", "hi"), "?hideroles=streamer")).toBe(true);
	expect(shown(said("ana", "hi"), "?onlyroles=nonsense"), "what is no role asks for nothing").toBe(true);
});

test("links and all but first messages can be hidden", () => {
	const link = { raw: "a.example", formatted: "a.example", sanitized: "a.example", rawHtml: "", elements: [{ type: "link" as const, value: "a.example", position: [0, 9] as [number, number], metadata: { url: "https://a.example" } }] };
	const linked: Happened = { kind: "chat", frame: chatFrame("ana", "", {}, { content: link }) };
	expect(shown(linked)).toBe(true);
	expect(shown(linked, "?hidelinks")).toBe(false);
	expect(shown(linked, "?striplinks")).toBe(true);
	expect(shown(said("ana", "hi"), "?onlyfirst")).toBe(false);
	expect(shown({ kind: "chat", frame: chatFrame("ana", "hi", {}, { first_message: true }) }, "?onlyfirst")).toBe(true);
	expect(shown(paid("ana", "hi"), "?onlyfirst")).toBe(true);
});

test("payments below an amount are hidden, in any currency", () => {
	const worth = (bits: number | null, money: { micros: number; currency: string } | null): Happened => ({
		kind: "chat",
		frame: chatFrame("ana", "hi", {}, { metadata: { type: "super_chat", monetary_data: { amount: "", formatted: "", color: "#ffffff", money, bits } } }),
	});
	expect(shown(worth(499, null), "?minamount=5")).toBe(false);
	expect(shown(worth(500, null), "?minamount=5")).toBe(true);
	expect(shown(worth(null, { micros: 1_000_000_000, currency: "JPY" }), "?minamount=6.5")).toBe(true);
	expect(shown(worth(null, { micros: 1_000_000_000, currency: "JPY" }), "?minamount=7")).toBe(false);
	const gift = (count: number) => happened("gift", { gift: { id: "1", name: "Rose", image_url: null, unit_cost: 1 }, combo: { id: "c", count, state: "running" } });
	expect(shown(gift(99), "?minamount=1")).toBe(false);
	expect(shown(gift(100), "?minamount=1")).toBe(true);
	expect(shown(said("ana", "hi"), "?minamount=5"), "chat is no payment").toBe(true);
	expect(shown(happened("subscription"), "?minamount=5"), "nor is a subscription, as far as platforms tell").toBe(true);
});
