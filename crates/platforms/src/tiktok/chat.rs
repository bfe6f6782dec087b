//! Reads the chat of one channel: finds the room, takes the ladder to it, stays until it is over, and heals itself.

mod connection;
mod telling;

use std::sync::Arc;
use std::time::Duration;

use polychat_model::wire::{Owner, Via};
use polychat_model::{ChannelKey, ErrorCode, IdentifierType, ViewersData, iso_timestamp, unix_ms};
use rand::RngExt;
use tracing::{debug, info};

use super::connect::Parts;
use super::desk::{Desk, Host};
use super::ladder::{Ladder, Setback};
use super::room::{Found, NoRoom};
use super::sign::SignError;
use super::ttwid::Credentials;
use super::words;
use crate::{NotLive, Outlet, Signal, Started, UpstreamError};

/// How far ahead the desk is told the clock when a broadcast is over: everything that waits for more is final then.
const ALL_IS_SAID_MS: i64 = 3_600_000;

/// Why a room was left.
#[derive(Debug, PartialEq, Eq)]
enum Over {
    /// TikTok says that the broadcast is over.
    Ended,
    /// Nobody listens any more.
    Quiet,
    /// The room is not there any more, or never was.
    Gone,
    /// The connection was lost, or could not be made.
    Lost(Setback),
    /// The sign server did not help.
    Unsigned(SignError),
    /// The best way is to be tried again.
    Primary,
}

