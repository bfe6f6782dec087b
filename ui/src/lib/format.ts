/** Numbers, times and money for people, as they are written in their language and region. */

import type { Money } from "./bindings/Money";
import { spoken } from "./language/language";

/** Making one costs more than using it a thousand times. Emptied when the language is another one. */
let made = new Map<string, unknown>();
let madeFor = "";

function once<T>(name: string, make: (locale: string) => T): T {
	const locale = spoken();
	if (locale !== madeFor) [made, madeFor] = [new Map(), locale];
	let one = made.get(name) as T | undefined;
	if (one === undefined) made.set(name, (one = make(locale)));
	return one;
}

const date = (name: string, options: Intl.DateTimeFormatOptions) => once(name, (locale) => new Intl.DateTimeFormat(locale, options));
const unit = (n: number, unit: "second" | "minute" | "hour" | "day", unitDisplay: "short" | "long" = "short") =>
	once(`${unit} ${unitDisplay}`, (locale) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay, maximumFractionDigits: 0 })).format(n);

/** `1,204`. */
export function count(n: number): string {
	return once("count", (locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })).format(n);
}

/** `12.3 MB`: files. */
export function megabytes(bytes: number): string {
	return once("megabytes", (locale) => new Intl.NumberFormat(locale, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 })).format(bytes / 1_000_000);
}

/** `40%`, of a number from 0 to 100. */
export function percent(n: number): string {
	return once("percent", (locale) => new Intl.NumberFormat(locale, { style: "percent" })).format(n / 100);
}

/** `1 month`, `14 months`. */
export function counted(n: number, one: string, many = `${one}s`): string {
	return `${count(n)} ${n === 1 ? one : many}`;
}

/** `Ana, Bo, and Cy`. */
export function listed(names: readonly string[]): string {
	return once("list", (locale) => new Intl.ListFormat(locale)).format(names);
}

/** `Ana, Bo, Cy`: where more is said of them than that they belong together. */
export function enumerated(names: readonly string[]): string {
	return once("enumeration", (locale) => new Intl.ListFormat(locale, { type: "unit", style: "short" })).format(names);
}

/** `8:14` in local time, or `20.14` where people write it so. Without the half of the day: what just happened needs none. */
export function timeOf(ms: number): string {
	const parts = date("time", { hour: "numeric", minute: "2-digit" }).formatToParts(ms);
	return parts.map(({ type, value }) => (type === "dayPeriod" ? "" : value)).join("").trim();
}

/** `8:14 PM` in local time: of any day, so that the half of it matters. */
export function timeOfDay(ms: number): string {
	return date("time of day", { hour: "numeric", minute: "2-digit" }).format(ms);
}

/** `20:14:05.123` in local time: for people who write programs. */
export function exactTimeOf(ms: number): string {
	return date("exact", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" }).format(ms);
}

/** `Nov 24, 2026, 8:14:05 PM` in local time. */
export function dateOf(ms: number): string {
	return date("date", { dateStyle: "medium", timeStyle: "medium" }).format(ms);
}

/** `Tuesday, November 24, 2026` in local time: a whole day. */
export function dayOf(ms: number): string {
	return date("day", { dateStyle: "full" }).format(ms);
}

/** `Nov 24, 8:14 PM` in local time: when something is to begin. */
export function whenOf(ms: number): string {
	return date("when", { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }).format(ms);
}

/** How long ago: `now`, `8s ago`, `3m ago`, `2h ago`, `4 days ago`. */
export function ago(ms: number): string {
	const s = Math.max(0, Math.floor(ms / 1000));
	const narrow = once("ago", (locale) => new Intl.RelativeTimeFormat(locale, { numeric: "always", style: "narrow" }));
	if (s < 2) return once("now", (locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" })).format(0, "second");
	if (s < 60) return narrow.format(-s, "second");
	if (s < 3600) return narrow.format(-Math.floor(s / 60), "minute");
	if (s < 172_800) return narrow.format(-Math.floor(s / 3600), "hour");
	// Short forms of days are those of hours in some languages.
	return once("days ago", (locale) => new Intl.RelativeTimeFormat(locale, { style: "long" })).format(-Math.floor(s / 86_400), "day");
}

/** A length of time: `45 sec`, `10 min`, `2 hr`, `14 days`. */
export function duration(seconds: number): string {
	if (seconds < 120) return unit(seconds, "second");
	if (seconds < 7200) return unit(Math.round(seconds / 60), "minute");
	if (seconds < 172_800) return unit(Math.round(seconds / 3600), "hour");
	return unit(Math.round(seconds / 86_400), "day", "long");
}

/** How long until something, calmly: `3 days`, `2 hr 5 min`, `12 min`, and seconds only in the last minute. */
export function until(ms: number): string {
	const s = Math.max(1, Math.floor(ms / 1000));
	if (s < 60) return unit(s, "second");
	const minutes = Math.floor(s / 60);
	if (minutes < 60) return unit(minutes, "minute");
	if (s >= 172_800) return unit(Math.floor(s / 86_400), "day", "long");
	const hours = unit(Math.floor(minutes / 60), "hour");
	if (minutes % 60 === 0) return hours;
	return once("units", (locale) => new Intl.ListFormat(locale, { type: "unit", style: "narrow" })).format([hours, unit(minutes % 60, "minute")]);
}

/** Whole seconds until `at`, never below 1: a countdown that says 0 looks stuck. */
export function secondsUntil(at: number, now: number): number {
	return Math.max(1, Math.ceil((at - now) / 1000));
}

/** `5 sec`: {@link secondsUntil} in words. */
export function countdown(at: number, now: number): string {
	return unit(secondsUntil(at, now), "second");
}

/** `$5.00`, `¥1,000`. */
export function money({ micros, currency }: Money): string {
	const amount = micros / 1_000_000;
	try {
		return once(`money ${currency}`, (locale) => new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol" })).format(amount);
	} catch {
		// Not a currency that the browser knows how to write.
		return `${amount.toFixed(2)} ${currency}`;
	}
}

/** `812 B`, `1.4 kB`. */
export function size(bytes: number): string {
	return bytes < 1000 ? `${count(bytes)} B` : `${once("kB", (locale) => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })).format(bytes / 1000)} kB`;
}

/** How long something has run: `1:42:07`, `4:09`. */
export function running(ms: number): string {
	const s = Math.max(0, Math.floor(ms / 1000));
	const two = (n: number) => String(n).padStart(2, "0");
	const [hours, minutes, seconds] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
