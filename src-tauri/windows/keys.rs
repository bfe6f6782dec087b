//! Key combinations as people write them and as they are registered. Pure.

use std::fmt;
use std::str::FromStr;

use keyboard_types::{Code, Modifiers};

/// A key with what is held with it: `Ctrl+Alt+F7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Combination {
    modifiers: Modifiers,
    key: Code,
}

/// Why a text is no combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoCombination {
    /// No key is known by that name, or there are several, or none.
    Unknown,
    /// Alone it would no longer be typed into any program.
    Alone,
}

/// The longest text that is looked at. The longest combination there is has 40 letters.
const MAX_TEXT: usize = 64;

/// What people and keyboards call the keys that have no short name of their own in [`Code`].
const NAMES: [(&str, Code); 20] = [
    ("-", Code::Minus),
    ("=", Code::Equal),
    ("+", Code::Equal),
    ("[", Code::BracketLeft),
    ("]", Code::BracketRight),
    ("\\", Code::Backslash),
    (";", Code::Semicolon),
    ("'", Code::Quote),
    ("`", Code::Backquote),
    (",", Code::Comma),
    (".", Code::Period),
    ("/", Code::Slash),
    ("Up", Code::ArrowUp),
    ("Down", Code::ArrowDown),
    ("Left", Code::ArrowLeft),
    ("Right", Code::ArrowRight),
    ("Return", Code::Enter),
    ("Esc", Code::Escape),
    ("Del", Code::Delete),
    ("Ins", Code::Insert),
];

impl Combination {
    /// A key with what is held with it, as the system tells them.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn new(modifiers: Modifiers, key: Code) -> Self {
        Self { modifiers, key }
    }

    /// The key and what is held with it.
    pub(crate) fn parts(self) -> (Modifiers, Code) {
        (self.modifiers, self.key)
    }

    /// Whether the system keeps these keys for itself: they can be registered, and never come.
    pub(crate) fn is_of_the_system(self) -> bool {
        // X servers change terminals and video modes with them, by the key map that all desktops begin with.
        let numpad =
            matches!(self.key, Code::NumpadAdd | Code::NumpadSubtract | Code::NumpadMultiply | Code::NumpadDivide);
        let terminal = function_key(self.key).is_some_and(|number| number <= 12);
        let held = self.modifiers == Modifiers::CONTROL | Modifiers::ALT;
        cfg!(target_os = "linux") && held && (numpad || terminal)
    }
}

impl FromStr for Combination {
    type Err = NoCombination;

    fn from_str(text: &str) -> Result<Self, NoCombination> {
        if text.len() > MAX_TEXT {
            return Err(NoCombination::Unknown);
        }
        // The last `+` may be the key itself.
        let (held, key) = match text.trim().strip_suffix('+') {
            Some(held) => (held.trim_end().strip_suffix('+').unwrap_or(held), "+"),
            None => text.trim().rsplit_once('+').unwrap_or(("", text.trim())),
        };
        let mut modifiers = Modifiers::empty();
        for name in held.split('+').map(str::trim).filter(|name| !name.is_empty()) {
            modifiers |= modifier(name).ok_or(NoCombination::Unknown)?;
        }
        let key = code(key.trim()).ok_or(NoCombination::Unknown)?;
        if !modifiers.intersects(Modifiers::CONTROL | Modifiers::ALT | Modifiers::SUPER) && !may_be_alone(key) {
            return Err(NoCombination::Alone);
        }
        Ok(Self { modifiers, key })
    }
}

impl fmt::Display for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, name) in HELD {
            if self.modifiers.contains(modifier) {
                write!(f, "{name}+")?;
            }
        }
        // Symbols are said as they are printed on the key; the first name is that.
        if let Some((name, _)) = NAMES.iter().find(|(_, code)| *code == self.key) {
            return f.write_str(name);
        }
        let name = self.key.to_string();
        let short = name.strip_prefix("Key").or_else(|| name.strip_prefix("Digit"));
        f.write_str(short.filter(|rest| rest.len() == 1).unwrap_or(&name))
    }
}

/// In the order in which they are said.
const HELD: [(Modifiers, &str); 4] = [
    (Modifiers::CONTROL, "Ctrl"),
    (Modifiers::ALT, "Alt"),
    (Modifiers::SHIFT, "Shift"),
    (Modifiers::SUPER, if cfg!(target_os = "macos") { "Cmd" } else { "Super" }),
];

fn modifier(name: &str) -> Option<Modifiers> {
    Some(match name.to_ascii_lowercase().as_str() {
        "ctrl" | "control" => Modifiers::CONTROL,
        "alt" | "option" => Modifiers::ALT,
        "shift" => Modifiers::SHIFT,
        "super" | "meta" | "win" | "cmd" | "command" => Modifiers::SUPER,
        _ => return None,
    })
}

fn code(name: &str) -> Option<Code> {
    if let Some((_, code)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return Some(*code);
    }
    let code = match name.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => format!("Key{}", name.to_ascii_uppercase()).parse(),
        [digit] if digit.is_ascii_digit() => format!("Digit{name}").parse(),
        [b'f' | b'F', rest @ ..] if !rest.is_empty() => name.to_ascii_uppercase().parse(),
        _ => name.parse(),
    };
    code.ok().filter(|code| is_known(*code))
}

