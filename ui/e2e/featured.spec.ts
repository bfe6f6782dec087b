/** The featured message where viewers see it: on the overlay, and on a page of its own. */

import type { Page } from "@playwright/test";
import type { FeaturedMessage } from "../src/lib/bindings/FeaturedMessage";
import type { Overlay } from "../src/lib/bindings/Overlay";
import type { Stage } from "../src/lib/bindings/Stage";
import { author, badge, chat, content, emote, event, paidColors } from "./frames";
import { expect, messages, test } from "./overlay";
import type { ScriptedServer } from "./scripted-server";

const layer = (page: Page) => page.locator("polychat-featured");
/** The one that is shown, not one that is about to go. */
const card = (page: Page) => page.locator("polychat-featured > :not([data-leaving])");

/** Remembers what the first one that leaves looks like, or that none did when the layer is empty. */
async function watchFarewell(page: Page): Promise<() => Promise<string | null>> {
	await page.evaluate(() => {
		const layer = document.querySelector("polychat-featured")!;
		const seen = new Promise<string | null>((done) => {
			new MutationObserver(() => {
				const leaving = layer.querySelector("[data-leaving]");
				if (leaving) done(getComputedStyle(leaving).animationName);
				else if (layer.childElementCount === 0) done(null);
			}).observe(layer, { childList: true, subtree: true, attributes: true });
		});
		Object.assign(window, { seen });
	});
	return () => page.evaluate(() => (window as unknown as { seen: Promise<string | null> }).seen);
}
const keyOf = (message: FeaturedMessage) => `${message.platform} event ${message.event_id}`;

/** What stands on the stage, as the server tells it. */
function stage(server: ScriptedServer, message: FeaturedMessage | null, more: Partial<Stage> = {}): void {
	const featured = message && { key: keyOf(message), message, pinned: true, until: null, by: "hand" as const };
	server.kept.stage = { paused: false, clearedAt: 0, featured, ...more };
	server.news();
}

function saved(server: ScriptedServer, main: Partial<Overlay>): void {
	server.kept.saved.overlays = [{ ...server.kept.saved.overlays[0]!, ...main }];
	server.news();
}

const said = chat(author("Mara", { badges: [badge("moderator", "Moderator")] }), content("which game ", emote("LUL", "https://img.example/e"), " is next?"), {}, { messageId: "1" });

/** Opens a page of ours and waits until it follows what is saved. */
async function open(page: Page, server: ScriptedServer, address: string): Promise<void> {
	const before = server.followed.length;
	await page.goto(server.origin + address);
	await expect.poll(() => server.followed.length).toBe(before + 1);
}

for (const address of ["/overlay/main?twitch=luna", "/featured"]) {
	test(`${address}: the card has platform, badges, name, text and emotes, goes when it is taken down, and is there after a reload`, async ({ page, server }) => {
		await open(page, server, address);
		await expect(layer(page)).toBeHidden();
		stage(server, said);
		await expect(card(page)).toBeVisible();
		await expect(card(page)).toHaveAttribute("data-platform", "twitch");
		await expect(card(page).locator("#author-name")).toHaveText("Mara");
		await expect(card(page).locator("#chat-badges > *")).toHaveCount(1);
		await expect(card(page).locator("#message")).toHaveText("which game  is next?");
		await expect(card(page).getByRole("img", { name: "LUL" })).toBeVisible();
		await page.reload();
		await expect(card(page).locator("#author-name")).toHaveText("Mara");
		stage(server, null);
		await expect(card(page)).toHaveCount(0);
		await expect(page.locator("html")).not.toHaveAttribute("data-featured", /./);
	});

	test(`${address}: what moderators take away goes with the frame that says so, without a farewell`, async ({ page, server }) => {
		await open(page, server, address);
		stage(server, said);
		await expect(card(page)).toHaveCount(1);
		const farewell = await watchFarewell(page);
		stage(server, null, { takenAway: keyOf(said) });
		expect(await farewell()).toBeNull();
		await expect(layer(page)).toBeHidden();
	});
}

test("one after the other: the old one leaves and the new one enters, with the overlay's animation", async ({ page, server }) => {
	await open(page, server, "/featured");
	stage(server, said);
	await expect(card(page)).toHaveAttribute("data-entering", "");
	const farewell = await watchFarewell(page);
	const next = chat(author("bo"), "me next");
	stage(server, next);
	expect(await farewell()).toBe("polychat-out");
	await expect(page.locator("polychat-featured > *")).toHaveCount(1);
	await expect(card(page).locator("#message")).toHaveText("me next");
});

test("with reduced motion, and without animation, nothing moves", async ({ page, server }) => {
	for (const [reducedMotion, query] of [["reduce", ""], ["no-preference", "?animate=0"]] as const) {
		await page.emulateMedia({ reducedMotion });
		stage(server, null);
		await open(page, server, `/featured${query}`);
		stage(server, said);
		await expect(card(page)).toHaveCount(1);
		await expect(card(page)).not.toHaveAttribute("data-entering", /.*/);
		stage(server, null);
		await expect(card(page)).toHaveCount(0);
	}
});

