// @vitest-environment jsdom
import { cleanup, render } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import type { Element } from "$lib/bindings/Element";
import Badges from "./Badges.svelte";
import Content from "./Content.svelte";

afterEach(cleanup);

function show(...elements: Element[]): HTMLElement {
	const raw = elements.map((e) => e.value).join("");
	return render(Content, { content: { raw, formatted: raw, sanitized: raw, rawHtml: "<b>never shown</b>", elements } }).container;
}
const position: [number, number] = [0, 1];

it("says on a badge for how many months somebody has paid, once", () => {
	const badge = (label: string, months?: number) => ({ type: "subscriber" as const, label, image_url: null, ...(months === undefined ? {} : { months }) });
	const shown = render(Badges, { badges: [badge("Member (1 year)", 12), badge("Member (6 months)", 6), badge("Member (16 months)", 6), badge("New member", 0), badge("Member")] }).container;
	expect([...shown.querySelectorAll("[role=img]")].map((b) => b.getAttribute("title"))).toEqual([
		"Member (1 year), 12 months", "Member (6 months)", "Member (16 months), 6 months", "New member", "Member",
	]);
});


it("shows markup as the text that it is", () => {
	const text = "<img src=x onerror=alert(1)> &lt;b&gt;";
	const shown = show({ type: "text", value: text, position });
	expect(shown.textContent).toBe(text);
	expect(shown.querySelector("img, b")).toBeNull();
});

it("keeps every letter and space of a message", () => {
	const shown = show(
		{ type: "text", value: "a  b ", position },
		{ type: "mention", value: "@c", position, metadata: { username: "c" } },
		{ type: "text", value: " d", position },
	);
	expect(shown.textContent).toBe("a  b @c d");
});

it("makes no link of what is no web address", () => {
	const shown = show({ type: "link", value: "click", position, metadata: { url: "javascript:alert(1)" } });
	expect(shown.querySelector("a")).toBeNull();
	expect(shown.textContent).toBe("click");
});

it("opens a link elsewhere, without telling from where", () => {
	const link = show({ type: "link", value: "a.example", position, metadata: { url: "https://a.example" } }).querySelector("a");
	expect(link?.target).toBe("_blank");
	expect(link?.rel).toContain("noopener");
	expect(link?.rel).toContain("noreferrer");
});

it("shows an emote's words instead of a picture that is not https", () => {
	for (const url of ["http://a.example/1.png", "javascript:alert(1)", "data:image/png;base64,AA"]) {
		const shown = show({ type: "emote", value: "Kappa", position, metadata: { url, alt: "Kappa", is_custom: false } });
		expect(shown.querySelector("img")).toBeNull();
		expect(shown.textContent).toBe("Kappa");
		cleanup();
	}
});

it("keeps room for a picture and does not tell its server who asks", () => {
	const img = show({ type: "emote", value: "Kappa", position, metadata: { url: "https://a.example/1.png", alt: "Kappa", is_custom: false } }).querySelector("img");
	expect(img?.getAttribute("referrerpolicy")).toBe("no-referrer");
	expect(img?.getAttribute("height")).toBe("24");
	expect(img?.alt).toBe("Kappa");
});

it("shows a badge without a picture as a letter that says what it means", () => {
	const { getByLabelText } = render(Badges, { badges: [{ type: "custom", label: "VIP", image_url: "http://a.example/vip.png" }] });
	expect(getByLabelText("VIP").textContent).toBe("V");
});
