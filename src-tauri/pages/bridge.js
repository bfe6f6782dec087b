// The way of the observer's messages to Polychat: one call at a time, so that they keep their order whatever way a call takes,
// and with a bound on what waits. It runs at document start, before any script of the page; the page may call it as well, so
// what arrives is nobody's word.
(function () {
	"use strict";
	if (window !== window.top) return;

	/** Characters that may wait; the largest frame has 11 million. */
	const MAX_WAITING = 32 * 1024 * 1024;
	/** Messages of one call. */
	const MAX_AT_ONCE = 64;

	const { invoke } = window.__TAURI_INTERNALS__;
	let waiting = [];
	let size = 0;
	let lost = 0;
	let isCalling = false;
	let isFirst = true;

	function call(texts, missed) {
		const request = { texts, lost: missed };
		if (!isFirst) return invoke("tiktok_page", request);
		isFirst = false;
		// A call goes by `fetch` first, and by a message of the webview when that fails. The page's policy forbids the
		// former, and tells TikTok of it: so it fails here, before the page knows.
		const { fetch } = window;
		window.fetch = () => Promise.reject(new TypeError("by message"));
		try {
			return invoke("tiktok_page", request);
		} finally {
			window.fetch = fetch;
		}
	}

	async function send() {
		isCalling = true;
		while (waiting.length > 0) {
			const texts = waiting.slice(0, MAX_AT_ONCE);
			waiting = waiting.slice(MAX_AT_ONCE);
			for (const text of texts) size -= text.length;
			const missed = lost;
			lost = 0;
			try {
				await call(texts, missed);
			} catch {
				// Nobody listens any more; the window will be closed.
			}
		}
		isCalling = false;
	}

	Object.defineProperty(window, "polychatObserver", {
		value(text) {
			if (typeof text !== "string") return;
			if (size + text.length > MAX_WAITING) {
				lost += 1;
				return;
			}
			waiting.push(text);
			size += text.length;
			if (!isCalling) void send();
		},
	});
})();
