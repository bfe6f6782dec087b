/** Pictures of the overlay for people to look at: in `test-results`, never compared. */

import { expect, items, test } from "./overlay";
import { author, badge, chat, content, event } from "./frames";
import { face, leaf, lively, member, moderator, money, pictures, smile, tt, yt } from "./lively";

const GROUNDS = {
	dark: "#0e1014",
	light: "#f4f5f7",
	picture: "linear-gradient(160deg, #31465e, #17283a 55%, #3a2a2a)",
	game: "linear-gradient(#8fd0ff, #e6f5ff 45%, #6fae4f 46%, #3f7a34)",
} as const;

test.beforeEach(({ page }) => pictures(page));

async function shot(page: import("@playwright/test").Page, name: string, ground: string): Promise<void> {
	await page.addStyleTag({ content: `html { background: ${ground} !important; }` });
	await page.waitForTimeout(450);
	await page.screenshot({ path: `test-results/overlay/${name}.png` });
}

const ALL = "?twitch=luna&youtube=luna&tiktok=luna";

for (const [ground, css] of Object.entries(GROUNDS)) {
	test(`the default look on ${ground}`, async ({ page, server, overlay }) => {
		await page.setViewportSize({ width: 460, height: 620 });
		await overlay(ALL);
		lively(server.socket);
		await expect(items(page)).toHaveCount(11);
		await shot(page, `default-${ground}`, css);
	});
}

test("a picture for the documents", async ({ browser, server }) => {
	const page = await browser.newPage({ viewport: { width: 460, height: 640 }, deviceScaleFactor: 1.5 });
	await pictures(page);
	await page.goto(`${server.origin}/overlay/main${ALL}`);
	await expect.poll(() => server.subscribes().length).toBe(3);
	lively(server.socket);
	await expect(items(page)).toHaveCount(11);
	// One colour: a gradient would make the file four times as large.
	await shot(page, "default-1.5x", "#1f2f40");
	await page.close();
});

test("every kind of card", async ({ page, server, overlay }) => {
	await page.setViewportSize({ width: 460, height: 1240 });
	await overlay(ALL);
	const poll = { id: "p", title: "What next?", status: "active", remaining_ms: 20_000, winner: null, choices: [{ id: "1", title: "Dragons", votes: 120, points: null }, { id: "2", title: "Castles", votes: 60, points: null }] };
	server.socket.send(
		...[1, 2, 3, 4, 5, 6, 7].map((tier) => chat(author(`Tier ${tier}`, face(tier * 40)), tier % 3 === 0 ? "" : "keep it up", { metadata: money(["", "$1", "$2", "$5", "$10", "$20", "$50", "$100"][tier] ?? "", tier) }, yt)),
		chat(author("bitsy"), content("Cheer100 nice"), { metadata: { type: "super_chat", monetary_data: { amount: "100", formatted: "100 bits", color: "#9c3ee8", money: null, bits: 100 } } }),
		chat(author("big bits"), content("wow"), { metadata: { type: "super_chat", monetary_data: { amount: "1000", formatted: "1,000 bits", color: "#9c3ee8", money: null, bits: 1000 } } }),
		event("gift", { user: author("lion fan", face(40)), gift: { id: "2", name: "Lion", image_url: "https://img.example/emote/2", unit_cost: 29_999 }, count: 1, combo: { id: "d", count: 1, state: "final" } }, tt),
		event("gift", { user: author("a very long name that will not end anywhere soon", face(10)), gift: { id: "1", name: "Rose", image_url: "https://img.example/emote/1", unit_cost: 1 }, count: 5 }, tt),
		event("membership", { user: author("New Here", face(100)), tier: "Dragon keepers" }, yt),
		event("milestone", { user: author("Old Friend", { ...member, ...face(60) }), months: 24, tier: "Dragon keepers", message: content("two years!") }, yt),
		event("subscription", { user: author("prime_time"), tier: "prime" }),
		event("gift_subscription", { user: author("Otto"), tier: "1", count: 5, recipients: ["ana", "bo", "cy", "di", "ed"].map((n) => ({ id: n, username: n, display_name: n, avatar_url: null })) }),
		event("announcement", { user: author("luna", { badges: [badge("custom", "Broadcaster")] }), color: "GREEN", message: content("tomorrow at eight: castles ", smile) }),
		event("watch_streak", { user: author("faithful"), count: 7, message: content("here again") }),
		event("poll", { poll }),
		event("pin", { user: author("Teodor", moderator), pin: { id: "1", message_id: "x", text: "The brush pack is free this week", ends_at: null } }, yt),
		event("goal", { goal: { kind: "followers", description: "To ten thousand", current: 8_200, target: 10_000 } }),
		event("question", { user: author("asker", face(70)), message: content("how long did the wings take?") }, tt),
		event("battle", { text: "luna and nova battle.", poll: { ...poll, title: "", choices: [{ id: "1", title: "luna", votes: 0, points: 4_200 }, { id: "2", title: "nova", votes: 0, points: 3_900 }] } }, tt),
		event("hype_train", { count: 3, text: "Hype train" }),
		event("reward", { user: author("thirsty"), reward: { id: "r", title: "Hydrate", cost: 500, image_url: null } }),
	);
	await expect.poll(() => items(page).count()).toBeGreaterThan(20);
	await shot(page, "cards", GROUNDS.picture);
});

