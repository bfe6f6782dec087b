//! The recent events of a channel, for viewers who come late or come back.

use std::collections::VecDeque;
use std::sync::Arc;

use polychat_model::{Body, ModerationAction, ModerationData};

use crate::delivery::{Delivery, Profile};

/// How many events are kept. Chosen by hand: twice the largest `backlog`, with room for events between the messages.
const EVENTS: usize = 1_000;

/// How many bytes they may occupy, about. Bounds the channel whose messages are all of the largest size.
const BYTES: usize = 4 << 20;

/// The recent events of one channel, without those that moderators took away.
#[derive(Debug, Default)]
pub(crate) struct Replay {
    kept: VecDeque<Arc<Delivery>>,
    bytes: usize,
    /// The last number that had to make room, or stands for what was never heard: who has not seen it has missed something.
    gone_seq: u64,
    last_viewers: Option<Arc<Delivery>>,
}

/// What a viewer gets before the live events.
#[derive(Debug, Default)]
pub(crate) struct Catchup {
    pub(crate) deliveries: Vec<Arc<Delivery>>,
    /// Something between `since` and the first delivery is not kept any more.
    pub(crate) gap: bool,
}

impl Replay {
    /// A room whose first event will have the number after `seq`.
    pub(crate) fn starting_at(seq: u64) -> Self {
        Self { gone_seq: seq, ..Self::default() }
    }

    pub(crate) fn push(&mut self, delivery: Arc<Delivery>) {
        match &delivery.event.body {
            Body::Viewers(_) => {
                // Only the latest is of interest.
                self.last_viewers = Some(delivery);
                return;
            }
            Body::Moderation(data) => self.take_away(data),
            // An update replaces the earlier state in place of standing beside it.
            _ if delivery.event.revision > 0 => self.retain(|kept| kept.event.id != delivery.event.id),
            _ => {}
        }
        self.bytes += delivery.weight();
        self.kept.push_back(delivery);
        while self.kept.len() > EVENTS || self.bytes > BYTES {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.bytes -= oldest.weight();
            self.gone_seq = self.gone_seq.max(oldest.seq);
        }
    }

    /// What had this number was never heard here.
    pub(crate) fn missed(&mut self, seq: u64) {
        self.gone_seq = seq;
    }

    /// The event of that id, if it is kept.
    pub(crate) fn find(&self, event_id: &str) -> Option<&Delivery> {
        self.kept.iter().rev().find(|kept| *kept.event.id == *event_id).map(|kept| &**kept)
    }

    fn take_away(&mut self, data: &ModerationData) {
        self.retain(|kept| {
            // A raid or a gift stays; what somebody wrote, with it or alone, goes.
            let (message_id, author, is_written) = match &kept.event.body {
                Body::Chat(chat) => (Some(&chat.message_id), Some(&chat.data.author), true),
                Body::Event(event) => (event.message_id.as_ref(), event.user.as_ref(), event.message.is_some()),
                Body::Moderation(_) | Body::Viewers(_) => return true,
            };
            let is_meant = match data.action {
                ModerationAction::DeleteMessage => data
                    .message_id
                    .as_deref()
                    .is_some_and(|named| message_id.is_some_and(|id| id == named) || &*kept.event.id == named),
                ModerationAction::DeleteUser => {
                    is_written
                        && data.user_id.as_deref().is_some_and(|named| author.is_some_and(|author| author.id == named))
                }
                ModerationAction::Clear => is_written,
            };
            !is_meant
        });
    }

    fn retain(&mut self, mut keep: impl FnMut(&Delivery) -> bool) {
        let mut freed = 0;
        self.kept.retain(|delivery| {
            let stays = keep(delivery);
            if !stays {
                freed += delivery.weight();
            }
            stays
        });
        self.bytes -= freed;
    }

    /// What a viewer gets who has seen everything up to `since`, or who asks for the last `backlog` chat messages.
    ///
    /// `since` beyond `last_seq` is of no numbering of ours: then `backlog` counts.
    pub(crate) fn catch_up(&self, profile: Profile, backlog: u32, since: Option<u64>, last_seq: u64) -> Catchup {
        let wanted = |delivery: &&Arc<Delivery>| profile.includes.wants(&delivery.event.body);
        let mut catchup = if let Some(since) = since.filter(|&since| since <= last_seq) {
            Catchup {
                deliveries: self.kept.iter().filter(|d| d.seq > since).filter(wanted).cloned().collect(),
                gap: since < self.gone_seq,
            }
        } else {
            Catchup { deliveries: self.last_chats(profile, backlog), gap: false }
        };
        catchup.deliveries.extend(self.last_viewers.iter().filter(wanted).cloned());
        catchup
    }

    /// The last `backlog` chat messages, and what the profile asks for between them.
    fn last_chats(&self, profile: Profile, backlog: u32) -> Vec<Arc<Delivery>> {
        let mut chats = 0;
        let mut newest_first = Vec::new();
        for delivery in self.kept.iter().rev() {
            if chats >= backlog {
                break;
            }
            match &delivery.event.body {
                Body::Chat(_) => chats += 1,
                // It has been applied; whoever comes new has nothing to take away.
                Body::Moderation(_) => continue,
                body if !profile.includes.wants(body) => continue,
                _ => {}
            }
            newest_first.push(delivery.clone());
        }
        newest_first.reverse();
        newest_first
    }
}

