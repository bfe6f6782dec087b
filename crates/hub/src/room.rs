//! The shared side of one channel: who watches, what was told, how the platform does.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use polychat_model::request::DEFAULT_TOP;
use polychat_model::wire::{ErrorFrame, GapFrame, Owner, ServerMessage, StatsFrame, Status, StatusFrame};
use polychat_model::{Body, ChannelKey, ChatEvent, ErrorCode, StatsData, iso_timestamp, unix_ms};
use polychat_platforms::{NotLive, Reader, Started, UpstreamError};
use polychat_store::{Changes, History, Parts, Store};
use tokio::sync::{Notify, watch};

use crate::delivery::{Delivery, Parcel, Profile, parcel};
use crate::featuring::{Featuring, Item, Standing};
use crate::memory::{Memory, Verdict};
use crate::record;
use crate::replay::Replay;
use crate::stats::{Stats, StoreStep};

/// After how many viewers the fan-out lets other tasks run: about a millisecond of writing.
const YIELD_EVERY: usize = 100;

/// Somebody who gets what happens in channels: a socket of the server, a test.
pub trait Viewer: Send + Sync + 'static {
    /// Takes frames of one channel. Must not wait: what cannot be taken is dropped, counted with [`Hold::missed`], and
    /// told with [`Hold::gap`] before the next frames.
    ///
    /// An implementation that locks must check [`Hold::is_over`] inside of its lock: after [`Hold::close`] nothing of
    /// that channel may follow.
    fn deliver(&self, hold: &Arc<Hold>, parcel: &Parcel);
}

/// A viewer's hold on one channel.
pub struct Hold {
    key: ChannelKey,
    viewer: Arc<dyn Viewer>,
    profile: Profile,
    wait: bool,
    over: AtomicBool,
    missed: AtomicU64,
    /// Whether it got a `stats` frame.
    stats_told: AtomicBool,
    /// It asked for statistics that were not loaded yet: for so many chatters and one.
    stats_asked: AtomicU32,
}

impl Hold {
    /// The channel.
    pub fn key(&self) -> &ChannelKey {
        &self.key
    }

    /// Whether nothing more comes: left, or the channel ended.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// Nothing more shall come.
    pub fn close(&self) {
        self.over.store(true, Ordering::Release);
    }

    /// Counts frames that were not taken.
    pub fn missed(&self, frames: u64) {
        self.missed.fetch_add(frames, Ordering::Relaxed);
    }

    /// Whether frames were missed that no gap has told of yet.
    pub fn has_missed(&self) -> bool {
        self.missed.load(Ordering::Relaxed) > 0
    }

    /// The frame that tells of what was missed, and forgets it.
    pub fn gap(&self) -> Option<Parcel> {
        let missed = self.missed.swap(0, Ordering::Relaxed);
        (missed > 0).then(|| gap(&self.key, Some(missed)))
    }
}

fn gap(key: &ChannelKey, missed: Option<u64>) -> Parcel {
    message(&ServerMessage::Gap(GapFrame { platform: key.platform, identifier: key.identifier.to_string(), missed }))
}

fn message(message: &ServerMessage) -> Parcel {
    Parcel::of(message.to_json().as_bytes())
}

/// How a channel does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Upstream {
    Connecting,
    Started(Started),
    Reconnecting { cause: String, retry_in: Duration, code: ErrorCode },
    Waiting(NotLive),
}

