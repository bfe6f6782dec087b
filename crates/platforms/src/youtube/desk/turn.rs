//! One answer at the desk: its actions one after the other.

use std::borrow::Cow;

use polychat_model::{Body, ChatEvent, Combo, ComboState, EventData, EventName, ModerationAction, ModerationData, Pin};
use serde_json::value::RawValue;

use super::polls::Said;
use super::{Desk, TICKER_WAIT_MS, TICKERS_MAX, Waiting, goal};
use crate::health::Health;
use crate::youtube::action::{Action, Banner, Replace, TickerItem};
use crate::youtube::answer::cut;
use crate::youtube::author;
use crate::youtube::item::{Item, Kind, Meaning, Redeemed};
use crate::youtube::lenient::Str;

/// Longest id that is taken over, in bytes; a longer one is as good as none. Recorded ones have up to 100.
const ID_MAX_BYTES: usize = 512;

/// The answer that is being read.
pub(super) struct Turn<'d> {
    desk: &'d mut Desk,
    history: bool,
    now_ms: u64,
    /// The time of what has none of its own.
    clock_ms: i64,
    counts: Health,
    events: Vec<ChatEvent>,
    /// Chips are looked at last, when the items of the chat are known.
    tickers: Vec<(String, Box<ChatEvent>)>,
}

impl<'d> Turn<'d> {
    /// `actions` is how many may come.
    pub(super) fn new(desk: &'d mut Desk, history: bool, now_ms: u64, clock_ms: i64, actions: usize) -> Self {
        let (events, tickers) = (Vec::with_capacity(actions), Vec::new());
        Self { desk, history, now_ms, clock_ms, counts: Health::default(), events, tickers }
    }

    /// Tries one action; one that cannot be read is counted.
    pub(super) fn attempt(&mut self, json: &RawValue) {
        if let Ok(action) = serde_json::from_str(json.get()) {
            self.act(&action);
        } else {
            self.counts.actions += 1;
            self.counts.broken += 1;
        }
    }

    /// One action, or those of a replay in it.
    pub(super) fn act(&mut self, action: &Action<'_>) {
        if let Action::Replay(inner) = action {
            self.counts.actions += inner.len() as u64;
            inner.iter().for_each(|action| self.one(&action.0));
        } else {
            self.counts.actions += 1;
            self.one(action);
        }
    }

    /// What came of it.
    pub(super) fn finish(mut self) -> (Vec<ChatEvent>, Health) {
        self.events.extend(self.desk.gifts.changed());
        // Purchases from before the oldest message stand before it.
        let mut before = Vec::new();
        for (item_id, event) in std::mem::take(&mut self.tickers) {
            if self.desk.seen.get(&item_id).is_some() || self.desk.removed.get(&item_id).is_some() {
                continue;
            }
            if self.history {
                self.desk.seen.insert(&item_id, 0);
                before.push(*event);
            } else if self.desk.tickers.len() < TICKERS_MAX {
                let due_ms = self.now_ms.saturating_add(TICKER_WAIT_MS);
                self.desk.tickers.push_back(Waiting { due_ms, item_id, event: *event });
            }
        }
        if !before.is_empty() {
            before.sort_by_key(|event| event.sent_at_ms);
            before.append(&mut self.events);
            self.events = before;
        }
        (self.events, self.counts)
    }

