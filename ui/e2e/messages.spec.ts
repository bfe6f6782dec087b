import { expect, log, rows, test } from "./fixture";
import { type Part, author, badge, chat, content, emote, event, moderation } from "./frames";

/** Everything that has ever run a script somewhere. */
const HOSTILE = [
	"<script>alert('script')</script>",
	"<img src=x onerror=alert('img')>",
	"\"><svg onload=alert('svg')>",
	"{@html '<img src=x onerror=alert(1)>'}",
	"javascript:alert('url')",
	"</title></textarea><iframe srcdoc=\"<script>alert('iframe')</script>\">",
	"${alert('template')}",
];

test.beforeEach(async ({ open }) => open("?twitch=luna"));

test("hostile names, texts and addresses stay text", async ({ page, server }) => {
	const bad = "javascript:alert('address')";
	for (const text of HOSTILE) {
		const parts: Part[] = [
			text,
			{ type: "link", value: text, metadata: { url: bad } },
			{ type: "mention", value: text, metadata: { username: text } },
			{ type: "emote", value: text, metadata: { url: bad, alt: text, is_custom: true } },
			{ type: "cheer", value: text, metadata: { url: bad, alt: text, bits: 1, color: "red;background:url(https://evil.example/)" } },
		];
		const who = author(text, { color: "red;background:url(https://evil.example/)", avatar_url: bad, badges: [badge("custom", text, bad)] });
		const person = { id: text, username: text, display_name: text, avatar_url: bad };
		server.socket.send(
			chat(who, content(...parts), { reply: { message_id: text, thread_id: text, user: person, text }, source_channel: { id: text, username: text, display_name: text, avatar_url: bad, message_id: text } }),
			chat(who, content(...parts), { metadata: { type: "super_chat", monetary_data: { amount: text, formatted: text, color: text, money: null, bits: null }, sticker: { url: bad, alt: text } } }),
			event("announcement", { user: who, message: content(...parts), color: text, text }),
			event("gift_subscription", { user: who, recipients: [person], tier: text, text }),
			event("poll", { text, poll: { id: text, title: text, status: text, choices: [{ id: text, title: text, votes: 1, points: null }], remaining_ms: null, winner: text } }),
			event("pin", { text, other: person, pin: { id: text, message_id: text, text, ends_at: text } }),
			event("notice", { text }),
			moderation("delete_user", { user_id: "nobody", username: text }),
		);
	}
	server.socket.send(chat(author("ana"), "still here"));
	await expect(log(page)).toContainText("still here");
	await expect(log(page).locator("script, iframe, svg[onload], img[src^=javascript], img[src=x], a[href^=javascript]")).toHaveCount(0);
	await expect(log(page)).toContainText(HOSTILE[0]!);
	// The fixture fails the test if a dialog opened or anything was asked for.
});

test("a zero-width emote lies over the emote before it, and beside words like others", async ({ page, server }) => {
	const rain: Part = { type: "emote", value: "Rain", metadata: { url: "https://img.example/rain.png", alt: "Rain", is_custom: true, style: "zero_width" } };
	server.socket.send(chat(author("Ana"), content("look ", emote("Kappa", "https://img.example/kappa.png"), " ", rain, " and ", rain)));
	const row = rows(page).first();
	const box = async (name: string, n = 0) => (await row.getByRole("img", { name }).nth(n).boundingBox())!;
	await expect(row.getByRole("img", { name: "Rain" })).toHaveCount(2);
	const [below, over, beside] = [await box("Kappa"), await box("Rain"), await box("Rain", 1)];
	const middle = (of: { x: number; width: number }) => of.x + of.width / 2;
	expect(Math.abs(middle(over) - middle(below))).toBeLessThan(1);
	expect(Math.abs(over.y - below.y)).toBeLessThan(1);
	expect(beside.x).toBeGreaterThan(below.x + below.width);
});

test("a message shows its author's colour, badges, emotes, links and what it answers", async ({ page, server }) => {
	const who = author("Ana", { color: "#0000ff", badges: [badge("moderator", "Moderator"), badge("subscriber", "Subscriber", "https://img.example/sub.png")] });
	server.socket.send(
		chat(who, content("hi ", emote("Kappa", "https://img.example/kappa.png"), " see ", { type: "link", value: "a.example", metadata: { url: "https://a.example/" } }), {
			first_message: true,
			reply: { message_id: "x", thread_id: "x", user: { id: "1", username: "bo", display_name: "Bo", avatar_url: null }, text: "what is this" },
		}),
		chat(who, "waves", { action: true, returning: true }),
	);
	const row = rows(page).first();
	await expect(row.getByRole("img", { name: "Moderator" })).toHaveText("M");
	await expect(row.getByRole("img", { name: "Subscriber" })).toHaveAttribute("src", "https://img.example/sub.png");
	await expect(row.getByRole("img", { name: "Kappa" })).toHaveJSProperty("complete", true);
	await expect(row.getByRole("link", { name: "a.example" })).toHaveAttribute("rel", /noopener/);
	await expect(row).toContainText("Bo what is this");
	await expect(row).toContainText("First message");
	// Pure blue cannot be read on a dark ground.
	const color = await row.locator(".name").evaluate((e) => getComputedStyle(e).color);
	expect(color).not.toBe("rgb(0, 0, 255)");
	const action = rows(page).nth(1);
	expect(await action.locator(".action").evaluate((e) => getComputedStyle(e).color)).toBe(color);
	await expect(action).toContainText("Back again");
});

