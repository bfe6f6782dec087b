//! What is counted in a chat: `data` of a `stats` frame. docs/PROTOCOL.md says what each number means.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{EventName, Roles};

/// Where statistics are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum StorageType {
    /// As long as the program runs.
    Memory,
    /// In a file, over restarts.
    Sqlite,
    /// In a Redis server, over restarts and for several programs.
    Redis,
}

/// The statistics of one channel since `since`. The first two fields are those of the old service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StatsData {
    /// Who wrote most, most first; as many as were asked for.
    #[serde(rename = "uniqueUsers")]
    pub unique_users: Vec<Chatter>,
    /// Messages of the chat, those with money included.
    #[serde(rename = "totalMessages")]
    pub total_messages: u64,
    /// How many different people wrote.
    #[serde(rename = "uniqueUserCount")]
    pub unique_user_count: u64,
    /// Whether `uniqueUserCount` is estimated: only of very large chats.
    #[serde(rename = "uniqueUserCountIsEstimate")]
    pub unique_user_count_is_estimate: bool,
    /// When the counting began (ISO 8601).
    pub since: String,
    /// How fast the chat is.
    #[serde(rename = "messagesPerMinute")]
    pub messages_per_minute: Rate,
    /// People who wrote here for the first time ever, where the platform says so (Twitch).
    #[serde(rename = "firstTimeChatters")]
    pub first_time_chatters: u64,
    /// Messages with money attached.
    #[serde(rename = "superChats")]
    pub super_chats: u64,
    /// How often each kind of event happened; kinds that did not are absent.
    #[ts(as = "BTreeMap<String, u64>")]
    pub events: BTreeMap<EventName, u64>,
    /// What moderators took away: messages, users and whole chats, each counted as one.
    pub deletions: u64,
    /// Money by currency, in the order of their names.
    pub money: Vec<MoneySum>,
    /// Virtual gifts.
    pub gifts: Gifts,
    /// Bits that were cheered (Twitch).
    pub bits: u64,
    /// Subscriptions and memberships that were given away.
    #[serde(rename = "giftedSubscriptions")]
    pub gifted_subscriptions: u64,
    /// What was used most, most first.
    #[serde(rename = "topEmotes")]
    pub top_emotes: Vec<EmoteCount>,
    /// How many watch.
    pub viewers: Watching,
}

/// Somebody who wrote, and how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Chatter {
    /// The platform's id.
    pub id: String,
    /// The login or handle, as of the latest message.
    pub username: String,
    /// The name to show.
    pub display_name: String,
    /// A picture (https), or null.
    pub avatar_url: Option<Arc<str>>,
    /// What this person is in the channel.
    pub roles: Roles,
    /// How many messages.
    #[serde(rename = "messageCount")]
    pub message_count: u64,
    /// By how much `messageCount` may be too high: 0 but in very large chats.
    #[serde(rename = "messageCountError")]
    pub message_count_error: u64,
}

/// How fast a chat is, in messages a minute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Rate {
    /// In the last minute.
    pub now: u64,
    /// On average over the last five minutes.
    #[serde(rename = "fiveMinutes")]
    pub five_minutes: f64,
    /// Minute by minute; the last one is not over yet.
    pub series: Series<u64>,
}

/// A number for each step of time, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Series<T> {
    /// When the first step begins (ISO 8601), or null if there is none.
    pub start: Option<String>,
    /// How long a step is, in seconds.
    #[serde(rename = "stepSeconds")]
    pub step_seconds: u32,
    /// The numbers.
    pub values: Vec<T>,
}

/// What was given in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct MoneySum {
    /// ISO 4217.
    pub currency: String,
    /// Millionths of the currency's unit.
    pub micros: i64,
    /// How many payments.
    pub count: u64,
}

/// Virtual gifts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Gifts {
    /// How many; a combo of ten is ten.
    pub count: u64,
    /// What TikTok's cost, in diamonds.
    pub diamonds: u64,
    /// What YouTube's cost, in Jewels.
    pub jewels: u64,
}

/// An emote and how often it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct EmoteCount {
    /// The word that is typed for it.
    pub name: String,
    /// Its picture (https).
    pub url: Arc<str>,
    /// How often; several in one message count each.
    pub count: u64,
}

/// How many watch a broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Watching {
    /// The latest number, or null.
    pub now: Option<u64>,
    /// The highest number, or null.
    pub peak: Option<u64>,
    /// The latest number of each minute; null where none came.
    pub series: Series<Option<u64>>,
}
