/** The words of looks, and of everything that can be set about them, in the language of the page. */

import { t } from "../../language/language";
import { isBuiltIn } from "./builtin";
import type { Look } from "./look";
import type { LOOKS } from "./names";
import type { Control, Group } from "./schema";

type BuiltIn = (typeof LOOKS)[number];

/** What a setting is called. */
export function labelOf({ id }: Pick<Control, "id">): string {
	return t(`looks.settings.${id}`);
}

/** What there is to know about a setting, or "". */
export function helpOf({ id }: Pick<Control, "id">): string {
	switch (id) {
		case "font":
		case "surface":
		case "plate":
		case "rtl":
		case "hideAfter":
		case "onlyKinds":
		case "css":
			return t(`looks.help.${id}`);
		default:
			return "";
	}
}

/** The words of a select. */
export function optionsOf(control: Control & { readonly type: "select" }): { value: string; label: string }[] {
	// The compiler does not know which options belong to which setting; a test does.
	return control.options.map((value) => ({ value, label: t(`looks.options.${control.id}.${value}` as "looks.options.mark.icon") }));
}

export function groupName(group: Group): string {
	return t(`looks.groups.${group}`);
}

/** The name of a look that comes with Polychat. */
export function builtInName(id: string): string {
	return isBuiltIn(id) ? t(`looks.names.${id as BuiltIn}`) : id;
}

export function lookName({ id, own }: Pick<Look, "id" | "own">): string {
	return own ? own.name : builtInName(id);
}

/** One sentence about a look. */
export function lookAbout({ id, own }: Pick<Look, "id" | "own">): string {
	if (own) return t("looks.about.own", { base: builtInName(own.base) });
	return isBuiltIn(id) ? t(`looks.about.${id as BuiltIn}`) : "";
}
