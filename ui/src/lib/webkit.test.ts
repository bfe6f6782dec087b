// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { leaving, unkept } from "./webkit";

afterEach(() => vi.restoreAllMocks());

function rows(count: number): HTMLElement[] {
	const all = Array.from({ length: count }, () => document.createElement("p"));
	document.body.replaceChildren(...all);
	return all;
}

test("what leaves is drawn otherwise first: all of it marked, then one look at a style", () => {
	const all = rows(3);
	const marked: number[] = [];
	const real = getComputedStyle;
	const looks = vi.spyOn(globalThis, "getComputedStyle").mockImplementation((element) => {
		marked.push(document.querySelectorAll("[data-gone]").length);
		return real(element);
	});
	leaving(all.slice(0, 2), true);

	expect(looks).toHaveBeenCalledExactlyOnceWith(all[0]);
	expect(marked).toEqual([2]);
	expect(all.map((row) => real(row).visibility)).toEqual(["hidden", "hidden", "visible"]);
});

test("the rule is there once, before all others", () => {
	const [first, second] = rows(2) as [HTMLElement, HTMLElement];
	leaving([first], true);
	leaving([second], true);
	const rules = [...document.styleSheets].map(({ cssRules }) => [...cssRules].map(({ cssText }) => cssText));
	expect(rules.flat().filter((text) => text.includes("data-gone"))).toHaveLength(1);
	expect(document.head.firstElementChild?.tagName).toBe("STYLE");
});

const rules = () => [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules].map(({ cssText }) => cssText));

test("nothing is done for nothing, and nothing where another engine draws", () => {
	const looks = vi.spyOn(globalThis, "getComputedStyle");
	leaving([], true);
	const [row] = rows(1) as [HTMLElement];
	leaving([row], false);
	vi.spyOn(navigator, "vendor", "get").mockReturnValue("Google Inc.");
	leaving([row]);
	expect(looks).not.toHaveBeenCalled();
	expect(row.hasAttribute("data-gone")).toBe(false);
	vi.spyOn(navigator, "vendor", "get").mockReturnValue("Apple Computer, Inc.");
	leaving([row]);
	expect(row.hasAttribute("data-gone")).toBe(true);
});

test("what stands inside depends on a width, by one rule before all others, however often it is asked for", () => {
	for (let n = 0; n < 3; n++) unkept("[data-key] [style], .card", document, true);
	expect(rules().filter((rule) => rule.includes(".card"))).toEqual([
		expect.stringMatching(/^:is\(\[data-key\] \[style\], \.card\) \*, .* \*::before, .* \*::after \{ scroll-margin-left: 0cqw;? \}$/),
	]);
	expect(document.head.firstElementChild?.tagName).toBe("STYLE");
});

test("styles are kept where another engine draws", () => {
	vi.spyOn(navigator, "vendor", "get").mockReturnValue("Google Inc.");
	const before = rules().length;
	unkept(".other");
	expect(rules()).toHaveLength(before);
	vi.spyOn(navigator, "vendor", "get").mockReturnValue("Apple Computer, Inc.");
	unkept(".other");
	expect(rules()).toHaveLength(before + 1);
});
