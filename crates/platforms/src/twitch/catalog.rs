//! What is known about a channel besides its lines: badges, cheermotes, emotes, people.
//!
//! Snapshots that a reading of a line looks into and never waits for: whoever fetches them replaces a whole table, and
//! an empty one only means that a badge is a word instead of a picture.

mod badges;
mod cheermotes;
mod emotes;
mod people;

use std::sync::Arc;

pub use badges::{BadgeArt, BadgeTable};
pub use cheermotes::{CheerTier, Cheermotes};
pub use emotes::{EmoteRef, EmoteTable};
pub use people::{People, Profile};

/// Everything that the reading of a line may look up. Cheap to clone; replaced as a whole when a table changes.
#[derive(Debug, Clone, Default)]
pub struct Lookups {
    /// The badges of every channel.
    pub global_badges: Arc<BadgeTable>,
    /// The badges of this channel; they win.
    pub channel_badges: Arc<BadgeTable>,
    /// The words that cheer, global and of this channel.
    pub cheermotes: Arc<Cheermotes>,
    /// Third-party emotes of this channel, merged in their order of preference.
    pub emotes: Arc<EmoteTable>,
    /// Names and avatars by user id, shared by all channels.
    pub people: Arc<People>,
}

impl Lookups {
    /// What is known about a badge: the channel's own first.
    pub fn badge(&self, set: &str, version: &str) -> Option<&BadgeArt> {
        self.channel_badges.get(set, version).or_else(|| self.global_badges.get(set, version))
    }
}