/// The reading of one channel.
pub(crate) struct Reading<'a> {
    parts: &'a Parts,
    key: &'a ChannelKey,
    out: &'a Outlet,
    ladder: Ladder,
    desk: Option<Desk>,
    /// The room that was read last.
    last: Option<Found>,
    /// TikTok has said that this room is over.
    over: Option<u64>,
    details: ViewersData,
    told: Option<Started>,
    is_told_lost: bool,
    /// Who we are on the present connection.
    visitor: Option<Credentials>,
    /// Connections tried.
    turn: usize,
    /// A room has let us in: what it repeats from now on was read, or missed.
    was_in: bool,
    paused: bool,
    is_warned: bool,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(parts: &'a Parts, key: &'a ChannelKey, out: &'a Outlet) -> Self {
        let ladder = Ladder::new(parts.ways());
        Self {
            parts,
            key,
            out,
            ladder,
            desk: None,
            last: None,
            over: None,
            details: ViewersData::default(),
            told: None,
            is_told_lost: false,
            visitor: None,
            turn: 0,
            was_in: false,
            paused: false,
            is_warned: false,
        }
    }

    /// Reads until there is nothing to read. Dropping the future stops everything.
    pub(crate) async fn run(mut self) -> Result<(), UpstreamError> {
        loop {
            let mut owner = Owner::default();
            let found = self.parts.web.find(self.key, &mut owner).await;
            if owner != Owner::default() {
                self.signal(Signal::Owner(owner)).await;
            }
            let found = match found {
                Ok(found) if self.is_over(&found).await => return Err(self.not_live(&NoRoom::Ended)),
                Ok(found) => found,
                Err(no_room) => match self.without(no_room).await? {
                    Some(found) => found,
                    None => continue,
                },
            };
            let room_id = found.room_id;
            self.enter(found).await;
            match self.room().await {
                Over::Quiet => return Ok(()),
                Over::Ended => {
                    self.finish().await;
                    self.over = Some(room_id);
                    tokio::time::sleep(self.parts.timings.verify_end).await;
                }
                // The name decides where it goes on. If it still leads to this room, that is as good as a loss.
                Over::Gone if self.over == Some(room_id) => return Err(self.not_live(&NoRoom::Ended)),
                Over::Gone => {
                    self.over = Some(room_id);
                    self.setback(Setback::Lost, words::LOST, Duration::ZERO).await;
                }
                Over::Lost(setback) => {
                    if setback == Setback::Silent
                        && room_id != 0
                        && let Err(no_room) = self.parts.web.room_info(room_id).await
                        && !no_room.is_odd()
                    {
                        // A room that lets nobody in without an age or a login is silent, too.
                        return Err(self.not_live(&no_room));
                    }
                    self.setback(setback, words::cause(setback), Duration::ZERO).await;
                }
                Over::Unsigned(error) => {
                    let hopeless = matches!(error, SignError::KeyRefused | SignError::Unpaid);
                    let setback = if hopeless { Setback::NoCookie } else { Setback::Lost };
                    let least = error.retry_in().min(self.parts.timings.retry_exhausted);
                    self.setback(setback, &error.to_string(), least).await;
                }
                Over::Primary => {
                    info!(channel = %self.key, "trying the direct connection again");
                    self.ladder.primary();
                }
            }
        }
    }

    /// Whether this is the room of which TikTok has said that it is over, and it is. Its word comes early at times, and
    /// the channel's page late.
    async fn is_over(&mut self, found: &Found) -> bool {
        if self.over != Some(found.room_id) {
            return false;
        }
        match self.parts.web.is_alive(found.room_id).await {
            Ok(alive) => {
                if alive {
                    self.over = None;
                }
                !alive
            }
            // What says that it is over has been said; nobody contradicts.
            Err(_) => true,
        }
    }

    /// What to do without a room: nothing (an end, in words), go on with the last one, or look again after a pause.
    async fn without(&mut self, no_room: NoRoom) -> Result<Option<Found>, UpstreamError> {
        metrics::counter!("polychat_tiktok_no_room_total", "why" => no_room.word()).increment(1);
        if !no_room.is_odd() {
            return Err(self.not_live(&no_room));
        }
        // The pages are turned away more often than the socket: the room that was read is still there, or says so.
        if let Some(last) = self.last.clone().filter(|last| last.room_id != 0 && self.over != Some(last.room_id)) {
            return Ok(Some(last));
        }
        let blocked = matches!(no_room, NoRoom::Blocked(_) | NoRoom::RegionClosed);
        // The page in the user's own browser engine may get what we do not.
        let is_name = self.key.identifier_type == IdentifierType::Username && !self.key.identifier.contains('/');
        let by_page = is_name && self.parts.ways().contains(&Via::Webview);
        if by_page && self.ladder.via() == Via::Webview {
            return Ok(Some(Found { username: self.key.identifier.to_string(), ..Found::default() }));
        }
        let setback = match (blocked, by_page) {
            (true, true) => Setback::NoCookie,
            (true, false) => Setback::Blocked,
            (false, _) => Setback::Lost,
        };
        if !self.was_in && setback == Setback::Lost {
            // Nothing was ever read: the hub tells, and tries again.
            return Err(words::no_room(self.key, &no_room, self.parts.timings.look_again));
        }
        let cause = words::sentence(self.key, &no_room);
        self.setback(setback, &cause, Duration::ZERO).await;
        Ok(None)
    }

    /// Why nothing is read, for the hub.
    fn not_live(&self, no_room: &NoRoom) -> UpstreamError {
        let retry_in = self.parts.timings.look_again.mul_f64(rand::rng().random_range(0.8..1.2));
        let follows = self.key.identifier_type == IdentifierType::Username;
        match no_room {
            NoRoom::Offline | NoRoom::Ended if self.was_in && follows => {
                let waits = NotLive::new(words::waits_for_next(self.key), retry_in);
                UpstreamError::NotLive(Box::new(NotLive { ended: true, ..waits }))
            }
            NoRoom::Ended if follows => words::no_room(self.key, &NoRoom::Offline, retry_in),
            NoRoom::Offline if self.was_in => words::no_room(self.key, &NoRoom::Ended, retry_in),
            _ => words::no_room(self.key, no_room, retry_in),
        }
    }

    /// Prepares for a room: a new one, or the same once more.
    async fn enter(&mut self, found: Found) {
        let room_id: Arc<str> = found.room_id.to_string().into();
        let is_same = self.last.as_ref().is_some_and(|last| last.room_id == found.room_id);
        match &mut self.desk {
            Some(desk) if is_same => desk.rejoined(),
            Some(desk) => {
                info!(channel = %self.key, room = found.room_id, "another broadcast of the channel has begun");
                desk.enter(room_id);
                self.paused = false;
            }
            None => {
                let host = Host { room_id, user_id: found.user_id.clone(), username: found.username.clone() };
                self.desk = Some(Desk::new(host));
            }
        }
        let news = ViewersData {
            viewers: found.viewers,
            live: Some(true),
            title: found.title.clone(),
            started_at: found.started_at_ms.map(|ms| iso_timestamp(ms).to_string()),
            ..ViewersData::default()
        };
        let is_live = found.live;
        self.last = Some(found);
        if is_live && self.merge(news) {
            let event = self.viewers(unix_ms());
            self.signal(Signal::Event(event)).await;
        }
    }

    /// Pauses after a setback, for `least` if somebody asked for that, and says so if it goes on.
    async fn setback(&mut self, setback: Setback, cause: &str, least: Duration) {
        let via = self.ladder.via();
        metrics::counter!("polychat_tiktok_setbacks_total", "via" => via.as_str(), "why" => words::word(setback))
            .increment(1);
        if setback.wants_new_visitor()
            && let Some(visitor) = self.visitor.take()
        {
            self.parts.web.rotate(&visitor);
        }
        let before = self.ladder.left();
        let next = self.ladder.setback(setback, &self.parts.timings, rand::rng().random_range(0.0..1.0));
        let pause = next.pause.max(least);
        debug!(channel = %self.key, via = via.as_str(), ?setback, pause_ms = pause.as_millis() as u64, "setback");
        let code =
            if setback == Setback::NotAgreed { ErrorCode::ConsentNeeded } else { ErrorCode::UpstreamUnavailable };
        if next.exhausted && setback != Setback::NotAgreed {
            self.lost(&words::exhausted(cause), pause, code).await;
        } else if next.tell || !least.is_zero() {
            self.lost(cause, pause, code).await;
        }
        tokio::select! {
            () = self.out.closed() => {}
            () = self.parts.agreed(), if setback == Setback::NotAgreed => {
                self.ladder.take(Via::Webview, before.unwrap_or(Setback::Refused));
            }
            () = tokio::time::sleep(pause) => {}
        }
    }
}
