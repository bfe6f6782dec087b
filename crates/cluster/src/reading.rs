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

mod answers;
mod roles;
mod untold;

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use polychat_model::ChannelKey;
use polychat_platforms::{Connector, Outlet, Reader, Signal, UpstreamError};
use rand::RngExt;
use redis::RedisResult;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::commands::{Commands, MessageId, Messages, Names, Pushed};
use crate::link::{Connections, Listening, State};
use crate::own::Own;
use crate::{Shared, Timings};
use untold::Untold;

/// How much may wait for our own hub before nothing more is taken.
const WAITING: usize = 256;

/// How long the last words may take to be told when reading is over.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// How long leaving may take in all. Below what the hub gives us.
const GOODBYE: Duration = Duration::from_millis(1_800);

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
    /// Since when our own reading has lost the platform and tries again by itself.
    lost_since: Option<Instant>,

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
            lost_since: None,
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
        if self.role == Role::Holder
            && (self.after.is_none() && self.over.is_none())
            && self.lost_since.is_some_and(|since| now.duration_since(since) >= self.timings().offer)
        {
            self.lost_since = Some(now);
            self.after = Some(After::Release);
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

/// So that not everybody asks at the same time.
fn jitter(most: Duration) -> Duration {
    most.mul_f64(rand::rng().random_range(0.0..1.0))
}
