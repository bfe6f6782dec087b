/** What a card says about an event: one shape for all kinds. Pure. */

import type { EventData } from "../bindings/EventData";
import type { EventFrame } from "../bindings/EventFrame";
import type { Person } from "../bindings/Person";
import { parseHex } from "../color";
import { count, enumerated, money } from "../format";
import { t } from "../language/language";

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
	const isRunning = data.combo?.state === "running";
	switch (data.event) {
		case "subscription":
			return card(t("overlay:subscription"), { value: tier(data) });
		case "resubscription":
			return card(t("overlay:resubscription"), {
				detail: dotted(tier(data), data.streak_months ? t("overlay:inARow", { count: data.streak_months }) : ""),
				value: data.months ? months(data.months) : tier(data),
			});
		case "subscription_upgrade":
			if (isYoutube) return card(t("overlay:membershipUpgrade"), { value: tier(data) });
			return card(t("overlay:subscriptionUpgrade"), { detail: data.other ? t("overlay:giftOf", { name: nameOf(data.other) }) : "", value: tier(data) });
		case "pay_forward":
			return card(t("overlay:payForward"), { detail: toWhom(data.recipients) });
		case "gift_subscription": {
			if (isYoutube) return card(...memberships(data));
			const given = data.combo?.count ?? data.count ?? data.recipients?.length ?? 1;
			return card(t("overlay:giftSubscription", { count: given }), {
				detail: dotted(toWhom(data.recipients), isRunning ? t("overlay:moreMayFollow") : ""),
				value: (given === 1 && tier(data)) || t("overlay:subs", { count: given }),
			});
		}
		case "membership":
			return card(t("overlay:membership"), { value: paid || tier(data) });
		case "gift": {
			const given = data.combo?.count ?? data.count ?? 1;
			const points = data.gift?.unit_cost ? data.gift.unit_cost * given : 0;
			const cost = points === 0 ? "" : isYoutube ? t("overlay:jewels", { count: points }) : `${count(points)} ◆`;
			return card(`${data.gift?.name || t("overlay:gift")}${given > 1 ? ` × ${count(given)}` : ""}`, {
				tone: isTiktok && points >= LARGE_DIAMONDS ? "money" : "platform",
				detail: dotted(toWhom(data.recipients), isRunning ? t("overlay:comboRuns") : ""),
				value: paid || cost,
			});
		}
		case "milestone":
			if (isYoutube) return card(t("overlay:memberMilestone"), { detail: tier(data), value: data.months ? months(data.months) : "" });
			if (isTiktok) return card(t("overlay:levelUp"), { detail: withoutName(data) });
			return card(t("overlay:milestone"), { detail: withoutName(data), value: data.months ? months(data.months) : number(data) });
		case "watch_streak":
			return card(t("overlay:watchStreak"), { value: data.count === null ? "" : t("overlay:streams", { count: data.count }) });
		case "raid":
			return card(t("overlay:raid"), { detail: t("overlay:arrives"), value: viewers(data) });
		case "raid_out":
			return card(t("overlay:raid"), { detail: data.other ? t("overlay:leavesFor", { name: nameOf(data.other) }) : t("overlay:leaves"), value: viewers(data) });
		case "bits":
			return card(t("overlay:bits"), { tone: "money", value: data.count === null ? "" : t("overlay:bitCount", { count: data.count }) });
		case "charity":
			return card(t("overlay:charity"), { tone: "money", detail: data.goal?.description ?? "", value: paid || number(data), bars: goal(data) });
		case "reward":
			return card(data.reward?.title || t("overlay:reward"), {
				detail: data.reward?.title ? t("overlay:redeemed") : "",
				value: data.reward?.cost ? t("overlay:points", { count: data.reward.cost }) : "",
			});
		case "announcement":
			return card(t("overlay:announcement"), { tone: ownTone(data.color) });
		case "poll":
			return card(t("overlay:poll"), { quote: data.poll?.title || data.text, value: status(data), bars: votes(data) });
		case "prediction":
			return card(t("overlay:prediction"), { quote: data.poll?.title || data.text, value: status(data), bars: votes(data) });
		case "pin":
			return card(t("overlay:pin"), {
				detail: data.other && nameOf(data.other) !== (data.user && nameOf(data.user)) ? t("overlay:by", { name: nameOf(data.other) }) : "",
				quote: data.message ? "" : (data.pin?.text ?? data.text),
			});
		case "goal":
			return card(t("overlay:goal"), { detail: data.goal?.description || (goal(data).length > 0 ? "" : data.text), bars: goal(data) });
		case "hype_train":
			return card(t("overlay:hypeTrain"), { detail: data.goal ? "" : data.text, value: data.count === null ? "" : t("overlay:level", { level: data.count }), bars: goal(data) });
		case "question":
			return card(t("overlay:question"), { detail: t("overlay:asks"), quote: data.message ? "" : data.text });
		case "battle":
			return card(t("overlay:battle"), {
				detail: data.poll?.winner ? t("overlay:won", { name: data.poll.winner }) : "",
				quote: (data.poll?.choices.length ?? 0) > 0 ? "" : data.text, value: status(data), bars: votes(data),
			});
		case "treasure_box":
			return card(t("overlay:treasureBox"), { tone: "money", detail: withoutName(data), value: data.count === null ? "" : `${count(data.count)} ◆` });
		default:
			// `mode` and the like, and every kind that is newer than this page.
			return card(said(data) || data.text, { form: "line" });
	}
}

