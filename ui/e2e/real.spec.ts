import { RealServer } from "./real-server";
import { card, expect, field, status, test } from "./fixture";

let real: RealServer;
test.beforeAll(async () => {
	real = await RealServer.start();
});
test.afterAll(() => real?.stop());

test("the real server serves the page under a strict policy, and says how it does", async ({ page }) => {
	const answer = await page.goto(`${real.origin}/test`);
	expect(answer?.headers()["content-security-policy"]).toContain("default-src 'self'");
	await expect(status(page)).toHaveText(`Connected to ${new URL(real.origin).host}`);
	await expect(page.getByRole("button", { name: "Watch the demo" })).toBeVisible();
});

test("a name that cannot be one is answered in words", async ({ page }) => {
	await page.goto(`${real.origin}/test`);
	await expect(status(page)).toHaveText(/^Connected/);
	await field(page).fill("no such name, surely");
	await page.keyboard.press("Enter");
	await expect(card(page, "no such name")).toContainText("Not possible");
	await expect(card(page, "no such name").getByRole("paragraph")).toHaveText(/\w+.*\.$/);
});

test("a raw frame that is no JSON is answered", async ({ page }) => {
	await page.goto(`${real.origin}/test?frames=1`);
	await expect(status(page)).toHaveText(/^Connected/);
	const frames = page.getByRole("region", { name: "Frames" });
	await frames.getByLabel("A frame to send").fill("hello");
	await frames.getByRole("button", { name: "Send" }).click();
	await expect(frames.getByRole("button", { name: /error INVALID_JSON/ })).toBeVisible();
});
