import { card, expect, field, log, rows, status, test } from "./fixture";
import { author, chat, viewers } from "./frames";
import { live } from "./scripted-server";

test("a newcomer is told what to do, and one button starts the demo", async ({ page, server, open }) => {
	await open();
	await expect(page.getByRole("heading", { name: "Read any live chat" })).toBeVisible();
	await page.getByRole("button", { name: "Watch the demo" }).click();
	await expect.poll(() => server.subscribes().map((r) => `${r.platform} ${r.identifier}`)).toEqual([
		"twitch polychat-demo", "youtube polychat-demo", "tiktok polychat-demo",
	]);
	await expect(log(page)).toBeVisible();
});

test("a server without a demo does not offer one", async ({ page, server, open }) => {
	server.health = { status: "ok" };
	await open();
	await expect(page.getByRole("heading", { name: "Read any live chat" })).toBeVisible();
	await expect(page.getByRole("button", { name: "Watch the demo" })).toBeHidden();
});

test("platforms that the server does not read cannot be chosen", async ({ page, server, open }) => {
	server.health = { status: "ok", platforms: ["twitch"] };
	await open();
	await expect(page.getByRole("radio", { name: "YouTube" })).toBeDisabled();
	await expect(page.getByRole("radio", { name: "Twitch" })).toBeEnabled();
});

test("channels are added by keyboard alone and kept in the address", async ({ page, server, open }) => {
	await open();
	await field(page).focus();
	await page.keyboard.type("Luna");
	await page.keyboard.press("Enter");
	await expect(card(page, "luna")).toContainText("Live");
	await page.keyboard.type("https://www.youtube.com/@Somebody/live");
	await page.keyboard.press("Enter");
	await expect(page.getByRole("radio", { name: "YouTube" })).toBeChecked();
	await expect.poll(() => server.subscribes().length).toBe(2);
	expect(server.subscribes()[1]).toMatchObject({ platform: "youtube", identifierType: "username", identifier: "https://www.youtube.com/@Somebody/live" });
	expect(new URL(page.url()).search).toBe("?twitch=Luna&youtube=https%3A%2F%2Fwww.youtube.com%2F@Somebody%2Flive");

	await page.reload();
	await expect.poll(() => server.subscribes().length).toBe(4);
	await expect(card(page, "luna")).toContainText("Live");
});

test("a card shows who watches, how much is said, and goes away with its messages kept", async ({ page, server, open }) => {
	await open("?twitch=luna");
	await expect(card(page, "luna")).toContainText("Live");
	server.socket.send(viewers(1204), chat(author("ana"), "one"), chat(author("bo"), "two"));
	await expect(card(page, "luna")).toContainText("1,204");
	await expect(card(page, "luna")).toContainText("2/min");
	await expect(card(page, "luna")).toContainText(/now|s ago/);
	await card(page, "luna").hover();
	await page.getByRole("button", { name: "Remove luna" }).click();
	await expect(card(page, "luna")).toHaveCount(0);
	await expect.poll(() => server.requests.at(-1)).toEqual({ type: "unsubscribe", platform: "twitch", identifier: "luna" });
	await expect(rows(page)).toHaveCount(2);
	expect(new URL(page.url()).search).toBe("");
});

