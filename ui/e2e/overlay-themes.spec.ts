/** CSS that was written for YouTube's chat applies as it is: what generators select is there, and wins against our rules. */

import { expect, items, test } from "./overlay";
import { author, badge, chat, content, emote, event, paidColors } from "./frames";

/** What generators of both kinds, classic and bubbles, select. */
const SELECTORS = [
	"yt-live-chat-app", "yt-live-chat-renderer", "yt-live-chat-renderer *", "yt-live-chat-renderer.yt-live-chat-app",
	"yt-live-chat-ticker-renderer", "yt-live-chat-ticker-renderer #items", "yt-live-chat-ticker-paid-message-item-renderer", "yt-live-chat-ticker-paid-message-item-renderer *",
	"yt-live-chat-ticker-sponsor-item-renderer", "yt-live-chat-ticker-sponsor-item-renderer #content", "yt-live-chat-ticker-paid-message-item-renderer #author-photo", "yt-live-chat-ticker-paid-message-item-renderer #text",
	"yt-live-chat-item-list-renderer", "yt-live-chat-item-list-renderer #items", "yt-live-chat-item-list-renderer #item-scroller", "#item-offset.yt-live-chat-item-list-renderer",
	"yt-live-chat-item-list-renderer[allow-scroll]", "#item-scroller.animated", "#items.style-scope.yt-live-chat-item-list-renderer",
	"yt-live-chat-text-message-renderer", 'yt-live-chat-text-message-renderer[author-type="owner"]', 'yt-live-chat-text-message-renderer[author-type="moderator"]',
	'yt-live-chat-text-message-renderer[author-type="member"]', 'yt-live-chat-text-message-renderer[author-type=""]',
	"yt-live-chat-text-message-renderer #content", "yt-live-chat-text-message-renderer #author-photo", "yt-live-chat-text-message-renderer #author-photo img",
	"yt-live-chat-text-message-renderer #author-photo #img", "yt-live-chat-text-message-renderer yt-img-shadow#author-photo.style-scope.yt-live-chat-text-message-renderer",
	"yt-live-chat-text-message-renderer #timestamp", "yt-live-chat-text-message-renderer yt-live-chat-author-chip", "yt-live-chat-text-message-renderer #author-name",
	'yt-live-chat-text-message-renderer #author-name[type="owner"]', 'yt-live-chat-text-message-renderer #author-name[type="moderator"]', 'yt-live-chat-text-message-renderer #author-name[type="member"]',
	"yt-live-chat-author-chip #author-name #chip-badges", "yt-live-chat-text-message-renderer #author-badges", "yt-live-chat-text-message-renderer #chat-badges", "yt-live-chat-author-chip #chat-badges",
	'yt-live-chat-text-message-renderer yt-live-chat-author-badge-renderer[type="owner"]', 'yt-live-chat-text-message-renderer yt-live-chat-author-badge-renderer[type="moderator"]',
	'yt-live-chat-text-message-renderer yt-live-chat-author-badge-renderer[type="member"]', "yt-live-chat-author-badge-renderer #image img", "yt-live-chat-author-badge-renderer yt-icon",
	"yt-live-chat-text-message-renderer #message", "yt-live-chat-text-message-renderer #message *", "#message.yt-live-chat-text-message-renderer", "#message .emoji", "img.emoji.yt-formatted-string", "#message .emoji[alt][shared-tooltip-text]",
	"yt-live-chat-paid-message-renderer", "yt-live-chat-paid-message-renderer #card", "yt-live-chat-paid-message-renderer #header", "#header.yt-live-chat-paid-message-renderer",
	"yt-live-chat-paid-message-renderer #author-photo", "yt-live-chat-paid-message-renderer #author-photo img", "yt-live-chat-paid-message-renderer #header-content", "yt-live-chat-paid-message-renderer #header-content-primary-column",
	"yt-live-chat-paid-message-renderer #author-name", "yt-live-chat-paid-message-renderer #purchase-amount", "yt-live-chat-paid-message-renderer #timestamp", "yt-live-chat-paid-message-renderer #content",
	"yt-live-chat-paid-message-renderer #content *", "yt-live-chat-paid-message-renderer #message", "yt-live-chat-paid-message-renderer[show-only-header]",
	"yt-live-chat-membership-item-renderer", "yt-live-chat-membership-item-renderer #card", "yt-live-chat-membership-item-renderer #header", "yt-live-chat-membership-item-renderer #header-content",
	"yt-live-chat-membership-item-renderer #header-content-primary-column", "yt-live-chat-membership-item-renderer #header-content-inner-column", "yt-live-chat-membership-item-renderer #header-subtext",
	"yt-live-chat-membership-item-renderer #author-name", "yt-live-chat-membership-item-renderer #author-photo", "yt-live-chat-membership-item-renderer #message", "yt-live-chat-membership-item-renderer[show-only-header]",
	"yt-live-chat-membership-item-renderer yt-live-chat-author-badge-renderer", "[data-platform=youtube]", "[data-event-type=membership]", "[data-message-id]", "[data-user-id]", "[data-username]", "[data-channel]", "[data-roles~=moderator]",
];

