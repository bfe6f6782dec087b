import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Happened } from "../feed/entry";
import { chatFrame, moderationFrame } from "../feed/testing";
import { Delay } from "./delay";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const said = (text: string): Happened => ({ kind: "chat", frame: chatFrame("ana", text) });
const key = ({ frame }: Happened) => frame.event_id;

function delay(seconds: number) {
	const out: string[] = [];
	const one = new Delay((happened) => out.push(happened.kind === "chat" ? happened.frame.data.content.raw : "event"), () => Date.now());
	one.seconds = seconds;
	return { one, out, hold: (happened: Happened) => one.takes(key(happened), happened) };
}

test("without a delay nothing waits", () => {
	const { hold, out } = delay(0);
	expect(hold(said("one"))).toBe(false);
	expect(out).toEqual([]);
});

test("each waits as long as it shall, and comes in its order", () => {
	const { hold, out } = delay(5);
	expect(hold(said("one"))).toBe(true);
	vi.advanceTimersByTime(3_000);
	hold(said("two"));
	vi.advanceTimersByTime(2_500);
	expect(out).toEqual(["one"]);
	vi.advanceTimersByTime(3_000);
	expect(out).toEqual(["one", "two"]);
	expect(vi.getTimerCount(), "nothing runs while nothing waits").toBe(0);
});

test("what a moderator takes away meanwhile never comes", () => {
	const { one, hold, out } = delay(5);
	const [a, b] = [said("one"), said("two")];
	hold(a);
	hold(b);
	const gone = one.takeAway(moderationFrame({ action: "delete_message", message_id: a.kind === "chat" ? a.frame.message_id : "" }));
	expect(gone).toEqual([key(a)]);
	vi.advanceTimersByTime(10_000);
	expect(out).toEqual(["two"]);
});

test("what is told again meanwhile comes once, as it was told last", () => {
	const { hold, out } = delay(5);
	const first = said("one");
	hold(first);
	const again = { kind: "chat", frame: { ...first.frame, data: { ...first.frame.data, content: chatFrame("ana", "one, edited").data.content } } } as Happened;
	expect(hold(again)).toBe(true);
	vi.advanceTimersByTime(10_000);
	expect(out).toEqual(["one, edited"]);
});

test("a shorter delay lets go what waits, and none all of it", () => {
	const { one, hold, out } = delay(60);
	hold(said("one"));
	vi.advanceTimersByTime(5_000);
	hold(said("two"));
	one.seconds = 4;
	expect(out).toEqual(["one"]);
	one.seconds = 0;
	expect(out).toEqual(["one", "two"]);
});

test("no flood makes more wait than may", () => {
	const { hold, out } = delay(60);
	for (let n = 0; n < 6_000; n++) hold(said(String(n)));
	vi.advanceTimersByTime(120_000);
	expect(out.length).toBe(5_000);
	expect(out.at(-1)).toBe("4999");
});
