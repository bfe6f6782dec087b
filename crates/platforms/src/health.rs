//! How well we understand what a platform sends that can change any day.

use std::collections::HashSet;

/// How many answers in a row must be bad, or good, to change the verdict.
const ANSWERS: u32 = 3;
/// An answer is bad if at least one action in this many is not understood.
const BAD_SHARE: u64 = 4;
/// How many names of unknown kinds are remembered; more than that and the platform is another one.
const NAMES_MAX: usize = 64;
/// Longest such name, in bytes. The longest known one has 54 (YouTube, 2026).
const NAME_MAX_BYTES: usize = 80;

/// How much was read, and how well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Health {
    /// Actions or messages in all.
    pub actions: u64,
    /// Of a kind that is not known.
    pub unknown: u64,
    /// Could not be read at all.
    pub broken: u64,
}

/// The sums, and the verdict of the last answers.
#[derive(Debug, Default)]
pub(crate) struct Parsing {
    sums: Health,
    bad: u32,
    good: u32,
    degraded: bool,
}

impl Parsing {
    /// Counts one answer; one without actions says nothing.
    pub(crate) fn answer(&mut self, counts: Health) {
        if counts.actions == 0 {
            return;
        }
        self.sums.actions += counts.actions;
        self.sums.unknown += counts.unknown;
        self.sums.broken += counts.broken;
        if (counts.unknown + counts.broken) * BAD_SHARE >= counts.actions {
            (self.bad, self.good) = (self.bad.saturating_add(1), 0);
        } else {
            (self.bad, self.good) = (0, self.good.saturating_add(1));
        }
        if self.bad >= ANSWERS {
            self.degraded = true;
        } else if self.good >= ANSWERS {
            self.degraded = false;
        }
    }

    pub(crate) fn health(&self) -> Health {
        self.sums
    }

    pub(crate) fn degraded(&self) -> bool {
        self.degraded
    }
}

/// Names that are not known, each told once.
#[derive(Debug, Default)]
pub(crate) struct UnknownKinds {
    known: HashSet<String>,
    fresh: Vec<String>,
}

impl UnknownKinds {
    pub(crate) fn note(&mut self, name: &str) {
        // A name of the platform's code; anything else could be text of a person.
        let is_name =
            !name.is_empty() && name.len() <= NAME_MAX_BYTES && name.bytes().all(|b| b.is_ascii_alphanumeric());
        let name = if is_name { name } else { "(no name)" };
        if self.known.len() < NAMES_MAX && !self.known.contains(name) {
            self.known.insert(name.to_owned());
            self.fresh.push(name.to_owned());
        }
    }

    pub(crate) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.fresh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_answers_in_a_row_change_the_verdict() {
        let (bad, good) = (Health { actions: 4, unknown: 1, broken: 0 }, Health { actions: 5, unknown: 1, broken: 0 });
        let mut parsing = Parsing::default();
        for (counts, degraded) in [
            (bad, false),
            (bad, false),
            (good, false),
            (bad, false),
            (bad, false),
            (Health::default(), false),
            (Health { actions: 2, unknown: 0, broken: 1 }, true),
            (good, true),
            (good, true),
            (good, false),
        ] {
            parsing.answer(counts);
            assert_eq!(parsing.degraded(), degraded);
        }
        assert_eq!(parsing.health(), Health { actions: 38, unknown: 8, broken: 1 });
    }

    #[test]
    fn each_unknown_name_is_told_once_and_there_are_not_too_many() {
        let mut unknown = UnknownKinds::default();
        for name in ["aRenderer", "bRenderer", "aRenderer", "hello there", "", &"x".repeat(100)] {
            unknown.note(name);
        }
        assert_eq!(unknown.take(), ["aRenderer", "bRenderer", "(no name)"]);
        for n in 0..1_000 {
            unknown.note(&format!("kind{n}"));
        }
        assert_eq!(unknown.take().len(), NAMES_MAX - 3);
        assert_eq!(unknown.take().len(), 0);
    }
}
