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
pub(crate) struct Recent<V> {
    map: HashMap<Arc<str>, V>,
    order: VecDeque<Arc<str>>,
    limit: usize,
}

impl<V> Recent<V> {
    pub(crate) fn new(limit: usize) -> Self {
        Self { map: HashMap::new(), order: VecDeque::new(), limit }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&V> {
        self.map.get(id)
    }

    /// True if it is new.
    pub(crate) fn insert(&mut self, id: Arc<str>, value: V) -> bool {
        let is_new = self.map.insert(id.clone(), value).is_none();
        if is_new {
            if self.order.len() >= self.limit
                && let Some(oldest) = self.order.pop_front()
            {
                self.map.remove(&oldest);
            }
            self.order.push_back(id);
        }
        is_new
    }
}

/// The memory of one channel.
#[derive(Debug)]
pub(crate) struct Memory {
    told: Recent<u32>,
    /// Messages whose deletion came before them. A purge of a user or of the room needs no entry: what was told before
    /// it is known by its id and is not told again. Times are not compared, as not all lines carry the platform's.
    deleted: Recent<()>,
    /// Users whose messages were taken away, with the number of the last time.
    purged: Recent<u64>,
    /// The number of the last time that everything was taken away.
    cleared: u64,
}

/// How many users are remembered whose messages were taken away.
const PURGED: usize = 2_048;

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
        Self { told: Recent::new(IDS), deleted: Recent::new(TOMBSTONES), purged: Recent::new(PURGED), cleared: 0 }
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

    /// Remembers with its number what a moderator took away: whoever asks for it later must not get it.
    pub(crate) fn took_away(&mut self, seq: u64, data: &ModerationData) {
        match data.action {
            // Remembered by its id.
            ModerationAction::DeleteMessage => {}
            ModerationAction::DeleteUser => {
                if let Some(user) = &data.user_id {
                    self.purged.insert(user.as_str().into(), seq);
                }
            }
            ModerationAction::Clear => self.cleared = seq,
        }
    }

    /// Whether a moderator took this message away, as far as that is remembered.
    pub(crate) fn is_taken_away(&self, seq: u64, ids: [Option<&str>; 2], user: Option<&str>) -> bool {
        let is_purged = user.and_then(|user| self.purged.get(user)).is_some_and(|purged| *purged > seq);
        self.cleared > seq || is_purged || ids.into_iter().flatten().any(|id| self.deleted.get(id).is_some())
    }
}

#[cfg(test)]
mod tests {
    use polychat_model::{ChatData, ChatMessage};

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
    fn what_was_taken_away_is_known_when_somebody_asks_for_it() {
        let mut memory = Memory::new();
        let purge = |action, user: Option<&str>| ModerationData {
            action,
            message_id: None,
            user_id: user.map(str::to_owned),
            username: None,
            duration_seconds: None,
        };
        memory.judge(&deletion("a"));
        assert!(memory.is_taken_away(1, [Some("t:a"), Some("a")], None));
        assert!(!memory.is_taken_away(1, [Some("t:b"), Some("b")], Some("mallory")));
        memory.took_away(5, &purge(ModerationAction::DeleteUser, Some("mallory")));
        assert!(memory.is_taken_away(4, [None, None], Some("mallory")));
        assert!(!memory.is_taken_away(6, [None, None], Some("mallory")), "written afterwards");
        assert!(!memory.is_taken_away(4, [None, None], Some("ana")));
        memory.took_away(9, &purge(ModerationAction::Clear, None));
        assert!(memory.is_taken_away(8, [None, None], Some("ana")) && !memory.is_taken_away(10, [None, None], None));
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
