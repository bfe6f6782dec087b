/** Every host that Polychat speaks to, and why: what the settings tell. `releases` is that of the page of releases, if it is asked. */

import { t } from "../language/language";

export interface Host {
	readonly name: string;
	readonly why: string;
}

export function hosts(releases: string | null = null): readonly { readonly of: string; readonly hosts: readonly Host[] }[] {
	return [
		{
			of: "YouTube",
			hosts: [
				{ name: "www.youtube.com", why: t("hosts.youtube") },
				{ name: "signaler-pa.youtube.com", why: t("hosts.signaler") },
			],
		},
		{
			of: "Twitch",
			hosts: [
				{ name: "irc-ws.chat.twitch.tv", why: t("hosts.chat") },
				{ name: "gql.twitch.tv", why: t("hosts.gql") },
				{ name: "hermes.twitch.tv", why: t("hosts.hermes") },
				{ name: "api.ivr.fi", why: t("hosts.ivr") },
				{ name: "decapi.me", why: t("hosts.decapi") },
			],
		},
		{
			of: "TikTok",
			hosts: [
				{ name: "www.tiktok.com", why: t("hosts.tiktok") },
				{ name: "webcast.tiktok.com", why: t("hosts.webcast") },
				{ name: "webcast-ws.tiktok.com", why: t("hosts.chat") },
				{ name: "ttwid.bytedance.com", why: t("hosts.ttwid") },
			],
		},
		{
			of: t("hosts.emotes"),
			hosts: [
				{ name: "7tv.io", why: t("hosts.sevenTv") },
				{ name: "api.betterttv.net", why: t("hosts.emotesOf", { name: "BTTV" }) },
				{ name: "api.frankerfacez.com", why: t("hosts.emotesOf", { name: "FrankerFaceZ" }) },
			],
		},
		...(releases === null ? [] : [{ of: "Polychat", hosts: [{ name: releases, why: t("hosts.releases") }] }]),
	];
}
