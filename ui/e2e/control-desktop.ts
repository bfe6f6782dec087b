/** The control page as the desktop program's window has it: commands go through the window's own door, which a test stands behind. */

import type { Page } from "@playwright/test";
import { FakeBackend } from "../src/lib/backend/fake";
import type { CommandSchema } from "../src/lib/bindings/CommandSchema";
import type { Desktop } from "../src/lib/bindings/Desktop";
import type { NativeSchema } from "../src/lib/bindings/NativeSchema";
import type { SavedChannel } from "../src/lib/bindings/SavedChannel";
import type { ScriptedServer } from "./scripted-server";

export function desktopOf(server: ScriptedServer, more: Partial<Desktop> = {}): Desktop {
	const key = (action: Desktop["hotkeys"][0]["action"], keys = "") => ({ action, keys, problem: null });
	return {
		port: Number(new URL(server.origin).port),
		usualPort: null,
		version: "0.1.0",
		windows: [],
		hotkeys: [key("lock", "Ctrl+Alt+F7"), key("arrange", "Ctrl+Alt+F9"), key("toTop", "Ctrl+Alt+F8"), key("toggle"), key("show"), key("hide"), key("clear"), key("pause")],
		startsWithSystem: false,
		speaks: false,
		limits: [],
		notices: [],
		update: { renewal: "nobody", host: null, step: { is: "idle" }, found: null, lookedAt: null, problem: null },
		...more,
	};
}

/** Opens the page so, and returns what stands behind the door. */
export async function openDesktop(page: Page, server: ScriptedServer, desktop: Desktop, ...channels: SavedChannel[]): Promise<FakeBackend> {
	const behind = new FakeBackend(desktop);
	behind.saved.channels = channels;
	server.kept.saved = behind.saved;
	const tell = (event: string, told: unknown) => void page.evaluate(([e, d]) => (window as unknown as { tell(e: unknown, d: unknown): void }).tell(e, d), [event, told]).catch(() => undefined);
	behind.onDesktop((told) => tell("desktop", told));
	behind.onPressed((action) => tell("pressed", action));
	await page.exposeFunction("door", async (door: string, command: string, request: unknown) => {
		try {
			const done = door === "call" ? await behind.call(command as keyof CommandSchema, request as never) : await behind.native(command as keyof NativeSchema, request as never);
			if (door === "call") server.news();
			return { done };
		} catch (error) {
			return { refused: { code: "FAILED", message: (error as Error).message } };
		}
	});
	await page.addInitScript(() => {
		const heard: ((event: unknown) => void)[] = [];
		/** Which of them hears what. */
		const hears: [event: unknown, handler: number][] = [];
		const window_ = window as unknown as Record<string, unknown> & { door(...said: unknown[]): Promise<{ done?: unknown; refused?: unknown }> };
		window_.tell = (event: unknown, payload: unknown) => hears.forEach(([of, handler]) => of === event && heard[handler - 1]?.({ event, id: 1, payload }));
		window_.__TAURI_INTERNALS__ = {
			transformCallback: (callback: (event: unknown) => void) => heard.push(callback),
			async invoke(door: string, said: { command: string; request: unknown; event?: string; handler?: number }) {
				if (door === "plugin:event|listen" && said.handler) hears.push([said.event, said.handler]);
				if (door.startsWith("plugin:")) return 1;
				const { done, refused } = await window_.door(door, said.command, said.request);
				if (refused) throw refused;
				return done;
			},
		};
	});
	await page.goto(`${server.origin}/`);
	return behind;
}
