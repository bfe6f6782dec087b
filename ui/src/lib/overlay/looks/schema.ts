/**
 * Everything that can be set about an overlay, once: what addresses may say, what a look's file may hold, what is the default,
 * and what a form would show are all read from here.
 */

import type { Settings } from "../settings";
import { PLATFORMS } from "../../platforms";

/** What a name in an address stands for, if not for the value itself. */
export interface Alias {
	readonly name: string;
	/** The value that it means when it says yes. Without one it is read like any other value. */
	readonly yes?: unknown;
	/** The value that it means when it says no. */
	readonly no?: unknown;
	/** What its number is multiplied by. */
	readonly times?: number;
}

interface Common {
	readonly group: Group;
	/** The setting. */
	readonly id: keyof Settings;
	readonly label: string;
	readonly help?: string;
	/** Names in an address, in any spelling of upper and lower case. The first one that says something counts. */
	readonly query: readonly (string | Alias)[];
	/** Makes sense only while that setting has that value. */
	readonly showIf?: { readonly id: keyof Settings; readonly is: unknown };
}

/** One thing that can be set. */
export type Control =
	| (Common & { readonly type: "switch"; readonly default: boolean })
	| (Common & {
			readonly type: "number" | "slider";
			readonly default: number;
			readonly min: number;
			readonly max: number;
			/** 1 means whole numbers; else only how a slider moves. */
			readonly step: number;
			/** Of a `×`, `150%` and `150` are the same as `1.5`. */
			readonly unit: "px" | "s" | "×" | "";
	  })
	| (Common & { readonly type: "select"; readonly default: string; readonly options: readonly { readonly value: string; readonly label: string }[] })
	| (Common & { readonly type: "colour" | "font"; readonly default: null })
	| (Common & { readonly type: "text"; readonly form: "language" | "css"; readonly default: null })
	/** Several words with commas; the words of all its names in an address count. */
	| (Common & { readonly type: "text"; readonly form: "names" | "kinds" | "platforms"; readonly default: ReadonlySet<string> })
	| (Common & { readonly type: "text"; readonly form: "words"; readonly default: readonly string[] });

export const GROUPS = ["Text", "Layout", "Parts", "Motion", "What is shown"] as const;
export type Group = (typeof GROUPS)[number];

const NONE: ReadonlySet<string> = new Set();