/** What happens often, in words of our own where these say as much as the server's. */
function said({ event, user, count }: EventData): string {
	if (!user) return "";
	const name = nameOf(user);
	switch (event) {
		case "follow":
			return t("overlay:followed", { name });
		case "join":
			return t("overlay:joined", { name });
		case "share":
			return t("overlay:shared", { name });
		case "like":
			return t("overlay:liked", { name, count: count ?? 1 });
		default:
			return "";
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
	return person.display_name || person.username || t("overlay:somebody");
}

/** The sentence of an event after the name that already stands before it. */
function withoutName({ text, user }: EventData): string {
	const name = user ? nameOf(user) : "";
	return name && text.startsWith(`${name} `) ? text.slice(name.length + 1) : text;
}

function toWhom(recipients: readonly Person[] | undefined): string {
	if (!recipients?.length) return "";
	const names = enumerated(recipients.slice(0, MAX_NAMES).map(nameOf));
	const more = recipients.length - MAX_NAMES;
	return more > 0 ? t("overlay:toAndMore", { names, count: more }) : t("overlay:to", { names });
}

/** Memberships that are given on YouTube: who gets one is told one by one. */
function memberships(data: EventData): [string, Partial<Card>] {
	const named = data.recipients?.length ?? 0;
	const given = Math.max(data.count ?? 0, data.combo?.count ?? 0, named, 1);
	const missing = data.combo?.state === "running" ? given - named : 0;
	return [t("overlay:giftMembership", { count: given }), {
		detail: dotted(toWhom(data.recipients), missing > 0 ? t("overlay:toBeGiven", { count: missing }) : ""),
		value: given === 1 && data.tier ? tier(data) : t("overlay:memberships", { count: given }),
	}];
}

/** Things that are told side by side. */
function dotted(...parts: readonly string[]): string {
	return parts.filter(Boolean).join(" · ");
}

function tier({ tier }: EventData): string {
	if (!tier) return "";
	return tier === "prime" ? "Prime" : /^\d+$/.test(tier) ? t("overlay:tier", { tier }) : tier;
}

function months(count: number): string {
	return t("overlay:months", { count });
}

function viewers({ count }: EventData): string {
	return count === null ? "" : t("overlay:viewers", { count });
}

function number({ count: n }: EventData): string {
	return n === null ? "" : count(n);
}

/** How a vote does. Platforms have their own words; what is none of these is shown as it comes. */
function status({ poll }: EventData): string {
	if (!poll) return "";
	switch (poll.status) {
		case "active":
		case "running":
		case "open":
			return t("overlay:status.runs");
		case "locked":
			return t("overlay:status.locked");
		case "completed":
		case "archived":
		case "resolved":
		case "ended":
		case "terminated":
			return t("overlay:status.over");
		case "canceled":
		case "cancelled":
		case "cancel_pending":
			return t("overlay:status.cancelled");
		case "resolve_pending":
			return t("overlay:status.counted");
		default:
			return capital(poll.status);
	}
}

function votes({ poll }: EventData): Bar[] {
	const choices = poll?.choices.slice(0, MAX_BARS) ?? [];
	const weight = (c: (typeof choices)[number]) => c.points ?? c.votes;
	const all = choices.reduce((sum, c) => sum + weight(c), 0);
	return choices.map((c) => ({
		label: c.title,
		value: c.points === null ? count(c.votes) : t("overlay:points", { count: c.points }),
		share: all > 0 ? weight(c) / all : 0,
		won: poll?.winner === c.id || poll?.winner === c.title,
	}));
}

function goal({ goal }: EventData): Bar[] {
	// Without a target there is nothing to measure.
	if (!goal || !(goal.target > 0)) return [];
	const share = Math.min(1, goal.current / goal.target);
	return [{ label: goalName(goal.kind), value: t("overlay:ofTarget", { current: goal.current, target: goal.target }), share, won: false }];
}

function goalName(kind: string): string {
	switch (kind) {
		case "super_chat":
			return "Super Chat";
		case "hype_train":
			return t("overlay:hypeTrain");
		case "community_points":
			return t("overlay:communityPoints");
		case "charity":
			return t("overlay:charity");
		default:
			return capital(kind.replaceAll("_", " "));
	}
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
