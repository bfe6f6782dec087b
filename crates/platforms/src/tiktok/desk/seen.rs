//! The last few thousand keys: what was told is not told again.

use std::collections::{HashSet, VecDeque};
use std::hash::Hash;

/// Remembers the last `max` keys.
#[derive(Debug)]
pub(super) struct Seen<K> {
    max: usize,
    keys: HashSet<K>,
    order: VecDeque<K>,
}

impl<K: Hash + Eq + Clone> Seen<K> {
    pub(super) fn new(max: usize) -> Self {
        Self { max, keys: HashSet::new(), order: VecDeque::new() }
    }

    pub(super) fn contains(&self, key: &K) -> bool {
        self.keys.contains(key)
    }

    /// Remembers a key. Whether it is new.
    pub(super) fn insert(&mut self, key: K) -> bool {
        if !self.keys.insert(key.clone()) {
            return false;
        }
        self.order.push_back(key);
        if self.order.len() > self.max
            && let Some(oldest) = self.order.pop_front()
        {
            self.keys.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_key_is_forgotten_first() {
        let mut seen = Seen::new(3);
        assert!([1, 2, 3].into_iter().all(|key| seen.insert(key)));
        assert!(!seen.insert(1));
        assert!(seen.insert(4), "1 goes");
        assert!(!seen.insert(3));
        assert!(seen.insert(1));
        assert_eq!((seen.keys.len(), seen.order.len()), (3, 3));
    }
}
