/** Every built-in look, on every ground: what it shows can be read, fits, and goes at once. Pictures in `test-results/looks`. */

import type { Page } from "@playwright/test";
import { LOOKS } from "../src/lib/overlay/looks/names";
import { contrast } from "../src/lib/color";
import { expect, items, messages, test } from "./overlay";
import { author, chat, content, event, moderation } from "./frames";
import { face, lively, member, moderator, money, pictures, smile, tt, yt } from "./lively";
import type { ScriptedSocket } from "./scripted-server";

test.beforeEach(({ page }) => pictures(page));

const SIZES: Record<string, { width: number; height: number }> = { ticker: { width: 1400, height: 120 }, events: { width: 600, height: 560 } };
const SIDE = { width: 420, height: 760 };
const ALL = "?twitch=luna&youtube=luna&tiktok=luna";
/** Everything that comes, and what of it only events show. */
const [COUNT, EVENTS] = [19, 6];

/** Names without an end, scripts of the world, an answer, what stands out, and money. */
function odd(socket: ScriptedSocket): void {
	socket.send(
		chat(author("x".repeat(60)), `${"long word ".repeat(6)}${"w".repeat(70)}`),
		chat(author("山田太郎", face(10)), "こんにちは、今日の配信もとても楽しいです。次回も絶対に見ます！", {}, yt),
		chat(author("سارة", { ...member, ...face(200) }), "مرحبا! كيف حالك اليوم؟ 123 test", {}, tt),
		chat(author("dark", { color: "#000000" }), content("my colour is black, ", { type: "mention", value: "@luna", metadata: { username: "luna" } })),
		chat(author("Ana", moderator), content("I agree ", smile), { reply: { message_id: "1", thread_id: "1", user: { id: "2", username: "bo", display_name: "Bo", avatar_url: null }, text: "the second sketch was better than the first one, honestly and truly" } }),
		chat(author("loud"), "look at this please", { highlight: { kind: "highlighted", detail: null } }),
		chat(author("A name that does not end anywhere near this card", face(30)), "and a long word of thanks for everything that was painted tonight", { metadata: money("Rp 1.500.000", 7) }, yt),
		event("gift_subscription", { user: author("Otto"), tier: "1", count: 5, recipients: ["ana", "bo", "cy", "di", "ed"].map((n) => ({ id: n, username: n, display_name: n, avatar_url: null })) }),
	);
}

const GROUNDS = { dark: "#0e1014", light: "#ffffff" } as const;

for (const look of LOOKS) {
	test(`${look}: fits, and can be read, on every ground`, async ({ page, server, overlay }) => {
		await page.setViewportSize(SIZES[look] ?? SIDE);
		await overlay(`${ALL}&look=${look}&limit=60&hideAfter=0`);
		lively(server.socket);
		odd(server.socket);
		await expect(items(page)).toHaveCount(look === "events" ? EVENTS : COUNT);
		expect(await page.evaluate(() => document.documentElement.dataset.look)).toBe(look);
		await page.waitForTimeout(500);
		await page.screenshot({ path: `test-results/looks/${look}-clear.png`, omitBackground: true });
		expect(await sticksOut(page)).toEqual([]);
		for (const [name, ground] of Object.entries(GROUNDS)) {
			await page.evaluate((color) => document.documentElement.style.setProperty("background", color, "important"), ground);
			await page.screenshot({ path: `test-results/looks/${look}-${name}.png` });
			expect(await unreadable(page, ground), `${look} on ${name}`).toEqual([]);
		}
	});

	test(`${look}: what is deleted is gone with the next frame`, async ({ page, server, overlay }) => {
		await overlay(`${ALL}&look=${look}`);
		server.socket.send(
			chat(author("Ana", face(1)), "one", { metadata: money("$50", 6) }, { ...yt, messageId: "1" }),
			chat(author("Bo", face(1)), "two", { metadata: money("$5", 3) }, { ...yt, messageId: "2" }),
		);
		await expect(items(page)).toHaveCount(2);
		await page.evaluate(() => {
			const left: number[] = ((window as unknown as { left: number[] }).left = []);
			new MutationObserver(() => requestAnimationFrame(() => left.push(document.querySelectorAll("[data-message-id]").length))).observe(document.body, { subtree: true, childList: true });
		});
		server.socket.send(moderation("delete_message", { message_id: "1" }, yt));
		await expect.poll(() => page.evaluate(() => (window as unknown as { left: number[] }).left)).toEqual([1]);
		await expect(items(page)).toContainText(["Bo"]);
	});
}

