//! When a chat is fetched next: at once when a push says so, by the clock when none does, later after failures.

use std::time::Duration;

use super::timings::Timings;

/// Why a chat is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// YouTube said that something is new, and when it was published (Unix microseconds).
    Signal(u64),
    /// Pushes come, but none for a while.
    Backstop,
    /// No pushes come.
    Poll,
}

/// What a failed fetch asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AfterFailure {
    /// How long to wait.
    pub(crate) pause: Duration,
    /// Whether the token is to be thrown away.
    pub(crate) renew: bool,
    /// Whether people are to be told.
    pub(crate) tell: bool,
}

/// Kinds of failures, as far as they are treated differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The network, or an error of theirs.
    Passing,
    /// The token was refused.
    Token,
    /// Too many requests.
    Limited,
}

/// After how many refusals of a token a new one is fetched.
const TOKEN_FAILURES: u32 = 3;
/// After how many failures of any kind a new one is fetched.
const FAILURES: u32 = 5;
/// After how many failures people are told.
const TELL_AFTER: u32 = 3;
/// After how many good answers the pause between fetches is halved again. Chosen by hand: half an hour of a busy chat.
const FORGIVEN_AFTER: u32 = 2_000;

/// The pace of one chat.
#[derive(Debug)]
pub(crate) struct Pace {
    /// Whether a push was seen on the present connection, and none has failed to come since.
    pushed: bool,
    signal: Option<u64>,
    empties: u32,
    failures: u32,
    timeout: Duration,
    /// How often the pause between two fetches was doubled, and good answers since.
    doubled: u32,
    good: u32,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self { pushed: false, signal: None, empties: 0, failures: 0, timeout: Duration::MAX, doubled: 0, good: 0 }
    }

    /// A push: something was published at `usec`. Several before the next fetch are one.
    pub(crate) fn signalled(&mut self, usec: u64) {
        self.pushed = true;
        self.signal = Some(self.signal.unwrap_or(0).max(usec));
    }

    /// The push connection is gone, or brings nothing.
    pub(crate) fn push_lost(&mut self) {
        self.pushed = false;
    }

    /// Why the next fetch is made; takes the signal.
    pub(crate) fn why(&mut self) -> Why {
        match self.signal.take() {
            Some(usec) => Why::Signal(usec),
            None if self.pushed => Why::Backstop,
            None => Why::Poll,
        }
    }

    /// An answer came. `advised` is the pause that it names.
    pub(crate) fn answered(&mut self, why: Why, items: usize, advised: Option<Duration>) {
        self.failures = 0;
        self.good += 1;
        if self.good >= FORGIVEN_AFTER {
            (self.good, self.doubled) = (0, self.doubled.saturating_sub(1));
        }
        self.timeout = advised.unwrap_or(Duration::MAX);
        self.empties = if items == 0 { self.empties.saturating_add(1) } else { 0 };
        // A message that no push told of: pushes have fallen behind, and are not waited for until one comes again.
        if why == Why::Backstop && items > 0 {
            self.pushed = false;
        }
    }

    /// How long after the last fetch the next one is due. `jitter` is between 0 and 1.
    pub(crate) fn wait(&self, timings: &Timings, jitter: f64) -> Duration {
        if self.failures > 0 {
            // What failed is tried again as soon as the failure allows.
            return Duration::ZERO;
        }
        if self.signal.is_some() {
            return timings.signal_gap.saturating_mul(1 << self.doubled.min(10)).min(timings.signal_gap_longest);
        }
        if self.pushed {
            return timings.backstop.min(self.timeout);
        }
        let longest = timings.poll_longest.min(self.timeout).max(timings.poll_first);
        let plain = timings.poll_first.saturating_mul(1 << self.empties.min(8)).min(longest);
        // A seventh more or less, so that many programs do not ask in step; never more often than once a second.
        plain.mul_f64(0.85 + 0.3 * jitter).max(timings.poll_first)
    }

    /// A fetch failed.
    pub(crate) fn failed(&mut self, failure: Failure, timings: &Timings, jitter: f64) -> AfterFailure {
        self.failures = self.failures.saturating_add(1);
        self.good = 0;
        if failure == Failure::Limited {
            self.doubled = (self.doubled + 1).min(10);
        }
        let longest = if failure == Failure::Limited { timings.limited_longest } else { timings.retry_longest };
        let plain = timings.retry_first.saturating_mul(1 << (self.failures - 1).min(10)).min(longest);
        // Full jitter, but never at once.
        let pause = plain.mul_f64(0.5 + 0.5 * jitter);
        let renew = match failure {
            Failure::Token => self.failures.is_multiple_of(TOKEN_FAILURES),
            Failure::Passing => self.failures.is_multiple_of(FAILURES),
            Failure::Limited => false,
        };
        AfterFailure { pause, renew, tell: self.failures >= TELL_AFTER }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn without_pushes_a_quiet_chat_is_asked_less_and_less_often() {
        let (mut pace, timings) = (Pace::new(), Timings::default());
        let mut waits = Vec::new();
        for items in [3, 0, 0, 0, 1] {
            pace.answered(Why::Poll, items, Some(seconds(10)));
            waits.push(pace.wait(&timings, 0.5));
        }
        assert_eq!(waits, [1, 2, 4, 4, 1].map(seconds));
        pace.answered(Why::Poll, 0, Some(Duration::ZERO));
        assert_eq!(pace.wait(&timings, 0.0), seconds(1), "never more often than once a second, whatever is advised");
    }

    #[test]
    fn a_push_is_answered_at_once_and_several_are_one() {
        let (mut pace, timings) = (Pace::new(), Timings::default());
        pace.signalled(5);
        pace.signalled(9);
        pace.signalled(7);
        assert_eq!(pace.wait(&timings, 0.5), timings.signal_gap);
        assert_eq!(pace.why(), Why::Signal(9));
        pace.answered(Why::Signal(9), 1, Some(seconds(10)));
        assert_eq!(pace.wait(&timings, 0.5), seconds(8), "then a slow clock is enough");
        assert_eq!(pace.why(), Why::Backstop);
    }

    #[test]
    fn too_many_requests_make_all_further_ones_rarer() {
        let (mut pace, timings) = (Pace::new(), Timings::default());
        let gap = |pace: &mut Pace| {
            pace.signalled(1);
            let gap = pace.wait(&timings, 0.5);
            let why = pace.why();
            pace.answered(why, 1, None);
            gap
        };
        assert_eq!(gap(&mut pace), timings.signal_gap);
        pace.failed(Failure::Limited, &timings, 0.5);
        pace.answered(Why::Poll, 1, None);
        assert_eq!(gap(&mut pace), timings.signal_gap * 2);
        for _ in 0..40 {
            pace.failed(Failure::Limited, &timings, 0.5);
        }
        pace.answered(Why::Poll, 1, None);
        assert_eq!(gap(&mut pace), timings.signal_gap_longest);
        let waits = (0..20 * FORGIVEN_AFTER).map(|_| gap(&mut pace));
        assert_eq!(waits.last(), Some(timings.signal_gap), "forgiven in the end");
    }

    #[test]
    fn pushes_that_fall_behind_are_not_relied_upon() {
        let (mut pace, timings) = (Pace::new(), Timings::default());
        pace.signalled(1);
        let why = pace.why();
        pace.answered(why, 1, None);
        pace.answered(Why::Backstop, 0, None);
        assert!(pace.pushed, "nothing was missed");
        pace.answered(Why::Backstop, 2, None);
        assert_eq!((pace.pushed, pace.wait(&timings, 0.5)), (false, seconds(1)));
        pace.signalled(2);
        assert!(pace.pushed, "one push, and they are trusted again");
    }

    #[test]
    fn failures_slow_down_and_ask_for_a_new_token() {
        let (mut pace, timings) = (Pace::new(), Timings::default());
        let after: Vec<_> = (0..7).map(|_| pace.failed(Failure::Token, &timings, 1.0)).collect();
        assert_eq!(after.iter().map(|a| a.pause.as_secs()).collect::<Vec<_>>(), [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(after.iter().map(|a| a.renew).collect::<Vec<_>>(), [false, false, true, false, false, true, false]);
        assert!(!after[1].tell && after[2].tell, "two are nobody's business");
        assert_eq!(pace.wait(&timings, 0.5), Duration::ZERO, "the pause after the failure is all");
        let limited = (0..4).map(|_| pace.failed(Failure::Limited, &timings, 1.0)).next_back().unwrap();
        assert_eq!((limited.pause, limited.renew), (seconds(60), false), "a new token is one more request");
        pace.answered(Why::Poll, 0, None);
        assert_eq!(pace.failed(Failure::Passing, &timings, 1.0).pause, seconds(1), "an answer forgives all");
    }
}
