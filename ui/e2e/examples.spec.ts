/** What the documents show to makers of overlays does what they say: programs, rules, names, whole pages and addresses. */

import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Page } from "@playwright/test";
import { WebSocket as Client } from "ws";
import type { ServerMessage } from "../src/lib/bindings/ServerMessage";
import { expect, test } from "./fixture";
import { author, chat, content, emote, event, moderation } from "./frames";
import { RealServer } from "./real-server";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const EXAMPLES = join(ROOT, "docs/examples");
const read = (name: string) => readFileSync(join(ROOT, name), "utf8");
const DOCUMENTS = ["README.md", ...readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`)];
/** The blocks of code of a language in a document, each by its document and number. */
const blocks = (language: string, documents = DOCUMENTS) =>
	documents.flatMap((name) => [...read(name).matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map((found, n) => ({ name: `${name} ${n + 1}`, code: found[1] ?? "" })));
/** A part of a document, from its heading to the next one of the same or a higher level. */
function section(name: string, heading: string): string {
	const [, rest = ""] = read(name).split(`\n${heading}\n`);
	const level = heading.indexOf(" ");
	return rest.split(new RegExp(`^#{1,${level}} `, "m"))[0] ?? "";
}
/** The cells of the tables in a text. */
const rows = (text: string) => text.split("\n").filter((line) => line.startsWith("| ")).map((line) => line.slice(2, -2).split(" | "));
/** What stands as code in a text. */
const codes = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? "");

/** What the documents name: a port, and a channel that here is the demo's. */
function ours(text: string, origin: string): string {
	return text.replaceAll("127.0.0.1:7117", new URL(origin).host).replaceAll("some_channel", "polychat-demo");
}

/** The demo takes its time, as people do. */
const slow = { timeout: 90_000 };

let real: RealServer;
let folder: string;
test.beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "polychat-example-"));
	real = await RealServer.start("0", ["--bind", "0.0.0.0"]);
});
test.afterAll(async () => {
	await real?.stop();
	await rm(folder, { recursive: true, force: true });
});

/** Opens a page as a local file, as OBS does. */
async function openFile(page: Page, html: string): Promise<void> {
	const file = join(folder, "page.html");
	await writeFile(file, html);
	await page.goto(pathToFileURL(file).href);
}

