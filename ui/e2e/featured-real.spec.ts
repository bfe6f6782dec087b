/** Featured messages on the real server with its demo: from the list to the overlay and its own page, and from another computer. */

import { expect, rows, test } from "./control";
import { RealServer } from "./real-server";

let real: RealServer;
test.beforeAll(async () => {
	real = await RealServer.start("0", ["--bind", "0.0.0.0"]);
});
test.afterAll(() => real?.stop());
test.describe.configure({ mode: "serial" });

// Pictures of emotes and badges: whatever their address, no test asks the network for them.
test.beforeEach(async ({ page, context }) => {
	for (const place of [page, context]) await place.route(/^https:\/\//, (route) => route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>' }));
});

test("a message of the list is on the overlay and on its own page at once, over a reload, until it is taken down by a key", async ({ page, context }) => {
	await page.goto(real.origin);
	await page.getByRole("button", { name: "Watch the demo" }).click();
	await expect(rows(page).first()).toBeVisible({ timeout: 60_000 });
	const [overlay, alone] = [await context.newPage(), await context.newPage()];
	await overlay.goto(`${real.origin}/overlay/main`);
	await alone.goto(`${real.origin}/featured`);
	const cards = [overlay, alone].map((p) => p.locator("polychat-featured > :not([data-leaving])"));
	await page.bringToFront();
	await page.getByRole("log").focus();
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("p");
	const panel = page.getByRole("region", { name: "Featured message" });
	await expect(panel).toContainText("pinned");
	const name = await panel.locator(".who").textContent();
	for (const card of cards) await expect(card).toContainText(name ?? "");
	await alone.reload();
	await expect(cards[1]!).toContainText(name ?? "");
	await page.goto(`${real.origin}/dock`);
	await expect(panel).toContainText("pinned");
	await page.keyboard.press("x");
	for (const card of cards) await expect(card).toHaveCount(0);
});

test("what comes by itself by the rules stands on the overlay", async ({ page }) => {
	await page.goto(`${real.origin}/dock`);
	const panel = page.getByRole("region", { name: "Featured message" });
	await panel.getByRole("button", { name: "Rules for featured messages" }).click();
	await panel.getByRole("combobox", { name: "Paid messages and gifts" }).selectOption("Show by themselves");
	// The demo is generous.
	await expect(panel.locator(".what")).toBeVisible({ timeout: 90_000 });
	await panel.getByRole("combobox", { name: "Paid messages and gifts" }).selectOption("By hand");
});

test("from another computer the page asks for the key, and after a restart it is still the one", async ({ page }) => {
	// What a proxy hands on is somebody else's: the server gives such a page no key.
	await page.setExtraHTTPHeaders({ "x-forwarded-for": "203.0.113.7" });
	await page.goto(`${real.origin}/dock`);
	await page.getByRole("button", { name: "Enter the key" }).click();
	await page.getByRole("textbox", { name: "Key or link" }).fill("0".repeat(64));
	await page.keyboard.press("Enter");
	await expect(page.getByRole("alert").filter({ hasText: "That is not the key" })).toBeVisible();
	await page.getByRole("textbox", { name: "Key or link" }).fill(`${real.origin}/#token=${real.token}`);
	await page.keyboard.press("Enter");
	await expect(page.getByRole("button", { name: "Clear", exact: true })).toBeVisible();
	real = await real.again();
	await page.goto(`${real.origin}/dock`);
	await expect(page.getByRole("button", { name: "Clear", exact: true })).toBeVisible();
	await page.getByRole("button", { name: "Clear", exact: true }).click();
	await expect(page.getByText("Overlays are empty.")).toBeVisible();
});
