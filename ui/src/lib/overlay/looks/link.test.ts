import { expect, test } from "vitest";
import { readLook, readQuery } from "../query";
import { overlayLink } from "./link";

const luna = { platform: "twitch", identifier: "luna", identifierType: "username" } as const;

test("a link holds its channels and its look, and nothing that is so anyway", () => {
	const link = (...rest: [readonly (typeof luna)[], string, boolean]) => overlayLink("http://127.0.0.1:7117", ...rest);
	expect(link([luna], "neon", true)).toBe("http://127.0.0.1:7117/overlay/main?twitch=luna&look=neon");
	expect(link([luna], "classic", false)).toBe("http://127.0.0.1:7117/overlay/main?twitch=luna");
	expect(link([], "neon", true)).toBe("http://127.0.0.1:7117/overlay/main?demo&look=neon");
	expect(link([], "classic", false)).toBe("http://127.0.0.1:7117/overlay/main");
	const { search } = new URL(link([luna], "glass", true));
	expect(readLook({ search })).toBe("glass");
	expect(readQuery({ search, hash: "" }).channels).toEqual([luna]);
});
