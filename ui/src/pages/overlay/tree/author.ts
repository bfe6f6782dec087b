/** Who: avatar, name and badges. */

import { glyphOf, isOwner, levelOf } from "$lib/badges";
import type { Author } from "$lib/bindings/Author";
import type { Badge } from "$lib/bindings/Badge";
import type { Platform } from "$lib/bindings/Platform";
import { nameOf } from "$lib/feed/describe";
import { authorType } from "$lib/overlay/names";
import { type Settings, hasAvatars } from "$lib/overlay/settings";
import { letterOf, make, picture, set } from "./make";

const BADGE = "yt-live-chat-author-badge-renderer";
const CHIP = "yt-live-chat-author-chip";
/** More than any platform shows. */
const MAX_BADGES = 8;

/** The avatar. Without one it holds a letter, or only the platform's mark where the platform's chat has no avatars. */
export function photo(renderer: string, author: Author | null, platform: Platform, settings: Settings): HTMLElement {
	const shadow = make("yt-img-shadow", renderer, "author-photo");
	if (!author || !hasAvatars(settings, platform)) return set(shadow, { "data-no-avatar": "" });
	shadow.dataset.letter = letterOf(nameOf(author));
	const image = picture(author.avatar_url, "", (broken) => broken.remove());
	if (image) {
		image.id = "img";
		image.className = "style-scope yt-img-shadow";
		image.width = image.height = 24;
		shadow.append(image);
	}
	return shadow;
}

/** Name and badges. */
export function chip(renderer: string, author: Author, settings: Settings): HTMLElement {
	const name = make("span", CHIP, "author-name", nameOf(author), make("span", CHIP, "chip-badges"));
	const badges = make("span", CHIP, "chat-badges");
	if (settings.badges) badges.append(...author.badges.slice(0, MAX_BADGES).map(badge));
	return make(CHIP, renderer, null,
		set(name, { type: authorType(author), dir: "auto" }),
		make("span", CHIP, "author-badges", badges),
	);
}

function badge(badge: Badge): HTMLElement {
	const holder = make("div", BADGE, "image");
	const icon = () => set(make("yt-icon", BADGE, null), { "data-letter": glyphOf(badge) });
	const image = picture(badge.image_url, badge.label, (broken) => broken.replaceWith(icon()));
	if (image) image.className = `style-scope ${BADGE}`;
	holder.append(image ?? icon());
	return set(make(BADGE, CHIP, null, holder), { type: badgeType(badge), "data-level": levelOf(badge) || null, "shared-tooltip-text": badge.label, "aria-label": badge.label });
}

function badgeType(badge: Badge): string {
	if (isOwner(badge)) return "owner";
	return badge.type === "subscriber" ? "member" : badge.type;
}
