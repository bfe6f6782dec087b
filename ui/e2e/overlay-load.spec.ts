/** What the overlay costs: its size, its document after thousands of messages, and its rest when nothing happens. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, items, messages, test } from "./overlay";
import { author, chat, content, emote, event } from "./frames";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
/** Page, scripts and styles. The font comes beside them. */
const MAX_BUNDLE = 60_000;
/** What looks for regular expressions, on overlays that have one; made-up things, when somebody wants to see them; and the frame of a window of the desktop program. */
const SELDOM = /^assets\/(?:re2|open|samples|conversation)-/;

test("page, scripts and styles are less than 60 kB, compressed", async () => {
	const sizes = new Map<string, number>();
	const read = async (file: string): Promise<void> => {
		if (sizes.has(file) || SELDOM.test(file)) return;
		const body = await readFile(DIST + file);
		sizes.set(file, gzipSync(body).length);
		const more = String(body).match(/[\w-]+-[\w-]{8}\.(?:js|css)\b/g) ?? [];
		for (const name of more) await read(`assets/${name}`);
	};
	await read("overlay.html");
	// Of other languages than English, and of looks, a page loads one: the largest counts.
	for (const kind of ["assets/words-", "assets/look-"]) {
		const [, ...others] = [...sizes].filter(([file]) => file.startsWith(kind)).sort(([, a], [, b]) => b - a);
		for (const [file] of others) sizes.delete(file);
	}
	const total = [...sizes.values()].reduce((sum, n) => sum + n, 0);
	console.log(`overlay: ${total} bytes in ${sizes.size} files, compressed`);
	expect([...sizes.keys()].filter((f) => f.endsWith(".css")).length, "styles were found").toBeGreaterThan(0);
	expect([...sizes.keys()].filter((f) => f.endsWith(".js")).length, "scripts were found").toBeGreaterThan(0);
	expect(total).toBeLessThan(MAX_BUNDLE);
});

test("what few overlays need is loaded by those alone: the engine of regular expressions, and nothing of the desktop program", async ({ page, server, overlay }) => {
	const loaded: string[] = [];
	page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
	const seldom = () => loaded.map((path) => path.slice(1)).filter((path) => SELDOM.test(path));
	await overlay("?twitch=luna");
	expect(seldom()).toEqual([]);
	await overlay(`?twitch=luna&hideregex=${encodeURIComponent("sp[a4]m")}`);
	expect(seldom()).toEqual([expect.stringMatching(/^assets\/re2-/)]);
	server.socket.send(chat(author("ana"), "SP4M"), chat(author("bo"), "hello"));
	await expect(messages(page)).toHaveText(["bohello"]);
});

test("our rules never say the word that would win against everybody", async () => {
	const page = String(await readFile(`${DIST}overlay.html`));
	const [style] = page.match(/assets\/[\w-]+\.css/) ?? [];
	const css = String(await readFile(DIST + style));
	expect(css).not.toContain("!important");
	expect(css).toContain("@layer");
});

test("10,000 messages leave a document that does not grow", async ({ page, server, overlay }) => {
	await overlay("?twitch=luna&limit=60");
	const client = await page.context().newCDPSession(page);
	const nodes = async () => {
		await client.send("HeapProfiler.collectGarbage");
		return (await client.send("Memory.getDOMCounters")).nodes;
	};
	let sent = 0;
	const send = async (count: number) => {
		for (const end = sent + count; sent < end; ) {
			for (let i = 0; i < 100; i++, sent++) {
				const said = content(`message ${sent} `, emote("smile", "https://img.example/e"));
				server.socket.send(sent % 20 === 0 ? event("raid", { user: author(`raider ${sent}`), count: sent }) : chat(author(`viewer ${sent % 300}`), said));
			}
			await new Promise((done) => setTimeout(done, 20));
		}
		await expect(messages(page).last()).toContainText(`message ${sent - 1}`);
	};
	await send(2_000);
	expect(await items(page).count()).toBe(60);
	const before = await nodes();
	await send(8_000);
	expect(await items(page).count()).toBe(60);
	expect(await nodes()).toBeLessThan(before * 1.5);
	expect(await page.evaluate(() => document.getElementsByTagName("*").length)).toBeLessThan(1_500);
});

