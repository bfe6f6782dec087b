/** Statistics: numbers, charts and lists of all channels or of one, as they change. */

import type { Page } from "@playwright/test";
import type { FeaturedMessage } from "../src/lib/bindings/FeaturedMessage";
import { kept } from "./control";
import { chatter, luna, nova, series, stats, wave } from "./counted";
import { expect, test as base } from "./fixture";
import { author, chat } from "./frames";
import { live } from "./scripted-server";

const test = base.extend<{ statistics: (...frames: ReturnType<typeof stats>[]) => Promise<void> }>({
	statistics: async ({ page, server }, use) => {
		await use(async (...frames) => {
			const before = server.subscribes().length;
			server.kept.saved.channels = frames.map((f) => kept(f.platform, f.identifier));
			await page.goto(`${server.origin}/statistics`);
			await expect.poll(() => server.subscribes().length).toBe(before + frames.length);
			server.socket.send(...frames);
		});
	},
});

const tile = (page: Page, name: string) => page.getByRole("term").filter({ hasText: name }).locator("xpath=following-sibling::dd");
/** How many pixels of each chart have the colour of a line. */
const drawn = (page: Page, token: string) =>
	page.locator(".u-wrap canvas").evaluateAll((charts, name) => {
		const probe = document.createElement("canvas").getContext("2d")!;
		probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
		probe.fillRect(0, 0, 1, 1);
		const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
		return charts.map((chart) => {
			const { width, height } = chart as HTMLCanvasElement;
			const { data } = (chart as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
			let count = 0;
			for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) count++;
			return count;
		});
	}, token);

test("numbers, charts and lists are those of all channels, or of the one that is chosen", async ({ page, server, statistics }) => {
	await statistics(luna(), nova());
	await expect(tile(page, "Messages").first()).toContainText("1,500");
	await expect(tile(page, "Messages per minute")).toContainText("50");
	await expect(tile(page, "People who wrote")).toContainText("380");
	await expect(tile(page, "Viewers")).toContainText("1,300");
	const list = (name: string) => page.getByRole("list", { name }).getByRole("listitem");
	await expect(list("Most messages")).toHaveText([/ana.*30/, /ana.*20/, /bo.*12/]);
	await expect(list("Messages by platform")).toHaveText([/Twitch.*1,200/, /YouTube.*300/]);
	await expect(list("Most used emotes")).toHaveText([/Kappa.*99/]);
	await expect(list("What happened")).toHaveText([/Subscriptions.*5/, /Raids.*2/]);
	await expect(page.getByRole("table")).toContainText("$12.50");
	await expect(page.getByRole("table")).toContainText("¥1,000");
	await expect(page.getByRole("row", { name: /Bits/ })).toContainText("500");
	await expect(page.locator(".u-wrap canvas")).toHaveCount(2);
	const [rate, watching] = await drawn(page, "--twitch");
	expect(Math.min(rate!, watching!), "Twitch's line is in both charts").toBeGreaterThan(100);
	expect((await drawn(page, "--youtube"))[0], "YouTube's line, too").toBeGreaterThan(50);
	await page.getByRole("combobox", { name: "Channel" }).selectOption("nova · YouTube");
	await expect(tile(page, "Messages").first()).toContainText("300");
	await expect(list("Most messages")).toHaveText([/ana.*20/]);
	expect((await drawn(page, "--twitch"))[0]).toBe(0);
	await page.getByRole("link", { name: "History" }).click();
	expect(page.url()).toBe(`${server.origin}/history`);
});

test("what changes is shown as it comes, in the charts that are there; the pointer reads them", async ({ page, server, statistics }) => {
	await statistics(luna());
	await expect(tile(page, "Messages").first()).toContainText("1,200");
	const chart = page.locator(".u-wrap").first();
	await chart.evaluate((element) => (element.dataset.same = ""));
	const before = await drawn(page, "--twitch");
	const more = luna();
	more.data.totalMessages = 1_201;
	more.data.messagesPerMinute.series = series(wave(120, 900));
	server.socket.send(more);
	await expect(tile(page, "Messages").first()).toContainText("1,201");
	await expect(chart).toHaveAttribute("data-same", "");
	await expect.poll(() => drawn(page, "--twitch")).not.toEqual(before);
	await chart.locator(".u-over").hover();
	await expect(page.locator(".u-legend").first()).toContainText(/Twitch\s*\d/);
	server.socket.cut();
	await expect(page.getByText("The connection to Polychat is lost")).toBeVisible();
	await expect(tile(page, "Messages").first(), "what was told stays").toContainText("1,201");
});

test("the first minute is a point, before there is a line", async ({ page, statistics }) => {
	await statistics(stats("twitch", "luna", { totalMessages: 3, messagesPerMinute: { now: 3, fiveMinutes: 3, series: series([3, 1]) } }));
	await expect(page.locator(".u-wrap canvas")).toHaveCount(1);
	expect((await drawn(page, "--twitch"))[0]).toBeGreaterThan(5);
});

test("somebody of the list has a card", async ({ page, server, statistics }) => {
	server.kept.history = [{ id: 1, frame: chat(author("ana"), "long ago", {}, { at: 1_700_000_000_000 }) as FeaturedMessage }];
	await statistics(luna());
	await page.getByRole("button", { name: "ana" }).click();
	await expect(page.getByRole("dialog", { name: "ana" })).toContainText("long ago");
	await page.keyboard.press("Escape");
	server.gives = false;
	await page.reload();
	await expect.poll(() => server.subscribes().length).toBe(2);
	server.socket.send(luna());
	await expect(page.getByRole("list", { name: "Most messages" })).toContainText("ana");
	await expect(page.getByRole("button", { name: "ana" }), "not for whoever may only look").toHaveCount(0);
});

test("it says why there is nothing, and what strangers are called is only text", async ({ page, server, statistics }) => {
	await page.goto(`${server.origin}/statistics`);
	await expect(page.getByText("You follow no channel yet.")).toBeVisible();
	server.answer = (request, socket) => {
		if (request.type === "subscribe") socket.send(...live(request.platform ?? "youtube", request.identifier).map((f) => ({ ...f, storage_type: "sqlite" as const })));
	};
	server.kept.saved.channels = [kept("twitch", "luna")];
	server.news();
	await expect(page.getByText("Nothing is counted yet.")).toBeVisible();
	server.answer = (request, socket) => request.type === "subscribe" && socket.send(...live(request.platform ?? "youtube", request.identifier));
	await page.reload();
	await expect(page.getByText("Polychat counts nothing")).toBeVisible();
	const evil = '<img src=x onerror="alert(1)">';
	await statistics(stats("twitch", "luna", { uniqueUsers: [chatter(evil, 3), chatter("a".repeat(400), 2)], topEmotes: [{ name: evil, url: "javascript:alert(1)", count: 1 }], events: { [evil]: 3 } as never, money: [{ currency: evil, micros: 1, count: 1 }] }));
	await expect(page.getByRole("list", { name: "Most messages" })).toContainText("onerror");
	expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the page").toBe(true);
});
