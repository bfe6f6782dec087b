import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { SavedChannel } from "../bindings/SavedChannel";
import { Reader } from "../channels/reader.svelte";
import { Feed } from "../feed/feed.svelte";
import { fakeAround } from "../socket/fake";
import { Roster } from "./roster.svelte";

let around: ReturnType<typeof fakeAround>;
let reader: Reader;
let roster: Roster;
const channel = (identifier: string, paused = false): SavedChannel => ({ platform: "twitch", identifier, identifierType: "username", paused });
const asked = () => around.sockets[0]!.asked().map((f) => `${f.type as string} ${f.identifier as string}`);

beforeEach(() => {
	vi.useFakeTimers();
	around = fakeAround();
	reader = new Reader("ws://x/ws", { around, feed: new Feed(100, () => undefined) });
	roster = new Roster(reader);
	reader.connection.open();
	around.sockets[0]!.accept();
});
afterEach(() => {
	reader.connection.close();
	vi.useRealTimers();
});

it("reads what is kept and does not rest", () => {
	roster.sync([channel("luna"), channel("nova", true)]);
	expect(asked()).toEqual(["subscribe luna"]);
	expect(roster.rows.map((r) => r.channel.name)).toEqual(["luna", "nova"]);
});

it("leaves what rests or is gone, and nothing else", () => {
	roster.sync([channel("luna"), channel("nova"), channel("kuro")]);
	const kuro = roster.rows[2]!.channel;
	roster.sync([channel("kuro"), channel("nova", true)]);
	expect(asked().slice(3).sort()).toEqual(["unsubscribe luna", "unsubscribe nova"]);
	expect(roster.rows[0]!.channel).toBe(kuro);
	roster.sync([channel("kuro"), channel("nova")]);
	expect(asked().slice(5)).toEqual(["subscribe nova"]);
});

it("asks for nothing twice when nothing changed", () => {
	roster.sync([channel("luna")]);
	roster.sync([channel("luna")]);
	expect(asked()).toEqual(["subscribe luna"]);
});
