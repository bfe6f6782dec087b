/** The control page in a browser: channels that are kept, added, paused and removed; and what it may not do without its key. */

import { card, expect, field, kept, log, rail, rows, test } from "./control";
import { author, chat, event, viewers } from "./frames";
import { live } from "./scripted-server";

test("kept channels are read, and a change elsewhere is followed", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"), kept("youtube", "@nova"));
	await expect(card(page, "luna")).toContainText("Live");
	server.socket.send(viewers(1204), chat(author("ana"), "hello there"));
	await expect(card(page, "luna")).toContainText("1,204");
	await expect(rows(page)).toContainText(["hello there"]);

	server.kept.saved.channels = [kept("twitch", "luna"), kept("tiktok", "@kuro")];
	server.news();
	await expect(card(page, "@kuro")).toContainText("Live");
	await expect(card(page, "@nova")).toBeHidden();
	expect(server.requests.map((r) => `${r.type} ${"identifier" in r ? r.identifier : ""}`)).toEqual(["subscribe luna", "subscribe @nova", "unsubscribe @nova", "subscribe @kuro"]);
	await page.reload();
	await expect(card(page, "luna")).toContainText("Live");
});

test("a link is added at once by Enter, or by pasting it", async ({ page, server, control }) => {
	await control();
	await field(page).fill("https://www.youtube.com/@Somebody/live");
	await page.keyboard.press("Enter");
	await expect.poll(() => server.kept.asked.at(-1)).toEqual(["add_channel", { platform: "youtube", identifier: "https://www.youtube.com/@Somebody/live", identifierType: "username" }]);
	await expect(field(page)).toHaveValue("");
	await expect(field(page)).toBeFocused();
	await field(page).evaluate((input) => {
		const data = new DataTransfer();
		data.setData("text", "https://www.twitch.tv/Luna");
		input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
	});
	await expect(card(page, "twitch.tv/luna")).toContainText("Live");
});

test("of a plain name each platform says what it knows; the keys choose, and what is not chosen is left", async ({ page, server, control }) => {
	const dot = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
	await page.route("https://pictures.example/**", (route) => route.fulfill({ contentType: "image/png", body: dot }));
	await control();
	server.answer = (request, socket) => {
		if (request.type !== "subscribe") return;
		if (request.platform === "tiktok") socket.send({ type: "error", code: "STREAM_NOT_FOUND", error: "No.", platform: "tiktok", identifier: "luna" });
		else if (request.platform === "youtube") socket.send({ type: "status", status: "waiting", platform: "youtube", identifier: "luna", owner: { display_name: "Luna paints", avatar_url: "https://pictures.example/luna.png" } });
		else socket.send(...live("twitch", "luna"), viewers(862));
	};
	await field(page).fill("luna");
	const offers = rail(page).getByRole("listbox").getByRole("option");
	await expect(offers).toHaveText([/Twitch\s*Live, 862 watching/, /YouTube\s*Not live/, /TikTok\s*Not found/]);
	await expect(offers.nth(1).locator("img"), "the face that the platform shows, of one that is not live, too").toHaveJSProperty("naturalWidth", 1);
	await expect(offers.nth(0).locator("img"), "a letter where there is none").toHaveCount(0);
	const before = server.sockets.length;
	expect(before, "on a socket of their own").toBe(2);
	await page.keyboard.press("Enter");
	expect(server.kept.asked.some(([command]) => command === "add_channel"), "one Enter chooses").toBe(false);
	await page.keyboard.press("Enter");
	await expect(card(page, "luna")).toContainText("Live");
	await expect(offers).toHaveCount(0);
	await expect.poll(() => server.sockets[1]!.socket.readyState, "the other socket is closed").toBe(3);
	expect(server.kept.saved.channels).toEqual([kept("twitch", "luna")]);
});

test("what cannot be a channel, and what the server refuses, is told in words", async ({ page, server, control }) => {
	await control();
	await field(page).fill("two words");
	await page.keyboard.press("Enter");
	await expect(rail(page).getByRole("alert")).toHaveText("A channel name has no spaces. Paste the channel’s link instead.");
	server.kept.refuses = "50 channels are followed. Remove one first.";
	await field(page).fill("twitch.tv/luna");
	await page.keyboard.press("Enter");
	await expect(rail(page).getByRole("alert")).toHaveText("50 channels are followed. Remove one first.");
	await expect(field(page)).toHaveValue("twitch.tv/luna");
	await page.keyboard.press("Escape");
	await expect(rail(page).getByRole("alert")).toBeHidden();
});