test("a deleted message, a purged user and a cleared room are greyed at once", async ({ page, server }) => {
	server.socket.send(
		chat(author("ana"), "secret", {}, { messageId: "m1" }),
		chat(author("bad"), "spam one"),
		chat(author("bad"), "spam two"),
		event("announcement", { user: author("ana"), message: content("announced"), message_id: "m-event" }),
		chat(author("bo"), "stays for now"),
	);
	await expect(log(page)).toContainText("secret");
	server.socket.send(moderation("delete_message", { message_id: "m1" }), moderation("delete_message", { message_id: "m-event" }));
	await expect(rows(page).first()).toHaveText(/ana\s*removed on Twitch/);
	await expect(rows(page).first()).not.toContainText("secret");
	await expect(log(page).locator("[data-event=announcement]")).toContainText("removed on Twitch");
	await expect(log(page)).not.toContainText("announced");

	server.socket.send(moderation("delete_user", { user_id: "id-bad", username: "bad", duration_seconds: 600 }));
	await expect(log(page)).toContainText("bad was timed out for 10 min, 2 messages removed.");
	await expect(log(page)).not.toContainText("spam");
	await expect(log(page)).toContainText("stays for now");

	server.socket.send(moderation("clear"));
	await expect(log(page)).toContainText("The chat of luna was cleared by its moderators.");
	await expect(log(page)).not.toContainText("stays for now");
});

test("a bundle of gifts is one card that counts up where it stands", async ({ page, server }) => {
	const bundle = (count: number, state: "running" | "final") =>
		event("gift_subscription", { user: author("moth"), tier: "1", count, combo: { id: "b", count, state } }, { id: "bundle" });
	server.socket.send(bundle(1, "running"), chat(author("ana"), "thanks"));
	const card = log(page).locator("[data-event=gift_subscription]");
	await expect(card).toContainText("more may follow");
	server.socket.send(bundle(3, "running"), bundle(5, "final"));
	await expect(card).toHaveCount(1);
	await expect(card).toContainText("5 subs");
	await expect(card).not.toContainText("more may follow");
	const [cardTop, chatTop] = [(await card.boundingBox())!.y, (await rows(page).first().boundingBox())!.y];
	expect(cardTop).toBeLessThan(chatTop);
});

test("a copy of a shared chat appears once", async ({ page, server }) => {
	await page.goto(`${server.origin}/test?twitch=luna,nova`);
	await expect.poll(() => server.subscribes().length).toBe(3);
	const source_channel = { id: "1", username: "luna", display_name: "Luna", avatar_url: null, message_id: "m" };
	server.socket.send(
		chat(author("ana"), "shared", {}, { id: "same", identifier: "luna" }),
		chat(author("ana"), "shared", { source_channel }, { id: "same", identifier: "nova" }),
		chat(author("ana"), "only there", { source_channel }, { identifier: "nova" }),
	);
	await expect(rows(page)).toHaveText([/shared/, /in Luna\s*only there/]);
});

test("any script and any length fits into the page", async ({ page, server }) => {
	const long = "x".repeat(4_000);
	server.socket.send(
		chat(author("初音ミク"), "新しいブラシ、とても綺麗です！"),
		chat(author("سارة"), "مرحبا من المغرب (hello) 123"),
		chat(author("\u202Eevil\u202E"), "a name that would turn the line around"),
		chat(author("z\u0335\u0321\u0356".repeat(40)), "Zalgo"),
		chat(author("N".repeat(300)), long),
		chat(author("ana"), content("words ", { type: "link", value: `https://a.example/${long}`, metadata: { url: "https://a.example/" } })),
		event("raid", { user: author("R".repeat(300)), count: 9_007_199_254_740_991 }),
	);
	await expect(rows(page)).toHaveCount(6);
	for (const width of [360, 1280]) {
		await page.setViewportSize({ width, height: 800 });
		const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
		expect(overflow, `at ${width} px`).toBeLessThanOrEqual(0);
		expect(await log(page).evaluate((e) => e.scrollWidth - e.clientWidth), `at ${width} px`).toBeLessThanOrEqual(0);
	}
	// An Arabic name stands before its text for people who read the line from the left.
	const arabic = rows(page).nth(1);
	const [name, text] = [(await arabic.locator(".name").boundingBox())!, (await arabic.locator(".content").boundingBox())!];
	expect(name.x + name.width).toBeLessThanOrEqual(text.x + 1);
});

test("lines do not jump when pictures load late or never", async ({ page, server }) => {
	await page.route("https://img.example/slow.png", async (route) => {
		await new Promise((done) => setTimeout(done, 600));
		await route.abort();
	});
	server.socket.send(
		chat(author("ana", { badges: [badge("custom", "VIP", "https://img.example/slow.png")] }), content(emote("Slow", "https://img.example/slow.png"), " hi")),
		chat(author("bo"), "plain"),
	);
	await expect(rows(page)).toHaveCount(2);
	const heights = () => rows(page).evaluateAll((all) => all.map((e) => e.getBoundingClientRect().height));
	const [before, plain] = await heights();
	expect(before).toBe(plain);
	await expect(rows(page).first()).toContainText("Slow");
	expect((await heights())[0]).toBe(plain);
});

test("an event in a form that the page does not know is a line, and the page goes on", async ({ page, server }) => {
	server.socket.send(
		event("poll", { text: "x", poll: { id: "p" } as never }),
		event("from_the_future" as "notice", { text: "Something new happened." }),
		chat(author("ana"), content({ type: "hologram", value: "a part from the future", metadata: {} } as never)),
		chat(author("ana"), "still here"),
	);
	await expect(log(page)).toContainText("Something came in a form that this page does not know.");
	await expect(log(page)).toContainText("Something new happened.");
	await expect(rows(page)).toHaveText([/a part from the future/, /still here/]);
});
