import { card, expect, field, log, rows, test } from "./fixture";
import { author, badge, chat, content, emote, event, moderation } from "./frames";
import type { StatusFrame } from "../src/lib/bindings/StatusFrame";

const ROOM = "7412345678901234567";
const on = { platform: "tiktok", identifier: "luna" } as const;
const started: StatusFrame & { type: "status" } = { type: "status", status: "started", ...on, liveId: ROOM, live: true };
/** Invisible, around names: they keep words of another direction apart. */
const plain = (text: string | null) => (text ?? "").replace(/[\u2068\u2069]/g, "");

test("what is typed says by itself what it names, and the stream is waited for", async ({ page, server, open }) => {
	await open();
	const long = `https://www.tiktok.com/@Luna/live?share=${"x".repeat(600)}`;
	for (const text of [long, ROOM, "https://vm.tiktok.com/ZMabcDEF1/", `https://m.tiktok.com/share/live/${ROOM}/?_r=1`]) {
		await field(page).fill(text);
		await expect(page.getByRole("radio", { name: "TikTok" })).toBeChecked();
		await page.keyboard.press("Enter");
	}
	await expect(page.getByRole("switch", { name: "Wait for the stream" })).toBeChecked();
	await expect.poll(() => server.subscribes().map((r) => `${r.platform} ${r.identifierType} ${r.identifier} ${r.wait}`)).toEqual([
		`tiktok username ${long} true`, `tiktok liveId ${ROOM} true`, "tiktok username https://vm.tiktok.com/ZMabcDEF1/ true", `tiktok liveId https://m.tiktok.com/share/live/${ROOM}/?_r=1 true`,
	]);
});

test("a card says how the chat is reached where that matters, and what to do when it is not", async ({ page, server, open }) => {
	await open("?tiktok=luna");
	const luna = card(page, "luna");
	await expect(luna).toContainText("Live");
	server.socket.send({ ...started, via: "direct" });
	await expect(luna.getByRole("paragraph")).toHaveCount(0);
	server.socket.send({ ...started, via: "sign_server" });
	await expect(luna.getByRole("paragraph")).toHaveText("Read with the help of a sign server.");
	const why = "Reading TikTok through a sign server: the direct connection was refused.";
	server.socket.send({ ...started, via: "sign_server", message: why });
	await expect(luna.getByRole("paragraph")).toHaveText(why);
	server.socket.send({ ...started, via: "direct", message: "@luna has paused the stream on TikTok." });
	await expect(luna.getByRole("paragraph")).toHaveText("@luna has paused the stream on TikTok.");
	server.socket.send({ type: "status", status: "reconnecting", ...on, message: "… Trying again in 20 s.", cause: "TikTok asks for a captcha or a login. Please answer it in the window that has opened.", retry_in_ms: 20_000 });
	await expect(luna).toContainText("Reconnecting in");
	await expect(luna.getByRole("paragraph")).toHaveText("TikTok asks for a captcha or a login. Please answer it in the window that has opened.");
	server.socket.send({ ...started, via: "direct" });
	await expect(luna.getByRole("paragraph")).toHaveCount(0);
	server.socket.send({ type: "status", status: "waiting", ...on, message: "@luna is live on TikTok for adults only. Such a chat cannot be read without login.", retry_in_ms: 30_000 });
	await expect(luna.getByRole("paragraph")).toContainText("for adults only");
});

test("a flood of likes, joins, follows and shares leaves the chat where it is", async ({ page, server, open }) => {
	await open("?tiktok=luna");
	await expect(card(page, "luna")).toContainText("Live");
	server.socket.send(chat(author("ana"), "can you read me?", {}, on));
	const names = Array.from({ length: 400 }, (_, i) => author(`viewer ${i}`));
	names[1] = author("ندى في الحديقة");
	for (const [i, user] of names.entries()) {
		server.socket.send(
			event("join", { user, text: `${user.display_name} joined.` }, on),
			event("like", { user, count: 5, total: 10_000 + i * 5, text: `${user.display_name} sent 5 likes.` }, on),
		);
	}
	server.socket.send(event("follow", { user: author("bo"), total: 1234, text: "bo followed the host." }, on), event("share", { user: author("cy"), count: 12, text: "…" }, on));
	const crowd = (kind: string) => log(page).locator(`[data-crowd=${kind}]`);
	await expect.poll(async () => plain(await crowd("join").textContent())).toContain("viewer 0, ندى في الحديقة, viewer 2, and 397 others joined");
	await expect.poll(async () => plain(await crowd("like").textContent())).toContain("and 397 others sent 2,000 likes · 11,995 in all");
	await expect.poll(async () => plain(await crowd("follow").textContent())).toContain("bo followed · 1,234 followers");
	await expect.poll(async () => plain(await crowd("share").textContent())).toContain("cy shared the stream · 12 viewers came");
	await expect(log(page).locator("[data-crowd]")).toHaveCount(4);
	await expect(rows(page)).toBeInViewport();
	server.socket.send(moderation("delete_user", { user_id: names[0]!.id, username: "viewer 0" }, on));
	await expect.poll(async () => plain(await crowd("join").textContent())).toContain("viewer 2, viewer 3, and 397 others joined");
});

