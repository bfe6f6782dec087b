//! The counting itself: events in, numbers out. Pure: no clock, no disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use polychat_model::{
    Author, Body, ChatData, ChatEvent, Chatter, Content, Element, EmoteCount, EventData, EventName, Gifts, Money,
    MoneySum, Platform, Roles, StatsData, ViewersData, Watching, iso_timestamp,
};
use polychat_store::{Changes, Parts};
use serde::{Deserialize, Serialize};

use super::seen::{CHUNKS, Seen, Worth};
use super::series::{Minutes, Pace};
use super::sketch::{Sketch, hash};
use super::top::{Slot, Top};
use crate::memory::Verdict;

/// How many chatters are counted one by one. In a larger chat, counts can be too high by a 4,096th of all messages.
/// Chosen by hand: about 1 MiB a channel.
const CHATTERS: usize = 4_096;

/// How many emotes are counted one by one. Chosen by hand: more than a channel with three emote services has in use.
const EMOTES: usize = 1_024;

/// How many emotes a `stats` frame lists.
const TOP_EMOTES: usize = 20;

/// How many currencies are summed; ISO 4217 has about 180.
const CURRENCIES: usize = 200;

/// How long counting goes on after the last event. Then the next one begins anew.
const FORGET_MS: i64 = 24 * 60 * 60 * 1_000;

/// The longest text that is kept of a name or an id, and of an address, in bytes.
const TEXT: usize = 128;
const ADDRESS: usize = 512;

// The numbers of the parts that are saved.
const HEAD: u32 = 0;
const SKETCH: u32 = 1;
const SEEN: u32 = 100;
const CHATTER: u32 = 10_000;
const EMOTE: u32 = 20_000;

