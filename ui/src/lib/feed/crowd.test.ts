import { beforeEach, expect, it } from "vitest";
import type { EventData } from "../bindings/EventData";
import type { EventFrame } from "../bindings/EventFrame";
import { Feed } from "./feed.svelte";
import { NOON, author, chatFrame, eventFrame, moderationFrame } from "./testing";

let feed: Feed;
beforeEach(() => {
	feed = new Feed(50, () => undefined, () => NOON + 600_000);
});

const happen = (data: Partial<EventData>, ms = 0, more: Partial<EventFrame> = {}) =>
	feed.accept({ kind: "event", frame: eventFrame(data, { timestamp: new Date(NOON + ms).toISOString(), ...more }) });
const say = (text: string, ms = 0) => feed.accept({ kind: "chat", frame: chatFrame("a", text, { timestamp: new Date(NOON + ms).toISOString() }) });

function shown(): string[] {
	feed.flush();
	return feed.entries.map((e) => (e.kind === "crowd" ? `* ${e.text.replace(/[\u2068\u2069]/g, "")}` : e.kind === "chat" ? e.frame.data.content.raw : e.kind));
}

it("many who join share one line, which names the first of them and stays where it is", () => {
	for (const [i, name] of ["Ana", "Bo", "Cy"].entries()) happen({ event: "join", user: author(name) }, i);
	say("hi", 10);
	expect(shown()).toEqual(["* Ana, Bo, and Cy joined", "hi"]);
	for (let i = 0; i < 20; i++) happen({ event: "join", user: author(`v${i}`) }, 100 + i);
	expect(shown()).toEqual(["* Ana, Bo, Cy, and 20 others joined", "hi"]);
});

it("after half a minute a new line begins, as does one of another kind or channel", () => {
	happen({ event: "join", user: author("Ana") });
	happen({ event: "join", user: author("Bo") }, 29_999);
	happen({ event: "join", user: author("Cy") }, 30_000);
	happen({ event: "follow", user: author("Cy"), total: 1_200 }, 30_001);
	happen({ event: "join", user: author("Di") }, 30_002, { identifier: "nova" });
	happen({ event: "join", user: author("Ed") }, 30_003, { history: true });
	expect(shown()).toEqual(["* Ana and Bo joined", "* Cy joined", "* Cy followed · 1,200 followers", "* Di joined", "* Ed joined"]);
});

it("likes are summed, each telling once, and each viewer counts as one", () => {
	happen({ event: "like", user: author("Ana"), count: 12, total: 900 }, 0, { event_id: "one" });
	happen({ event: "like", user: author("Ana"), count: 12, total: 900 }, 0, { event_id: "one" });
	expect(shown()).toEqual(["* Ana sent 12 likes · 900 in all"]);
	happen({ event: "like", user: author("Ana"), count: 3, total: 950 }, 3_000);
	happen({ event: "like", user: null, count: 1, total: 940 }, 4_000);
	expect(shown()).toEqual(["* Ana and 1 other sent 16 likes · 950 in all"]);
});

it("a better guess at a sentence replaces it, and a line of them stays short", () => {
	const caption = (id: string, text: string, ms: number) => happen({ event: "caption", text: "", message: chatFrame("h", text).data.content }, ms, { event_id: id });
	caption("1", "hello ever", 0);
	caption("1", "Hello everybody.", 10);
	expect(shown()).toEqual(["* Heard: Hello everybody."]);
	for (const [i, text] of ["Two.", "Three.", "Four."].entries()) caption(`${i + 2}`, text, 100 * i);
	expect(shown()).toEqual(["* Heard: Two. Three. Four."]);
});

it("the name of somebody who was banned goes, what they did stays counted", () => {
	for (const name of ["Ana", "Spam", "Cy", "Di"]) happen({ event: "join", user: author(name) });
	feed.accept({ kind: "moderation", frame: moderationFrame({ action: "delete_user", user_id: "id-Spam", username: "Spam" }) });
	expect(shown()[0]).toBe("* Ana, Cy, Di, and 1 other joined");
});

it("a list that was emptied does not count on in what is gone", () => {
	happen({ event: "join", user: author("Ana") });
	feed.flush();
	feed.clear();
	happen({ event: "join", user: author("Bo") });
	expect(shown()).toEqual(["* Bo joined"]);
});

it("names of any direction of writing do not move the words beside them", () => {
	happen({ event: "join", user: author("ندى") });
	feed.flush();
	const [entry] = feed.entries;
	expect(entry?.kind === "crowd" && entry.text).toBe("\u2068ندى\u2069 joined");
});
