import type { OwnLook } from "$lib/bindings/OwnLook";
import type { Sample } from "$lib/bindings/Sample";
import type { SavedFrame } from "$lib/bindings/SavedFrame";
import type { Wanted } from "$lib/channels/wanted";
import { t } from "$lib/language/language";
import { Hidden } from "$lib/overlay/hidden";
import { isBuiltIn } from "$lib/overlay/looks/builtin";
import { DEMO, readLook, readQuery } from "$lib/overlay/query";
import { channelsOf, overlayName, serverUrl } from "$lib/overlay/saved";
import type { Samples } from "$lib/overlay/made-up/samples";
import { Subscriptions, toldOf } from "$lib/overlay/subscriptions";
import { PLATFORMS } from "$lib/platforms";
import { Connection } from "$lib/socket/connection";
import "./styles/overlay.css";
import { type InObs, watchAttention } from "./attention";
import { FeaturedLayer } from "./featured";
import { explain } from "./page";
import { type Worn, listen } from "./preview";
import { Wardrobe } from "./scene";
import { Stage } from "./stage";
import type { Scene } from "./tree/item";
import { skeleton } from "./tree/skeleton";

const { channels: named, backlog, preview } = readQuery(location);
/** Without channels in its address, the overlay is the saved one. */
const follows = named.length === 0 && !preview;
const root = document.documentElement;
const places = skeleton();
let channels: readonly Wanted[] = named;
const wardrobe = new Wardrobe(root, location);

/** Dresses the page by its address and by what is saved, and says how to draw. Null if it is dressed so already. */
async function scene(saved: Worn | null, looks: readonly OwnLook[] | null): Promise<Scene | null> {
	const scene = await wardrobe.wear(saved, looks, [...(preview ? PLATFORMS : []), ...channels.map((c) => c.platform)]);
	if (scene) places.app.firstElementChild?.toggleAttribute("hide-timestamps", !scene.settings.times);
	return scene;
}

const first = await scene(null, null);
document.body.append(places.app);
const stage = new Stage(places, first as Scene);
const featured = new FeaturedLayer(root, places.app, first as Scene);
/** How OBS shows this page, if it does: the window says so under the link. */
let inObs: InObs | null = null;
let report = (): void => undefined;
watchAttention((awake) => (stage.awake = awake), (how) => {
	inObs = how;
	report();
});
explain(root, () => channels.length > 0 || preview
	? t("overlay:explain")
	: t("overlay:noChannels", { demo: DEMO }));

/** Looks as the overlay is saved. */
async function wear(saved: Worn | null, looks: readonly OwnLook[]): Promise<void> {
	const other = await scene(saved, looks);
	if (!other) return;
	stage.restyle(other);
	featured.restyle(other);
}

/** Goes by what is saved now: one state after the other, as a look may have to be loaded. */
async function follow(saved: SavedFrame): Promise<void> {
	stage.paused = saved.stage.paused;
	stage.clear(saved.stage.clearedAt);
	stage.hidden = Hidden.of(saved);
	// A server of another version says nothing of looks.
	const looks = Array.isArray(saved.looks) ? saved.looks : [];
	if (follows) channels = channelsOf(saved);
	await wear(follows ? (saved.overlays[0] ?? null) : null, looks);
	featured.show(saved.stage);
	if (!follows) return;
	for (const left of subscriptions.want(channels)) stage.leave(left);
}

/** Loaded when it is wanted: on most overlays nobody ever does. */
let madeUp: Promise<Samples> | undefined;
/** Shows what a person wants to see here. */
function rehearse(samples: readonly Sample[]): void {
	madeUp ??= import("$lib/overlay/made-up/samples").then(({ Samples }) => new Samples());
	const shown = madeUp.then((all) => {
		for (const told of samples.flatMap((sample) => all.frames(sample)).map(toldOf)) if (told) stage.take(told, false);
	});
	// Asked again, it may come.
	shown.catch(() => (madeUp = undefined));
}

let following = Promise.resolve();
const connection = new Connection(serverUrl(location), {
	opened: () => {
		const look = readLook(location);
		connection.send({ type: "follow", overlay: overlayName(location), rehearsals: true, ...(look && !isBuiltIn(look) ? { look } : {}) });
		report();
		subscriptions.opened();
	},
	lost: () => subscriptions.lost(),
	received: (frame) => {
		if (frame?.type === "rehearsal") return rehearse(frame.samples);
		if (frame?.type !== "saved") return frame && subscriptions.received(frame);
		// A server of another version must not stop the page.
		following = following.then(() => follow(frame)).catch(() => undefined);
	},
	sent: () => undefined,
});
report = () => {
	if (inObs) connection.send({ type: "shown", overlay: overlayName(location), ...inObs });
};
const subscriptions = new Subscriptions(named, backlog, (message) => connection.send(message), (told, past) => stage.take(told, past));

if (preview) {
	listen((told) => stage.take(told, false), (overlay, looks) => {
		following = following.then(() => wear(overlay, looks)).catch(() => undefined);
	});
}
else connection.open();

// In a window of the desktop program there is a frame around it. OBS and browsers load nothing of that.
if (!preview && "__TAURI_INTERNALS__" in window) void import("./window/open").then(({ openWindow }) => openWindow(places.items));
