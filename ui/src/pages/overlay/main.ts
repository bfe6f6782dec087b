import { loadLook } from "$lib/overlay/looks/builtin";
import { DEMO, readLook, readQuery } from "$lib/overlay/query";
import { hasAvatars } from "$lib/overlay/settings";
import { Subscriptions } from "$lib/overlay/subscriptions";
import { PLATFORMS } from "$lib/platforms";
import { Connection, socketUrl } from "$lib/socket/connection";
import "./styles/overlay.css";
import { watchAttention } from "./attention";
import { dress, explain } from "./page";
import { listen } from "./preview";
import { Stage } from "./stage";
import { type Scene, surfaceOf } from "./tree/item";
import { skeleton } from "./tree/skeleton";

const named = readLook(location);
const look = named === null ? null : await loadLook(named);
const { settings, channels, backlog, preview } = readQuery(location, look);
if (matchMedia("(prefers-reduced-motion: reduce)").matches) settings.stillEmotes = true;

const root = document.documentElement;
dress(root, settings, [...(preview ? PLATFORMS : []), ...channels.map((c) => c.platform)].some((p) => hasAvatars(settings, p)), look);
explain(root, channels.length > 0
	? "This is the overlay. It is transparent in OBS."
	: `This overlay has no channels yet. Add them to its address: ?twitch=name or ?youtube=@name, or ?demo for ${DEMO}.`);

const places = skeleton();
if (!settings.times) places.app.firstElementChild?.setAttribute("hide-timestamps", "");
document.body.append(places.app);

const scene: Scene = {
	settings,
	surface: surfaceOf(settings),
	clock: new Intl.DateTimeFormat(settings.lang ?? undefined, { hour: "numeric", minute: "2-digit" }),
};
const stage = new Stage(places, scene);
watchAttention((awake) => (stage.awake = awake));

if (preview) listen((told) => stage.take(told, false));

if (channels.length > 0) {
	const connection = new Connection(socketUrl(location), {
		opened: () => subscriptions.opened(),
		lost: () => subscriptions.lost(),
		received: (frame) => frame && subscriptions.received(frame),
		sent: () => undefined,
	});
	const subscriptions = new Subscriptions(channels, backlog, (message) => connection.send(message), (told, past) => stage.take(told, past));
	connection.open();
}

// In a window of the desktop program there is a frame around it. OBS and browsers load nothing of that.
if ("__TAURI_INTERNALS__" in window) void import("./window/open").then(({ openWindow }) => openWindow(places.items));