/// Keys that the library registers on every system, or on all but one.
fn is_known(code: Code) -> bool {
    let name = code.to_string();
    let printed = NAMES.iter().any(|(_, known)| *known == code);
    let counted = name.strip_prefix("Key").or_else(|| name.strip_prefix("Digit")).is_some_and(|rest| rest.len() == 1);
    let others = matches!(
        code,
        Code::Backspace | Code::Space | Code::Tab | Code::End | Code::Home | Code::PageDown | Code::PageUp
    );
    printed || counted || others || may_be_alone(code)
}

/// Keys that no program needs for writing.
fn may_be_alone(code: Code) -> bool {
    let name = code.to_string();
    let function = function_key(code).is_some();
    let numpad = name
        .strip_prefix("Numpad")
        .is_some_and(|rest| rest.len() == 1 || matches!(rest, "Add" | "Subtract" | "Multiply" | "Divide" | "Decimal"));
    let others = matches!(
        code,
        Code::Insert
            | Code::Pause
            | Code::ScrollLock
            | Code::PrintScreen
            | Code::NumLock
            | Code::MediaPlay
            | Code::MediaPause
            | Code::MediaStop
            | Code::MediaTrackNext
            | Code::MediaTrackPrevious
            | Code::AudioVolumeDown
            | Code::AudioVolumeMute
            | Code::AudioVolumeUp
    );
    function || numpad || others
}

/// The number of a function key, 1 to 24.
fn function_key(code: Code) -> Option<u8> {
    let number = code.to_string().strip_prefix('F')?.parse().ok()?;
    (1..=24).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use polychat_model::saved::HotkeyAction;

    use super::{Combination, NoCombination};

    fn said(text: &str) -> Result<String, NoCombination> {
        text.parse::<Combination>().map(|keys| keys.to_string())
    }

    #[test]
    fn the_usual_combinations_are_said_as_they_are_written() {
        for action in HotkeyAction::ALL {
            let keys = action.default_keys();
            assert!(keys.is_empty() || said(keys).as_deref() == Ok(keys), "{keys}");
        }
    }

    #[test]
    fn the_same_combination_has_one_spelling() {
        for text in ["ctrl+alt+k", " Alt + Control + K ", "Ctrl+Alt+KeyK", "CTRL+CTRL+ALT+k"] {
            assert_eq!(said(text).as_deref(), Ok("Ctrl+Alt+K"), "{text}");
        }
        assert_eq!(said("Win+Shift+Digit5").as_deref(), Ok("Shift+Super+5"));
        assert_eq!(said("f24").as_deref(), Ok("F24"));
    }

    #[test]
    fn the_numpad_and_symbols_are_keys_like_others() {
        assert_eq!(said("Numpad5").as_deref(), Ok("Numpad5"));
        assert_eq!(said("Ctrl+NumpadAdd").as_deref(), Ok("Ctrl+NumpadAdd"));
        assert_eq!(said("Ctrl+BracketLeft").as_deref(), Ok("Ctrl+["));
        for symbol in ["-", "=", "[", "]", "\\", ";", "'", "`", ",", ".", "/"] {
            let text = format!("Ctrl+{symbol}");
            assert_eq!(said(&text).as_deref(), Ok(text.as_str()));
        }
        assert_eq!(said("Ctrl++").as_deref(), Ok("Ctrl+="), "the key that plus is on");
    }

    #[test]
    fn what_is_said_is_understood_again() {
        for text in
            ["Ctrl+Up", "Alt+PageDown", "Ctrl+Alt+Space", "Pause", "MediaStop", "Ctrl+Shift+Delete", "Super+Tab"]
        {
            let once = said(text).unwrap();
            assert_eq!(said(&once).as_ref(), Ok(&once));
        }
    }

    #[test]
    fn a_key_that_is_written_with_is_not_taken_from_all_programs() {
        for text in ["K", "Shift+K", "5", "Enter", "Space", ",", "Shift+Escape"] {
            assert_eq!(said(text), Err(NoCombination::Alone), "{text}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn keys_that_never_come_are_known() {
        let keeps = |text: &str| text.parse::<Combination>().unwrap().is_of_the_system();
        for text in ["Ctrl+Alt+F1", "Ctrl+Alt+F7", "Ctrl+Alt+F12", "Ctrl+Alt+NumpadAdd"] {
            assert!(keeps(text), "{text}");
        }
        for text in ["Ctrl+Shift+F7", "Ctrl+Alt+Shift+F7", "F7", "Ctrl+Alt+F13", "Ctrl+Alt+K", "Ctrl+Alt+Numpad5"] {
            assert!(!keeps(text), "{text}");
        }
        for action in HotkeyAction::ALL.into_iter().filter(|action| !action.default_keys().is_empty()) {
            assert!(!keeps(action.default_keys()), "the keys that everybody begins with work");
        }
    }

    #[test]
    fn anything_else_is_no_combination() {
        let long = "Ctrl+".repeat(1000) + "K";
        for text in [
            "",
            "+",
            "Ctrl",
            "Ctrl+Alt",
            "Ctrl+Nonsense",
            "K+Ctrl",
            "F25",
            "F0",
            "Ctrl+K+L",
            "ключ",
            "Ctrl+Power",
            &long,
        ] {
            let said = said(text);
            assert!(matches!(said, Err(NoCombination::Unknown | NoCombination::Alone)), "{text:.20}: {said:?}");
        }
    }
}
