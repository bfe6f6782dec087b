import { expect, test } from "vitest";
import { MAX_GAP_MS, MIN_GAP_MS, Pacer } from "./pacing";

/** Plays arrivals (times in milliseconds), and tells when each is shown. */
function play(arrivals: number[]): number[] {
	const pacer = new Pacer();
	const left = [...arrivals];
	const shown: number[] = [];
	let waiting = 0;
	for (let now = 0; shown.length < arrivals.length; now++) {
		while (left[0] !== undefined && left[0] <= now) {
			left.shift();
			pacer.arrived(now, ++waiting);
		}
		while (waiting > 0) {
			const { wait, all } = pacer.next(now);
			if (wait > 0) break;
			const count = all ? waiting : 1;
			for (let i = 0; i < count; i++) shown.push(now);
			waiting -= count;
			pacer.shown(now);
		}
	}
	return shown;
}

test("one that comes alone is shown at once", () => {
	expect(play([0, 700, 1_500, 4_000])).toEqual([0, 700, 1_500, 4_000]);
});

test("a handful is shown one by one within about a second", () => {
	const shown = play([0, 0, 0, 0]);
	const gaps = shown.slice(1).map((at, i) => at - (shown[i] ?? 0));
	expect(shown[0]).toBe(0);
	for (const gap of gaps) expect(gap >= MIN_GAP_MS && gap <= MAX_GAP_MS, `${gap}`).toBe(true);
	expect(shown.at(-1)).toBeLessThan(1_500);
});

test("two that nearly meet do not show in one frame", () => {
	const [first = 0, second = 0] = play([0, 10]);
	expect(second - first).toBeGreaterThanOrEqual(MIN_GAP_MS);
});

test("more than can be read is shown as it comes", () => {
	const arrivals = Array.from({ length: 200 }, (_, i) => i * 50);
	const shown = play(arrivals);
	expect(shown.slice(40)).toEqual(arrivals.slice(40));
	expect(Math.max(...shown.map((at, i) => at - (arrivals[i] ?? 0)))).toBeLessThanOrEqual(1_000);
});

test("a burst is over when it is quiet again", () => {
	const pacer = new Pacer();
	for (let i = 0; i < 30; i++) pacer.arrived(i, i + 1);
	expect(pacer.isBurst(100)).toBe(true);
	expect(pacer.isBurst(6_000)).toBe(false);
});
