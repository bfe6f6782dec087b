/** The dock: a list in a narrow window of OBS, the featured message and its queue, by keys alone; and the key for other computers. */

import type { Page } from "@playwright/test";
import { expect, log, press, rows, test as base } from "./fixture";
import { author, chat, event } from "./frames";
import { kept, openTab } from "./control";

const test = base.extend<{ dock: () => Promise<void> }>({
	dock: async ({ page, server }, use) => {
		await page.setViewportSize({ width: 320, height: 640 });
		await use(async () => {
			server.kept.saved.channels = [kept("twitch", "luna"), kept("tiktok", "luna")];
			await page.goto(`${server.origin}/dock`);
			await expect.poll(() => server.subscribes().length).toBe(2);
		});
	},
});

const panel = (page: Page) => page.getByRole("region", { name: "Featured message" });
const features = (server: { kept: { asked: [string, unknown][] } }) => server.kept.asked.filter(([command]) => command === "feature").map(([, what]) => what as { do: string; message?: { event_id: string } });
const tt = { platform: "tiktok" as const };

test("everything is done by keys: choose, feature, queue, pin, next, take down, pause, clear", async ({ page, server, dock }) => {
	await dock();
	const [one, two, three] = [chat(author("ana"), "one"), chat(author("bo"), "two"), chat(author("cy"), "three", {}, tt)];
	server.socket.send(one, two, three);
	await expect(rows(page)).toHaveCount(3);
	await log(page).focus();
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("f");
	await expect(panel(page)).toContainText("cy three");
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("q");
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("q");
	await expect(panel(page).getByRole("button", { name: "2 messages wait" })).toBeVisible();
	await page.keyboard.press("n");
	await expect(panel(page)).toContainText("bo two");
	await expect(page.locator("[data-featured]")).toContainText("two");
	await page.keyboard.press("p");
	await expect(panel(page)).toContainText("ana one");
	await expect(panel(page)).toContainText("pinned");
	await page.keyboard.press("x");
	await expect(panel(page)).toContainText("No message is featured");
	expect(features(server).map((what) => [what.do, what.message?.event_id])).toEqual([
		["show", three.event_id], ["queue", two.event_id], ["queue", one.event_id], ["next", undefined], ["show", one.event_id], ["clear", undefined],
	]);
	await page.keyboard.press("k");
	await expect.poll(() => server.kept.stage.paused).toBe(true);
	await expect(page.getByText("Overlays stand still")).toBeVisible();
	await page.keyboard.press("k");
	await expect.poll(() => server.kept.stage.paused).toBe(false);
	await page.keyboard.press("Control+Shift+Delete");
	await expect(page.getByText("Overlays are empty.")).toBeVisible();
	await page.keyboard.press("?");
	await expect(page.getByText("show the next one of the queue")).toBeVisible();
	await page.keyboard.press("Escape");
	await expect(page.getByText("show the next one of the queue")).toBeHidden();
});

test("search is behind a key, and letters that are typed there do nothing else", async ({ page, server, dock }) => {
	await dock();
	server.socket.send(chat(author("ana"), "fox"), chat(author("bo"), "queue"), chat(author("cy"), "what is this?", {}, tt));
	await expect(rows(page)).toHaveCount(3);
	await expect(page.getByRole("searchbox")).toBeHidden();
	await page.keyboard.press("/");
	await page.keyboard.type("fox");
	await expect(rows(page)).toHaveText([/fox/]);
	expect(features(server)).toEqual([]);
	await page.keyboard.press("Escape");
	await expect(page.getByRole("searchbox")).toBeHidden();
	await expect(rows(page)).toHaveCount(3);
	await expect(log(page)).toBeFocused();
	await page.getByRole("button", { name: "Questions" }).click();
	await expect(rows(page)).toHaveText([/what is this/]);
	await page.getByRole("button", { name: "All", exact: true }).click();
	await page.getByRole("button", { name: "TikTok" }).click();
	await expect(rows(page)).toHaveText([/what is this/]);
});

test("the queue is ordered and emptied by keys and by the pointer", async ({ page, server, dock }) => {
	await dock();
	const sent = ["one", "two", "three"].map((text) => chat(author(text), text));
	server.socket.send(...sent);
	await expect(rows(page)).toHaveCount(3);
	// With a key held, a click lets a message wait.
	for (const row of await rows(page).all()) await row.locator(".said").click({ modifiers: ["Control"] });
	const count = panel(page).getByRole("button", { name: "3 messages wait" });
	await count.click();
	const queue = panel(page).getByRole("list", { name: "Messages that wait" }).getByRole("listitem");
	await expect(queue).toHaveText([/one/, /two/, /three/]);
	await queue.nth(2).getByRole("button").first().focus();
	await page.keyboard.press("Alt+ArrowUp");
	await expect(queue).toHaveText([/one/, /three/, /two/]);
	await expect(queue.nth(1).getByRole("button").first(), "the focus goes with it").toBeFocused();
	await page.keyboard.press("Delete");
	await expect(queue).toHaveText([/one/, /two/]);
	await queue.first().hover();
	await queue.first().getByRole("button", { name: "Show one later" }).click();
	await expect(queue).toHaveText([/two/, /one/]);
	await queue.first().getByRole("button").first().click();
	await expect(panel(page).locator(".head")).toContainText("two");
	await expect(queue).toHaveText([/one/]);
	await panel(page).getByRole("button", { name: "Remove all" }).click();
	await expect(queue).toHaveCount(0);
});

