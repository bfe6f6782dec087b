import { expect, test } from "vitest";
import { History } from "./history";

test("what was changed is taken back and done again, in order", () => {
	let now = 0;
	const history = new History<number>(() => now);
	expect([history.undo(), history.redo(), history.canUndo, history.canRedo]).toEqual([undefined, undefined, false, false]);
	for (let n = 0; n < 3; n++) {
		history.push("size", n, n + 1);
		now += 2_000;
	}
	expect([history.undo(), history.undo(), history.redo(), history.undo(), history.undo(), history.undo()]).toEqual([2, 1, 2, 1, 0, undefined]);
	expect([history.canUndo, history.canRedo]).toEqual([false, true]);
	history.push("other", 0, 9);
	expect(history.canRedo, "another change makes another future").toBe(false);
	expect(history.undo()).toBe(0);
});

test("a hand on a slider is one step, two sliders are two, and so is what comes after a step back", () => {
	let now = 0;
	const history = new History<number>(() => now);
	for (let n = 0; n < 20; n++) {
		history.push("size", n, n + 1);
		now += 50;
	}
	history.push("other", 20, 21);
	expect([history.undo(), history.undo(), history.undo()]).toEqual([20, 0, undefined]);
	expect([history.redo(), history.redo()]).toEqual([20, 21]);
	history.push("other", 21, 22);
	expect([history.undo(), history.undo()]).toEqual([21, 20]);
});

test("steps do not grow without a bound", () => {
	const history = new History<number>();
	for (let n = 0; n < 500; n++) history.push(`${n}`, n, n + 1);
	let steps = 0;
	while (history.undo() !== undefined) steps++;
	expect(steps).toBe(100);
});
