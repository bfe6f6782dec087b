import { expect, test } from "vitest";
import { contrast, isLight, readableOn } from "../color";
import { author } from "../feed/testing";
import { stillUrl } from "./emotes";
import { NO_PLATE, authorType, nameInk } from "./names";
import { paidLook, usd, valueLook } from "./tiers";

const HOSTILE = ["red", "#fff", "#gggggg", "#12345678", "expression(alert(1))", "", "#0000FF; background: url(x)"];

test("a name can be read on every plate, whatever its colour", () => {
	for (const surface of [NO_PLATE, "#000000", "#0e1014", "#ffffff", "#ffff00", "#ff0000"]) {
		for (const color of ["#000000", "#0000ff", "#1e90ff", "#ff0000", "#ffffff", "#808080", "#00ff7f", ...HOSTILE]) {
			const ink = nameInk({ ...author("ana"), color }, surface);
			expect(ink).toMatch(/^#[0-9a-f]{6}$/);
			expect(contrast(ink, surface), `${color} on ${surface}`).toBeGreaterThanOrEqual(4.45);
		}
	}
});

test("a colour that can be read stays, and names without one differ and stay the same", () => {
	expect(nameInk({ ...author("ana"), color: "#FF8FC7" }, NO_PLATE)).toBe("#ff8fc7");
	expect(nameInk(author("ana"), NO_PLATE)).toBe(nameInk(author("ana"), NO_PLATE));
	expect(new Set(["ana", "bo", "cy", "di", "ed", "fay"].map((n) => nameInk(author(n), NO_PLATE))).size).toBeGreaterThan(3);
});

test("readable goes the way that is possible", () => {
	expect(isLight("#ffca28")).toBe(true);
	expect(isLight("#1565c0")).toBe(false);
	expect(contrast(readableOn("#777777", "#787878"), "#787878")).toBeGreaterThanOrEqual(4.45);
});

test("the highest role is what an author is", () => {
	const roles = (more: object) => authorType({ ...author("a"), roles: { broadcaster: false, moderator: false, subscriber: false, verified: false, ...more } });
	expect([roles({}), roles({ subscriber: true }), roles({ subscriber: true, moderator: true }), roles({ broadcaster: true, moderator: true }), roles({ verified: true })]).toEqual(["", "member", "moderator", "owner", ""]);
});

test("a payment has the colours of its tier, and can be read in all of them", () => {
	const bodies = [0.001, 0.01, 2, 5, 10, 20, 50, 100].map((value) => valueLook(value));
	expect(bodies.map((l) => l.paint.header)).toEqual(["#99ecff", "#1565c0", "#00b8d4", "#00bfa5", "#ffb300", expect.stringMatching(/^#e/), expect.any(String), "#d00000"]);
	for (const { paint } of bodies) {
		expect(contrast(paint.headerInk, paint.header)).toBeGreaterThanOrEqual(4.45);
		expect(contrast(paint.nameInk, paint.header)).toBeGreaterThanOrEqual(4.45);
		expect(contrast(paint.bodyInk, paint.body)).toBeGreaterThanOrEqual(4.45);
	}
	expect(bodies.map((l) => l.minutes)).toEqual([0, 0, 0, 2, 5, 10, 30, 60]);
	expect(bodies.map((l) => l.quiet)).toEqual([true, true, false, false, false, false, false, false]);
});

test("the platform's own colours win, and nothing paid in them is quiet", () => {
	const paid = { amount: "1", formatted: "$1", color: "#1e88e5", money: { micros: 1_000_000, currency: "USD" }, bits: null };
	expect(paidLook(paid).quiet).toBe(true);
	const colors = { header: "#123456", header_text: "#ffffff", body: "#234567", body_text: "#ffffff", author: "#ffffffb2" };
	expect(paidLook({ ...paid, colors })).toMatchObject({ quiet: false, paint: { header: "#123456", body: "#234567" } });
	expect(paidLook({ ...paid, money: null, bits: 1_000 }).paint.header).toBe("#ffb300");
});

test("yen are no dollars", () => {
	expect(usd({ micros: 1_000_000_000, currency: "JPY" })).toBeCloseTo(6.7);
	expect(usd({ micros: 5_000_000, currency: "XXX" })).toBe(5);
});

test("emotes stand still where the provider has a still picture", () => {
	const still = [
		["https://static-cdn.jtvnw.net/emoticons/v2/emotesv2_1/default/dark/2.0", "https://static-cdn.jtvnw.net/emoticons/v2/emotesv2_1/static/dark/2.0"],
		["https://d3aqoihi2n8ty8.cloudfront.net/actions/cheer/dark/animated/100/2.gif", "https://d3aqoihi2n8ty8.cloudfront.net/actions/cheer/dark/static/100/2.png"],
		["https://cdn.7tv.app/emote/01F/2x.webp", "https://cdn.7tv.app/emote/01F/2x_static.webp"],
		["https://cdn.betterttv.net/emote/5f/2x", "https://cdn.betterttv.net/emote/5f/static/2x.webp"],
		["https://cdn.frankerfacez.com/emote/1/animated/2", "https://cdn.frankerfacez.com/emote/1/2"],
		["https://yt3.ggpht.com/x=w48", "https://yt3.ggpht.com/x=w48"],
	] as const;
	for (const [moving, quiet] of still) expect(stillUrl(moving)).toBe(quiet);
	expect(stillUrl(null)).toBeNull();
});
