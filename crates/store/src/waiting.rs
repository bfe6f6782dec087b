//! What waits to be written: merged by its place, so that what cannot be written now does not pile up.

use std::collections::{HashMap, HashSet, VecDeque};

use polychat_model::ChannelKey;
use tracing::warn;

use crate::{Changes, Parts};

/// How many channels may wait to be written while that is not possible. Then those that wait longest are given up.
/// Chosen by hand: a large channel takes about 1 MiB.
const WAITING: usize = 500;

/// How many loads may wait. Then those that wait longest are never answered: what their channels count is told, but not kept.
pub(crate) const LOADS: usize = 4_000;

/// What an owner of parts is told, and may give back to be saved.
pub(crate) type Done = Box<dyn FnOnce(Option<Parts>) -> Option<Changes> + Send>;

/// Changes of channels, each once.
#[derive(Default)]
pub(crate) struct Waiting {
    changes: HashMap<ChannelKey, Changes>,
    /// The keys of `changes`, the longest waiting first.
    order: VecDeque<ChannelKey>,
    /// Channels of which something was given up: only all of their parts together make sense again.
    lost: HashSet<ChannelKey>,
}

impl Waiting {
    #[cfg(feature = "redis")]
    pub(crate) fn len(&self) -> usize {
        self.changes.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub(crate) fn get(&self, key: &ChannelKey) -> Option<&Changes> {
        self.changes.get(key)
    }

    /// What waits, with the channels that it is of, the longest waiting first.
    #[cfg(feature = "redis")]
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (&ChannelKey, &Changes)> {
        self.order.iter().filter_map(|key| self.changes.get_key_value(key))
    }

    pub(crate) fn all(&self) -> &HashMap<ChannelKey, Changes> {
        &self.changes
    }

    /// Adds changes after those that wait.
    pub(crate) fn add(&mut self, key: ChannelKey, changes: Changes) {
        if let Some(waiting) = self.changes.get_mut(&key) {
            waiting.merge(changes);
            return;
        }
        if changes.anew {
            self.lost.remove(&key);
        }
        if self.order.len() >= WAITING
            && let Some(oldest) = self.order.pop_front()
        {
            warn!(channel = %oldest, "statistics could not be written and are given up");
            self.changes.remove(&oldest);
            self.lose(oldest);
        }
        self.order.push_back(key.clone());
        self.changes.insert(key, changes);
    }

    /// Only all parts of this channel together make sense from now on.
    pub(crate) fn lose(&mut self, key: ChannelKey) {
        if self.lost.len() < LOADS {
            self.lost.insert(key);
        }
    }

    /// Whether all parts of this channel are needed. Asked once.
    pub(crate) fn wants_all(&mut self, key: &ChannelKey) -> bool {
        self.lost.remove(key)
    }

    /// Nothing of this channel waits any more.
    #[cfg(feature = "redis")]
    pub(crate) fn remove(&mut self, key: &ChannelKey) {
        if self.changes.remove(key).is_some() {
            self.order.retain(|waiting| waiting != key);
        }
    }

    /// Takes what waits, to be written.
    pub(crate) fn take(&mut self) -> Self {
        Self {
            changes: std::mem::take(&mut self.changes),
            order: std::mem::take(&mut self.order),
            lost: HashSet::new(),
        }
    }

    /// Puts back what could not be written: before what came meanwhile.
    pub(crate) fn put_back(&mut self, earlier: Self) {
        let Self { mut changes, order, lost } = std::mem::replace(self, earlier);
        self.lost.extend(lost);
        for key in order {
            if let Some(changes) = changes.remove(&key) {
                self.add(key, changes);
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        self.changes.clear();
        self.order.clear();
        self.lost.clear();
    }
}
