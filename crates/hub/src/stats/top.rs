//! Who or what was counted most, in bounded memory: exact while all fit, then Space-Saving (Metwally and others, 2005).
//!
//! When a new key finds no place it takes that of the rarest, and its count with it. So a count is never too low, it is
//! too high by `error` at most, and `error` is at most all that was counted divided by the number of places: whoever has
//! more than that is in the list.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

#[derive(Debug, Clone)]
pub(crate) struct Slot<T> {
    pub(crate) key: Arc<str>,
    pub(crate) count: u64,
    /// By how much `count` may be too high.
    pub(crate) error: u64,
    pub(crate) value: T,
    changed: bool,
}

pub(crate) struct Top<T> {
    slots: Vec<Slot<T>>,
    index: HashMap<Arc<str>, u32>,
    /// The slots by their count; only once all places are taken.
    order: BTreeSet<(u64, u32)>,
    changed: Vec<u32>,
    limit: usize,
    exact: bool,
}

impl<T> Top<T> {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            slots: Vec::new(),
            index: HashMap::new(),
            order: BTreeSet::new(),
            changed: Vec::new(),
            limit,
            exact: true,
        }
    }

    /// From saved slots. What is twice or too much is left out.
    pub(crate) fn restore(limit: usize, slots: impl IntoIterator<Item = (Arc<str>, u64, u64, T)>) -> Self {
        let mut top = Self::new(limit);
        for (key, count, error, value) in slots {
            if top.slots.len() < limit && !top.index.contains_key(&key) {
                top.exact &= error == 0;
                top.push(key, count, error, value);
            }
        }
        top
    }

    fn push(&mut self, key: Arc<str>, count: u64, error: u64, value: T) -> u32 {
        let at = self.slots.len() as u32;
        self.index.insert(key.clone(), at);
        self.slots.push(Slot { key, count, error, value, changed: false });
        if self.slots.len() == self.limit {
            self.order = self.slots.iter().zip(0..).map(|(slot, at)| (slot.count, at)).collect();
        }
        at
    }

    /// Counts `key` so many times more, and gives its value; `make` makes it if there is none.
    pub(crate) fn add(&mut self, key: &str, times: u64, make: impl FnOnce() -> T) -> &mut T {
        &mut self.count(key, times, make).value
    }

    /// Adds all that another one has counted. Counts are too high by their error at most; a key that one of both had lost
    /// may be too low by what it had there.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.exact &= other.exact;
        for Slot { key, count, error, value, .. } in other.slots {
            let mut new = Some(value);
            let slot = self.count(&key, count, || new.take().expect("taken once"));
            slot.error = slot.error.saturating_add(error);
            if let Some(value) = new {
                slot.value = value;
            }
        }
    }

    fn count(&mut self, key: &str, times: u64, make: impl FnOnce() -> T) -> &mut Slot<T> {
        let at = match self.index.get(key) {
            Some(&at) => at,
            None if self.slots.len() < self.limit => self.push(key.into(), 0, 0, make()),
            None => self.replace(key.into(), make()),
        };
        let slot = &mut self.slots[at as usize];
        if self.order.remove(&(slot.count, at)) {
            self.order.insert((slot.count.saturating_add(times), at));
        }
        slot.count = slot.count.saturating_add(times);
        if !slot.changed {
            slot.changed = true;
            self.changed.push(at);
        }
        slot
    }

    /// Gives the place of the rarest to a new key.
    fn replace(&mut self, key: Arc<str>, value: T) -> u32 {
        let at = self.order.first().map_or(0, |&(_, at)| at);
        let slot = &mut self.slots[at as usize];
        self.index.remove(&slot.key);
        self.index.insert(key.clone(), at);
        slot.key = key;
        slot.error = slot.count;
        slot.value = value;
        self.exact = false;
        at
    }

    /// How many keys are known: all that there were, as long as [`Self::is_exact`].
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether no key lost its place so far.
    pub(crate) fn is_exact(&self) -> bool {
        self.exact
    }

    /// The `n` with the highest counts, highest first; equal ones in the order in which they came.
    pub(crate) fn most(&self, n: usize) -> Vec<&Slot<T>> {
        let mut all: Vec<(u32, &Slot<T>)> = (0..).zip(&self.slots).collect();
        let rank = |(at, slot): &(u32, &Slot<T>)| (std::cmp::Reverse(slot.count), *at);
        if n < all.len() {
            all.select_nth_unstable_by_key(n, rank);
            all.truncate(n);
        }
        all.sort_unstable_by_key(rank);
        all.into_iter().map(|(_, slot)| slot).collect()
    }

    /// All slots are to be saved.
    pub(crate) fn save_all(&mut self) {
        self.slots.iter_mut().for_each(|slot| slot.changed = true);
        self.changed = (0..self.slots.len() as u32).collect();
    }

    /// The slots that changed since the last call, with their places.
    pub(crate) fn changes(&mut self, mut each: impl FnMut(u32, &Slot<T>)) {
        for at in self.changed.drain(..) {
            let slot = &mut self.slots[at as usize];
            slot.changed = false;
            each(at, slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_are_never_too_low_and_too_high_by_their_error_at_most(keys in prop::collection::vec(0_u8..40, 0..600)) {
            let mut top = Top::new(8);
            let mut truth = HashMap::<String, u64>::new();
            for key in &keys {
                let key = key.to_string();
                top.add(&key, 1, || ());
                *truth.entry(key).or_default() += 1;
            }
            prop_assert!(top.len() <= 8 && top.order.len() <= 8 && top.index.len() == top.len());
            prop_assert_eq!(top.is_exact(), truth.len() <= 8);
            let bound = keys.len() as u64 / 8;
            for slot in top.most(8) {
                let real = truth[&*slot.key];
                prop_assert!(slot.count >= real && slot.count - slot.error <= real && slot.error <= bound);
            }
            for (key, count) in truth {
                prop_assert!(count <= bound || top.index.contains_key(&*key), "{} of {} is missing", count, bound);
            }
        }
    }

    proptest! {
        #[test]
        fn sums_of_two_keep_the_promise(keys in prop::collection::vec((0_u8..30, any::<bool>()), 0..600)) {
            let (mut one, mut two) = (Top::new(8), Top::new(8));
            let mut truth = HashMap::<String, u64>::new();
            for (key, first) in &keys {
                let key = key.to_string();
                if *first { &mut one } else { &mut two }.add(&key, 1, || ());
                *truth.entry(key).or_default() += 1;
            }
            one.absorb(two);
            prop_assert!(one.len() <= 8 && one.index.len() == one.len());
            prop_assert!(!one.is_exact() || truth.len() <= 8);
            for slot in one.most(8) {
                let real = truth[&*slot.key];
                prop_assert!(slot.count - slot.error <= real, "{} of {}: {} - {}", slot.key, real, slot.count, slot.error);
                prop_assert!(slot.count >= real || !one.is_exact());
            }
        }
    }

    #[test]
    fn the_most_come_first_and_changes_are_told_once() {
        let mut top = Top::new(10);
        for key in ["a", "b", "b", "c"] {
            top.add(key, 1, || ());
        }
        let most: Vec<_> = top.most(2).iter().map(|slot| (&*slot.key, slot.count)).collect();
        assert_eq!(most, [("b", 2), ("a", 1)]);
        let mut told = Vec::new();
        top.changes(|at, slot| told.push((at, slot.count)));
        assert_eq!(told, [(0, 1), (1, 2), (2, 1)]);
        top.changes(|_, _| panic!("nothing changed"));
    }
}
