/** The whole page by keys, and what a screen reader is told. */

import type { Page } from "@playwright/test";
import { drawer, expect, field, kept, log, openTab, rows, test } from "./control";
import { author, chat, event } from "./frames";

/** What has the focus, and whether it can be seen there: by an outline, or by the border of its field. */
async function focused(page: Page) {
	return page.evaluate(() => {
		const element = document.activeElement;
		if (!(element instanceof HTMLElement) || element === document.body) return null;
		const marked = (e: Element, pseudo?: string) => {
			const { outlineStyle, outlineWidth, borderTopColor } = getComputedStyle(e, pseudo);
			const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
			const probe = document.body.appendChild(Object.assign(document.createElement("i"), { style: `color:${accent}` }));
			const color = getComputedStyle(probe).color;
			probe.remove();
			return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1) || borderTopColor === color;
		};
		const name = element.getAttribute("aria-label") ?? element.textContent?.trim().slice(0, 40) ?? "";
		// A radio button that is not seen is marked on the label around it.
		const seen = marked(element) || marked(element, "::after") || [element.parentElement, element.parentElement?.parentElement, element.nextElementSibling].some((e) => e && marked(e));
		return { what: `${element.tagName.toLowerCase()} ${element.getAttribute("role") ?? ""} ${name}`, seen };
	});
}

test("Tab reaches everything in order, and it can be seen where it is", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"), kept("youtube", "luna"));
	for (const tab of ["Filters", "Settings"]) {
		await openTab(page, tab);
		// From the beginning: the part that was open is open again.
		await page.reload();
		await expect(page.getByText("Reading luna on YouTube.")).toBeVisible();
		server.socket.send(chat(author("ana"), "hello"));
		await expect(rows(page).last()).toBeVisible();
		const reached: string[] = [];
		for (let n = 0; n < 80; n++) {
			await page.keyboard.press("Tab");
			const here = await focused(page);
			// Past the end is the browser's own bar.
			if (!here) break;
			expect.soft(here.seen, `the focus is seen on: ${here.what}`).toBe(true);
			reached.push(here.what);
		}
		for (const part of ["All", "Search the list", "Clear", "luna", "Add channel or paste link", "Messages", tab]) expect.soft(reached.some((r) => r.includes(part)), `${part} was reached`).toBe(true);
	}
});

test("in the list, keys turn pages, and messages that come take neither the focus nor the place", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	for (let i = 0; i < 200; i++) server.socket.send(chat(author("a"), `message ${i}`));
	await expect(rows(page).last()).toContainText("message 199");
	await log(page).focus();
	const top = () => log(page).evaluate((e) => e.scrollTop);
	const before = await top();
	await page.keyboard.press("PageUp");
	await expect.poll(top).toBeLessThan(before - 200);
	await page.waitForTimeout(300);
	const stands = await top();
	server.socket.send(chat(author("b"), "while reading"), event("raid", { user: author("kuro"), count: 2 }));
	await expect(page.getByRole("button", { name: /^2 new/ })).toBeVisible();
	expect(Math.abs((await top()) - stands), "the place stays").toBeLessThanOrEqual(2);
	await expect(log(page)).toBeFocused();
	await page.keyboard.press("PageDown");
	await expect.poll(top).toBeGreaterThan(stands + 200);
	await page.keyboard.press("Control+End");
	await expect(page.locator("[data-event=raid]")).toBeInViewport();
	await field(page).focus();
	await page.keyboard.type("lu");
	for (let i = 0; i < 20; i++) server.socket.send(chat(author("a"), `more ${i}`));
	await expect(rows(page).last()).toContainText("more 19");
	await page.keyboard.type("na");
	await expect(field(page)).toHaveValue("luna");
	await expect(field(page)).toBeFocused();
});

