//! What Twitch tells besides IRC, without keys: who a channel is, badges, cheermotes, avatars, viewers, and the events
//! of Hermes. The façade that the connection part uses.
//!
//! All of it is optional. Nothing here makes chat wait or stop: [`Side::lookups`] reads a snapshot, events go out with
//! `try_send`, [`Side::resolve`] and [`Side::recent`] end in a bounded time, whatever the services do.

mod disk;
mod resolve;
mod rooms;
mod tables;
mod worker;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use self::disk::Disk;
use self::rooms::Rooms;
use self::tables::Tables;
use super::TwitchConfig;
use super::catalog::{Lookups, People};
use super::gql::Gql;
use super::hermes::{Hermes, HermesTimings};
use super::recent;
use super::topics::TOPICS;
use crate::Outlet;
use crate::http::{Http, base};

pub(crate) use super::resolution::{ChannelInfo, Resolution};

/// How long things take and may take. Tests make them shorter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timings {
    /// For the answer to a batch or to a list of badges.
    pub(crate) request: Duration,
    /// What GraphQL, IVR and `DecAPI` have to say who a channel is: 8 s in all.
    pub(crate) resolve: [Duration; 3],
    /// How long a resolved channel is remembered.
    pub(crate) resolved: Duration,
    /// Between two batches of background needs.
    pub(crate) batch_gap: Duration,
    /// Between two looks at the viewers of a room.
    pub(crate) poll: Duration,
    /// How old badges and cheermotes may become.
    pub(crate) pictures: Duration,
    /// The first pause after badges could not be had; it doubles up to an hour.
    pub(crate) retry: Duration,
    /// How long a push is believed against a poll: GraphQL answers from a cache.
    pub(crate) settle: Duration,
    pub(crate) hermes: HermesTimings,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(5),
            resolve: [Duration::from_secs(4), Duration::from_secs(2), Duration::from_secs(2)],
            resolved: Duration::from_secs(5),
            batch_gap: Duration::from_secs(5),
            poll: Duration::from_secs(45),
            pictures: Duration::from_secs(24 * 3600),
            retry: Duration::from_secs(60),
            settle: Duration::from_secs(180),
            hermes: HermesTimings::default(),
        }
    }
}

/// Requests for recent messages at the same time. The others wait within their own time.
const RECENT_AT_ONCE: usize = 4;

/// Everything beside the chat, for all rooms.
pub(crate) struct Side {
    http: Arc<Http>,
    gql: Option<Gql>,
    ivr: Option<Url>,
    decapi: Option<Url>,
    recent: Option<Url>,
    recent_at_once: Semaphore,
    hermes: Option<Hermes>,
    disk: Option<Disk>,
    timings: Timings,
    tasks: TaskTracker,
    cancel: CancellationToken,
    me: Weak<Self>,

    people: Arc<People>,
    tables: ArcSwap<Tables>,
    rooms: Mutex<Rooms>,
    resolving: resolve::Resolving,
    /// Something became needed.
    wake: Notify,
    working: AtomicBool,
}

impl Side {
    /// Asks nobody yet. What it starts later runs on `tasks` and ends with `cancel`.
    pub(crate) fn new(config: &TwitchConfig, tasks: TaskTracker, cancel: CancellationToken) -> Arc<Self> {
        Self::with_timings(config, Timings::default(), tasks, cancel)
    }

    /// The same with other timings, for tests.
    pub(crate) fn with_timings(
        config: &TwitchConfig,
        timings: Timings,
        tasks: TaskTracker,
        cancel: CancellationToken,
    ) -> Arc<Self> {
        const WEB: &[&str] = &["https", "http"];
        let http = Arc::new(Http::default());
        let address = |text: &Option<String>| text.as_ref().and_then(|text| base(text, WEB));
        let gql = address(&config.gql_url).map(|url| Gql::new(Arc::clone(&http), url, config.client_ids.clone()));
        Arc::new_cyclic(|me: &Weak<Self>| {
            let hermes = config.hermes_url.as_ref().and_then(|text| base(text, &["wss", "ws"])).map(|url| {
                let side = me.clone();
                let deliver = move |topic: &str, json: &str| {
                    if let Some(side) = side.upgrade() {
                        side.pushed(topic, json);
                    }
                };
                let ids = config.client_ids.clone();
                Hermes::new(url, ids, timings.hermes, tasks.clone(), cancel.clone(), Box::new(deliver))
            });
            Self {
                gql,
                ivr: address(&config.ivr_url),
                decapi: address(&config.decapi_url),
                recent: address(&config.recent_messages_url),
                recent_at_once: Semaphore::new(RECENT_AT_ONCE),
                hermes,
                disk: config.cache_dir.clone().map(Disk::new),
                timings,
                tasks,
                cancel,
                me: me.clone(),
                people: Arc::default(),
                tables: ArcSwap::default(),
                rooms: Mutex::default(),
                resolving: resolve::Resolving::default(),
                wake: Notify::new(),
                working: AtomicBool::new(false),
                http,
            }
        })
    }

