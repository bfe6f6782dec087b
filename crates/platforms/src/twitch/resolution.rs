//! What a login turned out to be.

use std::sync::Arc;

use super::broadcast::Broadcast;

/// The answer to "which channel is this?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// The channel exists.
    Found(ChannelInfo),
    /// There is no such login.
    NotFound,
    /// There was, and Twitch or its owner closed it.
    Suspended {
        /// Twitch's own word, or empty.
        reason: String,
    },
    /// Nobody could say. Chat works without.
    Unknown,
}

/// A channel, as far as it could be found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChannelInfo {
    /// The user's id, which is the room's id too.
    pub(crate) id: Arc<str>,
    /// In lower case.
    pub(crate) login: String,
    /// The name to show.
    pub(crate) display_name: String,
    /// A picture (https).
    pub(crate) avatar_url: Option<Arc<str>>,
    /// What is known about its broadcast.
    pub(crate) broadcast: Broadcast,
}

impl ChannelInfo {
    /// A channel of which no more is known than its names.
    pub(crate) fn new(id: impl Into<Arc<str>>, login: String, display_name: String) -> Self {
        Self { id: id.into(), login, display_name, avatar_url: None, broadcast: Broadcast::default() }
    }
}
