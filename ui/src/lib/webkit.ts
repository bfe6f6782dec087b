/**
 * What WebKit would keep of messages that are gone, and how it does not (WebKitGTK 2.50, measured: docs/PERFORMANCE.md). In a chat
 * nothing comes back, so all of it is for nothing, and under a lively one it is a window that grows by megabytes a minute.
 * Other engines keep nothing of the kind, and nothing is done there.
 */

/** On elements that are about to leave. */
const MARK = "data-gone";
/** Inherited, so that it reaches every line inside; nothing has to be laid out anew for it. It is never painted. */
const GONE = `[${MARK}] { visibility: hidden }`;

const sheets = new WeakMap<Document, CSSStyleSheet>();
const known = new WeakMap<Document, Set<string>>();

export const isWebKit = (): boolean => navigator.vendor.startsWith("Apple");

/**
 * To be called with elements that are about to be taken off the page, right before. WebKit remembers of every text that leaves where
 * its lines may break, in case the same text comes back: a KiB for each message, until 20 MiB a page are full. It does not
 * remember what was laid out with styles that have changed since. So they change, just before.
 */
export function leaving(elements: readonly Element[], wanted = isWebKit()): void {
	const [first] = elements;
	if (!first || !wanted) return;
	addRule(first.ownerDocument, GONE);
	for (const element of elements) element.setAttribute(MARK, "");
	// Asking for a style makes it so now: once they are off the page, it is too late.
	void getComputedStyle(first).visibility;
}

/**
 * To be called once, before anything is shown, with a selector of elements whose insides come and go. WebKit keeps how it has
 * computed each style, to use it again where the same is inherited. But variables that an element sets itself, as messages set the
 * colour of a name, are never the same as another one's: each message would leave all of its insides, 20 KiB. A rule of the page
 * that changes would empty that, but it makes the page's fonts anew, and WebKit keeps those before, too (0.25 MiB each time). What
 * is as wide as a part of the place around it is not kept. So a length says that it is, where it changes nothing.
 */
export function unkept(selector: string, page = document, wanted = isWebKit()): void {
	if (!wanted) return;
	// What leaves needs its rule later: here it costs nothing yet.
	addRule(page, GONE);
	const all = `:is(${selector}) *`;
	addRule(page, `${all}, ${all}::before, ${all}::after { scroll-margin-left: 0cqw }`);
}

/** Every rule costs what a change of the page's rules costs, so each comes once. */
function addRule(page: Document, rule: string): void {
	const there = known.get(page) ?? new Set();
	if (there.has(rule)) return;
	known.set(page, there.add(rule));
	let sheet = sheets.get(page);
	if (!sheet) {
		const style = page.createElement("style");
		// Before all others: what streamers paste stays the last one.
		page.head.prepend(style);
		sheet = style.sheet as CSSStyleSheet;
		sheets.set(page, sheet);
	}
	sheet.insertRule(rule);
}
