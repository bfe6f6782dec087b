/** What stands for a badge without a picture, and the number that some carry beside it. */

import type { Badge } from "./bindings/Badge";

const GLYPHS: Record<Badge["type"], string> = { moderator: "M", subscriber: "S", verified: "✓", custom: "" };

/** Whether it belongs to the one whose channel it is. */
export function isOwner({ label }: Badge): boolean {
	return /broadcaster|\bhost\b|owner/i.test(label);
}

/** The number that some badges carry beside their picture, or "". */
export function levelOf({ type, label }: Badge): string {
	return type === "custom" ? (/^(?:Gifter|Fan club) level (\d{1,4})$/.exec(label)?.[1] ?? "") : "";
}

/** What stands for its picture. */
export function glyphOf(badge: Badge): string {
	const { type, label } = badge;
	if (isOwner(badge)) return "★";
	if (/gifter/i.test(label)) return /^Top gifter [1-9]$/.test(label) ? `#${label.at(-1)}` : "◆";
	if (/^fan club/i.test(label)) return "♥";
	// A place on the leaderboard.
	if (/^#\d$/.test(label)) return label;
	return GLYPHS[type] || (Array.from(label.trim())[0]?.toUpperCase() ?? "•");
}
