/** What a payment looks like: the platform's own colours, or the tier that its value has on YouTube. Pure. */

import type { MonetaryData } from "../bindings/MonetaryData";
import type { Money } from "../bindings/Money";
import worth from "../../../../crates/model/worth.json";
import { type Paint, paint } from "../paid";

/** A tier of YouTube, from recordings of its page. */
interface Tier {
	/** From so many US dollars on. */
	readonly from: number;
	readonly body: string;
	readonly header: string;
	/** How long it stays in the row on top. */
	readonly minutes: number;
}

const TIERS: readonly Tier[] = [
	{ from: 100, body: "#e62117", header: "#d00000", minutes: 60 },
	{ from: 50, body: "#e91e63", header: "#c2185b", minutes: 30 },
	{ from: 20, body: "#f57c00", header: "#e65100", minutes: 10 },
	{ from: 10, body: "#ffca28", header: "#ffb300", minutes: 5 },
	{ from: 5, body: "#1de9b6", header: "#00bfa5", minutes: 2 },
	{ from: 2, body: "#00e5ff", header: "#00b8d4", minutes: 0 },
	{ from: 0.01, body: "#1e88e5", header: "#1565c0", minutes: 0 },
];
const NOTHING: Tier = { from: 0, body: "#99ecff", header: "#99ecff", minutes: 0 };

/** Memberships and subscriptions stay so long in the row on top. */
export const MEMBERSHIP_MINUTES = 2;

/** Below this, a payment that the platform gives no colours is drawn quietly: a rose is no lion. */
const QUIET_BELOW_USD = 2;

/** How to draw a payment. */
export interface PaidLook {
	readonly paint: Paint;
	readonly minutes: number;
	readonly quiet: boolean;
}

/** What one unit of a currency is worth in US dollars, as far as a tier needs it. Of 2026, chosen by hand; the server reads the same. */
const USD: Readonly<Record<string, number>> = worth;

/** An amount in US dollars, roughly. */
export function usd({ micros, currency }: Money): number {
	return (micros / 1_000_000) * (USD[currency] ?? 1);
}

/** What points of a platform are worth: bits, diamonds and Jewels all cost viewers about a cent. */
export function usdOfPoints(points: number): number {
	return points / 100;
}

/** How to draw a message with money. */
export function paidLook(paid: MonetaryData): PaidLook {
	const value = paid.bits != null ? usdOfPoints(paid.bits) : paid.money ? usd(paid.money) : 0;
	const own = paint(paid.colors);
	const look = valueLook(value);
	return own ? { paint: own, minutes: look.minutes, quiet: false } : look;
}

/** How to draw something of so many US dollars. */
export function valueLook(value: number): PaidLook {
	const tier = TIERS.find((t) => value >= t.from) ?? NOTHING;
	const ink = tier.from >= 20 || tier.from === 0.01 ? "#ffffff" : "#000000";
	const colors = { header: tier.header, header_text: ink, body: tier.body, body_text: ink, author: `${ink}d9` };
	// Never null: the colours are ours.
	const painted = paint(colors) as Paint;
	return { paint: painted, minutes: tier.minutes, quiet: value < QUIET_BELOW_USD };
}
