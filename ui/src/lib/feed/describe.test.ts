import { expect, it } from "vitest";
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
