//! What a line of Twitch's IRC means, in our words. Pure: no clock, no network, no memory between lines.

use std::sync::Arc;

use polychat_model::{Body, ChatEvent};

use super::catalog::Lookups;
use super::irc::Line;
use super::tags::Tags;
use super::{GiftLine, RoomState};
use super::{message, moderation, room_state, usernotice};

/// Where a line was read, and what is known there.
#[derive(Debug, Clone, Copy)]
pub struct Room<'a> {
    /// The channel's login.
    pub login: &'a str,
    /// The channel's user id, once it is known.
    pub room_id: Option<&'a Arc<str>>,
    /// Badges, emotes, people.
    pub lookups: &'a Lookups,
    /// Unix milliseconds by our clock: for lines that carry no time.
    pub now_ms: i64,
}

/// What a line means.
#[derive(Debug, Clone, PartialEq)]
pub enum Read {
    /// Something happened in the chat.
    Event(ChatEvent),
    /// A gifted subscription, or the announcement of several: for [`GiftBundles`](super::GiftBundles), which makes one
    /// event of a mass gift.
    Gift(GiftLine),
    /// The rules of the room, or a change of them: for [`RoomModes`](super::RoomModes). The first one that carries a
    /// room id means that the channel is joined.
    RoomState(RoomState),
    /// The channel does not exist any more, or is suspended.
    Suspended {
        /// What Twitch says, for people.
        text: String,
    },
    /// Twitch does not let us read: banned, blocked, a refused login.
    Refused {
        /// Twitch's word for the reason; empty when it gives none.
        msg_id: String,
        /// What Twitch says, for people.
        text: String,
    },
    /// Twitch tells us something that no viewer has to see. For the log.
    Notice {
        /// Twitch's word for it; empty when it gives none.
        msg_id: String,
        /// What Twitch says, for people.
        text: String,
    },
    /// A line that says nothing about the chat, or that is not shown; why.
    Ignored(&'static str),
    /// A command that is not known here.
    Unknown(String),
}

/// Says what `line` means. Lines that steer the connection (`PING`, `RECONNECT`, `001`) are ignored here: the connection
/// reads them before.
pub fn read(line: &Line<'_>, room: &Room<'_>) -> Read {
    match line.command {
        "PRIVMSG" => message::read(line, room),
        "USERNOTICE" => usernotice::read(line, room),
        "CLEARCHAT" => moderation::clear_chat(line, room),
        "CLEARMSG" => moderation::clear_message(line, room),
        "ROOMSTATE" => Read::RoomState(room_state::read(line)),
        "NOTICE" => notice(line),
        "USERSTATE" | "GLOBALUSERSTATE" => Read::Ignored("our own state"),
        "WHISPER" => Read::Ignored("a whisper"),
        "HOSTTARGET" => Read::Ignored("host mode ended in 2022"),
        "JOIN" | "PART" => Read::Ignored("somebody joined or left"),
        "MODE" => Read::Ignored("MODE is not used any more"),
        "353" | "366" => Read::Ignored("a list of names"),
        "PING" | "PONG" | "RECONNECT" | "CAP" | "001" | "002" | "003" | "004" | "372" | "375" | "376" | "421" => {
            Read::Ignored("for the connection")
        }
        other => Read::Unknown(other.chars().take(32).collect()),
    }
}

fn notice(line: &Line<'_>) -> Read {
    let msg_id = line.tag("msg-id").unwrap_or_default();
    let text = || line.text().unwrap_or_default().to_owned();
    match &*msg_id {
        "msg_channel_suspended" => Read::Suspended { text: text() },
        "msg_banned" | "tos_ban" | "msg_room_not_found" | "msg_channel_blocked" => {
            Read::Refused { msg_id: msg_id.into_owned(), text: text() }
        }
        "slow_on" | "slow_off" | "subs_on" | "subs_off" | "r9k_on" | "r9k_off" | "emote_only_on" | "emote_only_off"
        | "followers_on" | "followers_on_zero" | "followers_off" => Read::Ignored("ROOMSTATE tells this too"),
        "host_on" | "host_off" | "host_target_went_offline" => Read::Ignored("host mode ended in 2022"),
        _ if line.param(0) == Some("*") => Read::Refused { msg_id: msg_id.into_owned(), text: text() },
        _ => Read::Notice { msg_id: msg_id.into_owned(), text: text() },
    }
}

impl Room<'_> {
    /// The id of the room in which a line was read: the line's own, else what is known, else the login.
    pub(super) fn id(&self, from_line: &str) -> Arc<str> {
        match self.room_id {
            Some(known) if from_line.is_empty() || **known == *from_line => Arc::clone(known),
            _ if !from_line.is_empty() => from_line.into(),
            _ => self.login.into(),
        }
    }

    /// An event of this room, with the time of the line.
    pub(super) fn event(&self, tags: &Tags<'_>, id: Arc<str>, body: Body) -> ChatEvent {
        ChatEvent {
            id,
            revision: 0,
            sent_at_ms: self.sent_at_ms(tags),
            room_id: self.id(tags.room_id),
            history: false,
            body,
        }
    }

    /// When Twitch got the line, or else our time.
    pub(super) fn sent_at_ms(&self, tags: &Tags<'_>) -> i64 {
        tags.sent_at_ms().unwrap_or(self.now_ms)
    }

    /// The id of the event of a line: equal in every channel of a shared chat, and on every reading.
    pub(super) fn event_id(&self, tags: &Tags<'_>, kind: &str, user: &str, text: &str) -> Arc<str> {
        let own = if tags.source_id.is_empty() { tags.id } else { tags.source_id };
        if own.is_empty() {
            let room = if tags.room_id.is_empty() { self.login } else { tags.room_id };
            format!("tw:{kind}:{:016x}", stable_hash(&[room, user, &self.sent_at_ms(tags).to_string(), text])).into()
        } else {
            ["tw:", own].concat().into()
        }
    }
}

/// FNV-1a over the parts, with an end mark after each: equal on every machine and in every version.
fn stable_hash(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests;