#[cfg(test)]
mod tests {
    use polychat_model::request::Include;
    use polychat_model::{
        Author, ChannelKey, ChatData, ChatEvent, ChatMessage, Content, EventData, IdentifierType, Platform,
    };

    use super::*;
    use crate::delivery::Includes;

    fn delivery(seq: u64, body: Body) -> Arc<Delivery> {
        let key = ChannelKey::new(Platform::Twitch, IdentifierType::Username, "a");
        let event = ChatEvent {
            id: format!("e{seq}").into(),
            revision: 0,
            sent_at_ms: 0,
            room_id: "1".into(),
            history: false,
            body,
        };
        Arc::new(Delivery::new(&key, seq, event))
    }

    fn chat(seq: u64, user: &str, text: &str) -> Arc<Delivery> {
        let author = Author { id: user.into(), ..Author::default() };
        let data = ChatData { author, content: Content::plain(text), ..ChatData::default() };
        delivery(seq, Body::Chat(Box::new(ChatMessage { message_id: format!("m{seq}"), data })))
    }

    fn moderation(seq: u64, action: ModerationAction, message: Option<&str>, user: Option<&str>) -> Arc<Delivery> {
        let data = ModerationData {
            action,
            message_id: message.map(str::to_owned),
            user_id: user.map(str::to_owned),
            username: None,
            duration_seconds: None,
        };
        delivery(seq, Body::Moderation(data))
    }

    fn seqs(catchup: &Catchup) -> Vec<u64> {
        catchup.deliveries.iter().map(|d| d.seq).collect()
    }

    fn all() -> Profile {
        let includes = Includes::of(&[Include::Events, Include::Moderation, Include::Viewers]);
        Profile { includes, ..Profile::default() }
    }

    #[test]
    fn backlog_counts_chat_and_since_tells_what_was_missed() {
        let mut replay = Replay::starting_at(10);
        for seq in 11..=15 {
            replay.push(chat(seq, "u", "x"));
        }
        replay.push(delivery(16, Body::Event(Box::default())));
        assert_eq!(seqs(&replay.catch_up(Profile::default(), 2, None, 16)), [14, 15]);
        assert_eq!(seqs(&replay.catch_up(all(), 2, None, 16)), [14, 15, 16]);
        assert_eq!(seqs(&replay.catch_up(all(), 0, Some(14), 16)), [15, 16]);
        assert!(!replay.catch_up(all(), 0, Some(10), 16).gap);
        assert!(replay.catch_up(all(), 0, Some(9), 16).gap, "9 is from before this numbering");
        assert_eq!(seqs(&replay.catch_up(all(), 1, Some(99), 16)), [15, 16], "99 is of no numbering of ours");
    }

    #[test]
    fn deleted_messages_are_not_replayed_but_their_deletion_is() {
        let mut replay = Replay::starting_at(0);
        replay.push(chat(1, "a", "x"));
        replay.push(chat(2, "b", "x"));
        replay.push(chat(3, "a", "x"));
        replay.push(moderation(4, ModerationAction::DeleteMessage, Some("m2"), None));
        assert_eq!(seqs(&replay.catch_up(all(), 9, None, 4)), [1, 3]);
        assert_eq!(seqs(&replay.catch_up(all(), 0, Some(2), 4)), [3, 4]);
        replay.push(moderation(5, ModerationAction::DeleteUser, None, Some("a")));
        assert_eq!(seqs(&replay.catch_up(all(), 9, None, 5)), [] as [u64; 0]);
    }

    #[test]
    fn what_was_written_with_an_event_goes_with_its_author_and_the_event_of_others_stays() {
        let event = |seq, user: &str, message: Option<&str>| {
            let user = Some(Author { id: user.into(), ..Author::default() });
            delivery(
                seq,
                Body::Event(Box::new(EventData { user, message: message.map(Content::plain), ..EventData::default() })),
            )
        };
        let mut replay = Replay::starting_at(0);
        replay.push(event(1, "a", Some("rude words with a resub")));
        replay.push(event(2, "a", None));
        replay.push(event(3, "b", Some("kind words")));
        replay.push(moderation(4, ModerationAction::DeleteUser, None, Some("a")));
        assert_eq!(seqs(&replay.catch_up(all(), 0, Some(0), 4)), [2, 3, 4]);
        replay.push(moderation(5, ModerationAction::Clear, None, None));
        assert_eq!(seqs(&replay.catch_up(all(), 0, Some(0), 5)), [2, 4, 5]);
    }

    #[test]
    fn what_is_kept_is_bounded_in_number_and_size() {
        let mut replay = Replay::starting_at(0);
        for seq in 1..=3_000 {
            replay.push(chat(seq, "u", "x"));
        }
        assert_eq!(replay.kept.len(), EVENTS);
        assert!(replay.catch_up(all(), 0, Some(1_999), 3_000).gap);
        assert!(!replay.catch_up(all(), 0, Some(2_000), 3_000).gap);
        let long = "y".repeat(50_000);
        for seq in 3_001..=3_100 {
            replay.push(chat(seq, "u", &long));
        }
        assert!(replay.bytes <= BYTES && replay.kept.len() < 30);
        let sum: usize = replay.kept.iter().map(|d| d.weight()).sum();
        assert_eq!(sum, replay.bytes);
    }
}
