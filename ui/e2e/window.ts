/** The overlay page as it is in a window of the desktop program: what it asks of its window is written down, and answered. */

import type { Page } from "@playwright/test";
import type { WindowView } from "../src/lib/bindings/WindowView";

/** The names that the desktop program puts into its pages. */
interface Program {
	asked: { command: string; ask?: Record<string, unknown> }[];
	/** Why locking is refused; empty if it is not. */
	refusal: string;
	/** Whether the page has to tell of each movement. */
	follow: boolean;
	show(view: unknown): void;
}
declare global {
	interface Window {
		program: Program;
	}
}

export const VIEW: WindowView = {
	name: "main",
	locked: false,
	touched: false,
	opacity: 100,
	dimAfterS: 0,
	opaque: false,
	unlockKeys: "Ctrl+Alt+F7",
	knowsHowToUnlock: false,
	language: "en",
	note: null,
};

/** Opens the page in a pretended window. */
export async function openInWindow(page: Page, address: string, view: Partial<WindowView> = {}): Promise<void> {
	await page.addInitScript(() => {
		let hear: ((message: unknown) => void) | undefined;
		let told = 0;
		const program: Program = {
			asked: [],
			refusal: "",
			follow: false,
			show: (message) => hear?.({ index: told++, message }),
		};
		const internals = {
			transformCallback: (callback: (message: unknown) => void) => {
				hear = callback;
				return 1;
			},
			unregisterCallback: () => undefined,
			invoke: async (command: string, { ask }: { ask?: Record<string, unknown> }) => {
				program.asked.push({ command, ...(ask === undefined ? {} : { ask }) });
				if (ask?.ask === "lock" && program.refusal !== "") throw { code: "NO_WAY_BACK", message: program.refusal };
				return { follow: program.follow };
			},
		};
		Object.assign(window, { program, __TAURI_INTERNALS__: internals });
	});
	await page.goto(address);
	await page.waitForFunction(() => window.program.asked.some(({ command }) => command === "overlay_ready"));
	await show(page, view);
}

/** Tells the page how its window is. */
export const show = (page: Page, view: Partial<WindowView> = {}) => page.evaluate((told) => window.program.show(told), { ...VIEW, ...view });

/** What the page has asked of its window. */
export const asked = (page: Page) => page.evaluate(() => window.program.asked.flatMap(({ ask }) => (ask === undefined ? [] : [ask])));

/** The frame. */
export const frame = (page: Page) => page.locator("polychat-frame");
