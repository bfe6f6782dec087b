//! The frames that a server sends on `/ws`. docs/PROTOCOL.md is their description for people.
//!
//! [`ServerMessage`] owns its data: for control frames, for reading frames back and for the TypeScript types. What is
//! sent to many is written by [`Numbered`] from borrowed data; a test holds the two together.

use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use ts_rs::TS;

use crate::look::OwnLook;
use crate::obs::ObsFrame;
use crate::rehearsal::Sample;
use crate::saved::{FeaturedMessage, HiddenPerson, Overlay, SavedChannel, Stage};
use crate::{
    Body, ChannelKey, ChatData, ChatEvent, ErrorCode, EventData, IdentifierType, ModerationData, Platform, StatsData,
    StorageType, ViewersData, iso_timestamp,
};

/// Every frame that a server sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
#[expect(clippy::large_enum_variant, reason = "made one at a time, never kept in numbers")]
pub enum ServerMessage {
    /// How a subscription does.
    Status(StatusFrame),
    /// Something did not work.
    Error(ErrorFrame),
    /// A chat message.
    Chat(ChatFrame),
    /// Something else that happened. Only with `include: ["events"]`.
    Event(EventFrame),
    /// Something has to disappear. Only with `include: ["moderation"]`.
    Moderation(ModerationFrame),
    /// How many watch, and what. Only with `include: ["viewers"]`.
    Viewers(ViewersFrame),
    /// What was counted. Answers `get_stats`; on its own only with `include: ["stats"]`.
    Stats(StatsFrame),
    /// Frames that this client will not get.
    Gap(GapFrame),
    /// What is saved. Answers `follow`, and comes at every change after it.
    Saved(SavedFrame),
    /// How OBS does. Only after `follow` with `obs`.
    Obs(ObsFrame),
    /// Something made up to be shown. Only after `follow` with `rehearsals`.
    Rehearsal(RehearsalFrame),
}

impl ServerMessage {
    /// The frame as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("frames have string keys and no failing serializers")
    }
}

/// What is saved, as far as it is shown somewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SavedFrame {
    /// The channels that are followed, in their order.
    pub channels: Vec<SavedChannel>,
    /// The overlay that was asked for, or all. Where windows stand is left out: `places` is empty.
    pub overlays: Vec<Overlay>,
    /// The own looks that these wear, and the one that was asked for; all if all overlays were asked for.
    #[serde(default)]
    pub looks: Vec<OwnLook>,
    /// What overlays do right now.
    pub stage: Stage,
    /// People whom no overlay shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<HiddenPerson>>")]
    pub hidden: Vec<HiddenPerson>,
    /// The language that is set for our pages, as a tag; absent is that of each page's system. Words on overlays have their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub language: Option<String>,
}

/// Something made up, that a person wants to see on an overlay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RehearsalFrame {
    /// What to show, in this order. The page makes up the rest.
    pub samples: Vec<Sample>,
}

/// How a chat is reached, on platforms with several ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Via {
    /// From here straight to the platform.
    Direct,
    /// Through the platform's own page, which the user's browser engine has open.
    Webview,
    /// Straight, with an address that a sign server has signed.
    SignServer,
}

impl Via {
    /// The word of the protocol.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Webview => "webview",
            Self::SignServer => "sign_server",
        }
    }
}

/// How a subscription does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StatusFrame {
    /// The word for it.
    pub status: Status,
    /// The site. Absent only when `unsubscribed` answers for nothing in particular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub platform: Option<Platform>,
    /// The channel in its canonical spelling; in `subscribed` and `unsubscribed` as the client spelt it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub identifier: Option<String>,
    /// `subscribed` only: the canonical spelling, which all later frames carry as `identifier`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub channel: Option<String>,
    /// `subscribed` only: what the identifier names.
    #[serde(rename = "identifierType", default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub identifier_type: Option<IdentifierType>,
    /// `subscribed` only: where statistics are kept; absent when nothing is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub storage_type: Option<StorageType>,
    /// `started` only: the platform's id of the broadcast, or of the room where chat needs no broadcast.
    #[serde(rename = "liveId", default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub live_id: Option<String>,
    /// `started` only: whether the channel broadcasts; absent when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub live: Option<bool>,
    /// `started` and `waiting` only: when the broadcast is to begin (ISO 8601), if that is announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub starts_at: Option<String>,
    /// `started` only, and only true: the platform has changed, and Polychat does not understand all that it sends.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub degraded: bool,
    /// `started` only: how the chat is reached, on platforms with several ways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub via: Option<Via>,
    /// `started` and `waiting` only: whose channel it is, as far as the platform tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub owner: Option<Owner>,
    /// `started` and `waiting` only: the channel's broadcasts, when there are several to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Broadcast>>")]
    pub broadcasts: Vec<Broadcast>,
    /// One sentence for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub message: Option<String>,
    /// `reconnecting` only: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub cause: Option<String>,
    /// `reconnecting` only, and only [`ErrorCode::ConsentNeeded`]: the person can help by agreeing to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub code: Option<ErrorCode>,
    /// `reconnecting` and `waiting` only: when the next attempt is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_in_ms: Option<u64>,
}

