//! What happens in a chat, in our words. Every platform's `normalise` makes these; nothing after it knows the platform.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Author, Content, Person};

/// One thing that happened in one chat. Its JSON is what servers tell each other; `/ws` has [`Numbered`](crate::wire::Numbered).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatEvent {
    /// Stays the same when the platform tells it again: after a reconnect, from a backlog, or as the copy of a shared
    /// chat in another channel. Opaque.
    pub id: Arc<str>,
    /// Counts the updates of one event (a running combo, a bundle of gifts): an event with a known id and a higher
    /// revision replaces the earlier one; anything else with a known id is a repetition.
    pub revision: u32,
    /// Unix milliseconds by the platform's clock; by ours if the platform sends none.
    pub sent_at_ms: i64,
    /// The platform's id of the room.
    pub room_id: Arc<str>,
    /// From before we read the chat, or told once more after a reconnect: overlays show it without a fanfare.
    pub history: bool,
    /// What happened.
    pub body: Body,
}

/// What happened: one variant for each kind of frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// Somebody wrote a message.
    Chat(Box<ChatMessage>),
    /// Something else that people see in the chat: a subscription, a raid, a gift.
    Event(Box<EventData>),
    /// Something has to disappear.
    Moderation(ModerationData),
    /// How many watch, and what.
    Viewers(ViewersData),
}

/// A chat message and the id that deletions name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// The platform's id of this copy.
    pub message_id: String,
    /// The rest.
    pub data: ChatData,
}

/// `data` of a `chat` frame.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ChatData {
    /// Who wrote it.
    pub author: Author,
    /// What it says.
    #[ts(as = "crate::content::ContentFields")]
    pub content: Content,
    /// Whether money is attached.
    pub metadata: Metadata,
    /// The message that this one answers, or null.
    pub reply: Option<Reply>,
    /// The author's first message ever in this channel.
    pub first_message: bool,
    /// The author came back after a long time.
    pub returning: bool,
    /// Written with `/me`: shown in the author's colour, without a colon.
    pub action: bool,
    /// Why the platform lets it stand out, or null.
    pub highlight: Option<Highlight>,
    /// In a shared chat: the channel where it was written, or null when it was written here.
    pub source_channel: Option<SourceChannel>,
}

/// Whether money is attached to a message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Metadata {
    /// `super_chat` if money is attached.
    #[serde(rename = "type")]
    pub kind: MetadataType,
    /// How much. Only with `super_chat`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub monetary_data: Option<MonetaryData>,
    /// The picture of a sticker. Only with `super_chat`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sticker: Option<Sticker>,
}

/// The documented kinds of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum MetadataType {
    /// An ordinary message.
    #[default]
    Chat,
    /// A message with money: Super Chat, bits, Hype Chat.
    SuperChat,
}

/// Money attached to a message, as text for people and as numbers for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct MonetaryData {
    /// The amount as the platform writes it: `$5.00`; for bits the bare number.
    pub amount: String,
    /// The same for people: `$5.00`, `100 bits`.
    pub formatted: String,
    /// `#rrggbb` of the tier.
    pub color: String,
    /// The amount in money, or null when it is in the platform's own points.
    pub money: Option<Money>,
    /// The amount in bits, or null.
    pub bits: Option<u32>,
    /// The platform's tier, 1 is the lowest (YouTube: 1 blue to 7 red); absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub tier: Option<u8>,
    /// The colours in which the platform itself draws it; absent where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub colors: Option<PaidColors>,
}

/// The colours of a paid message, each `#rrggbb` or `#rrggbbaa`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PaidColors {
    /// Behind name and amount.
    pub header: String,
    /// The amount.
    pub header_text: String,
    /// Behind the message.
    pub body: String,
    /// The message.
    pub body_text: String,
    /// The author's name.
    pub author: String,
}

/// An amount of money without rounding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Money {
    /// Millionths of the currency's unit: 5 US dollars are 5000000.
    pub micros: i64,
    /// ISO 4217.
    pub currency: String,
}

/// The picture of a paid sticker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Sticker {
    /// Its picture (https).
    pub url: Arc<str>,
    /// What to show when the picture does not load.
    pub alt: String,
}

