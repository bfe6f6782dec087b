/**
 * What the overlay takes, in numbers: `npm run measure`. Nothing is asserted, as the machine decides; the figures go to
 * docs/PERFORMANCE.md. `POLYCHAT_SECONDS` says for how long the flood lasts.
 */

import { items, messages, test, expect } from "./overlay";
import { author, chat, content, emote, event } from "./frames";
import type { ScriptedServer } from "./scripted-server";

const FLOOD_SECONDS = Number(process.env.POLYCHAT_SECONDS ?? 60);

interface Measured {
	waits: number[];
	frames: number[];
	tasks: number[];
}

test.beforeEach(async ({ page }) => {
	await page.setViewportSize({ width: 420, height: 900 });
	await page.addInitScript(() => {
		const all: Measured = ((window as unknown as { measured: Measured }).measured = { waits: [], frames: [], tasks: [] });
		const came = new Map<string, number>();
		const Native = WebSocket;
		window.WebSocket = class extends Native {
			constructor(url: string | URL) {
				super(url);
				this.addEventListener("message", ({ data }) => {
					const id = /"message_id":"(\w+)"/.exec(String(data))?.[1];
					if (id) came.set(id, performance.now());
				});
			}
		};
		// A task after the frame in which it came in is after its paint.
		const after = new MessageChannel();
		let painting: number[] = [];
		after.port1.onmessage = () => {
			for (const at of painting) all.waits.push(performance.now() - at);
			painting = [];
		};
		new MutationObserver((changes) => {
			for (const change of changes) for (const node of change.addedNodes) {
				const id = (node as HTMLElement).dataset?.messageId ?? "";
				const at = came.get(id);
				came.delete(id);
				if (at !== undefined) painting.push(at);
			}
			requestAnimationFrame(() => after.port2.postMessage(null));
		}).observe(document, { subtree: true, childList: true });
		new PerformanceObserver((list) => list.getEntries().forEach((e) => all.tasks.push(e.duration))).observe({ type: "longtask" });
		let last = 0;
		const frame = (now: number) => {
			if (last > 0) all.frames.push(now - last);
			last = now;
			requestAnimationFrame(frame);
		};
		requestAnimationFrame(frame);
	});
});

async function speak(server: ScriptedServer, perSecond: number, seconds: number): Promise<void> {
	const began = performance.now();
	for (let sent = 0; sent < perSecond * seconds; ) {
		const due = Math.min(perSecond * seconds, ((performance.now() - began) / 1000) * perSecond);
		for (; sent < due; sent++) {
			const said = content(`message ${sent} of a chat that never rests `, emote("smile", "https://img.example/e"));
			server.socket.send(sent % 50 === 0 ? event("raid", { user: author(`raider ${sent}`), count: sent }) : chat(author(`viewer ${sent % 300}`), said));
		}
		await new Promise((done) => setTimeout(done, 1000 / Math.max(perSecond, 20)));
	}
}

function quantile(values: number[], q: number): string {
	return (values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0).toFixed(0);
}

for (const [perSecond, seconds] of [[1, 20], [20, 20], [100, FLOOD_SECONDS]] as const) {
	test(`${perSecond} messages a second for ${seconds} s`, async ({ page, server, overlay, browser }) => {
		test.setTimeout((seconds + 60) * 1_000);
		await overlay();
		const client = await page.context().newCDPSession(page);
		const counters = async () => {
			await client.send("HeapProfiler.collectGarbage");
			const { nodes } = await client.send("Memory.getDOMCounters");
			const { usedSize } = await client.send("Runtime.getHeapUsage");
			return { nodes, heap: usedSize };
		};
		const processes = await browser.newBrowserCDPSession();
		/** Seconds that the browser's processes have computed. */
		const computed = async () => (await processes.send("SystemInfo.getProcessInfo")).processInfo.reduce((sum, p) => sum + p.cpuTime, 0);
		await speak(server, perSecond, Math.min(5, seconds));
		await page.evaluate(() => {
			const { measured } = window as unknown as { measured: Measured };
			measured.waits.length = measured.frames.length = measured.tasks.length = 0;
		});
		const before = await counters();
		const cpu = await computed();
		await speak(server, perSecond, seconds);
		const share = ((await computed()) - cpu) / seconds;
		await expect(messages(page).last()).toBeVisible();
		const { waits, frames, tasks } = await page.evaluate(() => {
			const { measured } = window as unknown as { measured: Measured };
			const copy = structuredClone(measured);
			// What measuring keeps is not what the page keeps.
			measured.waits.length = measured.frames.length = measured.tasks.length = 0;
			return copy;
		});
		const now = await counters();
		const slow = frames.filter((ms) => ms > 50).length;
		console.log([
			`${perSecond}/s: received to painted ${quantile(waits, 0.5)} ms (half), ${quantile(waits, 0.95)} ms (95 %), ${quantile(waits, 1)} ms (most)`,
			`frames ${frames.length}, ${quantile(frames, 0.5)} ms (half), ${quantile(frames, 1)} ms (longest), ${slow} over 50 ms; tasks over 50 ms: ${tasks.length}; ${(share * 100).toFixed(0)} % of a core`,
			`items ${await items(page).count()}, nodes ${before.nodes} then ${now.nodes}, heap ${(before.heap / 1e6).toFixed(1)} then ${(now.heap / 1e6).toFixed(1)} MB`,
		].join("\n  "));
	});
}

test("from opening the page to the first paint", async ({ page, server }) => {
	await page.goto(`${server.origin}/overlay/main?twitch=luna`);
	await expect.poll(() => server.subscribes().length).toBe(1);
	server.socket.send(chat(author("ana"), "hello"));
	await expect(messages(page)).toHaveCount(1);
	const told = await page.evaluate(() => {
		const [load] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
		return { loaded: load?.domContentLoadedEventEnd, painted: performance.getEntriesByType("paint").map((p) => `${p.name} ${p.startTime.toFixed(0)} ms`) };
	});
	console.log(`page ready after ${told.loaded?.toFixed(0)} ms; ${told.painted.join(", ")}`);
});
