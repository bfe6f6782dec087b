//! What the simulation knows: its connections, what they said, and how it has to misbehave.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::Message;

use super::SimMessage;
use super::message::id_of;

/// Lines that wait for one connection. Above it `say` loses the line and counts it; `flood` waits.
pub(super) const OUT_QUEUE: usize = 8192;

/// Messages of a channel that are kept to be sent again.
const HISTORY: usize = 200;

/// 2026-01-01T00:00:00Z: where the counter of times starts.
const START_MS: i64 = 1_767_225_600_000;

/// A line that the simulation received.
#[derive(Debug, Clone)]
pub struct Received {
    /// Counts connections from 1.
    pub connection: u64,
    /// When it came.
    pub at: Instant,
    /// The line without its end.
    pub line: String,
}

/// One channel of a received JOIN.
#[derive(Debug, Clone)]
pub struct Join {
    /// Counts connections from 1.
    pub connection: u64,
    /// When it came.
    pub at: Instant,
    /// The channel as it was written, without `#`.
    pub login: String,
}

/// What a connection's task has to do.
#[derive(Debug)]
pub(super) enum Out {
    Line(String),
    Frame(Message),
    RawTextFrame(Vec<u8>),
    Close,
    Reset,
    Hang,
}

#[derive(Debug)]
pub(super) struct Connection {
    /// Empty until NICK came.
    pub(super) nick: String,
    pub(super) joined: BTreeSet<String>,
    pub(super) out: mpsc::Sender<Out>,
    pub(super) lost: u64,
}

impl Connection {
    pub(super) fn send(&mut self, out: Out) {
        if self.out.try_send(out).is_err() {
            self.lost += 1;
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) connections: BTreeMap<u64, Connection>,
    pub(super) made: u64,
    pub(super) received: Vec<Received>,
    pub(super) joins: Vec<Join>,
    /// `None`: every channel exists.
    pub(super) known: Option<BTreeSet<String>>,
    pub(super) suspended: BTreeSet<String>,
    pub(super) refusing: bool,
    pub(super) http_status: Option<u16>,
    pub(super) stall_handshakes: bool,
    pub(super) slow_join: Duration,
    pub(super) ignore_joins: usize,
    pub(super) delay: Duration,
    pub(super) terse: bool,
    pub(super) replay_after_rejoin: usize,
    use_clock: bool,
    /// The first part of every id: 0 unless the clock is used.
    run: u32,
    history: HashMap<String, VecDeque<String>>,
    messages: u64,
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(START_MS, |since| since.as_millis() as i64)
}

impl State {
    /// The line of `message` with the next id and time.
    pub(super) fn line(&mut self, channel: &str, message: &SimMessage) -> (String, String) {
        self.messages += 1;
        let number = self.messages;
        let sent_at_ms = if self.use_clock { now_ms() } else { START_MS + number.cast_signed() };
        // With the clock, ids differ from those of the last run: a reader that saw that one would take them for repetitions.
        let run = self.run;
        message.line(channel, &format!("{run:08x}-0000-4000-8000-{number:012x}"), sent_at_ms)
    }

    /// Real times, and ids that no earlier run had.
    pub(super) fn use_clock(&mut self) {
        self.use_clock = true;
        self.run = (now_ms() / 100) as u32;
    }

    pub(super) fn remember(&mut self, channel: &str, line: &str) {
        let history = self.history.entry(channel.to_owned()).or_default();
        if history.len() == HISTORY {
            history.pop_front();
        }
        history.push_back(line.to_owned());
    }

    pub(super) fn deliver(&mut self, channel: &str, line: &str) {
        for connection in self.connections.values_mut().filter(|connection| connection.joined.contains(channel)) {
            connection.send(Out::Line(line.to_owned()));
        }
    }

    pub(super) fn outs(&self, channel: &str) -> Vec<mpsc::Sender<Out>> {
        let joined = |connection: &&Connection| connection.joined.contains(channel);
        self.connections.values().filter(joined).map(|connection| connection.out.clone()).collect()
    }

    /// Lets `connection` into `login`: the echo, the state of the room and, if asked for, old messages.
    pub(super) fn join(&mut self, connection: u64, login: &str) {
        let again = self.replay_after_rejoin;
        let old: Vec<String> = self
            .history
            .get(login)
            .map(|lines| lines.iter().skip(lines.len().saturating_sub(again)).cloned().collect())
            .unwrap_or_default();
        let Some(connection) = self.connections.get_mut(&connection) else { return };
        if !connection.joined.insert(login.to_owned()) {
            return; // Twitch says nothing about a second JOIN.
        }
        let nick = connection.nick.clone();
        connection.send(Out::Line(echo(&nick, "JOIN", login)));
        if !self.terse {
            connection.send(Out::Line(format!(
                "@emote-only=0;followers-only=-1;r9k=0;room-id={};slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE #{login}",
                id_of(login)
            )));
        }
        for line in old {
            connection.send(Out::Line(line));
        }
    }
}

/// The state behind a lock, and a signal for those who wait for a change of it.
#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

impl Default for Shared {
    fn default() -> Self {
        Self { state: Mutex::default(), changed: watch::Sender::new(0) }
    }
}

impl Shared {
    pub(super) fn look<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn change<T>(&self, write: impl FnOnce(&mut State) -> T) -> T {
        let result = write(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.send_modify(|version| *version += 1);
        result
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

/// Twitch's repetition of what a client did: `JOIN` or `PART` of its own nick.
pub(super) fn echo(nick: &str, command: &str, login: &str) -> String {
    format!(":{nick}!{nick}@{nick}.tmi.twitch.tv {command} #{login}")
}

pub(super) fn suspended_notice(login: &str) -> String {
    format!(
        "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #{login} :This channel does not exist or has been suspended."
    )
}

/// A recorded line with another channel; `None` for lines that belong to no channel.
pub(super) fn readdress(line: &str, channel: &str) -> Option<String> {
    let line = line.trim_end_matches(['\r', '\n']);
    // The channel is the first parameter: after the tags, the prefix and the command, none of which contains " #".
    let after_tags = if line.starts_with('@') { line.find(' ')? } else { 0 };
    let hash = after_tags + line[after_tags..].find(" #")? + 2;
    let words_before = line[after_tags..hash - 2].split_ascii_whitespace().count();
    let has_prefix = line[after_tags..].trim_start().starts_with(':');
    if words_before != 1 + usize::from(has_prefix) {
        return None;
    }
    let end = line[hash..].find(' ').map_or(line.len(), |length| hash + length);
    Some(format!("{}{channel}{}", &line[..hash], &line[end..]))
}

#[cfg(test)]
mod tests {
    use super::readdress;

    #[test]
    fn a_recorded_line_gets_another_channel() {
        let cases = [
            ("@a=b;c= :x!x@x PRIVMSG #old :see #old", Some("@a=b;c= :x!x@x PRIVMSG #new :see #old")),
            (":tmi.twitch.tv CLEARCHAT #old", Some(":tmi.twitch.tv CLEARCHAT #new")),
            ("ROOMSTATE #old", Some("ROOMSTATE #new")),
            (":tmi.twitch.tv NOTICE * :see #old", None),
            ("PING :tmi.twitch.tv", None),
        ];
        for (line, expected) in cases {
            assert_eq!(readdress(line, "new").as_deref(), expected, "{line}");
        }
    }
}
