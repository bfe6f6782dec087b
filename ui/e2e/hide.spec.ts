/** Hiding a message or a person from overlays. What the server does with it is in tests/hide.rs. */

import { expect, kept, log, press, rows, test } from "./control";
import { author, chat } from "./frames";
import { items, messages } from "./overlay";

test("a message is hidden from the overlay at once, and comes back where it stood", async ({ page, context, server, control }) => {
	await control(kept("twitch", "luna"));
	const obs = await context.newPage();
	await obs.goto(`${server.origin}/overlay/main`);
	await expect.poll(() => server.subscribes().length).toBe(2);
	const say = (...texts: string[]) => {
		for (const text of texts) {
			const frame = chat(author(text === "bad" ? "Bo" : "Ana"), text);
			for (const socket of server.sockets) socket.send(frame);
		}
	};
	say("one", "bad", "two");
	await expect(messages(obs)).toHaveCount(3);
	await press(page, rows(page).filter({ hasText: "bad" }), "Hide");
	await expect(items(obs)).toHaveText([/one/, /two/]);
	await expect(rows(page).filter({ hasText: "bad" })).toHaveAttribute("data-hidden", "");
	await expect(page.getByRole("status").getByText("Hidden from overlays.")).toBeVisible();
	await page.getByRole("button", { name: "Undo", exact: true }).click();
	await expect(items(obs)).toHaveText([/one/, /bad/, /two/]);
	await expect(rows(page).filter({ hasText: "bad" })).not.toHaveAttribute("data-hidden", "");

	// By key, and then everything of that person: what was said, and what comes.
	await log(page).focus();
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("h");
	await page.getByRole("button", { name: "Hide everything of Bo" }).click();
	await expect(page.getByText("Overlays show nothing of Bo any more.")).toBeVisible();
	say("bad", "three");
	await expect(items(obs)).toHaveText([/one/, /two/, /three/]);
	await page.getByRole("tab", { name: "Settings" }).click();
	await page.getByRole("button", { name: "Show Bo again" }).click();
	await expect(items(obs)).toHaveText([/one/, /two/, /bad/, /three/]);
});
