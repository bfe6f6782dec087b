/** The overlay page under test: a scripted server, and the page of `/overlay/main` with a channel on it. */

import type { Page } from "@playwright/test";
import { expect, test as base } from "./fixture";

export { expect };

export const test = base.extend<{ overlay: (query?: string) => Promise<void> }>({
	overlay: async ({ page, server }, use) => {
		await use(async (query = "?twitch=luna") => {
			const before = server.subscribes().length;
			await page.goto(`${server.origin}/overlay/main${query}`);
			await expect.poll(() => server.subscribes().length).toBeGreaterThan(before);
		});
	},
});

/** Everything that is shown. */
export const items = (page: Page) => page.locator("#items.yt-live-chat-item-list-renderer > *");
/** Messages that are shown. */
export const messages = (page: Page) => page.locator("yt-live-chat-text-message-renderer");
