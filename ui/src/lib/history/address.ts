/** What a person looks for, and how the page's address says it. Pure. */

import type { HistoryChannel } from "../bindings/HistoryChannel";
import type { HistoryKind } from "../bindings/HistoryKind";
import type { HistoryQuery } from "../bindings/HistoryQuery";
import type { IdentifierType } from "../bindings/IdentifierType";
import type { Platform } from "../bindings/Platform";
import { isPlatform } from "../platforms";

export const KINDS: readonly HistoryKind[] = ["chat", "paid", "event"];
/** Spans of time that are offered; `own` is from a time that is chosen to another one. */
export const TIMES = ["any", "hour", "day", "week", "own"] as const;
export type Time = (typeof TIMES)[number];

export interface Asked {
	readonly text: string;
	/** That of `channel` and `user`, if there are any. */
	readonly platform: Platform | null;
	readonly channel: HistoryChannel | null;
	readonly user: { readonly platform: Platform; readonly id: string; readonly name: string } | null;
	readonly kind: HistoryKind | null;
	readonly time: Time;
	/** Of `own`, in Unix milliseconds. */
	readonly from: number | null;
	readonly to: number | null;
}

/** Everything. */
export const ANYTHING: Asked = { text: "", platform: null, channel: null, user: null, kind: null, time: "any", from: null, to: null };

/** What may be asked of the server besides the page. */
export type Wanted = Omit<HistoryQuery, "before" | "after" | "limit">;

/** As the server bounds it. */
const MAX_TEXT = 200;
const MAX_NAME = 256;
const HOUR_MS = 3_600_000;
const TYPES: readonly IdentifierType[] = ["username", "channelId", "liveId"];

/** After one thing was changed: what belongs to another platform than it is taken back. */
export function changed(asked: Asked, change: Partial<Asked>): Asked {
	const next = { ...asked, ...change };
	const platform = change.user?.platform ?? change.channel?.platform ?? next.platform;
	return {
		...next,
		platform,
		channel: next.channel?.platform === platform ? next.channel : null,
		user: next.user?.platform === platform ? next.user : null,
	};
}

/** What the server is asked. */
export function wantedOf(asked: Asked, now: number): Wanted {
	const { text, platform, channel, user, kind } = asked;
	const [from, to] = span(asked, now);
	return {
		...(text.trim() ? { text: Array.from(text.trim()).slice(0, MAX_TEXT).join("") } : {}),
		...(platform ? { platform } : {}),
		...(channel ? { channel: channel.identifier, identifierType: channel.identifierType } : {}),
		...(user ? { user: user.id } : {}),
		...(kind ? { kind } : {}),
		...(from === null ? {} : { from }),
		...(to === null ? {} : { to }),
	};
}

function span({ time, from, to }: Asked, now: number): [from: number | null, to: number | null] {
	switch (time) {
		case "hour":
			return [now - HOUR_MS, null];
		case "day":
			return [new Date(now).setHours(0, 0, 0, 0), null];
		case "week":
			return [now - 7 * 24 * HOUR_MS, null];
		case "own":
			return [from, to];
		default:
			return [null, null];
	}
}

/** The part of an address after the path, or "". */
export function writeAsked({ text, platform, channel, user, kind, time, from, to }: Asked): string {
	const params = new URLSearchParams();
	const put = (name: string, value: string | number | null | undefined) => {
		if (value !== null && value !== undefined && value !== "") params.set(name, String(value));
	};
	put("q", text.trim());
	put("platform", platform);
	put("channel", channel?.identifier);
	put("type", channel && channel.identifierType !== "username" ? channel.identifierType : null);
	put("user", user?.id);
	put("name", user?.name);
	put("kind", kind);
	put("time", time === "any" ? null : time);
	if (time === "own") {
		put("from", from);
		put("to", to);
	}
	const written = params.toString();
	return written ? `?${written}` : "";
}

/** What an address says. What it says wrongly is left out: anybody can write one. */
export function readAsked(search: string): Asked {
	const params = new URLSearchParams(search);
	const said = (name: string, most = MAX_NAME) => Array.from(params.get(name) ?? "").slice(0, most).join("");
	const one = <T extends string>(name: string, known: readonly T[]) => known.find((k) => k === params.get(name)) ?? null;
	const number = (name: string) => {
		const value = params.get(name);
		return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null;
	};
	const platform = isPlatform(said("platform")) ? (said("platform") as Platform) : null;
	const [channel, user] = [said("channel"), said("user")];
	const time = one("time", TIMES) ?? "any";
	return {
		text: said("q", MAX_TEXT),
		platform,
		channel: platform && channel ? { platform, identifier: channel, identifierType: one("type", TYPES) ?? "username" } : null,
		user: platform && user ? { platform, id: user, name: said("name") || user } : null,
		kind: one("kind", KINDS),
		time,
		from: time === "own" ? number("from") : null,
		to: time === "own" ? number("to") : null,
	};
}

/** A time as a field for date and time has it: local, without its zone. */
export function toField(ms: number | null): string {
	if (ms === null || !Number.isFinite(ms)) return "";
	const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
	return Number.isNaN(local.getTime()) ? "" : local.toISOString().slice(0, 19);
}

/** And back; null if it is empty or none. */
export function fromField(value: string): number | null {
	const ms = new Date(value).getTime();
	return Number.isNaN(ms) || ms < 0 ? null : ms;
}
