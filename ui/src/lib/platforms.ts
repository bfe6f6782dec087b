/** What the pages know of the platforms: their names and how they are written in links. */

import type { IdentifierType } from "./bindings/IdentifierType";
import type { Platform } from "./bindings/Platform";

/** In the order in which they are offered. */
export const PLATFORMS: readonly Platform[] = ["twitch", "youtube", "tiktok"];

/** As their owners write them. */
export const PLATFORM_NAMES: Record<Platform, string> = { youtube: "YouTube", twitch: "Twitch", tiktok: "TikTok" };

/** Whether a text names a platform. */
export function isPlatform(text: string): text is Platform {
	return Object.hasOwn(PLATFORM_NAMES, text);
}

/** An id of a broadcast of TikTok, which is nobody's name. */
export const TIKTOK_ROOM = /^[67]\d{18}$/;

/** The platform that a pasted link or id belongs to beyond doubt, or null. */
export function platformOfLink(text: string): Platform | null {
	const typed = text.trim();
	if (TIKTOK_ROOM.test(typed)) return "tiktok";
	const host = /^(?:(?:https?:)?\/\/)?([a-z0-9.-]+)[/?#]/i.exec(`${typed}/`)?.[1]?.toLowerCase();
	if (!host?.includes(".")) return null;
	const is = (name: string) => host === name || host.endsWith(`.${name}`);
	if (is("twitch.tv")) return "twitch";
	if (is("youtube.com") || is("youtu.be")) return "youtube";
	if (is("tiktok.com")) return "tiktok";
	return null;
}

/** The public page of a channel, for a link that a person may follow. */
export function channelPage(platform: Platform, type: IdentifierType, identifier: string): string {
	const name = encodeURIComponent(identifier.replace(/^@/, ""));
	if (platform === "twitch") return `https://www.twitch.tv/${name}`;
	if (platform === "tiktok") return type === "liveId" ? `https://www.tiktok.com/share/live/${name}` : `https://www.tiktok.com/@${name}`;
	if (type === "channelId") return `https://www.youtube.com/channel/${name}`;
	return type === "liveId" ? `https://www.youtube.com/watch?v=${name}` : `https://www.youtube.com/@${name}`;
}

/** The public page of somebody who writes, or null where a platform does not tell enough to find it. */
export function authorPage(platform: Platform, { id, username }: { readonly id: string; readonly username: string }): string | null {
	if (platform === "youtube" && /^UC[\w-]{22}$/.test(id)) return channelPage("youtube", "channelId", id);
	return username && !/\s/.test(username) ? channelPage(platform, "username", username) : null;
}
