//! Which keys are held, from the state of the whole keyboard. Pure.

/// The key codes of a keyboard's modifiers; a keyboard may have several of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Modifiers {
    /// Those that are Ctrl.
    pub(crate) ctrl: Vec<u8>,
    /// Those that are Alt.
    pub(crate) alt: Vec<u8>,
}

impl Modifiers {
    /// Whether a key code is one of them.
    pub(crate) fn has(&self, code: u8) -> bool {
        self.ctrl.contains(&code) || self.alt.contains(&code)
    }

    /// Whether Ctrl and Alt are held and nothing else. With another key they are a combination, meant for somebody else.
    /// `keys` has one bit for each key code.
    pub(crate) fn are_held_alone(&self, keys: &[u8; 32]) -> bool {
        let mut held = (0..=u8::MAX).filter(|code| keys[usize::from(code / 8)] >> (code % 8) & 1 == 1);
        let (mut ctrl, mut alt) = (false, false);
        let alone = held.all(|code| {
            ctrl |= self.ctrl.contains(&code);
            alt |= self.alt.contains(&code);
            self.has(code)
        });
        alone && ctrl && alt
    }
}

#[cfg(test)]
mod tests {
    use super::Modifiers;

    fn keys(held: &[u8]) -> [u8; 32] {
        let mut keys = [0; 32];
        for code in held {
            keys[usize::from(code / 8)] |= 1 << (code % 8);
        }
        keys
    }

    #[test]
    fn both_and_nothing_else() {
        let modifiers = Modifiers { ctrl: vec![37, 105], alt: vec![64] };
        assert!(modifiers.are_held_alone(&keys(&[37, 64])));
        assert!(modifiers.are_held_alone(&keys(&[105, 64])), "the right one, too");
        for held in [&[][..], &[37], &[64], &[37, 105], &[37, 64, 73], &[37, 64, 255]] {
            assert!(!modifiers.are_held_alone(&keys(held)), "{held:?}");
        }
        assert!(!Modifiers::default().are_held_alone(&[255; 32]), "a keyboard without them");
    }
}
