//! Keeps as long as the program runs.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use polychat_model::ChannelKey;

use crate::{Changes, Parts};

/// How many channels are kept; the one that was saved longest ago goes first. Chosen by hand: a large channel takes
/// about 1 MiB.
pub(crate) const CHANNELS: usize = 500;

#[derive(Default)]
pub(crate) struct Memory(Mutex<Channels>);

#[derive(Default)]
struct Channels {
    /// With when it was saved last, counted in savings.
    kept: HashMap<ChannelKey, (u64, Parts)>,
    savings: u64,
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Channels> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn save(&self, key: &ChannelKey, changes: Changes) {
        let mut channels = self.lock();
        channels.savings += 1;
        let now = channels.savings;
        if channels.kept.len() >= CHANNELS
            && !channels.kept.contains_key(key)
            && let Some(oldest) = channels.kept.iter().min_by_key(|(_, (at, _))| *at).map(|(key, _)| key.clone())
        {
            channels.kept.remove(&oldest);
        }
        let (at, parts) = channels.kept.entry(key.clone()).or_default();
        *at = now;
        if changes.anew {
            parts.clear();
        }
        parts.extend(changes.parts);
    }

    pub(crate) fn load(&self, key: &ChannelKey) -> Option<Parts> {
        self.lock().kept.get(key).map(|(_, parts)| parts.clone())
    }
}
