/** Languages: the system's at first, the one that is set at once and everywhere, and an overlay's own. */

import { drawer, expect, kept, test as control } from "./control";
import { author, chat, event } from "./frames";
import { messages, test as overlay } from "./overlay";

control.describe("a system that speaks Indonesian", () => {
	control.use({ locale: "id-ID" });

	control("has its pages in Indonesian, with its own numbers and times", async ({ page, server }) => {
		server.kept.saved.channels = [kept("twitch", "luna")];
		await page.goto(`${server.origin}/`);
		await expect(page.getByRole("combobox", { name: "Tambah channel atau link" })).toBeVisible();
		await expect(page.locator("html")).toHaveAttribute("lang", "id");
		await expect(page.locator("html")).toHaveAttribute("dir", "ltr");
		await expect.poll(() => server.subscribes().length).toBe(1);
		server.socket.send(event("raid", { user: author("Ana"), count: 1_214 }));
		await expect(page.getByRole("log")).toContainText("1.214 penonton");
		await page.goto(`${server.origin}/test`);
		await expect(page.getByRole("heading", { name: "Baca live chat apa saja" })).toBeVisible();
		await expect(page).toHaveTitle("Polychat: coba chat");
	});

	control("says in its own words what the server refuses in English", async ({ page, server }) => {
		await page.goto(`${server.origin}/`);
		await page.getByRole("button", { name: "Tambah channel" }).click();
		server.kept.refuses = "An overlay dims after a day at most.";
		await page.keyboard.type("twitch.tv/luna");
		await page.keyboard.press("Enter");
		await expect(page.getByRole("complementary").getByRole("alert")).toHaveText("Itu tidak berhasil: “An overlay dims after a day at most.”");
	});
});

control("a language that is chosen is there at once, in all pages, and after a reload", async ({ page, context, server, control: open }) => {
	await open(kept("twitch", "luna"));
	const other = await context.newPage();
	await other.goto(`${server.origin}/test`);
	server.socket.send(chat(author("Ana"), "hello"));
	await page.evaluate(() => Object.assign(window, { before: true }));
	await page.getByRole("tab", { name: "Settings" }).click();
	await drawer(page).getByRole("combobox", { name: "Language" }).selectOption("Bahasa Indonesia");
	await expect(page.getByRole("tab", { name: "Pengaturan" })).toBeVisible();
	await expect(page.locator("html")).toHaveAttribute("lang", "id");
	expect(server.kept.saved.settings.language).toBe("id");
	expect(await page.evaluate(() => "before" in window), "nothing was loaded anew").toBe(true);
	await expect(other.getByRole("heading", { name: "Baca live chat apa saja" })).toBeVisible();
	await page.reload();
	await expect(page.getByRole("tab", { name: "Pengaturan" })).toBeVisible();
	await page.getByRole("tab", { name: "Pengaturan" }).click();
	await page.getByRole("combobox", { name: "Bahasa", exact: true }).selectOption("Ikut sistem");
	await expect(page.getByRole("tab", { name: "Settings" })).toBeVisible();
	expect(server.kept.saved.settings.language).toBeNull();
});

control("a page that follows nothing asks the server for the language", async ({ page, server }) => {
	server.health = { ...server.health, language: "id" };
	await page.goto(`${server.origin}/test`);
	await expect(page.getByRole("heading", { name: "Baca live chat apa saja" })).toBeVisible();
});

overlay("an overlay speaks its own language, and loads the words of no page", async ({ page, server, overlay: open }) => {
	const asked: string[] = [];
	page.on("request", (request) => asked.push(new URL(request.url()).pathname));
	await open("?twitch=luna&lang=id");
	server.socket.send(event("raid", { user: author("Ana"), count: 1_214 }), chat(author("Ana"), "hello"));
	await expect(messages(page)).toHaveCount(1);
	await expect(page.locator("[data-event-type=raid] #header-subtext")).toHaveText("Raid datang 1.214 penonton");
	await expect(page.locator("html")).toHaveAttribute("lang", "id");
	expect(asked.filter((path) => /words-/.test(path)).length, "one file of words").toBe(1);
});

overlay("another language for an overlay draws anew what is there", async ({ page, server }) => {
	server.kept.saved.channels = [kept("twitch", "luna")];
	await page.goto(`${server.origin}/overlay/main`);
	await expect.poll(() => server.subscribes().length).toBe(1);
	server.socket.send(event("raid", { user: author("Ana"), count: 2 }));
	const card = page.locator("[data-event-type=raid] #header-subtext");
	await expect(card).toHaveText("Raid arrives 2 viewers");
	server.kept.saved.overlays = server.kept.saved.overlays.map((o) => ({ ...o, values: { lang: "id" } }));
	server.news();
	await expect(card).toHaveText("Raid datang 2 penonton");
	server.kept.saved.overlays = server.kept.saved.overlays.map((o) => ({ ...o, values: { lang: "ar" } }));
	server.news();
	await expect(card, "a language without words has English ones").toContainText("Raid arrives");
	await expect(page.locator("html")).toHaveAttribute("lang", "ar");
});
