//! Which channels are open, and who reads them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use polychat_model::command::CommandError;
use polychat_model::{ChannelKey, ErrorCode, IdentifierType, Platform, StorageType};
use polychat_platforms::{Connector, Reader};
use polychat_store::{History, Store};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, error, info, info_span};

use crate::channel::{self, End};
use crate::commands::answer::not_found;
use crate::delivery::{Parcel, Profile};
use crate::emotes::{Emotes, EmotesConfig};
use crate::featuring::{Featuring, Item, Standing};
use crate::room::{Attach, NotAttached, Room, Subscription, Upstream, Viewer};
use crate::stats;

/// Bounds of a hub.
#[derive(Debug, Clone, Copy)]
pub struct HubLimits {
    /// How many channels may be open at once.
    pub channels: usize,
}

impl Default for HubLimits {
    fn default() -> Self {
        // Chosen by hand: 25 Twitch connections of 80 channels; far more than a streamer needs.
        Self { channels: 2_000 }
    }
}

/// All open channels. A cheap handle: clones are the same hub.
#[derive(Clone)]
pub struct Hub {
    inner: Arc<Inner>,
}

struct Inner {
    connectors: HashMap<Platform, Arc<dyn Connector>>,
    rooms: Mutex<HashMap<ChannelKey, Arc<Room>>>,
    limits: HubLimits,
    emotes: Emotes,
    /// Where statistics are kept; without it nothing is counted.
    store: Option<Store>,
    /// Where what happens is kept; without it nothing is.
    history: Option<History>,
    featuring: Arc<Featuring>,
    tasks: TaskTracker,
    cancel: CancellationToken,
    dropped: AtomicU64,
}

/// A request to watch a channel.
pub struct Join {
    /// Made by [`Hub::key`].
    pub key: ChannelKey,
    /// Who watches.
    pub viewer: Arc<dyn Viewer>,
    /// Which frames, in which form.
    pub profile: Profile,
    /// Whether to wait for a channel that is not live.
    pub wait: bool,
    /// How many recent chat messages come first.
    pub backlog: u32,
    /// The last number seen.
    pub since: Option<u64>,
    /// The answer to the request: the first frame that the viewer gets.
    pub ack: Parcel,
}

/// Why a channel is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Refused {
    /// For programs.
    pub code: ErrorCode,
    /// One sentence for people.
    pub text: String,
}

/// How one channel does.
#[derive(Debug, Clone)]
pub struct ChannelHealth {
    /// The channel.
    pub key: ChannelKey,
    /// `connecting`, `started`, `reconnecting` or `waiting`.
    pub state: &'static str,
    /// Why it is reconnecting or waiting.
    pub cause: Option<String>,
    /// Whether the channel broadcasts, if known.
    pub live: Option<bool>,
    /// Subscriptions.
    pub viewers: usize,
    /// Events told since the channel was opened.
    pub events: u64,
    /// Repetitions and removed messages that were not told.
    pub repeated: u64,
    /// Frames given to viewers.
    pub deliveries: u64,
    /// How often the platform was lost.
    pub retries: u64,
    /// Unix milliseconds of the last event, if there was one.
    pub last_event_at_ms: Option<u64>,
    /// Who reads it, where several programs share that.
    pub reader: Option<Reader>,
}

/// How the hub does.
#[derive(Debug, Clone)]
pub struct Health {
    /// Open channels, sorted.
    pub channels: Vec<ChannelHealth>,
    /// Frames that viewers missed because they read too slowly.
    pub dropped: u64,
}

impl Hub {
    /// A hub that reads with these connectors, one for each platform; it knows no third-party emotes and counts nothing.
    pub fn new(connectors: impl IntoIterator<Item = Arc<dyn Connector>>, limits: HubLimits) -> Self {
        Self::with(connectors, limits, Emotes::new(&EmotesConfig::off()), None, None)
    }

