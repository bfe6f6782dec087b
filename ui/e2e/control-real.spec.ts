/** The control page on the real server: what is set is kept, over a reload and for everybody, and the demo is read. */

import type { Page } from "@playwright/test";
import { card, drawer, expect, field, log, openTab, rows, test } from "./control";
import { RealServer } from "./real-server";

let real: RealServer;
test.beforeAll(async () => {
	real = await RealServer.start();
});
test.afterAll(() => real?.stop());

test.describe.configure({ mode: "serial" });

// Pictures of emotes and badges: whatever their address, no test asks the network for them.
test.beforeEach(({ page }) =>
	page.route(/^https:\/\//, (route) => route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>' })),
);

const remove = async (page: Page, name: string, platform: string) => {
	await page.getByRole("complementary").getByRole("listitem").filter({ hasText: `${name} on ${platform}` }).getByRole("button", { name: `What to do with ${name}` }).click({ force: true });
	await page.getByRole("menuitem", { name: "Remove" }).click();
};

test("the first start leads to the demo in one step, and its channels are there after a reload", async ({ page }) => {
	const answer = await page.goto(real.origin);
	expect(answer?.headers()["content-security-policy"]).toContain("frame-ancestors 'self'");
	await page.getByRole("button", { name: "Watch the demo" }).click();
	await expect(card(page, "polychat-demo")).toHaveCount(3);
	await expect(rows(page).first()).toBeVisible();
	await expect(page.getByRole("contentinfo")).toContainText(/Messages [1-9]/);
	await page.reload();
	await expect(card(page, "polychat-demo")).toHaveCount(3);
	await expect(card(page, "polychat-demo").first()).toContainText("Live");
});

test("what one page sets, another one shows, and the overlay's address stays as it is", async ({ page, context }) => {
	await page.goto(real.origin);
	const other = await context.newPage();
	await other.route(/^https:\/\//, (route) => route.abort());
	await other.goto(real.origin);
	await drawer(page).getByRole("radio", { name: "Glass" }).check({ force: true });
	await expect(drawer(other).getByRole("radio", { name: "Glass" })).toBeChecked();
	await openTab(page, "OBS");
	await drawer(page).getByRole("button", { name: "Add an overlay" }).click();
	await page.keyboard.type("side");
	await page.keyboard.press("Enter");
	await expect(drawer(page).getByRole("textbox", { name: "Link of the overlay side" })).toBeVisible();
	await page.getByRole("button", { name: "Pause overlays" }).click();
	await expect(other.getByText("Overlays stand still.")).toBeVisible();
	await other.getByRole("button", { name: "Go on", exact: true }).click();
	await expect(page.getByText("Overlays stand still.")).toBeHidden();
	await page.keyboard.press("Control+Shift+Delete");
	await expect(page.getByText("Overlays are empty.")).toBeVisible();
	await other.close();
});

test("a link becomes its channel's own name, and a channel goes as it came", async ({ page }) => {
	await page.goto(real.origin);
	await field(page).fill("https://www.twitch.tv/Polychat-Demo");
	await page.keyboard.press("Enter");
	await expect(page.getByRole("alert").or(page.getByText("is in the list already")).first()).toBeVisible();
	await page.keyboard.press("Escape");
	await remove(page, "polychat-demo", "Twitch");
	await expect(card(page, "polychat-demo")).toHaveCount(2);
	await field(page).fill("polychat-demo");
	const offer = page.getByRole("listbox").getByRole("option", { name: /Twitch/ });
	await expect(offer).toContainText("Live");
	await offer.click();
	await expect(card(page, "polychat-demo")).toHaveCount(3);
	await expect(log(page)).toBeVisible();
});

test("everything is exported, and imported again", async ({ page }) => {
	await page.goto(real.origin);
	await openTab(page, "Settings");
	const download = page.waitForEvent("download");
	await drawer(page).getByRole("button", { name: "Export" }).click();
	const file = await (await download).path();
	await remove(page, "polychat-demo", "TikTok");
	await expect(card(page, "polychat-demo")).toHaveCount(2);
	await drawer(page).getByRole("button", { name: "Import" }).click();
	const chooser = page.waitForEvent("filechooser");
	await page.getByRole("dialog").getByRole("button", { name: "Choose a file" }).click();
	await (await chooser).setFiles(file);
	await expect(card(page, "polychat-demo")).toHaveCount(3);
});
