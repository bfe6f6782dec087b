/** Whether anybody can see the page: a hidden tab, or a source that OBS shows nowhere, need not be drawn. */

/** What OBS tells its pages. */
type ObsEvent = CustomEvent<{ visible?: boolean; active?: boolean } | undefined>;

/** Calls `changed` when the page can or cannot be seen. */
export function watchAttention(changed: (awake: boolean) => void, page: Document = document, window: Window = globalThis.window): void {
	/** Until OBS says otherwise, it is shown. */
	let visible = true;
	const tell = () => changed(visible && !page.hidden);
	page.addEventListener("visibilitychange", tell);
	window.addEventListener("obsSourceVisibleChanged", (event) => {
		visible = (event as ObsEvent).detail?.visible !== false;
		tell();
	});
	window.addEventListener("obsSourceActiveChanged", (event) => {
		// On air is visible. Off air it may still be in a preview, and that is told by the other event.
		if ((event as ObsEvent).detail?.active === true) visible = true;
		tell();
	});
	tell();
}
