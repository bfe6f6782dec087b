import { expect, test } from "vitest";
import { readQuery } from "./query";
import { DEFAULTS } from "./looks/schema";
import { hasAvatars } from "./settings";

const read = (search: string) => readQuery({ search, hash: "" });
const settings = (search: string) => read(search).settings;

test("an address without anything is the default look without channels", () => {
	expect(read("")).toEqual({ settings: DEFAULTS, channels: [], backlog: 20, preview: false });
});

test("channels stand in the address by platform, several with commas", () => {
	const { channels } = read("?twitch=luna,nova&youtube=@luna&tiktok=luna.paints");
	expect(channels.map((c) => `${c.platform} ${c.identifier}`)).toEqual(["twitch luna", "twitch nova", "youtube @luna", "tiktok luna.paints"]);
	expect(read("?demo").channels.map((c) => `${c.platform} ${c.identifier}`)).toEqual(["twitch polychat-demo", "youtube polychat-demo", "tiktok polychat-demo"]);
	expect(read("?demo=0").channels).toEqual([]);
});

test("a name alone means yes, in any spelling of upper and lower case", () => {
	for (const query of ["?compact", "?compact=1", "?Compact=true", "?COMPACT=on"]) expect(settings(query).compact, query).toBe(true);
	for (const query of ["?", "?compact=0", "?compact=false", "?compact=off", "?compact=perhaps"]) expect(settings(query).compact, query).toBe(false);
});

test("words that begin with no turn something off, and on again with 0", () => {
	expect(settings("?nobadges").badges).toBe(false);
	expect(settings("?nobadges=0").badges).toBe(true);
	expect(settings("?notime=0").times).toBe(true);
	expect(settings("?notime").times).toBe(false);
	expect(settings("?noavatar").avatars).toBe("off");
	expect(settings("?noavatar=0").avatars).toBe("on");
	expect(hasAvatars(settings(""), "youtube")).toBe(true);
	expect(hasAvatars(settings(""), "twitch")).toBe(false);
	expect(hasAvatars(settings("?noavatar=0"), "twitch")).toBe(true);
	expect(settings("?hidesource").mark).toBe("off");
	expect(settings("?source=bar").mark).toBe("bar");
});

test("numbers are kept within what can be shown, and what is no number changes nothing", () => {
	expect([settings("?limit=0").limit, settings("?limit=9999").limit, settings("?limit=x").limit]).toEqual([1, 200, 60]);
	expect([settings("?scale=1.5").scale, settings("?scale=150%25").scale, settings("?scale=150").scale, settings("?scale=9").scale]).toEqual([1.5, 1.5, 1.5, 3]);
	expect(settings("?fontSize=400").fontSize).toBe(96);
	expect(settings("?opacity=0.5").opacity).toBe(0.5);
	expect([settings("?hideAfter=30").hideAfter, settings("?showtime=4500").hideAfter, settings("?hideAfter=-1").hideAfter]).toEqual([30, 4.5, 0]);
});

test("a plate is a colour with or without #, and nothing else", () => {
	const plate = (text: string) => settings(`?background=${encodeURIComponent(text)}`).plate;
	expect([plate("0e1014"), plate("#FFF"), plate("0008"), plate("ffff00"), plate("0e101480")]).toEqual(["#0e1014", "#ffffff", "#00000088", "#ffff00", "#0e101480"]);
	for (const text of ["", "transparent", "00000000", "url(x)", "red;color:red", "#12345"]) expect(plate(text), text).toBeNull();
});

test("a font is names and nothing that CSS could read", () => {
	expect(settings("?font=Comic%20Neue,'M%20PLUS%201'").font).toBe('"Comic Neue", "M PLUS 1"');
	expect(settings("?font=x;color:red").font).toBeNull();
	expect(settings('?font=url(")').font).toBeNull();
});

test("names and kinds are lists, under the words of several overlays", () => {
	expect([...settings("?hidefrom=@Ana&exclude=BO&ignoreChatters=cy,%20di").hiddenNames]).toEqual(["ana", "bo", "cy", "di"]);
	expect([...settings("?onlyfrom=Ana").onlyNames]).toEqual(["ana"]);
	expect([...settings("?onlytype=Twitch,gifts,superchat,events,bits").onlyKinds]).toEqual(["twitch", "gift", "paid", "events", "bits"]);
	expect([...settings("?blur=tiktok,nonsense").blurred]).toEqual(["tiktok"]);
	expect(settings("?blur").blurred.size).toBe(3);
});

test("commands are hidden unless told otherwise, and other signs may begin one", () => {
	expect(settings("").prefixes).toEqual(["!"]);
	expect(settings("?hideCommands").prefixes).toEqual(["!"]);
	expect(settings("?hideCommands=0").prefixes).toEqual([]);
	expect(settings("?excludeCommands=!,$").prefixes).toEqual(["!", "$"]);
});

test("rules come as text or in Base64 of either alphabet", () => {
	const css = "#message { color: #ÿÿ; content: '日本' } /* ??? >>> */";
	const bytes = new TextEncoder().encode(css);
	const base64 = btoa(String.fromCharCode(...bytes));
	expect(settings(`?css=${encodeURIComponent(css)}`).css).toBe(css);
	expect(settings(`?b64css=${base64}`).css).toBe(css);
	expect(settings(`?b64css=${base64.replaceAll("+", "-").replaceAll("/", "_")}`).css).toBe(css);
	expect(settings("?b64css=%%%").css).toBeNull();
	expect(settings(`?css=${"x".repeat(300_000)}`).css).toBeNull();
});

test("a language is a tag that browsers know", () => {
	expect(settings("?lang=id").lang).toBe("id");
	expect(settings("?lang=pt-br").lang).toBe("pt-BR");
	expect(settings("?lang=not a language").lang).toBeNull();
});
