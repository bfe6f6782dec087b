import { expect, test } from "vitest";
import type { EventData } from "../bindings/EventData";
import type { Happened } from "../feed/entry";
import { author, chatFrame, eventFrame } from "../feed/testing";
import { isShown } from "./filter";
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