test("rows offer what can be done, and what moderators took away can no longer be featured", async ({ page, server, dock }) => {
	await dock();
	server.socket.send(chat(author("ana"), "one", {}, { messageId: "1" }), event("raid", { user: author("bo"), count: 3, text: "bo raids" }));
	await press(page, rows(page).first(), "Pin");
	await expect(panel(page)).toContainText("pinned");
	await panel(page).getByRole("button", { name: "Let it go when its time is over" }).click();
	await expect(panel(page)).toContainText(/\d+ s/);
	await panel(page).getByRole("button", { name: "Take the featured message down" }).click();
	await press(page, log(page).locator("[data-event=raid]"), "Queue");
	await expect(panel(page).getByRole("button", { name: "1 message waits" })).toBeVisible();
	server.socket.send({ ...chat(author("x"), ""), type: "moderation", data: { action: "delete_message", message_id: "1", user_id: null, username: null, duration_seconds: null } } as never);
	await expect(rows(page).first()).toContainText("removed on Twitch");
	await rows(page).first().hover();
	await expect(page.getByRole("button", { name: "Copy", exact: true })).toBeVisible();
	await expect(page.getByRole("button", { name: "Show", exact: true })).toBeHidden();
});

test("rules are set where they belong, and numbers stay within their bounds", async ({ page, server, dock }) => {
	await dock();
	await panel(page).getByRole("button", { name: "Rules for featured messages" }).click();
	const seconds = panel(page).getByRole("spinbutton", { name: "Seconds that a message stands" });
	await seconds.fill("9999");
	await seconds.blur();
	await expect(seconds).toHaveValue("600");
	await panel(page).getByRole("combobox", { name: "Paid messages and gifts" }).selectOption("Show by themselves");
	await panel(page).getByRole("spinbutton", { name: "From so many US dollars on" }).fill("4.5");
	await panel(page).getByRole("spinbutton", { name: "From so many US dollars on" }).blur();
	await panel(page).getByRole("combobox", { name: "Questions" }).selectOption("Into the queue");
	await panel(page).getByRole("switch", { name: "The next one follows by itself" }).check();
	await expect.poll(() => server.kept.saved.settings.featured).toEqual({ seconds: 600, follow: true, paid: "show", paidFrom: 450, questions: "queue" });
	await expect(panel(page).getByRole("textbox", { name: "Page for OBS" })).toHaveValue(`${server.origin}/featured`);
});

test("what the server refuses is told in words", async ({ page, server, dock }) => {
	await dock();
	server.socket.send(chat(author("ana"), "one"));
	await expect(rows(page)).toHaveCount(1);
	server.kept.refuses = "50 messages wait, as many as may. Show or remove one first.";
	await log(page).focus();
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("q");
	await expect(page.getByText("50 messages wait, as many as may.")).toBeVisible();
});

test("on the control page the same: buttons and keys of the list", async ({ page, server }) => {
	server.kept.saved.channels = [kept("twitch", "luna")];
	await page.goto(server.origin);
	await expect.poll(() => server.subscribes().length).toBe(1);
	server.socket.send(chat(author("ana"), "one"), chat(author("bo"), "two"));
	await expect(rows(page)).toHaveCount(2);
	await press(page, rows(page).first(), "Show");
	await expect(panel(page)).toContainText("ana one");
	await log(page).focus();
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("Enter");
	await expect(page.getByRole("button", { name: "Show", exact: true })).toBeFocused();
	await page.keyboard.press("Enter");
	await expect(panel(page)).toContainText("bo two");
	await page.reload();
	await expect(panel(page), "it is the server's").toContainText("bo two");
	await openTab(page, "Filters");
	await page.getByRole("combobox", { name: "On this overlay" }).selectOption("At the bottom");
	await expect.poll(() => server.kept.saved.overlays[0]?.values.featured).toBe("bottom");
});

for (const path of ["/", "/dock"]) {
	test(`${path} asks once for the key where it is given none, says what is wrong with it, and remembers it`, async ({ page, server }) => {
		server.gives = false;
		server.token = "0123456789abcdef".repeat(4);
		server.kept.saved.channels = [kept("twitch", "luna")];
		await page.goto(server.origin + path);
		await expect(page.getByText("This page may only look.")).toBeVisible();
		await expect.poll(() => server.subscribes().length).toBe(1);
		server.socket.send(chat(author("ana"), "one"));
		await expect(rows(page)).toHaveCount(1);
		await rows(page).first().hover();
		await expect(page.getByRole("button", { name: "Show", exact: true })).toBeHidden();
		await page.getByRole("button", { name: "Enter the key" }).click();
		const field = page.getByRole("textbox", { name: "Key or link" });
		await field.fill("nonsense");
		await page.keyboard.press("Enter");
		await expect(page.getByRole("alert").filter({ hasText: "That is no key." })).toBeVisible();
		await field.fill("f".repeat(64));
		await page.getByRole("button", { name: "Unlock" }).click();
		await expect(page.getByRole("alert").filter({ hasText: "That is not the key of this Polychat." })).toBeVisible();
		await field.fill(`${server.origin}/#token=${server.token} to change something`);
		await page.keyboard.press("Enter");
		await expect(page.getByText("This page may only look.")).toBeHidden();
		await page.reload();
		await expect(page.getByRole("region", { name: "Featured message" })).toBeVisible();
		await expect(page.getByText("This page may only look.")).toBeHidden();
		// The key is another one since: it is asked for again, and what was remembered is forgotten.
		server.token = "fedcba9876543210".repeat(4);
		await page.reload();
		await expect(page.getByText("This page may only look.")).toBeVisible();
		expect(await page.evaluate(() => localStorage.getItem("polychat key"))).toBe('""');
	});
}
