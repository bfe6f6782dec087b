/**
 * One made-up thing of every kind, for the test studio and for overlays that a person wants to see something on. What changes as
 * it goes on (a streak of gifts, a vote) goes on each time that it is asked for.
 */

import type { ChatData } from "$lib/bindings/ChatData";
import type { EventName } from "$lib/bindings/EventName";
import type { Platform } from "$lib/bindings/Platform";
import type { Sample } from "$lib/bindings/Sample";
import type { SampleMessage } from "$lib/bindings/SampleMessage";
import type { ServerMessage } from "$lib/bindings/ServerMessage";
import { PLATFORMS } from "$lib/platforms";
import { SCRIPTS, play } from "./conversation";
import { type Line, broadcaster, content, happens, idOf, moderator, next, pays, place, says, subscriber, text, who } from "./lines";

/** Steps that something takes which goes on: then it is over, and the next one begins. */
const STEPS = 4;

/** Where something stands that goes on. */
interface Step {
	/** From 1. */
	readonly at: number;
	readonly over: boolean;
	/** The same for all steps. */
	readonly id: string;
}

const mara = who("pixel_mara", { color: "#ff69b4" });
const otto = who("ohno_otto", { color: "#1e90ff" });
const ines = who("Ines Valdivia");
const hana = who("Hana Okabe");
const dani = who("dani.k");
const rafi = who("rafi_gg");
const person = (name: string) => ({ id: name, username: name.toLowerCase(), display_name: name, avatar_url: null });

const emote = (value: string, number: string) => ({ type: "emote" as const, value, position: [0, 0] as [number, number], metadata: { url: `https://static-cdn.jtvnw.net/emoticons/v2/${number}/default/dark/2.0`, alt: value, is_custom: false } });
const bits = (count: number): ChatData["metadata"] => ({ type: "super_chat", monetary_data: { amount: `${count} bits`, formatted: `${count} bits`, color: "#9c3ee8", money: null, bits: count } });

const MESSAGES: Record<SampleMessage, Line> = {
	short: says("twitch", mara, "that blue against the orange, chef’s kiss"),
	long: says("youtube", ines, "I have followed these paintings since the very first stream two years ago, and what I love most is that you never hide the ugly phase: everybody else cuts it out, and here one sees that it is a part of the way. Also: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft."),
	emotes: says("twitch", otto, content("what a finish ", emote("PogChamp", "305954156"), " ", emote("HeyGuys", "30259"), " ", emote("Kappa", "25"))),
	emoji: says("tiktok", rafi, "🔥🔥🐉"),
	link: says("youtube", ines, content({ type: "mention", value: "@lumen", position: [0, 0], metadata: { username: "lumen" } }, " the brushes are at ", { type: "link", value: "example.com/brushes", position: [0, 0], metadata: { url: "https://example.com/brushes" } })),
	reply: says("twitch", otto, "a cold one, look at the shadows", { reply: { message_id: "1", thread_id: "1", user: person("pixel_mara"), text: "is the grey under it warm or cold?" } }),
	first: says("twitch", who("first_timer_fia"), "hello everyone, I am new here", { first_message: true }),
	subscriber: says("youtube", who("Nova", subscriber), "I have been waiting for this all week"),
	moderator: says("twitch", who("Teodor", { color: "#9acd32", ...moderator }), "links to the brush pack are in the description"),
	broadcaster: says("twitch", who("Lumen", { color: "#ffb000", ...broadcaster }), "five more minutes, then we vote for the next one"),
	long_name: says("youtube", who("The Extraordinarily Patient Watercolour Society of Lower Saxony"), "we are all here"),
	highlighted: says("twitch", mara, "please show the palette once more", { highlight: { kind: "highlighted", detail: null } as unknown as ChatData["highlight"] }),
	right_to_left: says("twitch", who("سارة"), "مرحبا من المغرب، الألوان رائعة اليوم!"),
	ideographs: says("youtube", hana, "新しいブラシ、とても綺麗です！明天也会直播吗？"),
	cheer: says("twitch", otto, "for the dragon", { metadata: bits(500) }),
	super_chat_small: pays(ines, "thank you!", "€2.00", 2, 2, ["#00e5ff", "#00b8d4", "#000000"]),
	super_chat: pays(hana, "新しいブラシ、とても綺麗です！", "¥3,000", 20, 5, ["#f57c00", "#e65100", "#ffffff"]),
	super_chat_large: pays(who("Ben Ashdown"), "For every Friday of the last two years. Never stop painting dragons!", "$500.00", 500, 7, ["#e62117", "#d00000", "#ffffff"]),
	super_sticker: pays(ines, "", "€5.00", 5, 3, ["#1de9b6", "#00bfa5", "#000000"], { url: "https://fonts.gstatic.com/s/e/notoemoji/15.1/1f942/72.png", alt: "Two brushes clink like glasses" }),
};

