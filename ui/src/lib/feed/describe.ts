/** What a card says about an event: one shape for all kinds. Pure. */

import type { EventData } from "../bindings/EventData";
import type { EventFrame } from "../bindings/EventFrame";
import type { Person } from "../bindings/Person";
import { parseHex } from "../color";
import { count, counted, money } from "../format";

/** A bar of a vote or a goal. */
export interface Bar {
	readonly label: string;
	readonly value: string;
	/** From 0 to 1. */
	readonly share: number;
	readonly won: boolean;
}

/** What a card shows. */
export interface Card {
	/** `line` for what happens often and matters little: no card, one quiet line. */
	readonly form: "card" | "line";
	/** `money` is golden, `platform` has the platform's colour, or a colour of the event's own as `#rrggbb`. */
	readonly tone: "money" | "platform" | `#${string}`;
	readonly title: string;
	/** After the title, quieter. */
	readonly detail: string;
	/** At the right, strong: the one number that matters. */
	readonly value: string;
	/** A text that somebody wrote and that is not a message: a pinned text, a question. */
	readonly quote: string;
	readonly bars: readonly Bar[];
}

/** Names that are shown of those who got something; the rest is counted. */
const MAX_NAMES = 3;
/** Gifts of TikTok from so many diamonds on are golden: about a US dollar for the giver. Chosen by hand. */
const LARGE_DIAMONDS = 100;
/** Answers of a vote that are shown. */
const MAX_BARS = 8;

/** What to show for an event. */
export function describe({ data, platform }: EventFrame): Card {
	const isYoutube = platform === "youtube";
	const isTiktok = platform === "tiktok";
	const card = (title: string, more: Partial<Card> = {}): Card => ({
		form: "card", tone: "platform", title, detail: "", value: "", quote: "", bars: [], ...more,
	});
	const paid = data.amount ? money(data.amount) : "";
	const running = data.combo?.state === "running" ? "more may follow" : "";
	switch (data.event) {
		case "subscription":
			return card("Subscription", { value: tier(data) });
		case "resubscription":
			return card("Resubscription", {
				detail: [tier(data), data.streak_months ? `${counted(data.streak_months, "month")} in a row` : ""].filter(Boolean).join(" · "),
				value: data.months ? counted(data.months, "month") : tier(data),
			});
		case "subscription_upgrade":
			if (isYoutube) return card("Membership upgraded", { value: tier(data) });
			return card("Subscription continued", { detail: data.other ? `a gift of ${nameOf(data.other)}` : "", value: tier(data) });
		case "pay_forward":
			return card("Gift passed on", { detail: toWhom(data.recipients) });
		case "gift_subscription": {
			if (isYoutube) return card(...memberships(data));
			const given = data.combo?.count ?? data.count ?? data.recipients?.length ?? 1;
			return card(given === 1 ? "Gifted subscription" : "Gifted subscriptions", {
				detail: [toWhom(data.recipients), running].filter(Boolean).join(" · "),
				value: given === 1 ? tier(data) || "1 sub" : `${count(given)} subs`,
			});
		}
		case "membership":
			return card("New member", { value: paid || tier(data) });
		case "gift": {
			const given = data.combo?.count ?? data.count ?? 1;
			const points = data.gift?.unit_cost ? data.gift.unit_cost * given : 0;
			const cost = points === 0 ? "" : isYoutube ? counted(points, "Jewel") : `${count(points)} ◆`;
			return card(`${data.gift?.name || "Gift"}${given > 1 ? ` × ${count(given)}` : ""}`, {
				tone: isTiktok && points >= LARGE_DIAMONDS ? "money" : "platform",
				detail: [toWhom(data.recipients), running && "combo running"].filter(Boolean).join(" · "),
				value: paid || cost,
			});
		}
		case "milestone":
			if (isYoutube) return card("Member milestone", { detail: tier(data), value: data.months ? counted(data.months, "month") : "" });
			if (isTiktok) return card("Level up", { detail: withoutName(data) });
			return card("Milestone", { detail: withoutName(data), value: data.months ? counted(data.months, "month") : number(data) });
		case "watch_streak":
			return card("Watch streak", { value: data.count === null ? "" : counted(data.count, "stream") });
		case "raid":
			return card("Raid", { detail: "arrives", value: data.count === null ? "" : counted(data.count, "viewer") });
		case "raid_out":
			return card("Raid", { detail: data.other ? `leaves for ${nameOf(data.other)}` : "leaves", value: data.count === null ? "" : counted(data.count, "viewer") });
		case "bits":
			return card("Bits", { tone: "money", value: data.count === null ? "" : counted(data.count, "bit") });
		case "charity":
			return card("Charity", { tone: "money", detail: data.goal?.description ?? "", value: paid || number(data), bars: goal(data) });
		case "reward":
			return card(data.reward?.title || "Reward", {
				detail: data.reward?.title ? "redeemed" : "",
				value: data.reward?.cost ? counted(data.reward.cost, "point") : "",
			});
		case "announcement":
			return card("Announcement", { tone: ownTone(data.color) });
		case "poll":
		case "prediction":
			return card(data.event === "poll" ? "Poll" : "Prediction", {
				quote: data.poll?.title || data.text, value: capital(data.poll?.status ?? ""), bars: votes(data),
			});
		case "pin":
			return card("Pinned", { detail: data.other && nameOf(data.other) !== (data.user && nameOf(data.user)) ? `by ${nameOf(data.other)}` : "", quote: data.message ? "" : (data.pin?.text ?? data.text) });
		case "goal":
			return card("Goal", { detail: data.goal?.description || (goal(data).length > 0 ? "" : data.text), bars: goal(data) });
		case "hype_train":
			return card("Hype train", { detail: data.goal ? "" : data.text, value: data.count === null ? "" : `Level ${count(data.count)}`, bars: goal(data) });
		case "question":
			return card("Question", { detail: "asks", quote: data.message ? "" : data.text });
		case "battle":
			return card("Battle", { detail: data.poll?.winner ? `${data.poll.winner} won` : "", quote: (data.poll?.choices.length ?? 0) > 0 ? "" : data.text, value: capital(data.poll?.status ?? ""), bars: votes(data) });
		case "treasure_box":
			return card("Treasure box", { tone: "money", detail: withoutName(data), value: data.count === null ? "" : `${count(data.count)} ◆` });
		default:
			// `like`, `follow`, `join`, `mode` and the like, and every kind that is newer than this page.
			return card(data.text, { form: "line" });
	}
}

