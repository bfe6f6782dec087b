//! What the simulated providers know.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::sync::mpsc;

use super::SimEmote;

/// One of the services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EmoteService {
    /// 7TV's API.
    SevenTv,
    /// 7TV's live updates.
    SevenTvEvents,
    /// BTTV.
    Bttv,
    /// FrankerFaceZ.
    Ffz,
}

/// How a service fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmoteFault {
    /// With this status.
    Status(u16),
    /// It never answers.
    Hang,
    /// It answers late.
    Slow(Duration),
    /// It answers with half of an answer, and the connection is gone.
    Cut,
    /// It answers with something that is no JSON.
    Garbage,
    /// It answers with JSON of another shape.
    Odd,
    /// It answers with so many bytes.
    Huge(usize),
}

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(super) global: HashMap<EmoteService, Vec<SimEmote>>,
    /// BTTV and FrankerFaceZ: service, platform, id.
    pub(super) channels: HashMap<(EmoteService, String, String), Vec<SimEmote>>,
    /// 7TV: platform and id.
    pub(super) users: HashMap<(String, String), Channel>,
    pub(super) sets: HashMap<String, Vec<SimEmote>>,
    pub(super) embeds_sets: bool,
    pub(super) faults: HashMap<EmoteService, EmoteFault>,
    pub(super) counts: HashMap<EmoteService, u64>,
    pub(super) next: u64,
    pub(super) connections: HashMap<u64, Connection>,
}

/// A channel with a 7TV account.
#[derive(Debug)]
pub(super) struct Channel {
    pub(super) user: String,
    pub(super) set: String,
}

/// A connection to 7TV's events.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) out: mpsc::Sender<Out>,
    /// Kind and id.
    pub(super) topics: HashSet<(String, String)>,
}

impl Connection {
    pub(super) fn follows(&self, kind: &str, id: &str) -> bool {
        self.topics.contains(&(kind.to_owned(), id.to_owned()))
    }
}

/// What a connection has to send.
#[derive(Debug)]
pub(super) enum Out {
    Text(String),
    Close(u16),
    Cut,
}