test("every failure is a sentence on the card, and can be tried again", async ({ page, server, open }) => {
	server.answer = (request, socket) => {
		if (request.type !== "subscribe") return;
		const { platform = "youtube", identifier } = request;
		const [subscribed] = live(platform, identifier);
		const channel = identifier.toLowerCase();
		const error = (code: "STREAM_NOT_FOUND" | "STREAM_NOT_LIVE" | "UPSTREAM_UNAVAILABLE", text: string) =>
			socket.send(subscribed!, { type: "error", code, error: text, platform, identifier: channel });
		switch (channel) {
			case "nobody":
				return error("STREAM_NOT_FOUND", "x");
			case "asleep":
				return error("STREAM_NOT_LIVE", "x");
			case "far":
				error("UPSTREAM_UNAVAILABLE", "Twitch cannot be reached.");
				return socket.send({ type: "status", status: "reconnecting", platform, identifier: channel, cause: "Twitch does not answer.", retry_in_ms: 9_000 });
			case "later":
				return socket.send(subscribed!, { type: "status", status: "waiting", platform, identifier: channel, retry_in_ms: 30_000 });
			case "quiet":
				return socket.send(subscribed!, { type: "status", status: "started", platform, identifier: channel, live: false });
			default:
				socket.send({ type: "error", code: "INVALID_IDENTIFIER", error: "A Twitch name has 1 to 25 letters, digits and _.", platform, identifier });
		}
	};
	await open("?twitch=nobody,asleep,far,later,quiet,b%20ad");
	await expect(card(page, "nobody")).toContainText("Not found");
	await expect(card(page, "nobody")).toContainText("Twitch knows no channel “nobody”. Check the spelling.");
	await expect(card(page, "asleep")).toContainText("Not live");
	await expect(card(page, "far")).toContainText(/Reconnecting in \d sec/);
	await expect(card(page, "far")).toContainText("Twitch does not answer.");
	await expect(card(page, "later")).toContainText("Waiting for stream");
	await expect(card(page, "quiet")).toContainText("Offline, chat open");
	await expect(card(page, "b ad")).toContainText("A Twitch name has 1 to 25 letters");

	const before = server.subscribes().length;
	await card(page, "nobody").hover();
	await page.getByRole("button", { name: "Try nobody again" }).click();
	await expect.poll(() => server.subscribes().length).toBe(before + 1);
});

test("an empty field is answered with what to do", async ({ page, open }) => {
	await open();
	await page.getByRole("button", { name: "Add channel" }).click();
	await expect(page.getByRole("alert")).toHaveText("Type a channel name or paste a link.");
	await field(page).fill("x");
	await expect(page.getByRole("alert")).toBeHidden();
});

test("options go into the request and into the address", async ({ page, server, open }) => {
	await open("?twitch=luna");
	await page.getByText("Options").click();
	await page.getByRole("switch", { name: "Events" }).click();
	await page.getByRole("switch", { name: "Wait for the stream" }).click();
	await page.getByRole("spinbutton", { name: "Messages to start with" }).fill("7");
	await page.keyboard.press("Tab");
	await expect.poll(() => server.subscribes().length).toBe(2);
	await field(page).fill("nova");
	await page.keyboard.press("Enter");
	await expect.poll(() => server.subscribes().at(-1)).toEqual({ type: "subscribe", platform: "twitch", identifier: "nova", include: ["moderation", "viewers"], backlog: 7, wait: false });
	expect(new URL(page.url()).search).toBe("?twitch=luna,nova&events=0&wait=0&backlog=7");
});

test("a lost connection comes back, asks for what was missed, and doubles nothing", async ({ page, server, open }) => {
	await open("?twitch=luna");
	await expect(card(page, "luna")).toContainText("Live");
	const known = chat(author("ana"), "known", {}, { seq: 41 });
	server.socket.send(known);
	await expect(rows(page)).toHaveCount(1);

	server.socket.cut();
	await expect(status(page)).toHaveText(/^Reconnecting in \d sec$/);
	await expect(rows(page)).toHaveCount(1);
	await expect(status(page)).toHaveText(`Connected to ${new URL(server.origin).host}`);
	await expect.poll(() => server.subscribes().length).toBe(2);
	expect(server.subscribes()[1]).toEqual({ type: "subscribe", platform: "twitch", identifier: "luna", include: ["events", "moderation", "viewers"], since: 41, wait: true });

	server.socket.send(known, chat(author("bo"), "missed", {}, { seq: 42 }), { type: "gap", platform: "twitch", identifier: "luna", missed: 12 });
	await expect(rows(page)).toHaveText([/known/, /missed/]);
	await expect(log(page)).toContainText("12 messages of luna were skipped because this page was too slow or away.");
});
