/** What stands before any message: the tree of YouTube's chat down to its two lists. */

import { make, set } from "./make";

/** The places that are filled. */
export interface Places {
	readonly app: HTMLElement;
	/** Moves when something comes in. */
	readonly offset: HTMLElement;
	readonly items: HTMLElement;
	readonly ticker: HTMLElement;
	readonly tickerItems: HTMLElement;
}

const LIST = "yt-live-chat-item-list-renderer";
const TICKER = "yt-live-chat-ticker-renderer";

/** Builds it. */
export function skeleton(): Places {
	const items = make("div", LIST, "items");
	const offset = make("div", LIST, "item-offset", items);
	const scroller = make("div", LIST, "item-scroller", offset);
	scroller.classList.add("animated");
	const list = set(make(LIST, "yt-live-chat-renderer", null, scroller), { "allow-scroll": "" });
	const tickerItems = make("div", TICKER, "items");
	const ticker = make(TICKER, "yt-live-chat-renderer", null, make("div", TICKER, "container", tickerItems));
	const chat = make("yt-live-chat-renderer", "yt-live-chat-app", null, ticker, list);
	const app = make("yt-live-chat-app", "yt-live-chat-app", null, chat);
	return { app, offset, items, ticker, tickerItems };
}
