//! The viewers' side of a channel: what one of them holds, and its subscription.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use polychat_model::ChannelKey;
use polychat_model::wire::{GapFrame, ServerMessage};

use super::{Attach, Counted, Room, message};
use crate::delivery::{Parcel, Profile};

/// Somebody who gets what happens in channels: a socket of the server, a test.
pub trait Viewer: Send + Sync + 'static {
    /// Takes frames of one channel. Must not wait: what cannot be taken is dropped, counted with [`Hold::missed`], and
    /// told with [`Hold::gap`] before the next frames.
    ///
    /// An implementation that locks must check [`Hold::is_over`] inside of its lock: after [`Hold::close`] nothing of
    /// that channel may follow.
    fn deliver(&self, hold: &Arc<Hold>, parcel: &Parcel);
}

/// A viewer's hold on one channel.
pub struct Hold {
    key: ChannelKey,
    pub(super) viewer: Arc<dyn Viewer>,
    pub(super) profile: Profile,
    pub(super) wait: bool,
    over: AtomicBool,
    missed: AtomicU64,
    /// Whether it got a `stats` frame.
    pub(super) stats_told: AtomicBool,
    /// It asked for statistics that were not loaded yet: for so many chatters and one.
    pub(super) stats_asked: AtomicU32,
}

impl Hold {
    pub(super) fn new(key: ChannelKey, attach: &Attach) -> Self {
        Self {
            key,
            viewer: attach.viewer.clone(),
            profile: attach.profile,
            wait: attach.wait,
            over: AtomicBool::new(false),
            missed: AtomicU64::new(0),
            stats_told: AtomicBool::new(false),
            stats_asked: AtomicU32::new(0),
        }
    }

    /// The channel.
    pub fn key(&self) -> &ChannelKey {
        &self.key
    }

    /// Whether nothing more comes: left, or the channel ended.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// Nothing more shall come.
    pub fn close(&self) {
        self.over.store(true, Ordering::Release);
    }

    /// Counts frames that were not taken.
    pub fn missed(&self, frames: u64) {
        self.missed.fetch_add(frames, Ordering::Relaxed);
    }

    /// Whether frames were missed that no gap has told of yet.
    pub fn has_missed(&self) -> bool {
        self.missed.load(Ordering::Relaxed) > 0
    }

    /// The frame that tells of what was missed, and forgets it.
    pub fn gap(&self) -> Option<Parcel> {
        let missed = self.missed.swap(0, Ordering::Relaxed);
        (missed > 0).then(|| gap(&self.key, Some(missed)))
    }
}

/// The frame that tells of frames that are missing.
pub(super) fn gap(key: &ChannelKey, missed: Option<u64>) -> Parcel {
    message(&ServerMessage::Gap(GapFrame { platform: key.platform, identifier: key.identifier.to_string(), missed }))
}

/// A viewer's subscription. Dropping it is leaving.
pub struct Subscription {
    pub(super) room: Weak<Room>,
    pub(super) hold: Arc<Hold>,
}

impl Subscription {
    /// The hold that the viewer's frames name.
    pub fn hold(&self) -> &Arc<Hold> {
        &self.hold
    }

    /// The channel.
    pub fn key(&self) -> &ChannelKey {
        self.hold.key()
    }

    /// Whether the channel has ended or was left.
    pub fn is_over(&self) -> bool {
        self.hold.is_over()
    }

    /// What was counted in the channel, with so many of the most frequent chatters.
    pub fn stats(&self, top: u32) -> Counted {
        match self.room.upgrade() {
            Some(room) if !self.is_over() => room.stats(&self.hold, top),
            _ => Counted::Nothing,
        }
    }

    /// Acknowledges once more and tells the state of the channel. False if it is over.
    pub fn repeat(&self, ack: &Parcel) -> bool {
        self.room.upgrade().is_some_and(|room| room.repeat(&self.hold, ack))
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hold.close();
        if let Some(room) = self.room.upgrade() {
            room.detach(&self.hold);
        }
    }
}
