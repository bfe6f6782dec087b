/** What the control page looks like, into test-results/control: for eyes, not for comparison. */

import type { Page } from "@playwright/test";
import { card, expect, field, kept, openTab, rows, test } from "./control";
import { desktopOf, openDesktop } from "./control-desktop";
import { author, chat, event, moderation, viewers } from "./frames";
import { lively, pictures } from "./lively";
import type { ScriptedServer } from "./scripted-server";

const FOLDER = "test-results/control";

test.beforeEach(({ page }) => pictures(page));

const NAMES = { youtube: "luna_paints", twitch: "lunapaints", tiktok: "@luna.paints" } as const;
const EARLY = [
	["Nova", "good evening from Lisbon"], ["tinker_bee", "is this oil or gouache?"], ["ねこの絵", "こんばんは！"],
	["Ben Ashdown", "the light in the corner is lovely"], ["mossy_pixel", "whispering so the paint dries"], ["sofi", "qué lindo"],
	["Oma Gerda", "such patience. I would have thrown the brush"], ["quiet_gouache", "that blue against the orange, chef’s kiss"], ["jelly bean jo", "hello everyone"],
	["Putri", "kak, itu kuas nomor berapa?"], ["CaptainCrayon", "number two, she said"], ["Marisol", "three hours and it feels like ten minutes"],
] as const;

/** A lively evening of four channels, one of which is waited for. */
async function evening(page: Page, server: ScriptedServer, control: (...c: ReturnType<typeof kept>[]) => Promise<void>) {
	const answer = server.answer;
	server.answer = (request, socket) => {
		if (request.type === "subscribe" && request.identifier === "kuro_collab") {
			socket.send(
				{ type: "status", status: "subscribed", platform: "twitch", identifier: "kuro_collab", channel: "kuro_collab", identifierType: "username" },
				{ type: "status", status: "waiting", platform: "twitch", identifier: "kuro_collab", message: "kuro_collab is not live yet.", retry_in_ms: 30_000 },
			);
		} else answer(request, socket);
	};
	await control(kept("youtube", NAMES.youtube), kept("twitch", NAMES.twitch), kept("tiktok", NAMES.tiktok), kept("twitch", "kuro_collab"));
	await expect(card(page, NAMES.youtube)).toContainText("Live");
	const begun = new Date(Date.now() - 6_127_000).toISOString();
	for (const [n, platform] of [[1204, "youtube"], [862, "twitch"], [3410, "tiktok"]] as const) {
		const frame = viewers(n, { platform, identifier: NAMES[platform] });
		server.socket.send({ ...frame, data: { ...(frame as { data: object }).data, started_at: begun } } as typeof frame);
	}
	const platforms = ["youtube", "twitch", "tiktok"] as const;
	EARLY.forEach(([name, text], i) => {
		const platform = platforms[i % 3]!;
		server.socket.send(chat(author(name), text, {}, { platform, identifier: NAMES[platform] }));
	});
	lively(server.socket, NAMES);
	const there = { platform: "twitch" as const, identifier: NAMES.twitch };
	server.socket.send(chat(author("free_follows_now"), "buy now", {}, { messageId: "gone", ...there }), moderation("delete_message", { message_id: "gone" }, there), event("follow", { user: author("new_friend"), text: "new_friend follows." }, there));
	await expect(rows(page).last()).toBeVisible();
	await page.waitForTimeout(1_500);
}

for (const [scheme, scale] of [["dark", 1], ["dark", 1.5], ["light", 1], ["light", 1.5]] as const) {
	test(`an evening, ${scheme}, ${scale}x`, async ({ browser, server }) => {
		const context = await browser.newContext({ colorScheme: scheme, deviceScaleFactor: scale, viewport: { width: 1320, height: 760 } });
		const page = await context.newPage();
		await pictures(page);
		await evening(page, server, async (...channels) => {
			server.kept.saved.channels = channels;
			await page.goto(server.origin);
		});
		await page.waitForTimeout(2_500);
		await page.screenshot({ path: `${FOLDER}/${scheme}-${scale}.png` });
		if (scale === 1.5) {
			for (const tab of ["Filters", "OBS", "Settings"]) {
				await openTab(page, tab);
				await page.screenshot({ path: `${FOLDER}/${scheme}-${tab}.png` });
			}
		}
		await context.close();
	});
}

