/** The history: searching, filters, what was said around something, files, and what is known of a viewer. */

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import type { FeaturedMessage } from "../src/lib/bindings/FeaturedMessage";
import { kept, press } from "./control";
import { expect, rows as listed, test as base } from "./fixture";
import { author, chat, event } from "./frames";
import type { ScriptedServer } from "./scripted-server";

/** Noon of yesterday, so that days are told apart whenever this runs. */
const NOON = new Date(new Date().setHours(0, 0, 0, 0) - 12 * 3_600_000).getTime();

const test = base.extend<{ past: (...frames: FeaturedMessage[]) => Promise<void> }>({
	past: async ({ page, server }, use) => {
		await use(async (...frames) => {
			server.kept.history = frames.map((frame, n) => ({ id: n + 1, frame }));
			await page.goto(`${server.origin}/history`);
			await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
			await expect(shown(page)).toHaveText(/shown$/);
		});
	},
});

const rows = (page: Page) => page.locator("li[data-id]");
const shown = (page: Page) => page.getByRole("contentinfo").getByRole("status");
const field = (page: Page) => page.getByRole("searchbox");
const say = (name: string, text: string, minutes: number, more: { platform?: "twitch" | "youtube" | "tiktok"; identifier?: string } = {}) => chat(author(name), text, {}, { at: NOON + minutes * 60_000, ...more });
const searches = (server: ScriptedServer) => server.kept.asked.filter(([command]) => command === "search_history").map(([, what]) => what as Record<string, unknown>);

const SOME = () => [
	say("ana", "the first dragon", 0),
	say("bo", "a lighthouse", 1),
	say("cy", "der zweite Drache, a dragon", 2, { platform: "youtube", identifier: "nova" }),
	event("raid", { user: author("dee"), count: 30, text: "dee raids with 30" }, { at: NOON + 3 * 60_000, platform: "twitch" }),
	say("ana", "the third dragon", 24 * 60 + 4, { platform: "twitch", identifier: "sol" }),
] as FeaturedMessage[];

