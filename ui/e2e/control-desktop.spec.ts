/** What the control page has in the desktop program: windows, keys, questions that are asked once. */

import { card, drawer, expect, kept, openTab, rows, test } from "./control";
import { desktopOf, openDesktop } from "./control-desktop";
import { author, chat } from "./frames";

test("the overlay's window is shown by the switch and by its tab, and changes are told", async ({ page, server }) => {
	const behind = await openDesktop(page, server, desktopOf(server), kept("twitch", "luna"));
	await expect(card(page, "luna")).toContainText("Live");
	await page.getByRole("switch", { name: "Overlay", exact: true }).check();
	await expect.poll(() => behind.asked.at(-1)).toEqual(["show_overlay", { name: "main", on: true }]);
	await openTab(page, "My screen");
	await expect(drawer(page).getByRole("switch", { name: "Shown" })).toBeChecked();
	await drawer(page).getByRole("slider", { name: "Opacity" }).fill("60");
	await expect.poll(() => behind.saved.overlays[0]?.window.opacity).toBe(60);
	await drawer(page).getByRole("button", { name: "Move to the middle of the screen" }).click();
	await expect.poll(() => behind.asked.at(-1)).toEqual(["center_overlay", { name: "main" }]);
	behind.tell(desktopOf(server));
	await expect(page.getByRole("switch", { name: "Overlay", exact: true })).not.toBeChecked();
});

test("before the first lock it is said how to get out again", async ({ page, server }) => {
	const behind = await openDesktop(page, server, desktopOf(server, { windows: [{ name: "main", locked: false }] }), kept("twitch", "luna"));
	await openTab(page, "My screen");
	const lock = drawer(page).getByRole("switch", { name: /Locked/ });
	await lock.click();
	const dialog = page.getByRole("dialog");
	await expect(dialog).toContainText("F7");
	expect(behind.asked.some(([command]) => command === "lock_overlay")).toBe(false);
	await dialog.getByRole("button", { name: "Lock it" }).click();
	await expect(lock).toBeChecked();
	expect(behind.saved.settings.knowsHowToUnlock).toBe(true);
	await lock.click();
	await expect(lock).not.toBeChecked();
	await lock.click();
	await expect(lock, "and once only").toBeChecked();
});

test("a lock that is refused is told in words, and the switch does not lie", async ({ page, server }) => {
	const behind = await openDesktop(page, server, desktopOf(server, { windows: [{ name: "main", locked: false }] }), kept("twitch", "luna"));
	behind.saved.settings.knowsHowToUnlock = true;
	await page.reload();
	await openTab(page, "My screen");
	const lock = drawer(page).getByRole("switch", { name: /Locked/ });
	await expect(lock).toBeVisible();
	behind.refuses = "Another program holds Ctrl+Alt+F7. Choose another key first.";
	await lock.click();
	await expect(page.getByText("Another program holds Ctrl+Alt+F7.").first()).toBeVisible();
	await expect(lock).not.toBeChecked();
});

test("keys are recorded by pressing them; conflicts and problems are told", async ({ page, server }) => {
	const desktop = desktopOf(server);
	desktop.hotkeys[1]!.problem = "Another program holds these keys.";
	const behind = await openDesktop(page, server, desktop, kept("twitch", "luna"));
	await openTab(page, "My screen");
	await expect(drawer(page).getByText("Another program holds these keys.")).toBeVisible();
	const clear = drawer(page).getByRole("button", { name: /^Clear overlays:/ });
	await clear.click();
	await page.keyboard.press("Control+Alt+F7");
	await expect(drawer(page).getByText("That is “Lock or unlock” already.")).toBeVisible();
	await page.keyboard.press("a");
	await expect(drawer(page).getByText("Hold Ctrl, Alt or Super too")).toBeVisible();
	await page.keyboard.press("Control+Alt+Delete");
	await expect(clear).toHaveAccessibleName(/Ctrl \+ Alt \+ Del/);
	expect(behind.asked.at(-1)).toEqual(["change_hotkey", { action: "clear", keys: "Ctrl+Alt+Delete" }]);
	await drawer(page).getByRole("button", { name: "No keys for: Clear overlays" }).click();
	await expect(clear).toHaveAccessibleName(/no keys/);
});

test("limits of the system, and a port that was taken, are sentences", async ({ page, server }) => {
	const limits = [
		{ kind: "transparency" as const, text: "No compositor runs: turn one on." },
		{ kind: "capture" as const, text: "This system cannot hide windows from recordings." },
	];
	await openDesktop(page, server, desktopOf(server, { limits, usualPort: 7117 }), kept("twitch", "luna"));
	const port = new URL(server.origin).port;
	await page.getByRole("button", { name: `Port 7117 was taken; links carry ${port}` }).click();
	await expect(drawer(page)).toContainText("Another program holds port 7117");
	await openTab(page, "My screen");
	await expect(drawer(page)).toContainText("No compositor runs: turn one on.");
	await expect(drawer(page)).toContainText("This system cannot hide windows from recordings.");
});