    /// What is known of a room now. Waits for nothing: an empty table is a table that has not come yet.
    pub(crate) fn lookups(&self, room_id: &str) -> Lookups {
        let tables = self.tables.load();
        let room = tables.rooms.get(room_id);
        Lookups {
            global_badges: Arc::clone(&tables.global_badges),
            channel_badges: room.map(|r| Arc::clone(&r.badges)).unwrap_or_default(),
            cheermotes: Arc::clone(room.map_or(&tables.cheermotes, |r| &r.cheermotes)),
            people: Arc::clone(&self.people),
            ..Lookups::default()
        }
    }

    /// Begins to fetch and to listen for a room. Viewers, events and changes of `live` go to `out` until the guard drops;
    /// what does not fit into `out` is dropped and counted.
    pub(crate) fn open_room(self: &Arc<Self>, login: &str, room_id: Arc<str>, out: Outlet) -> RoomGuard {
        let known = self.resolving.recent(login).filter(|info| info.id == room_id);
        // Hermes and the tables change only while the rooms are locked: a room that closes cannot undo one that opens.
        let mut rooms = self.rooms();
        let (listener, first) = rooms.open(login, &room_id, out, known.map(|info| info.broadcast));
        if first {
            if let Some(hermes) = &self.hermes {
                hermes.add(TOPICS.map(|topic| format!("{topic}.{room_id}")));
            }
            let mut tables = Tables::clone(&self.tables.load());
            let cheermotes = Arc::clone(&tables.cheermotes);
            let room = tables::RoomTables { cheermotes, ..tables::RoomTables::default() };
            tables.rooms.insert(Arc::clone(&room_id), room);
            self.tables.store(Arc::new(tables));
        }
        drop(rooms);
        if first {
            self.start(&room_id);
        }
        RoomGuard { side: Arc::clone(self), room_id, listener }
    }

    /// The last raw lines of a channel, oldest first; only those after `after_ms` (Unix milliseconds) if given. Empty if
    /// no service is set, and after 5 s at the latest.
    pub(crate) async fn recent(&self, login: &str, after_ms: Option<i64>, limit: u32) -> Vec<String> {
        let Some(base) = &self.recent else { return Vec::new() };
        let fetching = async {
            let _permit = self.recent_at_once.acquire().await.ok()?;
            Some(recent::fetch(&self.http, base, login, after_ms, limit).await)
        };
        tokio::time::timeout(recent::TIMEOUT, fetching).await.ok().flatten().unwrap_or_default()
    }

    fn rooms(&self) -> std::sync::MutexGuard<'_, Rooms> {
        // Rooms are consistent between any two statements that can panic.
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the background work with the first room, so that `new` needs no runtime.
    fn start(&self, room_id: &Arc<str>) {
        if self.gql.is_none() && self.ivr.is_none() && self.disk.is_none() {
            return;
        }
        let Some(me) = self.me.upgrade() else { return };
        if !self.working.swap(true, Ordering::AcqRel) {
            let side = Arc::clone(&me);
            self.tasks.spawn(async move {
                let _ended = side.cancel.run_until_cancelled(worker::run(&side)).await;
            });
        }
        let room_id = Arc::clone(room_id);
        self.tasks.spawn(async move {
            let _ended = me.cancel.run_until_cancelled(worker::load(&me, Some(room_id))).await;
        });
    }

    fn close(&self, room_id: &Arc<str>, listener: u64) {
        let mut rooms = self.rooms();
        if !rooms.close(room_id, listener) {
            return;
        }
        if let Some(hermes) = &self.hermes {
            let topics = TOPICS.map(|topic| format!("{topic}.{room_id}"));
            hermes.remove(topics.iter().map(String::as_str));
        }
        let mut tables = Tables::clone(&self.tables.load());
        tables.rooms.remove(room_id);
        self.tables.store(Arc::new(tables));
    }
}

/// Keeps a room open. Dropping it ends what it started.
pub(crate) struct RoomGuard {
    side: Arc<Side>,
    room_id: Arc<str>,
    listener: u64,
}

impl RoomGuard {
    /// Whether the channel broadcasts, as far as is known.
    pub(crate) fn live(&self) -> Option<bool> {
        self.side.rooms().live(&self.room_id)
    }

    /// Says whether chat is being read. While it is not, no `Started` is sent, since it would say so.
    pub(crate) fn reading(&self, reading: bool) {
        self.side.rooms().reading(&self.room_id, self.listener, reading);
    }
}

impl Drop for RoomGuard {
    fn drop(&mut self) {
        self.side.close(&self.room_id, self.listener);
    }
}

#[cfg(test)]
mod tests;
