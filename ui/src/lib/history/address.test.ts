import { describe, expect, it } from "vitest";
import { ANYTHING, type Asked, changed, fromField, readAsked, toField, wantedOf, writeAsked } from "./address";

const NOW = new Date(2026, 10, 29, 12, 30).getTime();
const luna = { platform: "youtube" as const, identifier: "luna", identifierType: "channelId" as const };
const ana = { platform: "youtube" as const, id: "UC1", name: "Ana & B" };

describe("what is looked for", () => {
	it("is in the address, and comes back from it", () => {
		for (const asked of [
			ANYTHING,
			{ ...ANYTHING, text: "新しい dragon?", kind: "paid" },
			{ ...ANYTHING, platform: "youtube", channel: luna, user: ana, time: "week" },
			{ ...ANYTHING, platform: "tiktok", time: "own", from: 1_700_000_000_000, to: null },
		] as Asked[]) expect(readAsked(writeAsked(asked))).toEqual(asked);
		expect(writeAsked(ANYTHING)).toBe("");
	});

	it("leaves out what an address says wrongly", () => {
		const long = "x".repeat(5_000);
		expect(readAsked("?platform=kick&channel=luna&user=1&kind=all&time=never&from=1&to=x&type=x")).toEqual(ANYTHING);
		expect(readAsked("?time=own&from=-5&to=1e9&q=a")).toEqual({ ...ANYTHING, text: "a", time: "own" });
		expect(readAsked("?platform=twitch&user=7").user).toEqual({ platform: "twitch", id: "7", name: "7" });
		const bounded = readAsked(`?q=${long}&platform=twitch&channel=${long}&user=${long}&name=${long}`);
		expect([bounded.text.length, bounded.channel?.identifier.length, bounded.user?.name.length]).toEqual([200, 256, 256]);
	});

	it("keeps no channel and nobody of another platform", () => {
		const both = { ...ANYTHING, platform: "youtube" as const, channel: luna, user: ana };
		expect(changed(both, { kind: "chat" })).toEqual({ ...both, kind: "chat" });
		expect(changed(both, { platform: "twitch" })).toEqual({ ...ANYTHING, platform: "twitch" });
		expect(changed(both, { platform: null })).toEqual(ANYTHING);
		expect(changed({ ...ANYTHING, platform: "twitch" }, { user: ana })).toEqual({ ...ANYTHING, platform: "youtube", user: ana });
		expect(changed(both, { channel: { ...luna, platform: "twitch" } })).toMatchObject({ platform: "twitch", user: null });
		expect(changed(both, { channel: null })).toEqual({ ...both, channel: null });
	});

	it("is asked of the server in its words", () => {
		expect(wantedOf({ ...ANYTHING, text: "  " }, NOW)).toEqual({});
		expect(wantedOf({ ...ANYTHING, text: " a  b ", platform: "youtube", channel: luna, user: ana, kind: "event", time: "hour" }, NOW)).toEqual({
			text: "a  b", platform: "youtube", channel: "luna", identifierType: "channelId", user: "UC1", kind: "event", from: NOW - 3_600_000,
		});
		expect(wantedOf({ ...ANYTHING, time: "day" }, NOW)).toEqual({ from: new Date(2026, 10, 29).getTime() });
		expect(wantedOf({ ...ANYTHING, time: "own", from: 5, to: 9 }, NOW)).toEqual({ from: 5, to: 9 });
		expect(wantedOf({ ...ANYTHING, from: 5, to: 9 }, NOW)).toEqual({});
	});

	it("has times as fields have them", () => {
		expect(toField(NOW)).toBe("2026-11-29T12:30:00");
		expect(fromField(toField(NOW))).toBe(NOW);
		for (const none of ["", "yesterday"]) expect(fromField(none)).toBeNull();
		for (const none of [null, Number.NaN, 1e18]) expect(toField(none)).toBe("");
	});
});
