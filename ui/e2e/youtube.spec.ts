import { card, expect, field, log, rows, test } from "./fixture";
import { author, badge, chat, content, event, paidColors } from "./frames";
import { live } from "./scripted-server";

const CHANNEL = "UCabcdefghijklmnopqrstuv";
const VIDEO = "aB3-dE_fG7h";
const on = { platform: "youtube", identifier: "luna" } as const;
const person = (name: string) => ({ id: name, username: name, display_name: name, avatar_url: null });

test("what is typed says by itself what it names, and the stream is waited for", async ({ page, server, open }) => {
	await open();
	await page.getByText("YouTube", { exact: true }).click();
	await expect(page.getByRole("switch", { name: "Wait for the stream" })).toBeChecked();
	for (const text of ["@Luna", CHANNEL, VIDEO, `https://www.youtube.com/watch?v=${VIDEO}&t=1`]) {
		await field(page).fill(text);
		await page.keyboard.press("Enter");
	}
	await expect.poll(() => server.subscribes().map((r) => `${r.identifierType} ${r.identifier} ${r.wait}`)).toEqual([
		"username @Luna true", `channelId ${CHANNEL} true`, `username ${VIDEO} true`, `liveId https://www.youtube.com/watch?v=${VIDEO}&t=1 true`,
	]);
	await page.getByRole("switch", { name: "Wait for the stream" }).click();
	await field(page).fill("nova");
	await page.keyboard.press("Enter");
	await expect.poll(() => server.subscribes().at(-1)?.wait).toBe(false);

	await page.reload();
	await expect.poll(() => server.subscribes().slice(5).map((r) => r.identifierType)).toEqual(["username", "channelId", "username", "liveId", "username"]);
});

test("an address of the page may hold whatever names a stream", async ({ server, open }) => {
	await open(`?youtube=@luna,${CHANNEL},https://youtu.be/${VIDEO},youtube.com/live/${VIDEO},liveId:${VIDEO}`);
	await expect.poll(() => server.subscribes().map((r) => r.identifierType)).toEqual(["username", "channelId", "liveId", "liveId", "liveId"]);
});

test("a stream that is announced is counted down to, and its open chat is read meanwhile", async ({ page, server, open }) => {
	const starts_at = new Date(Date.now() + 25.5 * 60_000).toISOString();
	server.answer = (request, socket) => {
		if (request.type !== "subscribe") return;
		const [subscribed] = live("youtube", request.identifier);
		socket.send(subscribed!, { type: "status", status: "waiting", ...on, retry_in_ms: 30_000, starts_at });
	};
	await open("?youtube=luna");
	await expect(card(page, "luna")).toContainText("Starts in 25 min");
	await expect(log(page)).toContainText(/luna on YouTube is not live yet, but announced for .*\. Its chat starts by itself\./);
	server.socket.send({ type: "status", status: "started", ...on, live: false, liveId: VIDEO, starts_at });
	await expect(card(page, "luna")).toContainText("Starts in 25 min, chat open");
	server.socket.send(chat(author("ana"), "first!", {}, on));
	await expect(rows(page)).toHaveText([/first!/]);
	server.socket.send({ type: "status", status: "started", ...on, live: true, liveId: VIDEO });
	await expect(card(page, "luna")).toContainText("Live");
	await expect(card(page, "luna")).not.toContainText("Starts");
});

test("of several broadcasts one can be opened, if it is for everybody", async ({ page, server, open }) => {
	await open("?youtube=luna");
	await expect(card(page, "luna")).toContainText("Live");
	const one = { live: true, members_only: false, viewers: null, starts_at: null };
	const broadcasts = [
		{ ...one, liveId: "wide0000000", title: "The wide one" },
		{ ...one, liveId: VIDEO, title: "The upright one", viewers: 1204 },
		{ ...one, liveId: "members0000", title: "Only among us", members_only: true },
	];
	server.socket.send({ type: "status", status: "started", ...on, live: true, liveId: "wide0000000", broadcasts, degraded: true });
	const list = page.getByRole("list", { name: "Broadcasts" });
	await expect(list.getByRole("listitem")).toHaveText([/The wide one\s*Reading/, /The upright one\s*1,204 watching/, /Only among us\s*Members only/]);
	await expect(list.getByRole("button")).toHaveCount(1);
	await expect(page.getByText("YouTube sends things that this version does not know.")).toBeVisible();
	await list.getByRole("button").click();
	await expect.poll(() => server.subscribes().at(-1)).toMatchObject({ platform: "youtube", identifier: VIDEO, identifierType: "liveId" });
	await expect(list.getByRole("button")).toHaveCount(0);
	expect(new URL(page.url()).search).toBe(`?youtube=luna,liveId:${VIDEO}`);

	server.socket.send({ type: "status", status: "started", ...on, live: true, liveId: "wide0000000" });
	await expect(list).toHaveCount(0);
	await expect(page.getByText("YouTube sends things")).toBeHidden();
});

test("what was written before is quieter, and divided from what is written now", async ({ page, server, open }) => {
	await open("?youtube=luna");
	await expect(card(page, "luna")).toContainText("Live");
	const past = (at: number) => ({ ...on, at: Date.now() - at, history: true });
	server.socket.send(chat(author("ana"), "long ago", {}, past(90_000)), event("membership", { user: author("bo") }, past(80_000)), chat(author("ana"), "a while ago", {}, past(70_000)));
	const divider = log(page).getByRole("separator", { name: "before you came" });
	await expect(divider).toHaveCount(1);
	server.socket.send(chat(author("cy"), "now", {}, on));
	await expect(rows(page)).toHaveCount(3);
	await expect(divider).toHaveCount(1);
	const top = async (text: string) => (await log(page).getByText(text).boundingBox())!.y;
	const line = (await divider.boundingBox())!.y;
	expect(await top("a while ago")).toBeLessThan(line);
	expect(await top("now")).toBeGreaterThan(line);
	const strength = await rows(page).evaluateAll((all) => all.map((e) => Number(getComputedStyle(e).opacity)));
	expect(strength[0]).toBeLessThan(1);
	expect(strength[2]).toBe(1);
});

