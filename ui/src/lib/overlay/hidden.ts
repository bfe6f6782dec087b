/** What somebody has hidden from overlays: single messages, and people wherever they are. Pure. */

import type { HiddenPerson } from "../bindings/HiddenPerson";
import type { SavedFrame } from "../bindings/SavedFrame";
import { type Happened, eventKey } from "../feed/entry";

/** One text for a person, whatever is in an id. */
export function personKey({ platform, id }: Pick<HiddenPerson, "platform" | "id">): string {
	return `${platform} ${id}`;
}

/** Who wrote or caused something, as somebody who can be hidden; null for nobody or somebody unknown. */
export function personOf({ kind, frame }: Happened): HiddenPerson | null {
	const author = kind === "chat" ? frame.data.author : frame.data.user;
	return author?.id ? { platform: frame.platform, id: author.id, name: author.display_name || author.username } : null;
}

export class Hidden {
	readonly #messages: ReadonlySet<string>;
	readonly #people: ReadonlySet<string>;

	constructor(messages: readonly string[] = [], people: readonly HiddenPerson[] = []) {
		this.#messages = new Set(messages);
		this.#people = new Set(people.map(personKey));
	}

	/** As a server tells it; one of another version tells none. */
	static of({ stage, hidden }: Pick<SavedFrame, "stage" | "hidden">): Hidden {
		return new Hidden(Array.isArray(stage.hidden) ? stage.hidden : [], Array.isArray(hidden) ? hidden : []);
	}

	/** Whether it is not to be shown. */
	has(happened: Happened): boolean {
		return this.hasMessage(happened) || this.hasPerson(happened);
	}

	hasMessage({ frame }: Happened): boolean {
		// Asked for every message: the usual case writes no key.
		return this.#messages.size > 0 && this.#messages.has(eventKey(frame.platform, frame.event_id));
	}

	hasPerson(happened: Happened): boolean {
		if (this.#people.size === 0) return false;
		const person = personOf(happened);
		return person !== null && this.#people.has(personKey(person));
	}

	/** Whether both hide the same. */
	equals(other: Hidden): boolean {
		return same(this.#messages, other.#messages) && same(this.#people, other.#people);
	}
}

function same(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
	return a.size === b.size && [...a].every((one) => b.has(one));
}
