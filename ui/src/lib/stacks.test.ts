import { describe, expect, it } from "vitest";
import type { Element } from "$lib/bindings/Element";
import { stacks } from "./stacks";

const text = (value: string): Element => ({ type: "text", value, position: [0, 0] });
const emote = (value: string, style?: "zero_width"): Element => ({
	type: "emote",
	value,
	position: [0, 0],
	metadata: { url: "https://e.example/1", alt: value, is_custom: true, ...(style && { style }) },
});
const drawn = (...elements: Element[]) => stacks(elements).map(({ element, over }) => [element.value, ...over.map((e) => e.value)].join("+"));

describe("stacks", () => {
	it("puts zero-width emotes on the emote before them", () => {
		expect(drawn(emote("A"), text(" "), emote("Rain", "zero_width"), text(" "), emote("Hat", "zero_width"), text(" b"))).toEqual(["A+Rain+Hat", " b"]);
	});
	it("draws them like others where no emote is before them", () => {
		expect(drawn(emote("Rain", "zero_width"), text(" hi "), emote("Rain", "zero_width"))).toEqual(["Rain", " hi ", "Rain"]);
		expect(drawn(emote("A"), text(" b "), emote("Rain", "zero_width"))).toEqual(["A", " b ", "Rain"]);
	});
	it("keeps the spaces between ordinary emotes", () => {
		expect(drawn(emote("A"), text(" "), emote("B"))).toEqual(["A", " ", "B"]);
	});
});
