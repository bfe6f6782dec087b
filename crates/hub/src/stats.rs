//! What is counted in a channel, and how it is kept: pure counting in [`tally`], told and saved by [`keep`].

mod following;
mod keep;
mod seen;
mod series;
mod sketch;
mod tally;
mod top;

use std::sync::Arc;

use polychat_model::{Platform, StatsData};
use polychat_platforms::Reader;
use polychat_store::{Changes, Parts};

use crate::delivery::Delivery;
use crate::memory::Verdict;

use following::Following;
pub(crate) use keep::keep;
pub use keep::{LOAD_LIMIT, STATS_PAUSE};
pub(crate) use tally::Tally;

/// What may wait to be counted one by one while earlier statistics are loaded; what comes then is counted by itself and added
/// as a sum. Chosen by hand: more than any platform repeats when a chat is entered, and seconds of the busiest chat.
const WAITING: usize = 4_096;

/// The statistics of one channel.
pub(crate) enum Stats {
    /// Nothing is counted.
    Off,
    /// Earlier ones are being loaded. Until they are there nothing is saved, so nothing can take their place.
    Loading(Box<Loading>),
    /// They are there.
    Counting(Box<Tally>),
    /// Another program counts, or it is not known yet who does.
    Following(Box<Following>),
}

/// What the store has to do when somebody else reads the channel from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoreStep {
    /// Load what was counted: we go on with it.
    Load,
    /// Write nothing more: another program goes on with it.
    LetGo,
}

/// What is counted before it is known what was counted earlier.
pub(crate) struct Loading {
    platform: Platform,
    /// Everything since: what is told if loading takes long, and kept if there is nothing earlier.
    meanwhile: Tally,
    /// Loading takes long.
    late: bool,
    /// Whether the store was asked. While it is not known who goes on counting it is not, as that takes it over.
    asked: bool,
    /// Whether another program counted before, and this one only heard how fast the chat is.
    followed: bool,
    /// Whether `meanwhile` goes on from numbers that were looked up.
    based: bool,
    /// What is to be counted on top of earlier ones. One by one, because a part of it may have been counted earlier.
    waiting: Vec<Waiting>,
    /// The sum of what came when that was too much.
    more: Option<Tally>,
}

enum Waiting {
    Event(Arc<Delivery>, Verdict, i64),
    Broadcast(String, i64),
}

impl Waiting {
    fn count(&self, tally: &mut Tally) -> bool {
        match self {
            Self::Event(delivery, verdict, at_ms) => tally.take(&delivery.event, *verdict, *at_ms),
            Self::Broadcast(live_id, at_ms) => {
                tally.broadcast(live_id, *at_ms);
                false
            }
        }
    }
}

impl Loading {
    /// True if a number changed.
    fn take(&mut self, waiting: Waiting, now_ms: i64) -> bool {
        let news = waiting.count(&mut self.meanwhile);
        if let Some(more) = &mut self.more {
            waiting.count(more);
        } else {
            self.waiting.push(waiting);
            if self.waiting.len() >= WAITING {
                self.more = Some(self.meanwhile.following(now_ms));
            }
        }
        news
    }

    fn loaded(self, parts: Option<&Parts>, now_ms: i64) -> Tally {
        let Some(mut tally) = parts.and_then(|parts| Tally::restore(self.platform, parts, now_ms)) else {
            let mut tally = self.meanwhile;
            if self.based {
                // The store has lost what they go on from.
                tally.save_all();
            }
            return tally;
        };
        for waiting in self.waiting {
            waiting.count(&mut tally);
        }
        if let Some(more) = self.more {
            tally.absorb(more);
        }
        if self.followed {
            tally.set_pace(self.meanwhile.into_pace());
        }
        tally
    }
}

impl Stats {
    pub(crate) fn loading(platform: Platform, now_ms: i64) -> Self {
        let meanwhile = Tally::new(platform, now_ms);
        let (waiting, more) = (Vec::new(), None);
        Self::Loading(Box::new(Loading {
            platform,
            meanwhile,
            late: false,
            asked: true,
            followed: false,
            based: false,
            waiting,
            more,
        }))
    }

    /// For a store that others use, too: nothing is loaded before it is known who counts.
    pub(crate) fn undecided(platform: Platform, now_ms: i64) -> Self {
        Self::Following(Box::new(Following::new(platform, now_ms)))
    }

