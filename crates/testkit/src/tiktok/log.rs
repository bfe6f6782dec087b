//! What clients did, for tests: requests, and what came through each socket.

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use super::fault::Endpoint;

/// Requests that are kept.
const MAX_LOGGED: usize = 2_000;

/// Sockets that are kept.
const MAX_SOCKETS: usize = 2_000;

/// Of each kind of entry of one socket, how many are kept.
const MAX_ENTRIES: usize = 20_000;

/// Bytes of a body that are kept.
pub(super) const MAX_BODY: usize = 16 * 1024;

/// A request that the simulation received.
#[derive(Debug, Clone)]
pub struct Logged {
    /// What it asked for.
    pub endpoint: Endpoint,
    /// When it came.
    pub at: Instant,
    /// `GET` or `POST`.
    pub method: String,
    /// With the query.
    pub path: String,
    /// The names in small letters.
    pub headers: Vec<(String, String)>,
    /// The first 16 KiB.
    pub body: String,
}

impl Logged {
    /// A header; `name` in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, decoded; the last one when there are several.
    pub fn query(&self, name: &str) -> Option<String> {
        let query = self.path.split_once('?')?.1;
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.filter(|(key, _)| key == name).last().map(|(_, value)| value.into_owned())
    }
}

/// An acknowledgement: wanted, or given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    /// The number of the frame that wanted it.
    pub log_id: u64,
    /// What the frame said has to be in it.
    pub internal_ext: String,
}

/// What a client sent to enter a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The room.
    pub room_id: u64,
    /// The client's own number for it.
    pub nonce: u64,
    /// 12.
    pub live_id: u64,
    /// `audience`.
    pub identity: String,
}

/// One socket, from the request for it to its end.
#[derive(Debug, Clone)]
pub struct Socket {
    /// From 1, in the order in which they were opened.
    pub number: u64,
    /// The request that opened it.
    pub request: Logged,
    /// The visitor's cookie, if there was one.
    pub ttwid: Option<String>,
    /// The room in the address.
    pub room_id: u64,
    /// Whether it is open.
    pub open: bool,
    /// Another socket of the same visitor was in the room: this one gets nothing.
    pub turned_away: bool,
    /// When heartbeats came, and for which room.
    pub heartbeats: Vec<(Instant, u64)>,
    /// When and how the rooms were entered.
    pub entered: Vec<Entered>,
    /// What the simulation wanted acknowledged.
    pub wanted: Vec<Ack>,
    /// What was acknowledged.
    pub acks: Vec<Ack>,
    /// Frames of kinds that nobody knows, or that could not be read, and messages that were no frames.
    pub strange: u64,
}

impl Socket {
    /// What was wanted and was not acknowledged (yet).
    pub fn missing_acks(&self) -> Vec<Ack> {
        self.wanted.iter().filter(|ack| !self.acks.contains(ack)).cloned().collect()
    }

    /// What was acknowledged and was not wanted, or not so.
    pub fn wrong_acks(&self) -> Vec<Ack> {
        self.acks.iter().filter(|ack| !self.wanted.contains(ack)).cloned().collect()
    }
}

/// Everything that clients did.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// The last 2,000 requests of all kinds, oldest first.
    pub requests: VecDeque<Logged>,
    /// The last 2,000 sockets, oldest first.
    pub sockets: VecDeque<Socket>,
    /// What the live page said when it was asked to try something, as JSON.
    pub told: Vec<String>,
    counts: HashMap<Endpoint, u64>,
    numbers: u64,
}

impl Log {
    /// How many requests of a kind there were.
    pub fn count(&self, endpoint: Endpoint) -> u64 {
        self.counts.get(&endpoint).copied().unwrap_or(0)
    }

    /// The requests of a kind that are kept, oldest first.
    pub fn of(&self, endpoint: Endpoint) -> Vec<&Logged> {
        self.requests.iter().filter(|request| request.endpoint == endpoint).collect()
    }

    pub(super) fn came(&mut self, request: Logged) {
        *self.counts.entry(request.endpoint).or_default() += 1;
        keep(&mut self.requests, request, MAX_LOGGED);
    }

    /// A socket opens. Gives its number.
    pub(super) fn opened(&mut self, request: Logged, ttwid: Option<String>, room_id: u64) -> u64 {
        self.numbers += 1;
        let socket = Socket {
            number: self.numbers,
            request,
            ttwid,
            room_id,
            open: true,
            turned_away: false,
            heartbeats: Vec::new(),
            entered: Vec::new(),
            wanted: Vec::new(),
            acks: Vec::new(),
            strange: 0,
        };
        keep(&mut self.sockets, socket, MAX_SOCKETS);
        self.numbers
    }

    pub(super) fn socket(&mut self, number: u64) -> Option<&mut Socket> {
        self.sockets.iter_mut().rev().find(|socket| socket.number == number)
    }
}

/// Adds to a list of one socket, unless it is very long.
pub(super) fn note<T>(list: &mut Vec<T>, entry: T) {
    if list.len() < MAX_ENTRIES {
        list.push(entry);
    }
}

fn keep<T>(list: &mut VecDeque<T>, entry: T, most: usize) {
    if list.len() == most {
        list.pop_front();
    }
    list.push_back(entry);
}
