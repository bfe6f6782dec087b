import { expect, items, messages, test } from "./overlay";
import { author, badge, chat, content, emote, event, moderation } from "./frames";
import { live } from "./scripted-server";

test("every channel of the address is asked for, and shown as it speaks", async ({ page, server, overlay }) => {
	await overlay("?twitch=luna,nova&youtube=@luna");
	await expect.poll(() => server.subscribes().map((r) => `${r.platform} ${r.identifier} ${r.wait} ${r.backlog} ${r.include?.join()}`)).toEqual([
		"twitch luna true 20 events,moderation", "twitch nova true 20 events,moderation", "youtube @luna true 20 events,moderation",
	]);
	server.socket.send(chat(author("ana"), "one"), chat(author("bo"), "two", {}, { identifier: "nova" }));
	await expect(messages(page)).toHaveText(["anaone", "botwo"]);
});

test("without a channel no chat is asked for, and the page is empty", async ({ page, server }) => {
	await page.goto(`${server.origin}/overlay/main`);
	await expect(page.locator("yt-live-chat-app")).toBeAttached();
	await expect(items(page)).toHaveCount(0);
	expect(server.subscribes().length).toBe(0);
});

test("what is deleted is gone with the next frame", async ({ page, server, overlay }) => {
	// Looks at the page in the first frame after the deletion came, before that frame is painted.
	await page.addInitScript(() => {
		const seen: number[] = ((window as unknown as { seen: number[] }).seen = []);
		const Native = WebSocket;
		window.WebSocket = class extends Native {
			constructor(url: string | URL) {
				super(url);
				this.addEventListener("message", ({ data }) => {
					if (!String(data).includes('"moderation"')) return;
					requestAnimationFrame(() => seen.push(document.querySelectorAll("[data-message-id]").length));
				});
			}
		};
	});
	await overlay("?twitch=luna&ticker");
	for (const id of ["1", "2", "3"]) server.socket.send(chat(author("ana"), `message ${id}`, {}, { messageId: id }));
	server.socket.send(chat(author("bo"), "other", {}, { messageId: "4" }), event("raid", { user: author("ana"), count: 3, message_id: "5" }));
	await expect(items(page)).toHaveCount(5);
	server.socket.send(moderation("delete_message", { message_id: "2" }));
	await expect.poll(() => page.evaluate(() => (window as unknown as { seen: number[] }).seen)).toEqual([4]);
	await expect(messages(page)).toHaveText(["anamessage 1", "anamessage 3", "boother"]);
	server.socket.send(moderation("delete_user", { user_id: "id-ana" }));
	await expect.poll(() => page.evaluate(() => (window as unknown as { seen: number[] }).seen)).toEqual([4, 1]);
	await expect(items(page)).toHaveText(["boother"]);
	server.socket.send(moderation("clear"));
	await expect.poll(() => page.evaluate(() => (window as unknown as { seen: number[] }).seen)).toEqual([4, 1, 0]);
});

test("what is deleted while it waits its turn is never shown", async ({ page, server, overlay }) => {
	await overlay();
	await page.evaluate(() => {
		const shown: string[] = ((window as unknown as { shown: string[] }).shown = []);
		new MutationObserver((all) => all.forEach((m) => m.addedNodes.forEach((n) => shown.push(n.textContent ?? "")))).observe(document.body, { subtree: true, childList: true });
	});
	await page.waitForTimeout(1_600);
	server.socket.send(...["1", "2", "3", "4"].map((id) => chat(author("ana"), id, {}, { messageId: id })), moderation("delete_message", { message_id: "3" }));
	await expect(messages(page)).toHaveText(["ana1", "ana2", "ana4"]);
	expect(await page.evaluate(() => (window as unknown as { shown: string[] }).shown)).toEqual(["ana1", "ana2", "ana4"]);
});

test("a lost connection comes back, asks for what was missed, and doubles nothing", async ({ page, server, overlay }) => {
	await overlay();
	const known = chat(author("ana"), "known", {}, { seq: 41 });
	server.socket.send(known);
	await expect(messages(page)).toHaveText(["anaknown"]);
	server.socket.cut();
	await expect.poll(() => server.subscribes().length).toBe(2);
	expect(server.subscribes()[1]).toMatchObject({ identifier: "luna", since: 41 });
	await expect(messages(page), "what was there stays").toHaveText(["anaknown"]);
	server.socket.send(known, chat(author("bo"), "missed", {}, { seq: 42 }), { type: "gap", platform: "twitch", identifier: "luna", missed: 12 });
	await expect(messages(page)).toHaveText(["anaknown", "bomissed"]);
});

