/** The last frames in both directions, for people who write programs against the protocol. */

/** A frame that came or left. */
export interface LoggedFrame {
	/** Grows by one with every frame. */
	readonly n: number;
	readonly direction: "in" | "out";
	/** The frame's `type`, or `text` if it has none. */
	readonly type: string;
	/** `twitch/name` if the frame says so, and the word that tells most: a status, a code, an event, an action. */
	readonly about: string;
	/** Unix milliseconds, by this machine's clock. */
	readonly at: number;
	readonly text: string;
}

/** How many frames are shown, and kept of each type: a busy chat must not push out the one status that matters. */
export const LOG_LIMIT = 200;
/** Types that are counted apart; a server that invents more does not make this grow. */
const MAX_TYPES = 24;

/** What a log needs to know of a frame. */
interface Seen {
	type?: unknown;
	platform?: unknown;
	identifier?: unknown;
	status?: unknown;
	code?: unknown;
	data?: unknown;
}

export class FrameLog {
	/** What to show, oldest first. */
	frames = $state.raw<readonly LoggedFrame[]>([]);
	/** Show only this type; null shows all. */
	filter = $state.raw<string | null>(null);
	/** While true, what is shown stands still. */
	paused = $state.raw(false);
	/** Types that were seen. */
	types = $state.raw<readonly string[]>([]);

	readonly #byType = new Map<string, LoggedFrame[]>();
	#n = 0;
	#dirty = false;

	/** Notes a frame. `frame` is what `text` says, if it was read already. */
	add(direction: LoggedFrame["direction"], text: string, frame: Seen | null, at: number): void {
		let type = typeof frame?.type === "string" ? frame.type.slice(0, 40) : "text";
		let list = this.#byType.get(type);
		if (!list && this.#byType.size >= MAX_TYPES) list = this.#byType.get((type = "text"));
		if (!list) this.#byType.set(type, (list = []));
		list.push({ n: this.#n++, direction, type, about: aboutOf(frame), at, text });
		// Twice as many before the older half goes: cheaper than one at a time.
		if (list.length > LOG_LIMIT * 2) list.splice(0, list.length - LOG_LIMIT);
		this.#dirty = true;
	}

	/** Brings what is shown up to date. Called at most once per painted frame, and only while it can be seen. */
	publish(): void {
		if (this.paused || !this.#dirty) return;
		this.#dirty = false;
		if (this.types.length !== this.#byType.size) this.types = [...this.#byType.keys()];
		const lists = this.filter === null ? [...this.#byType.values()] : [this.#byType.get(this.filter) ?? []];
		this.frames = lists.flatMap((l) => l.slice(-LOG_LIMIT)).sort((a, b) => a.n - b.n).slice(-LOG_LIMIT);
	}

	/** Shows one type, or all. */
	show(type: string | null): void {
		this.filter = type;
		this.#dirty = true;
		const paused = this.paused;
		this.paused = false;
		this.publish();
		this.paused = paused;
	}

	/** Forgets everything. */
	clear(): void {
		this.#byType.clear();
		this.frames = [];
		this.types = [];
		this.filter = null;
	}
}

function aboutOf(frame: Seen | null): string {
	const words = [frame?.platform, frame?.identifier].filter((w) => typeof w === "string").join("/");
	const data = (frame?.data ?? {}) as { event?: unknown; action?: unknown };
	const more = [frame?.status, frame?.code, data.event, data.action].find((w) => typeof w === "string");
	return [words, more].filter(Boolean).join(" ").slice(0, 120);
}
