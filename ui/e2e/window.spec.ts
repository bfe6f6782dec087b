import { author, chat } from "./frames";
import { expect, messages, test } from "./overlay";
import { asked, frame, openInWindow, show } from "./window";

test.use({ viewport: { width: 400, height: 600 } });

const opacity = (page: import("@playwright/test").Page) => page.evaluate(() => document.body.style.opacity);

test("a page outside of the program has no frame and loads nothing of it", async ({ page, overlay }) => {
	const loaded: string[] = [];
	page.on("request", (request) => loaded.push(request.url()));
	await overlay("?twitch=luna");
	await expect(frame(page)).toHaveCount(0);
	expect(loaded.filter((url) => /open|window/.test(new URL(url).pathname))).toEqual([]);
});

test("an unlocked window has its frame, and a locked one has none", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`);
	await expect(frame(page)).toBeVisible();
	await expect(frame(page).locator(".name")).toHaveText("main");
	await expect(frame(page).locator(".grip")).toHaveCount(8);
	await expect(frame(page).locator(".foot")).toHaveText("Drag to move, edges to size. Ctrl+Alt+F7 locks and unlocks.");
	await show(page, { locked: true });
	await expect(frame(page)).toBeHidden();
});

test("a window is moved by its middle and sized by its edges, and the system does the rest", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`);
	const at = { move: [200, 300], north: [120, 3], east: [397, 300], south: [120, 597], west: [3, 300], northEast: [395, 5], southEast: [395, 595], southWest: [5, 595], northWest: [5, 5] } as const;
	for (const [x, y] of Object.values(at)) {
		await page.mouse.move(x, y);
		await page.mouse.down();
		await page.mouse.move(x + 5, y + 5);
		await page.mouse.up();
	}
	await expect.poll(() => asked(page)).toEqual(Object.entries(at).map(([grip, [x, y]]) => ({ ask: "grab", grip, x, y })));
});

test("a click is not dragging", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`);
	await page.mouse.move(200, 300);
	await page.mouse.down();
	await page.mouse.move(201, 301);
	await page.mouse.up();
	await page.mouse.move(260, 340);
	expect(await asked(page)).toEqual([]);
});

test("where nobody else moves the window, every movement is told until it is let go", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`);
	await page.evaluate(() => (window.program.follow = true));
	await page.mouse.move(200, 300);
	await page.mouse.down();
	await page.mouse.move(204, 300);
	await expect.poll(() => asked(page)).toEqual([{ ask: "grab", grip: "move", x: 200, y: 300 }, { ask: "drag", dx: 4, dy: 0 }]);
	await page.mouse.move(260, 340, { steps: 4 });
	await page.mouse.up();
	await expect.poll(async () => (await asked(page)).at(-1)).toEqual({ ask: "drop", dx: 60, dy: 40 });
	expect((await asked(page)).filter(({ ask }) => ask === "drag").length).toBeGreaterThan(1);
});

test("arrow keys move and size it", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`);
	await frame(page).locator(".area").focus();
	await page.keyboard.press("ArrowLeft");
	await page.keyboard.press("Shift+ArrowDown");
	await page.keyboard.press("Control+ArrowRight");
	expect(await asked(page)).toEqual([
		{ ask: "nudge", grip: "move", dx: -10, dy: 0 },
		{ ask: "nudge", grip: "move", dx: 0, dy: 1 },
		{ ask: "nudge", grip: "southEast", dx: 10, dy: 0 },
	]);
});

test("opacity is seen while the slider moves, and asked for once it rests", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`);
	const slider = frame(page).getByLabel("Opacity");
	await slider.focus();
	await page.keyboard.press("Home");
	await expect(frame(page).locator(".value")).toHaveText("10%");
	expect(await opacity(page)).toBe("0.1");
	expect(await asked(page)).toEqual([{ ask: "opacity", percent: 10 }]);
	await show(page, { opacity: 60, locked: true });
	expect(await opacity(page)).toBe("0.6");
});