test.beforeEach(async ({ page, server, overlay }) => {
	await page.setViewportSize({ width: 420, height: 900 });
	await overlay("?youtube=luna&ticker");
	const on = { platform: "youtube", identifier: "luna" } as const;
	const face = { avatar_url: "https://img.example/a" };
	const none = { broadcaster: false, moderator: false, subscriber: false, verified: false };
	const paid = (tier: number) => ({ type: "super_chat" as const, monetary_data: { amount: "$5", formatted: "$5", color: "#1de9b6", money: { micros: 5_000_000, currency: "USD" }, bits: null, tier, colors: paidColors(tier) } });
	server.socket.send(
		chat(author("Viewer", face), content("hello ", emote("smile", "https://img.example/e")), {}, on),
		chat(author("Owner", { ...face, roles: { ...none, broadcaster: true }, badges: [badge("custom", "Owner")] }), "hello", {}, on),
		chat(author("Mod", { ...face, roles: { ...none, moderator: true }, badges: [badge("moderator", "Moderator")] }), "hello", {}, on),
		chat(author("Member", { ...face, roles: { ...none, subscriber: true }, badges: [badge("subscriber", "Member", "https://img.example/b")] }), "hello", {}, on),
		chat(author("Payer", face), "hello", { metadata: paid(3) }, on),
		chat(author("Quiet payer", face), "", { metadata: paid(4) }, on),
		event("membership", { user: author("New", { ...face, badges: [badge("subscriber", "Member", "https://img.example/b")] }), tier: "Gold" }, on),
		event("milestone", { user: author("Old", face), months: 5, message: content("five months") }, on),
	);
	await expect(items(page)).toHaveCount(8);
});

test("every selector of the generators finds something", async ({ page }) => {
	const missing = await page.evaluate((all) => all.filter((s) => !document.querySelector(s)), SELECTORS);
	expect(missing).toEqual([]);
});

test("a rule with any of these selectors wins against ours, without a strong word", async ({ page }) => {
	// As OBS adds it: a style at the end of the head, after load.
	await page.addStyleTag({ content: SELECTORS.map((s, i) => `${s} { --try-${i}: yes; outline-color: rgb(1, 2, 3); letter-spacing: 3px; padding-left: 7px; color: rgb(4, 5, 6); margin-left: 9px; background-color: rgb(7, 8, 9) }`).join("\n") });
	const lost = await page.evaluate((all) => all.filter((s, i) => {
		const found = document.querySelector(s);
		if (!found) return true;
		const style = getComputedStyle(found);
		return style.getPropertyValue(`--try-${i}`) !== "yes" || style.color !== "rgb(4, 5, 6)" || style.paddingLeft !== "7px" || style.letterSpacing !== "3px" || style.marginLeft !== "9px" || style.backgroundColor !== "rgb(7, 8, 9)";
	}), SELECTORS);
	expect(lost).toEqual([]);
});

