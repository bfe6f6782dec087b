//! Which events were counted last, so that what a platform repeats after a restart is not counted again, and what an
//! event that still grows (a combo of gifts) was counted as.

use std::collections::HashMap;

/// How many are remembered. Chosen by hand: platforms repeat a hundred or so when a chat is entered.
const EVENTS: usize = 2_048;

/// How many hashes are saved as one part.
const CHUNK: usize = 64;

/// How many parts there are.
pub(crate) const CHUNKS: usize = EVENTS / CHUNK;

/// What an event was counted as, in sums that its updates can raise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Worth {
    pub(crate) gifts: u64,
    pub(crate) diamonds: u64,
    pub(crate) jewels: u64,
    pub(crate) bits: u64,
    pub(crate) subscriptions: u64,
}

#[derive(Clone)]
pub(crate) struct Seen {
    /// `None` for events that were counted before a restart: what of them was counted is not known.
    worth: HashMap<u64, Option<Worth>>,
    ring: Vec<u64>,
    next: usize,
    changed: [bool; CHUNKS],
}

impl Seen {
    pub(crate) fn new() -> Self {
        Self { worth: HashMap::new(), ring: Vec::new(), next: 0, changed: [false; CHUNKS] }
    }

    /// From saved chunks, in their order. `next` is the place of the oldest.
    pub(crate) fn restore<'a>(chunks: impl Iterator<Item = &'a [u8]>, next: usize) -> Self {
        let hashes = chunks.flat_map(|chunk| chunk.as_chunks::<8>().0).map(|bytes| u64::from_le_bytes(*bytes));
        let ring: Vec<u64> = hashes.take(EVENTS).collect();
        let worth = ring.iter().map(|&hash| (hash, None)).collect();
        let next = if ring.len() < EVENTS { 0 } else { next % EVENTS };
        Self { worth, ring, next, changed: [false; CHUNKS] }
    }

    /// Remembers an event. False if it is known.
    pub(crate) fn insert(&mut self, hash: u64, worth: Worth) -> bool {
        if self.worth.contains_key(&hash) {
            return false;
        }
        self.worth.insert(hash, Some(worth));
        let at = if self.ring.len() < EVENTS {
            self.ring.push(hash);
            self.ring.len() - 1
        } else {
            let at = self.next;
            self.worth.remove(&self.ring[at]);
            self.ring[at] = hash;
            self.next = (at + 1) % EVENTS;
            at
        };
        self.changed[at / CHUNK] = true;
        true
    }

    /// What a known event was counted as so far, to be raised.
    pub(crate) fn worth(&mut self, hash: u64) -> Option<&mut Worth> {
        self.worth.get_mut(&hash)?.as_mut()
    }

    /// Remembers what another one has seen since, and what that was counted as.
    pub(crate) fn absorb(&mut self, later: &Self) {
        let (newest, oldest) = later.ring.split_at(later.next);
        for &hash in oldest.iter().chain(newest) {
            let Some(counted) = later.worth.get(&hash).copied().flatten() else { continue };
            if !self.insert(hash, counted)
                && let Some(known) = self.worth(hash)
            {
                *known = counted;
            }
        }
    }

    pub(crate) fn next(&self) -> usize {
        self.next
    }

    /// All chunks are to be saved.
    pub(crate) fn save_all(&mut self) {
        self.changed = [true; CHUNKS];
    }

    /// The chunks that changed since the last call, with their places.
    pub(crate) fn changes(&mut self, mut each: impl FnMut(usize, Vec<u8>)) {
        for (at, chunk) in self.ring.chunks(CHUNK).enumerate() {
            if std::mem::take(&mut self.changed[at]) {
                each(at, chunk.iter().flat_map(|hash| hash.to_le_bytes()).collect());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_known_over_a_restart_and_the_memory_is_bounded() {
        let mut seen = Seen::new();
        let events = 3 * EVENTS as u64 + 7;
        for hash in 0..events {
            assert!(seen.insert(hash, Worth::default()));
        }
        assert_eq!((seen.worth.len(), seen.ring.len()), (EVENTS, EVENTS));
        let mut chunks = vec![Vec::new(); CHUNKS];
        seen.changes(|at, chunk| chunks[at] = chunk);
        let mut restored = Seen::restore(chunks.iter().map(Vec::as_slice), seen.next());
        assert!(!restored.insert(events - 1, Worth::default()) && !restored.insert(events - 100, Worth::default()));
        assert!(restored.worth(events - 1).is_none(), "what it was counted as is not known any more");
        assert!(restored.insert(events, Worth::default()));
        assert!(!restored.insert(events - 100, Worth::default()), "the oldest went, not this one");
    }
}