const votes = (step: Step, titles: readonly string[], status: string) => ({
	id: step.id,
	title: "What shall I paint next?",
	status: step.over ? "completed" : status,
	choices: titles.map((title, n) => ({ id: `${n}`, title, votes: step.at * [62, 38, 17][n % 3]!, points: null })),
	remaining_ms: step.over ? 0 : (STEPS - step.at) * 15_000,
	winner: step.over ? (titles[0] ?? null) : null,
});

const EVENTS: Record<EventName, (step: Step) => Line> = {
	subscription: () => happens("twitch", "subscription", { user: mara, tier: "1" }),
	resubscription: () => happens("twitch", "resubscription", { user: who("Marisol", subscriber), months: 14, tier: "1", message: text("fourteen months of dragons 🐉") }),
	subscription_upgrade: () => happens("twitch", "subscription_upgrade", { user: otto, tier: "1", other: person("pixel_mara") }),
	gift_subscription: () => happens("twitch", "gift_subscription", { user: mara, count: 5, tier: "1", recipients: ["tinker_bee", "ohno_otto", "kuro_collab", "Nova", "Teodor"].map(person) }),
	pay_forward: () => happens("twitch", "pay_forward", { user: otto, recipients: [person("tinker_bee")] }),
	membership: () => happens("youtube", "membership", { user: ines, tier: "Apprentice" }),
	milestone: () => happens("youtube", "milestone", { user: who("Nova", subscriber), months: 12, tier: "Apprentice", message: text("a whole year already") }),
	gift: ({ at, over, id }) => happens("tiktok", "gift", { user: dani, count: at * 12, gift: { id: "1", name: "Rose", image_url: null, unit_cost: 1 }, combo: { id, count: at * 12, state: over ? "final" : "running" } }, id),
	bits: () => happens("twitch", "bits", { user: otto, count: 250 }),
	charity: ({ at, id }) => happens("twitch", "charity", { user: mara, amount: { micros: 25_000_000, currency: "USD" }, goal: { kind: "charity", description: "Doctors Without Borders", current: at * 240, target: 1_000 } }, id),
	raid: () => happens("twitch", "raid", { user: who("kuro_collab"), count: 214 }),
	raid_out: () => happens("twitch", "raid_out", { count: 214, other: person("kuro_collab") }),
	raid_cancelled: () => happens("twitch", "raid_cancelled", { text: "The raid does not happen." }),
	follow: () => happens("tiktok", "follow", { user: rafi }),
	like: () => happens("tiktok", "like", { user: dani, count: 25 }),
	share: () => happens("tiktok", "share", { user: rafi }),
	join: () => happens("tiktok", "join", { user: dani }),
	watch_streak: () => happens("twitch", "watch_streak", { user: mara, count: 15 }),
	reward: () => happens("twitch", "reward", { user: otto, reward: { id: "1", title: "Choose the next colour", cost: 1_200, image_url: null } }),
	announcement: () => happens("twitch", "announcement", { user: who("Teodor", moderator), color: "PURPLE", message: text("The next stream is on Friday at eight.") }),
	question: () => happens("tiktok", "question", { user: rafi, text: "bang pakai tablet apa?", message: text("bang pakai tablet apa?") }),
	poll: (step) => happens("twitch", "poll", { poll: votes(step, ["A dragon", "A lighthouse", "Another dragon"], "active") }, step.id),
	prediction: (step) => happens("twitch", "prediction", { poll: { ...votes(step, ["Done before ten", "Not a chance"], "active"), title: "Is it finished today?" } }, step.id),
	pin: () => (n) => happens("youtube", "pin", { user: ines, other: person("Teodor"), pin: { id: idOf(n), message_id: idOf(n), text: "The brush pack is in the description.", ends_at: null } })(n),
	unpin: () => happens("youtube", "unpin"),
	goal: ({ at, id }) => happens("twitch", "goal", { goal: { kind: "follower", description: "A thousand followers", current: 700 + at * 75, target: 1_000 } }, id),
	hype_train: ({ at, id }) => happens("twitch", "hype_train", { count: at, goal: { kind: "hype_train", description: "", current: at * 230, target: 1_000 } }, id),
	battle: ({ at, over, id }) => happens("tiktok", "battle", { other: person("mochi.draws"), poll: { id, title: "", status: over ? "completed" : "running", choices: [{ id: "a", title: "you", votes: at * 340, points: null }, { id: "b", title: "mochi.draws", votes: at * 290, points: null }], remaining_ms: over ? 0 : 60_000, winner: over ? "you" : null } }, id),
	treasure_box: () => happens("tiktok", "treasure_box", { user: dani, text: "dani.k opens a treasure box", count: 500 }),
	caption: ({ id }) => happens("tiktok", "caption", { text: "and now a little bit of blue", message: text("and now a little bit of blue") }, id),
	mode: () => happens("twitch", "mode", { text: "Slow mode: one message in 30 seconds." }),
	stream_online: () => happens("twitch", "stream_online", { text: "The stream is live." }),
	stream_offline: () => happens("twitch", "stream_offline", { text: "The stream is over." }),
	stream_update: () => happens("twitch", "stream_update", { text: "Painting dragons, part 12 · Art" }),
	notice: () => happens("youtube", "notice", { text: "Lumen has opened questions and answers." }),
};

