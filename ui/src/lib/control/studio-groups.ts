/** The buttons of the test studio, in their order. */

import type { EventName } from "../bindings/EventName";
import type { Sample } from "../bindings/Sample";
import type { SampleMessage } from "../bindings/SampleMessage";

export type Group = "talk" | "money" | "members" | "happenings" | "quiet";

const said = (...names: readonly SampleMessage[]): Sample[] => names.map((of) => ({ kind: "said", of }));
const events = (...names: readonly EventName[]): Sample[] => names.map((of) => ({ kind: "event", of }));

export const GROUPS: readonly { readonly id: Group; readonly samples: readonly Sample[] }[] = [
	{ id: "talk", samples: said("short", "long", "emotes", "emoji", "link", "reply", "first", "subscriber", "moderator", "broadcaster", "highlighted", "long_name", "right_to_left", "ideographs") },
	{ id: "money", samples: [...said("super_chat_small", "super_chat", "super_chat_large", "super_sticker", "cheer"), ...events("gift", "bits", "charity", "treasure_box")] },
	{ id: "members", samples: events("subscription", "resubscription", "gift_subscription", "membership", "milestone", "subscription_upgrade", "pay_forward", "watch_streak") },
	{ id: "happenings", samples: events("raid", "announcement", "question", "reward", "poll", "prediction", "pin", "unpin", "goal", "hype_train", "battle") },
	{ id: "quiet", samples: events("follow", "like", "share", "join", "caption", "mode", "notice", "raid_out", "raid_cancelled", "stream_online", "stream_offline", "stream_update") },
];
