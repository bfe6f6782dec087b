/** Lists beside the first one, each with its own choice of what it shows. They are this window's alone, and come back with it. */

import type { Platform } from "../bindings/Platform";
import { PLATFORMS } from "../platforms";
import { read, write } from "./remember";
import { EVERYTHING, KINDS, type Kind, type Sift } from "./sift";

/** The first list is one of them. */
export const MAX_COLUMNS = 3;

export interface Column {
	/** Of this page alone. */
	readonly id: number;
	readonly sift: Sift;
}

const KEY = "columns";

/** A choice in a form that can be kept, or stand in an address. Words and single channels are of the moment. */
export interface WrittenSift {
	readonly platforms: readonly Platform[];
	readonly kinds: readonly Kind[];
}

export function written({ platforms, kinds }: Sift): WrittenSift {
	return { platforms: PLATFORMS.filter((p) => platforms.has(p)), kinds: KINDS.filter((k) => kinds.has(k)) };
}

/** From anything: what is kept may be of another version, an address from anybody. */
export function siftOf(from: unknown): Sift {
	const { platforms, kinds } = (typeof from === "object" && from !== null ? from : {}) as Partial<Record<keyof WrittenSift, unknown>>;
	const has = (list: unknown, one: string) => Array.isArray(list) && list.includes(one);
	return { ...EVERYTHING, platforms: new Set(PLATFORMS.filter((p) => has(platforms, p))), kinds: new Set(KINDS.filter((k) => has(kinds, k))) };
}

/** As the address of a page that shows one list has it: `?platforms=twitch&kinds=paid,events`. */
export function siftQuery(sift: Sift): string {
	const { platforms, kinds } = written(sift);
	const query = new URLSearchParams();
	if (platforms.length > 0) query.set("platforms", platforms.join(","));
	if (kinds.length > 0) query.set("kinds", kinds.join(","));
	return query.toString();
}

export function siftFromQuery(search: string): Sift {
	const query = new URLSearchParams(search);
	const list = (name: string) => (query.get(name) ?? "").split(",");
	return siftOf({ platforms: list("platforms"), kinds: list("kinds") });
}

export class Columns {
	/** Those beside the first list. */
	more = $state.raw<readonly Column[]>([]);
	#next = 0;

	constructor() {
		const kept = read(KEY);
		for (const one of Array.isArray(kept) ? kept.slice(0, MAX_COLUMNS - 1) : []) this.more = [...this.more, { id: this.#next++, sift: siftOf(one) }];
	}

	get full(): boolean {
		return this.more.length >= MAX_COLUMNS - 1;
	}

	/** Another one at the end: what most people want beside a chat is what was paid for. */
	add(): void {
		if (this.full) return;
		const kinds: readonly Kind[] = this.more.some(({ sift }) => sift.kinds.has("paid")) ? ["questions"] : ["paid", "events"];
		this.#set([...this.more, { id: this.#next++, sift: { ...EVERYTHING, kinds: new Set(kinds) } }]);
	}

	remove(id: number): void {
		this.#set(this.more.filter((c) => c.id !== id));
	}

	change(id: number, sift: Sift): void {
		this.#set(this.more.map((c) => (c.id === id ? { ...c, sift } : c)));
	}

	#set(more: readonly Column[]): void {
		this.more = more;
		write(KEY, more.map(({ sift }) => written(sift)));
	}
}