test("the first start, and the field", async ({ page, server, control }) => {
	server.told = { demo: true };
	await control();
	await expect(page.getByRole("heading", { name: "Whose chat do you want to read?" })).toBeVisible();
	await page.waitForTimeout(1_000);
	await page.screenshot({ path: `${FOLDER}/first.png` });
	await field(page).fill("luna");
	await expect(page.getByRole("listbox").getByRole("option")).toHaveCount(3);
	await expect(page.getByRole("listbox").getByRole("option").first()).toContainText("Live");
	await page.screenshot({ path: `${FOLDER}/field.png` });
});

test("an entry under the pointer, a menu, and narrow pages", async ({ page, server, control }) => {
	await page.setViewportSize({ width: 1320, height: 760 });
	await evening(page, server, control);
	await rows(page).nth(-3).hover();
	await page.screenshot({ path: `${FOLDER}/hover.png` });
	await page.mouse.move(5, 5);
	await card(page, "kuro_collab").getByRole("button", { name: "What to do with kuro_collab" }).click({ force: true });
	await page.screenshot({ path: `${FOLDER}/menu.png` });
	await page.keyboard.press("Escape");
	await page.setViewportSize({ width: 900, height: 640 });
	await page.waitForTimeout(300);
	await page.screenshot({ path: `${FOLDER}/900.png` });
	await page.getByRole("button", { name: "Settings of the overlay" }).click();
	await page.screenshot({ path: `${FOLDER}/900-drawer.png` });
	await page.keyboard.press("Escape");
	await page.setViewportSize({ width: 560, height: 640 });
	await page.waitForTimeout(300);
	await page.screenshot({ path: `${FOLDER}/560.png` });
	await page.setViewportSize({ width: 2560, height: 1200 });
	await page.waitForTimeout(300);
	await page.screenshot({ path: `${FOLDER}/2560.png` });
});

test("the desktop program's own parts", async ({ page, server }) => {
	await page.setViewportSize({ width: 1320, height: 820 });
	const desktop = desktopOf(server, {
		usualPort: 7117,
		windows: [{ name: "main", locked: false }],
		limits: [{ kind: "capture", text: "Linux cannot hide a window from recordings: record the game instead of the screen." }, { kind: "transparency", text: "No compositor runs, so the overlay’s ground is black. Turn one on in the settings of your desktop." }],
	});
	desktop.hotkeys[1]!.problem = "Another program holds these keys. Choose others.";
	await openDesktop(page, server, desktop, kept("twitch", "a_channel_with_a_rather_long_name"), kept("youtube", "@とても長い名前のチャンネル"), kept("tiktok", "@قناة_الرسم"));
	await expect(card(page, "a_channel")).toContainText("Live");
	for (let i = 0; i < 400; i++) server.socket.send(chat(author(`viewer ${i % 50}`), `message ${i} with a few words in it`, {}, { identifier: "a_channel_with_a_rather_long_name" }));
	server.socket.send(viewers(1_204_331, { identifier: "a_channel_with_a_rather_long_name" }), chat(author("とても長い名前の視聴者さん".repeat(4)), "長い文章".repeat(60), {}, { identifier: "a_channel_with_a_rather_long_name" }));
	await openTab(page, "My screen");
	await page.waitForTimeout(1_500);
	await page.screenshot({ path: `${FOLDER}/desktop.png` });
	await page.getByRole("region", { name: "Overlay and settings" }).getByRole("switch", { name: /Locked/ }).click();
	await page.waitForTimeout(300);
	await page.screenshot({ path: `${FOLDER}/desktop-lock.png` });
	await page.keyboard.press("Escape");
	await openTab(page, "OBS");
	await page.screenshot({ path: `${FOLDER}/desktop-obs.png` });
	await openTab(page, "Settings");
	await page.screenshot({ path: `${FOLDER}/desktop-settings.png` });
});
