import { expect, test } from "vitest";
import type { Feature } from "../bindings/Feature";
import { entryOf, takenAway } from "../feed/entry";
import { NOON, author, chatFrame, eventFrame } from "../feed/testing";
import { featureByClick, featureByKey } from "./feature";

const chat = entryOf({ kind: "chat", frame: chatFrame("ana", "hi") }, NOON);
const key = (key: string) => ({ key });

function pressed(entry: typeof chat, name: string) {
	const done: Feature[] = [];
	return { is: featureByKey(entry, key(name), (what) => done.push(what)), done: done[0] };
}

test("F shows, Q lets wait, P pins, and nothing else does anything", () => {
	expect(pressed(chat, "f").done).toMatchObject({ do: "show", message: { type: "chat", event_id: chat.frame.event_id } });
	expect(pressed(chat, "F").done).not.toHaveProperty("pinned");
	expect(pressed(chat, "q").done).toMatchObject({ do: "queue" });
	expect(pressed(chat, "p").done).toMatchObject({ do: "show", pinned: true });
	expect(pressed(chat, "z")).toEqual({ is: false, done: undefined });
});

test("what was taken away, and what is one quiet line, cannot be featured; a raid can", () => {
	const gone = takenAway(chat, "twitch/luna", "message");
	expect(pressed(gone, "f").is).toBe(false);
	expect(pressed(entryOf({ kind: "event", frame: eventFrame({ event: "like", text: "ana likes" }) }, NOON), "f").is).toBe(false);
	expect(pressed(entryOf({ kind: "event", frame: eventFrame({ event: "raid", user: author("bo"), count: 5 }) }, NOON), "f").done).toMatchObject({ message: { type: "event" } });
	expect(featureByKey(chat, key("f"), null), "a page that may only look").toBe(false);
});

test("a click with Ctrl lets wait, with Alt it pins", () => {
	const done: Feature[] = [];
	featureByClick(chat, { altKey: false }, (what) => done.push(what));
	featureByClick(chat, { altKey: true }, (what) => done.push(what));
	expect(done).toMatchObject([{ do: "queue" }, { do: "show", pinned: true }]);
});
