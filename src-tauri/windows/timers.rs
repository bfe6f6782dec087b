//! What is to be done later, each thing once. Pure: the time is told.

use std::collections::BTreeMap;

use tokio::time::Instant;

/// Things to be done, and when.
#[derive(Debug)]
pub(crate) struct Timers<T> {
    due: BTreeMap<T, Instant>,
}

impl<T: Ord + Clone> Timers<T> {
    /// Nothing is to be done.
    pub(crate) fn new() -> Self {
        Self { due: BTreeMap::new() }
    }

    /// At `when`, and no longer at the time that was set before.
    pub(crate) fn set(&mut self, what: T, when: Instant) {
        self.due.insert(what, when);
    }

    /// At `when`, unless a time is set already.
    pub(crate) fn set_if_free(&mut self, what: T, when: Instant) {
        self.due.entry(what).or_insert(when);
    }

    /// Never.
    pub(crate) fn clear(&mut self, what: &T) {
        self.due.remove(what);
    }

    /// Whether it is to be done.
    pub(crate) fn has(&self, what: &T) -> bool {
        self.due.contains_key(what)
    }

    /// When the next thing is to be done.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.due.values().min().copied()
    }

    /// What is to be done by now.
    pub(crate) fn take(&mut self, now: Instant) -> Vec<T> {
        let due: Vec<T> = self.due.iter().filter(|(_, when)| **when <= now).map(|(what, _)| what.clone()).collect();
        for what in &due {
            self.due.remove(what);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::Timers;

    #[test]
    fn each_thing_once_and_in_time() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut timers = Timers::new();
        assert_eq!(timers.next(), None);
        timers.set("raise", at(2));
        timers.set_if_free("keep", at(1));
        timers.set_if_free("keep", at(5));
        timers.set("raise", at(3));
        assert_eq!(timers.next(), Some(at(1)));
        assert_eq!(timers.take(at(0)), Vec::<&str>::new());
        assert_eq!(timers.take(at(2)), ["keep"], "the first time holds, the later is passed over");
        assert!(timers.has(&"raise") && !timers.has(&"keep"));
        timers.clear(&"raise");
        assert_eq!(timers.next(), None);
    }
}
