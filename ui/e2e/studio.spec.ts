/** The test studio on the real server: everything that may happen, in the preview and on the overlay that is open elsewhere. */

import AxeBuilder from "@axe-core/playwright";
import { type Page, expect, test as base } from "@playwright/test";
import { drawer, openTab } from "./control";
import { items } from "./overlay";
import { RealServer } from "./real-server";

const test = base.extend<{ real: RealServer }>({
	real: async ({ page }, use) => {
		// Pictures of emotes and stickers: whatever their address, no test asks the network for them.
		await page.context().route(/^https:\/\//, (route) => route.abort());
		const real = await RealServer.start();
		await use(real);
		await real.stop();
	},
});

const studio = (page: Page) => page.getByRole("region", { name: "Test studio" });
const preview = (page: Page) => studio(page).frameLocator("iframe").locator("#items.yt-live-chat-item-list-renderer > *");
const status = (page: Page) => studio(page).getByRole("status").last();
const press = (page: Page, name: string) => studio(page).getByRole("button", { name, exact: true }).click();

async function open(page: Page, real: RealServer) {
	await page.setViewportSize({ width: 1400, height: 820 });
	await page.goto(real.origin);
	await openTab(page, "Look");
	await drawer(page).getByRole("button", { name: "Test studio" }).click();
	await expect(preview(page)).toHaveCount(8);
}

test("every button shows something in the preview, and what is taken away goes", async ({ page, real }) => {
	test.slow();
	await open(page, real);
	await press(page, "Take all away");
	await expect(preview(page)).toHaveCount(0);
	const groups = studio(page).getByRole("group").filter({ has: page.getByRole("heading", { level: 3 }) });
	await expect(groups).toHaveCount(5);
	const names = await groups.getByRole("button").allTextContents();
	expect(names.length).toBe(54);
	for (const name of names) {
		await press(page, name);
		if (name === "Unpin") await expect(preview(page)).toHaveCount(0);
		// A reward with words is its message; small things are hidden unless somebody wants them, and the studio says so.
		else await expect(async () => {
			const [shown, hidden] = [await preview(page).count(), await studio(page).getByText("The filters of this overlay hide that.").count()];
			expect(shown + hidden, name).toBe(1);
		}).toPass();
		await press(page, "Take all away");
		await expect(preview(page)).toHaveCount(0);
	}
	await press(page, "Short");
	await press(page, "Long");
	await expect(preview(page)).toHaveCount(2);
	await press(page, "Delete the newest");
	await expect(preview(page)).toHaveCount(1);
	await expect(preview(page)).toContainText("chef’s kiss");
});

test("what is hidden by a filter is shown as soon as the filter allows it", async ({ page, real }) => {
	await open(page, real);
	await press(page, "Follow");
	await expect(studio(page).getByText("The filters of this overlay hide that.")).toBeVisible();
	await openTab(page, "Filters");
	await drawer(page).getByRole("switch", { name: "Follows" }).click();
	await press(page, "Follow");
	await expect(studio(page).getByText("The filters of this overlay hide that.")).toBeHidden();
	await expect(preview(page).filter({ hasText: "rafi_gg" }).last()).toBeVisible();
});

test("the overlay that is open shows it, too, only if that is wanted, and it goes with the studio", async ({ page, context, real }) => {
	const obs = await context.newPage();
	await obs.goto(`${real.origin}/overlay/main`);
	await open(page, real);
	await press(page, "Raid");
	await studio(page).getByRole("switch", { name: "Show it on the overlay, too" }).click();
	await press(page, "Short");
	await expect(status(page)).toHaveText("Shown on 1 open page.");
	await expect(items(obs)).toHaveCount(1);
	await expect(items(obs)).toContainText("chef’s kiss");
	for (let n = 0; n < 4; n++) await press(page, "Gift");
	await expect(items(obs)).toHaveCount(2);
	await expect(items(obs).last()).toContainText("Rose × 48");
	await press(page, "Delete the newest");
	await expect(items(obs)).toHaveCount(1);
	await studio(page).getByRole("button", { name: "Close the test studio" }).click();
	await expect(items(obs)).toHaveCount(0);
	await expect(drawer(page).frameLocator("iframe").locator("#items.yt-live-chat-item-list-renderer > *").first()).toBeAttached();
	await obs.close();

	await drawer(page).getByRole("button", { name: "Test studio" }).click();
	await studio(page).getByRole("switch", { name: "Show it on the overlay, too" }).click();
	await press(page, "Short");
	await expect(status(page)).toHaveText("This overlay is open nowhere now.");
	await real.stop();
	await press(page, "Short");
	await expect(status(page)).toHaveText("Polychat does not answer. It may have been closed.");
});

test("a burst comes as fast as the slider says, is measured, and ends", async ({ page, context, real }) => {
	const obs = await context.newPage();
	await obs.goto(`${real.origin}/overlay/main`);
	await open(page, real);
	await studio(page).getByRole("switch", { name: "Show it on the overlay, too" }).click();
	await studio(page).getByRole("slider", { name: "Messages" }).fill("60");
	await press(page, "Start a burst");
	await expect(studio(page).getByText("Longest frame")).toBeVisible();
	await expect(studio(page).getByRole("definition").first()).toHaveText(/^[1-9]\d*$/);
	await expect.poll(() => items(obs).count()).toBeGreaterThan(20);
	await press(page, "Stop the burst");
	const newest = async () => preview(page).last().textContent();
	await page.waitForTimeout(600);
	const before = await newest();
	await page.waitForTimeout(600);
	expect(await newest(), "nothing comes any more").toBe(before);
});

test("the frame has any size, by its corner, by keys and by choice, and is remembered", async ({ page, real }) => {
	await open(page, real);
	const frame = studio(page).locator("iframe");
	const size = () => frame.evaluate((f) => `${f.clientWidth} ${f.clientHeight}`);
	expect(await size()).toBe("420 900");
	const handle = studio(page).getByRole("button", { name: /^Size: / });
	await handle.focus();
	await page.keyboard.press("ArrowRight");
	await page.keyboard.press("ArrowUp");
	expect(await size()).toBe("430 890");
	const before = await frame.boundingBox();
	const at = (await handle.boundingBox())!;
	await page.mouse.move(at.x + 7, at.y + 7);
	await page.mouse.down();
	await page.mouse.move(at.x - 33, at.y - 13, { steps: 4 });
	await page.mouse.up();
	const after = await frame.boundingBox();
	expect(after!.width / after!.height).not.toBeCloseTo(before!.width / before!.height, 2);
	const dragged = await size();
	await page.reload();
	await drawer(page).getByRole("button", { name: "Test studio" }).click();
	await expect.poll(size).toBe(dragged);
	await studio(page).getByRole("combobox").selectOption("1280x200");
	expect(await size()).toBe("1280 200");
	const [room, box] = [await studio(page).boundingBox(), await frame.boundingBox()];
	expect(box!.width, "as much as there is room for").toBeLessThan(room!.width);
});

for (const [scheme, width] of [["dark", 1400], ["light", 1400], ["dark", 1000], ["dark", 390]] as const) {
	test(`the studio reads well, ${scheme}, ${width} wide`, async ({ browser, real }) => {
		const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 820 }, deviceScaleFactor: width === 1000 ? 1.5 : 1 });
		await context.route(/^https:\/\//, (route) => route.abort());
		const page = await context.newPage();
		await page.goto(real.origin);
		if (width < 1100) await page.getByRole("button", { name: "Settings of the overlay" }).click();
		await openTab(page, "Look");
		await drawer(page).getByRole("button", { name: "Test studio" }).click();
		if (width < 1100) await drawer(page).getByRole("button", { name: "Close the panel" }).click();
		await expect(preview(page)).toHaveCount(8);
		await press(page, "Super Chat");
		await press(page, "Likes");
		await page.waitForTimeout(1_500);
		await page.screenshot({ path: `test-results/studio/${scheme}-${width}.png` });
		const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
		expect(wide, "nothing stands out at the side").toBe(0);
		const { violations } = await new AxeBuilder({ page }).include("section").exclude("iframe").analyze();
		expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`)).toEqual([]);
		await context.close();
	});
}
