/**
 * WebKit remembers of every text that leaves the page where its lines may break, in case the same text comes back. What people
 * say in a chat never does, and under a steady chat nothing of it goes before the cache is full: a KiB for each message, 20 MiB
 * for each page (measured with WebKitGTK 2.50; docs/PERFORMANCE.md). It does not remember what was laid out with styles that have
 * changed since. So they change, just before.
 */

const MARK = "data-gone";
/** Inherited, so that it reaches every line inside; nothing has to be laid out anew for it. It is never painted. */
const RULE = `[${MARK}] { visibility: hidden }`;

const hasRule = new WeakSet<Document>();

/** Only where it helps: elsewhere it would be work for nothing. */
export const isWebKit = (): boolean => navigator.vendor.startsWith("Apple");

/** To be called with elements that are about to be taken off the page, right before. */
export function leaving(elements: readonly Element[], wanted = isWebKit()): void {
	const [first] = elements;
	if (!first || !wanted) return;
	addRule(first.ownerDocument);
	for (const element of elements) element.setAttribute(MARK, "");
	// Asking for a style makes it so now: once they are off the page, it is too late.
	void getComputedStyle(first).visibility;
}

function addRule(page: Document): void {
	if (hasRule.has(page)) return;
	hasRule.add(page);
	const style = page.createElement("style");
	// Before all others: what streamers paste stays the last one.
	page.head.prepend(style);
	(style.sheet as CSSStyleSheet).insertRule(RULE);
}
