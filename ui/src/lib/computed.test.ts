// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { Computed } from "./computed";

test("a rule of nobody changes after every two hundred drawn elements, in one sheet before all others", () => {
	document.head.replaceChildren(document.createElement("title"));
	const insert = vi.spyOn(CSSStyleSheet.prototype, "insertRule");
	const computed = new Computed(document);
	const changes = () => insert.mock.calls.length;

	computed.drew(199);
	expect([changes(), document.styleSheets.length]).toEqual([0, 0]);
	computed.drew(1);
	expect([changes(), document.styleSheets.length]).toEqual([1, 1]);
	expect(document.head.firstElementChild?.tagName).toBe("STYLE");
	for (let n = 0; n < 1_000; n++) computed.drew(1);
	expect([changes(), document.styleSheets.length, document.styleSheets[0]?.cssRules.length]).toEqual([6, 1, 1]);
	computed.drew(100_000);
	expect(changes()).toBe(7);
});
