//! What is known of a video: whether it is live, whose it is, and how its chat is read.
//!
//! Two answers tell it: `next` knows the chat, the owner and the viewers; `player` knows the state and the times. A watch
//! page holds both. Neither depends on the language of the answer: only keys and numbers decide.

mod chat;
mod next;
mod player;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use polychat_model::wire::Owner;

use super::identifier;
use super::page::Page;

pub use chat::ChatAccess;
pub(super) use next::viewers;

/// Facts about a video. What an answer does not say is `None`, `false` or `Unknown`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Video {
    /// Its id. Empty if the answer names none, as for a deleted video: who asked knows it.
    pub id: String,
    /// The channel it belongs to; the first one if several made it together.
    pub channel_id: Option<String>,
    /// The name of that channel, for people.
    pub channel_name: Option<String>,
    /// The address of that channel's picture.
    pub channel_picture: Option<Arc<str>>,
    /// The handle of that channel as it is spelt there, without `@`.
    pub handle: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// Whether it runs.
    pub state: VideoState,
    /// Whether only paying members may see it. Their chat cannot be read without a login (since December 2025).
    pub members_only: bool,
    /// When an upcoming stream is to begin, in Unix milliseconds.
    pub starts_at_ms: Option<i64>,
    /// When the stream began.
    pub started_at_ms: Option<i64>,
    /// When the stream ended.
    pub ended_at_ms: Option<i64>,
    /// How many watch a live stream, or wait for an upcoming one. Never the views of an ended one.
    pub viewers: Option<u64>,
    /// How many like it.
    pub likes: Option<u64>,
    /// Whether the picture is higher than wide. Read from the size of the player that is offered for embedding.
    pub vertical: Option<bool>,
    /// How its chat is read.
    pub chat: ChatAccess,
    /// The page has no place for a chat, not even one that says why there is none.
    is_chat_missing: bool,
}

/// Whether a video runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VideoState {
    /// It runs.
    Live,
    /// It is announced; its chat may be open already.
    Upcoming,
    /// It was a stream and is over.
    Ended,
    /// An ordinary video, which never was live.
    NotAStream,
    /// Private or restricted to grown-ups: seen with a login only.
    Private,
    /// Not told: YouTube takes this computer for a robot. Its chat can often be read all the same.
    BotCheck,
    /// Deleted, or there never was one.
    Missing,
    /// Not told. With an open chat it is live or soon will be.
    #[default]
    Unknown,
}

impl Video {
    /// Reads an answer of `next`. `None` if it is no such answer.
    pub fn from_next(body: &[u8]) -> Option<Self> {
        next::read(&super::pick::pick(body, &next::WANT)?.0)
    }

    /// Reads an answer of `player`. `None` if it is no such answer.
    pub fn from_player(body: &[u8]) -> Option<Self> {
        player::read(&super::pick::pick(body, &player::WANT)?.0)
    }

    /// Reads the page of a video, which holds both answers. `None` if it is no such page.
    pub fn from_watch_page(page: &Page<'_>) -> Option<Self> {
        let next = page.data(&next::WANT).and_then(|data| next::read(&data));
        let player = page.player(&player::WANT).and_then(|data| player::read(&data));
        match (next, player) {
            (Some(next), Some(player)) => Some(next.merge(player)),
            (one, other) => one.or(other),
        }
    }

    /// Whose it is, as far as it is told.
    pub fn owner(&self) -> Owner {
        Owner { display_name: self.channel_name.as_deref().map(Into::into), avatar_url: self.channel_picture.clone() }
    }

    /// Whether it says anything about the state or the chat.
    pub fn is_telling(&self) -> bool {
        self.state != VideoState::Unknown || self.chat != ChatAccess::Unknown
    }

    /// Puts together what two answers of the same moment say. Where both say something, `self` is believed, but for the
    /// state: there an open chat is believed more than a player that denies the stream, as it does to some addresses.
    pub fn merge(self, other: Self) -> Self {
        let ended_at_ms = self.ended_at_ms.or(other.ended_at_ms);
        let members_only = self.members_only || other.members_only;
        let state = if other.weight() > self.weight() { other.state } else { self.state };
        let chat = if self.chat == ChatAccess::Unknown { other.chat } else { self.chat };
        let is_chat_missing = self.is_chat_missing || other.is_chat_missing;
        let runs = matches!(state, VideoState::Live | VideoState::Upcoming);
        let chat = match chat {
            // A stream has a place for its chat, even when that only says that it is closed.
            ChatAccess::Closed if is_chat_missing && runs && !members_only => ChatAccess::Unknown,
            ChatAccess::Unknown if members_only => ChatAccess::Closed,
            chat => chat,
        };
        let state = match (&chat, state) {
            (ChatAccess::ReplayOnly { .. }, _) => VideoState::Ended,
            (ChatAccess::Open { .. }, VideoState::Live | VideoState::Upcoming) => state,
            (ChatAccess::Open { .. }, VideoState::Ended) if ended_at_ms.is_some() => state,
            (ChatAccess::Open { .. }, _) => VideoState::Unknown,
            _ => state,
        };
        Self {
            id: if self.id.is_empty() { other.id } else { self.id },
            channel_id: self.channel_id.or(other.channel_id),
            channel_name: self.channel_name.or(other.channel_name),
            channel_picture: self.channel_picture.or(other.channel_picture),
            handle: self.handle.or(other.handle),
            title: self.title.or(other.title),
            state,
            members_only,
            starts_at_ms: self.starts_at_ms.or(other.starts_at_ms),
            started_at_ms: self.started_at_ms.or(other.started_at_ms),
            ended_at_ms,
            viewers: self.viewers.or(other.viewers).filter(|_| !members_only && state != VideoState::Ended),
            likes: self.likes.or(other.likes),
            vertical: self.vertical.or(other.vertical),
            chat,
            is_chat_missing,
        }
    }

    /// How much its state is worth beside another answer's.
    fn weight(&self) -> u8 {
        match self.state {
            // The time of the end is told of ended streams only.
            VideoState::Ended if self.ended_at_ms.is_some() => 6,
            VideoState::Live => 5,
            VideoState::Upcoming => 4,
            VideoState::Ended => 3,
            VideoState::NotAStream => 2,
            VideoState::Private | VideoState::BotCheck | VideoState::Missing => 1,
            VideoState::Unknown => 0,
        }
    }
}

/// The handle in the address of a channel, as it is spelt there.
fn handle(address: &str) -> Option<String> {
    let (_, handle) = address.split_once("/@")?;
    let handle = handle.split(['/', '?', '#']).next()?;
    let handle = percent_encoding::percent_decode_str(handle).decode_utf8().ok()?.into_owned();
    let key = identifier::key(polychat_model::IdentifierType::Username, &format!("@{handle}"));
    key.is_ok().then_some(handle)
}
