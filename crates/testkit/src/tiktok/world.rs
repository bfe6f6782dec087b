//! What there is: channels, their broadcasts, and the sockets that listen to them.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc;

use super::channel::Channel;
use super::fault::{Endpoint, Fault};
use super::frame::Base;
use super::id::{self, clean, message_id};
use super::log::Log;
use super::message::{Around, TkMessage};
use super::person::Person;
use super::player::Player;
use crate::faults::Faults;

/// Channels that can be there.
const MAX_CHANNELS: usize = 10_000;

/// Chat messages of a broadcast that those who join can get.
const MAX_BACKLOG: usize = 50;

/// Messages of a broadcast that can be pinned or repeated.
const MAX_KEPT: usize = 500;

/// What can wait for one socket.
pub(super) const OUT_QUEUE: usize = 8_192;

/// What goes through a socket.
#[derive(Debug, Clone)]
pub(super) enum Out {
    /// Messages, in one frame.
    Batch(Arc<Vec<Base>>),
    /// A frame of a kind, with a payload as it is.
    Frame(String, Vec<u8>),
    /// Bytes as they are.
    Raw(Vec<u8>),
    /// A text, which TikTok never sends.
    Text(String),
    /// A ping of the socket.
    Ping,
    /// A `close` frame.
    CloseFrame(String),
    /// The socket closes in order.
    Close(u16, String),
    /// The socket is gone.
    Drop,
}

/// A socket that is open.
#[derive(Debug)]
pub(super) struct Listener {
    /// The room that was entered; 0: none yet.
    pub(super) room: u64,
    pub(super) ttwid: String,
    pub(super) out: mpsc::Sender<Out>,
}

/// A broadcast.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) channel: String,
    pub(super) alive: bool,
    /// Nothing comes out of it.
    pub(super) silent: bool,
    pub(super) backlog: VecDeque<Base>,
    pub(super) kept: VecDeque<Base>,
    /// The pin, and what is pinned.
    pub(super) pin: Option<(Base, Base)>,
}

/// How often frames are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Every second frame, for those who can unpack.
    Alternately,
    /// Every frame.
    Always,
    /// No frame.
    Never,
}

