/** The parts of the drawer. */

export const TABS = ["look", "filters", "obs", "screen", "settings"] as const;
export type Tab = (typeof TABS)[number];

export function isTab(value: unknown): value is Tab {
	return (TABS as readonly unknown[]).includes(value);
}
