//! What a channel remembers in order not to repeat itself: ids it has told, and what moderators took away.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use polychat_model::{Body, ChatEvent, ModerationAction, ModerationData};

/// How many ids are remembered. Chosen by hand: more than a busy channel sends in the minutes that a platform repeats
/// after a reconnect (a backlog is at most 800 lines).
const IDS: usize = 8_192;

/// How many deletions are remembered, so that a replayed copy of a deleted message stays away.
const TOMBSTONES: usize = 2_048;

/// A set that forgets its oldest members.
#[derive(Debug)]
struct Recent<V> {
    map: HashMap<Arc<str>, V>,
    order: VecDeque<Arc<str>>,
    limit: usize,
}

impl<V> Recent<V> {
    fn new(limit: usize) -> Self {
        Self { map: HashMap::new(), order: VecDeque::new(), limit }
    }

    fn insert(&mut self, id: Arc<str>, value: V) {
        if self.map.insert(id.clone(), value).is_none() {
            if self.order.len() >= self.limit
                && let Some(oldest) = self.order.pop_front()
            {
                self.map.remove(&oldest);
            }
            self.order.push_back(id);
        }
    }
}

/// The memory of one channel.
#[derive(Debug)]
pub(crate) struct Memory {
    told: Recent<u32>,
    deleted: Recent<()>,
    /// User id to the moment of the purge: what that user wrote earlier stays away.
    purged: Recent<i64>,
    cleared_at_ms: i64,
}

/// What to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Tell it.
    New,
    /// It has been told.
    Repeated,
    /// A moderator took it away before it came, or before it came again.
    Removed,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self {
            told: Recent::new(IDS),
            deleted: Recent::new(TOMBSTONES),
            purged: Recent::new(TOMBSTONES),
            cleared_at_ms: i64::MIN,
        }
    }

    /// Decides about an event and remembers it.
    pub(crate) fn judge(&mut self, event: &ChatEvent) -> Verdict {
        if matches!(event.body, Body::Viewers(_)) {
            return Verdict::New;
        }
        match self.told.map.get(&event.id) {
            Some(&revision) if revision >= event.revision => return Verdict::Repeated,
            _ => self.told.insert(event.id.clone(), event.revision),
        }
        if let Body::Moderation(data) = &event.body {
            self.remember(data, event.sent_at_ms);
            return Verdict::New;
        }
        let (message_id, author) = match &event.body {
            Body::Chat(chat) => (Some(&chat.message_id), Some(&chat.data.author)),
            Body::Event(data) => (data.message_id.as_ref(), data.user.as_ref()),
            Body::Moderation(_) | Body::Viewers(_) => (None, None),
        };
        let deleted = self.deleted.map.contains_key(&*event.id)
            || message_id.is_some_and(|id| self.deleted.map.contains_key(id.as_str()));
        let is_chat = matches!(event.body, Body::Chat(_));
        let purged = is_chat
            && author.is_some_and(|a| self.purged.map.get(a.id.as_str()).is_some_and(|&at| event.sent_at_ms < at));
        if deleted || purged || (is_chat && event.sent_at_ms < self.cleared_at_ms) {
            return Verdict::Removed;
        }
        Verdict::New
    }

    fn remember(&mut self, data: &ModerationData, at_ms: i64) {
        match (data.action, &data.message_id, &data.user_id) {
            (ModerationAction::DeleteMessage, Some(id), _) => self.deleted.insert(id.as_str().into(), ()),
            (ModerationAction::DeleteUser, _, Some(user)) => self.purged.insert(user.as_str().into(), at_ms),
            (ModerationAction::Clear, ..) => self.cleared_at_ms = at_ms,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use polychat_model::{Author, ChatData, ChatMessage, EventData};

    use super::*;

    fn chat(id: &str, user: &str, at: i64) -> ChatEvent {
        let author = Author { id: user.into(), ..Author::default() };
        let body = Body::Chat(Box::new(ChatMessage {
            message_id: id.into(),
            data: ChatData { author, ..ChatData::default() },
        }));
        ChatEvent { id: format!("t:{id}").into(), revision: 0, sent_at_ms: at, room_id: "1".into(), body }
    }

    fn moderation(id: &str, action: ModerationAction, message: Option<&str>, user: Option<&str>, at: i64) -> ChatEvent {
        let data = ModerationData {
            action,
            message_id: message.map(str::to_owned),
            user_id: user.map(str::to_owned),
            username: None,
            duration_seconds: None,
        };
        ChatEvent { id: id.into(), revision: 0, sent_at_ms: at, room_id: "1".into(), body: Body::Moderation(data) }
    }

    #[test]
    fn a_repetition_is_told_once_and_an_update_again() {
        let mut memory = Memory::new();
        assert_eq!(memory.judge(&chat("a", "u", 1)), Verdict::New);
        assert_eq!(memory.judge(&chat("a", "u", 1)), Verdict::Repeated);
        let mut event = chat("b", "u", 1);
        event.body = Body::Event(Box::new(EventData::default()));
        assert_eq!(memory.judge(&event), Verdict::New);
        event.revision = 1;
        assert_eq!(memory.judge(&event), Verdict::New);
        event.revision = 0;
        assert_eq!(memory.judge(&event), Verdict::Repeated, "an older state does not come back");
    }

    #[test]
    fn what_a_moderator_took_away_does_not_come_back_with_a_backlog() {
        let mut memory = Memory::new();
        memory.judge(&moderation("m1", ModerationAction::DeleteMessage, Some("a"), None, 10));
        memory.judge(&moderation("m2", ModerationAction::DeleteUser, None, Some("bad"), 10));
        assert_eq!(memory.judge(&chat("a", "u", 5)), Verdict::Removed);
        assert_eq!(memory.judge(&chat("b", "bad", 5)), Verdict::Removed);
        assert_eq!(memory.judge(&chat("c", "bad", 11)), Verdict::New, "the time-out is over");
        memory.judge(&moderation("m3", ModerationAction::Clear, None, None, 20));
        assert_eq!(memory.judge(&chat("d", "u", 19)), Verdict::Removed);
        assert_eq!(memory.judge(&chat("e", "u", 21)), Verdict::New);
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut memory = Memory::new();
        for n in 0..IDS * 3 {
            memory.judge(&chat(&n.to_string(), "u", 1));
        }
        assert_eq!((memory.told.map.len(), memory.told.order.len()), (IDS, IDS));
    }
}
