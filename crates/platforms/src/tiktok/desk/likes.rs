//! Likes: a viewer's taps of some seconds are one event, and the room's number never goes back.

use std::collections::{HashMap, VecDeque};

use polychat_model::{Body, ChatEvent};

/// How long the likes of a viewer are summed, in milliseconds. TikTok itself sends a message a second or so for each.
const SUM_MS: i64 = 3_000;
/// How many viewers are summed at once; the first of more is told early.
const VIEWERS_MAX: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct Likes {
    sums: HashMap<i64, Sum>,
    /// Whose sum is due, and when; in order.
    order: VecDeque<(i64, i64)>,
    total: u64,
}

#[derive(Debug)]
struct Sum {
    event: ChatEvent,
    name: String,
    count: u64,
}

impl Likes {
    /// Likes of a viewer and of the room. `event` is made for the first of them.
    pub(super) fn add(
        &mut self,
        user_id: i64,
        count: u64,
        total: u64,
        now_ms: i64,
        event: impl FnOnce() -> (ChatEvent, String),
    ) -> Option<ChatEvent> {
        self.total = self.total.max(total);
        if let Some(sum) = self.sums.get_mut(&user_id) {
            sum.count = sum.count.saturating_add(count);
            return None;
        }
        let (event, name) = event();
        self.sums.insert(user_id, Sum { event, name, count });
        self.order.push_back((now_ms.saturating_add(SUM_MS), user_id));
        if self.order.len() > VIEWERS_MAX { self.first() } else { None }
    }

    /// The likes of the room so far, as far as any server knows.
    pub(super) fn total(&self) -> Option<u64> {
        (self.total > 0).then_some(self.total)
    }

    /// Another broadcast counts from the beginning.
    pub(super) fn new_room(&mut self) {
        self.total = 0;
    }

    /// Sums that have waited long enough.
    pub(super) fn tick(&mut self, now_ms: i64) -> Vec<ChatEvent> {
        let mut told = Vec::new();
        while self.order.front().is_some_and(|(due_ms, _)| *due_ms <= now_ms) {
            told.extend(self.first());
        }
        told
    }

    pub(super) fn due_ms(&self) -> Option<i64> {
        self.order.front().map(|(due_ms, _)| *due_ms)
    }

    fn first(&mut self) -> Option<ChatEvent> {
        let (_, user_id) = self.order.pop_front()?;
        let Sum { mut event, name, count } = self.sums.remove(&user_id)?;
        if let Body::Event(data) = &mut event.body {
            let likes = if count == 1 { "like" } else { "likes" };
            data.text = format!("{name} sent {count} {likes}.");
            data.count = Some(count);
            data.total = self.total();
        }
        Some(event)
    }
}
