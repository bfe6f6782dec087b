/** Every host that Polychat speaks to, and why: what the settings tell. */

export interface Host {
	readonly name: string;
	readonly why: string;
}

export const HOSTS: readonly { readonly of: string; readonly hosts: readonly Host[] }[] = [
	{
		of: "YouTube",
		hosts: [
			{ name: "www.youtube.com", why: "chat, streams and viewers" },
			{ name: "signaler-pa.youtube.com", why: "tells when a chat has something new" },
		],
	},
	{
		of: "Twitch",
		hosts: [
			{ name: "irc-ws.chat.twitch.tv", why: "chat" },
			{ name: "gql.twitch.tv", why: "names, badges, pictures and viewers" },
			{ name: "hermes.twitch.tv", why: "rewards, polls, pins and raids" },
			{ name: "api.ivr.fi", why: "asked only when Twitch does not answer" },
			{ name: "decapi.me", why: "asked only when neither answers" },
		],
	},
	{
		of: "TikTok",
		hosts: [
			{ name: "www.tiktok.com", why: "which room a channel is in" },
			{ name: "webcast.tiktok.com", why: "the room and who watches" },
			{ name: "webcast-ws.tiktok.com", why: "chat" },
			{ name: "ttwid.bytedance.com", why: "the cookie that TikTok gives to every guest" },
		],
	},
	{
		of: "Emotes",
		hosts: [
			{ name: "7tv.io", why: "emotes of 7TV, and when they change" },
			{ name: "api.betterttv.net", why: "emotes of BTTV" },
			{ name: "api.frankerfacez.com", why: "emotes of FrankerFaceZ" },
		],
	},
];
