//! The open rooms: who listens, what is known of the broadcast, what is due.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use polychat_model::{Body, ChatEvent, EventData, EventName, Pin, ViewersData};
use tokio::time::Instant;

use super::Side;
use crate::twitch::broadcast::Broadcast;
use crate::twitch::pictures::Pictures;
use crate::twitch::topics::{self, Told};
use crate::{Outlet, Signal, Started, UpstreamState};

/// The longest pause after badges could not be had.
const RETRY_MAX: Duration = Duration::from_secs(3600);

/// When a list has to be fetched.
#[derive(Debug, Default)]
pub(super) struct Need {
    /// `None` while the disk is looked at.
    pub(super) due: Option<Instant>,
    failures: u32,
}

impl Need {
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    pub(super) fn done(&mut self, again_in: Duration) {
        *self = Self { due: Some(Instant::now() + again_in), failures: 0 };
    }

    pub(super) fn failed(&mut self, retry: Duration) {
        let pause = retry.saturating_mul(1 << self.failures.min(10)).min(RETRY_MAX);
        *self = Self { due: Some(Instant::now() + pause), failures: self.failures + 1 };
    }
}

/// All open rooms, and what all of them share.
#[derive(Default)]
pub(super) struct Rooms {
    pub(super) open: HashMap<Arc<str>, Room>,
    pub(super) global: Pictures,
    pub(super) global_need: Need,
    listeners: u64,
}

/// One open room.
#[derive(Default)]
pub(super) struct Room {
    /// The login by which it was opened.
    login: String,
    listeners: Vec<Listener>,
    broadcast: Broadcast,
    /// When Hermes last said that the broadcast began or ended.
    pushed_at: Option<Instant>,
    pub(super) polled_at: Option<Instant>,
    pub(super) pictures: Pictures,
    pub(super) need: Need,
    /// The pinned message: later news about it name only its id.
    pin: Option<ChatEvent>,
    /// The time in the id of the last `viewers`: ids must differ.
    viewers_ms: i64,
}

/// One outlet and what it has been told.
struct Listener {
    id: u64,
    out: Outlet,
    reading: bool,
    live: Option<bool>,
    viewers: Option<ViewersData>,
}

/// Who says it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Push,
    Poll,
}

impl Rooms {
    /// Adds a listener. `true`: the room was not open before.
    ///
    /// Whoever opens a room knows what it just resolved, so it is not told `live` again, but the viewers.
    pub(super) fn open(
        &mut self,
        login: &str,
        room_id: &Arc<str>,
        out: Outlet,
        known: Option<Broadcast>,
    ) -> (u64, bool) {
        self.listeners += 1;
        let id = self.listeners;
        let live = known.as_ref().and_then(|b| b.live);
        let first = !self.open.contains_key(room_id);
        let room = self.open.entry(Arc::clone(room_id)).or_default();
        login.clone_into(&mut room.login);
        room.listeners.push(Listener { id, out, reading: true, live, viewers: None });
        if let Some(known) = known {
            room.broadcast.learn(known);
        }
        room.flush(room_id);
        (id, first)
    }

    /// Removes a listener. `true`: it was the last one, and the room is closed.
    pub(super) fn close(&mut self, room_id: &Arc<str>, listener: u64) -> bool {
        let Some(room) = self.open.get_mut(room_id) else { return false };
        room.listeners.retain(|l| l.id != listener);
        let last = room.listeners.is_empty();
        if last {
            self.open.remove(room_id);
        }
        last
    }

    /// The id of the open room that had this login.
    pub(super) fn id_of(&self, login: &str) -> Option<Arc<str>> {
        self.open.iter().find(|(_, room)| room.login == login).map(|(id, _)| Arc::clone(id))
    }

    pub(super) fn live(&self, room_id: &str) -> Option<bool> {
        self.open.get(room_id)?.broadcast.live
    }

    pub(super) fn reading(&mut self, room_id: &Arc<str>, listener: u64, reading: bool) {
        let Some(room) = self.open.get_mut(room_id) else { return };
        if let Some(listener) = room.listeners.iter_mut().find(|l| l.id == listener) {
            listener.reading = reading;
        }
        room.flush(room_id);
    }

    /// Takes over news of a broadcast and tells the listeners. `event` is what people see of it; a poll finds it out.
    pub(super) fn learn(
        &mut self,
        room_id: &str,
        news: Broadcast,
        event: Option<ChatEvent>,
        source: Source,
        settle: Duration,
    ) {
        let Some((room_id, _)) = self.open.get_key_value(room_id) else { return };
        let room_id = Arc::clone(room_id);
        let Some(room) = self.open.get_mut(&room_id) else { return };
        let before = room.broadcast.live;
        let contradicts = news.live.is_some() && before.is_some() && news.live != before;
        match source {
            Source::Poll if contradicts && room.pushed_at.is_some_and(|at| at.elapsed() < settle) => return,
            Source::Push if news.live.is_some() => room.pushed_at = Some(Instant::now()),
            Source::Poll | Source::Push => {}
        }
        room.broadcast.learn(news);
        let changed = room.broadcast.live != before;
        let event = match event {
            // The poll was quicker and has told it.
            Some(event) if !changed && room.broadcast.live.is_some() && is_turn(&event) => None,
            None if changed && before.is_some() => room.turn(&room_id),
            event => event,
        };
        if let Some(event) = event {
            room.tell(&event);
        }
        room.flush(&room_id);
    }

