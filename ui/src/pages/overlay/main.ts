import type { OwnLook } from "$lib/bindings/OwnLook";
import type { SavedFrame } from "$lib/bindings/SavedFrame";
import type { Wanted } from "$lib/channels/wanted";
import { directionOf, languageOf, setForms, speak, spoken, t } from "$lib/language/language";
import { isBuiltIn, loadLook } from "$lib/overlay/looks/builtin";
import { DEMO, readLook, readQuery } from "$lib/overlay/query";
import { channelsOf, overlayName, serverUrl } from "$lib/overlay/saved";
import { hasAvatars } from "$lib/overlay/settings";
import { Subscriptions } from "$lib/overlay/subscriptions";
import { PLATFORMS } from "$lib/platforms";
import { Connection } from "$lib/socket/connection";
import "./styles/overlay.css";
import { watchAttention } from "./attention";
import { dress, explain } from "./page";
import { type Worn, listen } from "./preview";
import { Stage } from "./stage";
import { type Scene, surfaceOf } from "./tree/item";
import { skeleton } from "./tree/skeleton";

const { channels: named, backlog, preview } = readQuery(location);
/** Without channels in its address, the overlay is the saved one. */
const follows = named.length === 0 && !preview;
const root = document.documentElement;
const places = skeleton();
let channels: readonly Wanted[] = named;
let worn = "";
/** Nothing was told yet of what is saved. */
let waits = true;

/** Dresses the page by its address and by what is saved, and says how to draw. Null if it is dressed so already. */
async function scene(saved: Worn | null, looks: readonly OwnLook[] = []): Promise<Scene | null> {
	const platforms = [...(preview ? PLATFORMS : []), ...channels.map((c) => c.platform)];
	const id = readLook(location) ?? saved?.look?.toLowerCase() ?? null;
	// One of the person's own comes with what is saved.
	const comes = id !== null && waits && !isBuiltIn(id);
	const wanted = JSON.stringify([id, saved?.values, platforms, comes, looks.find((look) => look.id === id)]);
	if (wanted === worn) return null;
	worn = wanted;
	const look = id === null || comes ? null : await loadLook(id, looks);
	const { settings } = readQuery(location, look, saved?.values);
	if (matchMedia("(prefers-reduced-motion: reduce)").matches) settings.stillEmotes = true;
	const language = languageOf(settings.lang ? [settings.lang] : navigator.languages);
	setForms(settings.lang);
	await speak(language, "overlay");
	root.lang = settings.lang ?? language;
	root.dir = settings.rtl ? "rtl" : directionOf(language);
	dress(root, settings, platforms.some((p) => hasAvatars(settings, p)), look);
	places.app.firstElementChild?.toggleAttribute("hide-timestamps", !settings.times);
	return { settings, surface: surfaceOf(settings), clock: new Intl.DateTimeFormat(spoken(), { hour: "numeric", minute: "2-digit" }) };
}

const first = await scene(null);
document.body.append(places.app);
const stage = new Stage(places, first as Scene);
watchAttention((awake) => (stage.awake = awake));
explain(root, () => channels.length > 0 || preview
	? t("overlay:explain")
	: t("overlay:noChannels", { demo: DEMO }));

/** Looks as the overlay is saved. */
async function wear(saved: Worn | null, looks: readonly OwnLook[]): Promise<void> {
	waits = false;
	const other = await scene(saved, looks);
	if (other) stage.restyle(other);
}

/** Goes by what is saved now: one state after the other, as a look may have to be loaded. */
async function follow(saved: SavedFrame): Promise<void> {
	stage.paused = saved.stage.paused;
	stage.clear(saved.stage.clearedAt);
	// A server of another version says nothing of looks.
	const looks = Array.isArray(saved.looks) ? saved.looks : [];
	if (!follows) return wear(null, looks);
	channels = channelsOf(saved);
	await wear(saved.overlays[0] ?? null, looks);
	for (const left of subscriptions.want(channels)) stage.leave(left);
}

let following = Promise.resolve();
const connection = new Connection(serverUrl(location), {
	opened: () => {
		const look = readLook(location);
		connection.send({ type: "follow", overlay: overlayName(location), ...(look && !isBuiltIn(look) ? { look } : {}) });
		subscriptions.opened();
	},
	lost: () => subscriptions.lost(),
	received: (frame) => {
		if (frame?.type !== "saved") return frame && subscriptions.received(frame);
		// A server of another version must not stop the page.
		following = following.then(() => follow(frame)).catch(() => undefined);
	},
	sent: () => undefined,
});
const subscriptions = new Subscriptions(named, backlog, (message) => connection.send(message), (told, past) => stage.take(told, past));

if (preview) {
	listen((told) => stage.take(told, false), (overlay, looks) => {
		following = following.then(() => wear(overlay, looks)).catch(() => undefined);
	});
}
else connection.open();

// In a window of the desktop program there is a frame around it. OBS and browsers load nothing of that.
if (!preview && "__TAURI_INTERNALS__" in window) void import("./window/open").then(({ openWindow }) => openWindow(places.items));
