//! The words of Polychat: which chat ([`ChannelKey`]), what happened in it ([`ChatEvent`]) and what goes over `/ws`
//! ([`wire`]). No tokio, no I/O: every other crate speaks in these types, and `ui/src/lib/bindings` is made from them.

mod author;
mod channel;
mod code;
pub mod command;
mod content;
mod event;
pub mod history;
mod html;
pub mod look;
pub mod obs;
pub mod rehearsal;
pub mod request;
pub mod saved;
mod stats;
mod time;
pub mod update;
pub mod window;
pub mod wire;
mod worth;

pub use author::{Author, Badge, BadgeType, Person, Roles};
pub use channel::{ChannelKey, IdentifierType, InvalidIdentifier, Platform};
pub use code::ErrorCode;
pub use content::{
    CheerMetadata, Content, ContentBuilder, Element, EmoteMetadata, EmoteStyle, LinkMetadata, MentionMetadata,
};
pub use event::{
    Body, ChatData, ChatEvent, ChatMessage, Choice, Combo, ComboState, EventData, EventName, Gift, Goal, Highlight,
    Metadata, MetadataType, ModerationAction, ModerationData, MonetaryData, Money, PaidColors, Pin, Poll, Reply,
    Reward, SourceChannel, Sticker, ViewersData,
};
pub use stats::{Chatter, EmoteCount, Gifts, MoneySum, Rate, Series, StatsData, StorageType, Watching};
pub use time::{iso_timestamp, unix_ms};
