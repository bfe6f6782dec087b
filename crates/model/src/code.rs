//! What a program can act on when something goes wrong.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The `code` of an `error` frame. docs/PROTOCOL.md says which of them end a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[ts(export)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The channel exists but is not live, and the subscriber did not ask to wait.
    StreamNotLive,
    /// The broadcast, or the channel itself, ended.
    StreamEnded,
    /// The platform knows no such channel.
    StreamNotFound,
    /// The frame is JSON, but its `type` is none that we know.
    InvalidMessageType,
    /// Nothing to leave, or nothing to answer for: no such subscription.
    NoActiveChat,
    /// A platform that this program does not read.
    UnsupportedPlatform,
    /// The frame is not JSON text.
    InvalidJson,
    /// A field has a value that it cannot have.
    InvalidRequest,
    /// The identifier names no channel of that platform.
    InvalidIdentifier,
    /// The platform cannot be reached. We keep trying: the subscription stays.
    UpstreamUnavailable,
    /// The platform did not answer in time. We keep trying: the subscription stays.
    Timeout,
    /// The channel can only be read in a way that the person has to agree to first: TikTok's own page in a hidden window.
    /// The direct way is tried again: the subscription stays.
    ConsentNeeded,
    /// Too many requests on this connection; this one was not carried out.
    RateLimited,
    /// This connection has as many subscriptions as one may have.
    TooManySubscriptions,
}

impl ErrorCode {
    /// Whether a subscription that hears this goes on.
    pub fn keeps_subscription(self) -> bool {
        matches!(self, Self::UpstreamUnavailable | Self::Timeout | Self::ConsentNeeded | Self::RateLimited)
    }
}
