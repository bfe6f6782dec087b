import { describe, expect, it } from "vitest";
import { describe as card, ownTone } from "./describe";
import { eventFrame } from "./testing";

const person = (name: string) => ({ id: name, username: name, display_name: name, avatar_url: null });

it("counts a bundle of gifts and names three of those who got one", () => {
	const made = card(eventFrame({ event: "gift_subscription", tier: "1", combo: { id: "b", count: 5, state: "final" }, recipients: ["a", "b", "c", "d", "e"].map(person) }));
	expect(made).toMatchObject({ title: "Gifted subscriptions", detail: "to a, b, c and 2 more", value: "5 subs" });
});

it("says of a running series that it runs", () => {
	const made = card(eventFrame({ event: "gift", gift: { id: "1", name: "Rose", image_url: null, unit_cost: 2 }, combo: { id: "c", count: 38, state: "running" } }));
	expect(made).toMatchObject({ title: "Rose × 38", detail: "combo running", value: "76 ◆" });
});

it("writes money in its currency", () => {
	expect(card(eventFrame({ event: "charity", amount: { micros: 5_000_000, currency: "USD" } })).value).toBe("$5.00");
	expect(card(eventFrame({ event: "charity", amount: { micros: 1_000_000_000, currency: "JPY" } })).value).toBe("¥1,000");
	expect(card(eventFrame({ event: "charity", amount: { micros: 5_000_000, currency: "not a currency" } })).value).toBe("5.00 not a currency");
});

it("shares a vote out, also one without votes", () => {
	const choices = [{ id: "1", title: "Warm", votes: 3, points: null }, { id: "2", title: "Cold", votes: 1, points: null }];
	const poll = { id: "p", title: "?", status: "completed", choices, remaining_ms: null, winner: "1" };
	expect(card(eventFrame({ event: "poll", poll })).bars.map((b) => [b.share, b.won])).toEqual([[0.75, true], [0.25, false]]);
	const none = { ...poll, choices: choices.map((c) => ({ ...c, votes: 0 })) };
	expect(card(eventFrame({ event: "poll", poll: none })).bars.map((b) => b.share)).toEqual([0, 0]);
});

it("shows a kind that is newer than the page by its sentence", () => {
	expect(card(eventFrame({ event: "from the future" as "notice", text: "Something happened." }))).toMatchObject({ form: "line", title: "Something happened." });
});

it("takes a colour only if it is one", () => {
	expect(ownTone("PURPLE")).toBe("#b68cff");
	expect(ownTone("#12ab34")).toBe("#12ab34");
	expect(ownTone("red;background:url(https://evil.example)")).toBe("platform");
	expect(ownTone("constructor")).toBe("platform");
});

it("does not say a name twice", () => {
	const user = { ...person("Gus"), color: null, roles: { broadcaster: false, moderator: false, subscriber: true, verified: false }, badges: [] };
	expect(card(eventFrame({ event: "milestone", user, text: "Gus has been a member for 18 months." })).detail).toBe("has been a member for 18 months.");
	expect(card(eventFrame({ event: "milestone", user, text: "Gustav is another." })).detail).toBe("Gustav is another.");
});

