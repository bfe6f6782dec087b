//! Which chat: a platform, the kind of identifier and the identifier itself.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A site with live chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum Platform {
    /// youtube.com
    Youtube,
    /// tiktok.com
    Tiktok,
    /// twitch.tv
    Twitch,
}

impl Platform {
    /// Every platform, in the order in which people are shown them.
    pub const ALL: [Self; 3] = [Self::Youtube, Self::Tiktok, Self::Twitch];

    /// The word of the protocol: `youtube`, `tiktok` or `twitch`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Youtube => "youtube",
            Self::Tiktok => "tiktok",
            Self::Twitch => "twitch",
        }
    }

    /// The name that people know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Youtube => "YouTube",
            Self::Tiktok => "TikTok",
            Self::Twitch => "Twitch",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an identifier names. `channelId` and `liveId` are for YouTube only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum IdentifierType {
    /// A handle or login, without `@`.
    #[default]
    Username,
    /// The site's own channel id (`UC…`).
    ChannelId,
    /// One broadcast: a video id.
    LiveId,
}

impl IdentifierType {
    /// The word of the protocol.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::ChannelId => "channelId",
            Self::LiveId => "liveId",
        }
    }
}

/// One chat to read. Two viewers with equal keys share one upstream.
///
/// The identifier is in the platform's canonical spelling: only a connector makes keys from what people type
/// (`Connector::key`), so that `Foo`, `@foo` and `foo` are one channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChannelKey {
    /// The site.
    pub platform: Platform,
    /// What `identifier` names.
    pub identifier_type: IdentifierType,
    /// The canonical spelling.
    pub identifier: Arc<str>,
}

impl ChannelKey {
    /// A key from an identifier that is canonical already.
    pub fn new(platform: Platform, identifier_type: IdentifierType, identifier: impl Into<Arc<str>>) -> Self {
        Self { platform, identifier_type, identifier: identifier.into() }
    }
}

impl fmt::Display for ChannelKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.platform, self.identifier)
    }
}

/// Why what somebody typed names no channel. The text is for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidIdentifier(pub String);
