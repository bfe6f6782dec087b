/** Numbers, times and money for people. */

import type { Money } from "./bindings/Money";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const exactClock = new Intl.DateTimeFormat(undefined, {
	hour: "2-digit",
	minute: "2-digit",
	second: "2-digit",
	fractionalSecondDigits: 3,
	hourCycle: "h23",
});
const soon = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** `1,204`. */
export function count(n: number): string {
	return whole.format(n);
}

/** `1 month`, `14 months`. */
export function counted(n: number, one: string, many = `${one}s`): string {
	return `${count(n)} ${n === 1 ? one : many}`;
}

/** `20:14` in local time. */
export function timeOf(ms: number): string {
	return clock.format(ms);
}

/** `20:14:05.123` in local time. */
export function exactTimeOf(ms: number): string {
	return exactClock.format(ms);
}

/** `24 Nov 2026, 20:14:05` in local time. */
export function dateOf(ms: number): string {
	return day.format(ms);
}

/** `24 Nov, 20:14` in local time: when something is to begin. */
export function whenOf(ms: number): string {
	return soon.format(ms);
}

/** How long ago: `now`, `8 s ago`, `3 min ago`, `2 h ago`, `4 days ago`. */
export function ago(ms: number): string {
	const s = Math.max(0, Math.floor(ms / 1000));
	if (s < 2) return "now";
	if (s < 60) return `${s} s ago`;
	if (s < 3600) return `${Math.floor(s / 60)} min ago`;
	return s < 172_800 ? `${Math.floor(s / 3600)} h ago` : `${count(Math.floor(s / 86_400))} days ago`;
}

/** A length of time: `45 s`, `10 min`, `2 h`, `14 days`. */
export function duration(seconds: number): string {
	if (seconds < 120) return `${count(seconds)} s`;
	if (seconds < 7200) return `${count(Math.round(seconds / 60))} min`;
	if (seconds < 172_800) return `${count(Math.round(seconds / 3600))} h`;
	return counted(Math.round(seconds / 86_400), "day");
}

/** How long until something, calmly: `3 days`, `2 h 5 min`, `12 min`, and seconds only in the last minute. */
export function until(ms: number): string {
	const s = Math.max(1, Math.floor(ms / 1000));
	if (s < 60) return `${s} s`;
	const minutes = Math.floor(s / 60);
	if (minutes < 60) return `${minutes} min`;
	if (s >= 172_800) return counted(Math.floor(s / 86_400), "day");
	return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Whole seconds until `at`, never below 1: a countdown that says 0 looks stuck. */
export function secondsUntil(at: number, now: number): number {
	return Math.max(1, Math.ceil((at - now) / 1000));
}

/** `$5.00`, `¥1,000`. */
export function money({ micros, currency }: Money): string {
	const amount = micros / 1_000_000;
	try {
		return new Intl.NumberFormat("en-US", { style: "currency", currency, currencyDisplay: "narrowSymbol" }).format(amount);
	} catch {
		// Not a currency that the browser knows how to write.
		return `${amount.toFixed(2)} ${currency}`;
	}
}

/** `812 B`, `1.4 kB`. */
export function size(bytes: number): string {
	return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

/** How long something has run: `1:42:07`, `4:09`. */
export function running(ms: number): string {
	const s = Math.max(0, Math.floor(ms / 1000));
	const two = (n: number) => String(n).padStart(2, "0");
	const [hours, minutes, seconds] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
