/** A made-up conversation, for previews that need nobody to be live. It repeats, every time with ids of its own. */

import type { ServerMessage } from "$lib/bindings/ServerMessage";
import { type Line, happens, moderator, next, pays, says, subscriber, text, who } from "./lines";

const TALK: readonly Line[] = [
	says("twitch", who("pixel_mara", { color: "#ff69b4", ...subscriber }), "the shading on the wings is unreal 🔥"),
	says("youtube", who("Ines Valdivia", subscriber), "what colour is the base layer, warm or cold grey?"),
	pays(who("Hana Okabe"), "新しいブラシ、とても綺麗です！", "¥1,000", 7, 4, ["#ffca28", "#ffb300", "#000000"]),
	says("tiktok", who("rafi_gg"), "bang pakai tablet apa?"),
	says("youtube", who("Teodor", moderator), "links to the brush pack are in the description"),
	happens("tiktok", "gift", { user: who("dani.k"), count: 38, gift: { id: "1", name: "Rose", image_url: null, unit_cost: 1 } }),
	says("twitch", who("سارة"), "مرحبا من المغرب"),
	says("twitch", who("ohno_otto", { color: "#1e90ff" }), "hello everyone 💜"),
	happens("twitch", "raid", { user: who("kuro_collab"), count: 214 }),
	says("tiktok", who("โมจิ มาลี"), "สวยมากเลยค่ะ"),
	happens("twitch", "resubscription", { user: who("Marisol", subscriber), months: 14, tier: "1", message: text("fourteen months of dragons 🐉") }),
	says("youtube", who("Nova"), "I have been waiting for this all week"),
	pays(who("Ben Ashdown"), "for the coffee. Thank you for every Friday!", "$50.00", 50, 6, ["#e91e63", "#c2185b", "#ffffff"]),
	says("twitch", who("tinker_bee", { color: "#9acd32" }), "that blue against the orange, chef’s kiss"),
];

/** What there is to show: everything, or only what is more than talk. */
export const SCRIPTS = {
	all: TALK,
	events: [TALK[2], TALK[8], TALK[12], TALK[10], TALK[5]].filter((line) => line !== undefined),
} as const satisfies Record<string, readonly Line[]>;

/** The next frames of a conversation, for ever. */
export function* play(script: readonly Line[]): Generator<ServerMessage, never> {
	for (let at = 0; ; at = (at + 1) % script.length) {
		const line = script[at];
		if (line) yield line(next());
	}
}
