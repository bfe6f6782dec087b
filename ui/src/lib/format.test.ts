import { expect, it } from "vitest";
import { until } from "./format";

it.each([
	[0, "1 sec"],
	[-5_000, "1 sec"],
	[59_900, "59 sec"],
	[60_000, "1 min"],
	[119_999, "1 min"],
	[3_599_000, "59 min"],
	[3_600_000, "1 hr"],
	[7_500_000, "2 hr 5 min"],
	[86_400_000, "24 hr"],
	[3 * 86_400_000, "3 days"],
	[400 * 86_400_000, "400 days"],
])("counts down calmly: %i ms are %s", (ms, text) => {
	expect(until(ms)).toBe(text);
});
