//! From the lines of one channel to its events: the pure parser with what it needs from line to line.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use metrics::counter;
use polychat_model::ChatEvent;
use tokio::time::Instant;
use tracing::{debug, error};

use super::super::catalog::Lookups;
use super::super::irc::Line;
use super::super::{GiftBundles, Read, Room, RoomModes, read};
use super::Side;

/// How old the tables of badges and emotes may be that lines are read with. Fetching them anew costs more than a line.
const LOOKUPS_AGE: Duration = Duration::from_secs(1);

pub(super) struct Interpreter {
    login: Arc<str>,
    room_id: Option<Arc<str>>,
    side: Arc<Side>,
    lookups: Lookups,
    looked_up: Option<Instant>,
    bundles: GiftBundles,
    modes: RoomModes,
    last_sent_ms: Option<i64>,
}

impl Interpreter {
    pub(super) fn new(login: Arc<str>, side: Arc<Side>) -> Self {
        Self {
            login,
            room_id: None,
            side,
            lookups: Lookups::default(),
            looked_up: None,
            bundles: GiftBundles::default(),
            modes: RoomModes::default(),
            last_sent_ms: None,
        }
    }

    /// The room's id, once it is known.
    pub(super) fn room_id(&self) -> Option<&Arc<str>> {
        self.room_id.as_ref()
    }

    pub(super) fn set_room_id(&mut self, room_id: Arc<str>) {
        self.room_id = Some(room_id);
    }

    /// The channel has another login.
    pub(super) fn rename(&mut self, login: Arc<str>) {
        self.login = login;
    }

    /// The time of the latest event, by Twitch's clock: Unix milliseconds.
    pub(super) fn last_sent_ms(&self) -> Option<i64> {
        self.last_sent_ms
    }

    /// When [`flush`](Self::flush) has something to do.
    pub(super) fn due(&self) -> Option<Instant> {
        self.bundles.next_tick().map(Instant::from_std)
    }

    /// Adds the events that were held back until now.
    pub(super) fn flush(&mut self, now: Instant, out: &mut Vec<ChatEvent>) {
        out.extend(self.bundles.tick(now.into_std()));
    }

    /// Adds the events of a line. A line that cannot be read is counted and costs nothing else.
    pub(super) fn line(&mut self, text: &str, now: Instant, out: &mut Vec<ChatEvent>) {
        let Some(line) = Line::parse(text) else {
            counter!("polychat_upstream_broken_total", "platform" => "twitch").increment(1);
            return;
        };
        if self.looked_up.is_none_or(|at| now.duration_since(at) >= LOOKUPS_AGE) {
            self.looked_up = Some(now);
            self.lookups = self.room_id.as_ref().map(|id| self.side.lookups(id)).unwrap_or_default();
        }
        let start = out.len();
        // The parser does not panic as far as its tests can tell; should it, one message is lost and not the channel.
        let done = catch_unwind(AssertUnwindSafe(|| self.understand(&line, now, out)));
        if done.is_err() {
            out.truncate(start);
            error!(channel = &*self.login, command = line.command, "a line could not be read");
            counter!("polychat_upstream_broken_total", "platform" => "twitch").increment(1);
        }
        if let Some(latest) = out[start..].iter().map(|event| event.sent_at_ms).max() {
            self.last_sent_ms = self.last_sent_ms.max(Some(latest));
        }
    }

    fn understand(&mut self, line: &Line<'_>, now: Instant, out: &mut Vec<ChatEvent>) {
        let room = Room {
            login: &self.login,
            room_id: self.room_id.as_ref(),
            lookups: &self.lookups,
            now_ms: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64),
        };
        match read(line, &room) {
            Read::Event(event) => out.push(event),
            Read::Gift(gift) => out.extend(self.bundles.push(gift, now.into_std())),
            Read::RoomState(change) => out.extend(self.modes.apply(&change, &room)),
            Read::Ignored(reason) => {
                counter!("polychat_upstream_ignored_total", "platform" => "twitch", "reason" => reason).increment(1);
            }
            Read::Unknown(_) => {
                // What it was is no label: a hostile server would make endless ones.
                counter!("polychat_upstream_unknown_total", "platform" => "twitch", "kind" => "line").increment(1);
            }
            // Refusals never get here: the connection acts on them.
            Read::Suspended { .. } | Read::Refused { .. } => {}
            Read::Notice { msg_id, .. } => debug!(channel = &*self.login, msg_id, "Twitch tells us something"),
        }
    }
}
