//! The shared side of one channel: who watches, what was told, how the platform does.

mod counted;
mod upstream;
mod viewer;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use polychat_model::wire::{ErrorFrame, Owner, ServerMessage, Status, StatusFrame};
use polychat_model::{Body, ChannelKey, ChatEvent, ErrorCode, unix_ms};
use polychat_platforms::{NotLive, Reader, UpstreamError};
use polychat_store::{History, Store};
use tokio::sync::{Notify, watch};

use crate::delivery::{Delivery, Parcel, Profile, parcel};
use crate::featuring::{Featuring, Item, Standing};
use crate::memory::{Memory, Verdict};
use crate::record;
use crate::replay::Replay;
use crate::stats::{Stats, StoreStep};
pub use counted::Counted;
pub(crate) use upstream::Upstream;
use viewer::gap;
pub use viewer::{Hold, Subscription, Viewer};

/// After how many viewers the fan-out lets other tasks run: about a millisecond of writing.
const YIELD_EVERY: usize = 100;

fn message(message: &ServerMessage) -> Parcel {
    Parcel::of(message.to_json().as_bytes())
}

/// One channel as its task and its viewers share it.
pub(crate) struct Room {
    pub(crate) key: ChannelKey,
    inner: Mutex<Inner>,
    /// Hears what is told here.
    featuring: Arc<Featuring>,
    history: Option<History>,
    /// Whether statistics are kept where several programs keep them, so that only one counts.
    shares_stats: bool,
    /// How many viewers; the channel task waits on it to close an idle channel.
    viewers: watch::Sender<usize>,
    /// Something was counted, or somebody wants to know.
    pub(crate) counted: Notify,
    /// Somebody else reads: the store has something to do.
    pub(crate) reader_changed: Notify,
    pub(crate) counters: Counters,
}

/// What `/health` and `/metrics` tell of a channel.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) events: AtomicU64,
    pub(crate) repeated: AtomicU64,
    pub(crate) deliveries: AtomicU64,
    pub(crate) last_event_at_ms: AtomicU64,
    pub(crate) retries: AtomicU64,
}

struct Inner {
    seq: u64,
    memory: Memory,
    replay: Replay,
    stats: Stats,
    /// Whether a number changed since it was told.
    stats_news: bool,
    /// What the store still has to do.
    store_step: Option<StoreStep>,
    /// Who reads, where that is shared.
    reader: Option<Reader>,
    /// Copied only while a fan-out holds the earlier list.
    holds: Arc<Vec<Arc<Hold>>>,
    upstream: Upstream,
    /// Whose channel it is, once that is known. It outlives the loss of the platform.
    owner: Option<Owner>,
    ever_started: bool,
    /// Whether the viewers were told that the platform has not been reached yet.
    unreached_told: bool,
    over: bool,
}

impl Inner {
    /// The state of the channel as viewers are told.
    fn state(&self, key: &ChannelKey) -> ServerMessage {
        self.upstream.frame(key, self.owner.as_ref())
    }
}

/// Why a viewer could not be attached.
pub(crate) enum NotAttached {
    /// The channel has just ended: look it up again.
    Over,
}

pub(crate) struct Attach {
    pub(crate) viewer: Arc<dyn Viewer>,
    pub(crate) profile: Profile,
    pub(crate) wait: bool,
    pub(crate) backlog: u32,
    pub(crate) since: Option<u64>,
    pub(crate) ack: Parcel,
}