test("100 messages a second are shown as they come, without animation", async ({ page, server, overlay }) => {
	await overlay();
	let sent = 0;
	for (let tick = 0; tick < 60; tick++) {
		for (let i = 0; i < 5; i++) server.socket.send(chat(author(`viewer ${sent % 50}`), `message ${sent++}`));
		await new Promise((done) => setTimeout(done, 50));
	}
	expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
	await expect(messages(page).last()).toContainText(`message ${sent - 1}`);
	expect(await messages(page).last().evaluate((e) => e.hasAttribute("data-entering"))).toBe(false);
});

test("with reduced motion nothing moves, and emotes stand still", async ({ page, server, overlay }) => {
	await page.emulateMedia({ reducedMotion: "reduce" });
	const asked: string[] = [];
	await page.route("https://static-cdn.jtvnw.net/**", (route) => {
		asked.push(route.request().url());
		return route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg"/>' });
	});
	await overlay("?twitch=luna&showtime=1500");
	await page.waitForTimeout(1_600);
	await page.evaluate(() => {
		const seen: number[] = ((window as unknown as { seen: number[] }).seen = []);
		new MutationObserver(() => seen.push(document.getAnimations().length)).observe(document.body, { subtree: true, childList: true, attributes: true });
	});
	server.socket.send(chat(author("ana"), "one"));
	await expect(messages(page)).toHaveCount(1);
	server.socket.send(chat(author("bo"), content(emote("Kappa", "https://static-cdn.jtvnw.net/emoticons/v2/25/default/dark/2.0"))));
	await expect(messages(page)).toHaveCount(2);
	await expect(messages(page)).toHaveCount(0);
	const seen = await page.evaluate(() => (window as unknown as { seen: number[] }).seen);
	expect(seen.length).toBeGreaterThan(2);
	expect(new Set(seen)).toEqual(new Set([0]));
	expect(asked).toEqual(["https://static-cdn.jtvnw.net/emoticons/v2/25/static/dark/2.0"]);
});

test("with motion, what comes alone fades in and the rest slides", async ({ page, server, overlay }) => {
	await overlay();
	await page.waitForTimeout(1_600);
	await page.evaluate(() => {
		const seen: string[] = ((window as unknown as { seen: string[] }).seen = []);
		new MutationObserver(() => seen.push(document.getAnimations().map((a) => (a as CSSAnimation).animationName ?? "slide").sort().join())).observe(document.body, { subtree: true, childList: true });
	});
	server.socket.send(chat(author("ana"), "one"));
	await expect(messages(page)).toHaveCount(1);
	await page.waitForTimeout(400);
	server.socket.send(chat(author("bo"), "two"));
	await expect(messages(page)).toHaveCount(2);
	expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual(["polychat-in", "polychat-in,slide"]);
});

test("a page on which nothing happens does nothing: no timers, no frames, no paint", async ({ page, server, overlay, browser }) => {
	await page.addInitScript(() => {
		const calls: string[] = ((window as unknown as { calls: string[] }).calls = []);
		for (const name of ["setTimeout", "setInterval", "requestAnimationFrame", "requestIdleCallback"] as const) {
			const native = window[name] as (...args: unknown[]) => number;
			(window as unknown as Record<string, unknown>)[name] = (...args: unknown[]) => {
				calls.push(name);
				return native.apply(window, args);
			};
		}
	});
	await overlay();
	server.socket.send(chat(author("ana"), "one"), event("raid", { user: author("bo"), count: 5 }), chat(author("cy"), "two"));
	await expect(items(page)).toHaveCount(3);
	// The connection counts as a good one after five seconds; then it is quiet.
	await page.waitForTimeout(6_000);
	const before = await page.evaluate(() => ((window as unknown as { calls: string[] }).calls.length = 0, document.getAnimations().length));
	expect(before).toBe(0);
	await browser.startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] });
	await page.waitForTimeout(3_000);
	const trace = JSON.parse(String(await browser.stopTracing())) as { traceEvents: { name: string }[] };
	const busy = trace.traceEvents.map((e) => e.name).filter((n) => ["Paint", "FireAnimationFrame", "TimerFire", "UpdateLayoutTree", "Layout"].includes(n));
	expect(busy).toEqual([]);
	expect(await page.evaluate(() => (window as unknown as { calls: string[] }).calls)).toEqual([]);
});
