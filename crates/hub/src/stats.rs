//! What is counted in a channel, and how it is kept: pure counting in [`tally`], told and saved by [`keep`].

mod keep;
mod seen;
mod series;
mod sketch;
mod tally;
mod top;

use std::sync::Arc;

use polychat_model::{Platform, StatsData};
use polychat_store::{Changes, Parts};

use crate::delivery::Delivery;
use crate::memory::Verdict;

pub(crate) use keep::keep;
pub use keep::{LOAD_LIMIT, STATS_PAUSE};
pub(crate) use tally::Tally;

/// What may wait to be counted while earlier statistics are loaded; then counting begins without them. Chosen by hand:
/// seconds of the busiest chat.
const WAITING: usize = 4_096;

/// The statistics of one channel.
pub(crate) enum Stats {
    /// Nothing is counted.
    Off,
    /// Earlier ones are being loaded; this is to be counted on top of them.
    Loading(Platform, Vec<Waiting>),
    /// They are there.
    Counting(Box<Tally>),
}

pub(crate) enum Waiting {
    Event(Arc<Delivery>, Verdict, i64),
    Broadcast(String, i64),
}

impl Stats {
    pub(crate) fn loading(platform: Platform) -> Self {
        Self::Loading(platform, Vec::new())
    }

    /// Goes on from what was kept, or begins anew without.
    pub(crate) fn loaded(&mut self, parts: Option<&Parts>, now_ms: i64) {
        let Self::Loading(platform, waiting) = self else { return };
        let restored = parts.and_then(|parts| Tally::restore(*platform, parts, now_ms));
        let mut tally = restored.unwrap_or_else(|| Tally::new(*platform, now_ms));
        for waiting in std::mem::take(waiting) {
            match waiting {
                Waiting::Event(delivery, verdict, at_ms) => _ = tally.take(&delivery.event, verdict, at_ms),
                Waiting::Broadcast(live_id, at_ms) => tally.broadcast(&live_id, at_ms),
            }
        }
        *self = Self::Counting(Box::new(tally));
    }

    fn wait(&mut self, waiting: Waiting, now_ms: i64) {
        if let Self::Loading(_, list) = self {
            list.push(waiting);
            if list.len() >= WAITING {
                self.loaded(None, now_ms);
            }
        }
    }

    /// Counts an event that the viewers get. True if a number changed.
    pub(crate) fn take(&mut self, delivery: &Arc<Delivery>, verdict: Verdict, now_ms: i64) -> bool {
        match self {
            Self::Off => false,
            Self::Loading(..) => {
                self.wait(Waiting::Event(delivery.clone(), verdict, now_ms), now_ms);
                true
            }
            Self::Counting(tally) => tally.take(&delivery.event, verdict, now_ms),
        }
    }

    /// The broadcast that is read now. Another one than before begins anew.
    pub(crate) fn broadcast(&mut self, live_id: &str, now_ms: i64) {
        match self {
            Self::Off => {}
            Self::Loading(..) => self.wait(Waiting::Broadcast(live_id.to_owned(), now_ms), now_ms),
            Self::Counting(tally) => tally.broadcast(live_id, now_ms),
        }
    }

    pub(crate) fn is_loading(&self) -> bool {
        matches!(self, Self::Loading(..))
    }

    /// The numbers; `None` when nothing is counted, or not yet.
    pub(crate) fn data(&self, top: usize, now_ms: i64) -> Option<StatsData> {
        let Self::Counting(tally) = self else { return None };
        Some(tally.data(top, now_ms))
    }

    /// What is to be saved since the last call.
    pub(crate) fn changes(&mut self) -> Option<Changes> {
        let Self::Counting(tally) = self else { return None };
        tally.changes()
    }
}
