import { describe, expect, it } from "vitest";
import { FrameMeter, type Painted } from "./frame-meter.svelte";

/** A window whose frames come when the test says. */
function windowOf(): Painted & { frame(at: number): void; waits(): boolean } {
	let waiting: FrameRequestCallback | null = null;
	return {
		requestAnimationFrame: (call) => ((waiting = call), 1),
		cancelAnimationFrame: () => (waiting = null),
		frame: (at) => {
			const call = waiting;
			waiting = null;
			call?.(at);
		},
		waits: () => waiting !== null,
	};
}

describe("frame meter", () => {
	it("tells the rate and the longest frame of the last two seconds", () => {
		const meter = new FrameMeter();
		const window = windowOf();
		const end = meter.start(window);
		for (let at = 1_000; at <= 2_000; at += 20) window.frame(at);
		expect(meter.now).toEqual({ rate: 50, longest: 20 });
		window.frame(2_220);
		for (let at = 2_240; at <= 2_600; at += 20) window.frame(at);
		expect(meter.now?.longest).toBe(220);
		for (let at = 2_620; at <= 6_000; at += 20) window.frame(at);
		expect(meter.now?.longest).toBe(20);
		expect(meter.now?.rate).toBeCloseTo(50, 5);
		end();
		expect(window.waits()).toBe(false);
	});

	it("says nothing before it has seen two frames", () => {
		const meter = new FrameMeter();
		const window = windowOf();
		meter.start(window);
		window.frame(5_000);
		expect(meter.now).toBeNull();
	});
});
