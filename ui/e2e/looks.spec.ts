/** The gallery: every look moves, and its link opens what was shown. */

import type { Page } from "@playwright/test";
import { LOOKS } from "../src/lib/overlay/looks/names";
import { chat, author } from "./frames";
import { expect, items, messages, test } from "./overlay";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const cards = (page: Page) => page.getByRole("list", { name: "Looks" }).getByRole("listitem");
const preview = (page: Page, look: string) => page.frameLocator(`[data-look="${look}"] iframe`);
const shown = (page: Page, look: string) => preview(page, look).locator("#items.yt-live-chat-item-list-renderer > *");
const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

test("every look is there, and moves", async ({ page, server }) => {
	await page.goto(`${server.origin}/looks`);
	await expect(cards(page)).toHaveCount(LOOKS.length);
	for (const look of LOOKS) {
		await expect.poll(() => shown(page, look).count(), look).toBeGreaterThan(1);
		expect(await preview(page, look).locator("html").getAttribute("data-look")).toBe(look);
	}
	const before = await shown(page, "neon").count();
	await expect.poll(() => shown(page, "neon").count()).toBeGreaterThan(before);
	await page.setViewportSize({ width: 1360, height: 1900 });
	await page.waitForTimeout(3_000);
	await page.screenshot({ path: "test-results/looks/gallery.png" });
	await page.setViewportSize({ width: 390, height: 844 });
	await page.screenshot({ path: "test-results/looks/gallery-narrow.png" });
	expect(await page.evaluate(() => document.documentElement.scrollWidth), "nothing sticks out").toBeLessThanOrEqual(390);
	await page.emulateMedia({ colorScheme: "light" });
	await page.setViewportSize({ width: 1360, height: 900 });
	await page.screenshot({ path: "test-results/looks/gallery-light.png" });
	expect(server.sockets.length, "previews need nobody; the page follows own looks").toBe(1);
});

test("the copied link opens the look that was shown, with the channels that were typed", async ({ page, server }) => {
	server.health = { ...server.health, demo: false };
	await page.goto(`${server.origin}/looks`);
	const neon = cards(page).filter({ has: page.getByRole("heading", { name: "Neon" }) });
	await neon.getByRole("button").click();
	await expect(page.getByRole("alert")).toHaveText("Add a channel first: the link holds it.");
	const field = page.getByLabel("Channel names or links");
	await expect(field).toBeFocused();
	await page.keyboard.type("luna, https://www.youtube.com/@nova");
	await page.keyboard.press("Enter");
	await expect(page.getByRole("list", { name: "Channels" }).getByRole("listitem")).toHaveCount(2);
	await neon.getByRole("button").click();
	await expect(page.getByRole("status")).toHaveText("Copied the link of Neon. Paste it into a browser source of 420 × 900.");
	const link = await copied(page);
	expect(link).toMatch(/\/overlay\/main\?twitch=luna&youtube=.*nova&look=neon$/);
	const plate = () => getComputedStyle(document.querySelector("yt-live-chat-text-message-renderer")!).backgroundColor;
	const was = await preview(page, "neon").locator("yt-live-chat-text-message-renderer").first().evaluate(plate);
	await page.reload();
	await expect(page.getByRole("list", { name: "Channels" }).getByRole("listitem"), "the address keeps them").toHaveCount(2);
	await page.goto(link);
	await expect.poll(() => server.subscribes().map((r) => r.platform)).toEqual(["twitch", "youtube"]);
	server.socket.send(chat(author("ana"), "hi"));
	await expect(messages(page)).toHaveText(["anahi"]);
	expect(await messages(page).evaluate(plate)).toBe(was);
});

test("without a channel, links play the demo of a server that has one", async ({ page, server }) => {
	await page.goto(`${server.origin}/looks`);
	await expect(page.getByRole("status")).toHaveText("Without a channel, links play the demo.");
	await page.getByRole("button", { name: "Copy link for OBS: Ticker" }).click();
	expect(await copied(page)).toBe(`${server.origin}/overlay/main?demo&look=ticker`);
	await page.getByRole("button", { name: "Copy link for OBS: Classic" }).click();
	expect(await copied(page)).toBe(`${server.origin}/overlay/main?demo`);
});

test("keys reach everything in order, and what has no name is nothing", async ({ page, server }) => {
	await page.goto(`${server.origin}/looks?twitch=luna`);
	await expect(cards(page)).toHaveCount(LOOKS.length);
	const seen: string[] = [];
	for (let i = 0; i < 11; i++) {
		await page.keyboard.press("Tab");
		seen.push(await page.evaluate(() => {
			const e = document.activeElement as HTMLInputElement;
			return e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent?.trim() ?? "";
		}));
	}
	expect(seen).toEqual(["Polychat, looks", "Looks", "Try a chat", "Platform", "Channel names or links", "Add channel", "Remove luna", "Checkerboard", "Pause", "Link of Classic", "Copy link for OBS: Classic"]);
	await page.getByText("Light", { exact: true }).click();
	await expect(page.locator('[data-look="neon"] .stage')).toHaveCSS("background-color", "rgb(255, 255, 255)");
});

test("what moves can be stopped, and stands still where motion is not wanted", async ({ page, server }) => {
	await page.emulateMedia({ reducedMotion: "reduce" });
	await page.goto(`${server.origin}/looks`);
	await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
	await expect(shown(page, "glass")).toHaveCount(6);
	await page.waitForTimeout(3_000);
	await expect(shown(page, "glass")).toHaveCount(6);
	await page.getByRole("button", { name: "Play" }).click();
	await expect.poll(() => shown(page, "glass").count()).toBeGreaterThan(6);
});

test("a preview hears the page around it, and nobody else", async ({ page, server }) => {
	await page.goto(`${server.origin}/overlay/preview?preview&look=neon`);
	const frame = chat(author("mallory"), "hi");
	await page.evaluate((polychat) => window.postMessage({ polychat }, "*"), [frame]);
	await page.waitForTimeout(200);
	await expect(items(page)).toHaveCount(0);
	await page.emulateMedia({ reducedMotion: "reduce" });
	await page.goto(`${server.origin}/looks`);
	await expect(shown(page, "glass")).toHaveCount(6);
	const hear = (origin: string | null, source: "parent" | "self") => preview(page, "glass").locator("html").evaluate((_, { polychat, origin, source }) => {
		window.dispatchEvent(new MessageEvent("message", { origin: origin ?? location.origin, source: source === "parent" ? window.parent : window, data: { polychat } }));
	}, { polychat: [frame], origin, source });
	await hear("https://elsewhere.example", "parent");
	await hear(null, "self");
	await page.waitForTimeout(300);
	await expect(shown(page, "glass")).toHaveCount(6);
	await hear(null, "parent");
	await expect(shown(page, "glass")).toHaveCount(7);
});
