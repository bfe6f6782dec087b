/** What a person asks for: a channel, and what to be told of it. */

import type { IdentifierType } from "../bindings/IdentifierType";
import type { Include } from "../bindings/Include";
import type { Platform } from "../bindings/Platform";
import type { Subscribe } from "../bindings/Subscribe";

/** A channel as a person wrote it. */
export interface Wanted {
	platform: Platform;
	identifier: string;
	identifierType: IdentifierType;
}

/** What to be told, for all channels of a page. */
export interface Options {
	events: boolean;
	moderation: boolean;
	viewers: boolean;
	/** Wait for channels that are not live. */
	wait: boolean;
	/** How many recent messages to start with: 0 to 200. */
	backlog: number;
}

export const DEFAULT_OPTIONS: Readonly<Options> = {
	events: true,
	moderation: true,
	viewers: true,
	wait: true,
	backlog: 50,
};

/** The request for a channel. `lastSeq` is the last number seen, if any: then what was missed comes, and no backlog. */
export function subscribeTo(wanted: Wanted, options: Options, lastSeq: number | null): Subscribe {
	const include = (["events", "moderation", "viewers"] as const satisfies Include[]).filter((kind) => options[kind]);
	return {
		platform: wanted.platform,
		identifier: wanted.identifier,
		...(wanted.platform === "twitch" ? {} : { identifierType: wanted.identifierType }),
		include,
		...(lastSeq === null ? { backlog: options.backlog } : { since: lastSeq }),
		wait: options.wait,
	};
}