// Pictures of emotes and badges: whatever their address, no test asks the network for them.
test.beforeEach(({ page }) =>
	page.route(/^https:\/\//, (route) => route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>' })),
);

test.describe("programs", () => {
	/** What each of them writes to the console, by the document that it stands in. */
	const WRITES: Record<string, (page: Page, code: string) => Promise<void>> = {
		"README.md 1": async (page, code) => {
			const lines: string[] = [];
			page.on("console", (message) => lines.push(message.text()));
			const told = await listen("twitch");
			try {
				await run(page, code);
				await expect.poll(() => lines.length, slow).toBeGreaterThan(2);
				// The same as another client is told, and nothing else.
				const known = () => told.frames.flatMap((f) => (f.type === "chat" ? [`${f.data.author.display_name} ${f.data.content.raw}`] : []));
				await expect.poll(() => lines.slice(0, 3).filter((line) => !known().includes(line))).toEqual([]);
			} finally {
				told.close();
			}
		},
		"docs/PROTOCOL.md 1": async (page, code) => {
			const frames: ServerMessage[] = [];
			page.on("console", async (message) => {
				const [frame] = message.args();
				if (frame) frames.push((await frame.jsonValue()) as ServerMessage);
			});
			await run(page, code);
			await expect.poll(() => frames.filter((f) => f.type === "chat").length, slow).toBeGreaterThan(1);
			expect(frames.find((f) => f.type === "status")).toMatchObject({ type: "status", status: "subscribed", platform: "twitch", channel: "polychat-demo" });
		},
	};

	/** Runs it in a page of its own. */
	const run = (page: Page, code: string) => openFile(page, `<!doctype html><script>${ours(code, real.origin)}</script>`);

	test("all of them are tried", () => {
		expect(blocks("js").map((b) => b.name).sort()).toEqual(Object.keys(WRITES).sort());
	});
	for (const { name, code } of blocks("js")) {
		test(`${name} runs and writes what it says`, ({ page }) => WRITES[name]!(page, code));
	}

	test("examples/read-chat.mjs writes the chat, and says what it needs", async () => {
		test.slow();
		const needed = await program([]);
		await expect.poll(() => needed.code()).toBe(2);
		expect(needed.errors()).toContain("node read-chat.mjs twitch some_channel");
		const chatting = await program(["twitch", "polychat-demo"]);
		try {
			await expect.poll(() => chatting.lines().filter((line) => /^[^*-].*: ./.test(line)).length, slow).toBeGreaterThan(3);
			await expect.poll(() => chatting.lines().some((line) => line.startsWith("* ")), slow).toBe(true);
		} finally {
			chatting.stop();
		}
		const alone = await program(["twitch", "polychat-demo"], "ws://127.0.0.1:9/ws");
		try {
			await expect.poll(() => alone.errors().match(/Trying again/g)?.length ?? 0).toBeGreaterThan(1);
		} finally {
			alone.stop();
		}
	});

	async function program(words: string[], server = `${real.origin.replace("http", "ws")}/ws`) {
		const flags = "WebSocket" in globalThis && Number(process.versions.node.split(".")[0]) >= 22 ? [] : ["--experimental-websocket"];
		const child = spawn(process.execPath, [...flags, join(EXAMPLES, "read-chat.mjs"), ...words], { env: { ...process.env, POLYCHAT: server }, stdio: ["ignore", "pipe", "pipe"] });
		let [out, errors] = ["", ""];
		child.stdout.on("data", (data) => (out += String(data)));
		child.stderr.on("data", (data) => (errors += String(data)));
		return { lines: () => out.split("\n").filter(Boolean), errors: () => errors, code: () => child.exitCode, stop: () => void child.kill() };
	}
});

test.describe("CSS", () => {
	/** The overlay with one of everything that the studio can make up, drawn by the real page. */
	async function everything(page: Page): Promise<void> {
		await page.setViewportSize({ width: 480, height: 3_600 });
		await page.goto(`${real.origin}/overlay/main?look=classic&limit=200&noavatar=0&ticker&showtype=follows,likes,shares,joins`);
		await expect(page.locator("yt-live-chat-app")).toBeAttached();
		const items = page.locator("#items.yt-live-chat-item-list-renderer > *");
		// Alone, so that it comes in calmly.
		await expect.poll(() => rehearse([{ kind: "said", of: "short" }])).toBeGreaterThan(0);
		await expect(items).not.toHaveCount(0);
		const kinds = (name: string) => [...read(`ui/src/lib/bindings/${name}.ts`).matchAll(/"(\w+)"/g)].map((found) => found[1]);
		await rehearse([...kinds("SampleMessage").map((of) => ({ kind: "said", of })), ...kinds("EventName").map((of) => ({ kind: "event", of }))].slice(0, 60));
		await expect.poll(() => items.count()).toBeGreaterThan(35);
	}

	async function rehearse(samples: unknown[]): Promise<number> {
		const answer = await fetch(`${real.origin}/api/rehearse`, { method: "POST", headers: { authorization: `Bearer ${real.token}`, "content-type": "application/json" }, body: JSON.stringify({ overlay: "main", samples }) });
		expect(answer.status, await answer.clone().text()).toBe(200);
		return ((await answer.json()) as { pages: number }).pages;
	}

	const all = blocks("css", ["docs/overlay.md"]);
	test("there are examples", () => expect(all.length).toBeGreaterThan(4));
	for (const { name, code } of all) {
		test(`every selector of ${name} finds something, and every rule changes it`, async ({ page }) => {
			await everything(page);
			const found = await page.evaluate(tryRules, code);
			await page.screenshot({ path: `test-results/examples/${name.replaceAll(/\W+/g, "-")}.png` });
			expect(found).toEqual({ rules: found.rules, findNothing: [], changeNothing: [], unused: [] });
			expect(found.rules).toBeGreaterThan(0);
		});
	}

	test("a rule that does nothing is seen", async ({ page }) => {
		await everything(page);
		const css = "#message { white-space: pre-wrap } #massage, #message { color: red } @keyframes nobody { from { opacity: 0 } }";
		expect(await page.evaluate(tryRules, css)).toEqual({ rules: 2, findNothing: ["#massage"], changeNothing: ["#message { white-space: pre-wrap; }: white-space: pre-wrap"], unused: ["nobody"] });
	});

	test("every name to rely on is there", async ({ page, server }) => {
		await everything(page);
		const names = rows(section("docs/overlay.md", "### Names to rely on")).flatMap(([first = ""]) => codes(first));
		expect(names.length).toBeGreaterThan(40);
		const missing = await page.evaluate(notThere, names);
		// What the studio makes up nothing of.
		await page.goto(`${server.origin}/overlay/main?twitch=luna`);
		await expect.poll(() => server.subscribes().length).toBe(1);
		server.socket.send(chat(author("Ana"), content(emote("Wave", "https://img.example/wave"))), chat(author("Bo"), content({ type: "mention", value: "@Luna", metadata: { username: "luna" } })));
		await expect(page.locator("#message")).toHaveCount(2);
		expect(await page.evaluate(notThere, missing)).toEqual([]);
		expect(await page.evaluate(notThere, ["#massage", "--nothing"])).toEqual(["#massage", "--nothing"]);
	});

	/** In the page: the selectors that find nothing, and the properties that nothing has. */
	function notThere(names: string[]): string[] {
		const elements = [...document.querySelectorAll("*")];
		const isThere = (name: string) => (name.startsWith("--") ? elements.some((e) => getComputedStyle(e).getPropertyValue(name) !== "") : document.querySelector(name) !== null);
		return names.filter((name) => !isThere(name));
	}

	/** In the page: adds rules as OBS does, and says which of them do nothing. Selectors of the examples have no comma of their own. */
	function tryRules(css: string) {
		const style = document.createElement("style");
		style.textContent = css;
		document.head.append(style);
		const sheet = style.sheet!;
		const [rules, keyframes]: [CSSStyleRule[], string[]] = [[], []];
		const walk = (list: CSSRuleList): void => {
			for (const rule of list) {
				if (rule instanceof CSSStyleRule) rules.push(rule);
				else if (rule instanceof CSSKeyframesRule) keyframes.push(rule.name);
				else if (rule instanceof CSSGroupingRule) walk(rule.cssRules);
			}
		};
		walk(sheet.cssRules);
		const [findNothing, changeNothing]: [string[], string[]] = [[], []];
		for (const rule of rules) {
			const found = rule.selectorText.split(/,\s*/).flatMap((selector) => {
				const [plain = "", pseudo] = selector.split(/(?=::)/);
				const elements = [...document.querySelectorAll(plain)];
				if (elements.length === 0) findNothing.push(selector);
				return elements.map((element) => ({ element, pseudo }));
			});
			for (const declaration of rule.style.cssText.split(/;\s*/).filter(Boolean)) {
				const property = declaration.split(":")[0]!;
				const values = (disabled: boolean) => {
					sheet.disabled = disabled;
					return found.map(({ element, pseudo }) => getComputedStyle(element, pseudo).getPropertyValue(property)).join("\n");
				};
				if (values(true) === values(false)) changeNothing.push(`${rule.cssText}: ${declaration}`);
			}
		}
		const used = [...document.querySelectorAll("*")].map((element) => getComputedStyle(element).animationName);
		return { rules: rules.length, findNothing, changeNothing, unused: keyframes.filter((name) => !used.includes(name)) };
	}
});

test.describe("the whole overlay in one file", () => {
	const lines = (page: Page) => page.locator("p:visible");
	/** Opens it so that it speaks to `origin`. */
	const open = (page: Page, origin: string, channel = "polychat-demo") => openFile(page, ours(read("docs/examples/overlay.html"), origin).replaceAll("polychat-demo", channel));

	test("shows the real server's demo, and what its moderators delete goes", async ({ page }) => {
		test.slow();
		const told = await listen("twitch");
		try {
			await page.addInitScript(() => {
				const seen = ((window as unknown as { seen: Record<string, boolean> }).seen = {} as Record<string, boolean>);
				const note = () => {
					const there = new Set([...document.querySelectorAll("p")].map((p) => p.dataset.message ?? ""));
					for (const id of there) seen[id] = true;
					for (const id of Object.keys(seen)) if (!there.has(id)) seen[id] = false;
				};
				new MutationObserver(note).observe(document, { childList: true, subtree: true });
			});
			await open(page, real.origin);
			await expect.poll(() => lines(page).count(), slow).toBeGreaterThan(5);
			await expect(page.locator("p img").first()).toBeVisible(slow);
			await expect(page.locator("p.event").first()).toBeVisible(slow);
			const seen = () => page.evaluate(() => (window as unknown as { seen: Record<string, boolean> }).seen);
			const deleted = () => told.frames.flatMap((f) => (f.type === "moderation" && f.data.action === "delete_message" ? [f.data.message_id ?? ""] : []));
			await expect.poll(async () => { const all = await seen(); return deleted().filter((id) => all[id] === false).length; }, slow).toBeGreaterThan(0);
			const all = await seen();
			expect(deleted().filter((id) => all[id] === true)).toEqual([]);
			expect(await page.locator("p").count()).toBeLessThanOrEqual(30);
		} finally {
			told.close();
		}
	});

	test("keeps text text, replaces what is newer, and lets go what must go", async ({ page, server }) => {
		await open(page, server.origin, "luna");
		await expect.poll(() => server.subscribes().length).toBe(2);
		expect(server.followed).toEqual(["main"]);
		const evil = "<img src=x onerror=alert(1)>";
		server.socket.send(
			chat(author(evil, { id: "1", color: "red;background:url(//x)" }), evil, {}, { messageId: "a" }),
			chat(author("Bo", { id: "2" }), content("look ", emote("Wave", "https://img.example/wave"), emote("Bad", "javascript:alert(1)")), {}, { messageId: "b", platform: "youtube" }),
			chat(author("Cy", { id: "3" }), "three", {}, { messageId: "c", id: "c" }),
			event("gift", { text: "Dee sent 1 rose", user: author("Dee", { id: "4" }) }, { id: "combo" }),
			event("gift", { text: "Dee sent 9 roses", user: author("Dee", { id: "4" }) }, { id: "combo" }),
		);
		await expect(lines(page)).toHaveText([`${evil}${evil}`, "Bolook Bad", "Cythree", "Dee sent 9 roses"]);
		await expect(page.locator("img")).toHaveCount(1);
		// Of another channel or platform nothing goes.
		server.socket.send(moderation("delete_message", { message_id: "b" }), moderation("delete_user", { user_id: "2" }), moderation("delete_message", { message_id: "a" }));
		await expect(lines(page)).toHaveText(["Bolook Bad", "Cythree", "Dee sent 9 roses"]);
		await server.kept.call("hide", { do: "message", key: "twitch event c" });
		server.news();
		await expect(lines(page)).toHaveText(["Bolook Bad", "Dee sent 9 roses"]);
		await server.kept.call("hide", { do: "show_message", key: "twitch event c" });
		await server.kept.call("hide", { do: "person", platform: "twitch", id: "4", name: "Dee" });
		server.news();
		await expect(lines(page)).toHaveText(["Bolook Bad", "Cythree"]);
		server.socket.send(moderation("delete_user", { user_id: "3" }));
		await expect(lines(page)).toHaveText(["Bolook Bad"]);
		server.socket.send(moderation("clear", {}, { platform: "youtube" }));
		await expect(lines(page)).toHaveCount(0);
	});

	test("comes back with what it missed, and begins anew after a gap", async ({ page, server }) => {
		await open(page, server.origin, "Luna");
		await expect.poll(() => server.subscribes().length).toBe(2);
		expect(server.subscribes()[0]).toMatchObject({ platform: "twitch", identifier: "Luna", backlog: 20, wait: true });
		server.socket.send(chat(author("Ana"), "one", {}, { seq: 41 }), chat(author("Bo"), "two", {}, { platform: "youtube", seq: 7 }));
		await expect(lines(page)).toHaveCount(2);
		server.socket.cut();
		await expect.poll(() => server.subscribes().length).toBe(4);
		expect(server.subscribes().slice(2)).toMatchObject([{ platform: "twitch", since: 41 }, { platform: "youtube", since: 7 }]);
		await expect(lines(page)).toHaveCount(2);
		server.socket.send({ type: "gap", platform: "twitch", identifier: "luna", missed: null });
		await expect(lines(page)).toHaveText(["Botwo"]);
		await expect.poll(() => server.requests.slice(-2)).toMatchObject([{ type: "unsubscribe", platform: "twitch" }, { type: "subscribe", platform: "twitch", backlog: 20 }]);
		for (let n = 0; n < 40; n++) server.socket.send(chat(author("Flo"), `${n}`));
		await expect(lines(page).last()).toHaveText("Flo39");
		await expect(page.locator("p")).toHaveCount(30);
	});
});

test("whoever may read by their origin is let in, and others are not", async () => {
	const answers = rows(section("docs/overlay.md", "## An overlay of your own")).slice(2).map(([, origins = "", may = ""]) => ({ origins: codes(origins), may }));
	expect(answers.length).toBe(4);
	const named = await RealServer.start("0", ["--allowed-origins", "https://overlays.example"]);
	try {
		for (const { origins, may } of answers) {
			for (const origin of origins.length > 0 ? origins : [undefined]) {
				expect(await letsIn(real, origin), `${origin}`).toBe(may === "yes");
				expect(await letsIn(named, origin), `${origin}, if it is named`).toBe(true);
				expect(may === "yes" || may.includes(`--allowed-origins ${origin}`)).toBe(true);
			}
		}
	} finally {
		await named.stop();
	}
});

test.describe("addresses", () => {
	/** What a person sees there, by the path. */
	const SHOWS: Record<string, (page: Page) => Promise<void>> = {
		"/": (page) => expect(page.getByText("Whose chat do you want to read?")).toBeVisible(),
		"/looks": (page) => expect(page.getByRole("heading", { name: "Choose how your chat looks" })).toBeVisible(),
		"/dock": (page) => expect(page.getByText("No channel is followed yet. Add one in Polychat’s window.")).toBeVisible(),
		"/featured": (page) => expect(page.locator("polychat-featured")).toBeAttached(),
		"/history": (page) => expect(page.getByLabel("Search words and names")).toBeVisible(),
		"/statistics": (page) => expect(page.getByText("You follow no channel yet.")).toBeVisible(),
		"/test": (page) => expect(page.getByLabel("Channel name or link")).toBeVisible(),
		"/overlay/main": async (page) => {
			await expect(page.locator("html")).toHaveAttribute("data-look", "neon");
			for (const platform of ["youtube", "tiktok", "twitch"]) await expect(page.locator(`#items > [data-platform="${platform}"]`).first()).toBeAttached({ timeout: 60_000 });
		},
	};
	const named = [...new Set(DOCUMENTS.flatMap((name) => [...read(name).matchAll(/http:\/\/127\.0\.0\.1:7117(\/[^\s)>"`|;]*)?/g)].map((found) => found[0])))];

	test("all of them are tried", () => {
		const paths = new Set(named.map((address) => new URL(address).pathname));
		expect([...paths].sort()).toEqual(Object.keys(SHOWS).sort());
	});
	for (const address of named) {
		test(`${address} is there`, async ({ page }) => {
			const answer = await page.goto(ours(address, real.origin));
			expect(answer?.status()).toBe(200);
			await SHOWS[new URL(address).pathname]!(page);
		});
	}
});

/** What another client is told of the demo. */
async function listen(platform: "twitch"): Promise<{ frames: ServerMessage[]; close: () => void }> {
	const frames: ServerMessage[] = [];
	const socket = new Client(`${real.origin.replace("http", "ws")}/ws`);
	socket.on("message", (data) => frames.push(JSON.parse(String(data)) as ServerMessage));
	await new Promise((done, fail) => socket.once("open", done).once("error", fail));
	socket.send(JSON.stringify({ type: "subscribe", platform, identifier: "polychat-demo", include: ["moderation"], backlog: 200 }));
	return { frames, close: () => socket.terminate() };
}

/** Whether a page of this origin may open `/ws`. */
function letsIn(server: RealServer, origin: string | undefined): Promise<boolean> {
	return new Promise((done, fail) => {
		const socket = new Client(`${server.origin.replace("http", "ws")}/ws`, { origin });
		socket.once("open", () => done(true)).once("open", () => socket.terminate());
		socket.once("unexpected-response", (_, answer) => (answer.statusCode === 403 ? done(false) : fail(new Error(`HTTP ${answer.statusCode}`))));
		socket.once("error", fail);
	});
}
