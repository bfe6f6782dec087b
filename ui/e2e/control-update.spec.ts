/** New versions of the desktop program: who renews it, what is new, and what goes on while one comes. */

import type { Desktop } from "../src/lib/bindings/Desktop";
import type { Update } from "../src/lib/bindings/Update";
import { drawer, expect, kept, openTab, test } from "./control";
import { desktopOf, openDesktop } from "./control-desktop";
import type { ScriptedServer } from "./scripted-server";

const FOUND = { version: "9.1.0", notes: "Added\n• <b>Bold</b> & {{new}}", page: "https://github.com/o/r/releases/tag/v9.1.0", size: 91_200_000 };

function withUpdate(server: ScriptedServer, update: Partial<Update>): Desktop {
	return desktopOf(server, { update: { renewal: "itself", host: "github.com", step: { is: "idle" }, found: null, lookedAt: null, problem: null, ...update } });
}

test("a new version is looked for, told quietly, installed on a click, and can be given up", async ({ page, server }) => {
	const behind = await openDesktop(page, server, withUpdate(server, {}), kept("twitch", "luna"));
	await openTab(page, "Settings");
	const section = drawer(page).locator("section").filter({ has: page.getByRole("heading", { name: "Version", exact: true }) });
	await section.getByRole("button", { name: "Look for a new version" }).click();
	await expect.poll(() => behind.asked.at(-1)?.[0]).toBe("look_for_update");
	behind.tell(withUpdate(server, { step: { is: "looking" } }));
	await expect(section.getByRole("status")).toHaveText("Asking the page of releases…");
	behind.tell(withUpdate(server, { lookedAt: Date.now() }));
	await expect(section.getByRole("status")).toContainText("This is the newest one");
	await expect(page.getByRole("contentinfo")).not.toContainText("Polychat 9.1.0");

	behind.tell(withUpdate(server, { lookedAt: Date.now(), found: FOUND }));
	await expect(page.getByRole("dialog"), "nothing pops up").toHaveCount(0);
	await openTab(page, "Filters");
	await page.getByRole("contentinfo").getByRole("button", { name: "Polychat 9.1.0 is there" }).click();
	await expect(section.getByRole("region", { name: "What is new in 9.1.0" })).toHaveText("Added\n• <b>Bold</b> & {{new}}");
	await expect(section).toContainText("91.2 MB");
	await section.getByRole("button", { name: "Install and restart" }).click();
	await expect.poll(() => behind.asked.at(-1)?.[0]).toBe("install_update");
	behind.tell(withUpdate(server, { found: FOUND, step: { is: "downloading", bytes: 45_600_000, of: 91_200_000 } }));
	await expect(section).toContainText("45.6 MB of 91.2 MB");
	await expect(section.getByRole("progressbar", { name: "Downloading" })).toHaveAttribute("value", "45600000");
	await expect(section.getByRole("button", { name: "Look for a new version" })).toHaveCount(0);
	await section.getByRole("button", { name: "Cancel" }).click();
	await expect.poll(() => behind.asked.at(-1)?.[0]).toBe("cancel_update");
	behind.tell(withUpdate(server, { found: FOUND, problem: "This file is not from us; nothing was changed." }));
	await expect(section.getByRole("alert")).toHaveText("This file is not from us; nothing was changed.");
	await expect(section.getByRole("button", { name: "Install and restart" })).toBeVisible();

	const daily = section.getByRole("switch", { name: "Look once a day" });
	await expect(daily).toBeChecked();
	await daily.uncheck();
	await expect.poll(() => behind.saved.settings.lookForUpdates).toBe(false);
	await expect(drawer(page)).toContainText("github.com");
});

test("who is live is told to wait", async ({ page, server }) => {
	await openDesktop(page, server, withUpdate(server, { found: FOUND }), kept("twitch", "luna"));
	await openTab(page, "Settings");
	await expect(drawer(page).getByRole("button", { name: "Install and restart" })).toBeVisible();
	await expect(drawer(page)).not.toContainText("You are live");
	server.socket.send({ type: "obs", link: "connected", streaming: true, recording: false, sources: [], pages: [] });
	await expect(drawer(page)).toContainText("You are live in OBS right now");
});

test("a copy that cannot replace itself leads to the page, and one of the system leaves it to that", async ({ page, server }) => {
	const behind = await openDesktop(page, server, withUpdate(server, { renewal: "person", found: FOUND }), kept("twitch", "luna"));
	await openTab(page, "Settings");
	await expect(drawer(page).getByRole("button", { name: "Install and restart" })).toHaveCount(0);
	await drawer(page).getByRole("button", { name: "Open its page" }).click();
	await expect.poll(() => behind.asked.at(-1)).toEqual(["open_link", { url: FOUND.page }]);
	behind.tell(withUpdate(server, { renewal: "system", host: null }));
	await expect(drawer(page)).toContainText("Your system renews Polychat");
	for (const renewal of ["system", "nobody"] as const) {
		behind.tell(withUpdate(server, { renewal, host: null }));
		await expect(drawer(page).getByRole("button", { name: "Look for a new version" })).toHaveCount(0);
		await expect(drawer(page).getByRole("switch", { name: "Look once a day" })).toHaveCount(0);
		await expect(drawer(page)).toContainText("Polychat 0.1.0");
	}
});