test("a Super Chat has the colours of its tier, also as a sticker; taken away it is grey", async ({ page, server, open }) => {
	await open("?youtube=luna");
	await expect(card(page, "luna")).toContainText("Live");
	const paid = (formatted: string, tier: number) => ({ type: "super_chat" as const, monetary_data: { amount: formatted, formatted, color: "#ffca28", money: null, bits: null, tier, colors: paidColors(tier) } });
	server.socket.send(
		chat(author("ana"), "for the cat", { metadata: paid("$10.00", 4) }, { ...on, messageId: "sc" }),
		chat(author("bo"), content(), { metadata: { ...paid("£0.99", 1), sticker: { url: "https://img.example/sticker.png", alt: "A cat waves" } } }, on),
		chat(author("cy"), "hostile", { metadata: { ...paid("$1", 1), monetary_data: { ...paid("$1", 1).monetary_data, colors: { ...paidColors(1), header: "red;background:url(https://evil.example/)" } } } }, on),
	);
	const [first, sticker, hostile] = [rows(page).nth(0), rows(page).nth(1), rows(page).nth(2)];
	await expect(first).toContainText("$10.00");
	await expect(first.locator(".card")).toHaveCSS("background-color", "rgb(255, 202, 40)");
	await expect(first.locator(".head")).toHaveCSS("background-color", "rgb(255, 179, 0)");
	await expect(sticker).toContainText("Super Sticker");
	await expect(sticker.getByRole("img", { name: "A cat waves" })).toBeVisible();
	await expect(hostile.locator(".painted")).toHaveCount(0);
	server.socket.send({ ...chat(author("ana"), "", {}, on), type: "moderation", data: { action: "delete_message", message_id: "sc", user_id: null, username: null, duration_seconds: null } } as never);
	await expect(first).toContainText("removed on YouTube");
	await expect(first.locator(".painted")).toHaveCount(0);
});

test("members, gifts, polls, pins, goals and raids are cards that say what matters", async ({ page, server, open }) => {
	await open("?youtube=luna");
	await expect(card(page, "luna")).toContainText("Live");
	const given = (names: string[], state: "running" | "final") =>
		event("gift_subscription", { user: author("Gus"), count: 4, combo: { id: "g", count: 4, state }, recipients: names.map(person) }, { ...on, id: "gifts" });
	const poll = (votes: number[]) =>
		event("poll", { poll: { id: "p", title: "Which light?", status: "active", choices: votes.map((n, i) => ({ id: `${i}`, title: `Answer ${i}`, votes: n, points: null })), remaining_ms: null, winner: null } }, { ...on, id: "poll" });
	server.socket.send(
		chat(author("Mo", { badges: [{ ...badge("subscriber", "Member (2 years)"), months: 24 }] }), "hi", {}, on),
		event("membership", { user: author("New"), tier: "Brush Club" }, on),
		event("milestone", { user: author("Old"), months: 18, count: 18, tier: "Brush Club", message: content("so long!") }, on),
		given([], "running"),
		event("gift", { user: author("Jo"), count: 1, gift: { id: "gold_coin", name: "Gold coin", image_url: "https://img.example/coin.png", unit_cost: 10 } }, on),
		poll([0, 0]),
		event("pin", { user: author("luna"), other: person("luna"), pin: { id: "b", message_id: "x", text: "Be kind", ends_at: null } }, on),
		event("goal", { goal: { kind: "super_chat", description: "", current: 30, target: 120 } }, on),
		event("raid", { user: author("Rae"), other: person("Rae"), text: "Rae and their viewers just joined." }, on),
	);
	const shown = (name: string) => log(page).locator(`[data-event=${name}]`);
	await expect(rows(page).getByRole("img", { name: "Member (2 years), 24 months" })).toBeVisible();
	await expect(shown("membership")).toHaveText(/New member\s*New.*Brush Club/s);
	await expect(shown("milestone")).toHaveText(/Member milestone\s*Old\s*Brush Club.*18 months\s*so long!/s);
	await expect(shown("gift_subscription")).toContainText("4 still to be given");
	await expect(shown("gift")).toHaveText(/Gold coin\s*Jo.*10 Jewels/s);
	await expect(shown("gift").getByRole("img", { name: "Gold coin" })).toBeVisible();
	await expect(shown("pin")).toHaveText(/Pinned\s*luna.*Be kind/s);
	await expect(shown("goal")).toContainText("30 of 120");
	await expect(shown("raid")).toContainText("Rae");
	server.socket.send(given(["ana", "bo"], "running"), poll([3, 1]));
	await expect(shown("gift_subscription")).toContainText("to ana, bo · 2 still to be given");
	await expect.poll(() => shown("poll").locator(".share i").evaluateAll((bars) => bars.map((b) => b.style.width))).toEqual(["75%", "25%"]);
	server.socket.send(given(["ana", "bo", "cy", "di"], "final"));
	await expect(shown("gift_subscription")).toContainText("to ana, bo, cy and 1 more");
	await expect(shown("gift_subscription")).toHaveCount(1);
});