impl StatusFrame {
    /// A status of a channel, without anything else.
    pub fn of(status: Status, key: &ChannelKey) -> Self {
        Self { platform: Some(key.platform), identifier: Some(key.identifier.to_string()), ..Self::bare(status) }
    }

    /// A status of nothing in particular.
    pub fn bare(status: Status) -> Self {
        Self {
            status,
            platform: None,
            identifier: None,
            channel: None,
            identifier_type: None,
            storage_type: None,
            live_id: None,
            live: None,
            starts_at: None,
            degraded: false,
            via: None,
            owner: None,
            broadcasts: Vec::new(),
            message: None,
            cause: None,
            code: None,
            retry_in_ms: None,
        }
    }
}

/// Whose channel it is, as the platform shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Owner {
    /// The name for people, or null.
    pub display_name: Option<Arc<str>>,
    /// The address of a picture (https), or null. Those of TikTok end to be valid after some days.
    pub avatar_url: Option<Arc<str>>,
}

/// One of the broadcasts that a channel has at the same time, or has announced.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Broadcast {
    /// The platform's id: subscribe to it with `identifierType` `liveId`.
    #[serde(rename = "liveId")]
    pub live_id: String,
    /// Its title.
    pub title: String,
    /// Whether it runs now.
    pub live: bool,
    /// Whether only paying members may see it and its chat.
    pub members_only: bool,
    /// How many watch or wait, or null.
    pub viewers: Option<u64>,
    /// When it is to begin (ISO 8601), or null.
    pub starts_at: Option<String>,
}

/// The words of `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Status {
    /// The request was accepted. Sent at once.
    Subscribed,
    /// The request to leave was carried out: nothing of that channel follows.
    Unsubscribed,
    /// The platform is being asked.
    Connecting,
    /// Chat is being read.
    Started,
    /// The platform was lost; we come back by ourselves.
    Reconnecting,
    /// The channel is not live yet; we look again by ourselves.
    Waiting,
    /// It is over.
    Ended,
}

/// Something did not work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ErrorFrame {
    /// One sentence for people.
    pub error: String,
    /// The same for programs.
    pub code: ErrorCode,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub details: Option<String>,
    /// The platform concerned, as the client wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub platform: Option<String>,
    /// The channel concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub identifier: Option<String>,
}

impl ErrorFrame {
    /// An error that concerns no channel.
    pub fn new(code: ErrorCode, error: impl Into<String>) -> Self {
        Self { error: error.into(), code, details: None, platform: None, identifier: None }
    }

    /// An error of a channel.
    pub fn of(code: ErrorCode, key: &ChannelKey, error: impl Into<String>) -> Self {
        Self {
            platform: Some(key.platform.as_str().to_owned()),
            identifier: Some(key.identifier.to_string()),
            ..Self::new(code, error)
        }
    }
}