test("a single setting in the address goes before its look, and CSS goes before both", async ({ page, server, overlay }) => {
	await overlay("?twitch=luna&look=sidebar&fontSize=30&background=ff0000");
	server.socket.send(chat(author("ana"), "hi"));
	await expect(messages(page)).toHaveCSS("font-size", "30px");
	await expect(page.locator("yt-live-chat-renderer")).toHaveCSS("background-color", "rgb(255, 0, 0)");
	await page.addStyleTag({ content: "yt-live-chat-text-message-renderer { padding: 1px }" });
	await expect(messages(page)).toHaveCSS("padding", "1px");
});

test("a look that is not there is the default one, with a word in the console", async ({ page, server, overlay }) => {
	const said: string[] = [];
	page.on("console", (message) => said.push(message.text()));
	for (const look of ["neonn", "__proto__", "../../x"]) {
		await overlay(`?twitch=luna&look=${encodeURIComponent(look)}`);
		server.socket.send(chat(author("ana"), "hi"));
		await expect(messages(page)).toHaveCSS("font-size", "20px");
	}
	expect(said.filter((text) => text.startsWith("There is no look"))).toHaveLength(3);
});

/** Words that do not fit into the page from side to side. In a row, what is older leaves it: only the newest counts. */
function sticksOut(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const isRow = document.documentElement.dataset.horizontal !== undefined;
		const all = [...document.querySelectorAll("#items.yt-live-chat-item-list-renderer > *")].slice(isRow ? -1 : 0);
		const parts = all.flatMap((item) => [item, ...item.querySelectorAll("#content, #card, #message, #header-content, #author-name, #purchase-amount, #header-subtext > *")]);
		return parts.flatMap((part) => {
			const { left, right, width, top, bottom } = part.getBoundingClientRect();
			const out = width > 0 && (left < -1 || right > innerWidth + 1 || (isRow && (top < 0 || bottom > innerHeight)));
			return out ? [`${part.tagName}#${part.id} ${Math.round(left)}…${Math.round(right)}: ${part.textContent?.slice(0, 40)}`] : [];
		});
	});
}

/** Words and names whose plate is too close to their colour. Where there is no plate, an outline does it. */
async function unreadable(page: Page, ground: string): Promise<string[]> {
	const pairs = await page.evaluate((ground) => {
		const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
		/** Lays colours on each other, from back to front, as the browser does. */
		const mix = (colors: string[]) => {
			canvas.globalCompositeOperation = "source-over";
			for (const color of colors) {
				canvas.fillStyle = "#000";
				canvas.fillStyle = color;
				canvas.fillRect(0, 0, 1, 1);
			}
			return `#${[...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((v) => v.toString(16).padStart(2, "0")).join("")}`;
		};
		const words = document.querySelectorAll("#message, #author-name, #purchase-amount [data-part], #header-subtext > [data-part], #timestamp");
		return [...words].flatMap((word) => {
			if (!word.textContent || word.getClientRects().length === 0) return [];
			const style = getComputedStyle(word);
			const behind: string[] = [];
			for (let e: Element | null = word; e && e !== document.documentElement; e = e.parentElement) {
				const { backgroundColor, backgroundImage } = getComputedStyle(e);
				// A plate of several colours: those of payments, whose inks have a test of their own.
				if (backgroundImage !== "none" && backgroundColor === "rgba(0, 0, 0, 0)") return [];
				behind.unshift(backgroundColor);
			}
			const [onBlack, onWhite] = [mix(["#000", ...behind]), mix(["#fff", ...behind])];
			// What lets most of the picture through is no plate.
			const isPlate = Number.parseInt(onWhite.slice(1, 3), 16) - Number.parseInt(onBlack.slice(1, 3), 16) < 128;
			if (!isPlate && style.textShadow.split("rgb").length <= 3) return [{ what: `no outline: ${word.id} ${word.textContent}`, ink: "#808080", plate: "#808080" }];
			// A dark outline holds light words.
			if (!isPlate) return [{ what: `in its outline: ${word.id} ${word.textContent}`, ink: mix(["#000", style.color]), plate: "#000000" }];
			const plate = mix([ground, ...behind]);
			return [{ what: `${word.id || (word as HTMLElement).dataset.part} ${word.textContent.slice(0, 30)}`, ink: mix([plate, style.color]), plate }];
		});
	}, ground);
	const bad = pairs.filter(({ ink, plate }) => contrast(ink, plate) < 4.5);
	return bad.map(({ what, ink, plate }) => `${what}: ${ink} on ${plate} is ${contrast(ink, plate).toFixed(2)}`);
}