/** Written in the manner of the classic generator. */
const CLASSIC = `
@import url("https://img.example/fonts.css");
body { overflow: hidden; background-color: rgba(0, 0, 0, 0); }
yt-live-chat-renderer { background-color: transparent !important; }
yt-live-chat-renderer * { text-shadow: -2px -2px #000, 2px -2px #000, -2px 2px #000, 2px 2px #000; font-family: "DejaVu Sans", sans-serif; font-size: 18px !important; line-height: 20px !important; }
yt-live-chat-item-list-renderer #items, yt-live-chat-item-list-renderer #item-scroller { overflow: hidden !important; }
yt-live-chat-text-message-renderer { padding: 4px 4px !important; }
yt-live-chat-text-message-renderer #author-photo, yt-live-chat-paid-message-renderer #author-photo { width: 24px !important; height: 24px !important; border-radius: 24px !important; margin-right: 6px !important; }
yt-live-chat-text-message-renderer #author-badges { display: none !important; }
yt-live-chat-text-message-renderer #timestamp { display: none !important; }
yt-live-chat-text-message-renderer #author-name[type="owner"] { color: #ffd600 !important; }
yt-live-chat-text-message-renderer #author-name[type="moderator"] { color: #5e84f1 !important; }
yt-live-chat-text-message-renderer #author-name { color: #cccccc !important; }
yt-live-chat-text-message-renderer #author-name::after { content: ":"; margin-left: 2px; }
yt-live-chat-text-message-renderer #message, yt-live-chat-text-message-renderer #message * { color: #ffffff !important; }
yt-live-chat-text-message-renderer #message { display: block !important; }
yt-live-chat-paid-message-renderer { margin: 4px 0 !important; }
yt-live-chat-membership-item-renderer #card, yt-live-chat-membership-item-renderer #header { background-color: #0f9d58 !important; margin: 4px 0 !important; }
yt-live-chat-ticker-renderer { display: none !important; }
@keyframes anim { 0% { opacity: 0; transform: translateX(-16px); } 100% { opacity: 1; transform: none; } }
yt-live-chat-text-message-renderer { animation: anim 200ms; animation-fill-mode: both; }
`;

/** Written in the manner of the generators of bubbles. */
const BUBBLES = `
yt-live-chat-renderer * { font-size: 18px; line-height: 1.4; }
yt-live-chat-text-message-renderer { padding: 6px 8px; }
yt-live-chat-text-message-renderer #content { display: block; }
yt-live-chat-text-message-renderer #author-name { color: #8a5a2b; text-shadow: none; }
yt-live-chat-text-message-renderer #message { position: relative; display: block; width: fit-content; margin-top: 4px; padding: 8px 14px; border-radius: 12px; background-color: #fff8ec; color: #3a2a1a; text-shadow: none; }
yt-live-chat-text-message-renderer #message::before { content: ""; position: absolute; top: 10px; left: -8px; border: 8px solid transparent; border-right-color: #fff8ec; border-left: 0; }
yt-live-chat-text-message-renderer[author-type="owner"] #message { background-color: #ffe08a; }
yt-live-chat-paid-message-renderer #card { border-radius: 16px; }
`;

test("a theme of the classic kind applies as it is", async ({ page }) => {
	await page.route("https://img.example/fonts.css", (route) => route.fulfill({ contentType: "text/css", body: "body { --imported: yes }" }));
	await page.addStyleTag({ content: CLASSIC });
	const first = page.locator("yt-live-chat-text-message-renderer").first();
	await expect(first.locator("#author-name")).toHaveCSS("color", "rgb(204, 204, 204)");
	await expect(first.locator("#message")).toHaveCSS("display", "block");
	await expect(first.locator("#author-photo")).toHaveCSS("width", "24px");
	await expect(page.locator("yt-live-chat-ticker-renderer")).toBeHidden();
	await expect(first).toHaveCSS("animation-name", "anim");
	expect(await page.evaluate(() => getComputedStyle(document.body).getPropertyValue("--imported"))).toBe("yes");
	await expect(page.locator("yt-live-chat-membership-item-renderer #card").first()).toHaveCSS("background-color", "rgb(15, 157, 88)");
	await expect(items(page).last()).toBeInViewport();
	await page.waitForTimeout(300);
	await page.screenshot({ path: "test-results/overlay/theme-classic.png" });
});

test("a theme of the kind with bubbles applies as it is", async ({ page }) => {
	await page.addStyleTag({ content: BUBBLES });
	const message = page.locator("yt-live-chat-text-message-renderer").first().locator("#message");
	await expect(message).toHaveCSS("background-color", "rgb(255, 248, 236)");
	await expect(message).toHaveCSS("color", "rgb(58, 42, 26)");
	await expect(page.locator('[author-type="owner"] #message')).toHaveCSS("background-color", "rgb(255, 224, 138)");
	await page.screenshot({ path: "test-results/overlay/theme-bubbles.png" });
});
