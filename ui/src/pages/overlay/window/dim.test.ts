// @vitest-environment jsdom
import { beforeEach, afterEach, describe, expect, test, vi } from "vitest";
import { Dim } from "./dim";

describe("Dim", () => {
	let now = 0;
	let items: HTMLElement;
	let changes: boolean[];
	let dim: Dim;
	/** Lets time pass; observers are told between timers. */
	const pass = async (ms: number) => {
		now += ms;
		await vi.advanceTimersByTimeAsync(ms);
	};
	const say = async () => {
		items.append(document.createElement("p"));
		await vi.advanceTimersByTimeAsync(0);
	};

	beforeEach(() => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		now = 0;
		items = document.createElement("div");
		changes = [];
		dim = new Dim(items, (is) => changes.push(is), () => now);
	});
	afterEach(() => vi.useRealTimers());

	test("without a time it never dims and waits for nothing", async () => {
		await say();
		await pass(100_000);
		expect([changes, vi.getTimerCount()]).toEqual([[], 0]);
	});

	test("it dims after the silence, once, and waits for nothing then", async () => {
		dim.set(5);
		await pass(4_999);
		expect(changes).toEqual([]);
		await pass(1);
		expect([changes, vi.getTimerCount()]).toEqual([[true], 0]);
	});

	test("a message begins the silence anew, with one timer however many there are", async () => {
		dim.set(5);
		for (let n = 0; n < 50; n++) {
			await pass(100);
			await say();
			expect(vi.getTimerCount()).toBe(1);
		}
		await pass(4_999);
		expect(changes).toEqual([]);
		await pass(1);
		expect(changes).toEqual([true]);
		await say();
		expect(changes).toEqual([true, false]);
		await pass(5_000);
		expect(changes).toEqual([true, false, true]);
	});

	test("what is taken away is no message", async () => {
		await say();
		dim.set(5);
		await pass(4_000);
		items.replaceChildren();
		await pass(1_000);
		expect(changes).toEqual([true]);
	});

	test("turned off, it is bright again", async () => {
		dim.set(5);
		await pass(5_000);
		dim.set(0);
		expect([changes, vi.getTimerCount()]).toEqual([[true, false], 0]);
	});
});
