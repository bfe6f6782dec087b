import { expect, it } from "vitest";
import { until } from "./format";

it.each([
	[0, "1 s"],
	[-5_000, "1 s"],
	[59_900, "59 s"],
	[60_000, "1 min"],
	[119_999, "1 min"],
	[3_599_000, "59 min"],
	[3_600_000, "1 h"],
	[7_500_000, "2 h 5 min"],
	[86_400_000, "24 h"],
	[3 * 86_400_000, "3 days"],
	[400 * 86_400_000, "400 days"],
])("counts down calmly: %i ms are %s", (ms, text) => {
	expect(until(ms)).toBe(text);
});
