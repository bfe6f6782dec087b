/** The observer of a TikTok LIVE page in a real browser: every frame byte for byte, and a page that notices nothing. */

import { type BrowserContext, type Page, test as base, expect } from "@playwright/test";
import { type Said, frames, script } from "../observer/script";
import { FRAMES, LivePage, type OnPage, type Way } from "./live-page";

/** A page under observation, and what was said about it. */
interface Watched {
	page: Page;
	said: Said[];
	/** What the page complained about; has to be empty at the end. */
	wrong: string[];
	onPage: () => Promise<OnPage>;
}

const BYTES = FRAMES.reduce((sum, frame) => sum + frame.length, 0);

const test = base.extend<{ live: LivePage; watch: (way: Way, options?: { everywhere?: boolean; clock?: boolean }) => Promise<Watched> }>({
	// Playwright reads the names of the fixtures from this pattern.
	live: async ({}, use) => {
		const live = await LivePage.start();
		await use(live);
		await live.stop();
	},
	watch: async ({ context, page, live }, use) => {
		const wrong: string[] = [];
		page.on("pageerror", (error) => wrong.push(error.message));
		page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
		await use(async (way, { everywhere = false, clock = false } = {}) => {
			// First, so that the observer counts by it.
			if (clock) await page.clock.install();
			const said = await observe(context, everywhere);
			await page.goto(live.address(way));
			return { page, said, wrong, onPage: () => page.evaluate(() => (window as unknown as { page: OnPage }).page) };
		});
		expect(wrong).toEqual([]);
	},
});

/** As a webview injects it: before every script of every page. */
async function observe(context: BrowserContext, everywhere: boolean): Promise<Said[]> {
	const said: Said[] = [];
	await context.exposeFunction("polychatSeen", (message: string) => void said.push(JSON.parse(message) as Said));
	await context.addInitScript({ content: script("polychatSeen", everywhere) });
	return said;
}

/** Waits until a socket has told every frame, and compares them. */
async function expectAllFrames(said: Said[], socket: number): Promise<void> {
	await expect.poll(() => frames(said, socket).length).toBe(FRAMES.length);
	expect(Buffer.concat(frames(said, socket)).equals(Buffer.concat(FRAMES))).toBe(true);
	expect(frames(said, socket).map((frame) => frame.length)).toEqual(FRAMES.map((frame) => frame.length));
	const numbers = said.flatMap((one) => (one.kind === "frame" && one.socket === socket ? [one.number] : []));
	expect(numbers).toEqual(FRAMES.map((_, at) => at + 1));
}

const right: OnPage = { heard: FRAMES.length, bytes: BYTES, right: true, violations: [] };

for (const way of ["arraybuffer", "blob", "subclass"] as const) {
	test(`every frame comes byte for byte from a page that reads it as ${way}`, async ({ live, watch }) => {
		const { said, onPage } = await watch(way);
		await expectAllFrames(said, 1);
		expect(await onPage()).toEqual(right);
		expect(said.slice(0, 2)).toMatchObject([
			{ kind: "ready", href: live.address(way), top: true },
			{ kind: "open", socket: 1, url: `${live.origin.replace("http", "ws")}/webcast/im/ws_proxy/ws_reuse_supplement/?room_id=1` },
		]);
		expect(live.received).toEqual(["ready"]);
		live.close();
		await expect.poll(() => said.at(-1)).toEqual({ kind: "close", socket: 1, code: 1000, reason: "done" });
	});
}

test("a page that connects again is seen again, as another socket", async ({ live, watch }) => {
	const { said, onPage } = await watch("reconnect");
	await expectAllFrames(said, 1);
	live.close();
	await expectAllFrames(said, 2);
	expect(said.map((one) => one.kind).filter((kind) => kind !== "frame")).toEqual(["ready", "open", "close", "open"]);
	expect(await onPage()).toEqual({ ...right, heard: 2 * FRAMES.length, bytes: 2 * BYTES });
});

test("a socket in a worker is not seen, which is said after 20 s", async ({ watch }) => {
	const { page, said, onPage } = await watch("worker", { clock: true });
	await expect.poll(onPage).toEqual(right);
	expect(said.map((one) => one.kind)).toEqual(["ready"]);
	await page.clock.fastForward(20_000);
	await expect.poll(() => said.map((one) => one.kind)).toEqual(["ready", "no_socket"]);
});

test("a page inside of the page is observed only where that is wanted", async ({ page, watch }) => {
	const { said } = await watch("iframe");
	const inner = page.frameLocator("iframe").locator("body");
	await expect.poll(() => inner.evaluate(() => (window as unknown as { page: OnPage }).page)).toEqual(right);
	expect(said.map((one) => one.kind)).toEqual(["ready"]);
});

test("a page inside of the page tells every frame, too", async ({ watch }) => {
	const { said } = await watch("iframe", { everywhere: true });
	await expectAllFrames(said, 1);
	expect(said.filter((one) => one.kind === "ready").map((one) => one.kind === "ready" && one.top)).toEqual([true, false]);
});

test("the page's policy holds: nothing of it may talk to anybody else", async ({ page, watch }) => {
	const { onPage, wrong } = await watch("arraybuffer");
	await expect.poll(onPage).toEqual(right);
	const outcome = await page.evaluate(async (elsewhere) => {
		const page = (window as unknown as { page: OnPage }).page;
		const ended = new Promise((done) => {
			try {
				new WebSocket(elsewhere).onerror = () => done("error");
			} catch (error) {
				done((error as Error).name);
			}
		});
		await ended;
		return page.violations;
	}, "ws://localhost:9/elsewhere");
	expect(outcome).toEqual(["connect-src"]);
	await expect.poll(() => wrong.splice(0)).toEqual([expect.stringContaining("Content Security Policy")]);
});
