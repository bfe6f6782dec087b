import { describe, expect, it } from "vitest";
import { emptySaved } from "../backend/fake";
import { offerOf } from "./offers";

describe("what is asked once", () => {
	const { settings } = emptySaved();
	const shut = { needsConsent: true };
	const known = { desktop: true, whole: true, settings, channels: [{ needsConsent: false }], wasLive: false };

	it("is asked when it matters", () => {
		expect(offerOf(known)).toBeNull();
		expect(offerOf({ ...known, channels: [shut] })).toBe("tiktokPage");
		expect(offerOf({ ...known, wasLive: true })).toBe("startWithSystem");
	});

	it("is not asked again, nor in a browser, nor before it is known whether it was", () => {
		expect(offerOf({ ...known, channels: [shut], settings: { ...settings, tiktokPage: false } })).toBeNull();
		expect(offerOf({ ...known, wasLive: true, settings: { ...settings, startWithSystem: false } })).toBeNull();
		expect(offerOf({ ...known, desktop: false, wasLive: true, channels: [shut] })).toBeNull();
		expect(offerOf({ ...known, whole: false, wasLive: true, channels: [shut] })).toBeNull();
	});
});