test("what has left the page does not come again, unless it goes on", async ({ page, server, overlay }) => {
	await overlay("?twitch=luna&limit=2");
	const old = chat(author("ana"), "old", {}, { seq: 1 });
	const gift = (count: number, seq: number, state: "running" | "final") => event("gift", { user: author("di"), gift: { id: "1", name: "Rose", image_url: null, unit_cost: 1 }, count, combo: { id: "c", count, state } }, { id: "gift", seq });
	server.socket.send(old, gift(1, 2, "running"), chat(author("bo"), "two", {}, { seq: 3 }), chat(author("cy"), "three", {}, { seq: 4 }));
	await expect(items(page)).toHaveText(["botwo", "cythree"]);
	server.socket.send(old, gift(5, 5, "final"));
	await expect(items(page)).toHaveText(["cythree", "diRose × 5 5 ◆"]);
	server.socket.send(gift(5, 5, "final"), chat(author("ed"), "end", {}, { seq: 6 }));
	await expect(items(page)).toHaveText(["diRose × 5 5 ◆", "edend"]);
});

test("a combo is one card that counts up in its place", async ({ page, server, overlay }) => {
	await overlay();
	const gift = (count: number) => event("gift", { user: author("di"), gift: { id: "1", name: "Rose", image_url: null, unit_cost: 1 }, count, combo: { id: "c", count, state: "running" } }, { id: "gift" });
	server.socket.send(gift(1), chat(author("ana"), "wow"));
	await expect(items(page)).toHaveText(["diRose 1 ◆", "anawow"]);
	server.socket.send(gift(2), gift(38));
	await expect(items(page)).toHaveText(["diRose × 38 38 ◆", "anawow"]);
});

test("a goal is one card that moves, whatever its steps are called, and comes back when it is reached", async ({ page, server, overlay }) => {
	await overlay("?twitch=luna&limit=2");
	const goal = (current: number) => event("goal", { goal: { kind: "roses", description: "A song", current, target: 10 } });
	server.socket.send(goal(1), goal(2));
	await expect(items(page)).toHaveText(["Goal A song Roses2 of 10"]);
	server.socket.send(chat(author("ana"), "one"), chat(author("ana"), "two"), goal(5));
	await expect(items(page)).toHaveText(["anaone", "anatwo"]);
	server.socket.send(goal(10));
	await expect(items(page)).toHaveText(["anatwo", "Goal A song Roses10 of 10"]);
});

test("a pin goes when it is taken down", async ({ page, server, overlay }) => {
	await overlay();
	const pin = { id: "1", message_id: "x", text: "read this", ends_at: null };
	server.socket.send(event("pin", { pin }), chat(author("ana"), "hi"));
	await expect(items(page)).toHaveCount(2);
	server.socket.send(event("unpin", { pin }));
	await expect(items(page)).toHaveText(["anahi"]);
});

test("the row on top shows what was paid, without what was deleted", async ({ page, server, overlay }) => {
	await overlay("?twitch=luna&ticker");
	const row = page.locator("yt-live-chat-ticker-renderer");
	await expect(row).toBeHidden();
	const bits = (n: number) => ({ type: "super_chat" as const, monetary_data: { amount: String(n), formatted: `${n} bits`, color: "#9c3ee8", money: null, bits: n } });
	server.socket.send(
		chat(author("small"), "hi", { metadata: bits(100) }), chat(author("big"), "hi", { metadata: bits(5_000) }, { messageId: "big" }),
		event("resubscription", { user: author("old"), months: 14 }), event("raid", { user: author("bo"), count: 5 }),
	);
	await expect(row.locator("#items > *")).toHaveText(["14 months", "5000 bits"]);
	await expect(row).toBeVisible();
	server.socket.send(moderation("delete_message", { message_id: "big" }));
	await expect(row.locator("#items > *")).toHaveText(["14 months"]);
	server.socket.send(moderation("clear"));
	await expect(row).toBeHidden();
});

