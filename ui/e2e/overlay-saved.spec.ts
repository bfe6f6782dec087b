import type { Page } from "@playwright/test";
import type { Overlay } from "../src/lib/bindings/Overlay";
import type { OwnLook } from "../src/lib/bindings/OwnLook";
import type { Stage } from "../src/lib/bindings/Stage";
import type { ServerMessage } from "../src/lib/bindings/ServerMessage";
import { author, chat, event, moderation } from "./frames";
import { expect, items, messages, test } from "./overlay";
import { RealServer } from "./real-server";
import type { ScriptedServer } from "./scripted-server";

const WINDOW = { shown: false, locked: false, opacity: 100, dimAfterS: 0, hiddenFromCapture: true, aboveFullscreen: false, places: [] };

/** What is saved, as the server tells it. */
function saved(channels: readonly string[], main: Partial<Overlay> = {}, stage: Stage = { paused: false, clearedAt: 0, featured: null }, looks: OwnLook[] = []): ServerMessage {
	return {
		type: "saved",
		channels: channels.map((name) => ({ platform: "twitch", identifier: name.replace("(paused)", ""), identifierType: "username", paused: name.includes("(paused)") })),
		overlays: [{ name: "main", look: null, values: {}, window: WINDOW, ...main }],
		looks,
		stage,
	};
}

const names = (server: ScriptedServer) => server.subscribes().map((r) => r.identifier);

/** Opens an overlay without channels in its address. */
async function open(page: Page, server: ScriptedServer, address = "/overlay/main"): Promise<void> {
	await page.goto(server.origin + address);
	await expect.poll(() => server.followed.length).toBe(1);
}

test("without channels in its address, the overlay reads the saved ones that are not paused", async ({ page, server }) => {
	await open(page, server, "/overlay/side-1");
	expect(server.followed).toEqual(["side-1"]);
	server.socket.send(saved(["luna", "nova(paused)", "sol"]));
	await expect.poll(() => names(server)).toEqual(["luna", "sol"]);
	server.socket.send(chat(author("ana"), "one"), chat(author("bo"), "two", {}, { identifier: "sol" }));
	await expect(messages(page)).toHaveText(["anaone", "botwo"]);
});

test("channels that are removed or paused take their messages along, others lose and double nothing", async ({ page, server }) => {
	await open(page, server);
	server.socket.send(saved(["luna", "nova"]));
	await expect.poll(() => names(server)).toEqual(["luna", "nova"]);
	const nova = chat(author("bo"), "two", {}, { identifier: "nova" });
	server.socket.send(chat(author("ana"), "one"), nova, chat(author("cy"), "three"));
	await expect(messages(page)).toHaveCount(3);
	server.socket.send(saved(["luna", "nova(paused)"]), nova, chat(author("dee"), "four"));
	await expect(messages(page)).toHaveText(["anaone", "cythree", "deefour"]);
	expect(names(server), "luna is not asked for again").toEqual(["luna", "nova"]);
	expect(server.requests.at(-1)).toMatchObject({ type: "unsubscribe", identifier: "nova" });
	server.socket.send(saved(["luna", "nova"]));
	await expect.poll(() => names(server)).toEqual(["luna", "nova", "nova"]);
	server.socket.send(nova);
	await expect(messages(page)).toHaveText(["anaone", "cythree", "deefour", "botwo"]);
});

test("look and values apply at once, to what is shown as well, and the address goes before them", async ({ page, server }) => {
	await open(page, server, "/overlay/main?scale=1");
	server.socket.send(saved(["luna"], { values: { fontSize: 30 } }));
	await expect.poll(() => names(server)).toEqual(["luna"]);
	server.socket.send(chat(author("ana"), "one"), chat(author("bo"), "!two"), chat(author("cy"), "three"));
	await expect(messages(page)).toHaveText(["anaone", "cythree"]);
	const size = () => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--size").trim());
	expect(await size()).toBe("30px");
	// What was left out is there as soon as it is wanted, in its place.
	server.socket.send(saved(["luna"], { look: "neon", values: { fontSize: 20, scale: 3, prefixes: "" } }));
	await expect(messages(page)).toHaveText(["anaone", "bo!two", "cythree"]);
	await expect(page.locator("html")).toHaveAttribute("data-look", "neon");
	expect(await size(), "the address says scale=1").toBe("20px");
	server.socket.send(saved(["luna"], { values: { reverse: true, limit: 10, css: "yt-live-chat-app { letter-spacing: 3px }" } }));
	await expect(messages(page)).toHaveText(["cythree", "anaone"]);
	await expect(page.locator("html")).not.toHaveAttribute("data-look", /./);
	await expect(page.locator("yt-live-chat-app")).toHaveCSS("letter-spacing", "3px");
	server.socket.send(saved(["luna"], { values: { reverse: true, limit: 1 } }));
	await expect(messages(page)).toHaveText(["cythree"]);
	await expect(page.locator("yt-live-chat-app")).toHaveCSS("letter-spacing", "normal");
	server.socket.send(chat(author("dee"), "four"));
	await expect(messages(page)).toHaveText(["deefour"]);
	expect(server.sockets.length, "without a reload").toBe(1);
});

