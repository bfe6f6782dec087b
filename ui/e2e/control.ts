/** The control page under test: a scripted server, and its page with some channels kept. */

import type { Page } from "@playwright/test";
import type { SavedChannel } from "../src/lib/bindings/SavedChannel";
import { expect, test as base } from "./fixture";

export { expect };
export { log, press, rows } from "./fixture";

export const kept = (platform: SavedChannel["platform"], identifier: string, more: Partial<SavedChannel> = {}): SavedChannel => ({ platform, identifier, identifierType: "username", paused: false, ...more });

export const test = base.extend<{ control: (...channels: SavedChannel[]) => Promise<void> }>({
	control: async ({ page, server }, use) => {
		await use(async (...channels) => {
			server.kept.saved.channels = channels;
			await page.goto(`${server.origin}/`);
			await expect.poll(() => server.subscribes().length).toBe(channels.filter((c) => !c.paused).length);
			await expect(page.getByRole("heading", { name: "Polychat" })).toBeVisible();
		});
	},
});

/** The rail. */
export const rail = (page: Page) => page.getByRole("complementary", { name: "Channels" });
/** A channel's card. */
export const card = (page: Page, name: string) => rail(page).getByRole("listitem").filter({ hasText: name });
/** The field for channels. */
export const field = (page: Page) => page.getByRole("combobox", { name: "Add channel or paste link" });
/** The drawer. */
export const drawer = (page: Page) => page.getByRole("region", { name: "Overlay and settings" });
/** Opens a part of the drawer. */
export const openTab = (page: Page, name: string) => page.getByRole("tab", { name }).click();
