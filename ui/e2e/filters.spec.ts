/** Filters before an overlay: set in the drawer, obeyed by the overlay at once, and nothing to the list. */

import { drawer, expect, kept, log, openTab, rows, test } from "./control";
import { author, chat, content, moderation } from "./frames";

const main = (server: { kept: { saved: { overlays: { values: Record<string, unknown> }[] } } }) => server.kept.saved.overlays[0]!.values;
const link = { type: "link" as const, value: "a.example", metadata: { url: "https://a.example" } };

test("words, expressions, roles, links, first messages, amounts and a delay are set in the drawer", async ({ page, server, control }) => {
	await control(kept("twitch", "luna"));
	await openTab(page, "Filters");
	const at = drawer(page);
	await at.getByLabel("Hide words").fill("spam, scam*");
	await at.getByLabel("Hide words").blur();
	const expressions = at.getByLabel("Hide by regular expression");
	await expressions.fill("sp[a4]m\n\n(free\n(?=x)\na{3000}");
	await expect(at.getByRole("alert").filter({ hasText: "Line" })).toHaveText(/Line 3: a \( or \) has no partner.*Line 4: \(\?=.*not possible here\..*Line 5 repeats too much/s);
	await expect(expressions).toHaveAttribute("aria-invalid", "true");
	await expressions.fill("sp[a4]m\nfree\\s+followers");
	await expect(at.getByRole("alert").filter({ hasText: "Line" })).toBeHidden();
	await expressions.blur();
	await at.getByRole("combobox", { name: "Moderators" }).selectOption("Only these");
	await at.getByRole("combobox", { name: "Streamer" }).selectOption("Hidden");
	await at.getByRole("switch", { name: "Hide messages with links" }).check();
	await at.getByRole("switch", { name: "Only the first message of somebody" }).check();
	await at.getByRole("spinbutton", { name: "Hide payments below" }).fill("2.5");
	await at.getByRole("spinbutton", { name: "Hide payments below" }).blur();
	await at.getByRole("slider", { name: "Delay" }).fill("7");
	await expect.poll(() => main(server)).toEqual({
		hiddenWords: "spam, scam*", patterns: "sp[a4]m\nfree\\s+followers", onlyRoles: "moderator", hiddenRoles: "broadcaster", hideLinks: true, onlyFirst: true, minAmount: 2.5, delay: 7,
	});
	await page.reload();
	await openTab(page, "Filters");
	await expect(expressions).toHaveValue("sp[a4]m\nfree\\s+followers");
	await expect(at.getByRole("combobox", { name: "Moderators" })).toHaveValue("only");
	server.socket.send(chat(author("ana"), "spam"), chat(author("bo"), content("look ", link)));
	await expect(rows(page), "the list shows everything").toHaveCount(2);
	await expect(log(page)).toContainText("spam");
});

test("an overlay obeys them at once, each overlay its own", async ({ page, server }) => {
	const side = { ...server.kept.saved.overlays[0]!, name: "side", values: {} };
	server.kept.saved.overlays = [{ ...server.kept.saved.overlays[0]!, values: { patterns: "sp[a4]m", hiddenWords: "rude", hideLinks: true } }, side];
	server.kept.saved.channels = [kept("twitch", "luna")];
	const shown = page.locator("yt-live-chat-text-message-renderer #message");
	const said = () => server.socket.send(chat(author("ana"), "SP4M!"), chat(author("bo"), "so rude"), chat(author("cy"), content("see ", link)), chat(author("dee"), "fine"));
	for (const [name, expected] of [["main", ["fine"]], ["side", ["SP4M!", "so rude", "see a.example", "fine"]]] as const) {
		const before = server.subscribes().length;
		await page.goto(`${server.origin}/overlay/${name}`);
		await expect.poll(() => server.subscribes().length).toBe(before + 1);
		// One that asks for one overlay is told of that alone.
		server.socket.sendText(JSON.stringify({ type: "saved", channels: server.kept.saved.channels, overlays: server.kept.saved.overlays.filter((o) => o.name === name), stage: server.kept.stage }));
		await page.waitForTimeout(200);
		said();
		await expect(shown).toHaveText([...expected]);
	}
	// An expression that cannot be one is left out, and the others work.
	server.socket.sendText(JSON.stringify({ type: "saved", channels: server.kept.saved.channels, overlays: [{ ...side, values: { patterns: "(\nSP4M" } }], stage: server.kept.stage }));
	await expect(shown).toHaveText(["so rude", "see a.example", "fine"]);
});

test("what moderators take away during the delay is never seen", async ({ page, server }) => {
	await page.goto(`${server.origin}/overlay/main?twitch=luna&delay=2`);
	await expect.poll(() => server.subscribes().length).toBe(1);
	// What is told right after joining is from before, and does not wait.
	await page.waitForTimeout(1_600);
	const seen: string[] = [];
	await page.exposeFunction("saw", (text: string) => seen.push(text));
	await page.evaluate(() => {
		const items = document.querySelector("#items.yt-live-chat-item-list-renderer")!;
		new MutationObserver(() => (window as unknown as { saw(text: string): void }).saw(items.textContent ?? "")).observe(items, { childList: true, subtree: true });
	});
	server.socket.send(chat(author("mallory"), "hateful", {}, { id: "evil", messageId: "1" }), chat(author("ana"), "kind"));
	server.socket.send(moderation("delete_message", { message_id: "1" }));
	await expect(page.locator("yt-live-chat-text-message-renderer")).toHaveText(["anakind"]);
	expect(seen.join()).not.toContain("hateful");
	// The same once more, as a platform does after a loss.
	server.socket.send(chat(author("mallory"), "hateful", {}, { id: "evil", messageId: "1" }));
	server.socket.send(chat(author("cy"), "later"));
	await expect(page.locator("yt-live-chat-text-message-renderer")).toHaveText(["anakind", "cylater"]);
	expect(seen.join()).not.toContain("hateful");
});
