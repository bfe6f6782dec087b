//! Statistics of a channel that another program counts: its numbers as they were looked up last, and what was told lately, so
//! that nothing is missing when this program goes on with them.

use std::collections::VecDeque;
use std::sync::Arc;

use polychat_model::{Body, Platform, StatsData};
use polychat_store::Parts;

use super::series::Pace;
use super::{Loading, Tally, Waiting};
use crate::delivery::Delivery;
use crate::memory::Verdict;

/// How long what was told is remembered: longer than the other one may take to save it and we to take over.
const RECENT_MS: i64 = 30_000;

/// How much of it: what was counted is known for as many happenings.
const RECENT: usize = 2_048;

/// How long after something happened its count may still be on its way to the store.
const NEWS_MS: i64 = 10_000;

pub(crate) struct Following {
    platform: Platform,
    latest: Option<Tally>,
    /// The part of them that changes with every count.
    head: Option<Vec<u8>>,
    recent: VecDeque<(i64, Waiting)>,
    /// The rate of the last minutes, which is not saved.
    pace: Pace,
    happened_ms: i64,
}

impl Following {
    pub(crate) fn new(platform: Platform, now_ms: i64) -> Self {
        let pace = Pace::new(now_ms);
        Self { platform, latest: None, head: None, recent: VecDeque::new(), pace, happened_ms: i64::MIN }
    }

    fn remember(&mut self, waiting: Waiting, now_ms: i64) {
        self.recent.push_back((now_ms, waiting));
        while self.recent.len() > RECENT
            || self.recent.front().is_some_and(|(at, _)| now_ms.saturating_sub(*at) > RECENT_MS)
        {
            self.recent.pop_front();
        }
    }

    pub(crate) fn take(&mut self, delivery: &Arc<Delivery>, verdict: Verdict, now_ms: i64) {
        if let (Body::Chat(_), Verdict::New, false) = (&delivery.event.body, verdict, delivery.event.history) {
            self.pace.message(now_ms);
        }
        self.happened_ms = now_ms;
        self.remember(Waiting::Event(delivery.clone(), verdict, now_ms), now_ms);
    }

    pub(crate) fn broadcast(&mut self, live_id: &str, now_ms: i64) {
        self.happened_ms = now_ms;
        self.remember(Waiting::Broadcast(live_id.to_owned(), now_ms), now_ms);
    }

    /// Whether something happened that may be counted and saved soon.
    pub(crate) fn has_news(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.happened_ms) < NEWS_MS
    }

    /// What the other one has saved. True if it is news.
    pub(crate) fn looked(&mut self, parts: Option<&Parts>, now_ms: i64) -> bool {
        let Some(parts) = parts else { return false };
        let head = Tally::head_of(parts);
        if head.is_none() || head == self.head.as_deref() {
            return false;
        }
        self.head = head.map(<[u8]>::to_vec);
        self.latest = Tally::restore(self.platform, parts, now_ms);
        true
    }

    /// The numbers; none of them if nothing was looked up yet.
    pub(crate) fn data(&self, top: usize, now_ms: i64) -> StatsData {
        match &self.latest {
            Some(tally) => tally.data_with(&self.pace, top, now_ms),
            None => Tally::new(self.platform, now_ms).data(top, now_ms),
        }
    }

    /// This program counts from now on. What was told lately is counted unless the other one has done so.
    pub(crate) fn take_over(self, here: bool, now_ms: i64) -> Loading {
        let based = self.latest.is_some();
        let meanwhile = self.latest.unwrap_or_else(|| Tally::new(self.platform, now_ms));
        let mut loading = Loading {
            platform: self.platform,
            meanwhile,
            // Numbers of a store that is not asked are not waited for.
            late: !here,
            asked: here,
            followed: true,
            based,
            waiting: Vec::new(),
            more: None,
        };
        for (at_ms, waiting) in self.recent {
            loading.take(waiting, at_ms);
        }
        // It has heard all of these already.
        loading.meanwhile.set_pace(self.pace);
        loading
    }
}

#[cfg(test)]
mod tests {
    use polychat_model::{Author, ChannelKey, ChatData, ChatEvent, ChatMessage, Content, IdentifierType};
    use polychat_platforms::Reader;
    use polychat_store::Changes;

    use super::super::{Stats, StoreStep};
    use super::*;

    const NOW: i64 = 1_764_000_000_000;

    fn delivery(n: u64) -> Arc<Delivery> {
        let author = Author { id: (n % 3).to_string(), username: format!("u{}", n % 3), ..Author::default() };
        let data = ChatData { author, content: Content::plain("hi"), ..ChatData::default() };
        let body = Body::Chat(Box::new(ChatMessage { message_id: n.to_string(), data }));
        let event = ChatEvent {
            id: format!("t:{n}").into(),
            revision: 0,
            sent_at_ms: NOW,
            room_id: "1".into(),
            history: false,
            body,
        };
        let key = ChannelKey::new(Platform::Twitch, IdentifierType::Username, "someone");
        Arc::new(Delivery::new(&key, n, event))
    }

