/** The script that runs in a webview on a TikTok LIVE page, filled in as `observer.rs` does, and what it says. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PATH = fileURLToPath(new URL("../../crates/platforms/src/tiktok/observer.js", import.meta.url));
const PARAMETERS = '("BRIDGE", "FILTER", "EVERYWHERE");';

/** What the addresses of live rooms have in them. */
export const FILTER = "/webcast/im/";

/** The script for a page: the path of the function that takes its messages, and whether pages inside of pages count. */
export function script(bridge: string, everywhere = false): string {
	const text = readFileSync(PATH, "utf8").trimEnd();
	if (!text.endsWith(PARAMETERS)) throw new Error("the last line of observer.js is another one");
	return `${text.slice(0, -PARAMETERS.length)}(${JSON.stringify(bridge)}, ${JSON.stringify(FILTER)}, ${everywhere});`;
}

/** What the script says. */
export type Said =
	| { kind: "ready"; href: string; language: string; visibility: string; top: boolean }
	| { kind: "open"; socket: number; url: string }
	| { kind: "frame"; socket: number; number: number; data: string }
	| { kind: "close"; socket: number; code: number; reason: string }
	| { kind: "no_socket" }
	| { kind: "wall"; wall: string };

/** The frames of one socket, as bytes. */
export function frames(said: Said[], socket: number): Buffer[] {
	return said.flatMap((one) => (one.kind === "frame" && one.socket === socket ? [Buffer.from(one.data, "base64")] : []));
}
