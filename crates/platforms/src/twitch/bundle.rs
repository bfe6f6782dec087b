//! Mass gifts: one announcement and many gifted subscriptions become one event that is updated in place.
//!
//! Twitch announces "A is gifting 50 subscriptions" and then sends 50 lines, one for each receiver, within seconds. As 51
//! events they would bury the chat. No clock here: the time is passed in.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use polychat_model::{Body, ChatEvent, Combo, ComboState, EventData};

/// How long a gift that belongs to a mass gift waits for its announcement, which sometimes comes after it.
const HOLD: Duration = Duration::from_millis(200);

/// How long receivers are awaited before the event is final without them. Libraries use 10 to 15 s.
const WINDOW: Duration = Duration::from_secs(15);

/// How long a final bundle still takes late or repeated lines, so that they do not appear as gifts of their own.
const MEMORY: Duration = Duration::from_secs(120);

/// How often the event is updated while receivers come in. Chosen by hand: a list that grows smoothly enough.
const UPDATE_EVERY: Duration = Duration::from_millis(500);

/// How many receivers an event names.
const MAX_NAMED: usize = 100;

/// How many mass gifts are remembered at once; the oldest becomes final when there are more. Chosen by hand.
const MAX_BUNDLES: usize = 64;

/// How many gifts wait for their announcement at once; the oldest is let go when there are more. Chosen by hand.
const MAX_HELD: usize = 500;

/// A gifted subscription, or the announcement of several.
#[derive(Debug, Clone, PartialEq)]
pub struct GiftLine {
    /// The event that the line would be by itself.
    pub event: ChatEvent,
    /// What the line is.
    pub gift: GiftOf,
    /// Equal in all lines of a mass gift; lines before 2023 have none.
    pub community_id: Option<String>,
    /// Equal in some lines of a mass gift before 2023.
    pub origin_id: Option<String>,
    /// Who gives and what: the last resort of lines that have no usable id.
    pub giver_and_plan: String,
}

/// What a [`GiftLine`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiftOf {
    /// One gifted subscription.
    One,
    /// The announcement of so many.
    Several(u64),
}

/// The mass gifts of one channel that are going on.
#[derive(Debug, Default)]
pub struct GiftBundles {
    bundles: VecDeque<Bundle>,
    held: VecDeque<(Instant, GiftLine)>,
}

#[derive(Debug)]
struct Bundle {
    event: ChatEvent,
    id: String,
    community_id: Option<String>,
    origin_id: Option<String>,
    giver_and_plan: String,
    announced: u64,
    /// Event ids of the gifts taken in: a repetition counts once.
    seen: HashSet<Arc<str>>,
    opened: Instant,
    updated: Instant,
    is_changed: bool,
    is_final: bool,
}

impl GiftBundles {
    /// Takes a line in. Gives the events to publish now.
    pub fn push(&mut self, line: GiftLine, now: Instant) -> Vec<ChatEvent> {
        let mut out = self.tick(now);
        match line.gift {
            GiftOf::Several(announced) => self.open(line, announced, now, &mut out),
            GiftOf::One => {
                if let Some(line) = self.take_in(line, now, &mut out) {
                    if line.community_id.is_some() {
                        self.hold(line, now, &mut out);
                    } else {
                        out.push(line.event);
                    }
                }
            }
        }
        out
    }

    /// Lets time pass: updates, ends of bundles, gifts whose announcement did not come.
    pub fn tick(&mut self, now: Instant) -> Vec<ChatEvent> {
        let mut out = Vec::new();
        while self.held.front().is_some_and(|(since, _)| now >= *since + HOLD) {
            out.extend(self.held.pop_front().map(|(_, line)| line.event));
        }
        for bundle in &mut self.bundles {
            if !bundle.is_final && now >= bundle.opened + WINDOW {
                bundle.is_final = true;
                out.push(bundle.publish(now));
            } else if bundle.is_changed && now >= bundle.updated + UPDATE_EVERY {
                out.push(bundle.publish(now));
            }
        }
        self.bundles.retain(|bundle| now < bundle.opened + MEMORY);
        out
    }

    /// When [`tick`](Self::tick) has something to do. `None`: not before the next [`push`](Self::push).
    pub fn next_tick(&self) -> Option<Instant> {
        let held = self.held.front().map(|(since, _)| *since + HOLD);
        let bundles = self.bundles.iter().filter_map(|bundle| match (bundle.is_changed, bundle.is_final) {
            (true, _) => Some(bundle.updated + UPDATE_EVERY),
            (false, false) => Some(bundle.opened + WINDOW),
            (false, true) => None,
        });
        held.into_iter().chain(bundles).min()
    }