export const SCHEMA = [
	{ group: "Text", id: "fontSize", type: "slider", label: "Text size", default: 20, min: 8, max: 96, step: 0.5, unit: "px", query: ["fontSize"] },
	{ group: "Text", id: "scale", type: "slider", label: "Everything larger", default: 1, min: 0.5, max: 3, step: 0.05, unit: "×", query: ["scale"] },
	{ group: "Text", id: "font", type: "font", label: "Font", help: "A font of this computer. Several with commas: the first one that is there counts.", default: null, query: ["font"] },
	{ group: "Text", id: "surface", type: "colour", label: "Names are read on", help: "What is behind the words, if a look draws plates of its own: names keep their distance from it.", default: null, query: ["surface"] },
	{ group: "Text", id: "lang", type: "text", form: "language", label: "Language of words and times", default: null, query: ["lang"] },

	{ group: "Layout", id: "plate", type: "colour", label: "Plate", help: "Behind everything. Without one the page is transparent.", default: null, query: ["background"] },
	{ group: "Layout", id: "opacity", type: "slider", label: "Opacity", default: 1, min: 0, max: 1, step: 0.05, unit: "×", query: ["opacity"] },
	{ group: "Layout", id: "limit", type: "number", label: "Messages on the page", default: 60, min: 1, max: 200, step: 1, unit: "", query: ["limit"] },
	{ group: "Layout", id: "compact", type: "switch", label: "Closer lines", default: false, query: ["compact"] },
	{ group: "Layout", id: "bubble", type: "switch", label: "Bubbles", default: false, query: ["bubble"] },
	{ group: "Layout", id: "horizontal", type: "switch", label: "One row", default: false, query: ["horizontal"] },
	{ group: "Layout", id: "reverse", type: "switch", label: "Newest first", default: false, query: ["reverse"] },
	{ group: "Layout", id: "alignRight", type: "switch", label: "At the right edge", default: false, query: ["alignright"], showIf: { id: "horizontal", is: false } },
	{ group: "Layout", id: "rtl", type: "switch", label: "Right to left", help: "For scripts that are written from right to left.", default: false, query: ["rtl"] },

	{
		group: "Parts", id: "avatars", type: "select", label: "Avatars", default: "auto", query: [{ name: "noavatar", yes: "off", no: "on" }],
		options: [{ value: "auto", label: "Where the platform has them" }, { value: "on", label: "Always" }, { value: "off", label: "Never" }],
	},
	{ group: "Parts", id: "badges", type: "switch", label: "Badges", default: true, query: [{ name: "nobadges", yes: false, no: true }] },
	{ group: "Parts", id: "times", type: "switch", label: "Times", default: false, query: [{ name: "notime", yes: false, no: true }] },
	{
		group: "Parts", id: "mark", type: "select", label: "Platform", default: "icon", query: [{ name: "hidesource", yes: "off" }, "source"],
		options: [{ value: "icon", label: "Mark" }, { value: "bar", label: "Bar" }, { value: "off", label: "Not told" }],
	},
	{ group: "Parts", id: "ticker", type: "switch", label: "Recent payments on top", default: false, query: ["ticker"] },
	{ group: "Parts", id: "bigEmotes", type: "switch", label: "Larger emotes where a message is nothing else", default: false, query: ["bigemotes"] },
	{ group: "Parts", id: "stripLinks", type: "switch", label: "[link] in place of links", default: false, query: ["striplinks"] },

	{ group: "Motion", id: "hideAfter", type: "slider", label: "Hide after", help: "0 is never.", default: 0, min: 0, max: 3_600, step: 0.5, unit: "s", query: [{ name: "showtime", times: 0.001 }, "hideAfter"] },
	{ group: "Motion", id: "animate", type: "switch", label: "Fade and slide", default: true, query: ["animate"] },
	{ group: "Motion", id: "stillEmotes", type: "switch", label: "Emotes stand still", default: false, query: ["staticemotes"] },

	{ group: "What is shown", id: "hideBots", type: "switch", label: "Hide known bots", default: true, query: ["hideBots"] },
	{
		group: "What is shown", id: "prefixes", type: "text", form: "words", label: "Hide messages that begin with", default: ["!"],
		query: [{ name: "hideCommands", yes: ["!"], no: [] }, { name: "excludeCommands", yes: ["!"], no: [] }],
	},
	{ group: "What is shown", id: "hiddenNames", type: "text", form: "names", label: "Hide people", default: NONE, query: ["hidefrom", "exclude", "ignoreChatters"] },
	{ group: "What is shown", id: "onlyNames", type: "text", form: "names", label: "Only these people", default: NONE, query: ["onlyfrom"] },
	{ group: "What is shown", id: "onlyKinds", type: "text", form: "kinds", label: "Only these kinds", help: "A platform, chat, paid, events, or the name of an event.", default: NONE, query: ["onlytype"] },
	{ group: "What is shown", id: "hiddenKinds", type: "text", form: "kinds", label: "Hide kinds", default: NONE, query: ["hidetype"] },
	{ group: "What is shown", id: "shownKinds", type: "text", form: "kinds", label: "Show although hidden by default", default: NONE, query: ["showtype"] },
	{ group: "What is shown", id: "blurred", type: "text", form: "platforms", label: "Blur platforms", default: NONE, query: [{ name: "blur", yes: new Set(PLATFORMS), no: NONE }] },

	{ group: "Text", id: "css", type: "text", form: "css", label: "More CSS", help: "Rules, or the address of a file of them.", default: null, query: ["css", "b64css"] },
] as const satisfies readonly Control[];

/** Fails to compile when a setting has no control. */
type Without<K extends never> = K;
export type Uncontrolled = Without<Exclude<keyof Settings, (typeof SCHEMA)[number]["id"]>>;

/** Every setting at its default. */
export const DEFAULTS = Object.fromEntries(SCHEMA.map((c: Control) => [c.id, c.default])) as unknown as Readonly<Settings>;