test("a gift counts up where it stands, ends, and is golden when it is large", async ({ page, server, open }) => {
	await open("?tiktok=luna");
	await expect(card(page, "luna")).toContainText("Live");
	const gift = (name: string, unit_cost: number) => ({ id: name, name, unit_cost, image_url: "https://img.example/gift.png" });
	const roses = (n: number, state: "running" | "final") =>
		event("gift", { user: author("Sofi"), count: n, gift: gift("Rose", 1), combo: { id: "g", count: n, state } }, { ...on, id: "roses" });
	server.socket.send(roses(1, "running"), chat(author("ana"), "roses!", {}, on), roses(38, "running"));
	const first = log(page).locator("[data-event=gift]").first();
	await expect(first).toHaveText(/Rose × 38\s*Sofi\s*combo running.*38 ◆/s);
	await expect(first.getByRole("img", { name: "Rose" })).toBeVisible();
	server.socket.send(roses(40, "final"), event("gift", { user: author("Bo"), count: 1, gift: gift("Galaxy", 1000), recipients: [{ id: "2", username: "mo", display_name: "Mo", avatar_url: null }] }, on));
	await expect(first).toHaveText(/Rose × 40.*40 ◆/s);
	await expect(first).not.toContainText("combo running");
	const second = log(page).locator("[data-event=gift]").nth(1);
	await expect(second).toHaveText(/Galaxy\s*Bo\s*to Mo.*1,000 ◆/s);
	const tones = await log(page).locator("[data-event=gift] .card").evaluateAll((all) => all.map((e) => (e as HTMLElement).style.getPropertyValue("--edge")));
	expect(tones).toEqual(["var(--tiktok)", "var(--money)"]);
	await expect(log(page).locator("[data-event=gift]")).toHaveCount(2);
});

test("stickers are large alone and small in a text; badges say their level", async ({ page, server, open }) => {
	await open("?tiktok=luna");
	await expect(card(page, "luna")).toContainText("Live");
	const sticker = emote("[fern]", "https://img.example/fern.png");
	const badges = [badge("custom", "Gifter level 22"), badge("custom", "Fan club level 7", "https://img.example/heart.png"), badge("custom", "Top gifter 1"), badge("moderator", "Moderator")];
	server.socket.send(chat(author("Ana", { badges }), content(sticker, " ", sticker), {}, on), chat(author("Bo"), content("hi ", sticker), {}, on));
	await expect(rows(page)).toHaveCount(2);
	const heights = await rows(page).locator(".emote img").evaluateAll((all) => all.map((e) => (e as HTMLImageElement).height));
	expect(heights).toEqual([48, 48, 24]);
	const shown = rows(page).first().locator(".badge");
	await expect(shown).toHaveText(["◆22", "7", "#1", "M"]);
	await expect(rows(page).first().getByRole("img", { name: "Gifter level 22" })).toBeVisible();
	await expect(rows(page).first().getByRole("img", { name: "Fan club level 7" })).toBeVisible();
});

test("questions, battles, polls, goals, boxes, pins, levels and what is newer say what matters", async ({ page, server, open }) => {
	await open("?tiktok=luna");
	await expect(card(page, "luna")).toContainText("Live");
	const person = (name: string) => ({ id: name, username: name, display_name: name, avatar_url: null });
	const battle = (votes: number[], winner: string | null) =>
		event("battle", {
			text: "The battle of luna and nova runs.", other: person("nova"),
			poll: { id: "b", title: "Battle of luna and nova", status: winner ? "completed" : "active", remaining_ms: null, winner, choices: ["luna", "nova"].map((title, i) => ({ id: `${i}`, title, votes: votes[i]!, points: null })) },
		}, { ...on, id: "battle" });
	const said = (text: string, id: string) => event("caption", { message: content(text), text: `The host says: ${text}` }, { ...on, id });
	server.socket.send(
		event("question", { user: author("Ana"), message: content("Can a cactus be lonely?"), text: "…" }, on),
		battle([0, 0], null),
		event("treasure_box", { user: author("Bo"), count: 500, text: "Bo put 500 diamonds into a treasure box for 20 people." }, on),
		event("goal", { goal: { kind: "Rose", description: "A new pot", current: 40, target: 100 }, text: "…" }, on),
		event("pin", { user: author("Cy"), other: person("luna"), pin: { id: "p", message_id: "m", text: "Be kind", ends_at: null } }, on),
		event("milestone", { user: author("Di"), count: 20, text: "Di reached gifter level 20." }, on),
		event("subscription", { user: author("Ed"), text: "Ed subscribed." }, on),
		event("notice", { text: "TikTok says something." }, on),
		event("from the future" as "notice", { text: "Something new happened." }, on),
		said("hello ever", "c1"), said("Hello everybody.", "c1"), said("Welcome back.", "c2"),
	);
	const shown = (name: string) => log(page).locator(`[data-event=${name}]`);
	await expect(shown("question")).toHaveText(/Question\s*Ana\s*asks.*Can a cactus be lonely\?/s);
	await expect(shown("treasure_box")).toHaveText(/Treasure box\s*Bo\s*put 500 diamonds into a treasure box for 20 people\..*500 ◆/s);
	await expect(shown("goal")).toHaveText(/Goal\s*A new pot.*Rose\s*40 of 100/s);
	await expect(shown("pin")).toHaveText(/Pinned\s*Cy\s*by luna.*Be kind/s);
	await expect(shown("milestone")).toHaveText(/Level up\s*Di\s*reached gifter level 20/s);
	await expect(shown("subscription")).toHaveText(/Subscription\s*Ed/s);
	await expect(shown("notice")).toContainText("TikTok says something.");
	await expect(log(page)).toContainText("Something new happened.");
	await expect.poll(async () => plain(await log(page).locator("[data-crowd=caption]").textContent())).toContain("Heard: Hello everybody. Welcome back.");
	server.socket.send(battle([300, 100], "luna"));
	await expect(shown("battle")).toHaveCount(1);
	await expect(shown("battle")).toHaveText(/Battle\s*luna won.*Completed.*luna.*300.*nova.*100/s);
});
