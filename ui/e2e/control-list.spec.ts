/** The list in the middle: what it shows, how it stands still, and what can be done with an entry. */

import { expect, kept, log, press, rows, test } from "./control";
import { author, chat, event } from "./frames";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test.beforeEach(async ({ page, server, control }) => {
	await control(kept("twitch", "luna"), kept("tiktok", "luna"));
	await expect(page.getByRole("complementary").getByRole("listitem").first()).toContainText("Live");
	void server;
});

const fromEnd = (page: Parameters<typeof log>[0]) => log(page).evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight);
const tt = { platform: "tiktok" as const };
const chip = (page: Parameters<typeof log>[0], name: string) => page.getByRole("group", { name: "Show in the list" }).getByRole("button", { name, exact: true });

test("chips and words choose what is shown, and All shows everything again", async ({ page, server }) => {
	server.socket.send(
		chat(author("ana"), "hello"),
		chat(author("bo"), "what colour is that?", {}, tt),
		chat(author("cy"), "thank you", { metadata: { type: "super_chat" } }),
		event("raid", { user: author("kuro"), count: 3, text: "kuro raids" }),
		chat(author("dee"), "first time here", { first_message: true }),
	);
	await expect(rows(page)).toHaveCount(4);
	await chip(page, "Questions").click();
	await expect(rows(page)).toHaveText([/what colour/]);
	await chip(page, "First time").click();
	await expect(rows(page)).toHaveText([/what colour/, /first time here/]);
	await chip(page, "All").click();
	await chip(page, "TikTok").click();
	await expect(rows(page)).toHaveText([/what colour/]);
	await chip(page, "TikTok").click();
	await chip(page, "Events").click();
	await expect(rows(page)).toHaveCount(0);
	await expect(log(page).locator("[data-event=raid]")).toBeVisible();
	await chip(page, "All").click();
	await page.keyboard.press("Control+f");
	await page.keyboard.type("ANA");
	await expect(rows(page)).toHaveText([/hello/]);
	await page.keyboard.press("Escape");
	await expect(rows(page)).toHaveCount(4);
	await page.getByRole("complementary").getByRole("button", { name: "luna on TikTok" }).click();
	await expect(rows(page)).toHaveText([/what colour/]);
	await page.getByRole("button", { name: "Show all channels again" }).or(page.getByTitle("Show all channels again")).click();
	await expect(rows(page)).toHaveCount(4);
});

test("what comes while it is filtered counts only if it is shown", async ({ page, server }) => {
	for (let i = 0; i < 100; i++) server.socket.send(chat(author("a"), `message ${i}?`));
	await expect(rows(page).last()).toContainText("message 99");
	await chip(page, "Questions").click();
	await log(page).focus();
	await page.keyboard.press("PageUp");
	await expect(page.getByRole("button", { name: "To the newest" })).toBeVisible();
	server.socket.send(chat(author("a"), "no question"), chat(author("a"), "really?"));
	await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();
	await page.keyboard.press("Control+End");
	await expect(rows(page).last()).toContainText("really?");
	expect(await fromEnd(page)).toBeLessThanOrEqual(24);
});

test("a pointer that moves over it lets it stand still, and leaving it goes on", async ({ page, server }) => {
	for (let i = 0; i < 60; i++) server.socket.send(chat(author("a"), `message ${i}`));
	await expect(rows(page).last()).toContainText("message 59");
	// On a busy machine the pointer may be forgotten before the message is there: then it moves once more.
	await expect(async () => {
		await page.getByRole("searchbox", { name: "Search the list" }).hover();
		await rows(page).last().hover();
		server.socket.send(chat(author("a"), "meanwhile"));
		await expect(page.getByRole("button", { name: "1 new" })).toBeVisible({ timeout: 2_000 });
	}).toPass();
	await page.getByRole("searchbox", { name: "Search the list" }).hover();
	await expect(rows(page).last()).toContainText("meanwhile");
	await expect(page.getByRole("button", { name: /new/ })).toBeHidden();
});

test("a pointer that lies still is forgotten", async ({ page, server }) => {
	server.socket.send(chat(author("a"), "one"));
	await expect(rows(page)).toHaveCount(1);
	const waits = page.getByRole("button", { name: /new/ });
	// On a busy machine the pointer may be forgotten before the message is there: then it moves once more.
	await expect(async () => {
		await page.getByRole("searchbox", { name: "Search the list" }).hover();
		await rows(page).first().hover();
		server.socket.send(chat(author("a"), "more"));
		await expect(waits).toBeVisible({ timeout: 2_000 });
	}).toPass();
	await expect(waits).toBeHidden({ timeout: 15_000 });
	await expect(rows(page).last()).toContainText("more");
});

test("an entry is copied, and its author's page opened, by the pointer", async ({ page, server, context }) => {
	await context.route("https://www.twitch.tv/**", (route) => route.fulfill({ body: "a page" }));
	server.socket.send(chat(author("ana"), "copy me"), event("raid", { user: author("kuro"), count: 214 }));
	await press(page, rows(page).first(), "Copy");
	await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("ana: copy me");
	const opened = page.waitForEvent("popup");
	await press(page, rows(page).first(), "Profile");
	expect((await opened).url()).toBe("https://www.twitch.tv/ana");
});

test("keys choose entries, act on them, and lead back", async ({ page, server }) => {
	for (let i = 0; i < 300; i++) server.socket.send(chat(author("a"), `message ${i}`));
	await expect(rows(page).last()).toContainText("message 299");
	await log(page).focus();
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("ArrowUp");
	await expect(page.locator("[aria-live=polite].unseen").filter({ hasText: "a: message 298" })).toBeAttached();
	server.socket.send(chat(author("a"), "newer"));
	await page.keyboard.press("Enter");
	await expect(page.getByRole("button", { name: "Show", exact: true })).toBeFocused();
	for (let i = 0; i < 4; i++) await page.keyboard.press("Tab");
	await expect(page.getByRole("button", { name: "Copy", exact: true })).toBeFocused();
	await page.keyboard.press("Enter");
	await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("a: message 298");
	await page.keyboard.press("Escape");
	await expect(log(page)).toBeFocused();
	await page.keyboard.press("Control+Home");
	await expect(rows(page).first()).toBeInViewport();
	await expect(rows(page).first()).toContainText("message 0");
	await page.keyboard.press("Control+End");
	await expect(rows(page).last()).toContainText("newer");
	await expect.poll(() => fromEnd(page)).toBeLessThanOrEqual(24);
});

test("100 messages a second for four seconds: everything arrives, the document stays small, the end stays in view", async ({ page, server }) => {
	let sent = 0;
	for (let tick = 0; tick < 80; tick++) {
		for (let i = 0; i < 5; i++) server.socket.send(chat(author(`viewer ${sent % 50}`), `message ${sent++}`));
		await new Promise((done) => setTimeout(done, 50));
	}
	await expect(rows(page).last()).toContainText(`message ${sent - 1}`);
	expect(await rows(page).count()).toBeLessThanOrEqual(300);
	expect(await fromEnd(page)).toBeLessThanOrEqual(24);
});

test("a stranger's text is text", async ({ page, server }) => {
	const evil = '<img src=x onerror=alert(1)>"><script>alert(2)</script>';
	server.socket.send(chat(author(evil), evil), chat(author("سارة"), "مرحبا"), chat(author("a".repeat(400)), "字".repeat(900)));
	await expect(rows(page)).toHaveCount(3);
	await expect(rows(page).first()).toContainText(evil);
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
	await page.getByRole("searchbox", { name: "Search the list" }).fill(evil);
	await expect(rows(page)).toHaveCount(1);
});
