// @vitest-environment jsdom
import { expect, test } from "vitest";
import { author, chatFrame, eventFrame } from "$lib/feed/testing";
import type { Happened } from "$lib/feed/entry";
import { NO_PATTERNS } from "$lib/overlay/patterns";
import { readQuery } from "$lib/overlay/query";
import type { EventData } from "$lib/bindings/EventData";
import type { Element as Part } from "$lib/bindings/Element";
import { featured } from "./featured";
import { type Scene, item, surfaceOf } from "./item";

function scene(query = ""): Scene {
	const { settings } = readQuery({ search: query, hash: "" });
	return { settings, surface: surfaceOf(settings), clock: new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" }), patterns: NO_PATTERNS };
}
const draw = (happened: Happened, query = "") => item(happened, scene(query));
const said = (name: string, text: string, ...[more, data]: [Parameters<typeof chatFrame>[2]?, Parameters<typeof chatFrame>[3]?]): Happened => ({ kind: "chat", frame: chatFrame(name, text, more, data) });
const happened = (event: EventData["event"], more: Partial<EventData> = {}): Happened => ({ kind: "event", frame: eventFrame({ event, ...more }) });
const parts = (...elements: Omit<Part, "position">[]) => ({ raw: elements.map((e) => e.value).join(""), formatted: "", sanitized: "", rawHtml: "<b>never</b>", elements: elements.map((e) => ({ ...e, position: [0, 0] }) as Part) });
const paid = { type: "super_chat" as const, monetary_data: { amount: "5", formatted: "$5.00", color: "#1de9b6", money: { micros: 5_000_000, currency: "USD" }, bits: null } };
const has = (element: Element, ...selectors: string[]) => selectors.filter((s) => !element.matches(s) && !element.querySelector(s));

test("a message has the tree of YouTube's", () => {
	const element = draw(said("Ana", "hi", {}, { author: { ...author("Ana"), roles: { broadcaster: false, moderator: true, subscriber: true, verified: false }, badges: [{ type: "moderator", label: "Moderator", image_url: null }, { type: "subscriber", label: "Sub", image_url: "https://img.example/s.png" }] } }));
	expect(has(element,
		"yt-live-chat-text-message-renderer[author-type=moderator].style-scope.yt-live-chat-item-list-renderer",
		"yt-live-chat-text-message-renderer > yt-img-shadow#author-photo",
		"yt-live-chat-text-message-renderer > #content > span#timestamp + yt-live-chat-author-chip + span#message",
		"yt-live-chat-author-chip > span#author-name[type=moderator] > span#chip-badges",
		"yt-live-chat-author-chip > span#author-badges > span#chat-badges > yt-live-chat-author-badge-renderer[type=moderator] > #image > yt-icon",
		"yt-live-chat-author-badge-renderer[type=member] > #image > img",
		"#message.style-scope.yt-live-chat-text-message-renderer > span",
	)).toEqual([]);
});

test("every item says about itself what themes ask for", () => {
	const element = draw(said("Ana", "hi", { message_id: "m1" }, { first_message: true, returning: true, content: parts({ type: "mention", value: "@Luna", metadata: { username: "Luna" } } as Part) }));
	expect({ ...element.dataset }).toMatchObject({ platform: "twitch", channel: "luna", messageId: "m1", userId: "id-Ana", username: "Ana", firstMessage: "", returning: "", mention: "" });
});

test("a payment is a paid item in the colours of its tier, with words or without", () => {
	const element = draw(said("Ana", "hi", {}, { metadata: paid }));
	expect(has(element,
		"yt-live-chat-paid-message-renderer:not([show-only-header])",
		"yt-live-chat-paid-message-renderer > #card > #header > yt-img-shadow#author-photo",
		"#header > #header-content > #header-content-primary-column > #author-name + #purchase-amount",
		"#header-content > span#timestamp",
		"#card > #content > #message",
	)).toEqual([]);
	expect(element.style.getPropertyValue("--yt-live-chat-paid-message-primary-color")).toBe("#1de9b6");
	expect(element.style.getPropertyValue("--yt-live-chat-paid-message-secondary-color")).toBe("#00bfa5");
	expect(element.querySelector("#purchase-amount")?.textContent).toBe("$5.00");
	expect(draw(said("Ana", "", {}, { metadata: paid, content: parts() })).hasAttribute("show-only-header")).toBe(true);
});

test("a gift is a paid item, everything else that happens a membership item", () => {
	const gift = draw(happened("gift", { user: author("Ana"), count: 3, gift: { id: "1", name: "Rose", image_url: null, unit_cost: 1 } }));
	expect(has(gift, "yt-live-chat-paid-message-renderer[data-event-type=gift][data-quiet][show-only-header]")).toEqual([]);
	expect(gift.querySelector("#purchase-amount")?.textContent).toBe("Rose × 3 3 ◆");
	const raid = draw(happened("raid", { user: author("Ana"), count: 214 }));
	expect(has(raid,
		"yt-live-chat-membership-item-renderer[data-event-type=raid][show-only-header]",
		"#card > #header > yt-img-shadow#author-photo",
		"#header-content > #header-content-primary-column > #header-content-inner-column > yt-live-chat-author-chip > #author-name",
		"#header-content-primary-column > #header-subtext",
		"#header-content > #timestamp",
		"#card > #content > #message",
	)).toEqual([]);
	expect(raid.querySelector("#header-subtext")?.textContent?.trim()).toBe("Raid arrives 214 viewers");
	expect(draw(happened("announcement", { user: author("Ana"), message: chatFrame("Ana", "hello").data.content })).hasAttribute("show-only-header")).toBe(false);
});

test("a vote has its answers", () => {
	const choices = [{ id: "1", title: "A", votes: 3, points: null }, { id: "2", title: "B", votes: 1, points: null }];
	const element = draw(happened("poll", { poll: { id: "p", title: "Which?", status: "completed", choices, remaining_ms: null, winner: "1" } }));
	expect([...element.querySelectorAll("[data-part=bar]")].map((b) => b.textContent)).toEqual(["A3", "B1"]);
	expect(element.querySelector("[data-won]")?.textContent).toBe("A3");
});

test("whatever is written stays text, and only https pictures are asked for", () => {
	const evil = '<img src=x onerror=alert(1)>"\'';
	const element = draw(said(evil, "", { message_id: evil }, {
		author: { ...author(evil), color: "red;background:url(//x)", avatar_url: "javascript:alert(1)", badges: [{ type: "custom", label: evil, image_url: "http://plain.example/x.png" }] },
		reply: { message_id: "1", thread_id: "1", user: { id: "1", username: evil, display_name: evil, avatar_url: null }, text: evil },
		content: parts(
			{ type: "text", value: evil },
			{ type: "emote", value: "Kappa", metadata: { url: "data:image/svg+xml,<svg onload=alert(1)>", alt: evil, is_custom: true } } as Part,
			{ type: "link", value: "javascript:alert(1)", metadata: { url: "javascript:alert(1)" } } as Part,
			{ type: "cheer", value: "Cheer1", metadata: { url: "ftp://x", alt: "x", bits: 1, color: "url(//x)" } } as Part,
			{ type: "future" as "text", value: evil },
		),
	}), "?noavatar=0");
	expect(element.querySelectorAll("img, a, script, iframe").length).toBe(0);
	expect(element.querySelector("#author-name")?.textContent).toBe(evil);
	expect(element.querySelector("#message")?.textContent).toBe(`${evil}Kappajavascript:alert(1)Cheer1${evil}`);
	expect(element.outerHTML).not.toContain("never");
	expect(element.getAttribute("style")).toMatch(/^--name: ?#[0-9a-f]{6};$/);
});

test("links may be hidden, emotes may stand still, badges and avatars may be left out", () => {
	const content = parts(
		{ type: "emote", value: "K", metadata: { url: "https://static-cdn.jtvnw.net/emoticons/v2/25/default/dark/2.0", alt: "K", is_custom: false } } as Part,
		{ type: "link", value: "https://a.example", metadata: { url: "https://a.example" } } as Part,
	);
	const element = draw(said("Ana", "", {}, { content, author: { ...author("Ana"), badges: [{ type: "custom", label: "VIP", image_url: null }] } }), "?striplinks&staticemotes&nobadges");
	expect(element.querySelector("#message")?.textContent).toBe("[link]");
	expect(element.querySelector("img.emoji.yt-formatted-string")?.getAttribute("src")).toContain("/25/static/");
	expect(element.querySelector("yt-live-chat-author-badge-renderer")).toBeNull();
});

test("a zero-width emote lies on the one before, several lie on each other", () => {
	const one = (value: string, style?: string) => ({ type: "emote", value, metadata: { url: `https://img.example/${value}`, alt: value, is_custom: true, ...(style ? { style } : {}) } }) as unknown as Part;
	const element = draw(said("Ana", "", {}, { content: parts(one("a"), { type: "text", value: " " }, one("b", "zero_width"), one("c", "zero_width"), { type: "text", value: "x" }, one("d", "zero_width")) }));
	const stack = element.querySelector("[data-part=stack]");
	expect([...(stack?.children ?? [])].map((i) => i.getAttribute("alt"))).toEqual(["a", "b", "c"]);
	expect(element.querySelectorAll("#message > img").length, "one that lies on words stands by itself").toBe(1);
});

test("names are read on the plate if there is one to rely on", () => {
	const surface = (query: string) => scene(query).surface;
	expect(surface("?background=ffffff")).toBe("#ffffff");
	expect(surface("?background=ffffff40")).toBe(surface(""));
});

test("times are written only where they are asked for", () => {
	expect(draw(said("Ana", "hi")).querySelector("#timestamp")?.textContent).toBe("");
	expect(draw(said("Ana", "hi"), "?notime=0").querySelector("#timestamp")?.textContent).toBe("12:00");
});

test("a featured message is a card with its author and its words, and strangers stay text", () => {
	const evil = "<img src=x onerror=alert(1)>";
	const badges = [{ type: "moderator" as const, label: "Moderator", image_url: null }];
	const card = featured({ kind: "chat", frame: chatFrame(evil, evil, {}, { author: { ...author(evil), badges } }) }, scene());
	expect(card.querySelector("#card #message")?.textContent).toBe(evil);
	expect(card.querySelector("#author-name")?.textContent).toBe(evil);
	expect(card.querySelectorAll("#chat-badges > *").length).toBe(1);
	expect(card.querySelector("img, script")).toBeNull();
	expect(card.dataset.platform).toBe("twitch");
});

test("a featured payment is the card that it always is", () => {
	const metadata = { type: "super_chat" as const, monetary_data: { amount: "$5", formatted: "$5.00", color: "#1de9b6", money: { micros: 5_000_000, currency: "USD" }, bits: null } };
	const card = featured({ kind: "chat", frame: chatFrame("ana", "hi", {}, { metadata }) }, scene());
	expect(card.localName).toBe("yt-live-chat-paid-message-renderer");
	expect(card.querySelector("#purchase-amount")?.textContent).toContain("$5.00");
});

test("what is blurred on an overlay is blurred when it is featured, too", () => {
	expect(featured({ kind: "chat", frame: chatFrame("ana", "hi") }, scene("?blur=twitch")).hasAttribute("data-blur")).toBe(true);
});