/// The message that a message answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Reply {
    /// The answered message.
    pub message_id: String,
    /// The first message of the thread: the answered one if it started the thread.
    pub thread_id: String,
    /// Who wrote the answered message.
    pub user: Person,
    /// What it says.
    pub text: String,
}

/// Why a message stands out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Highlight {
    /// `highlighted`, `introduction`, `animated`, `gigantified_emote`, `subs_mode_skipped`, `reward`, or the platform's
    /// own word for a kind that we do not know.
    pub kind: String,
    /// The animation's name (`animated`) or the reward's id (`reward`), or null.
    pub detail: Option<String>,
}

/// The other channel of a shared chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SourceChannel {
    /// The platform's id of that room.
    pub id: String,
    /// Its login, or null while it is not known.
    pub username: Option<String>,
    /// Its name, or null while it is not known.
    pub display_name: Option<String>,
    /// Its picture (https), or null.
    pub avatar_url: Option<Arc<str>>,
    /// The message's id in that room.
    pub message_id: Option<String>,
}

/// What an `event` frame tells. docs/PROTOCOL.md says which fields each of them fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[non_exhaustive]
pub enum EventName {
    /// A kind that has no name here yet: `text` says what the platform says.
    #[default]
    Notice,
    /// A first paid month.
    Subscription,
    /// A further paid month.
    Resubscription,
    /// A gift or trial became a paid subscription.
    SubscriptionUpgrade,
    /// Subscriptions given to others.
    GiftSubscription,
    /// Somebody passes a received gift on.
    PayForward,
    /// A virtual gift.
    Gift,
    /// A new channel member.
    Membership,
    /// A number worth a mention: months, badges, years.
    Milestone,
    /// Several broadcasts in a row watched.
    WatchStreak,
    /// Viewers of another channel arrive.
    Raid,
    /// This channel's viewers leave for another channel.
    RaidOut,
    /// An announced raid does not happen.
    RaidCancelled,
    /// A new follower.
    Follow,
    /// Likes.
    Like,
    /// The broadcast was shared.
    Share,
    /// Somebody came in.
    Join,
    /// Bits outside of a message.
    Bits,
    /// Channel points or bits spent on a reward.
    Reward,
    /// A message of the channel's team to everyone.
    Announcement,
    /// A vote.
    Poll,
    /// A bet with channel points.
    Prediction,
    /// A message was pinned.
    Pin,
    /// The pinned message was taken down.
    Unpin,
    /// Progress of a goal.
    Goal,
    /// A donation to a charity.
    Charity,
    /// A hype train's progress.
    HypeTrain,
    /// The rules of the room changed: slow mode, subscribers only.
    Mode,
    /// The broadcast began.
    StreamOnline,
    /// The broadcast ended; the chat stays open.
    StreamOffline,
    /// Title or category changed.
    StreamUpdate,
    /// Somebody asks the streamer.
    Question,
    /// What the streamer says, as the platform hears it.
    Caption,
    /// Streamers compete.
    Battle,
    /// Points for the fastest viewers.
    TreasureBox,
}

/// `data` of an `event` frame.
///
/// `event`, `text`, `user`, `message`, `amount`, `count` and `tier` are always there (null where they say nothing); the
/// others only where they say something.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct EventData {
    /// What happened.
    pub event: EventName,
    /// One sentence in English that says it all, for clients that know no more.
    pub text: String,
    /// Who caused it; null if nobody did or nobody may know.
    pub user: Option<Author>,
    /// What that user wrote with it.
    #[ts(as = "Option<crate::content::ContentFields>")]
    pub message: Option<Content>,
    /// Money.
    pub amount: Option<Money>,
    /// How many: months given, viewers of a raid, bits, likes, length of a streak.
    pub count: Option<u64>,
    /// `1`, `2`, `3` or `prime` for subscriptions; the platform's word elsewhere.
    pub tier: Option<String>,
    /// The id that a deletion of its message names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub message_id: Option<String>,
    /// The platform's own name of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub native_type: Option<String>,
    /// Months in total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub months: Option<u32>,
    /// Months without a break.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub streak_months: Option<u32>,
    /// Months paid at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub duration_months: Option<u32>,
    /// Whom it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Person>>")]
    pub recipients: Vec<Person>,
    /// The other channel (raids), the earlier giver (upgrades, gifts passed on), who pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub other: Option<Person>,
    /// What the giver has given in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub total: Option<u64>,
    /// A colour that the platform gives it: `#rrggbb` or a word such as `PURPLE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub color: Option<String>,
    /// A gift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub gift: Option<Gift>,
    /// How far a series that goes on has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub combo: Option<Combo>,
    /// A reward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reward: Option<Reward>,
    /// A vote or a bet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub poll: Option<Poll>,
    /// A goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub goal: Option<Goal>,
    /// A pinned message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pin: Option<Pin>,
    /// In a shared chat: the channel where it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub source_channel: Option<SourceChannel>,
}

