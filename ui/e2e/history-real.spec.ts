/** The history of the real server with its demo: what was said is found, in its place, with who said it, also after a restart. */

import { expect, rows as listed, test } from "./control";
import { RealServer } from "./real-server";

let real: RealServer;
test.beforeAll(async () => {
	real = await RealServer.start();
});
test.afterAll(() => real?.stop());

test("what the list shows is found on the page, in context, with its viewer, also after a restart", async ({ page }) => {
	await page.route(/^https:\/\//, (route) => route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>' }));
	await page.goto(real.origin);
	await page.getByRole("button", { name: "Watch the demo" }).click();
	await expect.poll(() => listed(page).count(), { timeout: 90_000 }).toBeGreaterThan(12);
	await page.goto(`${real.origin}/history`);
	const rows = page.locator("li[data-id]");
	await expect.poll(() => rows.count()).toBeGreaterThan(12);
	const line = rows.filter({ has: page.locator(".said") }).first();
	const name = (await line.locator(".name").first().textContent()) ?? "";
	await line.hover();
	await line.getByRole("button", { name: "In context" }).click();
	await expect(page.locator("li[aria-current]")).toContainText(name);
	await expect(page.getByText(/^What was said around it in polychat-demo/)).toBeVisible();
	await expect.poll(() => rows.count(), "others are around it").toBeGreaterThan(2);
	await page.keyboard.press("Escape");
	await line.hover();
	await line.getByRole("button", { name: "Viewer" }).click();
	await page.getByLabel("Note").fill("wrote in the demo");
	await expect(page.getByText("Kept", { exact: true })).toBeVisible();
	await page.getByRole("button", { name: "All messages" }).click();
	await expect.poll(async () => new Set(await rows.locator(".who .name, .head .name").allTextContents()).size).toBe(1);
	const address = page.url();
	real = await real.again();
	await page.goto(address);
	await expect(rows.first()).toBeVisible();
	await rows.first().hover();
	await rows.first().getByRole("button", { name: "Viewer" }).click();
	await expect(page.getByLabel("Note"), "kept over the restart").toHaveValue("wrote in the demo");
});
