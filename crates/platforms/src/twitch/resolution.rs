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
    /// Whether the channel broadcasts.
    pub(crate) live: Option<bool>,
    /// Twitch's id of the broadcast.
    pub(crate) live_id: Option<String>,
    /// How many watch.
    pub(crate) viewers: Option<u64>,
    /// The broadcast's title.
    pub(crate) title: Option<String>,
    /// The game or category, in words.
    pub(crate) category: Option<String>,
    /// When the broadcast began (ISO 8601).
    pub(crate) started_at: Option<String>,
}

impl ChannelInfo {
    /// A channel of which no more is known than its names.
    pub(crate) fn new(id: impl Into<Arc<str>>, login: String, display_name: String) -> Self {
        let (live, live_id, viewers, title, category, started_at) = <_>::default();
        let (id, avatar_url) = (id.into(), None);
        Self { id, login, display_name, avatar_url, live, live_id, viewers, title, category, started_at }
    }

    /// The same with what is known about its broadcast.
    pub(crate) fn broadcasting(self, broadcast: Broadcast) -> Self {
        let Broadcast { live, live_id, viewers, title, category, started_at } = broadcast;
        Self { live, live_id, viewers, title, category, started_at, ..self }
    }

    /// What is known about its broadcast.
    pub(crate) fn broadcast(&self) -> Broadcast {
        Broadcast {
            live: self.live,
            live_id: self.live_id.clone(),
            viewers: self.viewers,
            title: self.title.clone(),
            category: self.category.clone(),
            started_at: self.started_at.clone(),
        }
    }
}
