//! 7TV's live updates: one socket for all channels.
//!
//! Who watches says which set and which user; the connection follows what is wanted. What was missed while it was lost is
//! told as [`Update::Stale`].

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rand::RngExt;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use super::EmotesTimings;
use super::seventv::{self, Update};

/// Largest frame that is read: many changes at once, a few KB each.
const FRAME_MAX_BYTES: usize = 1024 * 1024;
/// Subscriptions of the connection, where 7TV names no other number (it names 500). Two are one channel; the sets of
/// channels beyond that are fetched now and then.
const SUBSCRIPTIONS: usize = 500;
/// Updates that wait for one place. Chosen by hand: a channel's team changes a few emotes a minute.
const WAITING: usize = 64;
/// How long a connection and its first word may take.
const CONNECT: Duration = Duration::from_secs(10);
/// What is believed of the interval between heartbeats (25 to 45 s in reality).
const HEARTBEAT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(120));
/// So many intervals without a word are a dead connection, as 7TV says.
const SILENT: u32 = 3;
/// After how long a connection counts as well, and the pauses begin anew.
const HEALTHY: Duration = Duration::from_secs(60);
/// The pause after 7TV said that it is closed for maintenance (4007), or that it does not want what we say.
const LONG_PAUSE: Duration = Duration::from_secs(600);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The connection, and who watches what. A cheap handle.
#[derive(Clone)]
pub(super) struct Live {
    inner: Arc<Inner>,
}

struct Inner {
    url: Url,
    timings: EmotesTimings,
    watched: Mutex<Watched>,
    /// Something else is wanted.
    wake: Notify,
    working: AtomicBool,
}

#[derive(Default)]
struct Watched {
    next: u64,
    topics: HashMap<Topic, Vec<(u64, mpsc::Sender<Update>)>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Topic {
    /// `emote_set.update` or `user.update`.
    kind: &'static str,
    id: String,
}

impl Topic {
    fn of(set: Option<&str>, user: Option<&str>) -> Vec<Self> {
        let topic = |kind| move |id: &str| Self { kind, id: id.to_owned() };
        let (set, user) = (set.map(topic("emote_set.update")), user.map(topic("user.update")));
        set.into_iter().chain(user).collect()
    }

    fn frame(&self, op: u8) -> Message {
        let frame = json!({"op": op, "d": {"type": self.kind, "condition": {"object_id": self.id}}});
        Message::text(frame.to_string())
    }
}

/// Why a connection ended.
enum Loss {
    /// Connect again after the usual pause.
    Usual,
    /// Connect again after a long pause.
    Unwanted,
}

/// Somebody who watches. Dropping it ends that.
pub(super) struct Watch {
    inner: Arc<Inner>,
    number: u64,
    topics: Vec<Topic>,
    updates: mpsc::Receiver<Update>,
}

impl Watch {
    /// The next update.
    pub(super) async fn next(&mut self) -> Update {
        match self.updates.recv().await {
            Some(update) => update,
            // The other end is dropped with this one only.
            None => std::future::pending().await,
        }
    }

    /// Whether these are what it watches.
    pub(super) fn is_of(&self, set: Option<&str>, user: Option<&str>) -> bool {
        self.topics == Topic::of(set, user)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut watched = self.inner.watched();
        for topic in &self.topics {
            if let Some(watchers) = watched.topics.get_mut(topic) {
                watchers.retain(|(number, _)| *number != self.number);
                if watchers.is_empty() {
                    watched.topics.remove(topic);
                }
            }
        }
        drop(watched);
        self.inner.wake.notify_one();
    }
}

impl Live {
    pub(super) fn new(url: Url, timings: EmotesTimings) -> Self {
        let (wake, working) = (Notify::new(), AtomicBool::new(false));
        Self { inner: Arc::new(Inner { url, timings, watched: Mutex::default(), wake, working }) }
    }

    /// Connects as soon as somebody watches, until `cancel` fires; once.
    pub(super) fn start(&self, tasks: &TaskTracker, cancel: &CancellationToken) {
        if !self.inner.working.swap(true, Ordering::AcqRel) {
            let (inner, cancel) = (Arc::clone(&self.inner), cancel.clone());
            tasks.spawn(async move {
                let _ended = cancel.run_until_cancelled(inner.run()).await;
            });
        }
    }

    /// Watches a set and a user.
    pub(super) fn watch(&self, set: Option<&str>, user: Option<&str>) -> Watch {
        let (sender, updates) = mpsc::channel(WAITING);
        let topics = Topic::of(set, user);
        let mut watched = self.inner.watched();
        watched.next += 1;
        let number = watched.next;
        for topic in &topics {
            watched.topics.entry(topic.clone()).or_default().push((number, sender.clone()));
        }
        drop(watched);
        self.inner.wake.notify_one();
        Watch { inner: Arc::clone(&self.inner), number, topics, updates }
    }
}

impl Inner {
    fn watched(&self) -> MutexGuard<'_, Watched> {
        // Consistent between any two statements that can panic.
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run(&self) {
        let (mut attempts, mut was_lost) = (0_u32, false);
        loop {
            while self.watched().topics.is_empty() {
                self.wake.notified().await;
            }
            let began = Instant::now();
            let loss = self.connection(was_lost).await;
            was_lost = true;
            attempts = if began.elapsed() > HEALTHY { 0 } else { attempts + 1 };
            let (first, longest) = self.timings.reconnect;
            let pause = match loss {
                Loss::Usual => first.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(longest),
                Loss::Unwanted => LONG_PAUSE.max(longest),
            };
            metrics::counter!("polychat_emotes_live_lost_total").increment(1);
            tracing::debug!(attempts, retry_ms = pause.as_millis() as u64, "live updates of 7TV lost");
            let pause = pause.mul_f64(rand::rng().random_range(0.8..1.2));
            tokio::time::sleep(pause).await;
        }
    }

