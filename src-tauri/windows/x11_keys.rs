//! Keys of the whole X11 screen: taken from all programs, and given back. By where a key is on the keyboard, not by what is
//! printed on it, as the pages tell keys, too.

use std::sync::{Arc, Mutex, PoisonError};

use keyboard_types::{Code, Modifiers};
use tracing::{info, warn};
use x11rb::connection::Connection as _;
use x11rb::errors::ReplyError;
use x11rb::protocol::ErrorKind;
use x11rb::protocol::xproto::{ConnectionExt as _, GrabMode, KeyButMask, Keycode, ModMask, Window};
use x11rb::rust_connection::RustConnection;

use super::hotkeys::Refusal;
use super::keys::Combination;

/// What is held with a key, as far as combinations know it. The other bits are locks, other layouts and buttons.
const HELD: [(Modifiers, ModMask); 4] = [
    (Modifiers::SHIFT, ModMask::SHIFT),
    (Modifiers::CONTROL, ModMask::CONTROL),
    (Modifiers::ALT, ModMask::M1),
    (Modifiers::SUPER, ModMask::M4),
];

/// The key code of number lock on every keyboard that the kernel knows.
const NUM_LOCK: Keycode = 77;

/// The keys that are ours.
pub(crate) struct Keys {
    connection: Arc<RustConnection>,
    root: Window,
    taken: Mutex<Vec<Taken>>,
}

/// One combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Taken {
    keys: Combination,
    code: Keycode,
    held: ModMask,
}

/// A key that was pressed, and when: a key that is held repeats itself as a release and a press of the same moment.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    released: Option<(Keycode, u32)>,
}

impl Repeats {
    /// A key was released.
    pub(crate) fn release(&mut self, code: Keycode, time: u32) {
        self.released = Some((code, time));
    }

    /// Whether a press is no press of a person.
    pub(crate) fn is_repeat(&self, code: Keycode, time: u32) -> bool {
        self.released == Some((code, time))
    }
}

impl Keys {
    /// Nothing is taken yet. Whoever reads the events of `connection` asks [`Keys::pressed`] what they are.
    pub(crate) fn new(connection: Arc<RustConnection>, root: Window) -> Self {
        Self { connection, root, taken: Mutex::default() }
    }

    /// Takes a combination from all programs.
    ///
    /// # Errors
    /// [`Refusal`]; then nothing is taken.
    pub(crate) fn take(&self, keys: Combination) -> Result<(), Refusal> {
        let taken = self.find(keys).ok_or(Refusal::NotThere)?;
        match self.grab(taken) {
            Ok(()) => {
                self.lock().push(taken);
                Ok(())
            }
            Err(error) => {
                info!(%keys, %error, "keys cannot be had");
                self.ungrab(taken);
                let by_another = matches!(&error, ReplyError::X11Error(error) if error.error_kind == ErrorKind::Access);
                Err(if by_another { Refusal::Taken } else { Refusal::NotThere })
            }
        }
    }

    /// Gives a combination back.
    pub(crate) fn give_back(&self, keys: Combination) {
        let mut all = self.lock();
        if let Some(at) = all.iter().position(|taken| taken.keys == keys) {
            self.ungrab(all.swap_remove(at));
        }
    }

    /// Which combination it is that was pressed.
    pub(crate) fn pressed(&self, code: Keycode, state: KeyButMask) -> Option<Combination> {
        let all = HELD.iter().fold(0, |all, (_, mask)| all | u16::from(*mask));
        let held = ModMask::from(u16::from(state) & all);
        self.lock().iter().find(|taken| taken.code == code && taken.held == held).map(|taken| taken.keys)
    }

