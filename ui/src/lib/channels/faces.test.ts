import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Faces } from "./faces";
import type { Wanted } from "./wanted";

const channel = (identifier: string): Wanted => ({ platform: "twitch", identifier, identifierType: "username" });
let stored: Record<string, string>;

beforeEach(() => {
	stored = {};
	vi.stubGlobal("localStorage", { getItem: (key: string) => stored[key] ?? null, setItem: (key: string, value: string) => (stored[key] = value) });
});
afterEach(() => vi.unstubAllGlobals());

test("a face is there the next time, whatever the spelling, until the channel has none any more", () => {
	new Faces().keep(channel("Luna"), "https://p.example/luna");
	expect(new Faces().of(channel("luna"))).toBe("https://p.example/luna");
	expect(new Faces().of({ ...channel("luna"), platform: "tiktok" })).toBeNull();
	new Faces().keep(channel("luna"), null);
	expect(new Faces().of(channel("luna"))).toBeNull();
});

test("only the newest are kept", () => {
	const faces = new Faces();
	for (let n = 0; n < 100; n++) faces.keep(channel(`c${n}`), `https://p.example/${n}`);
	const again = new Faces();
	expect([again.of(channel("c59")), again.of(channel("c60")), again.of(channel("c99"))]).toEqual([null, "https://p.example/60", "https://p.example/99"]);
	expect(Object.values(stored)[0]?.length).toBeLessThan(4_000);
});

test("what is not ours in the storage is nothing", () => {
	for (const odd of ["7", "{}", "[1]", '[["a"]]', '[["a", 1]]', "nonsense", `[["a", "${"x".repeat(3_000)}"]]`]) {
		stored["polychat faces"] = odd;
		expect(new Faces().of(channel("a")), odd).toBeNull();
	}
});
