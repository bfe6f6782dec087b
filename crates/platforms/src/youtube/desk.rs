//! The desk of one chat: takes answers, gives out events. Knows what was told already, and what has to wait.

mod gifts;
mod goal;
mod polls;
mod recent;
mod turn;

use std::collections::VecDeque;
use std::hash::RandomState;
use std::sync::Arc;

use polychat_model::ChatEvent;

use self::gifts::Gifts;
use self::polls::Polls;
use self::recent::Recent;
use self::turn::Turn;
use super::answer::{Answer, Entries};
use crate::health::{Health, Parsing, UnknownKinds};

/// How many item ids are remembered, so that no item is told twice, and how many of removed ones, so that a late
/// repetition is not shown again. More than an hour of a chat with two messages a second.
const IDS_MAX: usize = 10_000;
/// How many banners are remembered. YouTube shows a handful.
const BANNERS_MAX: usize = 64;
/// How long a chip above the chat may wait for its item, in milliseconds: the two come in one answer or in two that
/// follow each other. Chosen by hand.
const TICKER_WAIT_MS: u64 = 5_000;
/// How many chips may wait at once.
const TICKERS_MAX: usize = 100;

/// What is between the actions of one chat and its events.
///
/// It has no clock: `now_ms` are Unix milliseconds, told by the caller.
#[derive(Debug)]
pub struct Desk {
    room_id: Arc<str>,
    /// Ids of items that were told, with the last revision.
    seen: Recent,
    /// Has the same keys as `seen`.
    removed: Recent,
    banners: Recent,
    gifts: Gifts,
    polls: Polls,
    tickers: VecDeque<Waiting>,
    parsing: Parsing,
    unknown: UnknownKinds,
    attention: bool,
}

/// A purchase that a chip told and that the chat may still tell.
#[derive(Debug)]
struct Waiting {
    due_ms: u64,
    item_id: String,
    event: ChatEvent,
}

impl Desk {
    /// The desk of the chat of a video.
    pub fn new(room_id: impl Into<Arc<str>>) -> Self {
        let keys = RandomState::new();
        Self {
            room_id: room_id.into(),
            seen: Recent::new(IDS_MAX, keys.clone()),
            removed: Recent::new(IDS_MAX, keys.clone()),
            banners: Recent::new(BANNERS_MAX, keys),
            gifts: Gifts::default(),
            polls: Polls::default(),
            tickers: VecDeque::new(),
            parsing: Parsing::default(),
            unknown: UnknownKinds::default(),
            attention: false,
        }
    }

    /// What is new in an answer. `history`: its items are from before we read the chat, or told once more.
    pub fn take(&mut self, answer: &Answer<'_>, history: bool, now_ms: u64) -> Vec<ChatEvent> {
        let clock_ms = answer.server_time_ms.unwrap_or_else(|| i64::try_from(now_ms).unwrap_or(i64::MAX));
        let mut turn = Turn::new(self, history, now_ms, clock_ms, answer.actions.len());
        match &answer.actions.0 {
            Entries::Read(actions) => actions.iter().for_each(|action| turn.act(action)),
            Entries::Untried(actions) => actions.iter().for_each(|json| turn.attempt(json)),
        }
        let (mut events, counts) = turn.finish();
        self.parsing.answer(counts);
        events.extend(self.tick(now_ms));
        events
    }

    /// What has become due without an answer.
    pub fn tick(&mut self, now_ms: u64) -> Vec<ChatEvent> {
        let mut events = Vec::new();
        while self.tickers.front().is_some_and(|waiting| waiting.due_ms <= now_ms) {
            let Some(waiting) = self.tickers.pop_front() else { break };
            if self.seen.get(&waiting.item_id).is_none() && self.removed.get(&waiting.item_id).is_none() {
                self.seen.insert(&waiting.item_id, 0);
                events.push(waiting.event);
            }
        }
        events.extend(self.gifts.tick(now_ms));
        events.extend(self.polls.tick(now_ms));
        events
    }

    /// When [`tick`](Self::tick) has something to do, if ever.
    pub fn due_ms(&self) -> Option<u64> {
        let ticker = self.tickers.front().map(|waiting| waiting.due_ms);
        [ticker, self.gifts.due_ms(), self.polls.due_ms()].into_iter().flatten().min()
    }

    /// How many actions were read so far, and how well.
    pub fn health(&self) -> Health {
        self.parsing.health()
    }

    /// YouTube has changed: a quarter of what it sends is not understood.
    pub fn degraded(&self) -> bool {
        self.parsing.degraded()
    }

    /// Names of kinds that are not known, each given out once.
    pub fn unknown_kinds(&mut self) -> Vec<String> {
        self.unknown.take()
    }

    /// Whether YouTube closed or moved the chat since the last question: the state of the broadcast wants a look.
    pub fn take_attention(&mut self) -> bool {
        std::mem::take(&mut self.attention)
    }
}

#[cfg(test)]
mod tests;