test("a screen reader is told of new messages if that is wanted, a sentence at a time", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	server.socket.send(chat(author("ana"), "before"));
	await expect(rows(page).last()).toContainText("before");
	await expect(log(page)).toHaveAttribute("aria-live", "off");
	await openTab(page, "Settings");
	const told = page.locator("main p.unseen[role=status]");
	await expect(told).toHaveCount(0);
	await drawer(page).getByRole("switch", { name: "Read new messages out" }).check();
	server.socket.send(chat(author("bo"), "one"), chat(author("cy"), "two"), chat(author("di"), "three"));
	await expect(told).toHaveText("2 more messages, then di: three");
	await page.reload();
	await openTab(page, "Settings");
	await expect(drawer(page).getByRole("switch", { name: "Read new messages out" })).toBeChecked();
	await drawer(page).getByRole("switch", { name: "Read new messages out" }).uncheck();
	await expect(told).toHaveCount(0);
});

test("speech mode reads one message after another, by a screen reader or by a voice, and leaves the list where it is", async ({ page, server, control }) => {
	// The voices of this machine are none of this test's business: what they are given to read is.
	await page.addInitScript(() => {
		const read: string[] = [];
		const voice = { getVoices: () => [{}], cancel: () => read.push("-"), speak: ({ text, lang }: { text: string; lang: string }) => read.push(`${lang} ${text}`), addEventListener: () => undefined };
		Object.defineProperty(window, "speechSynthesis", { value: voice });
		Object.assign(window, { read, SpeechSynthesisUtterance: class { lang = ""; constructor(readonly text: string) {} } });
	});
	const read = () => page.evaluate(() => (window as unknown as { read: string[] }).read.splice(0).filter((text) => text !== "-"));
	await control(kept("twitch", "luna"));
	server.socket.send(chat(author("ana"), "one"), chat(author("bo"), "is it two?"), event("raid", { user: author("kuro"), count: 12 }));
	await expect(page.locator("[data-event=raid]")).toBeVisible();
	const told = page.locator("[data-speech]");
	await page.keyboard.press("Alt+ArrowUp");
	await expect(told, "nobody reads out yet").toHaveText("");
	await openTab(page, "Settings");
	const reader = drawer(page).getByRole("combobox", { name: "Read out by" });
	await reader.selectOption({ label: "My screen reader" });
	await page.keyboard.press("Alt+ArrowUp");
	await expect(told).toHaveText(/kuro/);
	await page.keyboard.press("Alt+ArrowUp");
	await expect(told).toHaveText("bo: is it two?");
	await page.keyboard.press("Alt+PageDown");
	await expect(told).toHaveText("Chat, 2 messages. bo: is it two?");
	await page.keyboard.press("Alt+ArrowDown");
	await expect(told).toHaveText("No newer message.");
	expect(await read()).toEqual([]);

	await reader.selectOption({ label: "A voice of the system" });
	await page.keyboard.press("Alt+PageUp");
	await page.keyboard.press("Alt+ArrowUp");
	expect((await read())[1]).toBe("en bo: is it two?");
	server.socket.send(chat(author("cy"), "three"));
	await expect(rows(page).last()).toContainText("three");
	// Nobody scrolled or chose anything: the list still follows what comes.
	await expect(rows(page).last()).toBeInViewport();
	await expect(page.getByRole("button", { name: /new|newest/i })).toHaveCount(0);
	await drawer(page).getByRole("switch", { name: "Read new messages out" }).check();
	server.socket.send(chat(author("di"), "four"));
	await expect.poll(read, { timeout: 12_000 }).toEqual(["en di: four"]);
	await page.reload();
	await openTab(page, "Settings");
	await expect(reader).toHaveValue("voice");
});

test("where there is no voice, that is said in place of keys", async ({ page, control }) => {
	await page.addInitScript(() => Object.defineProperty(window, "speechSynthesis", { value: undefined }));
	await control(kept("twitch", "luna"));
	await openTab(page, "Settings");
	await drawer(page).getByRole("combobox", { name: "Read out by" }).selectOption({ label: "A voice of the system" });
	await expect(drawer(page).getByRole("alert")).toContainText("This system has no voice");
});