    /// Sends an event to everyone who listens to its room.
    fn event(&mut self, mut event: ChatEvent) {
        let Some(room) = self.open.get_mut(&*event.room_id) else { return };
        if let Body::Event(data) = &mut event.body
            && let Some(pin) = &mut data.pin
        {
            match data.event {
                EventName::Pin => room.pin = Some(event.clone()),
                // What is taken down is named by its id only: say which message it was.
                EventName::Unpin => {
                    if let Some(last) = room.pin.take_if(|last| pin_of(last).is_some_and(|last| last.id == pin.id))
                        && let Some(last) = pin_of(&last)
                    {
                        *pin = last.clone();
                    }
                }
                _ => {}
            }
        }
        room.tell(&event);
    }

    fn pin_time(&mut self, room_id: &str, pin_id: &str, ends_at: Option<String>, revision: u32) {
        let Some(room) = self.open.get_mut(room_id) else { return };
        let Some(event) = &mut room.pin else { return };
        let Body::Event(data) = &mut event.body else { return };
        let Some(pin) = data.pin.as_mut().filter(|pin| pin.id == pin_id) else { return };
        pin.ends_at = ends_at;
        event.revision = revision.max(event.revision + 1);
        let event = event.clone();
        room.tell(&event);
    }
}

fn is_turn(event: &ChatEvent) -> bool {
    let Body::Event(data) = &event.body else { return false };
    matches!(data.event, EventName::StreamOnline | EventName::StreamOffline)
}

fn pin_of(event: &ChatEvent) -> Option<&Pin> {
    let Body::Event(data) = &event.body else { return None };
    data.pin.as_ref()
}

impl Room {
    /// The event of a broadcast that began or ended, when only a poll tells it.
    fn turn(&self, room_id: &Arc<str>) -> Option<ChatEvent> {
        let (event, word, text) = if self.broadcast.live? {
            (EventName::StreamOnline, "stream-up", "The broadcast began.")
        } else {
            (EventName::StreamOffline, "stream-down", "The broadcast ended.")
        };
        let sent_at_ms = jiff::Timestamp::now().as_millisecond();
        let native = self.broadcast.live_id.clone().unwrap_or_else(|| (sent_at_ms / 1000).to_string());
        Some(ChatEvent {
            id: format!("tw:{word}:{room_id}:{native}").into(),
            revision: 0,
            sent_at_ms,
            room_id: Arc::clone(room_id),
            history: false,
            body: Body::Event(Box::new(EventData { event, text: text.to_owned(), ..EventData::default() })),
        })
    }

    fn tell(&self, event: &ChatEvent) {
        for listener in &self.listeners {
            listener.send(Signal::Event(event.clone()));
        }
    }

    /// Tells each listener what it has not been told yet. What does not fit is told at the next occasion.
    fn flush(&mut self, room_id: &Arc<str>) {
        let data = self.broadcast.viewers_data();
        let now_ms = jiff::Timestamp::now().as_millisecond();
        for listener in &mut self.listeners {
            if data != ViewersData::default() && listener.viewers.as_ref() != Some(&data) {
                self.viewers_ms = now_ms.max(self.viewers_ms + 1);
                let event = ChatEvent {
                    id: format!("tw:viewers:{room_id}:{}", self.viewers_ms).into(),
                    revision: 0,
                    sent_at_ms: now_ms,
                    room_id: Arc::clone(room_id),
                    history: false,
                    body: Body::Viewers(data.clone()),
                };
                if listener.send(Signal::Event(event)) {
                    listener.viewers = Some(data.clone());
                }
            }
            let live = self.broadcast.live;
            if listener.reading && live.is_some() && listener.live != live {
                let state = UpstreamState::Started(Started::new(Arc::clone(room_id), live));
                if listener.send(Signal::State(state)) {
                    listener.live = live;
                }
            }
        }
    }
}

impl Listener {
    /// Never waits: a full outlet loses this, and chat nothing.
    fn send(&self, signal: Signal) -> bool {
        let sent = self.out.try_send(signal).is_ok();
        if !sent {
            metrics::counter!("polychat_upstream_side_dropped_total", "platform" => "twitch").increment(1);
        }
        sent
    }
}

impl Side {
    /// Takes what Hermes says about a topic.
    pub(super) fn pushed(&self, topic: &str, json: &str) {
        let now_ms = jiff::Timestamp::now().as_millisecond();
        let room_id = topic.rsplit('.').next().unwrap_or_default();
        match topics::read(topic, json, now_ms) {
            Told::Broadcast(news, event) => {
                self.rooms().learn(room_id, news, event, Source::Push, self.timings.settle);
            }
            Told::Event(event) => self.rooms().event(event),
            Told::PinTime { pin_id, ends_at, revision } => self.rooms().pin_time(room_id, &pin_id, ends_at, revision),
            Told::Ignored(reason) => {
                metrics::counter!("polychat_upstream_ignored_total", "platform" => "twitch", "reason" => reason)
                    .increment(1);
            }
            Told::Unknown => {
                metrics::counter!("polychat_upstream_unknown_total", "platform" => "twitch", "kind" => "topic")
                    .increment(1);
            }
        }
    }
}
