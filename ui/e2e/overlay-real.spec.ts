import { RealServer } from "./real-server";
import { expect, items, test } from "./overlay";

// Pictures of emotes and badges: whatever their address, no test asks the network for them.
test.beforeEach(({ page }) =>
	page.route(/^https:\/\//, (route) => route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>' })),
);

test("the server has an overlay under every name that can be one, and under no other", async ({ request }) => {
	const real = await RealServer.start();
	try {
		for (const name of ["main", "A-1_b"]) {
			const answer = await request.get(`${real.origin}/overlay/${name}`);
			expect(answer.status(), name).toBe(200);
			expect(answer.headers()["content-security-policy"]).toContain("default-src 'self'");
			expect(await answer.text()).toContain("Polychat overlay");
		}
		for (const name of ["", "a.b", "a%20b", "..%2Ftest.html", "a/b", "x".repeat(65)]) {
			const answer = await request.get(`${real.origin}/overlay/${name}`);
			expect(answer.status(), name).toBe(404);
		}
	} finally {
		await real.stop();
	}
});

test("a server that is started anew in the middle: the page stays, goes on by itself, and doubles nothing", async ({ page }) => {
	let real = await RealServer.start();
	const { origin } = real;
	try {
		await page.goto(`${origin}/overlay/main?demo&limit=200`);
		await expect.poll(() => items(page).count(), { timeout: 60_000 }).toBeGreaterThan(4);
		await real.stop();
		const before = await items(page).count();
		await page.waitForTimeout(1_000);
		expect(await items(page).count(), "nothing goes away with the server").toBeGreaterThanOrEqual(before - 1);
		real = await RealServer.start(new URL(origin).port);
		await expect.poll(() => items(page).count(), { timeout: 60_000 }).toBeGreaterThan(before + 4);
		const ids = await items(page).evaluateAll((all) => all.map((e) => `${e.getAttribute("data-platform")} ${e.getAttribute("data-event-id")}`));
		expect(new Set(ids).size).toBe(ids.length);
	} finally {
		await real.stop();
	}
});

test("the server has the looks, and previews of them may stand on that page", async ({ page }) => {
	const real = await RealServer.start();
	try {
		for (const path of ["/looks", "/looks/"]) {
			await page.goto(real.origin + path);
			const inside = page.frameLocator('[data-look="neon"] iframe').locator("yt-live-chat-text-message-renderer");
			await expect.poll(() => inside.count(), { timeout: 60_000 }).toBeGreaterThan(1);
		}
	} finally {
		await real.stop();
	}
});
