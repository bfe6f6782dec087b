/** What axe finds: nothing, on every page and in every state, dark and light, wide and narrow. WCAG 2.1, levels A and AA. */

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { drawer, expect, kept, openTab, test } from "./control";
import { desktopOf, openDesktop } from "./control-desktop";
import { author, chat, event, moderation } from "./frames";
import { lively, money, pictures } from "./lively";
import { counted } from "./counted";
import type { ScriptedServer } from "./scripted-server";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

/** Fails with a line for each fault. `but` are rules that do not hold there, for a reason that stands beside them. */
async function isSound(page: Page, state: string, but: string[] = []): Promise<void> {
	// Colours on their way from one to another are no colours yet.
	await page.evaluate(() => Promise.all(document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity).map((a) => a.finished.catch(() => undefined))));
	const { violations, passes } = await new AxeBuilder({ page }).withTags(RULES).disableRules(but).exclude("iframe").analyze();
	expect.soft(violations.flatMap(({ id, nodes }) => nodes.map((n) => `${id}: ${n.html.slice(0, 160)} — ${n.any.concat(n.all, n.none).map((c) => c.message).join("; ").slice(0, 200)}`)), state).toEqual([]);
	expect(passes.length, "axe has looked").toBeGreaterThan(5);
}

function filled({ socket }: ScriptedServer): void {
	lively(socket, { youtube: "luna", twitch: "luna", tiktok: "luna" });
	socket.send(
		chat(author("gone"), "buy now", {}, { messageId: "gone" }),
		moderation("delete_message", { message_id: "gone" }),
		event("follow", { user: author("new_friend") }),
		chat(author("ana"), "first", { first_message: true }),
		event("poll", { poll: { id: "p", title: "Which colour?", status: "active", remaining_ms: null, winner: null, choices: [{ id: "a", title: "Blue", votes: 3, points: null }, { id: "b", title: "Red", votes: 1, points: null }] } as never }),
	);
}

