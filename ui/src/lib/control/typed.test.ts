import { describe, expect, it } from "vitest";
import { readTyped } from "./typed";

const platforms = (text: string) => {
	const typed = readTyped(text);
	return typed.is === "name" ? typed.choices.map((c) => c.platform) : typed.is;
};

describe("what is typed", () => {
	it("names one channel beyond doubt if it is a link or an id", () => {
		for (const [text, platform, identifierType] of [
			["https://www.twitch.tv/luna", "twitch", "username"],
			["twitch.tv/luna", "twitch", "username"],
			["https://www.youtube.com/@luna/live", "youtube", "username"],
			["https://youtu.be/dQw4w9WgXcQ", "youtube", "liveId"],
			["UCabcdefghijklmnopqrstuv", "youtube", "channelId"],
			["https://www.tiktok.com/@luna/live", "tiktok", "username"],
			["tiktok.com/@luna", "tiktok", "username"],
			["7412345678901234567", "tiktok", "liveId"],
		] as const) {
			expect(readTyped(text), text).toEqual({ is: "channel", channel: { platform, identifier: text, identifierType } });
		}
	});

	it("is a name on every platform that has such names", () => {
		expect(platforms(" luna ")).toEqual(["twitch", "youtube", "tiktok"]);
		expect(platforms("@luna.paints")).toEqual(["youtube", "tiktok"]);
		expect(platforms("โมจิมาลี")).toEqual(["youtube"]);
	});

	it("asks only platforms that are read", () => {
		expect(readTyped("luna", ["tiktok"])).toMatchObject({ choices: [{ platform: "tiktok" }] });
		expect(readTyped("twitch.tv/luna", ["youtube"])).toMatchObject({ is: "wrong" });
	});

	it("is told in words if it cannot be a channel", () => {
		for (const text of ["two words", "https://example.com/luna", "example.com/luna", "<script>", `a${"b".repeat(200)}`]) {
			expect(readTyped(text), text).toMatchObject({ is: "wrong", why: expect.stringMatching(/\w\.$/) });
		}
		expect(readTyped("   ")).toEqual({ is: "nothing" });
	});
});
