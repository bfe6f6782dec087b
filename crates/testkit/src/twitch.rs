//! A simulated Twitch chat: IRC over WebSocket on a real socket, as anonymous readers see it.
//!
//! It answers what Twitch answers, stays silent where Twitch stays silent (unknown channels, too many JOINs), keeps every
//! line that it receives, and misbehaves when a test asks for it. Deterministic: ids come from counters and hashes, times
//! from a counter unless [`SimTwitch::use_clock`] was called.

mod chatter;
mod message;
mod server;
mod state;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::shared;
pub use chatter::Chatter;
pub use message::{SimMessage, id_of};
pub use state::{Join, Received};
use state::{Out, Shared};

/// A running simulation. Dropping it closes every socket.
#[derive(Debug)]
pub struct SimTwitch {
    shared: Arc<Shared>,
    address: SocketAddr,
    listening: watch::Sender<bool>,
    tracker: TaskTracker,
    cancel: CancellationToken,
}

impl Drop for SimTwitch {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl SimTwitch {
    /// Starts on a free port of 127.0.0.1. Every channel exists until [`only_channels`](Self::only_channels) says
    /// otherwise.
    pub async fn start() -> Self {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into()).await.expect("a free port on 127.0.0.1")
    }

    /// Starts at `address`.
    ///
    /// # Errors
    /// The system's, when the address is taken.
    pub async fn start_at(address: SocketAddr) -> std::io::Result<Self> {
        let listener = server::bind(address).await?;
        let address = listener.local_addr()?;
        let (shared, cancel, tracker) = (Arc::new(Shared::default()), CancellationToken::new(), TaskTracker::new());
        let (listening, listening_rx) = watch::channel(true);
        tracker.spawn(server::accept(listener, listening_rx, Arc::clone(&shared), tracker.clone(), cancel.clone()));
        Ok(Self { shared, address, listening, tracker, cancel })
    }

    /// What `POLYCHAT_TWITCH_IRC_URL` has to be.
    pub fn irc_url(&self) -> String {
        format!("ws://{}", self.address)
    }

    // What exists.

    /// From now on only these channels exist. A JOIN of any other is never answered, as on Twitch.
    pub fn only_channels(&self, logins: &[&str]) {
        self.shared.change(|state| state.known = Some(logins.iter().map(|&login| login.to_owned()).collect()));
    }

    /// A JOIN of `login` is answered with `msg_channel_suspended` from now on.
    pub fn suspend(&self, login: &str) {
        self.shared.change(|state| state.suspended.insert(login.to_owned()));
    }

    /// `login` is closed while people are in it: everybody there hears `msg_channel_suspended` and a PART.
    pub fn close_channel(&self, login: &str) {
        self.suspend(login);
        self.send_raw(login, &state::suspended_notice(login));
        self.part(login);
    }

    /// Everybody in `login` hears the PART of their own nick that they never asked for: the channel was renamed.
    pub fn part(&self, login: &str) {
        self.shared.change(|state| {
            for connection in state.connections.values_mut() {
                if connection.joined.remove(login) {
                    let line = state::echo(&connection.nick, "PART", login);
                    connection.send(Out::Line(line));
                }
            }
        });
    }

    // Talking.

    /// `user` writes `text`. Gives the message id.
    pub fn say(&self, channel: &str, user: &str, text: &str) -> String {
        self.send(channel, &SimMessage::chat(text).from(user))
    }

    /// Anything happens in `channel`. Gives the message id.
    pub fn send(&self, channel: &str, message: &SimMessage) -> String {
        self.shared.change(|state| {
            let (line, id) = state.line(channel, message);
            state.remember(channel, &line);
            state.deliver(channel, &line);
            id
        })
    }

    /// A line as it is (without CRLF) to every connection that has joined `channel`.
    pub fn send_raw(&self, channel: &str, line: &str) {
        self.shared.change(|state| state.deliver(channel, line));
    }

    /// A line as it is to every connection.
    pub fn broadcast(&self, line: &str) {
        self.to_all(|| Out::Line(line.to_owned()));
    }

    /// One WebSocket text frame as it is (several lines, parts of lines) to every connection.
    pub fn frame(&self, text: &str) {
        self.to_all(|| Out::Frame(Message::text(text)));
    }

