//! What the hub is told of a reading: events, states, and who watches.

use std::time::Duration;

use polychat_model::{Body, ChatEvent, ErrorCode, ViewersData, unix_ms};
use tracing::warn;

use super::{ALL_IS_SAID_MS, Over, Reading};
use crate::tiktok::desk::{Desk, RoomState, Told};
use crate::tiktok::ladder::Setback;
use crate::tiktok::words;
use crate::{Signal, Started, UpstreamState};

impl Reading<'_> {
    /// Hands on what the desk has to tell. `Some` when the room is over.
    pub(super) async fn tell(&mut self, told: Vec<Told>) -> Option<Over> {
        let mut over = None;
        for told in told {
            match told {
                Told::Event(ChatEvent { body: Body::Viewers(news), sent_at_ms, .. }) => {
                    if self.merge(news) {
                        let event = self.viewers(sent_at_ms);
                        self.signal(Signal::Event(event)).await;
                    }
                }
                Told::Event(event) => self.signal(Signal::Event(event)).await,
                Told::Room(RoomState::Paused | RoomState::Resumed) if over.is_some() => {}
                Told::Room(state @ (RoomState::Paused | RoomState::Resumed)) => {
                    self.paused = state == RoomState::Paused;
                    self.tell_started().await;
                }
                Told::Room(RoomState::Ended | RoomState::Suspended) => over = Some(Over::Ended),
                // Another visitor may be let in without a question.
                Told::Room(RoomState::Captcha) => over = over.or(Some(Over::Lost(Setback::Refused))),
            }
        }
        over
    }

    /// The broadcast is over: what waited for more is final.
    pub(super) async fn finish(&mut self) {
        let told = self.desk.as_mut().map(|desk| desk.tick(unix_ms() + ALL_IS_SAID_MS)).unwrap_or_default();
        let _over = self.tell(told).await;
    }

    pub(super) async fn lost(&mut self, cause: &str, retry_in: Duration, code: ErrorCode) {
        if !std::mem::replace(&mut self.is_told_lost, true) {
            warn!(channel = %self.key, %cause, "reconnecting");
        }
        self.told = None;
        self.signal(Signal::State(UpstreamState::Reconnecting { cause: cause.to_owned(), retry_in, code })).await;
    }

    pub(super) async fn tell_started(&mut self) {
        let Some(last) = &self.last else { return };
        let degraded = self.desk.as_ref().is_some_and(Desk::degraded);
        let via = self.ladder.via();
        let message = if degraded {
            Some(words::DEGRADED.to_owned())
        } else if self.paused {
            Some(words::paused(self.key))
        } else if let Some(left) = self.ladder.left() {
            Some(words::other_way(via, left))
        } else {
            last.warning.map(str::to_owned)
        };
        let started =
            Started { degraded, via: Some(via), message, ..Started::new(last.room_id.to_string(), Some(true)) };
        if self.told.as_ref() != Some(&started) {
            self.told = Some(started.clone());
            self.signal(Signal::State(UpstreamState::Started(started))).await;
        }
    }

    /// Takes over what is known newly. Whether anything changed.
    pub(super) fn merge(&mut self, news: ViewersData) -> bool {
        let before = self.details.clone();
        let details = &mut self.details;
        details.viewers = news.viewers.or(details.viewers);
        details.live = news.live.or(details.live);
        details.title = news.title.or_else(|| details.title.take());
        details.likes = news.likes.or(details.likes);
        details.started_at = news.started_at.or_else(|| details.started_at.take());
        *details != before
    }

    pub(super) fn viewers(&self, now_ms: i64) -> ChatEvent {
        let room_id = self.last.as_ref().map_or(0, |last| last.room_id);
        ChatEvent {
            id: format!("tt:viewers:{room_id}:{now_ms}").into(),
            revision: 0,
            sent_at_ms: now_ms,
            room_id: room_id.to_string().into(),
            history: false,
            body: Body::Viewers(self.details.clone()),
        }
    }

    /// The hub closes the channel when it no longer wants it; that is seen at the next select.
    pub(super) async fn signal(&self, signal: Signal) {
        let _closed = self.out.send(signal).await;
    }
}