    fn find(&self, keys: Combination) -> Option<Taken> {
        let (modifiers, key) = keys.parts();
        let held = HELD.iter().filter(|(modifier, _)| modifiers.contains(*modifier));
        let held = held.fold(ModMask::from(0_u16), |all, (_, mask)| all | *mask);
        let setup = self.connection.setup();
        let code = key_code(key).filter(|code| (setup.min_keycode..=setup.max_keycode).contains(code))?;
        Some(Taken { keys, code, held })
    }

    /// A grab is for exactly what is held, so there is one for each state of the locks.
    fn grab(&self, taken: Taken) -> Result<(), ReplyError> {
        for locks in self.locks() {
            let held = taken.held | locks;
            let how = GrabMode::ASYNC;
            self.connection.grab_key(false, self.root, held, taken.code, how, how)?.check()?;
        }
        Ok(())
    }

    fn ungrab(&self, taken: Taken) {
        for locks in self.locks() {
            // Those that were not ours are not taken from others by this.
            if let Err(error) = self.connection.ungrab_key(taken.code, self.root, taken.held | locks) {
                warn!(keys = %taken.keys, %error, "keys were not given back");
            }
        }
        if let Err(error) = self.connection.flush() {
            warn!(%error, "the screen does not answer");
        }
    }