test("one message of a shared chat is shown once", async ({ page, server, overlay }) => {
	await overlay("?twitch=luna,nova");
	const original = chat(author("ana"), "hi", {}, { id: "same", identifier: "luna", messageId: "a" });
	server.socket.send(original, chat(author("ana"), "hi", { source_channel: { id: "1", username: "luna", display_name: "Luna", avatar_url: null, message_id: "a" } }, { id: "same", identifier: "nova", messageId: "b" }));
	await expect(items(page)).toHaveCount(1);
	server.socket.send(moderation("delete_message", { message_id: "b" }, { identifier: "nova" }));
	await expect(items(page)).toHaveCount(0);
});

test("newest first, and where it is cut", async ({ page, server, overlay }) => {
	await page.setViewportSize({ width: 400, height: 200 });
	await overlay("?twitch=luna&reverse");
	for (let i = 0; i < 30; i++) server.socket.send(chat(author("ana"), `message ${i}`));
	await expect(items(page)).toHaveCount(30);
	await expect(items(page).first()).toContainText("message 29");
	await expect(items(page).first()).toBeInViewport();
	await expect(items(page).last()).not.toBeInViewport();
});

test("in a bar the newest is in sight at the end of the line", async ({ page, server, overlay }) => {
	await page.setViewportSize({ width: 900, height: 90 });
	await overlay("?twitch=luna&horizontal");
	for (let i = 0; i < 30; i++) server.socket.send(chat(author("ana"), `message ${i}`));
	await expect(items(page).last()).toContainText("message 29");
	const { x, width } = (await items(page).last().boundingBox())!;
	expect(x + width).toBeLessThanOrEqual(900);
	expect(x + width).toBeGreaterThan(850);
	await expect(items(page).first()).not.toBeInViewport();
});

test("a message goes by itself after the time that was asked for", async ({ page, server, overlay }) => {
	await overlay("?twitch=luna&showtime=700");
	server.socket.send(chat(author("ana"), "hi"));
	await expect(messages(page)).toHaveCount(1);
	await expect(messages(page)).toHaveCount(0);
});

test("badges, avatars and emotes that do not load are words", async ({ page, server, overlay }) => {
	await page.route("https://img.example/broken/**", (route) => route.abort());
	await overlay("?youtube=luna");
	server.socket.send(chat(author("Ana", { avatar_url: "https://img.example/broken/a", badges: [badge("moderator", "Moderator", "https://img.example/broken/b")] }), content("hi ", emote("Kappa", "https://img.example/broken/c")), {}, { platform: "youtube" }));
	await expect(messages(page)).toHaveText(["Anahi Kappa"]);
	await expect(messages(page).locator("img")).toHaveCount(0);
	await expect(messages(page).locator("#author-photo")).toHaveAttribute("data-letter", "A");
	await expect(messages(page).locator("yt-icon")).toHaveAttribute("data-letter", "M");
});

test("names and texts of strangers are words, whatever they hold", async ({ page, server, overlay }) => {
	await overlay("?twitch=luna&noavatar=0");
	const evil = `<img src=x onerror="alert(1)"><script>alert(2)</script>' " </style><b>`;
	const who = author(evil, { id: evil, color: "red;background:url(https://evil.example)", avatar_url: "javascript:alert(3)" });
	server.socket.send(
		chat(who, content(evil, emote(evil, "javascript:alert(4)"), emote("k", "http://evil.example/k.png")), { reply: { message_id: "1", thread_id: "1", user: { id: "1", username: evil, display_name: evil, avatar_url: null }, text: evil } }, { messageId: evil, id: evil }),
		event("raid", { user: who, text: evil, count: 1 }),
		event("poll", { poll: { id: "1", title: evil, status: "active", remaining_ms: null, winner: null, choices: [{ id: "1", title: evil, votes: 1, points: null }] } }),
		event("gift", { user: who, gift: { id: "1", name: evil, image_url: "data:text/html,<script>alert(5)</script>", unit_cost: 1 }, count: 1 }),
	);
	server.socket.sendText('{"type":"chat","platform":"twitch","identifier":"luna","event_id":"broken","data":{"author":{},"content":{"elements":[null]}}}');
	server.socket.sendText("no json");
	server.socket.send(chat(author("ana"), "still here"));
	await expect(messages(page).last()).toHaveText("anastill here");
	await expect(items(page)).toHaveCount(5);
	expect(await page.locator("yt-live-chat-app").locator("b, script, iframe, a, img").count()).toBe(0);
	await expect(messages(page).first().locator("#author-name")).toHaveText(evil);
});

