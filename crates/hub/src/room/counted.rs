//! What is counted in a channel: told, looked up, saved.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use polychat_model::request::DEFAULT_TOP;
use polychat_model::wire::{ServerMessage, StatsFrame};
use polychat_model::{StatsData, unix_ms};
use polychat_store::{Changes, Parts, Store};

use super::{Hold, Inner, Room, message, tell};
use crate::delivery::Parcel;
use crate::stats::StoreStep;

/// What was counted, to be told to one viewer.
pub enum Counted {
    /// The numbers.
    Data(Box<StatsData>),
    /// Earlier ones are being loaded; the viewer gets the frame when they are there.
    Later,
    /// The channel is over, or nothing is counted.
    Nothing,
}

impl Room {
    /// What the store has to do because somebody else reads. Asked once.
    pub(crate) fn store_step(&self) -> Option<StoreStep> {
        self.lock().store_step.take()
    }

    /// Whether another program counts and somebody here wants to know.
    pub(crate) fn wants_look(&self) -> bool {
        let inner = self.lock();
        let wants =
            |hold: &Arc<Hold>| hold.profile.includes.wants_stats() || hold.stats_asked.load(Ordering::Relaxed) > 0;
        inner.stats.is_following() && inner.holds.iter().any(wants)
    }

    /// Whether that one may count something soon that has happened.
    pub(crate) fn follows_news(&self) -> bool {
        self.lock().stats.follows_news(unix_ms())
    }

    /// What another program has counted: answers who asked.
    pub(crate) fn stats_looked(&self, parts: Option<&Parts>) {
        let mut inner = self.lock();
        if inner.stats.is_following() {
            inner.stats_news |= inner.stats.looked(parts, unix_ms());
            self.answer_stats(&inner);
        }
    }

    /// Goes on from earlier statistics, or begins anew where there are none, and answers who asked meanwhile. What is to be
    /// saved.
    pub(crate) fn stats_loaded(&self, parts: Option<&Parts>) -> Option<Changes> {
        let mut inner = self.lock();
        inner.stats.loaded(parts, unix_ms());
        inner.stats_news = true;
        self.answer_stats(&inner);
        self.counted.notify_one();
        inner.stats.changes()
    }

    /// Earlier statistics take long: those who asked are told what was counted meanwhile.
    pub(crate) fn stats_late(&self) {
        let mut inner = self.lock();
        inner.stats.late();
        self.answer_stats(&inner);
    }

    pub(super) fn answer_stats(&self, inner: &Inner) {
        for hold in inner.holds.iter() {
            let asked = hold.stats_asked.swap(0, Ordering::Relaxed);
            if asked > 0
                && let Some(data) = inner.stats.data(asked as usize - 1, unix_ms())
            {
                hold.viewer.deliver(hold, &self.stats_frame(data));
            }
        }
    }

    pub(super) fn stats(&self, hold: &Hold, top: u32) -> Counted {
        let inner = self.lock();
        if inner.stats.is_loading() {
            hold.stats_asked.store(top.saturating_add(1), Ordering::Relaxed);
            if inner.stats.is_following() {
                self.counted.notify_one();
            }
            return Counted::Later;
        }
        inner.stats.data(top as usize, unix_ms()).map_or(Counted::Nothing, |data| Counted::Data(Box::new(data)))
    }

    fn stats_frame(&self, data: StatsData) -> Parcel {
        let (platform, identifier) = (self.key.platform, self.key.identifier.to_string());
        message(&ServerMessage::Stats(StatsFrame { platform, identifier, data }))
    }

    /// Tells those who asked for it what was counted: all of them if that is news, else those who do not know it yet.
    pub(crate) fn tell_stats(&self, faded: bool) {
        let (data, listening) = {
            let mut inner = self.lock();
            let news = std::mem::take(&mut inner.stats_news) || faded;
            let asked = inner.holds.iter().filter(|hold| hold.profile.includes.wants_stats());
            let listening: Vec<Arc<Hold>> =
                asked.filter(|hold| news || !hold.stats_told.load(Ordering::Relaxed)).cloned().collect();
            if listening.is_empty() {
                return;
            }
            (inner.stats.data(DEFAULT_TOP as usize, unix_ms()), listening)
        };
        let Some(data) = data else { return };
        tell(&listening, &[self.stats_frame(data)]);
        for hold in &listening {
            hold.stats_told.store(true, Ordering::Relaxed);
        }
    }

    /// Hands over what was counted since the last time.
    pub(crate) fn save_stats(&self, store: &Store) {
        let changes = {
            let mut inner = self.lock();
            if inner.stats.is_counting() && store.wants_all(&self.key) {
                inner.stats.save_all();
            }
            inner.stats.changes()
        };
        if let Some(changes) = changes {
            store.save(&self.key, changes);
        }
    }
}
