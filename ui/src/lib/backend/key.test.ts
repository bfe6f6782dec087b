// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { keyIn, rememberKey, rememberedKey, tryKey } from "./key";

const KEY = "0123456789abcdef".repeat(4);
afterEach(() => localStorage.clear());

test("a key is found in itself and in the link that the server wrote", () => {
	for (const typed of [KEY, `  ${KEY}\n`, `http://192.168.1.5:7117/#token=${KEY}`, `http://192.168.1.5:7117/dock#token=${KEY} to change something`]) expect(keyIn(typed), typed).toBe(KEY);
	for (const typed of ["", "short", "with spaces in between it", "x".repeat(200), "http://192.168.1.5:7117/", "<script>alert(1)</script>"]) expect(keyIn(typed), typed).toBeNull();
});

test("a key is tried with a question that changes nothing", async () => {
	const ask = vi.fn<typeof fetch>(() => Promise.resolve(new Response("{}")));
	expect(await tryKey(KEY, ask)).toBe("right");
	expect(ask.mock.calls[0]).toMatchObject(["/api/saved", { method: "POST", headers: { authorization: `Bearer ${KEY}` } }]);
	expect(await tryKey(KEY, () => Promise.resolve(new Response("{}", { status: 403 })))).toBe("wrong");
	expect(await tryKey(KEY, () => Promise.resolve(new Response("", { status: 502 })))).toBe("away");
	expect(await tryKey(KEY, () => Promise.reject(new TypeError("network")))).toBe("away");
});

test("what is remembered is a key or nothing", () => {
	expect(rememberedKey()).toBe("");
	rememberKey(KEY);
	expect(rememberedKey()).toBe(KEY);
	rememberKey("");
	expect(rememberedKey()).toBe("");
	localStorage.setItem("polychat key", JSON.stringify({ evil: true }));
	expect(rememberedKey()).toBe("");
});