    /// `count` messages whose JSON frames are about 900 bytes long, numbered from 0, at `per_second` (0: as fast as they
    /// are taken). Waits for slow connections instead of losing anything.
    pub async fn flood(&self, channel: &str, count: u64, per_second: u32) {
        let start = Instant::now();
        for number in 0..count {
            if per_second > 0 {
                let due = start + Duration::from_secs_f64(number as f64 / f64::from(per_second));
                tokio::time::sleep_until(due.into()).await;
            }
            let message = chatter::flood_message(number);
            let (line, outs) = self.shared.change(|state| (state.line(channel, &message).0, state.outs(channel)));
            for out in outs {
                // An error means that this connection has gone meanwhile.
                let _ = out.send(Out::Line(line.clone())).await;
            }
        }
    }

    /// A recorded line: sent to everybody in `channel`, with the recorded channel replaced by it. Gives whether the line
    /// belongs to a channel at all.
    pub async fn replay(&self, channel: &str, line: &str) -> bool {
        let Some(line) = state::readdress(line, channel) else { return false };
        for out in self.shared.change(|state| state.outs(channel)) {
            // An error means that this connection has gone meanwhile.
            let _ = out.send(Out::Line(line.clone())).await;
        }
        true
    }

    // What was seen.

    /// How many connections are open and have said who they are.
    pub fn connections(&self) -> usize {
        self.shared.look(|state| state.connections.values().filter(|connection| !connection.nick.is_empty()).count())
    }

    /// How many connections there ever were.
    pub fn connections_made(&self) -> u64 {
        self.shared.look(|state| state.made)
    }

    /// How many connections have joined `channel`.
    pub fn joined(&self, channel: &str) -> usize {
        self.shared
            .look(|state| state.connections.values().filter(|connection| connection.joined.contains(channel)).count())
    }

    /// How many channels each open connection has joined.
    pub fn loads(&self) -> Vec<usize> {
        self.shared.look(|state| state.connections.values().map(|connection| connection.joined.len()).collect())
    }

    /// Every line that was ever received.
    pub fn received(&self) -> Vec<Received> {
        self.shared.look(|state| state.received.clone())
    }

    /// Every channel of every JOIN, in order: what Twitch counts against the limit.
    pub fn joins(&self) -> Vec<Join> {
        self.shared.look(|state| state.joins.clone())
    }

    /// Lines that were not sent because a connection did not take them.
    pub fn lost(&self) -> u64 {
        self.shared.look(|state| state.connections.values().map(|connection| connection.lost).sum())
    }

    /// Waits until `condition` holds. Panics after 30 s, so that a test says where it hangs.
    pub async fn until(&self, what: &str, condition: impl Fn(&Self) -> bool) {
        shared::until(self.shared.changes(), what, || condition(self)).await;
    }

    // Misbehaviour. Acts on the connections that are open at the moment.

    /// Closes politely.
    pub fn close(&self) {
        self.to_all(|| Out::Close);
    }

    /// Drops the TCP connections with a reset.
    pub fn reset(&self) {
        self.to_all(|| Out::Reset);
    }

    /// Neither reads nor writes any more, and closes nothing: a half-open connection.
    pub fn hang(&self) {
        self.to_all(|| Out::Hang);
        // What is said from now on must not count as given.
        self.shared.change(|state| {
            for connection in state.connections.values_mut() {
                connection.joined.clear();
            }
        });
    }

    /// Sends `RECONNECT` and goes on until the client closes.
    pub fn reconnect(&self) {
        self.broadcast(":tmi.twitch.tv RECONNECT");
    }

    /// Everything that must not disturb a reader, short of breaking the WebSocket protocol: see [`GARBAGE`].
    pub fn garbage(&self) {
        for line in GARBAGE {
            self.broadcast(line);
        }
        for frame in ["", "\r\n", "\n\n\r\n", "@id=1;room-id=2", " :tmi.twitch.tv UNHEARD #of :split\r\n", "PING\r\n"] {
            self.frame(frame);
        }
        for bytes in [&b"\xff\xfe\x00\x80"[..], b"", b"\x00\x01\x02\r\n\xc3\x28\r\n"] {
            self.to_all(|| Out::Frame(Message::binary(bytes.to_vec())));
        }
    }

