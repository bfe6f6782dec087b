import { describe, expect, it, vi } from "vitest";
import { sentence } from "./backend";
import { placeOf } from "./connect";
import { findToken, httpBackend } from "./http";

const KEY = "0123456789abcdef0123456789abcdef";
const answers = (status: number, body: unknown) => vi.fn<typeof fetch>(() => Promise.resolve(new Response(typeof body === "string" ? body : JSON.stringify(body), { status })));

describe("commands over HTTP", () => {
	it("carry the key and the request, and bring the answer", async () => {
		const ask = answers(200, { paused: true, clearedAt: 5 });
		expect(await httpBackend(KEY, ask).call("change_stage", { paused: true })).toEqual({ paused: true, clearedAt: 5 });
		const [url, request] = ask.mock.calls[0]!;
		expect(url).toBe("/api/change_stage");
		expect(request).toMatchObject({ method: "POST", body: '{"paused":true}', headers: { authorization: `Bearer ${KEY}` } });
	});

	it("that are refused throw the server's own sentence", async () => {
		const wrong = httpBackend(KEY, answers(400, { code: "TOO_MANY", message: "Remove one first." })).call("saved", {});
		await expect(wrong).rejects.toMatchObject({ code: "TOO_MANY", message: "Remove one first." });
	});

	it("throw a sentence whatever comes in place of an answer", async () => {
		for (const [status, body] of [[502, "<html>"], [400, "null"], [500, { code: 7 }]] as const) {
			const error = await httpBackend(KEY, answers(status, body)).call("saved", {}).catch((e: unknown) => e);
			expect(sentence(error)).toBe("That did not work. Try again.");
		}
		const away = httpBackend(KEY, () => Promise.reject(new TypeError("network"))).call("saved", {});
		await expect(away).rejects.toThrow("Polychat does not answer. It may have been closed.");
	});

	it("are not even asked for without a key", async () => {
		const ask = answers(200, {});
		const backend = httpBackend("", ask);
		expect(backend.can).toEqual({ desktop: false, change: false });
		await expect(backend.call("saved", {})).rejects.toMatchObject({ code: "FORBIDDEN" });
		expect(ask).not.toHaveBeenCalled();
	});

	it("of the desktop are refused in a browser", async () => {
		await expect(httpBackend(KEY).native("quit", {})).rejects.toMatchObject({ code: "UNKNOWN_COMMAND" });
	});
});

describe("the key", () => {
	const page = (content?: string) => ({ querySelector: () => (content === undefined ? null : { content }) }) as unknown as Document;
	const at = (hash: string) => ({ hash, pathname: "/", search: "" }) as Location;

	it("is taken from the page", () => {
		const tidy = vi.fn();
		expect(findToken(page(KEY), at(""), tidy)).toBe(KEY);
		expect(tidy).not.toHaveBeenCalled();
	});

	it("in the address goes first, and leaves the address", () => {
		const tidy = vi.fn();
		expect(findToken(page("another-key-of-the-page"), at(`#token=${KEY}`), tidy)).toBe(KEY);
		expect(tidy).toHaveBeenCalledWith("/");
	});

	it("is none if it has another form", () => {
		for (const wrong of ["short", "with spaces in between", "x".repeat(200), "<script>alert(1)</script>"]) {
			expect(findToken(page(wrong), at(`#token=${encodeURIComponent(wrong)}`), () => undefined)).toBe("");
		}
		expect(findToken(page(), at(""), () => undefined)).toBe("");
	});
});

it("the desktop's server is on this computer", () => {
	expect(placeOf(7118)).toEqual({ origin: "http://127.0.0.1:7118", socket: "ws://127.0.0.1:7118/ws" });
});
