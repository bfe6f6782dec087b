import { describe, expect, it } from "vitest";
import { MAX_CHANNELS, type PageState, kindOf, readAddress, writeAddress } from "./address";
import { DEFAULT_OPTIONS } from "./wanted";

const read = (search: string, hash = "") => readAddress({ search, hash });
const names = (state: PageState) => state.channels.map((c) => `${c.platform} ${c.identifierType} ${c.identifier}`);

describe("what is typed for YouTube", () => {
	const channel = "UCabcdefghijklmnopqrstuv";
	const video = "aB3-dE_fG7h";
	it.each([
		["@luna", "username"],
		["luna", "username"],
		["新しい筆", "username"],
		["luna.paints", "username"],
		["https://www.youtube.com/@luna/live", "username"],
		["https://www.youtube.com/@luna/streams?v=x", "username"],
		["youtube.com/c/luna", "username"],
		[channel, "channelId"],
		[` ${channel} `, "channelId"],
		["UCLA", "username"],
		[`https://www.youtube.com/channel/${channel}/live`, "channelId"],
		// A plain word of 11 characters may be a handle.
		[video, "username"],
		[`https://www.youtube.com/watch?v=${video}`, "liveId"],
		[`https://www.youtube.com/watch?app=desktop&v=${video}&t=12s`, "liveId"],
		[`m.youtube.com/watch?v=${video}`, "liveId"],
		[`https://youtu.be/${video}?si=abc`, "liveId"],
		[`youtu.be/${video}`, "liveId"],
		[`https://www.youtube.com/live/${video}?feature=share`, "liveId"],
		[`https://www.youtube.com/shorts/${video}`, "liveId"],
		[`https://www.youtube.com/embed/${video}`, "liveId"],
		[`https://www.youtube.com/live_chat?is_popout=1&v=${video}`, "liveId"],
		[`https://studio.youtube.com/video/${video}/livestreaming`, "liveId"],
		[`watch?v=${video}`, "liveId"],
		[`/live/${video}`, "liveId"],
		["https://www.youtube.com/watch?v=tooshort", "username"],
		[`https://evil.example/watch?v=${video}`, "username"],
		["https://", "username"],
		["?", "username"],
	] as const)("%s is a %s", (text, kind) => {
		expect(kindOf("youtube", text)).toBe(kind);
	});

	it("means nothing on other platforms", () => {
		expect(kindOf("twitch", channel)).toBe("username");
	});

	it("may stand in the page's address as it is", () => {
		expect(names(read(`?youtube=${channel},https://www.youtube.com/watch?v=${video},youtu.be/${video},${video}`))).toEqual([
			`youtube channelId ${channel}`, `youtube liveId https://www.youtube.com/watch?v=${video}`, `youtube liveId youtu.be/${video}`, `youtube username ${video}`,
		]);
	});

	it("is written without saying what can be seen", () => {
		const query = writeAddress(read(`?youtube=channelId:${channel},liveId:${video}`));
		expect(query).toBe(`?youtube=${channel},liveId:${video}`);
		expect(names(read(query))).toEqual([`youtube channelId ${channel}`, `youtube liveId ${video}`]);
	});
});