macro_rules! numbered_frame {
    ($(#[$doc:meta])* $name:ident, $data:ty $(, $(#[$extra_doc:meta])* $extra:ident)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
        #[serde(deny_unknown_fields)]
        #[ts(export)]
        pub struct $name {
            /// The site.
            pub platform: Platform,
            /// The channel.
            pub identifier: String,
            /// Grows with every frame of this channel, also over restarts; below 2^53.
            pub seq: u64,
            /// Equal for repetitions and updates of the same happening, on every platform and connection.
            pub event_id: String,
            /// ISO 8601, UTC.
            pub timestamp: String,
            /// Only true: from before Polychat read this chat, or told once more.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            #[ts(optional, as = "Option<bool>")]
            pub history: bool,
            $($(#[$extra_doc])* pub $extra: String,)?
            /// The platform's id of the room.
            pub room_id: String,
            /// What happened.
            pub data: $data,
        }
    };
}

numbered_frame!(
    /// A chat message.
    ChatFrame, ChatData,
    /// The platform's id of the message: what a deletion names.
    message_id
);
numbered_frame!(
    /// Something else that happened.
    EventFrame,
    EventData
);
numbered_frame!(
    /// Something has to disappear.
    ModerationFrame,
    ModerationData
);
numbered_frame!(
    /// How many watch, and what.
    ViewersFrame,
    ViewersData
);

/// What was counted in a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StatsFrame {
    /// The site.
    pub platform: Platform,
    /// The channel.
    pub identifier: String,
    /// The numbers.
    pub data: StatsData,
}

/// Frames that this client will not get: it read too slowly, or `since` is older than what is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct GapFrame {
    /// The site.
    pub platform: Platform,
    /// The channel.
    pub identifier: String,
    /// How many frames of the kinds that this client asked for; null when that cannot be known.
    pub missed: Option<u64>,
}

/// The two forms of a chat frame: `/ws` and `/ws?format=nested`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// As documented.
    #[default]
    Flat,
    /// As the old service really sent it: the frame once more inside `data`.
    Nested,
}

/// An event with its place in its channel, ready to be written as a frame without copying it first.
#[derive(Debug, Clone, Copy)]
pub struct Numbered<'a> {
    /// The channel.
    pub key: &'a ChannelKey,
    /// Its number in that channel.
    pub seq: u64,
    /// What happened.
    pub event: &'a ChatEvent,
}

impl Numbered<'_> {
    /// The frame as JSON. Only `chat` has two forms.
    pub fn to_json(&self, format: Format) -> Vec<u8> {
        let mut out = Vec::with_capacity(1024);
        let written = match (&self.event.body, format) {
            (Body::Chat(chat), Format::Nested) => {
                let inner = self.frame("chat", Some(&chat.message_id), &chat.data);
                serde_json::to_writer(&mut out, &self.frame("chat", None, &inner))
            }
            (Body::Chat(chat), Format::Flat) => {
                serde_json::to_writer(&mut out, &self.frame("chat", Some(&chat.message_id), &chat.data))
            }
            (Body::Event(data), _) => serde_json::to_writer(&mut out, &self.frame("event", None, &**data)),
            (Body::Moderation(data), _) => serde_json::to_writer(&mut out, &self.frame("moderation", None, data)),
            (Body::Viewers(data), _) => serde_json::to_writer(&mut out, &self.frame("viewers", None, data)),
        };
        written.expect("frames have string keys and no failing serializers");
        out
    }

    /// The frame of a message or an event, with data of its own; `None` for what cannot be featured.
    pub fn to_message(&self) -> Option<FeaturedMessage> {
        let platform = self.key.platform;
        let identifier = self.key.identifier.to_string();
        let event_id = self.event.id.to_string();
        let timestamp = iso_timestamp(self.event.sent_at_ms).to_string();
        let (seq, history, room_id) = (self.seq, self.event.history, self.event.room_id.to_string());
        match &self.event.body {
            Body::Chat(chat) => {
                let (message_id, data) = (chat.message_id.clone(), chat.data.clone());
                let frame =
                    ChatFrame { platform, identifier, seq, event_id, timestamp, history, message_id, room_id, data };
                Some(FeaturedMessage::Chat(frame))
            }
            Body::Event(event) => {
                let data = EventData::clone(event);
                let frame = EventFrame { platform, identifier, seq, event_id, timestamp, history, room_id, data };
                Some(FeaturedMessage::Event(frame))
            }
            Body::Moderation(_) | Body::Viewers(_) => None,
        }
    }

    fn frame<'f, T>(&'f self, kind: &'static str, message_id: Option<&'f str>, data: &'f T) -> Frame<'f, T> {
        Frame {
            kind,
            platform: self.key.platform,
            identifier: &self.key.identifier,
            seq: self.seq,
            event_id: &self.event.id,
            timestamp: Timestamp(self.event.sent_at_ms),
            history: self.event.history,
            message_id,
            room_id: &self.event.room_id,
            data,
        }
    }
}

#[derive(Serialize)]
struct Frame<'a, T> {
    #[serde(rename = "type")]
    kind: &'static str,
    platform: Platform,
    identifier: &'a Arc<str>,
    seq: u64,
    event_id: &'a Arc<str>,
    timestamp: Timestamp,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    history: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<&'a str>,
    room_id: &'a Arc<str>,
    data: &'a T,
}

/// Unix milliseconds, written as the protocol writes them.
struct Timestamp(i64);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&iso_timestamp(self.0))
    }
}
