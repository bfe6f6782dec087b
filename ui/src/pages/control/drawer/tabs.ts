/** The parts of the drawer. */

export const TABS = { look: "Look", filters: "Filters", obs: "OBS", screen: "My screen", settings: "Settings" } as const;
export type Tab = keyof typeof TABS;

export function isTab(value: unknown): value is Tab {
	return typeof value === "string" && Object.hasOwn(TABS, value);
}
