import { expect, test } from "vitest";
import { readJchat } from "./jchat";

const values = (link: string) => readJchat(link)?.values;
const DEFAULTS = { fontSize: 48, animate: false, hideBots: true, prefixes: "", mark: "off", font: "Baloo Tammudu" };

test("a link of the generator is a channel and a look", () => {
	const read = readJchat("https://www.giambaj.it/twitch/jchat/v2/?channel=Luna_Paints&animate=true&bots=true&fade=30&hide_commands=true&hide_badges=true&size=2&font=5&stroke=3&shadow=2&small_caps=true&block=Nightbot,spammer")!;
	expect(read.channels).toEqual([{ platform: "twitch", identifier: "luna_paints", identifierType: "username" }]);
	expect(read.values).toEqual({ fontSize: 34, animate: true, hideBots: false, prefixes: "!", mark: "off", font: "Source Code Pro", hideAfter: 30, outline: "thick", smallCaps: true, hiddenNames: "nightbot, spammer" });
	expect(read.notes).toEqual([{ kind: "font", name: "Source Code Pro" }, { kind: "badges" }]);
});

test("what a link does not say is as it is there, and older links have two question marks", () => {
	expect(values("https://www.giambaj.it/twitch/jchat/v2/?channel=luna")).toEqual(DEFAULTS);
	expect(values("www.giambaj.it/twitch/jchat/v2/?channel=luna?animate=true&fade=false&size=1")).toEqual({ ...DEFAULTS, animate: true, fontSize: 20, hideAfter: 0 });
	expect(values("https://jchat.surge.sh/?channel=luna&shadow=1&stroke=0")).toEqual({ ...DEFAULTS, outline: "shadow" });
	expect(values("https://a.example/?channel=luna&shadow=0&stroke=0")).toEqual({ ...DEFAULTS, outline: "none" });
});

test("settings of its children are taken where there is something like them, the rest is told", () => {
	const read = readJchat("https://fork.example/chat/?channel=luna&yt=@nova&size=1&font=2&sms=true&hideColon=true&readable=true&bigSoloEmotes=true&weight=900&emoteScale=1.5&scale=150&center=true&invert=false&showPronouns=true&regex=a.*b&height=3&sparkle=1")!;
	expect(read.channels.map((c) => `${c.platform} ${c.identifier}`)).toEqual(["twitch luna", "youtube @nova"]);
	expect(read.values).toMatchObject({ fontSize: 20, bubble: true, bigEmotes: true, weight: "800", emoteScale: 1.5, scale: 1.5, font: "Roboto" });
	expect(read.notes).toEqual([
		{ kind: "font", name: "Roboto" }, { kind: "colon" }, { kind: "readable" },
		...["center", "showpronouns", "regex", "height", "sparkle"].map((name) => ({ kind: "cannot", name })),
	]);
});

test("values that mean nothing are told, and change nothing", () => {
	const read = readJchat(`https://www.giambaj.it/twitch/jchat/v2/?channel=${encodeURIComponent("../x")}&size=9&weight=8&font=99&fade=soon&stroke=7&animate=perhaps`)!;
	expect(read.channels).toEqual([]);
	expect(read.values).toEqual(DEFAULTS);
	expect(read.notes.filter((n) => n.kind === "unread").map((n) => n.kind === "unread" && n.name)).toEqual(["size", "weight", "font", "fade", "stroke", "animate"]);
});

test("other links are none", () => {
	for (const link of ["", "luna", "https://twitch.tv/luna", "https://www.youtube.com/watch?v=a", "https://a.example/?channel=luna", "javascript:alert(1)?channel=a&size=1", `https://giambaj.it/jchat/?channel=${"x".repeat(5_000)}`, "https://www.giambaj.it/twitch/jchat/"]) expect(readJchat(link), link).toBeNull();
});
