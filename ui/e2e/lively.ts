/** A lively minute of three platforms, with pictures of our own, for tests that look at the overlay. */

import type { Page } from "@playwright/test";
import type { Platform } from "../src/lib/bindings/Platform";
import type { ServerMessage } from "../src/lib/bindings/ServerMessage";
import { author, badge, chat, content, emote, event, paidColors, type Where } from "./frames";
import type { ScriptedSocket } from "./scripted-server";

const EMOTE = (a: string, b: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><defs><radialGradient id="g" cx=".35" cy=".3" r=".9"><stop stop-color="${a}"/><stop offset="1" stop-color="${b}"/></radialGradient></defs><circle cx="14" cy="14" r="13" fill="url(#g)"/><circle cx="9.500" cy="12" r="1.800"/><circle cx="18.500" cy="12" r="1.800"/><path d="M8 17q6 6 12 0" fill="none" stroke="#000" stroke-width="1.800" stroke-linecap="round"/></svg>`;
const FACE = (h: number) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="hsl(${h} 55% 62%)"/><circle cx="32" cy="26" r="13" fill="hsl(${(h + 200) % 360} 60% 88%)"/><path d="M6 70q4-28 26-28t26 28Z" fill="hsl(${(h + 40) % 360} 45% 40%)"/></svg>`;
const BADGE = (c: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 18 18"><rect width="18" height="18" rx="4" fill="${c}"/><path d="m9 3 1.800 3.900 4.200.5-3.100 2.900.8 4.200L9 12.400l-3.700 2.100.8-4.200L3 7.400l4.200-.5Z" fill="#fff"/></svg>`;

/** Answers for every picture of these frames. */
export async function pictures(page: Page): Promise<void> {
	await page.route(/^https:\/\/img\.example\//, (route) => {
		const [, kind, what = ""] = new URL(route.request().url()).pathname.split("/");
		const body = kind === "face" ? FACE(Number(what)) : kind === "badge" ? BADGE(`#${what}`) : EMOTE(what === "2" ? "#b6f09c" : "#ffe27a", what === "2" ? "#2f9e5b" : "#f6a821");
		return route.fulfill({ contentType: "image/svg+xml", body });
	});
}

export const yt = { platform: "youtube", identifier: "luna" } as const satisfies Where;
export const tt = { platform: "tiktok", identifier: "luna" } as const satisfies Where;
export const face = (h: number) => ({ avatar_url: `https://img.example/face/${h}` });
export const smile = emote("smile", "https://img.example/emote/1");
export const leaf = emote("leaf", "https://img.example/emote/2");
const sub = badge("subscriber", "Subscriber", "https://img.example/badge/7b4dd6");
export const moderator = { roles: { broadcaster: false, moderator: true, subscriber: false, verified: false }, badges: [badge("moderator", "Moderator")] };
export const member = { roles: { broadcaster: false, moderator: false, subscriber: true, verified: false }, badges: [badge("subscriber", "Member (6 months)")] };
export const money = (formatted: string, tier: number) => ({
	type: "super_chat" as const,
	monetary_data: { amount: formatted, formatted, color: "#ffca28", money: { micros: 5_000_000, currency: "USD" }, bits: null, tier, colors: paidColors(tier) },
});

/** A lively minute of three platforms. `names` are the channels, by platform. */
export function lively(socket: ScriptedSocket, names: Partial<Record<Platform, string>> = {}): void {
	const frames: ServerMessage[] = [
		chat(author("pixel_mara", { color: "#ff69b4", badges: [sub] }), content("the shading on the wings is unreal ", smile)),
		chat(author("โมจิ มาลี", { ...face(20) }), "สวยมากเลยค่ะ วาดสดด้วยเหรอ", {}, tt),
		chat(author("Hana Okabe", { ...face(330) }), "新しいブラシ、とても綺麗です！次の配信も楽しみ", { metadata: money("¥1,000", 4) }, yt),
		chat(author("Teodor", { ...moderator, ...face(210) }), "links to the brush pack are in the description", {}, yt),
		event("gift", { user: author("dani.k", face(90)), count: 38, gift: { id: "1", name: "Rose", image_url: "https://img.example/emote/1", unit_cost: 1 }, combo: { id: "c", count: 38, state: "running" } }, tt),
		chat(author("rafi_gg", { badges: [badge("custom", "Gifter level 12"), badge("custom", "Fan club level 3")] }), "bang pakai tablet apa?", {}, tt),
		chat(author("Ines Valdivia", { ...member, ...face(150) }), "what colour is the base layer, warm or cold grey?", {}, yt),
		event("raid", { user: author("kuro_collab"), other: { id: "k", username: "kuro_collab", display_name: "kuro_collab", avatar_url: null }, count: 214 }),
		chat(author("ohno_otto", { color: "#0000ff", badges: [badge("custom", "VIP", "https://img.example/badge/e0245e")] }), content("RAID! hello everyone ", smile, leaf)),
		event("resubscription", { user: author("Marisol", { badges: [sub] }), months: 14, tier: "1", streak_months: 14, message: content("fourteen months of dragons ", leaf) }),
		chat(author("سارة"), "مرحبا من المغرب"),
	];
	for (const frame of frames) {
		const name = "platform" in frame && frame.platform ? names[frame.platform as Platform] : undefined;
		socket.send(name ? ({ ...frame, identifier: name } as ServerMessage) : frame);
	}
}
