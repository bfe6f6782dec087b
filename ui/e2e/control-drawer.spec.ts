/** The drawer: what is set is kept, shown at once, and followed by everybody. */

import { drawer, expect, kept, openTab, test } from "./control";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const main = (server: { kept: { saved: { overlays: { name: string; look: string | null; values: Record<string, unknown> }[] } } }) => server.kept.saved.overlays[0]!;

test("a look and a size are kept once the hand rests, and the preview shows them", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	const preview = page.frameLocator('iframe[title^="Preview"]');
	await expect(preview.locator("#items.yt-live-chat-item-list-renderer > *").first()).toBeAttached();
	await preview.locator("html").evaluate(() => Object.assign(window, { before: true }));
	await drawer(page).getByRole("radio", { name: "Neon" }).check({ force: true });
	const size = drawer(page).getByRole("slider", { name: "Text size" });
	await size.fill("26");
	await size.fill("30");
	await expect.poll(() => main(server)).toMatchObject({ look: "neon", values: { fontSize: 30 } });
	expect(server.kept.asked.filter(([command]) => command === "change_overlay").length, "few commands for many changes").toBeLessThanOrEqual(2);
	await expect(preview.locator("html")).toHaveAttribute("data-look", "neon");
	expect(await preview.locator("html").evaluate((e) => e.style.getPropertyValue("--size"))).toBe("30px");
	expect(await preview.locator("html").evaluate(() => "before" in window), "drawn anew in place, not loaded anew").toBe(true);
	await drawer(page).getByRole("button", { name: "Text size: as the look has it" }).click();
	await expect.poll(() => main(server).values).toEqual({});
	await page.reload();
	await expect(drawer(page).getByRole("radio", { name: "Neon" })).toBeChecked();
});

test("filters are kept as words that the overlay reads", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await openTab(page, "Filters");
	await drawer(page).getByRole("switch", { name: "Follows" }).check();
	await drawer(page).getByRole("combobox", { name: "TikTok" }).selectOption("Hidden");
	await drawer(page).getByRole("combobox", { name: "Twitch" }).selectOption("Blurred");
	await drawer(page).getByLabel("Hide people").fill("@Spammer, other");
	await drawer(page).getByLabel("Hide people").blur();
	await expect.poll(() => main(server).values).toEqual({ shownKinds: "follow", hiddenKinds: "tiktok", blurred: "twitch", hiddenNames: "@Spammer, other" });
	await drawer(page).getByRole("combobox", { name: "TikTok" }).selectOption("Shown");
	await expect.poll(() => main(server).values).not.toHaveProperty("hiddenKinds");
});

test("links for OBS are copied and dragged; overlays are added and removed", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await openTab(page, "OBS");
	await drawer(page).getByRole("button", { name: "Copy the link of the overlay main" }).click();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${server.origin}/overlay/main`);
	await drawer(page).getByRole("radio", { name: /Corner/ }).check({ force: true });
	const handle = drawer(page).getByRole("link", { name: "Drag into OBS" });
	const query = new URL((await handle.getAttribute("href"))!).searchParams;
	expect(Object.fromEntries(query)).toEqual({ "layer-name": "Polychat", "layer-width": "600", "layer-height": "400" });

	await drawer(page).getByRole("button", { name: "Add an overlay" }).click();
	await page.keyboard.type("my side");
	await page.keyboard.press("Enter");
	await expect(drawer(page).getByRole("alert")).toHaveText("Use letters, digits, - and _ only: the name is part of the link.");
	await drawer(page).getByLabel("Name of the new overlay").fill("side");
	await page.keyboard.press("Enter");
	await expect(drawer(page).getByRole("textbox", { name: "Link of the overlay side" })).toHaveValue(/\/overlay\/side$/);
	await openTab(page, "Look");
	await expect(drawer(page).getByRole("combobox", { name: "Overlay" })).toHaveValue("side");
	await drawer(page).getByText("Glass", { exact: true }).click();
	await expect.poll(() => server.kept.saved.overlays.map((o) => o.look)).toEqual([null, "glass"]);
	await openTab(page, "OBS");
	await drawer(page).getByRole("button", { name: "Remove the overlay side" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
	await expect.poll(() => server.kept.saved.overlays.map((o) => o.name)).toEqual(["main"]);
	await expect(drawer(page).getByRole("textbox", { name: "Link of the overlay side" })).toBeHidden();
});

test("everything goes into a file and comes out of one", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await openTab(page, "Settings");
	const download = page.waitForEvent("download");
	await drawer(page).getByRole("button", { name: "Export" }).click();
	expect((await download).suggestedFilename()).toMatch(/^polychat-\d{4}-\d\d-\d\d\.json$/);
	await drawer(page).getByRole("button", { name: "Import" }).click();
	const chooser = page.waitForEvent("filechooser");
	await page.getByRole("dialog").getByRole("button", { name: "Choose a file" }).click();
	await (await chooser).setFiles({ name: "polychat.json", mimeType: "application/json", buffer: Buffer.from('{"a":1}') });
	await expect.poll(() => server.kept.asked.at(-1)).toEqual(["import", { text: '{"a":1}' }]);
	await expect(drawer(page).getByText("Everything is as the file has it.")).toBeVisible();
	for (const host of ["www.youtube.com", "irc-ws.chat.twitch.tv", "webcast.tiktok.com", "7tv.io"]) await expect(drawer(page).getByText(host, { exact: true })).toBeVisible();
});

test("in a browser there is nothing of what only the desktop program has", async ({ page, control }) => {
	await control(kept("twitch", "luna"));
	await expect(page.getByRole("tab")).toHaveText(["Look", "Filters", "OBS", "Settings"]);
	await expect(page.getByRole("switch", { name: "Overlay" })).toHaveCount(0);
	await openTab(page, "Settings");
	await expect(drawer(page).getByText("Start with the computer")).toHaveCount(0);
});

test("the drawer lies over the list on narrow pages, and the rail on phones; Escape closes them", async ({ page, control }) => {
	await page.setViewportSize({ width: 1000, height: 700 });
	await control(kept("twitch", "luna"));
	await expect(drawer(page)).toBeHidden();
	await page.getByRole("button", { name: "Settings of the overlay" }).click();
	await expect(drawer(page)).toBeInViewport();
	await page.getByRole("tab", { name: "Look" }).focus();
	await page.keyboard.press("ArrowRight");
	await expect(page.getByRole("tab", { name: "Filters" })).toBeFocused();
	await page.keyboard.press("Escape");
	await expect(drawer(page)).toBeHidden();
	await page.setViewportSize({ width: 400, height: 700 });
	const rail = page.getByRole("complementary", { name: "Channels", includeHidden: true });
	await expect(rail).not.toBeInViewport();
	await page.getByRole("button", { name: "Channels 1" }).click();
	await expect(rail).toBeInViewport();
	await page.keyboard.press("Escape");
	await expect(rail).not.toBeInViewport();
	for (const width of [400, 760, 900, 1280, 2560]) {
		await page.setViewportSize({ width, height: 700 });
		expect(await page.evaluate(() => document.documentElement.scrollWidth), `nothing sticks out at ${width}`).toBeLessThanOrEqual(width);
	}
});