    /// A text frame that is no UTF-8. The WebSocket protocol wants the client to give the connection up.
    pub fn invalid_text_frame(&self) {
        self.to_all(|| Out::RawTextFrame(b"\xff\xfe\xfd".to_vec()));
    }

    /// Refuses connections (`true`), or takes them again. Open ones stay.
    pub async fn refuse(&self, refuse: bool) {
        self.listening.send_replace(!refuse);
        // The listener is closed by its task: wait until it is.
        let mut changes = self.shared.changes();
        while self.shared.look(|state| state.refusing) != refuse {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Answers the WebSocket handshake with this HTTP status (503 …), or properly again.
    pub fn answer_http(&self, status: Option<u16>) {
        self.shared.change(|state| state.http_status = status);
    }

    /// Takes new TCP connections but never answers the handshake.
    pub fn stall_handshakes(&self, stall: bool) {
        self.shared.change(|state| state.stall_handshakes = stall);
    }

    /// Answers a JOIN only after this time.
    pub fn slow_join(&self, delay: Duration) {
        self.shared.change(|state| state.slow_join = delay);
    }

    /// Ignores the next `count` channels that are joined: what Twitch does above its limit.
    pub fn ignore_joins(&self, count: usize) {
        self.shared.change(|state| state.ignore_joins = count);
    }

    /// Sends neither the welcome nor the states of rooms: a server that speaks only half of the protocol.
    pub fn terse(&self) {
        self.shared.change(|state| state.terse = true);
    }

    /// Sends everything late by this time.
    pub fn delay(&self, delay: Duration) {
        self.shared.change(|state| state.delay = delay);
    }

    /// After a JOIN, sends the last `count` messages of that channel again: duplicates.
    pub fn replay_after_rejoin(&self, count: usize) {
        self.shared.change(|state| state.replay_after_rejoin = count);
    }

    /// Times of messages come from the clock of this machine instead of a counter, and ids differ from run to run.
    pub fn use_clock(&self) {
        self.shared.change(state::State::use_clock);
    }

    /// Ends everything and waits for it.
    pub async fn stop(self) {
        self.cancel.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }

    fn to_all(&self, mut out: impl FnMut() -> Out) {
        self.shared.change(|state| {
            for connection in state.connections.values_mut() {
                connection.send(out());
            }
        });
    }
}

/// Lines that are broken, unknown or incomplete.
pub const GARBAGE: &[&str] = &[
    "PING",
    "PONG",
    ":",
    "@",
    "@;;;=;= ",
    " ",
    ":tmi.twitch.tv",
    "@a=b :tmi.twitch.tv",
    "PRIVMSG",
    "PRIVMSG #",
    ":x!x@x.tmi.twitch.tv PRIVMSG #nowhere",
    ":x!x@x.tmi.twitch.tv PRIVMSG #nowhere :",
    ":x!x@x.tmi.twitch.tv PRIVMSG :no channel",
    "@emotes=25:0-99999999999999999999;id= :x!x@x PRIVMSG #nowhere :Kappa",
    ":tmi.twitch.tv NOTICE",
    ":tmi.twitch.tv NOTICE * :something odd",
    ":tmi.twitch.tv ROOMSTATE",
    ":tmi.twitch.tv ROOMSTATE #nowhere",
    ":tmi.twitch.tv CAP",
    ":tmi.twitch.tv CAP * LS :unheard.of/capability",
    ":tmi.twitch.tv 421 you WHATEVER :Unknown command",
    ":tmi.twitch.tv 999 you :an unknown numeric",
    ":tmi.twitch.tv HOSTTARGET #nowhere :- 0",
    ":tmi.twitch.tv FROBNICATE #nowhere :<script>alert(1)</script>",
    "\u{0}\u{1}\u{2}\u{202e}",
    "@room-id=1 :tmi.twitch.tv USERNOTICE #nowhere",
    ":tmi.twitch.tv CLEARCHAT",
    ":tmi.twitch.tv CLEARMSG #nowhere",
];