    /// Somebody else reads the channel from now on. What the store has to do.
    pub(crate) fn reader(&mut self, reader: Reader, now_ms: i64) -> Option<StoreStep> {
        match (std::mem::replace(self, Self::Off), reader) {
            (Self::Following(following), Reader::Here | Reader::Alone) => {
                let here = reader == Reader::Here;
                *self = Self::Loading(Box::new(following.take_over(here, now_ms)));
                here.then_some(StoreStep::Load)
            }
            (Self::Loading(mut loading), Reader::Here) => {
                let asked = std::mem::replace(&mut loading.asked, true);
                *self = Self::Loading(loading);
                (!asked).then_some(StoreStep::Load)
            }
            (Self::Loading(loading), Reader::Elsewhere) => {
                *self = Self::undecided(loading.platform, now_ms);
                Some(StoreStep::LetGo)
            }
            (Self::Counting(tally), Reader::Elsewhere) => {
                *self = Self::undecided(tally.platform(), now_ms);
                Some(StoreStep::LetGo)
            }
            (same, _) => {
                *self = same;
                None
            }
        }
    }

    /// What another program has counted. True if it is news.
    pub(crate) fn looked(&mut self, parts: Option<&Parts>, now_ms: i64) -> bool {
        match self {
            Self::Following(following) => following.looked(parts, now_ms),
            _ => false,
        }
    }

    /// Whether this program counts, and knows what was counted before.
    pub(crate) fn is_counting(&self) -> bool {
        matches!(self, Self::Counting(_))
    }

    /// Whether another program counts.
    pub(crate) fn is_following(&self) -> bool {
        matches!(self, Self::Following(_))
    }

    /// Whether another program counts, and something happened lately that it may have counted.
    pub(crate) fn follows_news(&self, now_ms: i64) -> bool {
        matches!(self, Self::Following(following) if following.has_news(now_ms))
    }

    /// Goes on from what was kept, or begins anew where there is nothing.
    pub(crate) fn loaded(&mut self, parts: Option<&Parts>, now_ms: i64) {
        *self = match std::mem::replace(self, Self::Off) {
            Self::Loading(loading) => Self::Counting(Box::new(loading.loaded(parts, now_ms))),
            other => other,
        };
    }

    /// Loading takes long: what was counted meanwhile is told.
    pub(crate) fn late(&mut self) {
        if let Self::Loading(loading) = self {
            loading.late = true;
        }
    }

    /// Counts an event that the viewers get. True if a number changed.
    pub(crate) fn take(&mut self, delivery: &Arc<Delivery>, verdict: Verdict, now_ms: i64) -> bool {
        match self {
            Self::Off => false,
            Self::Loading(loading) => loading.take(Waiting::Event(delivery.clone(), verdict, now_ms), now_ms),
            Self::Counting(tally) => tally.take(&delivery.event, verdict, now_ms),
            Self::Following(following) => {
                following.take(delivery, verdict, now_ms);
                false
            }
        }
    }

    /// The broadcast that is read now. Another one than before begins anew.
    pub(crate) fn broadcast(&mut self, live_id: &str, now_ms: i64) {
        match self {
            Self::Off => {}
            Self::Loading(loading) => _ = loading.take(Waiting::Broadcast(live_id.to_owned(), now_ms), now_ms),
            Self::Counting(tally) => tally.broadcast(live_id, now_ms),
            Self::Following(following) => following.broadcast(live_id, now_ms),
        }
    }

    /// Whether numbers are worth waiting for a moment: they will be there soon.
    pub(crate) fn is_loading(&self) -> bool {
        match self {
            Self::Loading(loading) => !loading.late,
            Self::Following(_) => true,
            Self::Off | Self::Counting(_) => false,
        }
    }

    /// The numbers; `None` when nothing is counted, or not yet.
    pub(crate) fn data(&self, top: usize, now_ms: i64) -> Option<StatsData> {
        match self {
            Self::Loading(loading) if loading.late => Some(loading.meanwhile.data(top, now_ms)),
            Self::Counting(tally) => Some(tally.data(top, now_ms)),
            Self::Following(following) => Some(following.data(top, now_ms)),
            _ => None,
        }
    }

    /// Everything is to be saved, not only what changes: what was saved before is lost.
    pub(crate) fn save_all(&mut self) {
        if let Self::Counting(tally) = self {
            tally.save_all();
        }
    }

    /// What is to be saved since the last call. Nothing before it is known what was saved earlier.
    pub(crate) fn changes(&mut self) -> Option<Changes> {
        let Self::Counting(tally) = self else { return None };
        tally.changes()
    }
}
