//! Who says it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who wrote a message or caused an event, as far as the platform tells.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Author {
    /// The platform's id: stays when the name changes.
    pub id: String,
    /// The login or handle.
    pub username: String,
    /// The name to show.
    pub display_name: String,
    /// A picture (https), or null while none is known.
    pub avatar_url: Option<Arc<str>>,
    /// `#rrggbb` as chosen by the author, or null: choose one.
    pub color: Option<String>,
    /// What the author is in this channel.
    pub roles: Roles,
    /// In the order in which the platform shows them.
    pub badges: Vec<Badge>,
}

/// What an author is in this channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Roles {
    /// Owns the channel.
    pub broadcaster: bool,
    /// May delete messages.
    pub moderator: bool,
    /// Pays monthly: subscriber, member.
    pub subscriber: bool,
    /// The platform vouches for the name.
    pub verified: bool,
}

/// A small picture beside the name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Badge {
    /// Its coarse kind.
    #[serde(rename = "type")]
    pub kind: BadgeType,
    /// What it says, in words.
    pub label: Arc<str>,
    /// A picture (https), or null: show the label or nothing.
    pub image_url: Option<Arc<str>>,
    /// For how many months its owner has paid; absent where the platform does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub months: Option<u32>,
}

/// The documented kinds of badges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum BadgeType {
    /// Pays monthly.
    Subscriber,
    /// May delete messages.
    Moderator,
    /// The platform vouches for the name.
    Verified,
    /// Anything else.
    Custom,
}

/// Somebody who is named in an event but did not cause it: who got a gift, who was raided.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Person {
    /// The platform's id, empty when it is not told.
    pub id: String,
    /// The login or handle.
    pub username: String,
    /// The name to show.
    pub display_name: String,
    /// A picture (https), or null.
    pub avatar_url: Option<Arc<str>>,
}