    /// The last words of everything that is going on: for the end of a reading.
    pub fn close(&mut self, now: Instant) -> Vec<ChatEvent> {
        let mut out: Vec<ChatEvent> = self.held.drain(..).map(|(_, line)| line.event).collect();
        for mut bundle in self.bundles.drain(..) {
            if !bundle.is_final || bundle.is_changed {
                bundle.is_final = true;
                out.push(bundle.publish(now));
            }
        }
        out
    }

    fn open(&mut self, line: GiftLine, announced: u64, now: Instant, out: &mut Vec<ChatEvent>) {
        if self.bundles.iter().any(|bundle| bundle.event.id == line.event.id) {
            return;
        }
        if self.bundles.len() >= MAX_BUNDLES
            && let Some(mut oldest) = self.bundles.pop_front()
            && !oldest.is_final
        {
            oldest.is_final = true;
            out.push(oldest.publish(now));
        }
        let id = line
            .community_id
            .as_ref()
            .or(line.origin_id.as_ref())
            .map_or_else(|| line.event.id.to_string(), Clone::clone);
        let mut bundle = Bundle {
            id,
            event: line.event,
            community_id: line.community_id,
            origin_id: line.origin_id,
            giver_and_plan: line.giver_and_plan,
            announced,
            seen: HashSet::new(),
            opened: now,
            updated: now,
            is_changed: false,
            is_final: false,
        };
        for (since, gift) in std::mem::take(&mut self.held) {
            if bundle.owns(&gift) {
                bundle.add(gift.event);
            } else {
                self.held.push_back((since, gift));
            }
        }
        bundle.is_final = bundle.is_complete();
        out.push(bundle.first(now));
        self.bundles.push_back(bundle);
    }

    /// Gives the line back when no bundle owns it.
    fn take_in(&mut self, line: GiftLine, now: Instant, out: &mut Vec<ChatEvent>) -> Option<GiftLine> {
        // The newest first: one person may give twice in a row.
        let Some(bundle) = self.bundles.iter_mut().rev().find(|bundle| bundle.owns(&line)) else { return Some(line) };
        bundle.add(line.event);
        if bundle.is_complete() && !bundle.is_final {
            bundle.is_final = true;
            out.push(bundle.publish(now));
        }
        None
    }

    fn hold(&mut self, line: GiftLine, now: Instant, out: &mut Vec<ChatEvent>) {
        if self.held.len() >= MAX_HELD {
            out.extend(self.held.pop_front().map(|(_, line)| line.event));
        }
        self.held.push_back((now, line));
    }
}

impl Bundle {
    fn owns(&self, gift: &GiftLine) -> bool {
        if self.seen.contains(&gift.event.id) {
            return true;
        }
        match (&self.community_id, &gift.community_id) {
            (Some(ours), Some(theirs)) => ours == theirs,
            (None, None) => {
                let by_origin = self.origin_id.is_some() && self.origin_id == gift.origin_id;
                by_origin || (!self.is_final && self.giver_and_plan == gift.giver_and_plan)
            }
            _ => false,
        }
    }

    fn add(&mut self, gift: ChatEvent) {
        if !self.seen.insert(gift.id) {
            return;
        }
        let (Body::Event(bundle), Body::Event(gift)) = (&mut self.event.body, gift.body) else { return };
        let room = MAX_NAMED.saturating_sub(bundle.recipients.len());
        bundle.recipients.extend(gift.recipients.into_iter().take(room));
        bundle.duration_months = bundle.duration_months.or(gift.duration_months);
        self.is_changed = true;
    }

    fn is_complete(&self) -> bool {
        self.seen.len() as u64 >= self.announced
    }

    fn first(&mut self, now: Instant) -> ChatEvent {
        self.write(now)
    }

    fn publish(&mut self, now: Instant) -> ChatEvent {
        self.event.revision += 1;
        self.write(now)
    }

    fn write(&mut self, now: Instant) -> ChatEvent {
        self.updated = now;
        self.is_changed = false;
        let state = if self.is_final { ComboState::Final } else { ComboState::Running };
        // They were all paid for at once: the announced number is right from the start.
        let count = self.announced.max(self.seen.len() as u64);
        if let Body::Event(data) = &mut self.event.body {
            let combo = Some(Combo { id: self.id.clone(), count, state });
            **data = EventData { count: Some(count), combo, ..std::mem::take(&mut **data) };
        }
        self.event.clone()
    }
}

#[cfg(test)]
mod tests;