    /// Caps lock and number lock, on and off.
    fn locks(&self) -> [ModMask; 4] {
        let none = ModMask::from(0_u16);
        let mapping = self.connection.get_modifier_mapping().ok().and_then(|cookie| cookie.reply().ok());
        let numbers = mapping.and_then(|mapping| {
            let each = usize::from(mapping.keycodes_per_modifier()).max(1);
            let row = mapping.keycodes.chunks(each).position(|codes| codes.contains(&NUM_LOCK))?;
            Some(ModMask::from(1_u16 << row))
        });
        let numbers = numbers.unwrap_or(ModMask::M2);
        [none, ModMask::LOCK, numbers, ModMask::LOCK | numbers]
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Taken>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key code of a key: the kernel's number (`linux/input-event-codes.h`) and 8, as X servers have counted since evdev.
fn key_code(key: Code) -> Option<Keycode> {
    let number = match key {
        Code::Escape => 1,
        Code::Digit1 => 2,
        Code::Digit2 => 3,
        Code::Digit3 => 4,
        Code::Digit4 => 5,
        Code::Digit5 => 6,
        Code::Digit6 => 7,
        Code::Digit7 => 8,
        Code::Digit8 => 9,
        Code::Digit9 => 10,
        Code::Digit0 => 11,
        Code::Minus => 12,
        Code::Equal => 13,
        Code::Backspace => 14,
        Code::Tab => 15,
        Code::KeyQ => 16,
        Code::KeyW => 17,
        Code::KeyE => 18,
        Code::KeyR => 19,
        Code::KeyT => 20,
        Code::KeyY => 21,
        Code::KeyU => 22,
        Code::KeyI => 23,
        Code::KeyO => 24,
        Code::KeyP => 25,
        Code::BracketLeft => 26,
        Code::BracketRight => 27,
        Code::Enter => 28,
        Code::KeyA => 30,
        Code::KeyS => 31,
        Code::KeyD => 32,
        Code::KeyF => 33,
        Code::KeyG => 34,
        Code::KeyH => 35,
        Code::KeyJ => 36,
        Code::KeyK => 37,
        Code::KeyL => 38,
        Code::Semicolon => 39,
        Code::Quote => 40,
        Code::Backquote => 41,
        Code::Backslash => 43,
        Code::KeyZ => 44,
        Code::KeyX => 45,
        Code::KeyC => 46,
        Code::KeyV => 47,
        Code::KeyB => 48,
        Code::KeyN => 49,
        Code::KeyM => 50,
        Code::Comma => 51,
        Code::Period => 52,
        Code::Slash => 53,
        Code::NumpadMultiply => 55,
        Code::Space => 57,
        Code::F1 => 59,
        Code::F2 => 60,
        Code::F3 => 61,
        Code::F4 => 62,
        Code::F5 => 63,
        Code::F6 => 64,
        Code::F7 => 65,
        Code::F8 => 66,
        Code::F9 => 67,
        Code::F10 => 68,
        Code::NumLock => 69,
        Code::ScrollLock => 70,
        Code::Numpad7 => 71,
        Code::Numpad8 => 72,
        Code::Numpad9 => 73,
        Code::NumpadSubtract => 74,
        Code::Numpad4 => 75,
        Code::Numpad5 => 76,
        Code::Numpad6 => 77,
        Code::NumpadAdd => 78,
        Code::Numpad1 => 79,
        Code::Numpad2 => 80,
        Code::Numpad3 => 81,
        Code::Numpad0 => 82,
        Code::NumpadDecimal => 83,
        Code::F11 => 87,
        Code::F12 => 88,
        Code::NumpadDivide => 98,
        Code::PrintScreen => 99,
        Code::Home => 102,
        Code::ArrowUp => 103,
        Code::PageUp => 104,
        Code::ArrowLeft => 105,
        Code::ArrowRight => 106,
        Code::End => 107,
        Code::ArrowDown => 108,
        Code::PageDown => 109,
        Code::Insert => 110,
        Code::Delete => 111,
        Code::AudioVolumeMute => 113,
        Code::AudioVolumeDown => 114,
        Code::AudioVolumeUp => 115,
        Code::Pause => 119,
        Code::MediaTrackNext => 163,
        Code::MediaTrackPrevious => 165,
        Code::MediaStop => 166,
        Code::F13 => 183,
        Code::F14 => 184,
        Code::F15 => 185,
        Code::F16 => 186,
        Code::F17 => 187,
        Code::F18 => 188,
        Code::F19 => 189,
        Code::F20 => 190,
        Code::F21 => 191,
        Code::F22 => 192,
        Code::F23 => 193,
        Code::F24 => 194,
        Code::MediaPause => 201,
        Code::MediaPlay => 207,
        _ => return None,
    };
    Some(number + 8)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::keys::Combination;
    use super::{Repeats, key_code};

    #[test]
    fn every_key_that_can_be_chosen_is_on_the_keyboard_and_no_two_are_the_same() {
        let letters = ('A'..='Z').map(|letter| format!("Key{letter}"));
        let digits = (0..=9).flat_map(|n| [format!("Digit{n}"), format!("Numpad{n}")]);
        let functions = (1..=24).map(|n| format!("F{n}"));
        let others = "Escape Minus Equal Backspace Tab BracketLeft BracketRight Enter Semicolon Quote Backquote Backslash Comma \
            Period Slash Space NumLock ScrollLock NumpadAdd NumpadSubtract NumpadMultiply NumpadDivide NumpadDecimal \
            PrintScreen Home End PageUp PageDown ArrowUp ArrowDown ArrowLeft ArrowRight Insert Delete Pause AudioVolumeMute \
            AudioVolumeDown AudioVolumeUp MediaTrackNext MediaTrackPrevious MediaStop MediaPlay MediaPause";
        let names = letters.chain(digits).chain(functions).chain(others.split_whitespace().map(str::to_owned));
        let mut codes = BTreeSet::new();
        for name in names {
            let keys: Combination = format!("Ctrl+{name}").parse().unwrap_or_else(|no| panic!("{name}: {no:?}"));
            let code = key_code(keys.parts().1).unwrap_or_else(|| panic!("{name} is nowhere"));
            assert!(codes.insert(code), "{name}");
        }
    }

    #[test]
    fn a_key_that_is_held_is_pressed_once() {
        let mut repeats = Repeats::default();
        assert!(!repeats.is_repeat(75, 1000));
        repeats.release(75, 1500);
        assert!(repeats.is_repeat(75, 1500), "by the keyboard itself");
        repeats.release(75, 1530);
        assert!(!repeats.is_repeat(75, 1700) && !repeats.is_repeat(76, 1530));
    }
}