for (const scheme of ["dark", "light"] as const) {
	test.describe(scheme, () => {
		test.use({ colorScheme: scheme });
		test.beforeEach(({ page }) => pictures(page));

		test("the control page, empty and with channels, and each part of the drawer", async ({ page, server, control }) => {
			await page.goto(server.origin);
			await expect(page.getByRole("heading", { level: 2, name: /Whose chat/ })).toBeVisible();
			await isSound(page, "empty");
			await control(kept("twitch", "luna"), kept("youtube", "luna"), kept("tiktok", "luna", { paused: true }));
			filled(server);
			await expect(page.getByRole("log")).toContainText("Which colour?");
			await isSound(page, "with channels");
			for (const tab of ["Filters", "OBS", "Settings"]) {
				await openTab(page, tab);
				await isSound(page, tab);
			}
			await openTab(page, "Look");
			await drawer(page).getByRole("button", { name: "Duplicate to edit" }).click();
			await expect(drawer(page).getByRole("button", { name: /^Undo/ })).toBeVisible();
			await isSound(page, "a look is edited");
			await drawer(page).getByRole("button", { name: "Import a look" }).click();
			await expect(page.getByRole("dialog")).toBeVisible();
			await isSound(page, "a look is imported");
			await page.keyboard.press("Escape");
			await openTab(page, "OBS");
			const obs = { type: "obs" as const, streaming: false, recording: false, pages: [] };
			server.socket.send({ ...obs, link: "waiting", trouble: "not_there", message: "OBS does not answer.", retryInMs: 9_000, sources: [] });
			await expect(page.getByLabel("Password")).toBeVisible();
			await isSound(page, "OBS is not there");
			server.socket.send({ ...obs, link: "connected", version: "30.1.2", streaming: true, sources: [{ name: "Polychat", overlay: "main", inScene: true, visible: false }] });
			await expect(page.getByRole("button", { name: "Add to OBS" })).toBeVisible();
			await isSound(page, "OBS is there");
			await openTab(page, "Settings");
			await page.getByRole("button", { name: "Import" }).click();
			await expect(page.getByRole("dialog")).toBeVisible();
			await isSound(page, "a question");
			await page.keyboard.press("Escape");
			await page.getByRole("button", { name: "What to do with luna" }).first().click();
			await isSound(page, "a menu");
			await page.keyboard.press("Escape");
			await page.getByRole("combobox", { name: "Add channel or paste link" }).fill("luna");
			await expect(page.getByRole("option").first()).toBeVisible();
			await isSound(page, "offers");
			await page.getByRole("log").focus();
			await page.keyboard.press("ArrowUp");
			await isSound(page, "an entry is chosen");
			await page.getByRole("button", { name: "Pause overlays" }).click();
			server.socket.cut();
			await isSound(page, "paused, and the connection lost");
		});

		test("the window of the desktop program", async ({ page, server }) => {
			const limits = [{ kind: "transparency" as const, text: "No compositor runs." }];
			await openDesktop(page, server, desktopOf(server, { limits, usualPort: 7117, windows: [{ name: "main", locked: false }], notices: ["Polychat ended by a fault last time."], update: { renewal: "itself", host: "github.com", step: { is: "downloading", bytes: 1_000, of: 2_000 }, found: { version: "9.1.0", notes: "• New", page: null, size: 2_000 }, lookedAt: 1, problem: "This file is not from us; nothing was changed." } }), kept("twitch", "luna"));
			await openTab(page, "My screen");
			await isSound(page, "the screen");
			await page.getByRole("switch", { name: /Locked/ }).click();
			await expect(page.getByRole("dialog")).toBeVisible();
			await isSound(page, "how to unlock");
			await page.keyboard.press("Escape");
			await openTab(page, "Settings");
			await isSound(page, "settings");
		});

		test("on a phone", async ({ page, server, control }) => {
			await page.setViewportSize({ width: 390, height: 800 });
			await control(kept("twitch", "luna"));
			filled(server);
			await expect(page.getByRole("log")).toContainText("Which colour?");
			await isSound(page, "the list");
			await page.getByRole("button", { name: /^Channels/ }).click();
			await isSound(page, "the channels");
			await page.keyboard.press("Escape");
			await page.getByRole("button", { name: "Settings of the overlay" }).click();
			await isSound(page, "the drawer");
		});

		test("the dock: a list, what is featured and what waits, rules, keys, and the question for the key", async ({ page, server }) => {
			await page.setViewportSize({ width: 320, height: 640 });
			server.kept.saved.channels = [kept("twitch", "luna"), kept("youtube", "luna")];
			const message = chat(author("ana"), "which game is next?");
			const waits = { key: "a", platform: "twitch" as const, identifier: "luna", name: "Otto", text: "thanks", amount: "$5.00", by: "paid" as const, shows: true };
			server.kept.stage = { paused: true, clearedAt: 0, featured: { key: `twitch event ${message.event_id}`, message, pinned: true, until: null, by: "hand" }, queue: [waits, { ...waits, key: "b", by: "question" }] };
			await page.goto(`${server.origin}/dock`);
			await expect.poll(() => server.subscribes().length).toBe(2);
			filled(server);
			server.socket.send(message);
			await expect(page.getByRole("log")).toContainText("which game is next?");
			await isSound(page, "the dock");
			await page.getByRole("button", { name: "2 messages wait" }).click();
			await page.getByRole("button", { name: "Rules for featured messages" }).click();
			await page.getByRole("button", { name: "Keys", exact: true }).click();
			await page.keyboard.press("/");
			await isSound(page, "everything open");
			server.gives = false;
			await page.goto(`${server.origin}/dock`);
			await page.getByRole("button", { name: "Enter the key" }).click();
			await page.keyboard.type("x");
			await page.keyboard.press("Enter");
			await expect(page.getByRole("alert").filter({ hasText: "That is no key." })).toBeVisible();
			await isSound(page, "the question for the key");
		});

		test("the history and the statistics", async ({ page, server }) => {
			const past = [chat(author("ana"), "the dragon", {}, { at: Date.now() - 86_400_000 }), chat(author("Hana"), "とても綺麗です", { metadata: money("¥1,000", 4) }, { platform: "youtube" }), event("raid", { user: author("dee"), count: 30 })];
			server.kept.history = past.map((frame, n) => ({ id: n + 1, frame }));
			await page.goto(`${server.origin}/history?platform=twitch&user=id-ana&name=ana&time=own&from=1`);
			await expect(page.getByText("the dragon")).toBeVisible();
			await isSound(page, "filters");
			await page.goto(`${server.origin}/history`);
			await expect(page.locator("li[data-id]")).toHaveCount(3);
			await page.locator("li[data-id]").first().hover();
			await isSound(page, "the history");
			await page.getByRole("button", { name: "In context" }).first().click();
			await expect(page.locator("li[aria-current]")).toBeVisible();
			await isSound(page, "in context");
			await page.locator("li[data-id]").first().hover();
			await page.getByRole("button", { name: "Viewer" }).first().click();
			await expect(page.getByLabel("Note")).toBeVisible();
			await isSound(page, "a viewer's card");
			await page.keyboard.press("Escape");
			await page.getByRole("button", { name: "Export" }).click();
			await page.getByRole("radio", { name: /SRT/ }).check();
			await isSound(page, "a file");
			server.kept.saved.channels = [kept("twitch", "luna"), kept("youtube", "luna")];
			await page.goto(`${server.origin}/statistics`);
			await expect.poll(() => server.subscribes().length).toBe(2);
			server.socket.send(...counted());
			await expect(page.locator(".u-wrap")).toHaveCount(2);
			await isSound(page, "the statistics");
			await page.setViewportSize({ width: 390, height: 800 });
			await isSound(page, "on a phone");
			server.gives = false;
			await page.goto(`${server.origin}/history`);
			await expect(page.getByText("The history is for those who have the key.")).toBeVisible();
			await isSound(page, "without the key");
		});

		test("the test page and the gallery", async ({ page, server }) => {
			await page.goto(`${server.origin}/test`);
			await isSound(page, "empty");
			await page.goto(`${server.origin}/test?twitch=luna&youtube=luna&frames`);
			await expect.poll(() => server.subscribes().length).toBe(2);
			filled(server);
			await expect(page.getByRole("log")).toContainText("Which colour?");
			await page.getByText("Options").click();
			await isSound(page, "with channels and frames");
			await page.goto(`${server.origin}/looks`);
			await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
			await isSound(page, "the gallery");
		});
	});
}

test("the overlay", async ({ page, server }) => {
	await pictures(page);
	await page.goto(`${server.origin}/overlay/main?twitch=luna&youtube=luna&tiktok=luna&background=101218`);
	await expect.poll(() => server.subscribes().length).toBe(3);
	filled(server);
	await expect(page.locator("[data-event-type=poll]")).toBeVisible();
	// What names are read on is known to the program, not to axe: there is a picture behind the page. e2e/overlay-looks.spec.ts
	// measures what is seen.
	await isSound(page, "the overlay", ["color-contrast"]);
	await page.goto(`${server.origin}/overlay/main?twitch=luna&lang=id&rtl`);
	filled(server);
	await isSound(page, "right to left", ["color-contrast"]);
});