    /// A program at the store, and the messages that it hears.
    struct Program(Stats);

    impl Program {
        fn new() -> Self {
            Self(Stats::undecided(Platform::Twitch, NOW))
        }

        fn hear(&mut self, messages: std::ops::Range<u64>, at_ms: i64) {
            for n in messages {
                self.0.take(&delivery(n), Verdict::New, at_ms);
            }
        }

        fn save(&mut self, store: &mut Parts) {
            if let Some(Changes { anew, parts }) = self.0.changes() {
                if anew {
                    store.clear();
                }
                store.extend(parts);
            }
        }

        fn is(&mut self, reader: Reader, store: &Parts) -> Option<StoreStep> {
            let step = self.0.reader(reader, NOW);
            if step == Some(StoreStep::Load) {
                self.0.loaded((!store.is_empty()).then_some(store), NOW);
            }
            step
        }

        fn total(&self) -> u64 {
            self.0.data(9, NOW).map_or(0, |data| data.total_messages)
        }
    }

    #[test]
    fn whoever_takes_over_counts_what_was_not_saved_and_nothing_twice() {
        let (mut one, mut two, mut store) = (Program::new(), Program::new(), Parts::new());
        assert_eq!(one.is(Reader::Here, &store), Some(StoreStep::Load));
        assert_eq!(two.is(Reader::Elsewhere, &store), None, "it has nothing to let go");
        one.hear(0..10, NOW);
        two.hear(0..10, NOW);
        one.save(&mut store);
        two.save(&mut store);
        assert!(two.0.looked(Some(&store), NOW) && !two.0.looked(Some(&store), NOW), "news is told once");
        assert_eq!((one.total(), two.total()), (10, 10));
        // What the first one counts now it has no time to save.
        one.hear(10..15, NOW);
        two.hear(10..15, NOW);
        drop(one);
        assert_eq!(two.is(Reader::Here, &store), Some(StoreStep::Load));
        assert_eq!(two.total(), 15);
        assert_eq!(two.0.data(9, NOW).unwrap().messages_per_minute.now, 15, "the rate goes on");
        two.hear(15..20, NOW);
        two.save(&mut store);
        let mut three = Program::new();
        three.is(Reader::Here, &store);
        assert_eq!((three.total(), three.0.data(9, NOW).unwrap().unique_user_count), (20, 3));
    }

    #[test]
    fn who_loses_the_channel_saves_nothing_more_and_follows() {
        let (mut one, mut store) = (Program::new(), Parts::new());
        one.is(Reader::Here, &store);
        one.hear(0..5, NOW);
        assert_eq!(one.is(Reader::Elsewhere, &store), Some(StoreStep::LetGo));
        one.hear(5..7, NOW);
        one.save(&mut store);
        assert!(store.is_empty());
        assert_eq!(one.total(), 0, "it does not know what the other one counts");
        // A load that was on its way changes nothing.
        one.0.loaded(None, NOW);
        one.save(&mut store);
        assert!(one.0.is_following() && store.is_empty());
    }

    #[test]
    fn alone_it_counts_on_and_whoever_has_the_lease_then_saves() {
        let (mut one, mut two, mut store) = (Program::new(), Program::new(), Parts::new());
        one.is(Reader::Here, &store);
        two.is(Reader::Elsewhere, &store);
        one.hear(0..10, NOW);
        two.hear(0..10, NOW);
        one.save(&mut store);
        two.0.looked(Some(&store), NOW);
        assert_eq!((one.is(Reader::Alone, &store), two.is(Reader::Alone, &store)), (None, None));
        one.hear(10..20, NOW);
        two.hear(10..20, NOW);
        assert_eq!((one.total(), two.total()), (20, 20), "both tell on from what was known");
        let before = store.clone();
        two.save(&mut store);
        assert_eq!(store, before, "who counted only meanwhile writes nothing");
        assert_eq!(two.is(Reader::Here, &store), Some(StoreStep::Load));
        assert_eq!(two.is(Reader::Here, &store), None, "asked once");
        assert_eq!(two.total(), 20);
        // The other way: the store has lost everything, and this one knows what was looked up.
        let mut three = Program::new();
        three.is(Reader::Elsewhere, &store);
        three.0.looked(Some(&before), NOW);
        three.hear(20..25, NOW);
        three.is(Reader::Here, &Parts::new());
        let mut empty = Parts::new();
        three.save(&mut empty);
        let mut four = Program::new();
        four.is(Reader::Here, &empty);
        assert_eq!(four.total(), 15);
    }

    #[test]
    fn what_is_remembered_is_bounded_in_number_and_time() {
        let mut following = Following::new(Platform::Twitch, NOW);
        for n in 0..3_000 {
            following.take(&delivery(n), Verdict::New, NOW);
        }
        assert_eq!(following.recent.len(), RECENT);
        following.take(&delivery(3_000), Verdict::New, NOW + RECENT_MS + 1);
        assert_eq!(following.recent.len(), 1);
        assert!(following.has_news(NOW + RECENT_MS + 2) && !following.has_news(NOW + 2 * RECENT_MS));
    }
}