const MODES = {
	bubble: "&bubble", compact: "&compact", reverse: "&reverse", alignright: "&alignright", rtl: "&rtl", plate: "&background=0e1014cc",
	light: "&background=ffffff", ticker: "&ticker", times: "&notime=0", bar: "&source=bar", noavatar: "&noavatar", avatars: "&noavatar=0", big: "&fontSize=32&bigemotes",
} as const;
for (const [name, query] of Object.entries(MODES)) {
	test(`the look of ${name}`, async ({ page, server, overlay }) => {
		await page.setViewportSize({ width: 460, height: 560 });
		await overlay(ALL + query);
		lively(server.socket);
		await expect(items(page)).toHaveCount(11);
		await shot(page, `mode-${name}`, GROUNDS.picture);
	});
}

test("the look of a bar", async ({ page, server, overlay }) => {
	await page.setViewportSize({ width: 1400, height: 120 });
	await overlay(`${ALL}&horizontal`);
	lively(server.socket);
	await expect(items(page)).toHaveCount(11);
	await shot(page, "mode-horizontal", GROUNDS.picture);
});

test("the look of odd messages", async ({ page, server, overlay }) => {
	await page.setViewportSize({ width: 420, height: 700 });
	await overlay(ALL);
	server.socket.send(
		chat(author("x".repeat(60)), "a name without an end"),
		chat(author("Łukasz Żółć"), `${"long word ".repeat(20)}${"w".repeat(90)}`),
		chat(author("山田太郎", face(10)), "こんにちは、今日の配信もとても楽しいです。次回も絶対に見ます！", {}, yt),
		chat(author("김민준"), "안녕하세요 오늘 방송 재밌어요", {}, yt),
		chat(author("سارة", face(200)), "مرحبا! كيف حالك اليوم؟ 123 test", {}, tt),
		chat(author("Ana"), "I agree", { reply: { message_id: "1", thread_id: "1", user: { id: "2", username: "bo", display_name: "Bo", avatar_url: null }, text: "the second sketch was better than the first one, honestly and truly" } }),
		chat(author("mime", { color: "#1e90ff" }), "waves at everybody", { action: true }),
		chat(author("loud"), "look at this please", { highlight: { kind: "highlighted", detail: null } }),
		chat(author("fan"), content("hello ", { type: "mention", value: "@luna", metadata: { username: "luna" } }, " good evening")),
		chat(author("happy"), content(smile, " ", leaf, " ", smile)),
		chat(author("dark", { color: "#000000" }), "my colour is black"),
		chat(author("emoji"), "👩‍👩‍👧‍👦 🏳️‍🌈 🇯🇵 🎉"),
		chat(author("โมจิ"), "สวยมากเลยค่ะ วาดสดด้วยเหรอ นี่คือข้อความที่ยาวมาก", {}, yt),
		chat(author("linker"), content("see ", { type: "link", value: "https://example.com/a/very/long/path", metadata: { url: "https://example.com/a/very/long/path" } })),
	);
	await expect(items(page)).toHaveCount(14);
	await shot(page, "odd", GROUNDS.picture);
});
