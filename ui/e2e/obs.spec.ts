/** OBS on the real server: the window's part of it against a simulated OBS, and the file that waits for Polychat. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test as base } from "@playwright/test";
import { drawer, openTab } from "./control";
import { RealServer } from "./real-server";
import { SimObs } from "./sim-obs";

const PASSWORD = "correct horse";

const test = base.extend<{ real: RealServer; sim: (...flags: string[]) => Promise<SimObs> }>({
	real: async ({}, use) => {
		const real = await RealServer.start();
		await use(real);
		await real.stop();
	},
	sim: async ({}, use) => {
		const all: SimObs[] = [];
		await use(async (...flags) => {
			const sim = await SimObs.start(...flags);
			all.push(sim);
			return sim;
		});
		for (const sim of all) await sim.stop();
	},
});

// Pictures of emotes and badges: whatever their address, no test asks the network for them.
test.beforeEach(({ page }) => page.route(/^https:\/\//, (route) => route.abort()));

const tick = (page: Parameters<typeof drawer>[0], name: string, overlay = "main") =>
	drawer(page).getByRole("list", { name: `The overlay ${overlay} in OBS` }).getByRole("listitem").filter({ hasText: name });
const lamp = (page: Parameters<typeof drawer>[0]) => page.getByRole("banner").getByRole("button", { name: /^OBS: / });

test("an overlay gets into a scene with one click, and ticks say what becomes of it", async ({ page, real, sim }) => {
	const obs = await sim("--password", PASSWORD);
	await page.goto(real.origin);
	await openTab(page, "OBS");
	await expect(lamp(page)).toBeHidden();
	await drawer(page).getByRole("switch", { name: "Connect to OBS" }).click();
	await drawer(page).getByLabel("Address").fill(obs.address);
	await drawer(page).getByRole("button", { name: "Connect", exact: true }).click();
	await expect(drawer(page).getByText("OBS wants a password.")).toBeVisible();
	const password = drawer(page).getByLabel("Password");
	await password.fill("wrong");
	await password.press("Enter");
	await expect(drawer(page).getByText("OBS does not take the password.")).toBeVisible();
	await expect(drawer(page).getByText(/Next try in \d+ s\./)).toBeVisible();
	await password.fill(PASSWORD);
	await password.press("Enter");
	await expect(lamp(page)).toHaveAccessibleName("OBS: Connected");
	await expect(password).toBeHidden();
	await expect(tick(page, "In OBS")).toContainText("not yet");

	await drawer(page).getByRole("radio", { name: /Corner/ }).check({ force: true });
	await drawer(page).getByLabel("Scene").selectOption("Just chatting");
	await drawer(page).getByRole("button", { name: "Add to OBS" }).click();
	await expect(drawer(page).getByText("“Polychat” is in the scene “Just chatting” now.")).toBeVisible();
	expect(obs.done.at(-1)).toBe(`created Polychat 600x400 ${real.origin}/overlay/main in Just chatting`);
	await expect(tick(page, "In OBS")).toContainText("yes");
	await expect(tick(page, "On air")).toContainText("not yet");
	obs.do("scene Just chatting");
	await expect(tick(page, "In the scene")).toContainText("yes");
	await expect(tick(page, "On air")).toContainText("yes");
	obs.do("hide Polychat");
	await expect(tick(page, "On air")).toContainText("not yet");
	await expect(tick(page, "In the scene")).toContainText("yes");

	await drawer(page).getByRole("button", { name: "Add to OBS" }).click();
	await expect(drawer(page).getByText("is in the scene “Just chatting” already.")).toBeVisible();
	await drawer(page).getByLabel("Scene").selectOption("Game");
	await drawer(page).getByRole("button", { name: "Add to OBS" }).click();
	await expect(drawer(page).getByText("It is in the scene “Game” now, too.")).toBeVisible();
	await drawer(page).getByRole("button", { name: "Refresh" }).click();
	await expect(drawer(page).getByText("One source loads its page anew.")).toBeVisible();
	expect(obs.done.slice(-2)).toEqual(["shared Polychat in Game", "refreshed Polychat"]);

	obs.do("stream on");
	await expect(lamp(page)).toHaveAccessibleName("OBS: Streaming");
	obs.do("record on");
	await expect(lamp(page)).toHaveAccessibleName("OBS: Streaming and recording");
	await page.reload();
	await openTab(page, "OBS");
	await expect(lamp(page)).toHaveAccessibleName("OBS: Streaming and recording");
	await drawer(page).getByRole("button", { name: "Change" }).click();
	await expect(drawer(page).getByLabel("Password")).toHaveAttribute("placeholder", "Kept");
	expect(await page.content()).not.toContain(PASSWORD);
	obs.do("quit");
	await expect(drawer(page).getByText("OBS was closed. Polychat connects again when it is back.").or(drawer(page).getByText("OBS does not answer at"))).toBeVisible();
	await lamp(page).click();
	await drawer(page).getByRole("switch", { name: "Connect to OBS" }).click();
	await expect(lamp(page)).toBeHidden();
});

test("an OBS without browser sources says so, and nothing can be added", async ({ page, real, sim }) => {
	const obs = await sim("--without-browser");
	await page.goto(real.origin);
	await openTab(page, "OBS");
	await drawer(page).getByRole("switch", { name: "Connect to OBS" }).click();
	await drawer(page).getByLabel("Address").fill("not an address");
	await drawer(page).getByRole("button", { name: "Connect", exact: true }).click();
	await expect(drawer(page).getByRole("alert")).toHaveText("That is not where OBS can be. Write its address and port, such as 127.0.0.1:4455.");
	await drawer(page).getByLabel("Address").fill(`obsws://${obs.address}`);
	await drawer(page).getByRole("button", { name: "Connect", exact: true }).click();
	await expect(drawer(page).getByText("This OBS has no browser sources")).toBeVisible();
	await expect(drawer(page).getByRole("button", { name: "Add to OBS" })).toBeHidden();
});

test("a page in OBS says itself that it is there, without any connection", async ({ page, context, real }) => {
	await page.goto(real.origin);
	await openTab(page, "OBS");
	const list = drawer(page).getByRole("list", { name: "The overlay main in OBS" });
	await expect(list).toBeHidden();
	const source = await context.newPage();
	await source.goto(`${real.origin}/overlay/main`);
	await source.waitForTimeout(500);
	await expect(list, "an ordinary tab is no source").toBeHidden();
	await source.addInitScript(() => Object.assign(window, { obsstudio: {} }));
	await source.reload();
	await expect(tick(page, "Loaded")).toContainText("yes");
	await expect(tick(page, "Shown")).toContainText("yes");
	await source.evaluate(() => window.dispatchEvent(new CustomEvent("obsSourceVisibleChanged", { detail: { visible: false } })));
	await expect(tick(page, "Shown")).toContainText("not yet");
	await source.close();
	await expect(list).toBeHidden();
});

test.describe("the file that waits", () => {
	let folder: string;
	test.beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "polychat-loader-"));
	});
	test.afterEach(() => rm(folder, { recursive: true, force: true }));

	test("is saved with one click, and becomes the overlay as soon as Polychat is there", async ({ page }) => {
		let real = await RealServer.start();
		const { origin } = real;
		try {
			await page.goto(origin);
			await openTab(page, "OBS");
			const coming = page.waitForEvent("download");
			await drawer(page).getByRole("link", { name: "Save the file" }).click();
			const download = await coming;
			expect(download.suggestedFilename()).toBe("polychat-main.html");
			const file = join(folder, "polychat-main.html");
			await download.saveAs(file);
			await real.stop();

			// OBS starts first.
			await page.addInitScript(() => Object.assign(window, { obsstudio: {} }));
			await page.goto(pathToFileURL(file).href);
			await page.waitForTimeout(2_500);
			expect(page.url()).toBe(pathToFileURL(file).href);
			await expect(page.locator("p")).toBeHidden();
			const nothing = await page.screenshot({ omitBackground: true });
			const colours = await page.evaluate(async (png) => {
				const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
				const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d")!;
				canvas.drawImage(picture, 0, 0);
				return [...new Set(canvas.getImageData(0, 0, picture.width, picture.height).data)];
			}, nothing.toString("base64"));
			expect(colours, "nothing is to be seen").toEqual([0]);

			real = await RealServer.start(new URL(origin).port);
			await expect(page).toHaveURL(`${origin}/overlay/main`);
			await expect(page.locator("yt-live-chat-app")).toBeAttached();
			// Without Polychat the overlay stays, and goes on when it is back.
			await real.stop();
			await page.waitForTimeout(1_500);
			await expect(page.locator("yt-live-chat-app")).toBeAttached();
			// The source is refreshed meanwhile: it waits again.
			await page.goto(pathToFileURL(file).href);
			await page.waitForTimeout(1_000);
			expect(page.url()).toBe(pathToFileURL(file).href);
			real = await RealServer.start(new URL(origin).port);
			await expect(page).toHaveURL(`${origin}/overlay/main`);
		} finally {
			await real.stop();
		}
	});

	test("says in a browser what it is for, and never shows what another program has at its port", async ({ page }) => {
		// A program that lets every page read it, and Polychat at one of the next ports.
		const other = createServer((_, response) => response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/html" }).end("<h1>Another program</h1>"));
		await new Promise<void>((done, fail) => other.once("error", fail).listen(0, "127.0.0.1", done));
		const { port } = other.address() as AddressInfo;
		let real: RealServer | null = null;
		try {
			const file = join(folder, "polychat-side.html");
			const template = await readFile(new URL("../../crates/server/src/loader.html", import.meta.url), "utf8");
			await writeFile(file, template.replace("{{origin}}", `http://127.0.0.1:${port}`).replace("{{overlay}}", "side"));
			const seen: string[] = [];
			page.on("framenavigated", (frame) => seen.push(frame.url()));
			await page.goto(pathToFileURL(file).href);
			await expect(page.getByText("Polychat does not run yet.")).toBeVisible();
			for (let next = port + 1; !real && next < port + 15; next++) real = await RealServer.start(String(next)).catch(() => null);
			await expect(page).toHaveURL(`${real?.origin}/overlay/side`);
			expect(seen.filter((url) => url.includes(`:${port}/`))).toEqual([]);
		} finally {
			other.close();
			await real?.stop();
		}
	});
});
