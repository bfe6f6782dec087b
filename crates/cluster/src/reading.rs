//! One channel: who reads it, and what follows from that.
//!
//! ```text
//!              claimed ┌────────┐ lease lost, platform lost
//!            ┌────────▶│ holder │─────────────┐
//!  undecided─┤         └────────┘             ▼
//!            │            ▲  ▲  lease free ┌──────────┐
//!            ├────────────┼──┴─────────────│ follower │
//!            │ Redis away │                └──────────┘
//!            │         ┌───────┐  somebody else ▲ │ Redis away
//!            └────────▶│ alone │────────────────┘ │
//!                      └───────┘◀─────────────────┘
//! ```
//!
//! One command at a time is on its way to Redis; reading the platform and telling our own hub never wait for it.

mod untold;

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use metrics::counter;
use polychat_model::ChannelKey;
use polychat_platforms::{Connector, Outlet, Reader, Signal, UpstreamError, UpstreamState};
use rand::RngExt;
use redis::RedisResult;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::commands::{Commands, MessageId, Messages, Names, Pushed};
use crate::link::{Connections, Listening, State};
use crate::own::Own;
use crate::told::{self, Told};
use crate::{Shared, Timings};
use untold::Untold;

/// How much may wait for our own hub before nothing more is taken.
const WAITING: usize = 256;

/// The pauses after the platform was lost: 1 s, doubling to 30 s, a fifth more or less.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// After how long without a failure the pauses begin at 1 s again.
const HEALTHY: Duration = Duration::from_secs(60);

/// How long the last words may take to be told when reading is over.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// How long leaving may take in all. Below what the hub gives us.
const GOODBYE: Duration = Duration::from_millis(1_800);

/// How much longer than its pause a lease is held for a channel that is not live, and the longest that it is.
const PARKED_FOR: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(600));

/// What people are told while nothing can be shared.
const ALONE: &str = "The chat is read by this server alone, as Redis is away.";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It is not known yet whether somebody else reads.
    Undecided,
    /// We have the lease.
    Holder,
    /// Somebody else has it.
    Follower,
    /// Redis is away.
    Alone,
}

/// What came back from Redis.
enum Done {
    Claimed(RedisResult<(bool, MessageId)>),
    Renewed(RedisResult<bool>),
    Published(RedisResult<Option<MessageId>>),
    Released,
    Joined(u64, RedisResult<(Option<Vec<u8>>, MessageId)>),
    Read(RedisResult<Messages>),
}

type Job = Pin<Box<dyn Future<Output = Done> + Send>>;

/// What happens to the lease when all is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// Somebody else may try.
    Release,
    /// Nobody needs to look before that.
    Park(Duration),
}

/// What woke us.
enum Woken {
    Cancelled,
    Done(Done),
    Own(Result<Signal, Result<(), UpstreamError>>),
    Pushed(Option<Pushed>),
    /// There is room at the hub, the link has changed, or something is due.
    Other,
}

