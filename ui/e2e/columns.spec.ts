/** Lists beside the first one, and lists in windows of their own. */

import type { Page } from "@playwright/test";
import { expect, kept, log, rows, test } from "./control";
import { author, chat, event } from "./frames";

const column = (page: Page, number: number) => page.getByRole("region", { name: `List ${number}` });

async function add(page: Page) {
	await page.getByRole("button", { name: "Columns" }).click();
	await page.getByRole("menuitem", { name: "Add a column" }).click();
}

test("up to three lists stand side by side, each with its own choice, and come back with the page", async ({ page, server, control }) => {
	await page.setViewportSize({ width: 1400, height: 800 });
	await control(kept("twitch", "luna"), kept("youtube", "luna"));
	server.socket.send(chat(author("ana"), "hello"), event("raid", { user: author("kuro"), count: 12 }), chat(author("bo"), "what is it?"));
	await expect(rows(page)).toContainText(["hello"]);
	await add(page);
	await expect(column(page, 2).locator("[data-event=raid]")).toBeVisible();
	await expect(column(page, 2)).not.toContainText("hello");
	await add(page);
	await expect(column(page, 3)).toContainText("what is it?");
	await page.getByRole("button", { name: "Columns" }).click();
	await expect(page.getByRole("menuitem", { name: "Add a column" })).toHaveCount(0);
	await page.keyboard.press("Escape");
	await column(page, 3).getByRole("button", { name: "All", exact: true }).click();
	await expect(column(page, 3)).toContainText("hello");
	await column(page, 2).getByRole("button", { name: "Close the column" }).click();
	await expect(column(page, 3)).toHaveCount(0);
	await page.reload();
	await expect.poll(() => server.subscribes().length).toBe(4);
	server.socket.send(chat(author("ana"), "after"));
	await expect(column(page, 2)).toContainText("after");

	// Without room they wait for it.
	await page.setViewportSize({ width: 460, height: 800 });
	await expect(column(page, 2)).toHaveCount(0);
	await expect(rows(page).last()).toContainText("after");
	await page.setViewportSize({ width: 1400, height: 800 });
	await expect(column(page, 2)).toContainText("after");
});

test("each list stands still by itself", async ({ page, server, control }) => {
	await page.setViewportSize({ width: 1400, height: 700 });
	await control(kept("twitch", "luna"));
	await add(page);
	await column(page, 2).getByRole("button", { name: "All", exact: true }).click();
	for (let i = 0; i < 80; i++) server.socket.send(chat(author("a"), `message ${i}`));
	await expect(column(page, 2)).toContainText("message 79");
	const second = column(page, 2).getByRole("log");
	await second.focus();
	await page.keyboard.press("PageUp");
	await expect.poll(() => second.evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight)).toBeGreaterThan(100);
	server.socket.send(chat(author("a"), "the newest"));
	await expect(log(page).first()).toContainText("the newest");
	await expect(column(page, 2)).not.toContainText("the newest");
	await column(page, 2).getByRole("button", { name: /^1 new/ }).click();
	await expect(column(page, 2)).toContainText("the newest");
});

test("a list goes into a window of its own, with what it shows", async ({ page, context, server, control }) => {
	await page.setViewportSize({ width: 1400, height: 700 });
	await control(kept("twitch", "luna"));
	await add(page);
	const opened = context.waitForEvent("page");
	await column(page, 2).getByRole("button", { name: "Open in a window of its own" }).click();
	const popped = await opened;
	await expect(column(page, 2)).toHaveCount(0);
	await expect(popped.getByRole("button", { name: "Paid", exact: true })).toHaveAttribute("aria-pressed", "true");
	await expect(popped.getByRole("button", { name: "Events", exact: true })).toHaveAttribute("aria-pressed", "true");
	await expect.poll(() => server.subscribes().length).toBe(2);
	server.socket.send(chat(author("ana"), "hello"), event("raid", { user: author("kuro"), count: 12 }));
	await expect(popped.locator("[data-event=raid]")).toBeVisible();
	await expect(popped.getByRole("log")).not.toContainText("hello");
});

test("while no list is there, none can be put beside it", async ({ page, server }) => {
	await page.setViewportSize({ width: 1400, height: 700 });
	await page.goto(`${server.origin}/`);
	await expect(page.getByRole("heading", { name: "Polychat" })).toBeVisible();
	await page.getByRole("button", { name: "Columns" }).click();
	await expect(page.getByRole("menuitem", { name: "Open the list in a window of its own" })).toBeVisible();
	await expect(page.getByRole("menuitem", { name: "Add a column" })).toHaveCount(0);
});