test("words, platforms, kinds, channels and times find what fits, the newest first and by days, and the address says it", async ({ page, server, past }) => {
	await past(...SOME());
	await expect(rows(page)).toHaveText([/third dragon/, /dee/, /zweite/, /lighthouse/, /first dragon/]);
	await expect(page.getByRole("heading", { level: 2 })).toHaveCount(2);
	await expect(page.getByText(/^Kept since/)).toBeVisible();
	await expect(rows(page).nth(2), "a line says where").toContainText("nova");
	await expect(rows(page).nth(1).locator("time"), "a card says when").toHaveText(/\d:03/);
	await field(page).fill("dragon");
	await expect(rows(page)).toHaveText([/third/, /zweite/, /first/]);
	await page.getByRole("group", { name: "Platform" }).getByRole("button", { name: "Twitch" }).click();
	await expect(rows(page)).toHaveText([/third/, /first/]);
	await page.getByRole("combobox", { name: "Channel" }).selectOption("luna · Twitch");
	await expect(rows(page)).toHaveText([/first/]);
	expect(searches(server).at(-1)).toEqual({ text: "dragon", platform: "twitch", channel: "luna", identifierType: "username", limit: 100 });
	await page.reload();
	await expect(rows(page), "the address says what is looked for").toHaveText([/first/]);
	await expect(field(page)).toHaveValue("dragon");
	await page.getByRole("group", { name: "Platform" }).getByRole("button", { name: "All" }).click();
	await field(page).fill("");
	await page.getByRole("group", { name: "Kind" }).getByRole("button", { name: "Events" }).click();
	await expect(rows(page)).toHaveText([/dee/]);
	await page.getByRole("group", { name: "Kind" }).getByRole("button", { name: "All" }).click();
	await page.getByRole("combobox", { name: "Time" }).selectOption("Today");
	await expect(rows(page)).toHaveText([/third/]);
	await page.getByRole("combobox", { name: "Time" }).selectOption("From … to …");
	await expect(rows(page), "yesterday, to begin with").toHaveCount(4);
	const time = (minutes: number) => new Date(NOON + minutes * 60_000 - new Date(NOON).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
	await page.getByLabel("From", { exact: true }).fill(time(1));
	await page.getByLabel("To", { exact: true }).fill(time(3));
	await expect(rows(page)).toHaveText([/zweite/, /lighthouse/]);
	await field(page).fill("nobody said this");
	await expect(page.getByText("Nothing found.")).toBeVisible();
});

test("more comes when the end comes near", async ({ page, past }) => {
	await past(...Array.from({ length: 350 }, (_, n) => say("ana", `message ${n}`, n / 10)));
	await expect(rows(page).first()).toContainText("message 349");
	await page.getByRole("main").focus();
	await expect(async () => {
		await page.keyboard.press("End");
		await expect(shown(page)).toHaveText("350 shown", { timeout: 500 });
	}).toPass();
	await expect(rows(page).last()).toContainText("message 0");
	await expect(page.getByRole("button", { name: "Show older" })).toHaveCount(0);
});

test("what was said around something is shown in its channel, more on either side, and back where one was", async ({ page, past }) => {
	await past(...Array.from({ length: 160 }, (_, n) => say("ana", n === 80 ? "the needle" : `hay ${n}`, n / 10, n % 2 ? { identifier: "elsewhere" } : {})));
	await field(page).fill("needle");
	await expect(rows(page)).toHaveCount(1);
	await rows(page).first().hover();
	await page.getByRole("button", { name: "In context" }).click();
	await expect(page.getByText("What was said around it in luna on Twitch")).toBeVisible();
	await expect(rows(page)).toHaveCount(51);
	await expect(page.locator("li[aria-current]")).toContainText("the needle");
	await expect(page.locator("li[aria-current]")).toBeInViewport();
	await expect(page.getByRole("button", { name: "Back to the search" })).toBeFocused();
	await expect(rows(page).first(), "the oldest first").toContainText("hay 30");
	await page.getByRole("button", { name: "Earlier" }).click();
	await expect(rows(page).first()).toContainText("hay 0");
	await page.getByRole("button", { name: "Later" }).click();
	await expect(rows(page)).toHaveCount(80);
	await expect(rows(page).filter({ hasText: "elsewhere" })).toHaveCount(0);
	await page.keyboard.press("Escape");
	await expect(rows(page)).toHaveText([/the needle/]);
	await expect(page.getByRole("button", { name: "In context" })).toBeFocused();
});

test("what was found is written into files of four kinds", async ({ page, past }) => {
	await past(
		say("ana", "=1+1, \"quoted\"", 0),
		say("bo", "二つ目 <i> & -->", 0.1),
		chat(author("cy"), "thanks", { metadata: { type: "super_chat", monetary_data: { amount: "5", currency: "USD", formatted: "$5.00", color: "#1e88e5", tier: 1, money: { micros: 5_000_000, currency: "USD" } } } as never }, { at: NOON + 60_000, platform: "youtube" }),
		say("dee", "not this", 2),
	);
	await page.getByRole("combobox", { name: "Time" }).selectOption("From … to …");
	const local = (ms: number) => new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString();
	await page.getByLabel("To", { exact: true }).fill(local(NOON + 120_000).slice(0, 16));
	await expect(rows(page)).toHaveCount(3);
	await page.getByRole("button", { name: "Export" }).click();
	const dialog = page.getByRole("dialog", { name: "What was found, as a file" });
	const write = async (kind: string) => {
		await dialog.getByRole("radio", { name: kind }).check();
		if (kind.startsWith("Subtitles")) await dialog.getByLabel("When the recording began").fill(local(NOON - 3_600_000).slice(0, 19));
		const waits = page.waitForEvent("download");
		await dialog.getByRole("button", { name: "Write the file" }).click();
		const file = await waits;
		return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
	};
	const csv = await write("Table (CSV)");
	expect(csv.name).toMatch(/^polychat-history-\d{4}-\d\d-\d\d\.csv$/);
	await expect(dialog.getByText("3 are in the file.")).toBeVisible();
	const iso = (ms: number) => new Date(NOON + ms).toISOString();
	expect(csv.text).toBe(
		"\uFEFFtime,platform,channel,kind,user_id,name,text,amount,currency\r\n"
		+ `${iso(0)},twitch,luna,chat,id-ana,ana,"'=1+1, ""quoted""",,\r\n`
		+ `${iso(6_000)},twitch,luna,chat,id-bo,bo,二つ目 <i> & -->,,\r\n`
		+ `${iso(60_000)},youtube,luna,super_chat,id-cy,cy,thanks,5,USD\r\n`,
	);
	const json = await write("JSON lines");
	expect(json.text.trim().split("\n").map((line) => JSON.parse(line).data.content.raw)).toEqual(["=1+1, \"quoted\"", "二つ目 <i> & -->", "thanks"]);
	const srt = await write("Subtitles (SRT)");
	expect(srt.name).toMatch(/\.srt$/);
	expect(srt.text).toBe("1\n01:00:00,000 --> 01:00:05,000\nana: =1+1, \"quoted\"\n\n2\n01:00:06,000 --> 01:00:11,000\nbo: 二つ目 <i> & →\n\n3\n01:01:00,000 --> 01:01:05,000\ncy ($5.00): thanks\n\n");
	const vtt = await write("Subtitles (WebVTT)");
	expect(vtt.text).toBe("WEBVTT\n\n01:00:00.000 --> 01:00:05.000\nana: =1+1, \"quoted\"\n\n01:00:06.000 --> 01:00:11.000\nbo: 二つ目 &lt;i&gt; &amp; →\n\n01:01:00.000 --> 01:01:05.000\ncy ($5.00): thanks\n\n");
});

test("a viewer's card tells how much, since when and what last, keeps a note, and finds everything of them", async ({ page, server, past }) => {
	await past(...SOME());
	await rows(page).first().hover();
	await page.getByRole("button", { name: "Viewer" }).first().click();
	const card = page.getByRole("dialog", { name: "ana" });
	await expect(card.getByRole("term").first().locator("xpath=following-sibling::dd")).toHaveText("2");
	await expect(card.getByRole("list", { name: "Last messages" }).getByRole("listitem")).toHaveText([/third dragon/, /first dragon/]);
	await card.getByLabel("Note").fill("paints dragons");
	await expect.poll(() => server.kept.notes).toEqual({ "twitch id-ana": "paints dragons" });
	await expect(card.getByText("Kept", { exact: true })).toBeVisible();
	await card.getByLabel("Note").fill("paints dragons, and more");
	await page.keyboard.press("Escape");
	await expect(card).toBeHidden();
	expect(server.kept.notes, "closing keeps what was typed last").toEqual({ "twitch id-ana": "paints dragons, and more" });
	await rows(page).first().hover();
	await page.getByRole("button", { name: "Viewer" }).first().click();
	await expect(card.getByLabel("Note")).toHaveValue("paints dragons, and more");
	await card.getByRole("button", { name: "All messages" }).click();
	await expect(rows(page)).toHaveText([/third dragon/, /first dragon/]);
	await page.getByRole("button", { name: "ana", exact: true }).click();
	await expect(rows(page).filter({ hasText: "lighthouse" }), "everybody again").toHaveCount(1);
	server.kept.refuses = "Another program has locked the file of the history.";
	await rows(page).first().hover();
	await page.getByRole("button", { name: "Viewer" }).first().click();
	await expect(page.getByRole("alert")).toContainText("Another program has locked");
});

test("a viewer's card is reached from the list of the control page, and the history from its foot", async ({ page, server, context }) => {
	server.kept.saved.channels = [kept("twitch", "luna")];
	server.kept.history = [{ id: 1, frame: say("ana", "long ago", 0) }];
	await page.goto(server.origin);
	await expect.poll(() => server.subscribes().length).toBe(1);
	server.socket.send(chat(author("ana"), "hello"), chat(author("new"), "hi"));
	await expect(listed(page)).toHaveCount(2);
	await press(page, listed(page).first(), "Viewer");
	const card = page.getByRole("dialog", { name: "ana" });
	await expect(card).toContainText("long ago");
	const opened = context.waitForEvent("page");
	await card.getByRole("button", { name: "All messages" }).click();
	const all = await opened;
	await expect(all.locator("li[data-id]")).toHaveText([/long ago/]);
	await card.getByRole("button", { name: "Close" }).click();
	await press(page, listed(page).nth(1), "Viewer");
	await expect(page.getByText("Nothing of this viewer is kept yet.")).toBeVisible();
	await page.keyboard.press("Escape");
	const history = context.waitForEvent("page");
	await page.getByRole("button", { name: "History", exact: true }).click();
	expect((await history).url()).toBe(`${server.origin}/history`);
});

test("without the key nothing is asked for; what the server refuses is told, and asked for again", async ({ page, server, past }) => {
	await past(...SOME());
	server.kept.refuses = "The disk with the file of the history is full.";
	await field(page).fill("dragon");
	await expect(page.getByRole("alert")).toContainText("is full");
	await page.getByRole("button", { name: "Try again" }).click();
	await expect(rows(page)).toHaveCount(3);
	server.gives = false;
	const before = server.kept.asked.length;
	await page.goto(`${server.origin}/history?q=dragon`);
	await expect(page.getByText("The history is for those who have the key.")).toBeVisible();
	await expect(page.getByRole("searchbox")).toHaveCount(0);
	expect(server.kept.asked.length).toBe(before);
	await page.getByRole("button", { name: "Enter the key" }).click();
	await expect(page.getByRole("dialog")).toBeVisible();
});

test("what strangers wrote and what is in an address is only text", async ({ page, past, server }) => {
	const evil = '<img src=x onerror="alert(1)">';
	await past(say(evil, `${evil} \u202e${"x".repeat(3_000)}`, 0, { identifier: evil }), event("raid", { user: author(evil), text: evil, count: 1 }, { at: NOON }) as FeaturedMessage);
	await expect(rows(page)).toHaveCount(2);
	await rows(page).last().hover();
	await page.getByRole("button", { name: "In context" }).last().click();
	await expect(page.getByText("What was said around it")).toBeVisible();
	await page.goto(`${server.origin}/history?platform=twitch&user=1&name=${encodeURIComponent(evil)}&channel=${encodeURIComponent(evil)}&q=${encodeURIComponent(evil)}`);
	await expect(page.getByText("Nothing found.")).toBeVisible();
	expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the page").toBe(true);
});