/// Everything behind the lock.
#[derive(Debug)]
pub(super) struct World {
    pub(super) channels: BTreeMap<String, Channel>,
    pub(super) rooms: BTreeMap<u64, Room>,
    pub(super) listeners: BTreeMap<u64, Listener>,
    pub(super) faults: Faults<Endpoint, Fault>,
    pub(super) log: Log,
    pub(super) short_links: BTreeMap<String, String>,
    /// Visitors whose sockets are refused.
    pub(super) blocked: HashSet<String>,
    /// Which answers give a visitor's cookie.
    pub(super) cookies_from: HashSet<Endpoint>,
    /// Every so many-th answer of `/` does.
    pub(super) home_cookie_every: u64,
    /// The sign server's key; `None`: anybody may ask.
    pub(super) sign_key: Option<String>,
    /// The tokens that the sign server gave out and nobody used.
    pub(super) signed: HashSet<String>,
    pub(super) signature_needed: bool,
    pub(super) heartbeat_timeout: Duration,
    pub(super) ack_every: u64,
    pub(super) packing: Packing,
    /// The backlog stands in the answer to entering, not in a message after it.
    pub(super) history_in_answer: bool,
    /// Nobody gets an answer to entering; messages come all the same.
    pub(super) no_answer: bool,
    /// How the live page has its socket, if it has one.
    pub(super) player: Option<Player>,
    /// A script that the live page runs besides.
    pub(super) tries: String,
    numbers: u32,
    last_ms: u64,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            channels: BTreeMap::new(),
            rooms: BTreeMap::new(),
            listeners: BTreeMap::new(),
            faults: Faults::default(),
            log: Log::default(),
            short_links: BTreeMap::new(),
            blocked: HashSet::new(),
            cookies_from: [
                Endpoint::LiveHome,
                Endpoint::Home,
                Endpoint::LivePage,
                Endpoint::ProfilePage,
                Endpoint::Register,
            ]
            .into(),
            home_cookie_every: 2,
            sign_key: None,
            signed: HashSet::new(),
            signature_needed: false,
            heartbeat_timeout: Duration::from_secs(15),
            ack_every: 3,
            packing: Packing::Alternately,
            history_in_answer: false,
            no_answer: false,
            player: None,
            tries: String::new(),
            numbers: 0,
            last_ms: 0,
        }
    }

    /// The servers' clock, in milliseconds. Never the same twice.
    pub(super) fn now_ms(&mut self) -> u64 {
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        self.last_ms = clock.max(self.last_ms + 1);
        self.last_ms
    }

    pub(super) fn next_number(&mut self) -> u32 {
        self.numbers = self.numbers.wrapping_add(1);
        self.numbers
    }

    /// The channel with this name, made if there was none.
    pub(super) fn channel(&mut self, name: &str) -> &mut Channel {
        let name = clean(name);
        assert!(self.channels.len() < MAX_CHANNELS, "so many channels were not thought of");
        self.channels.entry(name.clone()).or_insert_with(|| Channel::new(&name))
    }

    /// The channel with this name, if there is one.
    pub(super) fn known(&self, name: &str) -> Option<&Channel> {
        self.channels.get(&clean(name))
    }

    /// The last chat messages of a room, marked as old.
    pub(super) fn backlog(&self, room: u64, most: usize) -> Vec<Base> {
        let Some(room) = self.rooms.get(&room) else { return Vec::new() };
        let old = room.backlog.iter().skip(room.backlog.len().saturating_sub(most));
        old.map(|base| Base { is_history: true, ..base.clone() }).collect()
    }

    /// A broadcast of a channel begins. Gives its room id.
    pub(super) fn open_room(&mut self, name: &str) -> u64 {
        let now_s = self.now_ms() / 1_000;
        let channel = self.channel(name);
        let room = id::room_id(&channel.username, channel.broadcasts);
        channel.broadcasts += 1;
        channel.room_id = room;
        channel.status = 2;
        channel.started_s = now_s;
        channel.likes = 0;
        let room_of = Room {
            channel: channel.username.clone(),
            alive: true,
            silent: false,
            backlog: VecDeque::new(),
            kept: VecDeque::new(),
            pin: None,
        };
        self.rooms.insert(room, room_of);
        room
    }

    /// The current broadcast of a channel ends; its room id stays.
    pub(super) fn close_room(&mut self, name: &str) {
        let channel = self.channel(name);
        channel.status = 4;
        let room = channel.room_id;
        if let Some(room) = self.rooms.get_mut(&room) {
            room.alive = false;
        }
    }

    /// What a message would be in the room of a channel.
    pub(super) fn write(&mut self, name: &str, message: &TkMessage) -> Base {
        let now_ms = self.now_ms();
        let number = self.next_number();
        let channel = self.channel(name);
        let id = message.wanted_id().unwrap_or_else(|| message_id(now_ms / 1_000, number));
        let owner = Person::new(&channel.username).nickname(&channel.nickname);
        let (method, payload) = message.write(&Around { id, room: channel.room_id, now_ms, owner });
        Base { method, payload, id, is_history: false }
    }

    /// Messages come out of the room of a channel, all in one frame.
    pub(super) fn publish(&mut self, name: &str, messages: Vec<Base>) {
        let room_id = self.channel(name).room_id;
        let Some(room) = self.rooms.get_mut(&room_id) else { panic!("{name} was never live") };
        for base in &messages {
            keep(&mut room.kept, base, MAX_KEPT);
            if base.method == "WebcastChatMessage" {
                keep(&mut room.backlog, base, MAX_BACKLOG);
            }
        }
        if !room.silent {
            self.tell(room_id, &Out::Batch(Arc::new(messages)));
        }
    }

    /// To everybody who has entered a room.
    pub(super) fn tell(&self, room: u64, out: &Out) {
        let listeners = self.listeners.values().filter(|listener| listener.room == room);
        for listener in listeners {
            // Whoever reads as slowly as that has lost it.
            let _ = listener.out.try_send(out.clone());
        }
    }

    /// Whether another socket of the same visitor has entered the room.
    pub(super) fn has_rival(&self, number: u64, room: u64, ttwid: &str) -> bool {
        self.listeners
            .iter()
            .any(|(other, listener)| *other != number && listener.room == room && listener.ttwid == ttwid)
    }
}

fn keep(list: &mut VecDeque<Base>, base: &Base, most: usize) {
    if list.len() == most {
        list.pop_front();
    }
    list.push_back(base.clone());
}
