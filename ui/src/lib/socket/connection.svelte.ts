/** The one socket of a page, for pages that show how it does. */

import { Connection, type Link } from "./connection";

export class VisibleConnection extends Connection {
	#shown = $state.raw<Link>({ is: "connecting" });

	override get link(): Link {
		return this.#shown;
	}
	protected override set link(link: Link) {
		this.#shown = link;
	}
}