test("a name without an end, and scripts from right to left, stay within the page", async ({ page, server, overlay }) => {
	await page.setViewportSize({ width: 300, height: 400 });
	await overlay();
	server.socket.send(chat(author("w".repeat(200)), "x".repeat(400)), chat(author("سارة"), "مرحبا من المغرب"), chat(author("山田太郎"), "こんにちは".repeat(20)), event("raid", { user: author("w".repeat(200)), count: 5 }));
	await expect(items(page)).toHaveCount(4);
	const wide = await page.evaluate(() => [...document.querySelectorAll("#items *, #card *")].filter((e) => e.getBoundingClientRect().right > 301 && e.getBoundingClientRect().width > 0).map((e) => e.outerHTML.slice(0, 90)));
	expect(wide).toEqual([]);
	expect(await messages(page).nth(1).locator("#message").evaluate((e) => getComputedStyle(e).direction)).toBe("rtl");
});

test("rules of the address come after ours", async ({ page, server, overlay }) => {
	const css = "#message { color: rgb(1, 2, 3) }";
	await overlay(`?twitch=luna&b64css=${btoa(css)}`);
	server.socket.send(chat(author("ana"), "hi"));
	await expect(messages(page).locator("#message")).toHaveCSS("color", "rgb(1, 2, 3)");
});

test("a source that OBS does not show is not drawn, and shows everything at once when it is back", async ({ page, server, overlay }) => {
	await page.addInitScript(() => Object.assign(window, { obsstudio: {} }));
	await overlay();
	const obs = (name: string, detail: object) => page.evaluate(([n, d]) => window.dispatchEvent(new CustomEvent(n as string, { detail: d })), [name, detail] as const);
	server.socket.send(chat(author("ana"), "before", {}, { messageId: "before" }));
	await expect(messages(page)).toHaveText(["anabefore"]);
	await obs("obsSourceVisibleChanged", { visible: false });
	const gift = (count: number) => event("gift", { gift: { id: "1", name: "Rose", image_url: null, unit_cost: 1 }, count }, { id: "g" });
	server.socket.send(chat(author("bo"), "meanwhile"), chat(author("cy"), "deleted", {}, { messageId: "d" }), gift(1), moderation("delete_message", { message_id: "d" }), moderation("delete_message", { message_id: "before" }), gift(2));
	await expect(messages(page), "deletions are carried out in any case").toHaveCount(0);
	await page.waitForTimeout(300);
	await expect(items(page)).toHaveCount(0);
	await obs("obsSourceActiveChanged", { active: true });
	await expect(items(page)).toHaveText(["bomeanwhile", "SomebodyRose × 2 2 ◆"]);
	expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});

test("an ordinary tab shows that it is transparent once somebody moves over it, a source in OBS never", async ({ page, overlay }) => {
	await overlay();
	await expect(page.locator("html")).not.toHaveAttribute("data-tab");
	expect(await page.evaluate(() => [getComputedStyle(document.documentElement).backgroundImage, getComputedStyle(document.body).backgroundColor])).toEqual(["none", "rgba(0, 0, 0, 0)"]);
	await page.mouse.move(50, 50);
	await expect(page.locator("#hint")).toHaveText("This is the overlay. It is transparent in OBS.");
	await page.addInitScript(() => Object.assign(window, { obsstudio: {} }));
	await overlay();
	await page.mouse.move(60, 60);
	await page.mouse.move(50, 50);
	await expect(page.locator("#hint")).toHaveCount(0);
});

test("a channel that is not there is asked for again, and nothing of it is written on the stream", async ({ page, server, overlay }) => {
	server.answer = (request, socket) => {
		if (request.type !== "subscribe") return;
		const [subscribed] = live("twitch", "nobody");
		socket.send(subscribed!, { type: "error", code: "STREAM_NOT_FOUND", error: "Twitch knows no such channel.", platform: "twitch", identifier: "nobody" });
	};
	await page.clock.install();
	await overlay("?twitch=nobody");
	await page.clock.runFor(61_000);
	await expect.poll(() => server.subscribes().length).toBe(2);
	await expect(page.locator("body")).toHaveText("");
});
