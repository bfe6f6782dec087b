/** Whether anybody can see the page: a hidden tab, or a source that OBS shows nowhere, need not be drawn. */

/** What OBS tells its pages. */
type ObsEvent = CustomEvent<{ visible?: boolean; active?: boolean } | undefined>;

/** How OBS shows the page. */
export interface InObs {
	/** Somewhere, in a preview too. */
	readonly visible: boolean;
	/** On air. OBS says so when it changes, and not to a page that it has just loaded. */
	readonly active: boolean;
}

/** Calls `changed` when the page can or cannot be seen, and `shown` when OBS shows it otherwise than before: never elsewhere. */
export function watchAttention(changed: (awake: boolean) => void, shown: (how: InObs) => void = () => undefined, page: Document = document, window: Window = globalThis.window): void {
	const inObs = "obsstudio" in window;
	/** Until OBS says otherwise, it is shown. */
	let visible = true;
	let active = false;
	const tell = () => {
		const seen = visible && !page.hidden;
		changed(seen);
		if (inObs) shown({ visible: seen, active });
	};
	page.addEventListener("visibilitychange", tell);
	window.addEventListener("obsSourceVisibleChanged", (event) => {
		visible = (event as ObsEvent).detail?.visible !== false;
		tell();
	});
	window.addEventListener("obsSourceActiveChanged", (event) => {
		active = (event as ObsEvent).detail?.active === true;
		// On air is visible. Off air it may still be in a preview, and that is told by the other event.
		if (active) visible = true;
		tell();
	});
	tell();
}