test("payments and events are their own cards, and updates are drawn in place", async ({ page, server }) => {
	await open(page, server, "/featured");
	const monetary_data = { amount: "$50.00", formatted: "$50.00", color: "#e91e63", money: { micros: 50_000_000, currency: "USD" }, bits: null, tier: 6, colors: paidColors(6) };
	stage(server, chat(author("Otto"), "for the microphone", { metadata: { type: "super_chat", monetary_data } }, { platform: "youtube" }));
	await expect(card(page).locator("#purchase-amount")).toHaveText("$50.00");
	await expect(card(page).locator("#card")).toHaveCSS("background-image", /rgb\(194, 24, 91\)/);
	const gift = (count: number) => event("gift", { user: author("Lea"), gift: { id: "1", name: "Rose", image_url: null, unit_cost: 1 }, combo: { id: "c", count, state: "running" }, text: "Lea sends roses" }, { platform: "tiktok", id: "gift" });
	stage(server, gift(5));
	await expect(card(page)).toContainText("Rose × 5");
	stage(server, gift(9));
	await expect(card(page)).toContainText("Rose × 9");
	await expect(card(page), "in place of the earlier state").toHaveCount(1);
});

test("an overlay shows it where it is set, or not at all, and never of a platform that it hides", async ({ page, server }) => {
	await open(page, server, "/overlay/main");
	stage(server, said);
	await expect(page.locator("html")).toHaveAttribute("data-featured", "top");
	const top = async () => (await card(page).boundingBox())!.y;
	expect(await top()).toBeLessThan(60);
	saved(server, { values: { featured: "bottom" } });
	await expect(page.locator("html")).toHaveAttribute("data-featured", "bottom");
	expect(await top()).toBeGreaterThan(500);
	saved(server, { values: { featured: "middle" } });
	await expect(page.locator("html")).toHaveAttribute("data-featured", "middle");
	saved(server, { values: { featured: "off" } });
	await expect(card(page)).toHaveCount(0);
	saved(server, { values: { hiddenKinds: "twitch" } });
	await expect(card(page)).toHaveCount(0);
	saved(server, { values: { blurred: "twitch" } });
	await expect(card(page)).toHaveAttribute("data-blur", "");
	await open(page, server, "/featured?featured=bottom");
	await expect(page.locator("html"), "its own page shows it in any case").toHaveAttribute("data-featured", "bottom");
});

test("the chat keeps its place: above or below the card, never behind it", async ({ page, server, overlay }) => {
	await page.setViewportSize({ width: 420, height: 640 });
	await overlay("?twitch=luna");
	for (let i = 0; i < 40; i++) server.socket.send(chat(author("ana"), `message ${i}`));
	await expect(messages(page).last()).toContainText("message 39");
	stage(server, chat(author("long"), "a long story ".repeat(60)));
	await expect(card(page)).toBeVisible();
	const cardBox = (await card(page).locator("#card").boundingBox())!;
	const list = (await page.locator("yt-live-chat-item-list-renderer").first().boundingBox())!;
	expect(list.y).toBeGreaterThanOrEqual(cardBox.y + cardBox.height);
	expect(list.height).toBeGreaterThan(200);
	await expect(messages(page).last()).toBeInViewport();
});

test("a look and pasted rules dress it as they dress cards", async ({ page, server }) => {
	saved(server, { look: "neon" });
	await open(page, server, "/featured");
	stage(server, said);
	await expect(page.locator("html")).toHaveAttribute("data-look", "neon");
	await expect(card(page).locator("#card")).toHaveCSS("background-color", "rgba(13, 10, 31, 0.933)");
	await page.addStyleTag({ content: "#card { background: rgb(1, 2, 3) }" });
	await expect(card(page).locator("#card")).toHaveCSS("background-color", "rgb(1, 2, 3)");
	await expect(page.locator("body")).toHaveCSS("background-color", "rgba(0, 0, 0, 0)");
});

test("what strangers write stays text, however much it is, and a frame that cannot be read stops nothing", async ({ page, server }) => {
	await page.setViewportSize({ width: 600, height: 240 });
	await open(page, server, "/featured");
	const evil = "<img src=x onerror=alert(1)><script>alert(2)</script>";
	stage(server, chat(author(evil, { avatar_url: "javascript:alert(3)", color: "url(javascript:alert(4))" }), content(evil, emote(evil, "http://img.example/e"))));
	await expect(card(page).locator("#author-name")).toHaveText(evil);
	stage(server, chat(author("w".repeat(500)), "m".repeat(20_000)));
	await expect(card(page).locator("#message")).toBeVisible();
	const box = (await card(page).locator("#card").boundingBox())!;
	expect(box.height).toBeLessThanOrEqual(240);
	expect(box.width).toBeLessThanOrEqual(600);
	for (const broken of [{}, { type: "chat" }, { type: "chat", platform: "twitch", event_id: "x", data: null }, 7]) stage(server, broken as never);
	stage(server, said);
	await expect(card(page).locator("#author-name")).toHaveText("Mara");
});

test("after a loss it is as the server has it then", async ({ page, server }) => {
	await open(page, server, "/featured");
	stage(server, said);
	await expect(card(page)).toHaveCount(1);
	server.kept.stage = { paused: false, clearedAt: 0, featured: null };
	server.socket.cut();
	await expect(card(page)).toHaveCount(0);
});
