/** Puts a text where it can be pasted from. */

/** Returns whether that was done: pages from elsewhere than this computer may not always. */
export async function copyText(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return copySelected(text);
	}
}

/** The old way, which also works where a page is not served over a connection that browsers call secure. */
function copySelected(text: string): boolean {
	const before = document.activeElement;
	const area = document.createElement("textarea");
	area.value = text;
	area.setAttribute("aria-hidden", "true");
	area.style.cssText = "position:fixed;inset:0 auto auto 0;opacity:0";
	document.body.append(area);
	try {
		area.select();
		return document.execCommand("copy");
	} catch {
		return false;
	} finally {
		area.remove();
		if (before instanceof HTMLElement) before.focus();
	}
}
