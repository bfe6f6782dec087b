//! The desk of one room: takes batches of messages, gives out events. Knows what was told already, what belongs together,
//! and what has to wait.

mod author;
mod boards;
mod content;
mod gifts;
mod likes;
mod methods;
mod pattern;
mod pictures;
mod seen;
mod turn;

use std::sync::Arc;

use polychat_model::ChatEvent;

use self::boards::Boards;
use self::gifts::Gifts;
use self::likes::Likes;
use self::seen::Seen;
use self::turn::Turn;
use super::frame::Batch;
use crate::health::{Health, Parsing, UnknownKinds};

/// How many message ids are remembered. A large room has 4 messages a second: a quarter of an hour.
const IDS_MAX: usize = 4_096;
/// How many things are remembered that come again under other ids.
const ONCE_MAX: usize = 1_024;
/// How many messages make a verdict on how well TikTok is understood: batches are too small for one.
const VERDICT_MESSAGES: u64 = 40;
/// How long after a return to a room the first messages may be a repetition, in milliseconds. Chosen by hand.
const RETURN_MS: i64 = 10_000;
/// A message that was so old, in milliseconds, when we returned belongs to the time before. Chosen by hand: messages take
/// a second or two.
const OLD_MS: i64 = 5_000;

/// Whose room it is.
#[derive(Debug, Clone)]
pub struct Host {
    /// The room's id: a new one for each broadcast.
    pub room_id: Arc<str>,
    /// The streamer's id, if it is known.
    pub user_id: Option<String>,
    /// The streamer's handle, without `@`.
    pub username: String,
}

/// What came of messages.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// For everyone who watches the chat.
    Event(ChatEvent),
    /// For whoever keeps the connection.
    Room(RoomState),
}

/// What the room said about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomState {
    /// The streamer is away for a moment; the room stays open.
    Paused,
    /// The streamer is back.
    Resumed,
    /// The broadcast is over.
    Ended,
    /// TikTok ended the broadcast.
    Suspended,
    /// TikTok wants proof that we are human: this visitor is burnt.
    Captcha,
}

/// What is between the messages of one room and its events. It lives on when the connection is lost.
///
/// It has no clock: `now_ms` are Unix milliseconds, told by the caller.
#[derive(Debug)]
pub struct Desk {
    host: Host,
    host_id: Option<i64>,
    seen: Seen<i64>,
    gifts: Gifts,
    likes: Likes,
    boards: Boards,
    /// What is told once although it comes again: pins, notices, treasure boxes.
    once: Seen<String>,
    viewers: Option<u64>,
    returned: Returned,
    /// Read since the last verdict.
    recent: Health,
    parsing: Parsing,
    unknown: UnknownKinds,
}

/// Whether messages may be repetitions from before a lost connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Returned {
    No,
    /// No batch has come yet.
    Now,
    /// What was written before `before_ms` by TikTok's clock is old, as long as it is not later than `until_ms` by ours.
    At {
        before_ms: i64,
        until_ms: i64,
    },
}

impl Desk {
    /// The desk of a room.
    pub fn new(host: Host) -> Self {
        Self {
            host_id: host.user_id.as_deref().and_then(|id| id.parse().ok()),
            host,
            seen: Seen::new(IDS_MAX),
            gifts: Gifts::default(),
            likes: Likes::default(),
            boards: Boards::default(),
            once: Seen::new(ONCE_MAX),
            viewers: None,
            returned: Returned::No,
            recent: Health::default(),
            parsing: Parsing::default(),
            unknown: UnknownKinds::default(),
        }
    }

    /// The streamer began another broadcast, in another room. What was told stays told.
    pub fn enter(&mut self, room_id: Arc<str>) {
        if self.host.room_id != room_id {
            self.host.room_id = room_id;
            self.likes.new_room();
            self.boards.clear();
            self.viewers = None;
            self.returned = Returned::No;
        }
    }

    /// The connection was lost and is back: what comes next may have been there before.
    pub fn rejoined(&mut self) {
        self.returned = Returned::Now;
    }

    /// What is new in a batch.
    pub fn take(&mut self, batch: &Batch, now_ms: i64) -> Vec<Told> {
        if self.returned == Returned::Now {
            let server_ms = turn::plausible(batch.now_ms).unwrap_or(now_ms);
            self.returned = Returned::At {
                before_ms: server_ms.saturating_sub(OLD_MS),
                until_ms: now_ms.saturating_add(RETURN_MS),
            };
        }
        let mut turn = Turn::new(self, batch, now_ms);
        batch.messages.iter().for_each(|message| turn.message(message));
        let (mut told, counts) = turn.finish();
        self.count(counts);
        told.append(&mut self.tick(now_ms));
        told
    }

    /// What has become due without a message: streaks of gifts that went quiet, summed likes.
    pub fn tick(&mut self, now_ms: i64) -> Vec<Told> {
        let mut events = self.gifts.tick(now_ms);
        events.append(&mut self.likes.tick(now_ms));
        events.append(&mut self.boards.tick(now_ms));
        events.into_iter().map(Told::Event).collect()
    }

    /// When [`tick`](Self::tick) has something to do, if ever.
    pub fn due_ms(&self) -> Option<i64> {
        [self.gifts.due_ms(), self.likes.due_ms(), self.boards.due_ms()].into_iter().flatten().min()
    }

    /// How many messages were read so far, and how well.
    pub fn health(&self) -> Health {
        let sums = self.parsing.health();
        Health {
            actions: sums.actions + self.recent.actions,
            unknown: sums.unknown + self.recent.unknown,
            broken: sums.broken + self.recent.broken,
        }
    }

    /// TikTok has changed: a quarter of what it sends is not understood.
    pub fn degraded(&self) -> bool {
        self.parsing.degraded()
    }

    /// Names of messages that are not known, each given out once.
    pub fn new_unknown(&mut self) -> Vec<String> {
        self.unknown.take()
    }

    fn count(&mut self, counts: Health) {
        self.recent.actions += counts.actions;
        self.recent.unknown += counts.unknown;
        self.recent.broken += counts.broken;
        if self.recent.actions >= VERDICT_MESSAGES {
            self.parsing.answer(std::mem::take(&mut self.recent));
        }
    }
}

#[cfg(test)]
mod tests;
