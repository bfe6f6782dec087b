//! Gifts of memberships: one purchase, then dozens of items that say who got one. One event tells it all.

use std::collections::VecDeque;
use std::sync::Arc;

use polychat_model::{Body, ChatEvent, Combo, ComboState, EventData, Person};

use crate::youtube::item::Redeemed;

/// How many purchases are kept open. A raid of givers buys some at once, hardly more.
const OPEN_MAX: usize = 32;
/// How many receivers are named; the count tells the rest.
const RECIPIENTS_MAX: usize = 100;
/// A purchase that named nobody for so long names nobody any more, in milliseconds. Chosen by hand: YouTube gives the
/// memberships out within a minute, in bursts.
const QUIET_MS: u64 = 30_000;

/// Purchases whose receivers are still being named.
#[derive(Debug, Default)]
pub(super) struct Gifts {
    open: VecDeque<Bundle>,
}

#[derive(Debug)]
struct Bundle {
    id: Arc<str>,
    room_id: Arc<str>,
    at_ms: i64,
    history: bool,
    data: EventData,
    redeemed: u64,
    total: u64,
    revision: u32,
    /// When somebody was named last.
    named_ms: u64,
    /// Somebody was named since the last event.
    changed: bool,
}

impl Bundle {
    fn gifter(&self) -> &str {
        self.data.user.as_ref().map_or("", |user| &user.display_name)
    }

    fn event(&mut self, state: ComboState) -> ChatEvent {
        let id = self.id.trim_start_matches("yt:").to_owned();
        self.data.combo = Some(Combo { id, count: self.redeemed, state });
        let event = ChatEvent {
            id: self.id.clone(),
            revision: self.revision,
            sent_at_ms: self.at_ms,
            room_id: self.room_id.clone(),
            history: self.history,
            body: Body::Event(Box::new(self.data.clone())),
        };
        self.revision = self.revision.saturating_add(1);
        self.changed = false;
        event
    }

    fn is_complete(&self) -> bool {
        self.redeemed >= self.total
    }
}

impl Gifts {
    /// A purchase, as the event that it would be alone.
    pub(super) fn open(&mut self, event: ChatEvent, now_ms: u64) -> Vec<ChatEvent> {
        let Body::Event(data) = event.body else { return Vec::new() };
        let total = data.count.unwrap_or(1);
        let mut bundle = Bundle {
            id: event.id,
            room_id: event.room_id,
            at_ms: event.sent_at_ms,
            history: event.history,
            data: *data,
            redeemed: 0,
            total,
            revision: 0,
            named_ms: now_ms,
            changed: false,
        };
        let mut events = vec![bundle.event(ComboState::Running)];
        self.open.push_back(bundle);
        if self.open.len() > OPEN_MAX
            && let Some(mut oldest) = self.open.pop_front()
        {
            events.push(oldest.event(ComboState::Final));
        }
        events
    }

    /// Names a receiver. Whether there is a purchase that it belongs to.
    pub(super) fn redeem(&mut self, redeemed: &Redeemed, now_ms: u64) -> bool {
        let gifter = &redeemed.from.display_name;
        let mut open = self.open.iter_mut().filter(|bundle| !bundle.is_complete());
        let Some(bundle) = open.find(|bundle| bundle.gifter().eq_ignore_ascii_case(gifter)) else { return false };
        bundle.redeemed += 1;
        bundle.named_ms = now_ms;
        bundle.changed = true;
        if bundle.data.recipients.len() < RECIPIENTS_MAX {
            bundle.data.recipients.push(Person { ..redeemed.to.clone() });
        }
        true
    }

    /// The purchase was taken down.
    pub(super) fn remove(&mut self, event_id: &str) {
        self.open.retain(|bundle| &*bundle.id != event_id);
    }

    /// One event for each purchase that named somebody since the last one.
    pub(super) fn changed(&mut self) -> Vec<ChatEvent> {
        let changed = self.open.iter_mut().filter(|bundle| bundle.changed);
        let events = changed.map(|bundle| {
            let state = if bundle.is_complete() { ComboState::Final } else { ComboState::Running };
            bundle.event(state)
        });
        let events = events.collect();
        self.open.retain(|bundle| !bundle.is_complete());
        events
    }

    /// The last word of purchases that have gone quiet.
    pub(super) fn tick(&mut self, now_ms: u64) -> Vec<ChatEvent> {
        let mut events = Vec::new();
        self.open.retain_mut(|bundle| {
            let quiet = bundle.named_ms.saturating_add(QUIET_MS) <= now_ms;
            if quiet {
                events.push(bundle.event(ComboState::Final));
            }
            !quiet
        });
        events
    }

    pub(super) fn due_ms(&self) -> Option<u64> {
        self.open.iter().map(|bundle| bundle.named_ms.saturating_add(QUIET_MS)).min()
    }
}
