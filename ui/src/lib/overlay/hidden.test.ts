import { describe, expect, it } from "vitest";
import type { Happened } from "../feed/entry";
import { Hidden, personOf } from "./hidden";

const said = (event_id: string, id = "7", platform = "twitch") =>
	({ kind: "chat", frame: { platform, event_id, data: { author: { id, username: "ana", display_name: "Ana" } } } }) as unknown as Happened;
const raid = (user: object | null) => ({ kind: "event", frame: { platform: "twitch", event_id: "e", data: { user } } }) as unknown as Happened;

describe("hidden", () => {
	it("holds single messages, and everything of a person, on their platform only", () => {
		const hidden = new Hidden(["twitch event a"], [{ platform: "twitch", id: "8", name: "Bo" }]);
		expect([said("a"), said("b"), said("a", "7", "youtube"), said("b", "8"), said("b", "8", "youtube"), raid({ id: "8" }), raid({ id: "" }), raid(null)].map((h) => hidden.has(h))).toEqual([true, false, false, true, false, true, false, false]);
	});

	it("names who can be hidden, and nobody who is unknown", () => {
		expect(personOf(said("a"))).toEqual({ platform: "twitch", id: "7", name: "Ana" });
		expect(personOf(said("a", ""))).toBeNull();
		expect(personOf(raid(null))).toBeNull();
	});

	it("tells whether anything has changed, and bears a server that says nothing of it", () => {
		const told = (keys: string[]) => Hidden.of({ stage: { paused: false, clearedAt: 0, featured: null, hidden: keys } });
		expect(told(["a", "b"]).equals(told(["b", "a"]))).toBe(true);
		expect(told(["a"]).equals(told(["b"]))).toBe(false);
		expect(told(["a"]).equals(told(["a", "b"]))).toBe(false);
		expect(Hidden.of({ stage: { paused: false, clearedAt: 0, featured: null } }).has(said("a"))).toBe(false);
	});
});
