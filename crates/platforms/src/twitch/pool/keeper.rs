//! The task that owns the connections.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, debug, error, info_span};

use super::super::connection::{self, Command, Report, Reports};
use super::super::pacing::{BackOff, JoinPacing};
use super::super::socket::Loss;
use super::super::timings::Timings;
use super::{Ask, Link};

/// Commands that wait for one connection. When it is full the keeper tries again a moment later.
const COMMANDS: usize = 64;

/// Reports that wait for the keeper; a full queue makes connections wait.
const REPORTS: usize = 256;

/// The longest line that is sent, with its CRLF. IRC says 512.
const MAX_SENT: usize = 510;

/// How soon a full queue of commands is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(50);

pub(super) struct Keeper {
    address: String,
    timings: Timings,
    tracker: TaskTracker,
    cancel: CancellationToken,
    rooms: HashMap<Arc<str>, Room>,
    entered: u64,
    connections: BTreeMap<u64, Connection>,
    opened: u64,
    pacing: JoinPacing,
    back_off: BackOff,
    next_open: Instant,
    reports: (Reports, mpsc::Receiver<(u64, Report)>),
}

struct Room {
    /// Older ones join first.
    order: u64,
    lines: mpsc::Sender<Box<str>>,
    link: watch::Sender<Link>,
    /// The connection that it is on, or will be on when that is ready.
    home: Option<u64>,
    /// JOIN was sent on it.
    asked: bool,
    joined: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Opening,
    Ready,
    /// Twitch asked for a successor; its channels move. Until this time at the latest.
    Retiring {
        until: Instant,
    },
}

struct Connection {
    commands: mpsc::Sender<Command>,
    cancel: CancellationToken,
    phase: Phase,
    rooms: BTreeSet<Arc<str>>,
    empty_since: Option<Instant>,
}

impl Keeper {
    pub(super) fn new(address: String, timings: Timings, tracker: TaskTracker, cancel: CancellationToken) -> Self {
        Self {
            address,
            pacing: JoinPacing::new(timings.joins, timings.join_window),
            back_off: BackOff::new(timings.back_off, timings.back_off_max),
            timings,
            tracker,
            cancel,
            rooms: HashMap::new(),
            entered: 0,
            connections: BTreeMap::new(),
            opened: 0,
            next_open: Instant::now(),
            reports: mpsc::channel(REPORTS),
        }
    }