    fn one(&mut self, action: &Action<'_>) {
        match action {
            Action::Add(item) => self.add(item),
            Action::Ticker(ticker) => self.ticker(ticker),
            Action::Remove(target) => self.remove(target),
            Action::RemoveAuthor(channel) => self.remove_author(channel),
            Action::Replace(replace) => self.replace(replace),
            Action::Banner(banner) => self.banner(banner),
            Action::RemoveBanner(target) => self.remove_banner(target),
            Action::OpenPoll(poll) | Action::UpdatePoll(poll) => {
                let said = self.said();
                let event = self.desk.polls.update(poll, said.borrow(&self.desk.room_id));
                self.events.extend(event);
            }
            Action::ClosePoll(id) => {
                let said = self.said();
                let event = self.desk.polls.close(id, said.borrow(&self.desk.room_id));
                self.events.extend(event);
            }
            Action::Goal(json) => self.goal(json),
            Action::Clear => self.moderate(format!("yt:clear:{}", self.clock_ms), ModerationAction::Clear, None, None),
            Action::Attention => self.desk.attention = true,
            Action::Ignored => {}
            Action::Unknown(name) => self.unknown(name),
            Action::Replay(_) | Action::Nothing => self.unknown(""),
        }
    }

    fn unknown(&mut self, name: &str) {
        self.counts.unknown += 1;
        self.desk.unknown.note(name);
    }

    fn event(&self, id: String, at_ms: Option<i64>, body: Body) -> ChatEvent {
        ChatEvent {
            id: id.into(),
            revision: 0,
            sent_at_ms: at_ms.unwrap_or(self.clock_ms),
            room_id: self.desk.room_id.clone(),
            history: self.history,
            body,
        }
    }

    fn add(&mut self, item: &Item<'_>) {
        if matches!(item.kind, Kind::Unknown | Kind::Missing) {
            self.unknown(if item.kind == Kind::Missing { "addChatItemAction" } else { &item.name });
            return;
        }
        let id = id_of(item);
        let key = self.desk.seen.key(&id);
        if self.desk.removed.get_key(key).is_some() || self.desk.seen.get_key(key).is_some() {
            return;
        }
        let meaning = item.read(&id);
        if matches!(meaning, Meaning::Nothing | Meaning::Unknown) {
            // What shows nothing is not told: a replacement may show it later.
            return;
        }
        self.desk.seen.insert_key(key, 0);
        self.mean(meaning, &id, item.at_ms());
    }

    fn mean(&mut self, meaning: Meaning, id: &str, at_ms: Option<i64>) {
        let event_id = ["yt:", id].concat();
        match meaning {
            Meaning::Shown(body) => {
                let event = self.event(event_id, at_ms, body);
                self.events.push(event);
            }
            Meaning::Gifts(data) => {
                let event = self.event(event_id, at_ms, Body::Event(data));
                let events = self.desk.gifts.open(event, self.now_ms);
                self.events.extend(events);
            }
            Meaning::Redeemed(redeemed) => {
                if !self.desk.gifts.redeem(&redeemed, self.now_ms) {
                    let event = self.event(event_id, at_ms, Body::Event(Box::new(lone(*redeemed, id))));
                    self.events.push(event);
                }
            }
            Meaning::Notice(data) => {
                // The same words come again under other ids with each view that is loaded.
                if self.desk.seen.insert(&format!("notice:{}", data.text), 0) {
                    let event = self.event(event_id, at_ms, Body::Event(data));
                    self.events.push(event);
                }
            }
            Meaning::Nothing | Meaning::Unknown => {}
        }
    }