test("a channel is paused, goes on and is removed, by keys alone", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await expect(card(page, "luna")).toContainText("Live");
	const menu = card(page, "luna").getByRole("button", { name: "What to do with luna" });
	await menu.focus();
	await page.keyboard.press("Enter");
	await page.getByRole("menuitem", { name: "Pause" }).press("Enter");
	await expect(card(page, "luna")).toContainText("Paused");
	expect(server.requests.at(-1)).toMatchObject({ type: "unsubscribe", identifier: "luna" });
	await menu.press("Enter");
	await expect(page.getByRole("menuitem", { name: "Go on" })).toBeFocused();
	await page.keyboard.press("Enter");
	await expect(card(page, "luna")).toContainText("Live");
	await menu.press("Enter");
	await expect(page.getByRole("menuitem", { name: "Pause" })).toBeFocused();
	await page.keyboard.press("End");
	await expect(page.getByRole("menuitem", { name: "Remove" })).toBeFocused();
	await page.keyboard.press("Enter");
	await expect(card(page, "luna")).toBeHidden();
	expect(server.kept.saved.channels).toEqual([]);
});

test("channels are put in another order", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"), kept("youtube", "@nova"));
	await expect(rail(page).getByRole("listitem")).toHaveText([/luna/, /@nova/]);
	await card(page, "@nova").getByRole("button", { name: "What to do with @nova" }).click({ force: true });
	await page.getByRole("menuitem", { name: "Move up" }).click();
	await expect(rail(page).getByRole("listitem")).toHaveText([/@nova/, /luna/]);
	expect(server.requests.filter((r) => r.type === "unsubscribe"), "nothing is left for that").toEqual([]);
});

test("the first start says the one next step; the demo is one button where it is played", async ({ page, server, control }) => {
	server.told = { demo: true };
	await control();
	await page.getByRole("button", { name: "Add a channel", exact: true }).click();
	await expect(field(page)).toBeFocused();
	await page.getByRole("button", { name: "Watch the demo" }).click();
	await expect.poll(() => server.subscribes().map((r) => `${r.platform} ${r.identifier}`)).toEqual(["twitch polychat-demo", "youtube polychat-demo", "tiktok polychat-demo"]);
	await expect(log(page)).toBeVisible();
});

test("without its key the page shows everything and changes nothing", async ({ page, server, control }) => {
	server.gives = false;
	await control(kept("twitch", "luna"));
	await expect(card(page, "luna")).toContainText("Live");
	await expect(page.getByText("This page may only look.")).toBeVisible();
	await expect(field(page)).toBeHidden();
	await expect(page.getByRole("button", { name: "Clear", exact: true })).toBeDisabled();
	expect(server.kept.asked).toEqual([]);
});

test("notices about the file, and a lost connection, are told in words", async ({ page, server, control }) => {
	server.told = { notices: ["The settings file was damaged. The backup of 24 November is in use."] };
	await control(kept("twitch", "luna"));
	await expect(page.getByText("The backup of 24 November is in use.")).toBeVisible();
	await page.getByRole("button", { name: "I have read this" }).click();
	await expect(page.getByText("The backup of 24 November is in use.")).toBeHidden();
	server.socket.cut();
	await expect(page.getByRole("contentinfo")).toContainText(/Reconnecting|Connecting/);
	await expect.poll(() => server.sockets.length).toBeGreaterThan(1);
	await expect(card(page, "luna")).toContainText("Live");
});

test("clear and pause reach all overlays, and the list stays", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await expect(card(page, "luna")).toContainText("Live");
	server.socket.send(chat(author("ana"), "stays"));
	await expect(rows(page)).toHaveCount(1);
	await page.keyboard.press("Control+Shift+Delete");
	await expect(page.getByText("Overlays are empty.")).toBeVisible();
	expect(server.kept.asked.at(-1)).toEqual(["change_stage", { clear: true }]);
	await expect(rows(page)).toHaveCount(1);
	await page.getByRole("button", { name: "Pause overlays" }).click();
	await expect(page.getByText("Overlays stand still. What comes meanwhile waits.")).toBeVisible();
	await page.getByRole("button", { name: "Go on", exact: true }).click();
	await expect(page.getByText("Overlays stand still.")).toBeHidden();
	expect(server.kept.stage.paused).toBe(false);
});

test("the foot adds up who watches and what is said", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"), kept("youtube", "luna"));
	await expect(card(page, "luna").first()).toContainText("Live");
	const yt = { platform: "youtube" as const };
	server.socket.send(viewers(1000), viewers(204, yt), chat(author("a"), "x"), chat(author("b"), "y", {}, yt), event("raid", { user: author("c"), count: 2 }));
	const foot = page.getByRole("contentinfo");
	await expect(foot).toContainText("Viewers 1,204");
	await expect(foot).toContainText("2/min");
	await expect(foot).toContainText(`Port ${new URL(server.origin).port}`);
});

test("a page of an earlier start of the program says so, and goes on to read", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await expect(card(page, "luna")).toContainText("Live");
	server.token = "another-key-of-another-start-of-it";
	server.socket.cut();
	await expect(page.getByText("Polychat was started anew.")).toBeVisible();
	await expect(card(page, "luna")).toContainText("Live");
	await page.getByRole("button", { name: "Reload" }).click();
	await expect(page.getByText("Polychat was started anew.")).toBeHidden();
	await page.getByRole("button", { name: "Pause overlays" }).click();
	await expect.poll(() => server.kept.stage.paused).toBe(true);
});
