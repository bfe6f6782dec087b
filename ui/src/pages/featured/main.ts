import type { OwnLook } from "$lib/bindings/OwnLook";
import type { SavedFrame } from "$lib/bindings/SavedFrame";
import { overlayName, serverUrl } from "$lib/overlay/saved";
import { t } from "$lib/language/language";
import { isBuiltIn } from "$lib/overlay/looks/builtin";
import { readLook, readQuery } from "$lib/overlay/query";
import { PLATFORMS } from "$lib/platforms";
import { Connection } from "$lib/socket/connection";
import "../overlay/styles/overlay.css";
import { FeaturedLayer } from "../overlay/featured";
import { explain } from "../overlay/page";
import type { Worn } from "../overlay/preview";
import { Wardrobe } from "../overlay/scene";
import { make } from "../overlay/tree/make";

/** The page of the featured message alone. It is dressed like the main overlay, or like the one that its address names. */
const root = document.documentElement;
root.dataset.page = "featured";
const app = make("yt-live-chat-app", "yt-live-chat-app", null);
const wardrobe = new Wardrobe(root, location);
async function scene(saved: Worn | null, looks: readonly OwnLook[] | null) {
	const scene = await wardrobe.wear(saved, looks, PLATFORMS);
	// There is no row here.
	delete root.dataset.horizontal;
	return scene;
}
/** What the address says of the place; a page of its own shows it in any case. */
const asked = new URLSearchParams(location.search).has("featured") ? readQuery(location).settings.featured : "middle";

const first = await scene(null, null);
document.body.append(app);
const layer = first && new FeaturedLayer(root, app, first, asked === "off" ? "middle" : asked);
explain(root, () => t("overlay:featured.explain"));

async function follow(saved: SavedFrame): Promise<void> {
	const other = await scene(saved.overlays[0] ?? null, Array.isArray(saved.looks) ? saved.looks : []);
	if (other) layer?.restyle(other);
	layer?.show(saved.stage);
}

let following = Promise.resolve();
const connection = new Connection(serverUrl(location), {
	opened: () => {
		const look = readLook(location);
		connection.send({ type: "follow", overlay: overlayName(location), ...(look && !isBuiltIn(look) ? { look } : {}) });
	},
	lost: () => undefined,
	received: (frame) => {
		// A server of another version must not stop the page.
		if (frame?.type === "saved") following = following.then(() => follow(frame)).catch(() => undefined);
	},
	sent: () => undefined,
});
connection.open();
