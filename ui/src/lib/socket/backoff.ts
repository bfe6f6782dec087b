/** How long to wait before the next attempt to connect. */

/** The first wait, and the longest. Chosen by hand: quick enough to look steady, slow enough not to hammer. */
export const FIRST_DELAY_MS = 500;
export const LONGEST_DELAY_MS = 5_000;

/** `attempt` counts from 0. Half of the wait is random, so that many pages do not come back at the same moment. */
export function delayMs(attempt: number, random: () => number): number {
	const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
	return Math.max(FIRST_DELAY_MS, Math.round(full / 2 + (full / 2) * random()));
}
