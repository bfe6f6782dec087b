/** What the control page looks like, into test-results/control: for eyes, not for comparison. */

import type { Page } from "@playwright/test";
import { card, expect, field, kept, openTab, rows, test } from "./control";
import { author, chat, event, moderation, viewers } from "./frames";
import { lively, pictures, tt, yt } from "./lively";
import type { ScriptedServer } from "./scripted-server";

const FOLDER = "test-results/control";

test.beforeEach(({ page }) => pictures(page));

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
	await control(kept("youtube", "luna"), kept("twitch", "luna"), kept("tiktok", "luna"), kept("twitch", "kuro_collab"));
	await expect(card(page, "luna").first()).toContainText("Live");
	const begun = new Date(Date.now() - 6_127_000).toISOString();
	for (const [n, where] of [[1204, yt], [862, {}], [3410, tt]] as const) {
		const frame = viewers(n, where);
		server.socket.send({ ...frame, data: { ...(frame as { data: object }).data, started_at: begun } } as typeof frame);
	}
	for (let i = 0; i < 42; i++) server.socket.send(chat(author(`early ${i % 9}`), `warming up ${i}`, {}, [yt, {}, tt][i % 3]));
	lively(server.socket);
	const gone = author("free_follows_now");
	server.socket.send(chat(gone, "buy now", {}, { messageId: "gone" }), moderation("delete_message", { message_id: "gone" }), event("follow", { user: author("new_friend"), text: "new_friend follows." }));
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
