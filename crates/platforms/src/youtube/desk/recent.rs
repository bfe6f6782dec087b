//! The ids of the last few thousand things, each with a number.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// Remembers the last `max` ids by a keyed hash, so that long ids cost no more and nobody can make two of them clash.
#[derive(Debug)]
pub(super) struct Recent {
    max: usize,
    keys: RandomState,
    numbers: HashMap<u64, u32>,
    order: VecDeque<u64>,
}

impl Recent {
    pub(super) fn new(max: usize) -> Self {
        Self { max, keys: RandomState::new(), numbers: HashMap::new(), order: VecDeque::new() }
    }

    pub(super) fn get(&self, id: &str) -> Option<u32> {
        self.numbers.get(&self.keys.hash_one(id)).copied()
    }

    /// Remembers an id, or changes the number of one that is known. Whether it is new.
    pub(super) fn insert(&mut self, id: &str, number: u32) -> bool {
        let hash = self.keys.hash_one(id);
        if self.numbers.insert(hash, number).is_some() {
            return false;
        }
        self.order.push_back(hash);
        if self.order.len() > self.max
            && let Some(oldest) = self.order.pop_front()
        {
            self.numbers.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_id_is_forgotten_first() {
        let mut recent = Recent::new(3);
        for id in ["a", "b", "c"] {
            assert!(recent.insert(id, 0));
        }
        assert!(!recent.insert("a", 7), "known");
        assert!(recent.insert("d", 0));
        assert_eq!(["a", "b", "c", "d"].map(|id| recent.get(id)), [None, Some(0), Some(0), Some(0)]);
        assert_eq!((recent.numbers.len(), recent.order.len()), (3, 3));
    }
}