    fn ticker(&mut self, ticker: &TickerItem<'_>) {
        if !ticker.is_known() {
            let name = if ticker.name.is_empty() { "addLiveChatTickerItemAction" } else { &ticker.name };
            self.unknown(name);
            return;
        }
        let id = &*ticker.id;
        let is_usable = !id.is_empty() && id.len() <= ID_MAX_BYTES;
        if !is_usable || self.desk.seen.get(id).is_some() || self.desk.removed.get(id).is_some() {
            return;
        }
        let Some(inner) = ticker.inner else { return };
        let Ok(item) = serde_json::from_str::<Item<'_>>(inner.get()) else {
            self.counts.broken += 1;
            return;
        };
        let body = match item.read(id) {
            Meaning::Shown(body) => body,
            Meaning::Gifts(mut data) => {
                // Who got them is not told any more.
                let state = ComboState::Final;
                data.combo = Some(Combo { id: id.to_owned(), count: data.count.unwrap_or(1), state });
                Body::Event(data)
            }
            _ => return,
        };
        let at_ms = item.at_ms().or_else(|| made_at_ms(id));
        let event = ChatEvent { history: true, ..self.event(format!("yt:{id}"), at_ms, body) };
        if self.tickers.len() < TICKERS_MAX {
            self.tickers.push((id.to_owned(), Box::new(event)));
        }
    }

    fn remove(&mut self, target: &Str<'_>) {
        let Some(id) = target.some().filter(|id| id.len() <= ID_MAX_BYTES) else { return };
        if !self.desk.removed.insert(id, 0) {
            return;
        }
        self.desk.gifts.remove(&format!("yt:{id}"));
        self.moderate(format!("yt:delete:{id}"), ModerationAction::DeleteMessage, Some(id), None);
    }

    fn remove_author(&mut self, channel: &Str<'_>) {
        let Some(id) = channel.some().filter(|id| id.len() <= ID_MAX_BYTES) else { return };
        let event_id = format!("yt:delete_user:{id}:{}", self.clock_ms);
        self.moderate(event_id, ModerationAction::DeleteUser, None, Some(id));
    }

    fn moderate(&mut self, event_id: String, action: ModerationAction, message: Option<&str>, user: Option<&str>) {
        let data = ModerationData {
            action,
            message_id: message.map(str::to_owned),
            user_id: user.map(str::to_owned),
            username: None,
            duration_seconds: None,
        };
        let event = self.event(event_id, None, Body::Moderation(data));
        self.events.push(event);
    }

    /// An item changes in place. What becomes hidden is taken away; what was held becomes a message.
    fn replace(&mut self, replace: &Replace<'_>) {
        let item = &replace.replacement_item;
        let Some(id) = replace.target_item_id.some().filter(|id| id.len() <= ID_MAX_BYTES) else { return };
        if matches!(item.kind, Kind::Unknown | Kind::Missing) {
            self.unknown(if item.kind == Kind::Missing { "replaceChatItemAction" } else { &item.name });
            return;
        }
        if self.desk.removed.get(id).is_some() {
            return;
        }
        let told = self.desk.seen.get(id);
        if item.is_hidden() {
            if let Some(revision) = told {
                let event_id = format!("yt:delete:{id}:{revision}");
                self.moderate(event_id, ModerationAction::DeleteMessage, Some(id), None);
            }
            return;
        }
        let Meaning::Shown(body) = item.read(id) else { return };
        let revision = told.map_or(0, |revision| revision.saturating_add(1));
        self.desk.seen.insert(id, revision);
        let event = ChatEvent { revision, ..self.event(format!("yt:{id}"), item.at_ms(), body) };
        self.events.push(event);
    }

    fn banner(&mut self, banner: &Banner<'_>) {
        let item = &banner.contents;
        if matches!(item.kind, Kind::Unknown | Kind::Missing) {
            self.unknown(if item.kind == Kind::Missing { "addBannerToLiveChatCommand" } else { &item.name });
            return;
        }
        let id = match banner.action_id.some().filter(|id| id.len() <= ID_MAX_BYTES) {
            Some(id) => id.to_owned(),
            None => id_of(item).into_owned(),
        };
        let is_pin = matches!(item.kind, Kind::Text | Kind::Paid | Kind::Sticker);
        if self.desk.banners.get(&id).is_some() {
            return;
        }
        self.desk.banners.insert(&id, u32::from(is_pin));
        let event = if is_pin {
            let title = &banner.header.live_chat_banner_header_renderer.text;
            let other = title.runs.iter().skip(1).find_map(|run| run.text.some()).map(author::named);
            let by = other.as_ref().map_or("Somebody", |person| &person.display_name);
            let words = item.said();
            let data = EventData {
                event: EventName::Pin,
                text: format!("{by} pinned a message: {words}"),
                user: item.author(),
                native_type: Some(item.name.clone().into_owned()),
                pin: Some(Pin { id: id.clone(), message_id: item.id().to_owned(), text: words, ends_at: None }),
                other,
                ..EventData::default()
            };
            self.event(format!("yt:pin:{id}"), None, Body::Event(Box::new(data)))
        } else {
            let Meaning::Shown(body) = item.read("") else { return };
            self.event(format!("yt:banner:{id}"), None, body)
        };
        self.events.push(event);
    }

    fn remove_banner(&mut self, target: &Str<'_>) {
        let Some(id) = target.some().filter(|id| id.len() <= ID_MAX_BYTES) else { return };
        // Other banners than pinned messages go without a word; of unknown ones we missed the beginning.
        if self.desk.banners.get(id) != Some(1) {
            return;
        }
        self.desk.banners.insert(id, 0);
        let data = EventData {
            event: EventName::Unpin,
            text: "The pinned message was taken down.".to_owned(),
            native_type: Some("removeBannerForLiveChatCommand".to_owned()),
            pin: Some(Pin { id: id.to_owned(), ..Pin::default() }),
            ..EventData::default()
        };
        let event = self.event(format!("yt:unpin:{id}"), None, Body::Event(Box::new(data)));
        self.events.push(event);
    }

    fn goal(&mut self, json: &RawValue) {
        let Some((id, data)) = goal::read(json) else { return };
        let numbers = data.goal.as_ref().map(|goal| (goal.current, goal.target));
        if self.desk.seen.insert(&format!("goal:{id}:{numbers:?}"), 0) {
            let revision = self.desk.seen.get(&format!("goal:{id}")).map_or(0, |revision| revision.saturating_add(1));
            self.desk.seen.insert(&format!("goal:{id}"), revision);
            let event = self.event(format!("yt:goal:{id}"), None, Body::Event(Box::new(data)));
            self.events.push(ChatEvent { revision, ..event });
        }
    }

    fn said(&self) -> When {
        When { at_ms: self.clock_ms, history: self.history, now_ms: self.now_ms }
    }
}

