import { RealServer } from "./real-server";
import { card, expect, log, rows, test } from "./fixture";

let real: RealServer;
test.beforeAll(async () => {
	real = await RealServer.start();
});
test.afterAll(() => real?.stop());

// Pictures of emotes and badges: whatever their address, no test asks the network for them.
test.beforeEach(({ page }) =>
	page.route(/^https:\/\//, (route) => route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>' })),
);

test("the demo shows messages with badges, emotes, colours, replies, events and removals", async ({ page }) => {
	await page.goto(`${real.origin}/test?twitch=polychat-demo`);
	await expect(card(page, "polychat-demo")).toContainText("Live");
	const list = log(page);
	// The conversation takes its time; each of these comes sooner or later.
	const slow = { timeout: 90_000 };
	await expect.poll(() => rows(page).count(), slow).toBeGreaterThan(5);
	await expect(list.locator(".badge").first()).toBeVisible(slow);
	await expect(list.locator(".emote").first()).toBeVisible(slow);
	await expect(list.locator(".reply").first()).toBeVisible(slow);
	await expect(list.locator("[data-event]").first()).toBeVisible(slow);
	await expect(list.locator("[data-removed]").first()).toBeVisible(slow);
	const colors = await list.locator(".name").evaluateAll((names) => names.map((n) => getComputedStyle(n).color));
	expect(new Set(colors).size).toBeGreaterThan(2);
	await expect(list).not.toContainText("in a form that this page does not know");
});

test("the demo goes on after a reload, without doubles", async ({ page }) => {
	await page.goto(`${real.origin}/test?twitch=polychat-demo`);
	await expect.poll(() => rows(page).count()).toBeGreaterThan(2);
	await page.reload();
	await expect.poll(() => rows(page).count()).toBeGreaterThan(2);
	const ids = await rows(page).evaluateAll((all) => all.map((e) => e.getAttribute("data-message-id")));
	expect(new Set(ids).size).toBe(ids.length);
});
