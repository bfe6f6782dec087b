/** Key combinations as people and the program write them: `Ctrl+Alt+F7`. Pure. */

import type { HotkeyAction } from "../bindings/HotkeyAction";
import { t } from "../language/language";

/** What a combination does. */
export function actionName(action: HotkeyAction): string {
	return t(`keys.actions.${action}`);
}

type Pressed = Pick<KeyboardEvent, "code" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey">;

/** Keys that only change what others mean. */
const MODIFIER = /^(?:Control|Alt|Shift|Meta|OS)(?:Left|Right)?$|^(?:CapsLock|NumLock|ScrollLock|Fn|FnLock|AltGraph)$/;

/** The combination of a pressed key, or null while only modifiers are held. By the place of the key, not by what it types. */
export function keysOf(event: Pressed): string | null {
	if (!event.code || MODIFIER.test(event.code)) return null;
	const letter = /^(?:Key([A-Z])|Digit(\d))$/.exec(event.code);
	const key = letter ? (letter[1] ?? letter[2] ?? event.code) : event.code;
	return [...heldOf(event), key].join("+");
}

/** The modifiers that are held. */
export function heldOf({ ctrlKey, altKey, shiftKey, metaKey }: Pressed): string[] {
	return [ctrlKey && "Ctrl", altKey && "Alt", shiftKey && "Shift", metaKey && "Super"].filter((m) => m !== false);
}

const NAMES: Readonly<Record<string, string>> = {
	ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Comma: ",", Period: ".", Slash: "/", Backslash: "\\", Semicolon: ";", Quote: "'",
	BracketLeft: "[", BracketRight: "]", Backquote: "`", Minus: "-", Equal: "=", PageUp: "PgUp", PageDown: "PgDn", Escape: "Esc", Delete: "Del", Insert: "Ins",
	NumpadAdd: "Num +", NumpadSubtract: "Num -", NumpadMultiply: "Num *", NumpadDivide: "Num /", NumpadDecimal: "Num .", NumpadEnter: "Num Enter",
};

/** Each key of a combination as it stands on a keyboard. */
export function shownKeys(keys: string): string[] {
	return keys.split("+").filter(Boolean).map((key) => NAMES[key] ?? key.replace(/^Numpad(\d)$/, "Num $1"));
}

/** Why a combination should not be taken, or "". Keys that people type with must stay theirs. */
export function keysProblem(keys: string): string {
	const parts = keys.split("+");
	const key = parts.at(-1) ?? "";
	const strong = parts.some((p) => p === "Ctrl" || p === "Alt" || p === "Super");
	const alone = /^F\d{1,2}$|^Numpad|^(?:Pause|ScrollLock|PrintScreen|Insert|Media|Launch|Audio)/.test(key);
	return strong || alone ? "" : t("keys.weak");
}