/// [`Said`] without the room, which the desk holds.
#[derive(Clone, Copy)]
struct When {
    at_ms: i64,
    history: bool,
    now_ms: u64,
}

impl When {
    fn borrow(self, room_id: &std::sync::Arc<str>) -> Said<'_> {
        Said { room_id, at_ms: self.at_ms, history: self.history, now_ms: self.now_ms }
    }
}

/// A gift whose purchase we did not see.
fn lone(redeemed: Redeemed, message_id: &str) -> EventData {
    let Redeemed { from, to, native_type } = redeemed;
    let text = format!("{} got a membership from {}.", to.display_name, from.display_name);
    let user = polychat_model::Author {
        id: from.id,
        username: from.username,
        display_name: from.display_name,
        avatar_url: from.avatar_url,
        ..Default::default()
    };
    EventData {
        event: EventName::GiftSubscription,
        text,
        user: Some(user),
        count: Some(1),
        message_id: Some(message_id.to_owned()),
        native_type: Some(native_type),
        recipients: vec![to],
        ..EventData::default()
    }
}

fn made_at_ms(id: &str) -> Option<i64> {
    i64::try_from(crate::youtube::item_id::made_at_usec(id)? / 1_000).ok()
}

/// The item's id. One without an id is named by what it says: the same words of the same author at the same time are
/// the same item.
fn id_of<'i>(item: &'i Item<'_>) -> Cow<'i, str> {
    let id = item.id();
    if !id.is_empty() && id.len() <= ID_MAX_BYTES {
        return Cow::Borrowed(id);
    }
    // FNV-1a: the same in every run and on every machine.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let [author, name, said] = item.words();
    let at = item.at_ms().unwrap_or_default().to_string();
    for part in [&*item.name, cut(id, ID_MAX_BYTES), &author, &name, &at, &said] {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Cow::Owned(format!("none:{hash:016x}"))
}
