import { expect, it } from "vitest";
import { channelPage, platformOfLink } from "./platforms";

it.each([
	["https://www.twitch.tv/luna", "twitch"],
	["twitch.tv/luna", "twitch"],
	["m.youtube.com/@luna/live", "youtube"],
	["https://youtu.be/abc", "youtube"],
	["https://www.tiktok.com/@luna/live", "tiktok"],
	["//www.tiktok.com/@luna", "tiktok"],
	["vm.tiktok.com/ZMabcDEF1/", "tiktok"],
	["https://www.tiktok.com/t/ZTabcDEF1", "tiktok"],
	["https://www.tiktok.com?room_id=7412345678901234567", "tiktok"],
	["7412345678901234567", "tiktok"],
	["1412345678901234567", null],
	["https://nottiktok.com/@luna", null],
	["luna", null],
	["@luna", null],
	["https://nottwitch.tv/luna", null],
	["https://twitch.tv.evil.example/luna", null],
	["", null],
] as const)("knows where %s leads", (text, platform) => {
	expect(platformOfLink(text)).toBe(platform);
});

it("cannot be led off a platform's site by a name", () => {
	expect(new URL(channelPage("twitch", "username", "../../x?y#z")).host).toBe("www.twitch.tv");
	expect(channelPage("tiktok", "liveId", "7412345678901234567")).toBe("https://www.tiktok.com/share/live/7412345678901234567");
	expect(channelPage("tiktok", "username", "@luna.paints")).toBe("https://www.tiktok.com/@luna.paints");
});
