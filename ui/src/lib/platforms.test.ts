import { expect, it } from "vitest";
import { channelPage, platformOfLink } from "./platforms";

it.each([
	["https://www.twitch.tv/luna", "twitch"],
	["twitch.tv/luna", "twitch"],
	["m.youtube.com/@luna/live", "youtube"],
	["https://youtu.be/abc", "youtube"],
	["https://www.tiktok.com/@luna/live", "tiktok"],
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
	expect(channelPage("tiktok", "username", "@luna.paints")).toBe("https://www.tiktok.com/@luna.paints");
});