    pub(super) async fn run(mut self, mut asks: mpsc::Receiver<Ask>, left: Arc<Notify>) {
        loop {
            let wake = self.turn(Instant::now());
            let sleep = async {
                match wake {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return,
                Some((number, report)) = self.reports.1.recv() => self.hear(number, report, Instant::now()),
                ask = asks.recv() => match ask {
                    Some(ask) => self.answer(ask),
                    // The connector is gone, and with it every reader.
                    None => return,
                },
                () = left.notified() => {}
                () = sleep => {}
            }
        }
    }

    fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Enter { login, lines, link } => {
                self.leave(&login);
                self.entered += 1;
                let room = Room { order: self.entered, lines, link, home: None, asked: false, joined: false };
                self.rooms.insert(login, room);
            }
            Ask::JoinAgain { login } => {
                if let Some(room) = self.rooms.get_mut(&login) {
                    (room.asked, room.joined) = (false, false);
                }
            }
        }
    }

    fn hear(&mut self, number: u64, report: Report, now: Instant) {
        let Some(connection) = self.connections.get_mut(&number) else { return };
        match report {
            Report::Ready => {
                self.back_off.reset();
                if connection.phase == Phase::Opening {
                    connection.phase = Phase::Ready;
                }
            }
            Report::Joined(login, room_id) => {
                let ours = |room: &&mut Room| room.asked && room.home == Some(number);
                let Some(room) = self.rooms.get_mut(&login).filter(ours) else { return };
                room.joined = true;
                room.link.send_modify(|link| {
                    link.joined = true;
                    link.room_id = room_id.or_else(|| link.room_id.take());
                });
            }
            Report::Echoed(login) => {
                if let Some(room) = self.rooms.get(&login).filter(|room| room.asked && room.home == Some(number)) {
                    room.link.send_modify(|link| link.echoed += 1);
                }
            }
            Report::Refused(login, text) => self.tell(number, &login, |link| {
                link.refused += 1;
                link.refusal = text;
            }),
            Report::PutOut(login) => self.tell(number, &login, |link| link.put_out += 1),
            Report::Retire => {
                if connection.phase != Phase::Ready {
                    return;
                }
                debug!(connection = number, "Twitch asks for a new connection");
                connection.phase = Phase::Retiring { until: now + self.timings.retire };
                self.unsettle(number, &Loss::unavailable("Twitch asks for a new connection."), now);
            }
            Report::Lost(loss) => {
                let retiring = matches!(connection.phase, Phase::Retiring { .. });
                let rooms = std::mem::take(&mut connection.rooms);
                self.connections.remove(&number);
                for login in &rooms {
                    // Whoever has joined on the successor missed nothing.
                    if let Some(room) = self.rooms.get(login).filter(|room| !room.joined || room.home == Some(number)) {
                        room.link.send_modify(|link| link.gaps += 1);
                    }
                }
                if !retiring {
                    // The end of a connection that Twitch announced is no failure.
                    let pause = self.back_off.next_pause(rand::random());
                    self.next_open = self.next_open.max(now + pause);
                    self.unsettle(number, &loss, now);
                }
            }
        }
    }

    /// Tells a channel what became of it on its connection.
    fn tell(&mut self, number: u64, login: &Arc<str>, change: impl FnOnce(&mut Link)) {
        if let Some(room) = self.rooms.get_mut(login).filter(|room| room.home == Some(number)) {
            room.joined = false;
            room.link.send_modify(|link| {
                link.joined = false;
                change(link);
            });
        }
    }

    /// The channels of a connection need another one, and hear why.
    fn unsettle(&mut self, number: u64, loss: &Loss, now: Instant) {
        let elsewhere = self.connections.values().any(|connection| connection.takes_more(&self.timings));
        let retry_in = if elsewhere { Duration::ZERO } else { self.next_open.saturating_duration_since(now) };
        for room in self.rooms.values_mut().filter(|room| room.home == Some(number)) {
            (room.home, room.asked, room.joined) = (None, false, false);
            room.link.send_modify(|link| {
                link.joined = false;
                link.losses += 1;
                link.loss = Some((loss.clone(), retry_in));
            });
        }
    }

    /// Forgets a channel and leaves it.
    fn leave(&mut self, login: &Arc<str>) {
        self.rooms.remove(login);
        for connection in self.connections.values_mut() {
            if connection.rooms.remove(login) && connection.phase != Phase::Opening {
                // A full queue: the connection is stuck and its loss will be noticed; lines for nobody are dropped.
                let _ = connection.commands.try_send(Command::Part(vec![Arc::clone(login)]));
            }
        }
    }

    /// Does everything that can be done now. Gives when to come back.
    fn turn(&mut self, now: Instant) -> Option<Instant> {
        let left: Vec<_> =
            self.rooms.iter().filter(|(_, room)| room.lines.is_closed()).map(|(login, _)| Arc::clone(login)).collect();
        for login in &left {
            self.leave(login);
        }
        let wakes = [self.settle(now), self.join(now), self.clear_away(now)];
        wakes.into_iter().flatten().min()
    }

    /// Gives every channel a connection: one with a free place, or a new one.
    fn settle(&mut self, now: Instant) -> Option<Instant> {
        let mut homeless: Vec<_> = self
            .rooms
            .iter()
            .filter(|(_, room)| room.home.is_none())
            .map(|(login, room)| (room.order, Arc::clone(login)))
            .collect();
        homeless.sort_unstable();
        for (_, login) in homeless {
            let free = self.connections.iter().find(|(_, connection)| connection.takes_more(&self.timings));
            let number = match free {
                Some((&number, _)) => number,
                None if now >= self.next_open => self.open(now),
                None => return Some(self.next_open),
            };
            if let (Some(connection), Some(room)) = (self.connections.get_mut(&number), self.rooms.get_mut(&login)) {
                connection.rooms.insert(login);
                connection.empty_since = None;
                room.home = Some(number);
            }
        }
        None
    }

    fn open(&mut self, now: Instant) -> u64 {
        self.next_open = now + self.timings.between_connections;
        self.opened += 1;
        let number = self.opened;
        let (commands, waiting) = mpsc::channel(COMMANDS);
        let cancel = self.cancel.child_token();
        let reports = self.reports.0.clone();
        let run = connection::run(
            number,
            self.address.clone(),
            self.timings.clone(),
            waiting,
            reports.clone(),
            cancel.clone(),
        );
        let guarded = async move {
            if AssertUnwindSafe(run).catch_unwind().await.is_err() {
                error!(connection = number, "a connection to Twitch chat failed");
                let loss = Loss::unavailable("Reading failed inside Polychat.");
                let _ = reports.send((number, Report::Lost(loss))).await;
            }
        };
        self.tracker.spawn(guarded.instrument(info_span!("connection", number)));
        let connection =
            Connection { commands, cancel, phase: Phase::Opening, rooms: BTreeSet::new(), empty_since: None };
        self.connections.insert(number, connection);
        number
    }

    /// Sends the JOINs that the limit allows, the oldest channels first.
    fn join(&mut self, now: Instant) -> Option<Instant> {
        let ready = |room: &Room| {
            let home = room.home.and_then(|home| self.connections.get(&home));
            !room.asked && home.is_some_and(|home| home.phase == Phase::Ready)
        };
        let mut waiting: Vec<_> = self
            .rooms
            .iter()
            .filter(|(_, room)| ready(room))
            .map(|(login, room)| (room.order, Arc::clone(login)))
            .collect();
        if waiting.is_empty() {
            return None;
        }
        waiting.sort_unstable();
        let allowed = self.pacing.free(now);
        let more = waiting.len() > allowed;
        let mut lists: BTreeMap<u64, Vec<Arc<str>>> = BTreeMap::new();
        for (_, login) in waiting.into_iter().take(allowed) {
            if let Some(home) = self.rooms.get(&login).and_then(|room| room.home) {
                lists.entry(home).or_default().push(login);
            }
        }
        for (number, logins) in lists {
            for list in lines_of(logins) {
                if !self.send_join(number, &list, now) {
                    return Some(now + TRY_AGAIN);
                }
            }
        }
        if more { self.pacing.next_free().or(Some(now + TRY_AGAIN)) } else { None }
    }

    fn send_join(&mut self, number: u64, logins: &[Arc<str>], now: Instant) -> bool {
        let Some(connection) = self.connections.get(&number) else { return true };
        let with_outlets = |login: &Arc<str>| Some((Arc::clone(login), self.rooms.get(login)?.lines.clone()));
        let command = Command::Join(logins.iter().filter_map(with_outlets).collect());
        if connection.commands.try_send(command).is_err() {
            return false; // Stuck or just lost: its report decides.
        }
        for login in logins {
            self.pacing.pass(now);
            if let Some(room) = self.rooms.get_mut(login) {
                room.asked = true;
                room.link.send_modify(|link| link.asked += 1);
            }
        }
        true
    }

    /// Closes connections that nobody needs any more: empty ones after a while, retired ones when all have moved.
    fn clear_away(&mut self, now: Instant) -> Option<Instant> {
        let mut wake: Option<Instant> = None;
        let mut over = Vec::new();
        for (&number, connection) in &mut self.connections {
            let moved = |login: &Arc<str>| self.rooms.get(login).is_none_or(|room| room.joined);
            let (needless, wait) = match connection.phase {
                Phase::Retiring { until } if now >= until => (true, Duration::ZERO),
                Phase::Retiring { until } => {
                    wake = Some(wake.map_or(until, |wake| wake.min(until)));
                    (connection.rooms.iter().all(moved), self.timings.overlap)
                }
                _ => (connection.rooms.is_empty(), self.timings.idle),
            };
            if !needless {
                connection.empty_since = None;
                continue;
            }
            let at = *connection.empty_since.get_or_insert(now) + wait;
            if now >= at {
                over.push(number);
            } else {
                wake = Some(wake.map_or(at, |wake| wake.min(at)));
            }
        }
        for number in over {
            if let Some(connection) = self.connections.remove(&number) {
                connection.cancel.cancel();
            }
        }
        wake
    }
}

impl Connection {
    fn takes_more(&self, timings: &Timings) -> bool {
        !matches!(self.phase, Phase::Retiring { .. }) && self.rooms.len() < timings.channels_per_connection
    }
}

/// Cuts channels into lists that fit into one line each.
fn lines_of(logins: Vec<Arc<str>>) -> Vec<Vec<Arc<str>>> {
    let mut lists: Vec<Vec<Arc<str>>> = Vec::new();
    let mut length = usize::MAX;
    for login in logins {
        let added = login.len() + 2;
        if length.saturating_add(added) > MAX_SENT {
            lists.push(Vec::new());
            length = "JOIN ".len();
        }
        length += added;
        if let Some(list) = lists.last_mut() {
            list.push(login);
        }
    }
    lists
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_channels_stay_below_the_limit_of_a_line() {
        let logins: Vec<Arc<str>> = (0..100).map(|n| format!("{n:0>25}").into()).collect();
        let lists = lines_of(logins);
        assert_eq!(lists.iter().map(Vec::len).sum::<usize>(), 100);
        for list in lists {
            let joined: Vec<&str> = list.iter().map(|login| &**login).collect();
            assert!(format!("JOIN #{}\r\n", joined.join(",#")).len() <= 512);
        }
    }
}
