//! Gifts: a streak is one event that grows. Its messages carry the total so far, skip numbers, overtake each other, and
//! do not always have an end.

use std::collections::{HashMap, VecDeque};

use polychat_model::{Body, ChatEvent, Combo, ComboState};

/// How many streaks run at once at most; of more the quietest ends. Chosen by hand: a large room has a dozen.
const OPEN_MAX: usize = 256;
/// How many ended streaks are remembered.
const ENDED_MAX: usize = 1_024;
/// A streak without a message for so long has ended, in milliseconds. TikTok's own counter closes after some seconds.
const QUIET_MS: i64 = 10_000;
/// How long late messages of an ended streak are ignored, in milliseconds.
const LATE_MS: i64 = 60_000;

/// Which streak: who, which gift, and TikTok's number for the series.
pub(super) type Key = (i64, i64, i64);

/// One message of a streak. `event` tells the gift; its count and its state are set here.
pub(super) struct Step {
    pub(super) key: Key,
    pub(super) count: u64,
    pub(super) is_last: bool,
    pub(super) event: ChatEvent,
}

#[derive(Debug, Default)]
pub(super) struct Gifts {
    open: HashMap<Key, Streak>,
    ended: HashMap<Key, Ended>,
    /// Keys of `ended` by time.
    order: VecDeque<(i64, Key)>,
    /// No streak goes quiet before this.
    due_ms: Option<i64>,
}

#[derive(Debug)]
struct Streak {
    event: ChatEvent,
    /// The sentence without the number.
    text: String,
    count: u64,
    heard_ms: i64,
}

#[derive(Debug, Clone, Copy)]
struct Ended {
    /// TikTok said so; else it only went quiet, and may go on.
    is_final: bool,
    count: u64,
    revision: u32,
    until_ms: i64,
}

impl Streak {
    fn told(&mut self, state: ComboState) -> ChatEvent {
        let Body::Event(data) = &mut self.event.body else { return self.event.clone() };
        data.count = Some(self.count);
        data.text = sentence(&self.text, self.count);
        data.combo = Some(Combo { id: self.event.id.trim_start_matches("tt:").to_owned(), count: self.count, state });
        let event = self.event.clone();
        self.event.revision = self.event.revision.saturating_add(1);
        event
    }
}

/// `Ann sent Rose` with its number.
pub(super) fn sentence(text: &str, count: u64) -> String {
    if count > 1 { format!("{text} x{count}.") } else { format!("{text}.") }
}

impl Gifts {
    /// What a message of a streak changes. The event's text is the sentence without its number.
    pub(super) fn step(&mut self, step: Step, now_ms: i64, told: &mut Vec<ChatEvent>) {
        let Step { key, count, is_last, mut event } = step;
        let count = count.max(1);
        if let Some(ended) = self.ended.get(&key).filter(|ended| ended.until_ms > now_ms).copied() {
            if ended.is_final || count <= ended.count {
                return;
            }
            event.revision = ended.revision;
        }
        let is_new = !self.open.contains_key(&key);
        let streak = self.open.entry(key).or_insert_with(|| {
            let text = match &mut event.body {
                Body::Event(data) => std::mem::take(&mut data.text),
                _ => String::new(),
            };
            Streak { event, text, count: 0, heard_ms: now_ms }
        });
        let grows = count > streak.count;
        streak.count = streak.count.max(count);
        streak.heard_ms = now_ms;
        if is_last {
            told.push(streak.told(ComboState::Final));
            self.close(key, true, now_ms);
        } else if grows {
            told.push(streak.told(ComboState::Running));
        }
        if is_new && !is_last {
            let due_ms = now_ms.saturating_add(QUIET_MS);
            self.due_ms = Some(self.due_ms.map_or(due_ms, |other| other.min(due_ms)));
            self.keep_few(now_ms, told);
        }
    }

    fn close(&mut self, key: Key, is_final: bool, now_ms: i64) {
        let Some(streak) = self.open.remove(&key) else { return };
        let until_ms = now_ms.saturating_add(LATE_MS);
        let ended = Ended { is_final, count: streak.count, revision: streak.event.revision, until_ms };
        self.ended.insert(key, ended);
        self.order.push_back((until_ms, key));
        while self.order.len() > ENDED_MAX || self.order.front().is_some_and(|(until, _)| *until <= now_ms) {
            let Some((until, key)) = self.order.pop_front() else { break };
            if self.ended.get(&key).is_some_and(|ended| ended.until_ms == until) {
                self.ended.remove(&key);
            }
        }
    }

    fn keep_few(&mut self, now_ms: i64, told: &mut Vec<ChatEvent>) {
        while self.open.len() > OPEN_MAX {
            let quietest = self.open.iter_mut().min_by_key(|(key, streak)| (streak.heard_ms, **key));
            let Some((key, streak)) = quietest else { break };
            told.push(streak.told(ComboState::Final));
            let key = *key;
            self.close(key, false, now_ms);
        }
    }

    /// The last word of streaks that have gone quiet.
    pub(super) fn tick(&mut self, now_ms: i64) -> Vec<ChatEvent> {
        if self.due_ms.is_none_or(|due_ms| due_ms > now_ms) {
            return Vec::new();
        }
        let is_quiet = |streak: &Streak| streak.heard_ms.saturating_add(QUIET_MS) <= now_ms;
        let mut quiet: Vec<(i64, Key)> = self
            .open
            .iter()
            .filter(|(_, streak)| is_quiet(streak))
            .map(|(key, streak)| (streak.heard_ms, *key))
            .collect();
        quiet.sort_unstable();
        let mut told = Vec::with_capacity(quiet.len());
        for (_, key) in quiet {
            told.extend(self.open.get_mut(&key).map(|streak| streak.told(ComboState::Final)));
            self.close(key, false, now_ms);
        }
        self.due_ms = self.open.values().map(|streak| streak.heard_ms.saturating_add(QUIET_MS)).min();
        told
    }

    pub(super) fn due_ms(&self) -> Option<i64> {
        self.due_ms
    }
}