test("TikTok's own page is asked for once, when TikTok shuts every other way", async ({ page, server }) => {
	server.answer = (request, socket) => {
		if (request.type !== "subscribe") return;
		socket.send(
			{ type: "status", status: "subscribed", platform: "tiktok", identifier: "@luna", channel: "@luna", identifierType: "username" },
			{ type: "status", status: "reconnecting", platform: "tiktok", identifier: "@luna", cause: "TikTok refuses to let Polychat in as a guest. Allow its own page to be opened.", code: "CONSENT_NEEDED", retry_in_ms: 300_000 },
		);
	};
	const behind = await openDesktop(page, server, desktopOf(server), kept("tiktok", "@luna"));
	const question = page.getByRole("region", { name: "A question about TikTok" });
	await expect(question).toContainText("hidden window");
	await question.getByRole("button", { name: "Agree" }).click();
	await expect(question).toBeHidden();
	expect(behind.saved.settings.tiktokPage).toBe(true);
	await openTab(page, "Settings");
	await expect(drawer(page).getByRole("switch", { name: /TikTok/ })).toBeChecked();
	await drawer(page).getByRole("switch", { name: /TikTok/ }).uncheck();
	await expect.poll(() => behind.saved.settings.tiktokPage).toBe(false);
	await expect(question, "an answer stays").toBeHidden();
});

test("starting with the computer is offered once a channel was live", async ({ page, server }) => {
	const behind = await openDesktop(page, server, desktopOf(server), kept("twitch", "luna"));
	const question = page.getByRole("region", { name: "A question about starting" });
	await question.getByRole("button", { name: "Start with it" }).click();
	await expect(question).toBeHidden();
	expect(behind.saved.settings.startWithSystem).toBe(true);
	await openTab(page, "Settings");
	await expect(drawer(page).getByRole("switch", { name: "Start with the computer" })).toBeChecked();
	await drawer(page).getByRole("button", { name: "Export" }).click();
	await expect(drawer(page).getByText("Written to Documents/polychat.json.")).toBeVisible();
});

test("the file that waits in OBS is written where the person wants it, and a moved port is in the sources already", async ({ page, server }) => {
	const behind = await openDesktop(page, server, desktopOf(server, { usualPort: 7117 }), kept("twitch", "luna"));
	await openTab(page, "OBS");
	await drawer(page).getByRole("button", { name: "Save the file" }).click();
	await expect(drawer(page).getByText("Written to Documents/polychat-main.html.")).toBeVisible();
	expect(behind.asked.at(-1)).toEqual(["save_loader", { name: "main" }]);
	await expect(drawer(page)).toContainText("paste the new links into OBS");
	for (const socket of server.sockets) socket.send({ type: "obs", link: "connected", streaming: false, recording: false, sources: [], pages: [] });
	await expect(drawer(page)).toContainText("The sources in OBS were given the new links.");
});

test("links leave the window for the system's browser", async ({ page, server }) => {
	const behind = await openDesktop(page, server, desktopOf(server), kept("twitch", "luna"));
	await openTab(page, "OBS");
	await drawer(page).getByRole("link", { name: "Drag into OBS" }).click();
	await expect.poll(() => behind.asked.at(-1)?.[0]).toBe("open_link");
	expect(page.url()).toBe(`${server.origin}/`);
});

test("a program that does not say where its server is gets a sentence, and another try", async ({ page, server }) => {
	const desktop = desktopOf(server);
	const behind = await openDesktop(page, server, desktop, kept("twitch", "luna"));
	await expect(card(page, "luna")).toContainText("Live");
	behind.refuses = "The server has not started.";
	await page.reload();
	await expect(page.getByRole("heading", { name: "Polychat is not ready" })).toBeVisible();
	await expect(page.getByRole("main")).toContainText("The server has not started.");
	await page.getByRole("button", { name: "Try again" }).click();
	await expect(card(page, "luna")).toContainText("Live");
});

test("keys of the whole system read messages out, with the system's voice where the page has none", async ({ page, server }) => {
	const behind = await openDesktop(page, server, desktopOf(server, { speaks: true }), kept("twitch", "luna"));
	await expect(card(page, "luna")).toContainText("Live");
	server.socket.send(chat(author("ana"), "one"), chat(author("bo"), "two"));
	await expect(rows(page).last()).toContainText("two");
	const read = () => behind.asked.filter(([command]) => command === "say").map(([, request]) => (request as { text: string }).text);
	behind.press("sayNext");
	await expect.poll(read).toEqual(["bo: two"]);
	behind.press("sayPrevious");
	behind.press("sayNextGroup");
	await expect.poll(read).toEqual(["bo: two", "ana: one", "Chat, 2 messages. bo: two"]);
	// Whoever has pressed such keys has turned it on.
	await openTab(page, "Settings");
	const reader = drawer(page).getByRole("combobox", { name: "Read out by" });
	await expect(reader).toHaveValue("voice");
	await expect(drawer(page)).toContainText("keys that work in the game");
	await reader.selectOption({ label: "Nobody" });
	await expect.poll(read).toHaveLength(4);
	expect(read().at(-1), "it falls silent").toBe("");
});
