import { expect, test } from "vitest";
import type { SavedFrame } from "../bindings/SavedFrame";
import { channelsOf, overlayName, serverUrl } from "./saved";

const at = (address: string) => {
	const { pathname, search, protocol, host } = new URL(address);
	return { pathname, search, protocol, host };
};

test.each([
	["http://127.0.0.1:7117/overlay/main", "main", "ws://127.0.0.1:7117/ws"],
	["https://chat.example/overlay/A-1_b?look=neon&port=9", "A-1_b", "wss://chat.example/ws"],
	["tauri://localhost/overlay.html?port=8000&overlay=side", "side", "ws://127.0.0.1:8000/ws"],
	["http://tauri.localhost/overlay.html?port=8000&overlay=side", "side", "ws://127.0.0.1:8000/ws"],
	["tauri://localhost/overlay.html?port=evil.example&overlay=../x", "main", "ws://127.0.0.1:7117/ws"],
])("%s is the overlay %s of %s", (address, name, server) => {
	expect([overlayName(at(address)), serverUrl(at(address))]).toEqual([name, server]);
});

test("paused channels are not read", () => {
	const channel = (identifier: string, paused: boolean) => ({ platform: "twitch", identifier, identifierType: "username", paused }) as const;
	const frame: SavedFrame = { channels: [channel("a", false), channel("b", true)], overlays: [], looks: [], stage: { paused: false, clearedAt: 0, featured: null } };
	expect(channelsOf(frame)).toEqual([{ platform: "twitch", identifier: "a", identifierType: "username" }]);
});
