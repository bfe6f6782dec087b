/** In WebKit, pages see to it that WebKit keeps nothing of messages that are gone (src/lib/webkit.ts). */

import type { Page } from "@playwright/test";
import { log, rows } from "./fixture";
import { author, chat, content, moderation } from "./frames";
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

/** Follows how often rules of the page change. */
async function changes(page: Page) {
	await page.addInitScript(() => {
		const counted = window as unknown as { changes: number };
		counted.changes = 0;
		for (const name of ["insertRule", "deleteRule", "replaceSync"] as const) {
			const real = CSSStyleSheet.prototype[name] as (...all: unknown[]) => unknown;
			Object.defineProperty(CSSStyleSheet.prototype, name, { value(this: CSSStyleSheet, ...all: unknown[]) {
				counted.changes++;
				return real.apply(this, all);
			} });
		}
	});
	return () => page.evaluate(() => (window as unknown as { changes: number }).changes);
}

/** Which of these elements have what WebKit does not keep. */
const unkept = (page: Page, selectors: string[]) => page.evaluate((selectors) => {
	const rules = [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules]).filter((rule) => rule.cssText.includes("0cqw")) as CSSStyleRule[];
	const matches = (element: Element) => rules.some((rule) => element.matches(rule.selectorText.replaceAll(/::\w+/g, "")));
	return selectors.filter((selector) => {
		const all = [...document.querySelectorAll(selector)];
		return all.length > 0 && all.every(matches);
	});
}, selectors);

/** The `i`th of many colours, each another one. */
const colored = (i: number) => ({ ...author(`viewer${i}`), color: `#${(0x336600 + i).toString(16)}` });

test("on an overlay no style inside a message is kept, and the rules of the page stay as they are", async ({ page, server, overlay }) => {
	await follow(page, WEBKIT);
	const changed = await changes(page);
	await overlay("?twitch=luna&limit=10");
	server.socket.send(chat(colored(0), "message 0"));
	await expect(items(page).last()).toContainText("message 0");
	const before = await changed();
	for (let i = 1; i < 300; i++) server.socket.send(chat(colored(i), `message ${i}`));
	await expect(items(page).last()).toContainText("message 299");
	expect(await changed()).toBe(before);
	const all = ["yt-live-chat-text-message-renderer #author-name", "yt-live-chat-text-message-renderer #message", "yt-img-shadow"];
	expect(await unkept(page, all)).toEqual(all);
	const name = items(page).last().locator("#author-name");
	const own = await name.evaluate((e) => getComputedStyle(e).getPropertyValue("--name"));
	await expect(name, "and each has its own colour").toHaveCSS("color", `rgb(${own.match(/[0-9a-f]{2}/g)?.map((part) => Number.parseInt(part, 16)).join(", ")})`);
});

test("in a list no style inside a row is kept, and names have their colours without a rule for each", async ({ page, server, open }) => {
	await follow(page, WEBKIT);
	const changed = await changes(page);
	await open("?twitch=luna");
	server.socket.send(chat(colored(0), "message 0"));
	await expect(rows(page).last()).toContainText("message 0");
	const before = await changed();
	for (let i = 1; i < 150; i++) server.socket.send(chat(colored(i), `message ${i}`));
	server.socket.send(chat(colored(150), content("waves at ", { type: "mention", value: "@Luna", metadata: { username: "luna" } }), { action: true }));
	await expect(rows(page).last()).toContainText("waves");
	expect(await changed()).toBe(before);
	const colors = await rows(page).locator(".name").evaluateAll((all) => all.map((name) => getComputedStyle(name).color));
	expect(new Set(colors).size, "authors of different colours").toBeGreaterThan(20);
	await expect(rows(page).locator(".name").first().locator("*"), "nothing inside inherits them").toHaveCount(0);
	const all = ["[data-key] .name", "[data-key] time", "[data-key] svg", ".said.action *"];
	expect(await unkept(page, all)).toEqual(all);
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