describe("what is typed for TikTok", () => {
	const room = "7412345678901234567";
	it.each([
		["@luna.paints", "username"],
		["luna.paints", "username"],
		["luna", "username"],
		["luna/live", "username"],
		["https://www.tiktok.com/@luna", "username"],
		["https://www.tiktok.com/@luna/live?lang=en", "username"],
		["m.tiktok.com/@luna/live", "username"],
		["tiktok.com/@luna", "username"],
		["//tiktok.com/@luna", "username"],
		[`https://www.tiktok.com/@luna/video/${room}`, "username"],
		[`https://www.tiktok.com/live/@luna?room_id=${room}`, "username"],
		// Where they lead is seen once they are followed.
		["https://vm.tiktok.com/ZMabcDEF1/", "username"],
		["vt.tiktok.com/ZSabcDEF1", "username"],
		["https://www.tiktok.com/t/ZTabcDEF1/", "username"],
		[`https://vm.tiktok.com/?room_id=${room}`, "username"],
		[room, "liveId"],
		[` ${room} `, "liveId"],
		[`${room}/live`, "liveId"],
		[`https://m.tiktok.com/share/live/${room}/?_r=1`, "liveId"],
		[`https://www.tiktok.com/live/${room}`, "liveId"],
		[`www.tiktok.com/share/live/${room}`, "liveId"],
		[`https://webcast.tiktok.com/webcast/room/info/?aid=1988&room_id=${room}`, "liveId"],
		[`https://www.tiktok.com/?room_id=${room}`, "liveId"],
		// Somebody may be called that.
		["1412345678901234567", "username"],
		["74123456789012345678", "username"],
		[`https://evil.example/share/live/${room}`, "username"],
		["https://www.tiktok.com/share/live/1", "username"],
		["https://", "username"],
	] as const)("%s is a %s", (text, kind) => {
		expect(kindOf("tiktok", text)).toBe(kind);
	});

	it("may stand in the page's address as it is", () => {
		expect(names(read(`?tiktok=@luna,${room},https://vm.tiktok.com/ZMabcDEF1`))).toEqual([
			"tiktok username @luna", `tiktok liveId ${room}`, "tiktok username https://vm.tiktok.com/ZMabcDEF1",
		]);
		expect(writeAddress(read(`?tiktok=luna,${room}`))).toBe(`?tiktok=luna,${room}`);
	});
});

describe("the page's address", () => {
	it("names channels by platform, and their kind where it is not a name", () => {
		expect(names(read("?twitch=a,b&youtube=@c,channelId:UCx,liveId:abc&tiktok=d"))).toEqual([
			"twitch username a", "twitch username b", "youtube username @c", "youtube channelId UCx", "youtube liveId abc", "tiktok username d",
		]);
	});

	it("can be written after # as well", () => {
		expect(names(read("", "#twitch=a"))).toEqual(["twitch username a"]);
	});

	it.each([
		{ channels: [], options: { ...DEFAULT_OPTIONS }, frames: false },
		{
			channels: [
				{ platform: "twitch", identifier: "a,b&c=d #%é漢", identifierType: "username" },
				{ platform: "youtube", identifier: "https://www.youtube.com/watch?v=x&t=1", identifierType: "liveId" },
				{ platform: "youtube", identifier: "UCabcdefghijklmnopqrstuv", identifierType: "username" },
				{ platform: "youtube", identifier: "liveId:x", identifierType: "username" },
			],
			options: { events: false, moderation: true, viewers: false, wait: false, backlog: 0 },
			frames: true,
		},
	] satisfies PageState[])("reads back what it wrote (%#)", (state) => {
		expect(read(writeAddress(state))).toEqual(state);
	});

	it("stays short and readable", () => {
		const state = read("?twitch=luna&youtube=@luna");
		expect(writeAddress(state)).toBe("?twitch=luna&youtube=@luna");
		expect(writeAddress(read(""))).toBe("");
	});

	it("names a channel once", () => {
		expect(names(read("?twitch=a,a,&twitch=a"))).toEqual(["twitch username a"]);
	});

	it("survives nonsense", () => {
		expect(read("?%=&=&&twitch=%E0%A4%A&backlog=9999&backlog=-1&events=&__proto__=x&kick=a").channels).toEqual([
			{ platform: "twitch", identifier: "%E0%A4%A", identifierType: "username" },
		]);
	});

	it("asks for no more channels than a page reads, and for no longer backlog than there is", () => {
		const many = Array.from({ length: 500 }, (_, i) => `c${i}`).join(",");
		expect(read(`?twitch=${many}`).channels).toHaveLength(MAX_CHANNELS);
		expect(read("?backlog=999").options.backlog).toBe(200);
	});
});
