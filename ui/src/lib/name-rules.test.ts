// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { nameColor } from "./color";
import { NameRules } from "./name-rules";

const rules = () => [...(document.head.querySelector("style")?.sheet?.cssRules ?? [])].map((rule) => rule.cssText);
const color = (n: number) => ({ dark: `#${n.toString(16).padStart(6, "0")}`, light: "#000000" });

describe("rules of names", () => {
	beforeEach(() => document.head.replaceChildren());

	it("are one for each colour, however often it comes", () => {
		const all = new NameRules();
		const pink = nameColor("#ff69b4", "1");
		const name = all.classOf(pink);
		expect(all.classOf(pink)).toBe(name);
		expect(all.classOf(nameColor("#1e90ff", "2"))).not.toBe(name);
		expect(rules()).toHaveLength(2);
		expect(rules()[0]).toMatch(/^\.name-[0-9a-f]{6}-[0-9a-f]{6} \{.*--dark: ?#[0-9a-f]{6};.*--light: ?#[0-9a-f]{6};?.*\}$/s);
	});

	it("go when there are too many, and the one that was used longest ago goes first", () => {
		const all = new NameRules();
		const first = all.classOf(color(0));
		const second = all.classOf(color(1));
		for (let n = 2; n < 4_096; n++) all.classOf(color(n));
		all.classOf(color(0));
		all.classOf(color(5_000));
		expect(rules()).toHaveLength(4_096);
		expect(rules().some((rule) => rule.startsWith(`.${first} `))).toBe(true);
		expect(rules().some((rule) => rule.startsWith(`.${second} `))).toBe(false);
	});
});