/** A colour that an event brings: `#rrggbb` or one of Twitch's four words. */
export function ownTone(color: string | undefined): Card["tone"] {
	const named: Record<string, `#${string}`> = { BLUE: "#5aa9ff", GREEN: "#46c98a", ORANGE: "#ffa14a", PURPLE: "#b68cff" };
	if (!color) return "platform";
	return parseHex(color) ? (color as `#${string}`) : (named[color.toUpperCase()] ?? "platform");
}

/** The name to show of somebody. */
export function nameOf(person: Pick<Person, "display_name" | "username">): string {
	return person.display_name || person.username || "Somebody";
}

/** The sentence of an event after the name that already stands before it. */
function withoutName({ text, user }: EventData): string {
	const name = user ? nameOf(user) : "";
	return name && text.startsWith(`${name} `) ? text.slice(name.length + 1) : text;
}

function toWhom(recipients: readonly Person[] | undefined): string {
	if (!recipients?.length) return "";
	const names = recipients.slice(0, MAX_NAMES).map(nameOf).join(", ");
	const more = recipients.length - MAX_NAMES;
	return more > 0 ? `to ${names} and ${count(more)} more` : `to ${names}`;
}

/** Memberships that are given on YouTube: who gets one is told one by one. */
function memberships(data: EventData): [string, Partial<Card>] {
	const named = data.recipients?.length ?? 0;
	const given = Math.max(data.count ?? 0, data.combo?.count ?? 0, named, 1);
	const missing = data.combo?.state === "running" ? given - named : 0;
	return [given === 1 ? "Gifted membership" : "Gifted memberships", {
		detail: [toWhom(data.recipients), missing > 0 ? `${count(missing)} still to be given` : ""].filter(Boolean).join(" · "),
		value: given === 1 && data.tier ? tier(data) : counted(given, "membership"),
	}];
}

function tier({ tier }: EventData): string {
	if (!tier) return "";
	return tier === "prime" ? "Prime" : /^\d+$/.test(tier) ? `Tier ${tier}` : tier;
}

function number({ count: n }: EventData): string {
	return n === null ? "" : count(n);
}

function votes({ poll }: EventData): Bar[] {
	const choices = poll?.choices.slice(0, MAX_BARS) ?? [];
	const weight = (c: (typeof choices)[number]) => c.points ?? c.votes;
	const all = choices.reduce((sum, c) => sum + weight(c), 0);
	return choices.map((c) => ({
		label: c.title,
		value: c.points === null ? count(c.votes) : counted(c.points, "point"),
		share: all > 0 ? weight(c) / all : 0,
		won: poll?.winner === c.id || poll?.winner === c.title,
	}));
}

function goal({ goal }: EventData): Bar[] {
	// Without a target there is nothing to measure.
	if (!goal || !(goal.target > 0)) return [];
	const share = Math.min(1, goal.current / goal.target);
	return [{ label: capital(goal.kind.replaceAll("_", " ")), value: `${count(goal.current)} of ${count(goal.target)}`, share, won: false }];
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
