//! What came back from Redis, and what was pushed from there.

use metrics::counter;
use polychat_platforms::{Reader, Signal};
use rand::RngExt;
use tokio::time::Instant;
use tracing::{debug, info};

use super::{Done, LAST_WORDS, Reading, Role, jitter};
use crate::commands::{Kept, MessageId, Messages, Pushed};
use crate::told::{self, Told};

impl Reading<'_> {
    /// Something that was asked was not done.
    fn trouble(&mut self, error: &redis::RedisError) {
        debug!(channel = %self.key, %error, "Redis did not do what was asked");
        self.trouble_since.get_or_insert_with(Instant::now);
        self.shared.link.doubt();
    }

    pub(super) fn done(&mut self, began: Instant, done: Done) {
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
                if self.own.is_some() {
                    // Offered: if nobody wants it, we go on where we are.
                    self.role = Role::Undecided;
                    self.claim_at = now + 2 * self.timings().claim;
                } else {
                    self.follow();
                }
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
                for Kept { before, id, body } in list {
                    if self.position.is_some_and(|position| before.is_some_and(|before| before > position)) {
                        self.missed();
                    }
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

    /// Something was pushed to us.
    pub(super) fn heard(&mut self, pushed: Pushed) {
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

    /// We were away for longer than messages are kept.
    fn missed(&mut self) {
        info!(channel = %self.key, "messages that another program has read are not kept any more");
        counter!("polychat_cluster_missed_total").increment(1);
        self.waiting.push_back(Signal::Missed);
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
}