test("the first time, locking says how to leave", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`);
	await frame(page).getByRole("button", { name: "Lock" }).click();
	await expect(frame(page).locator(".ask")).toContainText("Ctrl+Alt+F7 unlocks it.");
	await frame(page).getByRole("button", { name: "Not now" }).click();
	expect(await asked(page)).toEqual([]);
	await frame(page).getByRole("button", { name: "Lock" }).click();
	await frame(page).locator(".ask").getByRole("button", { name: "Lock" }).click();
	expect(await asked(page)).toEqual([{ ask: "lock", known: true }]);
});

test("who knows it is not told again", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`, { knowsHowToUnlock: true });
	await frame(page).getByRole("button", { name: "Lock" }).click();
	expect(await asked(page)).toEqual([{ ask: "lock", known: false }]);
});

test("a refusal to lock is said in the frame until something changes", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`, { unlockKeys: "" });
	await page.evaluate(() => (window.program.refusal = "Not locked, because no key would unlock it."));
	await frame(page).getByRole("button", { name: "Lock" }).click();
	await expect(frame(page).locator(".foot")).toHaveText("Not locked, because no key would unlock it.");
	await show(page, { locked: true });
	await show(page);
	await expect(frame(page).locator(".foot")).toContainText("Drag to move");
});

test("what the program has to say stands in the frame", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`, { note: "Another program has Ctrl+Alt+F7." });
	await expect(frame(page).locator(".foot")).toHaveText("Another program has Ctrl+Alt+F7.");
	await frame(page).locator(".foot").click();
	await expect(frame(page).locator(".foot"), "read and clicked away").toContainText("Drag to move");
});

test("held keys show the frame under the pointer only, without a way to lock what is locked", async ({ page, server }) => {
	await page.mouse.move(200, 300);
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`, { locked: true, touched: true });
	await page.mouse.move(201, 301);
	await expect(frame(page).locator(".root")).toHaveCSS("opacity", "1");
	await expect(frame(page).getByRole("button", { name: "Lock" })).toBeHidden();
	await page.mouse.move(-10, -10);
	await expect(frame(page).locator(".root")).toHaveCSS("opacity", "0");
});

test("a quiet overlay dims, and the next message lights it up", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`, { locked: true, opacity: 80, dimAfterS: 1 });
	await expect.poll(() => opacity(page)).toBe("0.28");
	server.socket.send(chat(author("ana"), "hello"));
	await expect(messages(page)).toHaveCount(1);
	expect(["0.8", "0.28"]).toContain(await opacity(page));
	await expect.poll(() => opacity(page)).toBe("0.28");
	await show(page, { opacity: 80, dimAfterS: 1 });
	await expect.poll(() => opacity(page), "who arranges it sees it as it is set").toBe("0.8");
});

test("where nothing shows through windows it stands on a plate", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna`, { locked: true, opaque: true });
	await expect(page.locator("html")).toHaveCSS("background-color", "rgb(14, 16, 20)");
	await show(page, { locked: true });
	await expect(page.locator("html")).toHaveCSS("background-color", "rgba(0, 0, 0, 0)");
});

test("neither a look nor pasted rules reach the frame", async ({ page, server }) => {
	const css = encodeURIComponent("polychat-frame, body * { display: none !important; color: red !important; opacity: 0 !important }");
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna&css=${css}`);
	await expect(frame(page).locator(".name")).toBeVisible();
	await expect(frame(page).locator(".name")).toHaveCSS("color", "rgb(238, 241, 246)");
});

test("the frame is in the program's language, and the overlay in its own", async ({ page, server }) => {
	await openInWindow(page, `${server.origin}/overlay/main?twitch=luna&lang=en`, { language: "id" });
	await expect(frame(page).getByRole("button", { name: "Sembunyikan" })).toBeVisible();
	await expect(frame(page).locator(".foot")).toHaveText("Seret untuk memindahkan, tepi untuk mengubah ukuran. Ctrl+Alt+F7 mengunci dan membuka.");
	await expect(page.locator("html")).toHaveAttribute("lang", "en");
});
