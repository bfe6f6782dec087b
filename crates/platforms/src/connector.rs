//! What the hub needs from a platform, and nothing more.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use polychat_model::wire::{Broadcast, Owner, Via};
use polychat_model::{ChannelKey, ChatEvent, ErrorCode, IdentifierType, InvalidIdentifier, Platform};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where a connector puts what it reads. Bounded: a connector that is faster than the hub waits.
pub type Outlet = mpsc::Sender<Signal>;

/// A reader of one platform. One value serves every channel of it.
pub trait Connector: Send + Sync + 'static {
    /// The platform that it reads.
    fn platform(&self) -> Platform;

    /// The key of what somebody typed: trims, lower-cases, takes the name out of an address. Pure and quick.
    ///
    /// # Errors
    /// A sentence for people when this names no channel. Nothing that passes can inject anything upstream.
    fn key(&self, identifier_type: IdentifierType, typed: &str) -> Result<ChannelKey, InvalidIdentifier>;

    /// Reads `key` until the broadcast ends, the upstream fails or `cancel` fires (then `Ok`).
    ///
    /// Awaits when `out` is full, so nothing piles up. A connector that heals its own connection reports
    /// [`UpstreamState::Reconnecting`] and goes on; one that does not returns a transient error, and the hub calls again
    /// after a pause.
    fn read(&self, key: ChannelKey, out: Outlet, cancel: CancellationToken)
    -> BoxFuture<'_, Result<(), UpstreamError>>;
}

/// What a connector tells the hub. Its JSON is what servers that share the reading of a channel tell each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Signal {
    /// Something happened in the chat.
    Event(ChatEvent),
    /// The connection to the platform changed.
    State(UpstreamState),
    /// Whose channel it is. Best before the first state, which then tells it.
    Owner(Owner),
    /// Who reads the channel from here on. A connector that shares with nobody has no need to say it.
    Reader(Reader),
    /// Something was told in the chat that was not heard here, and will not be. It stands where that would have stood.
    Missed,
}

/// Who reads a channel, where several programs may share that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reader {
    /// This program, for all of them. It counts.
    Here,
    /// Another one, from which this one hears everything. That one counts.
    Elsewhere,
    /// This program for itself, as nothing can be shared at present. Who goes on counting is decided later.
    Alone,
}

/// How a connector does with one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UpstreamState {
    /// Chat is being read. May be sent again when something of it changes.
    Started(Started),
    /// The connection was lost or could not be made; the connector tries again by itself.
    Reconnecting {
        /// Why, in words for people.
        cause: String,
        /// When.
        retry_in: Duration,
        /// [`ErrorCode::UpstreamUnavailable`] or [`ErrorCode::Timeout`].
        code: ErrorCode,
    },
    /// The channel is not live, and somebody else looks again: it comes by itself. Whoever looks by himself returns
    /// [`UpstreamError::NotLive`] instead.
    Waiting(NotLive),
}

/// The chat that is being read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Started {
    /// The platform's id of the broadcast; of the room where chat needs no broadcast.
    pub live_id: Arc<str>,
    /// The platform's id of whose channel it is, if that is known; `None` where `live_id` is that already (Twitch).
    pub owner_id: Option<Arc<str>>,
    /// Whether the channel broadcasts, if that is known.
    pub live: Option<bool>,
    /// When the broadcast is to begin (Unix milliseconds), if that is announced.
    pub starts_at_ms: Option<i64>,
    /// Whether the platform sends more than a little that we do not understand: our reader is out of date.
    pub degraded: bool,
    /// How it is reached, on platforms with several ways.
    pub via: Option<Via>,
    /// What people should know about it; `None` where the word `started` says it all.
    pub message: Option<String>,
    /// All broadcasts of the channel, when there are several.
    pub broadcasts: Vec<Broadcast>,
}

impl Started {
    /// The chat of `live_id`, and no more than that.
    pub fn new(live_id: impl Into<Arc<str>>, live: Option<bool>) -> Self {
        Self { live_id: live_id.into(), live, ..Self::default() }
    }
}

/// A channel whose chat is closed until it broadcasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotLive {
    /// One sentence for people.
    pub text: String,
    /// When it makes sense to look again.
    pub retry_in: Duration,
    /// When the next broadcast is to begin (Unix milliseconds), if that is announced.
    pub starts_at_ms: Option<i64>,
    /// The broadcasts that the channel has announced or that cannot be read, when that is worth a choice.
    pub broadcasts: Vec<Broadcast>,
    /// Whether a broadcast that was being read has just ended: those who do not wait are told so.
    pub ended: bool,
}

impl NotLive {
    /// Not live, and no more than that.
    pub fn new(text: impl Into<String>, retry_in: Duration) -> Self {
        Self { text: text.into(), retry_in, starts_at_ms: None, broadcasts: Vec::new(), ended: false }
    }
}

/// Why reading a channel ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum UpstreamError {
    /// The platform knows no such channel, or has closed it.
    #[error("{text}")]
    NotFound {
        /// One sentence for people.
        text: String,
    },
    /// The channel exists but does not broadcast, and its chat is closed until it does.
    #[error("{}", .0.text)]
    NotLive(Box<NotLive>),
    /// The broadcast, or the channel, is over.
    #[error("{text}")]
    Ended {
        /// One sentence for people.
        text: String,
    },
    /// The platform cannot be reached.
    #[error("{cause}")]
    Unavailable {
        /// Why, in words for people.
        cause: String,
    },
    /// The platform did not answer in time.
    #[error("{cause}")]
    Timeout {
        /// What was waited for, in words for people.
        cause: String,
    },
}

impl UpstreamError {
    /// Whether it makes sense to try again soon. What the retry loop asks.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Timeout { .. })
    }

    /// The code on the wire.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound { .. } => ErrorCode::StreamNotFound,
            Self::NotLive(not_live) if not_live.ended => ErrorCode::StreamEnded,
            Self::NotLive(_) => ErrorCode::StreamNotLive,
            Self::Ended { .. } => ErrorCode::StreamEnded,
            Self::Unavailable { .. } => ErrorCode::UpstreamUnavailable,
            Self::Timeout { .. } => ErrorCode::Timeout,
        }
    }
}
