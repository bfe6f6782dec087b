//! Badges and cheermotes as plain rows: what is fetched and what the cache on disk holds.

use serde::{Deserialize, Serialize};

/// More badges than any list has (the global one has about 900).
pub(crate) const BADGES_MAX: usize = 5_000;
/// More cheermotes than any list has (the global one has about 40).
pub(crate) const CHEERMOTES_MAX: usize = 1_000;
/// More tiers than any cheermote has (5 or 6).
pub(crate) const TIERS_MAX: usize = 20;

/// One version of one badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BadgeRow {
    /// `subscriber`.
    pub(crate) set: String,
    /// `3012`.
    pub(crate) version: String,
    /// What it says, in words.
    pub(crate) title: String,
    /// Its picture, 36 px (https).
    pub(crate) image_url: Option<String>,
}

/// One cheermote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CheerRow {
    /// `Cheer`.
    pub(crate) prefix: String,
    /// The smallest number of bits of each tier.
    pub(crate) tiers: Vec<u32>,
    /// The address of its pictures with the words PREFIX, BACKGROUND, ANIMATION, TIER, SCALE and EXTENSION in it (https).
    pub(crate) template: String,
}

/// What is fetched for a room, or for all rooms. `None`: not known, keep what there is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Pictures {
    /// The badges.
    pub(crate) badges: Option<Vec<BadgeRow>>,
    /// The cheermotes.
    pub(crate) cheermotes: Option<Vec<CheerRow>>,
}
