//! The ids of the last few thousand things, each with a number.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

/// Remembers the last `max` ids by a keyed hash, so that long ids cost no more and nobody can make two of them clash.
#[derive(Debug)]
pub(super) struct Recent {
    max: usize,
    keys: RandomState,
    numbers: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
    order: VecDeque<u64>,
}

/// What stands for an id, in every [`Recent`] that has the same keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key(u64);

impl Recent {
    pub(super) fn new(max: usize, keys: RandomState) -> Self {
        Self { max, keys, numbers: HashMap::default(), order: VecDeque::new() }
    }

    /// The key of an id, for those who ask more than once.
    pub(super) fn key(&self, id: &str) -> Key {
        Key(self.keys.hash_one(id))
    }

    pub(super) fn get(&self, id: &str) -> Option<u32> {
        self.get_key(self.key(id))
    }

    pub(super) fn get_key(&self, key: Key) -> Option<u32> {
        self.numbers.get(&key.0).copied()
    }

    /// Remembers an id, or changes the number of one that is known. Whether it is new.
    pub(super) fn insert(&mut self, id: &str, number: u32) -> bool {
        self.insert_key(self.key(id), number)
    }

    pub(super) fn insert_key(&mut self, Key(hash): Key, number: u32) -> bool {
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

/// Takes a key that is a hash already for the hash.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
    fn write(&mut self, bytes: &[u8]) {
        // Keys are `u64`, which come by `write_u64`; anything else would still be told apart.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_id_is_forgotten_first() {
        let mut recent = Recent::new(3, RandomState::new());
        for id in ["a", "b", "c"] {
            assert!(recent.insert(id, 0));
        }
        assert!(!recent.insert("a", 7), "known");
        assert!(recent.insert("d", 0));
        assert_eq!(["a", "b", "c", "d"].map(|id| recent.get(id)), [None, Some(0), Some(0), Some(0)]);
        assert_eq!((recent.numbers.len(), recent.order.len()), (3, 3));
    }
}