    /// One connection, until it ends.
    async fn connection(&self, was_lost: bool) -> Loss {
        polychat_platforms::install_provider();
        let mut url = self.url.clone();
        url.query_pairs_mut().append_pair("app", "polychat").append_pair("version", env!("CARGO_PKG_VERSION"));
        let config = WebSocketConfig::default()
            .max_message_size(Some(FRAME_MAX_BYTES))
            .max_frame_size(Some(FRAME_MAX_BYTES))
            .write_buffer_size(0);
        let opening = Box::pin(connect_async_with_config(url.as_str(), Some(config), true));
        let Ok(Ok((mut socket, _))) = tokio::time::timeout(CONNECT, opening).await else { return Loss::Usual };
        let mut silence = CONNECT;
        let mut limit = 0;
        let mut subscribed: HashSet<Topic> = HashSet::new();
        loop {
            if limit > 0 && !self.follow(&mut socket, &mut subscribed, limit).await {
                return Loss::Usual;
            }
            let message = tokio::select! {
                message = tokio::time::timeout(silence, socket.next()) => message,
                () = self.wake.notified() => continue,
            };
            let text = match message {
                Ok(Some(Ok(Message::Text(text)))) => text,
                Ok(Some(Ok(Message::Close(close)))) => {
                    return loss(close.map_or(0, |close| u16::from(close.code).into()));
                }
                Ok(Some(Ok(_))) => continue,
                // Gone, broken or silent.
                Ok(Some(Err(_)) | None) | Err(_) => return Loss::Usual,
            };
            let Ok(frame) = serde_json::from_str::<Value>(&text) else { continue };
            match frame["op"].as_u64() {
                Some(0) => self.dispatch(&frame["d"]),
                Some(1) => {
                    let told = frame["d"]["heartbeat_interval"].as_u64().map(Duration::from_millis);
                    silence = told.unwrap_or(HEARTBEAT.1).clamp(HEARTBEAT.0, HEARTBEAT.1) * SILENT;
                    let told = frame["d"]["subscription_limit"].as_u64().unwrap_or(SUBSCRIPTIONS as u64);
                    let first = limit == 0;
                    limit = (told as usize).clamp(1, SUBSCRIPTIONS);
                    if first && was_lost {
                        self.tell_all(&Update::Stale);
                    }
                }
                Some(4) => return Loss::Usual,
                Some(7) => return loss(frame["d"]["code"].as_u64().unwrap_or(0)),
                _ => {}
            }
        }
    }

    /// Subscribes to what is wanted and nothing else. False: the connection is gone.
    async fn follow(&self, socket: &mut Socket, subscribed: &mut HashSet<Topic>, limit: usize) -> bool {
        let (gone, new) = {
            let watched = self.watched();
            let gone: Vec<_> =
                subscribed.iter().filter(|topic| !watched.topics.contains_key(*topic)).cloned().collect();
            let room = limit.saturating_sub(subscribed.len() - gone.len());
            let new = watched.topics.keys().filter(|topic| !subscribed.contains(*topic)).take(room);
            (gone, new.cloned().collect::<Vec<_>>())
        };
        let left = gone.iter().map(|topic| topic.frame(36));
        let entered = new.iter().map(|topic| topic.frame(35));
        for frame in left.chain(entered) {
            if !matches!(tokio::time::timeout(CONNECT, socket.send(frame)).await, Ok(Ok(()))) {
                return false;
            }
        }
        subscribed.retain(|topic| !gone.contains(topic));
        subscribed.extend(new);
        true
    }

    fn dispatch(&self, dispatch: &Value) {
        let Some((id, update)) = seventv::update(dispatch) else { return };
        let kind = if matches!(update, Update::Stale) { "user.update" } else { "emote_set.update" };
        let topic = Topic { kind, id: id.to_owned() };
        for (_, watcher) in self.watched().topics.get(&topic).into_iter().flatten() {
            // One that is full is busy with as many changes; the next fetch has this one.
            let _ = watcher.try_send(update.clone());
        }
    }

    fn tell_all(&self, update: &Update) {
        for (_, watcher) in self.watched().topics.values().flatten() {
            let _ = watcher.try_send(update.clone());
        }
    }
}

/// What a close code asks for: some must not be answered with a new connection at once.
fn loss(code: u64) -> Loss {
    match code {
        4001..=4004 | 4007 | 4009 | 4010 => Loss::Unwanted,
        _ => Loss::Usual,
    }
}