    /// The same with these emotes, with statistics that are kept in `store`, and with what happens in `history`.
    pub fn with(
        connectors: impl IntoIterator<Item = Arc<dyn Connector>>,
        limits: HubLimits,
        emotes: Emotes,
        store: Option<Store>,
        history: Option<History>,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                connectors: connectors.into_iter().map(|c| (c.platform(), c)).collect(),
                rooms: Mutex::default(),
                limits,
                emotes,
                store,
                history,
                featuring: Arc::new(Featuring::new()),
                tasks: TaskTracker::new(),
                cancel: CancellationToken::new(),
                dropped: AtomicU64::new(0),
            }),
        }
    }

    /// The platforms that this hub reads, in the usual order.
    pub fn platforms(&self) -> Vec<Platform> {
        Platform::ALL.into_iter().filter(|platform| self.inner.connectors.contains_key(platform)).collect()
    }

    /// The channel that somebody typed. Nothing is opened.
    ///
    /// # Errors
    /// `UNSUPPORTED_PLATFORM` or `INVALID_IDENTIFIER`, with a sentence for people.
    pub fn key(&self, platform: Platform, kind: IdentifierType, typed: &str) -> Result<ChannelKey, Refused> {
        let connector = self.inner.connectors.get(&platform).ok_or_else(|| Refused {
            code: ErrorCode::UnsupportedPlatform,
            text: format!("This program does not read {} yet.", platform.name()),
        })?;
        connector
            .key(kind, typed)
            .map_err(|invalid| Refused { code: ErrorCode::InvalidIdentifier, text: invalid.to_string() })
    }

    /// Watches a channel, and opens it if nobody does yet. The viewer gets its acknowledgement and the state of the
    /// channel before this returns.
    ///
    /// # Errors
    /// [`Refused`] when too many channels are open or the hub is stopping; then the viewer got nothing.
    pub fn join(&self, join: Join) -> Result<Subscription, Refused> {
        let Join { key, viewer, profile, wait, backlog, since, ack } = join;
        let attach = Attach { viewer, profile, wait, backlog, since, ack };
        loop {
            let room = self.room(&key)?;
            match room.attach(&attach) {
                Ok(subscription) => return Ok(subscription),
                // It ended between the two lines above and is about to leave the map.
                Err(NotAttached::Over) => self.remove(&room),
            }
        }
    }

    /// Where statistics are kept; `None` when nothing is counted.
    pub fn storage_type(&self) -> Option<StorageType> {
        self.inner.store.as_ref().map(Store::kind)
    }

    /// Why statistics cannot be kept at present, in words; `None` when all is well.
    pub fn storage_problem(&self) -> Option<String> {
        self.inner.store.as_ref().and_then(Store::problem)
    }

    /// What happened, as far as it is kept.
    pub fn history(&self) -> Option<&History> {
        self.inner.history.as_ref()
    }

    /// What stands on overlays besides the chat.
    pub(crate) fn featuring(&self) -> &Arc<Featuring> {
        &self.inner.featuring
    }

    /// Takes down featured messages whose time is over, until the hub stops.
    pub(crate) fn keep_featuring(&self) {
        let (featuring, cancel) = (self.inner.featuring.clone(), self.inner.cancel.clone());
        self.inner.tasks.spawn(async move {
            cancel.run_until_cancelled(featuring.keep()).await;
        });
    }

    /// Does something with a message that a page names, so that no moderator's word about it is missed: the channel's own
    /// copy counts if there is one.
    ///
    /// # Errors
    /// In words: its chat is not read, or it was taken away.
    pub(crate) fn feature<T>(
        &self,
        mut item: Item,
        work: impl FnOnce(Item) -> Result<T, CommandError>,
    ) -> Result<T, CommandError> {
        let unheard =
            || not_found("That chat is not read any more, so nobody would hear if the message is deleted.".to_owned());
        let mut rooms: Vec<Arc<Room>> =
            self.rooms().values().filter(|room| room.key.platform == item.platform()).cloned().collect();
        let home = rooms.iter().position(|room| *room.key.identifier == *item.identifier()).ok_or_else(unheard)?;
        let home = rooms.swap_remove(home);
        for room in &rooms {
            // A shared chat tells it in several rooms, and may take it away in any of them.
            room.add_place(&mut item);
        }
        let done = home.with_message(item, |mut item, standing| match standing {
            Standing::Gone => Err(not_found("Moderators have taken that message away.".to_owned())),
            Standing::Here(delivery) => {
                item.told_in(&home.key, delivery);
                work(item)
            }
            Standing::Unknown => {
                let message_id = item.message_id().map(str::to_owned);
                item.also_in(&home.key, message_id.as_deref());
                work(item)
            }
        });
        done.unwrap_or_else(|| Err(unheard()))
    }

    /// Counts frames that viewers missed.
    pub fn count_dropped(&self, frames: u64) {
        self.inner.dropped.fetch_add(frames, Ordering::Relaxed);
    }

    /// How everything does.
    pub fn health(&self) -> Health {
        let rooms: Vec<_> = self.rooms().values().cloned().collect();
        let mut channels: Vec<_> = rooms
            .iter()
            .map(|room| {
                let upstream = room.upstream();
                let (cause, live) = match &upstream {
                    Upstream::Started(started) => (None, started.live),
                    Upstream::Reconnecting { cause, .. } => (Some(cause.clone()), None),
                    Upstream::Waiting(not_live) => (Some(not_live.text.clone()), Some(false)),
                    Upstream::Connecting => (None, None),
                };
                let counters = &room.counters;
                let last = counters.last_event_at_ms.load(Ordering::Relaxed);
                ChannelHealth {
                    key: room.key.clone(),
                    state: upstream.word(),
                    cause,
                    live,
                    viewers: room.viewers(),
                    events: counters.events.load(Ordering::Relaxed),
                    repeated: counters.repeated.load(Ordering::Relaxed),
                    deliveries: counters.deliveries.load(Ordering::Relaxed),
                    retries: counters.retries.load(Ordering::Relaxed),
                    last_event_at_ms: (last > 0).then_some(last),
                    reader: room.reader(),
                }
            })
            .collect();
        channels.sort_by(|a, b| a.key.cmp(&b.key));
        Health { channels, dropped: self.inner.dropped.load(Ordering::Relaxed) }
    }

    /// Ends every channel and waits for their tasks. Viewers are told nothing: their sockets are closed first.
    pub async fn shutdown(&self) {
        self.inner.cancel.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<ChannelKey, Arc<Room>>> {
        self.inner.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The open room, or a new one with its task.
    fn room(&self, key: &ChannelKey) -> Result<Arc<Room>, Refused> {
        let unavailable = |text: &str| Refused { code: ErrorCode::UpstreamUnavailable, text: text.to_owned() };
        if self.inner.cancel.is_cancelled() {
            return Err(unavailable("The program is stopping."));
        }
        let mut rooms = self.rooms();
        let open = rooms.len();
        match rooms.entry(key.clone()) {
            Entry::Occupied(entry) => Ok(entry.get().clone()),
            Entry::Vacant(_) if open >= self.inner.limits.channels => Err(Refused {
                code: ErrorCode::TooManySubscriptions,
                text: format!("This server reads {open} channels already, as many as it may."),
            }),
            Entry::Vacant(entry) => {
                let connector = self
                    .inner
                    .connectors
                    .get(&key.platform)
                    .ok_or_else(|| unavailable("This platform is not read."))?
                    .clone();
                let featuring = self.inner.featuring.clone();
                let room = entry
                    .insert(Room::new(key.clone(), self.inner.store.as_ref(), featuring, self.inner.history.clone()))
                    .clone();
                drop(rooms);
                self.open(room.clone(), connector);
                Ok(room)
            }
        }
    }

    fn open(&self, room: Arc<Room>, connector: Arc<dyn Connector>) {
        info!(channel = %room.key, "channel opened");
        let span = info_span!("channel", platform = %room.key.platform, id = %room.key.identifier);
        let hub = self.clone();
        let task = async move {
            // Told to the viewers if this task panics: the guard's drop runs then too.
            let failed = End::Told(ErrorCode::StreamEnded, "Reading this channel failed inside Polychat.".to_owned());
            let mut guard = Leave { hub: &hub, room: &room, end: failed };
            let emotes = hub.inner.emotes.open(&room.key, &hub.inner.tasks, &hub.inner.cancel);
            guard.end = tokio::select! {
                end = channel::run(&room, &connector, &emotes, &hub.inner.cancel, || hub.leave(&room)) => end,
                never = stats::keep(&room, hub.inner.store.as_ref()) => match never {},
            };
        };
        self.inner.tasks.spawn(task.instrument(span));
    }

    /// Gives the room up if nobody watches. Decided under the lock of the map, so that nobody slips in between.
    fn leave(&self, room: &Arc<Room>) -> bool {
        let mut rooms = self.rooms();
        let over = room.close_if_idle();
        if over && rooms.get(&room.key).is_some_and(|current| Arc::ptr_eq(current, room)) {
            self.save(room);
            rooms.remove(&room.key);
        }
        over
    }

    /// Takes this room out of the map, and no other that has its key by now (B17).
    fn remove(&self, room: &Arc<Room>) {
        let mut rooms = self.rooms();
        if rooms.get(&room.key).is_some_and(|current| Arc::ptr_eq(current, room)) {
            self.save(room);
            rooms.remove(&room.key);
        }
    }

    /// Hands over what was counted before the channel can be opened again. The caller holds the lock of the map.
    fn save(&self, room: &Room) {
        if let Some(store) = &self.inner.store {
            room.save_stats(store);
        }
    }
}

/// Takes a room out of the map when its task ends, however it ends, and only then tells its viewers.
struct Leave<'a> {
    hub: &'a Hub,
    room: &'a Arc<Room>,
    end: End,
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.hub.remove(self.room);
        match &self.end {
            End::Quiet => self.room.end(None),
            End::Told(code, text) => self.room.end(Some((*code, text))),
        }
        if std::thread::panicking() {
            error!(channel = %self.room.key, "the channel's task failed");
        }
    }
}
