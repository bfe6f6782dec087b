import { expect, test } from "vitest";
import { NOON, author, chatFrame, eventFrame, moderationFrame } from "../feed/testing";
import { isTakenAway, present, told } from "./removal";

const said = (name: string, more: Parameters<typeof chatFrame>[2] = {}) => present({ kind: "chat", frame: chatFrame(name, "hi", { message_id: "m", event_id: "e", ...more }) });

test("a message goes by its id or by its event's id, on its platform only", () => {
	expect(isTakenAway(said("ana"), moderationFrame({ action: "delete_message", message_id: "m" }))).toBe(true);
	expect(isTakenAway(said("ana"), moderationFrame({ action: "delete_message", message_id: "e" }))).toBe(true);
	expect(isTakenAway(said("ana"), moderationFrame({ action: "delete_message", message_id: "n" }))).toBe(false);
	expect(isTakenAway(said("ana"), moderationFrame({ action: "delete_message", message_id: "m" }, { platform: "youtube" }))).toBe(false);
	expect(isTakenAway(said("ana"), moderationFrame({ action: "delete_message" }))).toBe(false);
});

test("everything of a user goes, also events, in that channel only", () => {
	const ban = moderationFrame({ action: "delete_user", user_id: "id-ana" });
	expect(isTakenAway(said("ana"), ban)).toBe(true);
	expect(isTakenAway(said("bo"), ban)).toBe(false);
	expect(isTakenAway(said("ana", { identifier: "other" }), ban)).toBe(false);
	expect(isTakenAway(present({ kind: "event", frame: eventFrame({ event: "raid", user: author("ana") }) }), ban)).toBe(true);
	expect(isTakenAway(present({ kind: "event", frame: eventFrame({ event: "poll" }) }), moderationFrame({ action: "delete_user" }))).toBe(false);
});

test("a pin goes with the message that is pinned", () => {
	const pin = present({ kind: "event", frame: eventFrame({ event: "pin", pin: { id: "1", message_id: "m", text: "x", ends_at: null } }) });
	expect(isTakenAway(pin, moderationFrame({ action: "delete_message", message_id: "m" }))).toBe(true);
});

test("what is told once more does not take away what was written since", () => {
	const at = (ms: number) => ({ timestamp: new Date(NOON + ms).toISOString() });
	const clear = moderationFrame({ action: "clear" }, { history: true, ...at(0) });
	expect(isTakenAway(said("ana", at(1_000)), clear)).toBe(false);
	expect(isTakenAway(said("ana", at(-1_000)), clear)).toBe(true);
});

test("a message of a shared chat goes when one of its channels deletes it, and stays when one of them is emptied", () => {
	const both = () => {
		const one = said("ana");
		told(one, { kind: "chat", frame: chatFrame("ana", "hi", { identifier: "nova", message_id: "copy", event_id: "e" }) });
		return one;
	};
	expect(isTakenAway(both(), moderationFrame({ action: "delete_message", message_id: "copy" }, { identifier: "nova" }))).toBe(true);
	const one = both();
	expect(isTakenAway(one, moderationFrame({ action: "clear" }, { identifier: "nova" }))).toBe(false);
	expect(isTakenAway(one, moderationFrame({ action: "clear" }))).toBe(true);
});
