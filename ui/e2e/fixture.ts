/** A scripted server for each test, and a page that fails the test for anything that it must never do. */

import { type Locator, type Page, test as base, expect } from "@playwright/test";
import { ScriptedServer } from "./scripted-server";

export { expect };

/** A picture for every address: no test asks the network for anything. */
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

export const test = base.extend<{ server: ScriptedServer; open: (query?: string) => Promise<void> }>({
	// Playwright reads the names of the fixtures from this pattern.
	server: async ({}, use) => {
		const server = await ScriptedServer.start();
		await use(server);
		await server.stop();
	},
	page: async ({ page }, use) => {
		const wrong: string[] = [];
		page.on("dialog", (dialog) => {
			wrong.push(`a script of a stranger ran: ${dialog.message()}`);
			void dialog.dismiss();
		});
		page.on("pageerror", (error) => wrong.push(`the page threw: ${error.message}`));
		page.on("console", (message) => {
			if (message.type() !== "error") return;
			// What a test breaks on purpose is reported by the browser itself.
			const onPurpose = /WebSocket|ERR_CONNECTION/.test(message.text()) || message.location().url.startsWith("https://img.example/") || message.location().url.includes("/api/");
			if (!onPurpose) wrong.push(`the console says: ${message.text()}`);
		});
		await page.route(/^https?:\/\/(?!127\.0\.0\.1)/, (route) => {
			if (route.request().url().startsWith("https://img.example/")) return route.fulfill({ contentType: "image/png", body: PIXEL });
			wrong.push(`the page asked for ${route.request().url()}`);
			return route.abort();
		});
		await use(page);
		expect(wrong).toEqual([]);
	},
	open: async ({ page, server }, use) => {
		await use(async (query = "") => {
			await page.goto(`${server.origin}/test${query}`);
			await expect(status(page)).toHaveText(/^Connected/);
		});
	},
});

/** Where the page says how its connection does. */
export const status = (page: Page) => page.getByRole("status");
/** The list. */
export const log = (page: Page) => page.getByRole("log", { name: "Messages" });
/** The rows of messages in the document. */
export const rows = (page: Page) => log(page).locator("[data-message-id]");
/** A channel's card. */
export const card = (page: Page, name: string) => page.getByRole("complementary").getByRole("listitem").filter({ hasText: name });
/** The field for a channel's name. */
export const field = (page: Page) => page.getByLabel("Channel name or link");

/** Presses a button that a row of the list offers to the pointer. On a busy machine the pointer may be forgotten before: then it moves once more. */
export async function press(page: Page, row: Locator, name: string): Promise<void> {
	await expect(async () => {
		await page.mouse.move(2, 2);
		await row.hover();
		await page.getByRole("button", { name, exact: true }).click({ timeout: 2_000 });
	}).toPass();
}
