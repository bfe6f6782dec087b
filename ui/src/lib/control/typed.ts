/** What a text in the field for channels names. Pure. */

import type { AddChannel } from "../bindings/AddChannel";
import type { Platform } from "../bindings/Platform";
import { kindOf } from "../channels/address";
import { DEMO_CHANNEL } from "../health";
import { t } from "../language/language";
import { PLATFORM_NAMES, PLATFORMS, platformOfLink } from "../platforms";

export type Typed =
	| { readonly is: "nothing" }
	/** One channel beyond doubt: a link or an id. */
	| { readonly is: "channel"; readonly channel: AddChannel }
	/** A name, which may be one on every platform. */
	| { readonly is: "name"; readonly name: string; readonly choices: readonly AddChannel[] }
	/** Something that cannot be a channel, with what helps. */
	| { readonly is: "wrong"; readonly why: string };

/** A channel of YouTube by its id, which nothing else looks like. */
const YOUTUBE_ID = /^UC[\w-]{22}$/;
/** Names of people hold no spaces on any platform; letters of all scripts stand in YouTube's handles. */
const NAME = /^@?[\p{L}\p{N}\p{M}._·-]{1,100}$/u;

/** Reads it. `read` are the platforms that this program reads. */
export function readTyped(text: string, read: readonly Platform[] = PLATFORMS): Typed {
	const typed = text.trim();
	if (!typed) return { is: "nothing" };
	const platform = YOUTUBE_ID.test(typed) ? "youtube" : platformOfLink(typed);
	if (platform) {
		if (!read.includes(platform)) return { is: "wrong", why: t("failure.notRead", { platform: PLATFORM_NAMES[platform] }) };
		return { is: "channel", channel: channelOf(platform, typed) };
	}
	if (/^https?:\/\//i.test(typed) || /^[\w-]+(\.[\w-]+)+\//.test(typed)) return { is: "wrong", why: t("rail.foreignLink") };
	if (!NAME.test(typed)) return { is: "wrong", why: t("rail.noName") };
	const choices = PLATFORMS.filter((p) => read.includes(p) && fits(p, typed)).map((p) => channelOf(p, typed));
	if (choices.length === 0) return { is: "wrong", why: t("rail.noSuchName") };
	return { is: "name", name: typed, choices };
}

function channelOf(platform: Platform, identifier: string): AddChannel {
	return { platform, identifier, identifierType: kindOf(platform, identifier) };
}

/** Whether a platform may have such a name. The server knows it exactly; this spares questions that have no sense. */
function fits(platform: Platform, typed: string): boolean {
	const name = typed.replace(/^@/, "");
	// The demo has one name everywhere, which people could not have.
	if (name === DEMO_CHANNEL) return true;
	switch (platform) {
		case "twitch":
			return /^\w{1,25}$/.test(name);
		case "tiktok":
			return /^[\w.]{2,24}$/.test(name);
		case "youtube":
			return name.length >= 3;
	}
}