/// A virtual gift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Gift {
    /// The platform's id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its picture (https), or null.
    pub image_url: Option<Arc<str>>,
    /// What one costs in the platform's points (diamonds, bits), or null.
    pub unit_cost: Option<u64>,
}

/// A series of equal gifts or gifts bought together. Each frame with the same `event_id` replaces the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Combo {
    /// The series.
    pub id: String,
    /// How many so far.
    pub count: u64,
    /// Whether more may come.
    pub state: ComboState,
}

/// Whether a series goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum ComboState {
    /// More may come.
    Running,
    /// This is the last word.
    Final,
}

/// Something that channel points or bits buy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Reward {
    /// The platform's id.
    pub id: String,
    /// What it is called; empty while that is not known.
    pub title: String,
    /// What it costs in points, or null.
    pub cost: Option<u64>,
    /// Its picture (https), or null.
    pub image_url: Option<Arc<str>>,
}

/// A vote or a bet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Poll {
    /// The platform's id.
    pub id: String,
    /// The question.
    pub title: String,
    /// The platform's word in lower case: `active`, `completed`, `locked`, `resolved`, `canceled`…
    pub status: String,
    /// The answers.
    pub choices: Vec<Choice>,
    /// How long it still runs, in milliseconds, or null.
    pub remaining_ms: Option<u64>,
    /// The answer that won, or null.
    pub winner: Option<String>,
}

/// An answer of a vote or a side of a bet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Choice {
    /// The platform's id.
    pub id: String,
    /// The answer.
    pub title: String,
    /// Votes, or people who bet on it.
    pub votes: u64,
    /// Points that were bet, or null for a vote.
    pub points: Option<u64>,
}

/// Progress of a goal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Goal {
    /// What is counted, in the platform's word.
    pub kind: String,
    /// What the streamer wrote about it.
    pub description: String,
    /// Reached so far.
    pub current: u64,
    /// To be reached.
    pub target: u64,
}

/// A pinned message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Pin {
    /// The platform's id of the pin.
    pub id: String,
    /// The pinned message.
    pub message_id: String,
    /// What it says.
    pub text: String,
    /// When it goes away by itself (ISO 8601), or null.
    pub ends_at: Option<String>,
}

/// `data` of a `moderation` frame: something has to disappear at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ModerationData {
    /// What has to disappear.
    pub action: ModerationAction,
    /// `delete_message`: equal to the `message_id` or to the `event_id` of what has to go. Else null.
    pub message_id: Option<String>,
    /// Whose messages go (`delete_user`), or who wrote the message. Null if not told.
    pub user_id: Option<String>,
    /// That user's login, or null.
    pub username: Option<String>,
    /// `delete_user`: seconds of a time-out; null for a ban.
    pub duration_seconds: Option<u64>,
}

/// What has to disappear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ModerationAction {
    /// One message.
    DeleteMessage,
    /// All messages of one user so far.
    DeleteUser,
    /// All messages so far.
    Clear,
}

/// `data` of a `viewers` frame: what is known now; null where it is not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ViewersData {
    /// How many watch.
    pub viewers: Option<u64>,
    /// Whether the channel broadcasts.
    pub live: Option<bool>,
    /// The broadcast's title.
    pub title: Option<String>,
    /// The game or category.
    pub category: Option<String>,
    /// Likes of the broadcast.
    pub likes: Option<u64>,
    /// When the broadcast began (ISO 8601).
    pub started_at: Option<String>,
}
