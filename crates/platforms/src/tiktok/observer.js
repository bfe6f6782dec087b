// What runs in the user's own webview on a TikTok LIVE page: it copies the frames that the page's own socket receives to
// Polychat, and says what stands in the way. It has to run at document start, before any script of the page.
//
// It only looks. It sends nothing through the page's sockets, answers nothing, changes nothing that the page gets. Of the
// page itself it only silences the video.
//
// Everything that it says is a JSON text, handed to the bridge:
//
//   {"kind":"ready","href":…,"language":…,"visibility":…,"top":…}   it runs
//   {"kind":"open","socket":1,"url":…}                              a socket to a live room opened
//   {"kind":"frame","socket":1,"number":1,"data":…}                 a binary message of it, in base64
//   {"kind":"close","socket":1,"code":1000,"reason":…}              it closed
//   {"kind":"no_socket"}                                            none was made in 20 s
//   {"kind":"wall","wall":…}                                        captcha, login, age, region or chat_disabled
//
// The three words in capitals at the end are replaced before it is injected; observer.rs says by what.
(function (bridge, filter, everywhere) {
	"use strict";

	/** Frames that are larger are not handed on; the gap in the numbers shows it. */
	const MAX_FRAME = 8 * 1024 * 1024;
	/** Bytes that become text at once: `String.fromCharCode` takes so many arguments in every engine. */
	const CHUNK = 0x8000;
	/** After this without a socket it says so. */
	const NO_SOCKET_MS = 20000;
	/** A login dialog that is still there after this, without a socket, is a wall. */
	const LOGIN_MS = 12000;
	/** How often it looks for walls while no socket is open. */
	const LOOK_MS = 2000;
	/** A player that plays again after so many pauses is only muted from then on. */
	const MAX_PAUSES = 20;

	if (!everywhere && window !== window.top) return;
	const Native = window.WebSocket;
	const mark = Symbol.for("polychat.observer");
	if (Native[mark]) return;

	// What the page may replace later is taken now.
	const construct = Reflect.construct;
	const listen = EventTarget.prototype.addEventListener;
	const stringify = JSON.stringify;
	const encode = window.btoa.bind(window);
	const addressOf = Object.getOwnPropertyDescriptor(Native.prototype, "url").get;

	/** Hands a message to the bridge, which may be a method: `webkit.messageHandlers.ipc.postMessage`. */
	function post(message) {
		try {
			let owner = window;
			const path = bridge.split(".");
			const name = path.pop();
			for (const part of path) owner = owner[part];
			owner[name](stringify(message));
		} catch {
			// Without a bridge nobody listens, and the page must not notice.
		}
	}

	function base64(buffer) {
		const bytes = new Uint8Array(buffer);
		let text = "";
		for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK));
		return encode(text);
	}

	// Sockets.

	/** Sockets so far, and how many of them are open. */
	let made = 0;
	let open = 0;

	function observe(socket) {
		const number = ++made;
		let frames = 0;
		let opened = false;
		// A Blob gives its bytes later: everything of a socket waits for what came before it.
		let chain = Promise.resolve();
		const then = (step) => {
			chain = chain.then(step).catch(() => {});
		};
		listen.call(socket, "open", () => {
			opened = true;
			open += 1;
			then(() => post({ kind: "open", socket: number, url: addressOf.call(socket) }));
		});
		listen.call(socket, "message", (event) => {
			const data = event.data;
			// TikTok sends no text.
			if (typeof data === "string") return;
			const frame = ++frames;
			if ((data.byteLength ?? data.size) > MAX_FRAME) return;
			then(async () => {
				const buffer = data instanceof Blob ? await data.arrayBuffer() : data;
				post({ kind: "frame", socket: number, number: frame, data: base64(buffer) });
			});
		});
		listen.call(socket, "close", (event) => {
			if (opened) open -= 1;
			then(() => post({ kind: "close", socket: number, code: event.code, reason: event.reason }));
		});
	}

	/** Whether an address is that of a live room; what stands behind `?` and `#` does not count. */
	function isWanted(address) {
		return address.split(/[?#]/, 1)[0].includes(filter);
	}

	// Called with `new`, also by a class that extends it; without, the engine's own answer is right.
	function Observed(_url) {
		if (!new.target) return Native.apply(this, arguments);
		const socket = construct(Native, arguments, new.target);
		try {
			if (isWanted(addressOf.call(socket))) observe(socket);
		} catch {
			// Better unseen than broken.
		}
		return socket;
	}
	Object.setPrototypeOf(Observed, Native);
	Object.defineProperty(Observed, "name", { value: Native.name, configurable: true });
	Object.defineProperty(Observed, "prototype", { value: Native.prototype, writable: false });
	Object.defineProperty(Observed, mark, { value: true });
	for (const name of ["CONNECTING", "OPEN", "CLOSING", "CLOSED"]) {
		Object.defineProperty(Observed, name, { value: Native[name], enumerable: true });
	}
	Object.defineProperty(Native.prototype, "constructor", { value: Observed, writable: true, configurable: true });
	Object.defineProperty(window, "WebSocket", { value: Observed, writable: true, configurable: true });

	// Walls.

	const CAPTCHA = "#captcha_container, [id*=captcha], [class*=captcha], [class*=secsdk-captcha]";
	// Chosen by hand; TikTok renames its classes often.
	const LOGIN = "[data-e2e*=login-modal], #loginContainer, [id*=login-modal], [class*=LoginModal]";
	const REGION = /discontinued operating TikTok|not available in your (country|region)/i;

	const started = Date.now();
	let wall = null;

	/** Whether an element takes any room on the page. */
	function isShown(element) {
		const box = element.getBoundingClientRect();
		return box.width > 0 && box.height > 0;
	}

	function isThere(selector) {
		return Array.from(document.querySelectorAll(selector)).some(isShown);
	}

	/** What the page's own state says. */
	function stated() {
		try {
			const state = JSON.parse(document.getElementById("SIGI_STATE").textContent);
			if (state.LiveRoom?.isAgeGateRoom) return "age";
			if (state.LiveRoom?.needLogin) return "login";
			if (state.CurrentRoom?.showLiveChat === false || state.CurrentRoom?.enableChat === false) return "chat_disabled";
		} catch {
			// Not every page has one.
		}
		return null;
	}

	function look() {
		if (open > 0 || !document.body) return;
		let found = null;
		if (isThere(CAPTCHA)) found = "captcha";
		else if (Date.now() - started >= LOGIN_MS && isThere(LOGIN)) found = "login";
		else if (document.body.textContent.length < 20000 && REGION.test(document.body.textContent)) found = "region";
		else found = stated();
		if (found && found !== wall) post({ kind: "wall", wall: found });
		wall = found;
	}

	// Sound and video.

	const pauses = new WeakMap();
	// `play` does not bubble, but it is caught on its way down.
	const silence = (event) => {
		const media = event.target;
		if (!(media instanceof HTMLMediaElement)) return;
		media.muted = true;
		const times = (pauses.get(media) ?? 0) + 1;
		pauses.set(media, times);
		if (times <= MAX_PAUSES) media.pause();
	};
	listen.call(document, "play", silence, true);

	post({
		kind: "ready",
		href: location.href,
		language: navigator.language,
		visibility: document.visibilityState,
		top: window === window.top,
	});
	setInterval(look, LOOK_MS);
	setTimeout(() => {
		if (made === 0) post({ kind: "no_socket" });
	}, NO_SOCKET_MS);
})("BRIDGE", "FILTER", "EVERYWHERE");