test("what a moderator takes away stays away when the settings change", async ({ page, server }) => {
	await open(page, server);
	server.socket.send(saved(["luna"]));
	await expect.poll(() => names(server)).toEqual(["luna"]);
	server.socket.send(chat(author("ana"), "stays"), chat(author("bo"), "!left out", {}, { messageId: "2" }), chat(author("cy"), "shown", {}, { messageId: "3" }));
	await expect(messages(page)).toHaveCount(2);
	for (const message_id of ["2", "3"]) server.socket.send(moderation("delete_message", { message_id }));
	server.socket.send(saved(["luna"], { values: { prefixes: "", ticker: true } }));
	await expect(messages(page)).toHaveText(["anastays"]);
});

test("it stands still while it is paused, and shows afterwards what came", async ({ page, server }) => {
	await open(page, server);
	server.socket.send(saved(["luna"]));
	await expect.poll(() => names(server)).toEqual(["luna"]);
	server.socket.send(chat(author("ana"), "one", {}, { messageId: "1" }));
	await expect(messages(page)).toHaveCount(1);
	server.socket.send(saved(["luna"], {}, { paused: true, clearedAt: 0, featured: null }), chat(author("bo"), "two"), chat(author("cy"), "gone", {}, { messageId: "3" }));
	server.socket.send(moderation("delete_message", { message_id: "3" }));
	await page.waitForTimeout(600);
	await expect(messages(page)).toHaveText(["anaone"]);
	server.socket.send(moderation("delete_message", { message_id: "1" }));
	await expect(messages(page), "what is taken away goes all the same").toHaveCount(0);
	server.socket.send(saved(["luna"]));
	await expect(messages(page)).toHaveText(["botwo"]);
});

test("clearing empties it, and nothing from before comes back", async ({ page, server }) => {
	await page.goto(`${server.origin}/overlay/main?twitch=luna&ticker&hidebots=0`);
	await expect.poll(() => names(server)).toEqual(["luna"]);
	server.socket.send(chat(author("ana"), "one"), event("raid", { user: author("bo"), count: 3 }));
	await expect(items(page)).toHaveCount(2);
	const now = Date.now() + 60_000;
	server.socket.send(saved([], {}, { paused: false, clearedAt: now, featured: null }));
	await expect(items(page)).toHaveCount(0);
	expect(names(server), "the address has channels, so the saved ones are not read").toEqual(["luna"]);
	// A loss: the server tells once more what was before, and something newer.
	server.socket.cut();
	await expect.poll(() => server.sockets.length).toBe(2);
	await expect.poll(() => names(server)).toEqual(["luna", "luna"]);
	server.socket.send(saved([], {}, { paused: false, clearedAt: now, featured: null }));
	const old = chat(author("ana"), "from before");
	const fresh = { ...chat(author("cy"), "from after"), timestamp: new Date(now + 1_000).toISOString() } as ServerMessage;
	server.socket.send(old, fresh);
	await expect(messages(page)).toHaveText(["cyfrom after"]);
});

test("the real server: what is saved there is on the overlay at once, and after a restart", async ({ page, request }) => {
	await page.route(/^https:\/\//, (route) => route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>' }));
	let real = await RealServer.start("0", ["--bind", "0.0.0.0"]);
	const { origin } = real;
	const call = async (command: string, data: unknown) => {
		const answer = await request.post(`${origin}/api/${command}`, { data, headers: { authorization: `Bearer ${real.token}` } });
		expect(answer.status(), `${command} ${await answer.text()}`).toBe(200);
		return answer.json();
	};
	try {
		await page.goto(`${origin}/overlay/main`);
		await expect(page.locator("yt-live-chat-app")).toBeAttached();
		await call("add_channel", { platform: "twitch", identifier: "polychat-demo" });
		await expect.poll(() => items(page).count(), { timeout: 60_000 }).toBeGreaterThan(2);
		await call("change_overlay", { name: "main", look: "glass", values: { limit: 5 } });
		await expect(page.locator("html")).toHaveAttribute("data-look", "glass");
		expect(await items(page).count()).toBeLessThanOrEqual(5);
		const own = await call("add_look", { name: "Mine", base: "glass", values: { fontSize: 31 }, css: "#message { color: rgb(1, 2, 3) }" });
		await call("change_overlay", { name: "main", look: own.id, values: { limit: 5 } });
		await expect(page.locator("html")).toHaveAttribute("data-look", "mine");
		await expect(messages(page).locator("#message").first()).toHaveCSS("color", "rgb(1, 2, 3)");
		await call("change_look", { ...own, css: "#message { color: rgb(4, 5, 6) }" });
		await expect(messages(page).locator("#message").first()).toHaveCSS("color", "rgb(4, 5, 6)");
		real = await real.again();
		await page.goto("about:blank");
		await page.goto(`${origin}/overlay/main`);
		await expect(page.locator("html")).toHaveAttribute("data-look", "mine");
		expect(await page.evaluate(() => document.documentElement.style.getPropertyValue("--size"))).toBe("31px");
		await call("remove_look", { id: "mine" });
		await expect(page.locator("html"), "what it was made of").toHaveAttribute("data-look", "glass");
		await expect.poll(() => items(page).count(), { timeout: 60_000 }).toBeGreaterThan(2);
		await call("change_channel", { platform: "twitch", identifier: "polychat-demo", paused: true });
		await expect(items(page)).toHaveCount(0);
	} finally {
		await real.stop();
	}
});