describe("on YouTube", () => {
	const youtube = { platform: "youtube" as const };

	it("memberships that are given name those who get one as they become known", () => {
		const gift = (names: string[], state: "running" | "final") =>
			card(eventFrame({ event: "gift_subscription", count: 5, combo: { id: "b", count: 5, state }, recipients: names.map(person) }, youtube));
		expect(gift([], "running")).toMatchObject({ title: "Gifted memberships", detail: "5 still to be given", value: "5 memberships" });
		expect(gift(["a", "b"], "running").detail).toBe("to a, b · 3 still to be given");
		expect(gift(["a", "b", "c", "d", "e"], "final").detail).toBe("to a, b, c and 2 more");
		expect(card(eventFrame({ event: "gift_subscription", count: 1, recipients: [person("a")] }, youtube))).toMatchObject({ title: "Gifted membership", detail: "to a", value: "1 membership" });
	});

	it("a milestone says its months, an upgrade its tier, a gift its Jewels", () => {
		expect(card(eventFrame({ event: "milestone", months: 27, count: 27, tier: "Brush Club" }, youtube))).toMatchObject({ title: "Member milestone", detail: "Brush Club", value: "27 months" });
		expect(card(eventFrame({ event: "subscription_upgrade", tier: "Gold" }, youtube))).toMatchObject({ title: "Membership upgraded", value: "Gold" });
		const gift = { id: "gold_coin", name: "Gold coin", image_url: null, unit_cost: 10 };
		expect(card(eventFrame({ event: "gift", count: 1, gift }, youtube))).toMatchObject({ title: "Gold coin", value: "10 Jewels" });
	});

	it("a goal without numbers is its sentence", () => {
		const goal = { kind: "super_chat", description: "", current: 0, target: 0 };
		expect(card(eventFrame({ event: "goal", goal, text: "Super Chat goal" }, youtube))).toMatchObject({ detail: "Super Chat goal", bars: [] });
		expect(card(eventFrame({ event: "goal", goal: { ...goal, current: 30, target: 120 } }, youtube))).toMatchObject({ detail: "", bars: [{ label: "Super Chat", value: "30 of 120", share: 0.25 }] });
	});

	it("a pin does not say twice who pinned their own words", () => {
		const mira = { ...person("Mira"), color: null, roles: { broadcaster: true, moderator: false, subscriber: false, verified: false }, badges: [] };
		const pin = { id: "p", message_id: "m", text: "Colours", ends_at: null };
		expect(card(eventFrame({ event: "pin", user: mira, other: person("Mira"), pin }, youtube)).detail).toBe("");
		expect(card(eventFrame({ event: "pin", user: mira, other: person("Tilda"), pin }, youtube)).detail).toBe("by Tilda");
	});
});

describe("on TikTok", () => {
	const tiktok = { platform: "tiktok" as const };
	const user = { ...person("Ana"), color: null, roles: { broadcaster: false, moderator: false, subscriber: false, verified: false }, badges: [] };

	it("a gift is golden from a hundred diamonds on, and a series counts with all of its gifts", () => {
		const gift = (unit_cost: number, n: number) =>
			card(eventFrame({ event: "gift", gift: { id: "1", name: "Rose", image_url: null, unit_cost }, count: n, combo: { id: "c", count: n, state: "final" } }, tiktok));
		expect(gift(1, 99)).toMatchObject({ title: "Rose × 99", detail: "", value: "99 ◆", tone: "platform" });
		expect(gift(1, 100)).toMatchObject({ value: "100 ◆", tone: "money" });
		expect(gift(29_999, 1)).toMatchObject({ title: "Rose", value: "29,999 ◆", tone: "money" });
	});

	it("a battle names its winner, a level its height, a question who asks", () => {
		const choices = [{ id: "1", title: "luna", votes: 3, points: null }, { id: "2", title: "nova", votes: 1, points: null }];
		const poll = { id: "b", title: "Battle of luna and nova", status: "completed", choices, remaining_ms: null, winner: "luna" };
		const battle = card(eventFrame({ event: "battle", text: "The battle ended.", poll }, tiktok));
		expect(battle).toMatchObject({ title: "Battle", detail: "luna won", quote: "", value: "Completed" });
		expect(battle.bars.map((b) => b.won)).toEqual([true, false]);
		expect(card(eventFrame({ event: "battle", text: "A battle runs." }, tiktok)).quote).toBe("A battle runs.");
		expect(card(eventFrame({ event: "milestone", user, count: 20, text: "Ana reached gifter level 20." }, tiktok))).toMatchObject({ title: "Level up", detail: "reached gifter level 20.", value: "" });
		expect(card(eventFrame({ event: "question", user, text: "Ana asks: why?" }, tiktok))).toMatchObject({ detail: "asks", quote: "Ana asks: why?" });
	});

	it("a poll without a question is its sentence", () => {
		const poll = { id: "p", title: "", status: "active", choices: [], remaining_ms: null, winner: null };
		expect(card(eventFrame({ event: "poll", text: "The poll runs.", poll }, tiktok)).quote).toBe("The poll runs.");
	});
});