/** Everything that can be asked for. */
export const MESSAGE_NAMES = Object.keys(MESSAGES) as SampleMessage[];
export const EVENT_NAMES = Object.keys(EVENTS) as EventName[];

/** Messages that a deletion may find: older ones are gone from any page. */
const REMEMBERED = 200;

/** Makes things up for one page. */
export class Samples {
	readonly #talk = play(SCRIPTS.all);
	readonly #steps = new Map<EventName, { at: number; id: string }>();
	readonly #said: { platform: Platform; id: string }[] = [];

	/** What a page is told of this sample. */
	frames(sample: Sample): ServerMessage[] {
		switch (sample.kind) {
			case "next":
				return [this.#remember(this.#talk.next().value)];
			case "said":
				return [this.#remember(MESSAGES[sample.of](next()))];
			case "event":
				return [this.#event(sample.of)];
			case "deletion": {
				const last = this.#said.pop();
				return last ? [takesAway("delete_message", last.platform, last.id)] : [];
			}
			case "over":
				this.#said.length = 0;
				this.#steps.clear();
				return PLATFORMS.map((platform) => takesAway("clear", platform, null));
		}
	}

	#event(name: EventName): ServerMessage {
		const n = next();
		const before = this.#steps.get(name) ?? { at: 0, id: idOf(n) };
		const step = { at: before.at + 1, id: before.id, over: before.at + 1 >= STEPS };
		if (step.over) this.#steps.delete(name);
		else this.#steps.set(name, step);
		return EVENTS[name](step)(n);
	}

	#remember(frame: ServerMessage): ServerMessage {
		if (frame.type === "chat") {
			this.#said.push({ platform: frame.platform, id: frame.message_id });
			if (this.#said.length > REMEMBERED) this.#said.shift();
		}
		return frame;
	}
}

function takesAway(action: "delete_message" | "clear", platform: Platform, message_id: string | null): ServerMessage {
	return { type: "moderation", ...place(platform, next()), data: { action, message_id, user_id: null, username: null, duration_seconds: null } };
}
