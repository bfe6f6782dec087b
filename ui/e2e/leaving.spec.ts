/** In WebKit, what leaves a page is drawn otherwise first, so that WebKit remembers nothing of it (src/lib/leaving.ts). */

import type { Page } from "@playwright/test";
import { log, rows } from "./fixture";
import { author, chat, moderation } from "./frames";
import { expect, items, test } from "./overlay";

/** Follows which messages leave the page, with or without a mark. */
async function follow(page: Page, vendor: string) {
	await page.addInitScript((vendor) => {
		Object.defineProperty(Navigator.prototype, "vendor", { get: () => vendor });
		const left = ((window as unknown as { left: { marked: number; plain: number } }).left = { marked: 0, plain: 0 });
		const count = (node: Node) => {
			if (!(node instanceof HTMLElement) || node.dataset.messageId === undefined) return;
			left[node.dataset.gone === "" ? "marked" : "plain"]++;
		};
		new MutationObserver((all) => all.forEach((m) => m.removedNodes.forEach(count))).observe(document, { subtree: true, childList: true });
	}, vendor);
	return {
		left: () => page.evaluate(() => (window as unknown as { left: unknown }).left),
		stays: page.locator("[data-gone]"),
	};
}

const WEBKIT = "Apple Computer, Inc.";

test("on an overlay: what makes room for others, and what moderators take away", async ({ page, server, overlay }) => {
	const { left, stays } = await follow(page, WEBKIT);
	await overlay("?twitch=luna&limit=10");
	for (let i = 0; i < 10; i++) server.socket.send(chat(author("ana"), `message ${i}`));
	await expect(items(page).last()).toContainText("message 9");
	for (let i = 10; i < 18; i++) server.socket.send(chat(author("bo"), `message ${i}`));
	await expect(items(page).last()).toContainText("message 17");
	await expect(items(page)).toHaveCount(10);
	await expect.poll(left).toEqual({ marked: 8, plain: 0 });
	await expect(stays).toHaveCount(0);
	server.socket.send(moderation("delete_user", { user_id: "id-ana" }));
	await expect(items(page)).toHaveCount(8);
	await expect.poll(left).toEqual({ marked: 10, plain: 0 });
	await expect(stays).toHaveCount(0);
});

test("in a list: the oldest, all at once", async ({ page, server, open }) => {
	const { left, stays } = await follow(page, WEBKIT);
	await open("?twitch=luna");
	for (let i = 0; i < 150; i++) server.socket.send(chat(author("ana"), `message ${i}`));
	await expect(rows(page).last()).toContainText("message 149");
	for (let i = 150; i < 200; i++) server.socket.send(chat(author("ana"), `message ${i}`));
	await expect(rows(page).last()).toContainText("message 199");
	const shown = await log(page).locator("[data-message-id]").count();
	expect(shown).toBeLessThan(200);
	await expect.poll(left).toEqual({ marked: 200 - shown, plain: 0 });
	await expect(stays).toHaveCount(0);
});

test("elsewhere it is just taken away", async ({ page, server, overlay }) => {
	const { left } = await follow(page, "Google Inc.");
	await overlay("?twitch=luna&limit=10");
	for (let i = 0; i < 10; i++) server.socket.send(chat(author("ana"), `message ${i}`));
	await expect(items(page).last()).toContainText("message 9");
	server.socket.send(chat(author("ana"), "one more"));
	await expect(items(page).last()).toContainText("one more");
	await expect.poll(left).toEqual({ marked: 0, plain: 1 });
});
