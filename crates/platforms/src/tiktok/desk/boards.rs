//! What goes on for a while and is told anew as it changes: polls, battles, goals, captions. One event each, with a number
//! a second and always the last.

use std::collections::VecDeque;

use polychat_model::{Body, ChatEvent, EventData};

/// How many go on at once. A room has one poll, one battle and a goal of up to three gifts.
const BOARDS_MAX: usize = 32;
/// How long to wait between two tellings, in milliseconds.
const UPDATE_MS: i64 = 1_000;

#[derive(Debug, Default)]
pub(super) struct Boards {
    boards: VecDeque<Board>,
}

#[derive(Debug)]
struct Board {
    event: ChatEvent,
    /// When it ends by itself, if that is known.
    ends_ms: Option<i64>,
    told_ms: i64,
    changed: bool,
    is_over: bool,
}

impl Board {
    fn tell(&mut self, now_ms: i64) -> ChatEvent {
        if let Body::Event(data) = &mut self.event.body
            && let Some(poll) = &mut data.poll
        {
            let left = self.ends_ms.filter(|_| !self.is_over).map(|ends_ms| ends_ms.saturating_sub(now_ms).max(0));
            poll.remaining_ms = left.map(i64::cast_unsigned);
        }
        let event = self.event.clone();
        self.event.revision = self.event.revision.saturating_add(1);
        self.told_ms = now_ms;
        self.changed = false;
        event
    }

    fn due_ms(&self) -> Option<i64> {
        self.changed.then(|| self.told_ms.saturating_add(UPDATE_MS))
    }
}

impl Boards {
    /// What was said of it last.
    pub(super) fn known(&self, id: &str) -> Option<&EventData> {
        match &self.boards.iter().find(|board| &*board.event.id == id)?.event.body {
            Body::Event(data) => Some(data),
            _ => None,
        }
    }

    /// It begins, changes, or with `is_over` ends.
    pub(super) fn update(
        &mut self,
        event: ChatEvent,
        ends_ms: Option<i64>,
        is_over: bool,
        now_ms: i64,
    ) -> Option<ChatEvent> {
        if let Some(board) = self.boards.iter_mut().find(|board| board.event.id == event.id) {
            if board.is_over || (same(&board.event.body, &event.body) && !is_over) {
                return None;
            }
            board.event.body = event.body;
            board.ends_ms = ends_ms.or(board.ends_ms);
            board.is_over = is_over;
            board.changed = true;
            let is_due = is_over || board.due_ms().is_some_and(|due_ms| due_ms <= now_ms);
            return is_due.then(|| board.tell(now_ms));
        }
        if self.boards.len() >= BOARDS_MAX {
            self.boards.pop_front();
        }
        self.boards.push_back(Board { event, ends_ms, told_ms: 0, changed: false, is_over });
        self.boards.back_mut().map(|board| board.tell(now_ms))
    }

    /// Changes that have waited for their second.
    pub(super) fn tick(&mut self, now_ms: i64) -> Vec<ChatEvent> {
        let due = |board: &&mut Board| board.due_ms().is_some_and(|due_ms| due_ms <= now_ms);
        self.boards.iter_mut().filter(due).map(|board| board.tell(now_ms)).collect()
    }

    pub(super) fn due_ms(&self) -> Option<i64> {
        self.boards.iter().filter_map(Board::due_ms).min()
    }

    /// Another broadcast has its own.
    pub(super) fn clear(&mut self) {
        self.boards.clear();
    }
}

/// Whether two bodies say the same but for the message that said it, and how long is left.
fn same(one: &Body, other: &Body) -> bool {
    let plain = |body: &Body| match body {
        Body::Event(data) => {
            let mut data = data.clone();
            data.message_id = None;
            if let Some(poll) = &mut data.poll {
                poll.remaining_ms = None;
            }
            Some(data)
        }
        _ => None,
    };
    plain(one) == plain(other)
}