impl Upstream {
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Started(_) => "started",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Waiting(_) => "waiting",
        }
    }

    fn frame(&self, key: &ChannelKey, owner: Option<&Owner>) -> ServerMessage {
        let name = key.platform.name();
        ServerMessage::Status(match self {
            Self::Connecting => StatusFrame {
                message: Some(format!("Connecting to {name}.")),
                ..StatusFrame::of(Status::Connecting, key)
            },
            Self::Started(started) => StatusFrame {
                live_id: Some(started.live_id.to_string()),
                live: started.live,
                starts_at: started.starts_at_ms.map(|ms| iso_timestamp(ms).to_string()),
                degraded: started.degraded,
                via: started.via,
                owner: owner.cloned(),
                broadcasts: started.broadcasts.clone(),
                message: started.message.clone().or_else(|| {
                    (started.live == Some(false))
                        .then(|| format!("@{} is offline on {name}. The chat is open.", key.identifier))
                }),
                ..StatusFrame::of(Status::Started, key)
            },
            Self::Reconnecting { cause, retry_in, code } => StatusFrame {
                cause: Some(cause.clone()),
                code: Some(*code).filter(|code| *code == ErrorCode::ConsentNeeded),
                retry_in_ms: Some(millis(*retry_in)),
                message: Some(format!("{cause} Trying again in {} s.", retry_in.as_secs_f64().ceil())),
                ..StatusFrame::of(Status::Reconnecting, key)
            },
            Self::Waiting(not_live) => StatusFrame {
                retry_in_ms: Some(millis(not_live.retry_in)),
                starts_at: not_live.starts_at_ms.map(|ms| iso_timestamp(ms).to_string()),
                owner: owner.cloned(),
                broadcasts: not_live.broadcasts.clone(),
                message: Some(not_live.text.clone()),
                ..StatusFrame::of(Status::Waiting, key)
            },
        })
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
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
        let hold = Arc::new(Hold {
            key: self.key.clone(),
            viewer: attach.viewer.clone(),
            profile: attach.profile,
            wait: attach.wait,
            over: AtomicBool::new(false),
            missed: AtomicU64::new(0),
            stats_told: AtomicBool::new(false),
            stats_asked: AtomicU32::new(0),
        });
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

    /// What the store has to do because somebody else reads. Asked once.
    pub(crate) fn store_step(&self) -> Option<StoreStep> {
        self.lock().store_step.take()
    }

    /// Whether another program counts and somebody here wants to know.
    pub(crate) fn wants_look(&self) -> bool {
        let inner = self.lock();
        let wants =
            |hold: &Arc<Hold>| hold.profile.includes.wants_stats() || hold.stats_asked.load(Ordering::Relaxed) > 0;
        inner.stats.is_following() && inner.holds.iter().any(wants)
    }

    /// Whether that one may count something soon that has happened.
    pub(crate) fn follows_news(&self) -> bool {
        self.lock().stats.follows_news(unix_ms())
    }

    /// What another program has counted: answers who asked.
    pub(crate) fn stats_looked(&self, parts: Option<&Parts>) {
        let mut inner = self.lock();
        if inner.stats.is_following() {
            inner.stats_news |= inner.stats.looked(parts, unix_ms());
            self.answer_stats(&inner);
        }
    }

    /// Goes on from earlier statistics, or begins anew where there are none, and answers who asked meanwhile. What is to be
    /// saved.
    pub(crate) fn stats_loaded(&self, parts: Option<&Parts>) -> Option<Changes> {
        let mut inner = self.lock();
        inner.stats.loaded(parts, unix_ms());
        inner.stats_news = true;
        self.answer_stats(&inner);
        self.counted.notify_one();
        inner.stats.changes()
    }

    /// Earlier statistics take long: those who asked are told what was counted meanwhile.
    pub(crate) fn stats_late(&self) {
        let mut inner = self.lock();
        inner.stats.late();
        self.answer_stats(&inner);
    }

    fn answer_stats(&self, inner: &Inner) {
        for hold in inner.holds.iter() {
            let asked = hold.stats_asked.swap(0, Ordering::Relaxed);
            if asked > 0
                && let Some(data) = inner.stats.data(asked as usize - 1, unix_ms())
            {
                hold.viewer.deliver(hold, &self.stats_frame(data));
            }
        }
    }

    fn stats(&self, hold: &Hold, top: u32) -> Counted {
        let inner = self.lock();
        if inner.stats.is_loading() {
            hold.stats_asked.store(top.saturating_add(1), Ordering::Relaxed);
            if inner.stats.is_following() {
                self.counted.notify_one();
            }
            return Counted::Later;
        }
        inner.stats.data(top as usize, unix_ms()).map_or(Counted::Nothing, |data| Counted::Data(Box::new(data)))
    }

    fn stats_frame(&self, data: StatsData) -> Parcel {
        let (platform, identifier) = (self.key.platform, self.key.identifier.to_string());
        message(&ServerMessage::Stats(StatsFrame { platform, identifier, data }))
    }

    /// Tells those who asked for it what was counted: all of them if that is news, else those who do not know it yet.
    pub(crate) fn tell_stats(&self, faded: bool) {
        let (data, listening) = {
            let mut inner = self.lock();
            let news = std::mem::take(&mut inner.stats_news) || faded;
            let asked = inner.holds.iter().filter(|hold| hold.profile.includes.wants_stats());
            let listening: Vec<Arc<Hold>> =
                asked.filter(|hold| news || !hold.stats_told.load(Ordering::Relaxed)).cloned().collect();
            if listening.is_empty() {
                return;
            }
            (inner.stats.data(DEFAULT_TOP as usize, unix_ms()), listening)
        };
        let Some(data) = data else { return };
        tell(&listening, &[self.stats_frame(data)]);
        for hold in &listening {
            hold.stats_told.store(true, Ordering::Relaxed);
        }
    }

    /// Hands over what was counted since the last time.
    pub(crate) fn save_stats(&self, store: &Store) {
        let changes = {
            let mut inner = self.lock();
            if inner.stats.is_counting() && store.wants_all(&self.key) {
                inner.stats.save_all();
            }
            inner.stats.changes()
        };
        if let Some(changes) = changes {
            store.save(&self.key, changes);
        }
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

/// What was counted, to be told to one viewer.
pub enum Counted {
    /// The numbers.
    Data(Box<StatsData>),
    /// Earlier ones are being loaded; the viewer gets the frame when they are there.
    Later,
    /// The channel is over, or nothing is counted.
    Nothing,
}

/// A viewer's subscription. Dropping it is leaving.
pub struct Subscription {
    room: Weak<Room>,
    hold: Arc<Hold>,
}

impl Subscription {
    /// The hold that the viewer's frames name.
    pub fn hold(&self) -> &Arc<Hold> {
        &self.hold
    }

    /// The channel.
    pub fn key(&self) -> &ChannelKey {
        &self.hold.key
    }

    /// Whether the channel has ended or was left.
    pub fn is_over(&self) -> bool {
        self.hold.is_over()
    }

    /// What was counted in the channel, with so many of the most frequent chatters.
    pub fn stats(&self, top: u32) -> Counted {
        match self.room.upgrade() {
            Some(room) if !self.is_over() => room.stats(&self.hold, top),
            _ => Counted::Nothing,
        }
    }

    /// Acknowledges once more and tells the state of the channel. False if it is over.
    pub fn repeat(&self, ack: &Parcel) -> bool {
        self.room.upgrade().is_some_and(|room| room.repeat(&self.hold, ack))
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hold.close();
        if let Some(room) = self.room.upgrade() {
            room.detach(&self.hold);
        }
    }
}