impl Room {
    /// A channel that nobody watches yet; without a store nothing is counted.
    pub(crate) fn new(
        key: ChannelKey,
        store: Option<&Store>,
        featuring: Arc<Featuring>,
        history: Option<History>,
    ) -> Arc<Self> {
        // Microseconds since 1970: numbers grow over restarts as long as a channel has under a million events a second,
        // so a client's `since` means the same to the next process. Below 2^53 until the year 2255.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seq = u64::try_from(now.as_micros()).unwrap_or(0);
        let shares_stats = store.is_some_and(Store::is_shared);
        let stats = match store {
            None => Stats::Off,
            Some(_) if shares_stats => Stats::undecided(key.platform, unix_ms()),
            Some(_) => Stats::loading(key.platform, unix_ms()),
        };
        Arc::new(Self {
            key,
            inner: Mutex::new(Inner {
                seq,
                memory: Memory::new(),
                replay: Replay::starting_at(seq),
                stats,
                stats_news: false,
                store_step: None,
                reader: None,
                holds: Arc::default(),
                upstream: Upstream::Connecting,
                owner: None,
                ever_started: false,
                unreached_told: false,
                over: false,
            }),
            featuring,
            history,
            shares_stats,
            viewers: watch::Sender::new(0),
            counted: Notify::new(),
            reader_changed: Notify::new(),
            counters: Counters::default(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic while the lock was held leaves at worst an event that not everybody got.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a viewer: its acknowledgement, the state of the channel, what it asked to catch up, then all that comes.
    pub(crate) fn attach(self: &Arc<Self>, attach: &Attach) -> Result<Subscription, NotAttached> {
        let mut inner = self.lock();
        if inner.over {
            return Err(NotAttached::Over);
        }
        let hold = Arc::new(Hold::new(self.key.clone(), attach));
        let give = |parcel: &Parcel| hold.viewer.deliver(&hold, parcel);
        give(&attach.ack);
        let subscription = Subscription { room: Arc::downgrade(self), hold: hold.clone() };
        if let Upstream::Waiting(not_live) = &inner.upstream
            && !attach.wait
        {
            give(&self.error(ErrorCode::StreamNotLive, &not_live.text));
            hold.close();
            return Ok(subscription);
        }
        give(&message(&inner.state(&self.key)));
        if !inner.ever_started
            && let Upstream::Reconnecting { cause, code, .. } = &inner.upstream
        {
            give(&self.still_trying(*code, cause));
        }
        let catchup = inner.replay.catch_up(attach.profile, attach.backlog, attach.since, inner.seq);
        if catchup.gap {
            give(&gap(&self.key, None));
        }
        if let Some(parcel) = parcel(&self.key, attach.profile, catchup.deliveries.iter().map(|d| &**d)) {
            give(&parcel);
        }
        if attach.profile.includes.wants_stats() {
            self.counted.notify_one();
        }
        Arc::make_mut(&mut inner.holds).push(hold);
        self.viewers.send_replace(inner.holds.len());
        Ok(subscription)
    }

    /// Answers a second request for the same: the acknowledgement and the state of the channel, nothing else.
    fn repeat(&self, hold: &Arc<Hold>, ack: &Parcel) -> bool {
        let inner = self.lock();
        if inner.over || hold.is_over() {
            return false;
        }
        hold.viewer.deliver(hold, ack);
        hold.viewer.deliver(hold, &message(&inner.state(&self.key)));
        true
    }

    fn detach(&self, hold: &Arc<Hold>) {
        hold.close();
        let mut inner = self.lock();
        if let Some(at) = inner.holds.iter().position(|held| Arc::ptr_eq(held, hold)) {
            Arc::make_mut(&mut inner.holds).swap_remove(at);
            self.viewers.send_replace(inner.holds.len());
        }
    }

    /// Numbers and encodes what is new among `events`, remembers it, and gives it to every viewer.
    ///
    /// All of `events` leave in one piece for each viewer: what waits is sent together (see docs/PERFORMANCE.md).
    pub(crate) async fn publish(&self, events: impl Iterator<Item = ChatEvent>) {
        let (fresh, holds) = {
            let mut inner = self.lock();
            let (mut fresh, now_ms) = (Vec::new(), unix_ms());
            for event in events {
                let verdict = inner.memory.judge(&event);
                if !matches!(verdict, Verdict::New | Verdict::Updated) {
                    self.counters.repeated.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
                inner.seq += 1;
                let delivery = Arc::new(Delivery::new(&self.key, inner.seq, event));
                inner.replay.push(delivery.clone());
                if let Body::Moderation(data) = &delivery.event.body {
                    inner.memory.took_away(delivery.seq, data);
                }
                self.featuring.hear(&self.key, &delivery);
                inner.stats_news |= inner.stats.take(&delivery, verdict, now_ms);
                fresh.push(delivery);
            }
            if inner.stats_news || (inner.stats.is_following() && !fresh.is_empty()) {
                self.counted.notify_one();
            }
            (fresh, inner.holds.clone())
        };
        if fresh.is_empty() {
            return;
        }
        self.counters.events.fetch_add(fresh.len() as u64, Ordering::Relaxed);
        metrics::counter!("polychat_events_total", "platform" => self.key.platform.as_str())
            .increment(fresh.len() as u64);
        self.counters.last_event_at_ms.store(unix_ms().unsigned_abs(), Ordering::Relaxed);
        if let Some(history) = &self.history {
            for delivery in &fresh {
                if let Some(entry) = record::entry(&self.key, delivery) {
                    history.record(entry);
                }
            }
        }
        // At most 32 profiles exist, and seldom more than three are in use.
        let mut parcels: Vec<(Profile, Option<Parcel>)> = Vec::new();
        let mut delivered = 0;
        for (n, hold) in holds.iter().enumerate() {
            if n % YIELD_EVERY == YIELD_EVERY - 1 {
                tokio::task::yield_now().await;
            }
            let at = parcels.iter().position(|(profile, _)| *profile == hold.profile).unwrap_or_else(|| {
                parcels.push((hold.profile, parcel(&self.key, hold.profile, fresh.iter().map(|d| &**d))));
                parcels.len() - 1
            });
            if let Some(parcel) = &parcels[at].1 {
                hold.viewer.deliver(hold, parcel);
                delivered += parcel.frames;
            }
        }
        self.counters.deliveries.fetch_add(delivered, Ordering::Relaxed);
        metrics::counter!("polychat_deliveries_total", "platform" => self.key.platform.as_str()).increment(delivered);
    }

    /// Does something with a message while nobody can take it away here. `None` if the channel is over.
    pub(crate) fn with_message<T>(&self, item: Item, work: impl FnOnce(Item, Standing<'_>) -> T) -> Option<T> {
        let inner = self.lock();
        if inner.over {
            return None;
        }
        let ids = [Some(item.event_id()), item.message_id()];
        let standing = match inner.replay.find(item.event_id()) {
            Some(delivery) => Standing::Here(delivery),
            None if inner.memory.is_taken_away(item.seq(), ids, item.user_id()) => Standing::Gone,
            None => Standing::Unknown,
        };
        Some(work(item, standing))
    }

    /// Adds this channel to the places of a message, if it was told here, too.
    pub(crate) fn add_place(&self, item: &mut Item) {
        let inner = self.lock();
        if let Some(delivery) = inner.replay.find(item.event_id()) {
            item.also_in(&self.key, delivery.message_id());
        }
    }

    /// Remembers how the platform does and tells every viewer, if it is news.
    pub(crate) fn set_upstream(&self, upstream: Upstream) {
        let (frames, holds) = {
            let mut inner = self.lock();
            if inner.upstream == upstream || inner.over {
                return;
            }
            inner.upstream = upstream;
            let mut frames = vec![message(&inner.state(&self.key))];
            match &inner.upstream {
                Upstream::Started(started) => {
                    let live_id = started.live_id.to_string();
                    inner.ever_started = true;
                    inner.stats.broadcast(&live_id, unix_ms());
                }
                Upstream::Reconnecting { cause, code, .. } => {
                    self.counters.retries.fetch_add(1, Ordering::Relaxed);
                    if !inner.ever_started && !inner.unreached_told {
                        frames.push(self.still_trying(*code, cause));
                        inner.unreached_told = true;
                    }
                }
                _ => {}
            }
            (frames, inner.holds.clone())
        };
        tell(&holds, &frames);
    }

    /// Remembers whose channel it is, and tells it where it is told and was not.
    pub(crate) fn set_owner(&self, owner: Owner) {
        let (frame, holds) = {
            let mut inner = self.lock();
            if inner.over || inner.owner.as_ref() == Some(&owner) {
                return;
            }
            inner.owner = Some(owner);
            if !matches!(inner.upstream, Upstream::Started(_) | Upstream::Waiting(_)) {
                return;
            }
            (message(&inner.state(&self.key)), inner.holds.clone())
        };
        tell(&holds, &[frame]);
    }

    /// Something was not heard here: tells every viewer, and later those who come back and know nothing newer.
    pub(crate) fn missed(&self) {
        let holds = {
            let mut inner = self.lock();
            if inner.over {
                return;
            }
            inner.seq += 1;
            let seq = inner.seq;
            inner.replay.missed(seq);
            inner.holds.clone()
        };
        tell(&holds, &[gap(&self.key, None)]);
    }

    /// Somebody else reads the channel from now on.
    pub(crate) fn set_reader(&self, reader: Reader) {
        let mut inner = self.lock();
        inner.reader = Some(reader);
        if !self.shares_stats {
            return;
        }
        if let Some(step) = inner.stats.reader(reader, unix_ms()) {
            inner.store_step = Some(step);
        }
        // Who asked another program's numbers is answered with ours.
        if !inner.stats.is_loading() {
            self.answer_stats(&inner);
        }
        drop(inner);
        self.reader_changed.notify_one();
    }

    /// Who reads, where that is shared.
    pub(crate) fn reader(&self) -> Option<Reader> {
        self.lock().reader
    }

    /// The platform says that the channel is not live: only those stay who wait. True if somebody does.
    pub(crate) fn not_live(&self, not_live: NotLive) -> bool {
        let leaving: Vec<Arc<Hold>> = {
            let mut inner = self.lock();
            let (waiting, leaving) = inner.holds.iter().cloned().partition(|hold| hold.wait);
            inner.holds = Arc::new(waiting);
            self.viewers.send_replace(inner.holds.len());
            leaving
        };
        tell(&leaving, &self.farewell(UpstreamError::NotLive(Box::new(not_live.clone())).code(), &not_live.text));
        for hold in &leaving {
            hold.close();
        }
        // Said once, at the end itself: who joins later only waits.
        self.set_upstream(Upstream::Waiting(NotLive { ended: false, ..not_live }));
        *self.viewers.borrow() > 0
    }

    /// Ends the channel if nobody watches. The caller holds the lock of the hub's map.
    pub(crate) fn close_if_idle(&self) -> bool {
        let mut inner = self.lock();
        inner.over |= inner.holds.is_empty();
        inner.over
    }

    /// Ends the channel for everybody; `why` is what they are told.
    pub(crate) fn end(&self, why: Option<(ErrorCode, &str)>) {
        let holds = {
            let mut inner = self.lock();
            inner.over = true;
            // Its statistics may have to wait for a disk; the rest is of no use any more.
            (inner.memory, inner.replay) = (Memory::new(), Replay::starting_at(inner.seq));
            std::mem::take(&mut inner.holds)
        };
        self.viewers.send_replace(0);
        if let Some((code, text)) = why {
            tell(&holds, &self.farewell(code, text));
        }
        for hold in holds.iter() {
            hold.close();
        }
    }

    /// The last frames of a subscription.
    fn farewell(&self, code: ErrorCode, text: &str) -> Vec<Parcel> {
        let mut frames = Vec::new();
        if code == ErrorCode::StreamEnded {
            frames.push(message(&ServerMessage::Status(StatusFrame {
                message: Some(text.to_owned()),
                ..StatusFrame::of(Status::Ended, &self.key)
            })));
        }
        frames.push(self.error(code, text));
        frames
    }

    fn error(&self, code: ErrorCode, text: &str) -> Parcel {
        message(&ServerMessage::Error(ErrorFrame::of(code, &self.key, text)))
    }

    fn still_trying(&self, code: ErrorCode, cause: &str) -> Parcel {
        let error = format!("{} cannot be read yet. We keep trying.", self.key.platform.name());
        let frame = ErrorFrame { details: Some(cause.to_owned()), ..ErrorFrame::of(code, &self.key, error) };
        message(&ServerMessage::Error(frame))
    }

    /// Resolves when nobody has watched for `linger`.
    pub(crate) async fn idle(&self, linger: Duration) {
        let mut viewers = self.viewers.subscribe();
        loop {
            if viewers.wait_for(|&n| n == 0).await.is_err() {
                return;
            }
            if tokio::time::timeout(linger, viewers.wait_for(|&n| n > 0)).await.is_err() {
                return;
            }
        }
    }

    pub(crate) fn viewers(&self) -> usize {
        *self.viewers.borrow()
    }

    pub(crate) fn upstream(&self) -> Upstream {
        self.lock().upstream.clone()
    }
}

fn tell(holds: &[Arc<Hold>], frames: &[Parcel]) {
    for hold in holds {
        for frame in frames {
            hold.viewer.deliver(hold, frame);
        }
    }
}
