//! Becoming a follower or alone, and reading the platform by ourselves.

use std::time::Duration;

use metrics::counter;
use polychat_platforms::{Reader, Signal, UpstreamError, UpstreamState};
use rand::RngExt;
use tokio::time::Instant;
use tracing::warn;

use super::{After, LAST_WORDS, Reading, Role};
use crate::commands::MessageId;
use crate::own::Own;
use crate::told::Told;

/// The pauses after the platform was lost: 1 s, doubling to 30 s, a fifth more or less.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// After how long without a failure the pauses begin at 1 s again.
const HEALTHY: Duration = Duration::from_secs(60);

/// How much longer than its pause a lease is held for a channel that is not live, and the longest that it is.
const PARKED_FOR: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(600));

/// What people are told while nothing can be shared.
const ALONE: &str = "The chat is read by this server alone, as Redis is away.";

impl Reading<'_> {
    pub(super) fn follow(&mut self) {
        self.role = Role::Follower;
        (self.own_at, self.joined, self.last) = (None, None, MessageId::NONE);
        self.untold.clear();
        if self.listening.is_none() {
            self.listening = Some(self.shared.link.listen(&self.names.stream));
        }
        self.tell_reader(Reader::Elsewhere);
    }

    /// Somebody else has taken the lease: nothing of what we read is told to others any more.
    pub(super) fn lost(&mut self, now: Instant) {
        warn!(channel = %self.key, "the lease of this channel was lost; another program reads it now");
        counter!("polychat_cluster_lost_leases_total").increment(1);
        (self.held_before, self.draining, self.after) = (false, false, None);
        self.claim_at = now + self.timings().claim;
        if let Some(own) = self.own.take() {
            own.leave();
        }
        self.follow();
    }

    pub(super) fn be_alone(&mut self, now: Instant) {
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

    pub(super) fn tell_reader(&mut self, reader: Reader) {
        if self.told_reader != Some(reader) {
            self.told_reader = Some(reader);
            self.waiting.push_back(Signal::Reader(reader));
        }
    }

    pub(super) fn start_own(&mut self, now: Instant) {
        (self.own_at, self.own_since, self.lost_since) = (None, now, None);
        self.own = Some(Own::start(self.connector, &self.key));
    }

    /// Something that we have read ourselves.
    pub(super) fn read(&mut self, signal: Signal) {
        self.untold.know(&signal);
        match &signal {
            Signal::State(UpstreamState::Reconnecting { .. }) => _ = self.lost_since.get_or_insert_with(Instant::now),
            Signal::State(_) => self.lost_since = None,
            _ => {}
        }
        // A lease that was offered may come back.
        if matches!(self.role, Role::Holder | Role::Undecided) {
            self.untold.push(&Told::Signal(signal.clone()));
        }
        self.waiting.push_back(match signal {
            Signal::State(state) if self.role == Role::Alone => Signal::State(marked(state)),
            signal => signal,
        });
    }

    /// Our own reading has ended.
    pub(super) fn ended(&mut self, outcome: Result<(), UpstreamError>) {
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
