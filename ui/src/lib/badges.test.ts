import { expect, test } from "vitest";
import type { Badge } from "./bindings/Badge";
import { glyphOf, isOwner, levelOf } from "./badges";

const badge = (type: Badge["type"], label: string): Badge => ({ type, label, image_url: null });

test("a sign stands for a badge without a picture", () => {
	const signs = [["moderator", "Moderator"], ["subscriber", "Sub"], ["verified", "Verified"], ["custom", "Broadcaster"], ["custom", "Top gifter 2"], ["custom", "Gifter level 12"], ["custom", "Fan club level 3"], ["custom", "#1"], ["custom", "vip"], ["custom", " "]] as const;
	expect(signs.map(([type, label]) => glyphOf(badge(type, label)))).toEqual(["M", "S", "✓", "★", "#2", "◆", "♥", "#1", "V", "•"]);
});

test("a level is a number, and only of badges that have levels", () => {
	expect(["Gifter level 12", "Fan club level 3", "Fan club", "level 9", "Gifter level 99999"].map((l) => levelOf(badge("custom", l)))).toEqual(["12", "3", "", "", ""]);
	expect(levelOf(badge("subscriber", "Gifter level 12"))).toBe("");
});

test("a ghost is no host", () => {
	expect([isOwner(badge("custom", "Host")), isOwner(badge("custom", "Ghost"))]).toEqual([true, false]);
});
