import { describe, expect, it } from "vitest";
import { MAX_CHANNELS, type PageState, readAddress, writeAddress } from "./address";
import { DEFAULT_OPTIONS } from "./wanted";

const read = (search: string, hash = "") => readAddress({ search, hash });
const names = (state: PageState) => state.channels.map((c) => `${c.platform} ${c.identifierType} ${c.identifier}`);

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