/// The form of the parts. Another one is not read.
const FORM: u32 = 1;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Head {
    form: u32,
    since_ms: i64,
    last_ms: i64,
    live_id: Option<String>,
    messages: u64,
    super_chats: u64,
    first_time: u64,
    deletions: u64,
    events: BTreeMap<EventName, u64>,
    money: BTreeMap<String, (i64, u64)>,
    gifts: Gifts,
    bits: u64,
    subscriptions: u64,
    viewers: Option<u64>,
    peak: Option<u64>,
    minutes: Minutes,
    seen_next: usize,
    estimated: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Writer {
    username: String,
    display_name: String,
    avatar_url: Option<Arc<str>>,
    roles: Roles,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Emote {
    name: String,
}

/// A slot as it is saved.
#[derive(Serialize, Deserialize)]
struct Saved<K, T> {
    key: K,
    count: u64,
    error: u64,
    value: T,
}

/// The numbers of one channel.
pub(crate) struct Tally {
    platform: Platform,
    head: Head,
    chatters: Top<Writer>,
    emotes: Top<Emote>,
    people: Sketch,
    people_changed: bool,
    seen: Seen,
    pace: Pace,
    /// What was saved before is not of these.
    anew: bool,
    changed: bool,
}

impl Tally {
    pub(crate) fn new(platform: Platform, now_ms: i64) -> Self {
        Self {
            platform,
            head: Head { form: FORM, since_ms: now_ms, last_ms: now_ms, ..Head::default() },
            chatters: Top::new(CHATTERS),
            emotes: Top::new(EMOTES),
            people: Sketch::new(),
            people_changed: false,
            seen: Seen::new(),
            pace: Pace::new(now_ms),
            anew: true,
            changed: false,
        }
    }

    pub(crate) fn platform(&self) -> Platform {
        self.platform
    }

    /// The part that changes with every count.
    pub(crate) fn head_of(parts: &Parts) -> Option<&[u8]> {
        parts.get(&HEAD).map(Vec::as_slice)
    }

    /// Goes on with the rate of the last minutes, which is not saved.
    pub(crate) fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    pub(crate) fn into_pace(self) -> Pace {
        self.pace
    }

    /// Goes on from what was saved; `None` if it is too old, or not to be understood.
    pub(crate) fn restore(platform: Platform, parts: &Parts, now_ms: i64) -> Option<Self> {
        let mut head: Head = serde_json::from_slice(parts.get(&HEAD)?).ok()?;
        if head.form != FORM || now_ms.saturating_sub(head.last_ms) > FORGET_MS {
            return None;
        }
        head.minutes = head.minutes.restored(now_ms);
        let people = Sketch::restore(parts.get(&SKETCH)?)?;
        let chunks = parts.range(SEEN..SEEN + CHUNKS as u32).map(|(_, chunk)| chunk.as_slice());
        let seen = Seen::restore(chunks, head.seen_next);
        let chatters = Top::restore(CHATTERS, saved_slots(parts, CHATTER, CHATTERS));
        let emotes = Top::restore(EMOTES, saved_slots(parts, EMOTE, EMOTES));
        Some(Self { head, chatters, emotes, people, seen, anew: false, ..Self::new(platform, now_ms) })
    }

    /// Counts an event that the viewers get. True if a number changed.
    pub(crate) fn take(&mut self, event: &ChatEvent, verdict: Verdict, now_ms: i64) -> bool {
        let known = hash(&event.id);
        let counted = match (&event.body, verdict) {
            (_, Verdict::Repeated | Verdict::Removed) => false,
            (Body::Viewers(viewers), _) => self.viewers(viewers, now_ms),
            (Body::Event(data), Verdict::Updated) => self.raise(known, worth(self.platform, data)),
            (_, Verdict::Updated) => false,
            (body, Verdict::New) => {
                self.forget_if_old(now_ms);
                let worth = match body {
                    Body::Event(data) => worth(self.platform, data),
                    _ => Worth::default(),
                };
                // Known from before a restart: the platform tells it again.
                if !self.seen.insert(known, worth) {
                    return false;
                }
                match body {
                    Body::Chat(chat) => self.message(&chat.data, event.history, now_ms),
                    Body::Event(data) => self.event(data, worth),
                    Body::Moderation(_) => self.head.deletions += 1,
                    Body::Viewers(_) => {}
                }
                true
            }
        };
        if counted {
            self.head.last_ms = self.head.last_ms.max(now_ms);
            self.changed = true;
        }
        counted
    }

    /// The broadcast that is read now. Another one than before begins anew.
    pub(crate) fn broadcast(&mut self, live_id: &str, now_ms: i64) {
        if self.head.live_id.as_deref() == Some(live_id) {
            return;
        }
        if self.head.live_id.is_some() {
            *self = Self::new(self.platform, now_ms);
        }
        self.head.live_id = Some(cut(live_id, TEXT));
        self.changed = true;
    }

    /// A tally for what comes from now on, to be added to another one with [`Self::absorb`]. It knows what was counted in this
    /// one, so nothing is counted in both.
    pub(crate) fn following(&self, now_ms: i64) -> Self {
        let mut following = Self { seen: self.seen.clone(), ..Self::new(self.platform, now_ms) };
        following.head.live_id.clone_from(&self.head.live_id);
        following
    }

    /// Adds what another tally has counted since.
    pub(crate) fn absorb(&mut self, later: Self) {
        let known = self.head.live_id.is_some() && later.head.live_id.is_some();
        if known && self.head.live_id != later.head.live_id {
            // Another broadcast has begun meanwhile, and with it the counting.
            *self = Self { anew: true, changed: true, ..later };
            return;
        }
        let (head, more) = (&mut self.head, later.head);
        head.live_id = more.live_id.or(head.live_id.take());
        head.last_ms = head.last_ms.max(more.last_ms);
        head.messages += more.messages;
        head.super_chats += more.super_chats;
        head.first_time += more.first_time;
        head.deletions += more.deletions;
        for (event, count) in more.events {
            *head.events.entry(event).or_default() += count;
        }
        for (currency, (micros, count)) in more.money {
            if head.money.len() < CURRENCIES || head.money.contains_key(&currency) {
                let (sum, times) = head.money.entry(currency).or_default();
                *sum = sum.saturating_add(micros);
                *times += count;
            }
        }
        head.viewers = more.viewers.or(head.viewers);
        head.peak = head.peak.max(more.peak);
        head.minutes.absorb(more.minutes);
        self.give(Worth {
            gifts: more.gifts.count,
            diamonds: more.gifts.diamonds,
            jewels: more.gifts.jewels,
            bits: more.bits,
            subscriptions: more.subscriptions,
        });
        self.chatters.absorb(later.chatters);
        self.emotes.absorb(later.emotes);
        self.people_changed |= self.people.absorb(&later.people);
        self.head.estimated |= more.estimated || !self.chatters.is_exact();
        self.seen.absorb(&later.seen);
        self.pace.absorb(&later.pace);
        self.changed = true;
    }

    fn forget_if_old(&mut self, now_ms: i64) {
        if now_ms.saturating_sub(self.head.last_ms) > FORGET_MS {
            let live_id = self.head.live_id.take();
            *self = Self::new(self.platform, now_ms);
            self.head.live_id = live_id;
        }
    }

    fn message(&mut self, data: &ChatData, history: bool, now_ms: i64) {
        self.head.messages += 1;
        self.head.first_time += u64::from(data.first_message);
        // What was written before we came would look like a rush.
        if !history {
            self.pace.message(now_ms);
            self.head.minutes.message(now_ms);
        }
        self.writer(&data.author);
        self.used(&data.content);
        if let Some(paid) = &data.metadata.monetary_data {
            self.head.super_chats += 1;
            self.head.bits = self.head.bits.saturating_add(u64::from(paid.bits.unwrap_or(0)));
            self.money(paid.money.as_ref());
        }
    }

    fn writer(&mut self, author: &Author) {
        let id = cut(&author.id, TEXT);
        self.people_changed |= self.people.add(hash(&id));
        let writer = || Writer {
            username: cut(&author.username, TEXT),
            display_name: cut(&author.display_name, TEXT),
            avatar_url: author.avatar_url.clone().filter(|url| url.len() <= ADDRESS),
            roles: author.roles,
        };
        let known = self.chatters.add(&id, 1, writer);
        if known.username != author.username || known.display_name != author.display_name {
            *known = writer();
        } else if known.avatar_url.is_none() || known.roles != author.roles {
            known.roles = author.roles;
            known.avatar_url.clone_from(&author.avatar_url.clone().filter(|url| url.len() <= ADDRESS));
        }
        self.head.estimated |= !self.chatters.is_exact();
    }

    fn used(&mut self, content: &Content) {
        for element in content.elements() {
            if let Element::Emote { value, metadata, .. } = element
                && metadata.url.len() <= ADDRESS
            {
                self.emotes.add(&metadata.url, 1, || Emote { name: cut(value, TEXT) });
            }
        }
    }

    fn money(&mut self, money: Option<&Money>) {
        let Some(Money { micros, currency }) = money else { return };
        if currency.len() <= 8 && (self.head.money.len() < CURRENCIES || self.head.money.contains_key(currency)) {
            let (sum, count) = self.head.money.entry(currency.clone()).or_default();
            *sum = sum.saturating_add(*micros);
            *count += 1;
        }
    }

    fn event(&mut self, data: &EventData, worth: Worth) {
        *self.head.events.entry(data.event).or_default() += 1;
        self.money(data.amount.as_ref());
        if let Some(message) = &data.message {
            self.used(message);
        }
        self.give(worth);
    }

    /// Counts what an event that still grows is worth more than when it was counted last.
    fn raise(&mut self, known: u64, worth: Worth) -> bool {
        let Some(counted) = self.seen.worth(known) else { return false };
        let more = Worth {
            gifts: worth.gifts.saturating_sub(counted.gifts),
            diamonds: worth.diamonds.saturating_sub(counted.diamonds),
            jewels: worth.jewels.saturating_sub(counted.jewels),
            bits: worth.bits.saturating_sub(counted.bits),
            subscriptions: worth.subscriptions.saturating_sub(counted.subscriptions),
        };
        if more == Worth::default() {
            return false;
        }
        counted.gifts += more.gifts;
        counted.diamonds += more.diamonds;
        counted.jewels += more.jewels;
        counted.bits += more.bits;
        counted.subscriptions += more.subscriptions;
        self.give(more);
        true
    }

    fn give(&mut self, more: Worth) {
        let add = |sum: &mut u64, more: u64| *sum = sum.saturating_add(more);
        add(&mut self.head.gifts.count, more.gifts);
        add(&mut self.head.gifts.diamonds, more.diamonds);
        add(&mut self.head.gifts.jewels, more.jewels);
        add(&mut self.head.bits, more.bits);
        add(&mut self.head.subscriptions, more.subscriptions);
    }

    fn viewers(&mut self, data: &ViewersData, now_ms: i64) -> bool {
        let Some(viewers) = data.viewers else { return false };
        self.head.minutes.viewers(viewers, now_ms);
        let news = self.head.viewers != Some(viewers);
        self.head.viewers = Some(viewers);
        self.head.peak = self.head.peak.max(Some(viewers));
        news
    }

    /// The numbers, with the `top` most frequent chatters.
    pub(crate) fn data(&self, top: usize, now_ms: i64) -> StatsData {
        self.data_with(&self.pace, top, now_ms)
    }

    /// The same with the rate of the last minutes from elsewhere.
    pub(crate) fn data_with(&self, pace: &Pace, top: usize, now_ms: i64) -> StatsData {
        let head = &self.head;
        let chatter = |slot: &Slot<Writer>| Chatter {
            id: slot.key.to_string(),
            username: slot.value.username.clone(),
            display_name: slot.value.display_name.clone(),
            avatar_url: slot.value.avatar_url.clone(),
            roles: slot.value.roles,
            message_count: slot.count,
            message_count_error: slot.error,
        };
        let emote =
            |slot: &Slot<Emote>| EmoteCount { name: slot.value.name.clone(), url: slot.key.clone(), count: slot.count };
        let known = self.chatters.len() as u64;
        StatsData {
            unique_users: self.chatters.most(top).into_iter().map(chatter).collect(),
            total_messages: head.messages,
            unique_user_count: if head.estimated { self.people.estimate().max(known) } else { known },
            unique_user_count_is_estimate: head.estimated,
            since: iso_timestamp(head.since_ms).to_string(),
            messages_per_minute: pace.rate(&head.minutes, now_ms),
            first_time_chatters: head.first_time,
            super_chats: head.super_chats,
            events: head.events.clone(),
            deletions: head.deletions,
            money: head
                .money
                .iter()
                .map(|(currency, &(micros, count))| MoneySum { currency: currency.clone(), micros, count })
                .collect(),
            gifts: head.gifts,
            bits: head.bits,
            gifted_subscriptions: head.subscriptions,
            top_emotes: self.emotes.most(TOP_EMOTES).into_iter().map(emote).collect(),
            viewers: Watching { now: head.viewers, peak: head.peak, series: head.minutes.viewers_series() },
        }
    }

    /// Everything is to be saved, not only what changes.
    pub(crate) fn save_all(&mut self) {
        (self.anew, self.changed) = (true, true);
        self.seen.save_all();
        self.chatters.save_all();
        self.emotes.save_all();
    }

    /// What is to be saved since the last call.
    pub(crate) fn changes(&mut self) -> Option<Changes> {
        if !std::mem::take(&mut self.changed) {
            return None;
        }
        let anew = std::mem::take(&mut self.anew);
        self.head.seen_next = self.seen.next();
        let mut parts = Parts::new();
        parts.insert(HEAD, json(&self.head));
        if std::mem::take(&mut self.people_changed) || anew {
            parts.insert(SKETCH, self.people.registers().to_vec());
        }
        self.seen.changes(|at, chunk| _ = parts.insert(SEEN + at as u32, chunk));
        self.chatters.changes(|at, slot| _ = parts.insert(CHATTER + at, save(slot)));
        self.emotes.changes(|at, slot| _ = parts.insert(EMOTE + at, save(slot)));
        Some(Changes { anew, parts })
    }
}

/// What an event gives, all of a running combo.
fn worth(platform: Platform, data: &EventData) -> Worth {
    let count = data.count.unwrap_or(1);
    let none = Worth::default();
    match data.event {
        EventName::Gift if platform == Platform::Tiktok => {
            let each = data.gift.as_ref().and_then(|gift| gift.unit_cost).unwrap_or(0);
            Worth { gifts: count, diamonds: count.saturating_mul(each), ..none }
        }
        // The count of YouTube's gifts is what they cost, where it is told.
        EventName::Gift if platform == Platform::Youtube => Worth { gifts: 1, jewels: data.count.unwrap_or(0), ..none },
        EventName::Gift => Worth { gifts: count, ..none },
        EventName::Bits => Worth { bits: data.count.unwrap_or(0), ..none },
        EventName::GiftSubscription => Worth { subscriptions: count, ..none },
        _ => none,
    }
}

fn cut(text: &str, bytes: usize) -> String {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("numbers and texts are always JSON")
}

fn save<T: Serialize>(slot: &Slot<T>) -> Vec<u8> {
    json(&Saved { key: &slot.key, count: slot.count, error: slot.error, value: &slot.value })
}

fn saved_slots<T: for<'de> Deserialize<'de>>(
    parts: &Parts,
    first: u32,
    limit: usize,
) -> impl Iterator<Item = (Arc<str>, u64, u64, T)> {
    parts.range(first..first + limit as u32).filter_map(|(_, part)| {
        let Saved { key, count, error, value } = serde_json::from_slice::<Saved<Arc<str>, T>>(part).ok()?;
        Some((key, count, error, value))
    })
}

#[cfg(test)]
mod tests;
