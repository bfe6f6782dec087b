import { card, expect, log, rows, test } from "./fixture";
import { author, chat, event } from "./frames";

test.beforeEach(async ({ page, open }) => {
	await open("?twitch=luna");
	await expect(card(page, "luna")).toContainText("Live");
});

const fromEnd = (page: Parameters<typeof log>[0]) => log(page).evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight);

test("100 messages a second for four seconds: everything arrives, the document stays small, the end stays in view", async ({ page, server }) => {
	let sent = 0;
	for (let tick = 0; tick < 80; tick++) {
		for (let i = 0; i < 5; i++) server.socket.send(chat(author(`viewer ${sent % 50}`), `message ${sent++}`));
		await new Promise((done) => setTimeout(done, 50));
	}
	await expect(rows(page).last()).toContainText(`message ${sent - 1}`);
	expect(await log(page).locator("[data-message-id]").count()).toBeLessThanOrEqual(300);
	expect(await fromEnd(page)).toBeLessThanOrEqual(24);
	await expect(page.getByRole("button", { name: "To the newest" })).toBeHidden();
});

test("a flood of 5,000 messages leaves 2,000 to scroll through", async ({ page, server }) => {
	for (let i = 0; i < 5_000; i++) server.socket.send(chat(author("a"), `message ${i}`));
	await expect(rows(page).last()).toContainText("message 4999");
	expect(await rows(page).count()).toBeLessThanOrEqual(300);
	await log(page).focus();
	await expect.poll(async () => (await page.keyboard.press("Home"), rows(page).count()), { intervals: [100], timeout: 60_000 }).toBe(2_000);
	await expect(rows(page).first()).toContainText("message 3000");
	await page.keyboard.press("Control+End");
	await expect.poll(() => rows(page).count()).toBeLessThanOrEqual(300);
	await expect.poll(() => fromEnd(page)).toBeLessThanOrEqual(24);
});

test("scrolling up lets the list stand still; a button counts what is new and goes there", async ({ page, server }) => {
	for (let i = 0; i < 100; i++) server.socket.send(chat(author("a"), `message ${i}`));
	await expect(rows(page).last()).toContainText("message 99");
	await log(page).hover();
	await page.mouse.wheel(0, -400);
	await expect(page.getByRole("button", { name: "To the newest" })).toBeVisible();
	const before = await log(page).evaluate((e) => e.scrollTop);
	for (let i = 100; i < 112; i++) server.socket.send(chat(author("a"), `message ${i}`));
	const button = page.getByRole("button", { name: "12 new" });
	await expect(button).toBeVisible();
	expect(await log(page).evaluate((e) => e.scrollTop)).toBe(before);
	await expect(rows(page).last()).toContainText("message 99");
	await button.click();
	await expect(rows(page).last()).toContainText("message 111");
	await expect.poll(() => fromEnd(page)).toBeLessThanOrEqual(24);
	await expect(button).toBeHidden();
});

test("scrolling back to the end goes on by itself", async ({ page, server }) => {
	for (let i = 0; i < 100; i++) server.socket.send(chat(author("a"), `message ${i}`));
	await expect(rows(page).last()).toContainText("message 99");
	await log(page).focus();
	await page.keyboard.press("PageUp");
	await expect(page.getByRole("button", { name: "To the newest" })).toBeVisible();
	server.socket.send(chat(author("a"), "newest"));
	await log(page).hover();
	await page.mouse.wheel(0, 10_000);
	await expect(rows(page).last()).toContainText("newest");
	await expect(page.getByRole("button", { name: /new/ })).toBeHidden();
});

test("frames are shown in both directions, can be opened, filtered and paused, and one can be sent", async ({ page, server }) => {
	await page.getByRole("button", { name: "Frames" }).click();
	const frames = page.getByRole("region", { name: "Frames" });
	await expect(frames.getByRole("button", { name: /^↑ subscribe twitch\/luna/ })).toBeVisible();
	server.socket.send(chat(author("ana"), "look at me"), event("raid", { user: author("bo"), count: 3 }));
	await frames.getByRole("button", { name: /^↓ chat/ }).click();
	await expect(frames.locator("pre")).toContainText('"raw": "look at me"');
	await frames.getByRole("group").getByRole("button", { name: "event" }).click();
	await expect(frames.getByRole("button", { name: /^↓ chat/ })).toBeHidden();
	await expect(frames.getByRole("button", { name: /^↓ event/ })).toBeVisible();
	await frames.getByRole("group").getByRole("button", { name: "All" }).click();
	await frames.getByRole("button", { name: "Pause" }).click();
	server.socket.send({ type: "gap", platform: "twitch", identifier: "luna", missed: 1 });
	await expect(log(page)).toContainText("1 message of luna was skipped");
	await expect(frames.getByRole("button", { name: /^↓ gap/ })).toBeHidden();
	await frames.getByRole("button", { name: "Go on" }).click();
	await expect(frames.getByRole("button", { name: /^↓ gap/ })).toBeVisible();

	await frames.getByLabel("A frame to send").fill('{"type":"unsubscribe"}');
	await frames.getByRole("button", { name: "Send" }).click();
	await expect.poll(() => server.requests.at(-1)).toEqual({ type: "unsubscribe" });
	expect(new URL(page.url()).search).toContain("frames=1");
	await page.reload();
	await expect(page.getByRole("region", { name: "Frames" })).toBeVisible();
});

test("on a phone the channels are a sheet that Escape closes", async ({ page }) => {
	await page.setViewportSize({ width: 360, height: 740 });
	const field = page.getByLabel("Channel name or link");
	await expect(field).not.toBeInViewport();
	await page.getByRole("button", { name: "Channels 1" }).click();
	await expect(field).toBeInViewport();
	await page.keyboard.press("Escape");
	await expect(field).not.toBeInViewport();
});