pub(crate) struct Reading<'a> {
    shared: &'a Shared,
    connector: &'a Arc<dyn Connector>,
    key: ChannelKey,
    names: Names,
    out: Outlet,
    role: Role,
    /// What the hub was told about that.
    told_reader: Option<Reader>,

    own: Option<Own>,
    /// When the platform is read again after it was lost.
    own_at: Option<Instant>,
    own_since: Instant,
    failures: u32,

    /// For our own hub.
    waiting: VecDeque<Signal>,
    /// For the followers.
    untold: Untold,
    /// The last message that is known here.
    position: Option<MessageId>,
    /// What the last message was when it was asked for the time before: what is missing for so long was not pushed.
    last: MessageId,
    listening: Option<Listening>,
    /// The time of Redis in which we have subscribed.
    joined: Option<u64>,
    /// The time of Redis that was seen last.
    generation: u64,
    /// Messages have to be read from the stream.
    behind: bool,
    /// The lease is ours, but messages of the one before us have to be read first.
    draining: bool,

    job: Option<(Instant, Job)>,
    claim_at: Instant,
    renew_at: Instant,
    lease_until: Instant,
    /// Since when nothing that was asked was done.
    trouble_since: Option<Instant>,
    held_before: bool,

    after: Option<After>,
    over: Option<(Instant, Result<(), UpstreamError>)>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(shared: &'a Shared, connector: &'a Arc<dyn Connector>, key: ChannelKey, out: Outlet) -> Self {
        let now = Instant::now();
        Self {
            shared,
            connector,
            names: Names::of(&key),
            key,
            out,
            role: Role::Undecided,
            told_reader: None,
            own: None,
            own_at: None,
            own_since: now,
            failures: 0,
            waiting: VecDeque::new(),
            untold: Untold::default(),
            position: None,
            last: MessageId::NONE,
            listening: None,
            joined: None,
            generation: 0,
            behind: false,
            draining: false,
            job: None,
            claim_at: now,
            renew_at: now,
            lease_until: now,
            trouble_since: None,
            held_before: false,
            after: None,
            over: None,
        }
    }

    fn timings(&self) -> &Timings {
        &self.shared.timings
    }

    pub(crate) async fn run(mut self, cancel: CancellationToken) -> Result<(), UpstreamError> {
        let mut changes = self.shared.link.changes();
        let out = self.out.clone();
        loop {
            let now = Instant::now();
            self.step(now);
            if !self.give() {
                self.goodbye().await;
                return Ok(());
            }
            if let Some((until, _)) = self.over
                && self.waiting.is_empty()
                && (self.role != Role::Holder || now >= until || (self.untold.is_empty() && self.job.is_none()))
            {
                return self.finish().await;
            }
            let due = self.due(now);
            let Self { job, own, listening, waiting, role, .. } = &mut self;
            let takes = waiting.len() < WAITING;
            let woken = tokio::select! {
                biased;
                () = cancel.cancelled() => Woken::Cancelled,
                done = async { match job { Some((_, job)) => job.await, None => std::future::pending().await } } => Woken::Done(done),
                changed = changes.changed() => {
                    if changed.is_err() {
                        // The link goes only with the whole program.
                        std::future::pending::<()>().await;
                    }
                    Woken::Other
                }
                _ = out.reserve(), if !waiting.is_empty() => Woken::Other,
                next = async { match own { Some(own) => own.next().await, None => std::future::pending().await } },
                    if takes => Woken::Own(next),
                pushed = async { match listening { Some(to) => to.messages.recv().await, None => std::future::pending().await } },
                    if takes && *role == Role::Follower => Woken::Pushed(pushed),
                () = sleep_until(due) => Woken::Other,
            };
            match woken {
                Woken::Cancelled => {
                    self.goodbye().await;
                    return Ok(());
                }
                Woken::Done(done) => {
                    let began = self.job.take().map_or(now, |(began, _)| began);
                    self.done(began, done);
                }
                Woken::Own(Ok(signal)) => {
                    self.read(signal);
                    // What waits comes together.
                    while self.waiting.len() < WAITING
                        && let Some(signal) = self.own.as_mut().and_then(Own::try_next)
                    {
                        self.read(signal);
                    }
                }
                Woken::Own(Err(outcome)) => self.ended(outcome),
                Woken::Pushed(Some(pushed)) => self.heard(pushed),
                // Another reading of this channel in this program listens now; ours asks.
                Woken::Pushed(None) => self.listening = None,
                Woken::Other => {}
            }
        }
    }

    /// Gives the hub what it takes. False if it has gone.
    fn give(&mut self) -> bool {
        while let Some(signal) = self.waiting.pop_front() {
            match self.out.try_send(signal) {
                Ok(()) => {}
                Err(TrySendError::Full(signal)) => {
                    self.waiting.push_front(signal);
                    return true;
                }
                Err(TrySendError::Closed(_)) => return false,
            }
        }
        true
    }

    /// Looks at what time it is, and at Redis.
    fn step(&mut self, now: Instant) {
        let state = self.shared.link.state();
        let away_since = match &state {
            State::There(connections) => {
                if self.generation != connections.generation {
                    self.came_back(now, connections.generation);
                }
                self.trouble_since
            }
            State::Away(since, _) | State::Unknown(since) => Some(*since),
        };
        let away = away_since.is_some_and(|since| now.duration_since(since) >= self.timings().patience);
        match self.role {
            Role::Undecided | Role::Follower if away => self.be_alone(now),
            // The lease is good as long as it lasts, whether Redis answers or not.
            Role::Holder if away && now >= self.lease_until => self.be_alone(now),
            _ => {}
        }
        if self.own_at.is_some_and(|at| now >= at) && matches!(self.role, Role::Holder | Role::Alone) {
            self.start_own(now);
        }
        if self.job.is_none()
            && let State::There(connections) = &state
        {
            self.job = self.next_job(now, connections).map(|job| (now, job));
        }
    }

    /// Redis is there, for the first time or again.
    fn came_back(&mut self, now: Instant, generation: u64) {
        let first = self.generation == 0;
        (self.generation, self.trouble_since) = (generation, None);
        // Those who held a lease have everything that belongs to it: others leave it to them for a moment.
        let later = if self.held_before { Duration::ZERO } else { self.timings().precedence };
        match self.role {
            Role::Undecided if first => self.claim_at = now,
            Role::Holder => self.renew_at = now,
            Role::Undecided | Role::Alone | Role::Follower => {
                self.claim_at = now + later + jitter(self.timings().claim / 5);
            }
        }
    }

    fn next_job(&mut self, now: Instant, connections: &Connections) -> Option<Job> {
        let commands = self.commands(connections);
        let position = self.position.unwrap_or_default();
        match self.role {
            Role::Holder if self.draining => Some(Box::pin(async move { Done::Read(commands.after(position).await) })),
            Role::Holder if !self.untold.is_empty() => {
                let (known, message) = self.untold.take();
                Some(Box::pin(async move { Done::Published(commands.publish(known, message).await) }))
            }
            Role::Holder if self.after == Some(After::Release) && self.over.is_none() => Some(Box::pin(async move {
                _ = commands.release().await;
                Done::Released
            })),
            Role::Holder if now >= self.renew_at => {
                Some(Box::pin(async move { Done::Renewed(commands.renew().await) }))
            }
            Role::Follower if self.joined != Some(connections.generation) => {
                let (mut pushes, generation) = (connections.pushes.clone(), connections.generation);
                Some(Box::pin(async move {
                    let known = match pushes.subscribe(&commands.names.stream).await {
                        Ok(()) => commands.known().await,
                        Err(error) => Err(error),
                    };
                    Done::Joined(generation, known)
                }))
            }
            Role::Follower if self.behind => Some(Box::pin(async move { Done::Read(commands.after(position).await) })),
            Role::Undecided | Role::Follower | Role::Alone if now >= self.claim_at && self.over.is_none() => {
                Some(Box::pin(async move { Done::Claimed(commands.claim().await) }))
            }
            _ => None,
        }
    }

    /// When something is due that nothing else wakes us for.
    fn due(&self, now: Instant) -> Instant {
        let mut due = now + Duration::from_secs(1);
        let mut at = |at: Instant| due = due.min(at);
        if self.job.is_none() {
            match self.role {
                Role::Holder => at(self.renew_at),
                Role::Undecided | Role::Follower | Role::Alone => at(self.claim_at),
            }
        }
        if let Some(own_at) = self.own_at {
            at(own_at);
        }
        if let Some((until, _)) = self.over {
            at(until);
        }
        // Never at once again. What is due and not possible, as Redis is away, is looked at a few times a second: the link
        // wakes us when it is back.
        let there = matches!(self.shared.link.state(), State::There(_));
        due.max(now + Duration::from_millis(if there { 5 } else { 250 }))
    }

    /// Something that was asked was not done.
    fn trouble(&mut self, error: &redis::RedisError) {
        debug!(channel = %self.key, %error, "Redis did not do what was asked");
        self.trouble_since.get_or_insert_with(Instant::now);
        self.shared.link.doubt();
    }

    fn done(&mut self, began: Instant, done: Done) {
        let now = Instant::now();
        match done {
            Done::Claimed(Ok((held, last))) => {
                self.trouble_since = None;
                self.claim_at = now + self.timings().claim.mul_f64(rand::rng().random_range(0.8..1.2));
                if held {
                    self.claimed(began, last);
                } else {
                    self.refused(now, last);
                }
            }
            Done::Claimed(Err(error)) => {
                self.claim_at = now + self.timings().claim;
                self.trouble(&error);
            }
            Done::Renewed(Ok(true)) => self.renewed(began),
            Done::Published(Ok(Some(id))) => {
                counter!("polychat_cluster_published_total").increment(1);
                self.untold.told();
                self.position = Some(id);
                self.renewed(began);
            }
            Done::Renewed(Ok(false)) | Done::Published(Ok(None)) => self.lost(now),
            Done::Renewed(Err(error)) => {
                self.renew_at = now + self.timings().renew / 3;
                self.trouble(&error);
            }
            Done::Published(Err(error)) => {
                // It may have been told all the same. Who hears it twice knows it by its id.
                self.untold.put_back();
                self.trouble(&error);
            }
            Done::Released => {
                self.after = None;
                self.follow();
            }
            // Redis was away too long meanwhile.
            Done::Joined(..) if self.role != Role::Follower => {}
            Done::Joined(generation, Ok((known, last))) => {
                self.trouble_since = None;
                self.joined = Some(generation);
                if let Some(own) = self.own.take() {
                    // From here on somebody else reads for us.
                    own.leave();
                }
                for told in known.iter().flat_map(|known| told::decode(known).0) {
                    self.hear(told);
                }
                match self.position {
                    Some(position) if position <= last => self.behind = position < last,
                    // Our first time, or a Redis that has lost everything.
                    _ => self.position = Some(last),
                }
            }
            Done::Read(Ok(Messages { list, more })) => {
                self.trouble_since = None;
                for (id, body) in list {
                    self.message(id, &body);
                }
                self.behind = more;
                if self.draining && !more {
                    self.drained(now);
                }
            }
            Done::Joined(_, Err(error)) => self.trouble(&error),
            Done::Read(Err(error)) => {
                self.trouble(&error);
                if self.draining {
                    // Reading does not wait.
                    self.drained(now);
                }
            }
        }
    }

    fn renewed(&mut self, began: Instant) {
        self.trouble_since = None;
        self.lease_until = began + self.timings().lease;
        self.renew_at = began + self.timings().renew;
    }

    /// The lease is ours.
    fn claimed(&mut self, began: Instant, last: MessageId) {
        let now = Instant::now();
        let before = std::mem::replace(&mut self.role, Role::Holder);
        self.renewed(began);
        self.listening = None;
        self.joined = None;
        if before == Role::Follower {
            info!(channel = %self.key, "taking over the reading of this channel");
            counter!("polychat_cluster_takeovers_total").increment(1);
            if self.position.is_none_or(|position| position < last) {
                // What the one before us has told comes first.
                self.draining = true;
                return;
            }
        } else {
            self.position = Some(last);
        }
        self.drained(now);
    }

    /// The lease is ours, and all that was told before is known.
    fn drained(&mut self, now: Instant) {
        (self.draining, self.held_before) = (false, true);
        self.tell_reader(Reader::Here);
        if self.own.is_some() {
            // We have read alone until now: others have to know how it stands.
            self.waiting.extend(self.untold.stand());
        } else if self.own_at.is_none() {
            self.start_own(now);
        }
    }

    /// Somebody else has the lease.
    fn refused(&mut self, now: Instant, last: MessageId) {
        match self.role {
            Role::Follower => {
                // Pushed messages may be on their way; what was missing a second ago is not.
                self.behind |= self.position.is_some_and(|position| self.last > position);
                self.last = last;
            }
            Role::Undecided | Role::Alone => self.follow(),
            Role::Holder => self.lost(now),
        }
    }

    fn follow(&mut self) {
        self.role = Role::Follower;
        (self.own_at, self.joined, self.last) = (None, None, MessageId::NONE);
        self.untold.clear();
        if self.listening.is_none() {
            self.listening = Some(self.shared.link.listen(&self.names.stream));
        }
        self.tell_reader(Reader::Elsewhere);
    }

    /// Somebody else has taken the lease: nothing of what we read is told to others any more.
    fn lost(&mut self, now: Instant) {
        warn!(channel = %self.key, "the lease of this channel was lost; another program reads it now");
        counter!("polychat_cluster_lost_leases_total").increment(1);
        (self.held_before, self.draining, self.after) = (false, false, None);
        self.claim_at = now + self.timings().claim;
        if let Some(own) = self.own.take() {
            own.leave();
        }
        self.follow();
    }

    fn be_alone(&mut self, now: Instant) {
        self.role = Role::Alone;
        (self.draining, self.after, self.listening, self.joined) = (false, None, None, None);
        // Others read by themselves, too.
        self.untold.clear();
        self.tell_reader(Reader::Alone);
        if self.own.is_some() {
            let state = self.untold.state().map(|state| Signal::State(marked(state)));
            self.waiting.extend(state);
        } else if self.own_at.is_none() {
            self.start_own(now);
        }
    }

    fn tell_reader(&mut self, reader: Reader) {
        if self.told_reader != Some(reader) {
            self.told_reader = Some(reader);
            self.waiting.push_back(Signal::Reader(reader));
        }
    }

    fn start_own(&mut self, now: Instant) {
        (self.own_at, self.own_since) = (None, now);
        self.own = Some(Own::start(self.connector, &self.key));
    }

    /// Something that we have read ourselves.
    fn read(&mut self, signal: Signal) {
        self.untold.know(&signal);
        if self.role == Role::Holder {
            self.untold.push(&Told::Signal(signal.clone()));
        }
        self.waiting.push_back(match signal {
            Signal::State(state) if self.role == Role::Alone => Signal::State(marked(state)),
            signal => signal,
        });
    }

    /// Our own reading has ended.
    fn ended(&mut self, outcome: Result<(), UpstreamError>) {
        self.own = None;
        let now = Instant::now();
        if self.role == Role::Follower {
            return;
        }
        let until = now + LAST_WORDS;
        match outcome {
            Ok(()) => {
                let text = "The stream has ended.".to_owned();
                self.untold.push(&Told::Over(UpstreamError::Ended { text }));
                self.after = Some(After::Release);
                self.over = Some((until, Ok(())));
            }
            Err(UpstreamError::NotLive(not_live)) => {
                let waiting = Signal::State(UpstreamState::Waiting((*not_live).clone()));
                self.untold.know(&waiting);
                self.untold.push(&Told::Signal(waiting));
                // Our hub asks again after the pause; until then nobody else has to.
                let (more, longest) = PARKED_FOR;
                self.after = Some(After::Park((not_live.retry_in + more).min(longest)));
                self.over = Some((until, Err(UpstreamError::NotLive(not_live))));
            }
            Err(error) if error.is_transient() => {
                if now.duration_since(self.own_since) > HEALTHY {
                    self.failures = 0;
                }
                let retry_in = pause(self.failures);
                self.failures += 1;
                warn!(channel = %self.key, %error, retry_ms = retry_in.as_millis() as u64, "reconnecting");
                let state = UpstreamState::Reconnecting { cause: error.to_string(), retry_in, code: error.code() };
                self.read(Signal::State(state));
                if self.role == Role::Holder {
                    // Perhaps another program reaches the platform.
                    self.after = Some(After::Release);
                    self.claim_at = now + retry_in;
                } else {
                    self.own_at = Some(now + retry_in);
                }
            }
            Err(error) => {
                self.untold.push(&Told::Over(error.clone()));
                self.after = Some(After::Release);
                self.over = Some((until, Err(error)));
            }
        }
    }

    /// Something was pushed to us.
    fn heard(&mut self, pushed: Pushed) {
        match pushed {
            Pushed::Free => {
                // Not for those who have just failed to reach the platform.
                if self.failures == 0 {
                    self.claim_at = self.claim_at.min(Instant::now() + jitter(self.timings().claim / 5));
                }
            }
            // Before we know where we stand; the number that is told then is not below these.
            Pushed::Message { .. } if self.joined.is_none() => {}
            Pushed::Message { before, id, body } => match self.position {
                Some(position) if before > position => self.behind = true,
                _ => self.message(id, &body),
            },
        }
    }

    /// A message of the holder, unless it is known.
    fn message(&mut self, id: MessageId, body: &[u8]) {
        if self.position.is_some_and(|position| id <= position) {
            return;
        }
        self.position = Some(id);
        counter!("polychat_cluster_heard_total").increment(1);
        let (told, unknown) = told::decode(body);
        if unknown > 0 {
            counter!("polychat_cluster_unknown_total").increment(unknown);
        }
        for told in told {
            self.hear(told);
        }
    }

    fn hear(&mut self, told: Told) {
        match told {
            Told::Signal(Signal::Reader(_)) => {}
            Told::Signal(signal) => {
                self.untold.know(&signal);
                self.waiting.push_back(signal);
            }
            Told::Over(error) if self.role == Role::Follower => {
                self.over.get_or_insert((Instant::now() + LAST_WORDS, Err(error)));
            }
            Told::Over(_) => {}
        }
    }

    fn commands(&self, connections: &Connections) -> Commands {
        Commands {
            connection: connections.commands.clone(),
            names: self.names.clone(),
            instance: self.shared.instance.clone(),
            lease: self.timings().lease,
        }
    }

    /// The commands, if Redis is there.
    fn last_commands(&self) -> Option<Commands> {
        match self.shared.link.state() {
            State::There(connections) => Some(self.commands(&connections)),
            State::Unknown(_) | State::Away(..) => None,
        }
    }

    /// Reading is over, and all is told.
    async fn finish(mut self) -> Result<(), UpstreamError> {
        if self.role == Role::Holder
            && let (Some(after), Some(commands)) = (self.after.take(), self.last_commands())
        {
            let given = async {
                match after {
                    After::Release => commands.release().await,
                    After::Park(time) => commands.park(time).await,
                }
            };
            // Else the lease runs out.
            _ = timeout(LAST_WORDS, given).await;
        }
        self.over.map_or(Ok(()), |(_, outcome)| outcome)
    }

    /// Nobody watches here any more, or the program stops: what was read is told, then somebody else may read.
    async fn goodbye(mut self) {
        let own = self.own.take();
        let stopping = async {
            if let Some(own) = own {
                own.stop().await;
            }
        };
        let leaving = async {
            if self.role != Role::Holder {
                return;
            }
            if let Some((_, job)) = self.job.take() {
                match job.await {
                    Done::Published(Ok(Some(_))) => self.untold.told(),
                    Done::Published(_) => self.untold.put_back(),
                    _ => {}
                }
            }
            while !self.untold.is_empty()
                && let Some(commands) = self.last_commands()
            {
                let (known, message) = self.untold.take();
                if !matches!(commands.publish(known, message).await, Ok(Some(_))) {
                    break;
                }
                self.untold.told();
            }
            if let Some(commands) = self.last_commands() {
                _ = commands.release().await;
            }
        };
        let all = async { tokio::join!(stopping, leaving) };
        _ = timeout(GOODBYE, all).await;
    }
}

/// The state as it is told while nothing can be shared.
fn marked(state: UpstreamState) -> UpstreamState {
    match state {
        UpstreamState::Started(mut started) if started.message.is_none() => {
            started.message = Some(ALONE.to_owned());
            UpstreamState::Started(started)
        }
        state => state,
    }
}

fn pause(failures: u32) -> Duration {
    let (first, longest) = RETRY;
    let plain = first.saturating_mul(1 << failures.min(10)).min(longest);
    plain.mul_f64(rand::rng().random_range(0.8..1.2))
}

/// So that not everybody asks at the same time.
fn jitter(most: Duration) -> Duration {
    most.mul_f64(rand::rng().random_range(0.0..1.0))
}
