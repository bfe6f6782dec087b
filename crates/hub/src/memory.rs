//! What a channel remembers in order not to repeat itself: ids it has told, and what moderators took away.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use polychat_model::{Body, ChatEvent, ModerationAction};

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
    /// Messages whose deletion came before them. A purge of a user or of the room needs no entry: what was told before
    /// it is known by its id and is not told again. Times are not compared, as not all lines carry the platform's.
    deleted: Recent<()>,
}

/// What to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Tell it.
    New,
    /// Tell it: a later state of what was told.
    Updated,
    /// It has been told.
    Repeated,
    /// A moderator took it away before it came, or before it came again.
    Removed,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self { told: Recent::new(IDS), deleted: Recent::new(TOMBSTONES) }
    }

    /// Decides about an event and remembers it.
    pub(crate) fn judge(&mut self, event: &ChatEvent) -> Verdict {
        if matches!(event.body, Body::Viewers(_)) {
            return Verdict::New;
        }
        let known = self.told.map.get(&event.id).copied();
        if known.is_some_and(|revision| revision >= event.revision) {
            return Verdict::Repeated;
        }
        self.told.insert(event.id.clone(), event.revision);
        let message_id = match &event.body {
            Body::Moderation(data) => {
                if data.action == ModerationAction::DeleteMessage
                    && let Some(id) = &data.message_id
                {
                    self.deleted.insert(id.as_str().into(), ());
                }
                return Verdict::New;
            }
            Body::Chat(chat) => Some(&chat.message_id),
            Body::Event(data) => data.message_id.as_ref(),
            Body::Viewers(_) => None,
        };
        let is_deleted = self.deleted.map.contains_key(&*event.id)
            || message_id.is_some_and(|id| self.deleted.map.contains_key(id.as_str()));
        match known {
            _ if is_deleted => Verdict::Removed,
            Some(_) => Verdict::Updated,
            None => Verdict::New,
        }
    }
}

#[cfg(test)]
mod tests {
    use polychat_model::{ChatData, ChatMessage, ModerationData};

    use super::*;

    fn chat(id: &str) -> ChatEvent {
        let message = ChatMessage { message_id: id.into(), data: ChatData::default() };
        let (id, room_id) = (format!("t:{id}").into(), "1".into());
        ChatEvent { id, revision: 0, sent_at_ms: 1, room_id, history: false, body: Body::Chat(Box::new(message)) }
    }

    fn deletion(id: &str) -> ChatEvent {
        let data = ModerationData {
            action: ModerationAction::DeleteMessage,
            message_id: Some(id.into()),
            user_id: None,
            username: None,
            duration_seconds: None,
        };
        ChatEvent { body: Body::Moderation(data), ..chat(&format!("deletion-{id}")) }
    }

    #[test]
    fn a_repetition_is_told_once_and_an_update_again() {
        let mut memory = Memory::new();
        assert_eq!(memory.judge(&chat("a")), Verdict::New);
        assert_eq!(memory.judge(&chat("a")), Verdict::Repeated);
        let mut event = chat("b");
        event.body = Body::Event(Box::default());
        assert_eq!(memory.judge(&event), Verdict::New);
        event.revision = 1;
        assert_eq!(memory.judge(&event), Verdict::Updated);
        event.revision = 0;
        assert_eq!(memory.judge(&event), Verdict::Repeated, "an older state does not come back");
    }

    #[test]
    fn a_message_whose_deletion_came_first_is_not_told() {
        let mut memory = Memory::new();
        assert_eq!(memory.judge(&deletion("a")), Verdict::New);
        memory.judge(&deletion("t:b"));
        assert_eq!(memory.judge(&chat("a")), Verdict::Removed);
        assert_eq!(memory.judge(&chat("b")), Verdict::Removed, "deletions may name the event's id, too");
        assert_eq!(memory.judge(&chat("c")), Verdict::New);
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut memory = Memory::new();
        for n in 0..IDS * 3 {
            memory.judge(&chat(&n.to_string()));
        }
        assert_eq!((memory.told.map.len(), memory.told.order.len()), (IDS, IDS));
    }
}
