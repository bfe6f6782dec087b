//! The ladder: which way to a room is tried, when it is left for the next one, and when the first is tried again.
//!
//! Pure; the caller has the clock.

use std::time::Duration;

use polychat_model::wire::Via;
use tokio::time::Instant;

use super::timings::Timings;

/// Why a connection was not made, or was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setback {
    /// TikTok refuses this anonymous visitor (`DEVICE_BLOCKED`).
    Refused,
    /// No cookie of an anonymous visitor is to be had.
    NoCookie,
    /// The socket opened, and nothing came.
    Silent,
    /// TikTok's own page is open, and nothing of a chat is seen in it.
    Unseen,
    /// TikTok said that it wants no direct sockets (`disable_web_direct`).
    Unwanted,
    /// TikTok turns this computer away: too many requests, or the wrong country.
    Blocked,
    /// The page needs its user: a captcha, a login.
    NeedsUser,
    /// The page may only be opened once its user has agreed.
    NotAgreed,
    /// Anything that passes by itself: the network, a server that restarts.
    Lost,
}

impl Setback {
    /// After how many of them in a row this way is left for the next one.
    fn patience(self) -> u32 {
        match self {
            Self::Refused => 3,
            Self::Silent | Self::Unseen | Self::Unwanted => 2,
            Self::NoCookie | Self::NeedsUser | Self::NotAgreed => 1,
            Self::Blocked | Self::Lost => 5,
        }
    }

    /// Why the way was left, in words for people, after "the direct connection".
    pub(crate) fn because(self) -> &'static str {
        match self {
            Self::Refused => "was refused",
            Self::NoCookie => "needs a visitor's cookie, and TikTok gave none",
            Self::Silent => "was opened but stayed silent",
            Self::Unwanted => "is not wanted by TikTok",
            Self::Blocked => "was turned away",
            Self::NeedsUser => "needs you: TikTok asks for a captcha or a login",
            // Never of the direct connection.
            Self::Unseen => "shows no chat",
            Self::NotAgreed => "is not allowed",
            Self::Lost => "was lost again and again",
        }
    }

    /// Whether a new visitor's cookie may help.
    pub(crate) fn wants_new_visitor(self) -> bool {
        matches!(self, Self::Refused | Self::Silent)
    }
}

/// What to do after a setback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Next {
    /// How long to wait.
    pub(crate) pause: Duration,
    /// Whether people are to be told.
    pub(crate) tell: bool,
    /// Every way has failed.
    pub(crate) exhausted: bool,
}

/// Two losses in a row are nobody's business: the chat goes on after a second or two.
const TELL_AFTER: u32 = 2;

/// The ways to one room, the best first, and the place on them.
#[derive(Debug)]
pub(crate) struct Ladder {
    ways: Vec<Via>,
    at: usize,
    since: Instant,
    /// Setbacks of one kind in a row, and of all kinds.
    last: Option<(Setback, u32)>,
    failures: u32,
    blocked: u32,
    /// Why the best way was left.
    left: Option<Setback>,
}

impl Ladder {
    /// At the top. `ways` has at least one.
    pub(crate) fn new(ways: Vec<Via>) -> Self {
        Self { ways, at: 0, since: Instant::now(), last: None, failures: 0, blocked: 0, left: None }
    }

    /// The way to take.
    pub(crate) fn via(&self) -> Via {
        self.ways.get(self.at).copied().unwrap_or(Via::Direct)
    }

    /// Why the best way was left, while it is.
    pub(crate) fn left(&self) -> Option<Setback> {
        self.left.filter(|_| self.at > 0)
    }

    /// A connection has lived long enough to be a good one.
    pub(crate) fn healthy(&mut self) {
        (self.last, self.failures, self.blocked) = (None, 0, 0);
    }

    /// When the best way is to be tried again.
    pub(crate) fn primary_due(&self, timings: &Timings) -> Option<Instant> {
        (self.at > 0).then(|| self.since + timings.primary_again)
    }

    /// Tries the best way again. One setback of the kind that drove us away is enough to come back.
    pub(crate) fn primary(&mut self) {
        (self.at, self.since) = (0, Instant::now());
        (self.failures, self.blocked) = (0, 0);
        self.last = self.left.map(|setback| (setback, setback.patience().saturating_sub(1)));
    }

    /// Takes one way at once, if it is there: what stood before it is gone.
    pub(crate) fn take(&mut self, via: Via, left: Setback) {
        if let Some(at) = self.ways.iter().position(|way| *way == via) {
            (self.at, self.since, self.left) = (at, Instant::now(), Some(left));
            (self.last, self.failures) = (None, 0);
        }
    }

    /// A connection was not made, or was lost. `jitter` is between 0 and 1.
    pub(crate) fn setback(&mut self, setback: Setback, timings: &Timings, jitter: f64) -> Next {
        let alike = match self.last {
            Some((last, times)) if last == setback => times + 1,
            _ => 1,
        };
        self.last = Some((setback, alike));
        self.failures = self.failures.saturating_add(1);
        let spread = |pause: Duration| pause.mul_f64(0.75 + 0.5 * jitter);
        if alike >= setback.patience() || self.failures >= 2 * Setback::Lost.patience() {
            if self.ways.len() > self.at + 1 {
                if self.at == 0 {
                    self.left = Some(setback);
                }
                self.at += 1;
                self.since = Instant::now();
                (self.last, self.failures) = (None, 0);
                return Next { pause: spread(timings.retry_first), tell: true, exhausted: false };
            }
            if !matches!(setback, Setback::Lost | Setback::Blocked) {
                // From the top again, but not soon: what refuses now will not change its mind in a minute.
                (self.at, self.since, self.last, self.failures) = (0, Instant::now(), None, 0);
                self.left = None;
                return Next { pause: spread(timings.retry_exhausted), tell: true, exhausted: true };
            }
        }
        let pause = match setback {
            Setback::Blocked => {
                let pause = doubled(timings.blocked_first, self.blocked, timings.blocked_longest);
                self.blocked = self.blocked.saturating_add(1);
                pause
            }
            Setback::Refused => timings.retry_refused,
            _ => doubled(timings.retry_first, self.failures - 1, timings.retry_longest),
        };
        let tell = self.failures > TELL_AFTER || matches!(setback, Setback::Blocked | Setback::Unseen);
        Next { pause: spread(pause), tell, exhausted: false }
    }
}

fn doubled(first: Duration, times: u32, longest: Duration) -> Duration {
    first.saturating_mul(1 << times.min(10)).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Via; 3] = [Via::Direct, Via::Webview, Via::SignServer];

    fn after(ladder: &mut Ladder, setback: Setback) -> (Via, u64, bool) {
        let next = ladder.setback(setback, &Timings::default(), 0.5);
        (ladder.via(), next.pause.as_secs(), next.exhausted)
    }

    #[tokio::test]
    async fn a_way_is_left_after_as_many_refusals_as_it_deserves() {
        for (setback, times) in
            [(Setback::Refused, 3), (Setback::Silent, 2), (Setback::Unwanted, 2), (Setback::NoCookie, 1)]
        {
            let mut ladder = Ladder::new(ALL.to_vec());
            for _ in 1..times {
                assert_eq!(after(&mut ladder, setback).0, Via::Direct, "{setback:?}");
            }
            assert_eq!(after(&mut ladder, setback), (Via::Webview, 1, false), "{setback:?}");
            assert_eq!(ladder.left(), Some(setback));
        }
    }

    #[tokio::test]
    async fn losses_slow_down_and_never_give_up() {
        let mut ladder = Ladder::new(vec![Via::Direct]);
        let pauses: Vec<_> = (0..8).map(|_| after(&mut ladder, Setback::Lost).1).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30, 30]);
        ladder.healthy();
        assert_eq!(after(&mut ladder, Setback::Lost).1, 1, "a good connection forgives all");
        assert_eq!(ladder.left(), None);
    }

    #[tokio::test]
    async fn who_turns_us_away_is_left_alone_for_longer_and_longer() {
        let mut ladder = Ladder::new(vec![Via::Direct]);
        let pauses: Vec<_> = (0..6).map(|_| after(&mut ladder, Setback::Blocked).1).collect();
        assert_eq!(pauses, [60, 120, 240, 480, 900, 900]);
    }

    #[tokio::test]
    async fn when_every_way_has_failed_it_begins_again_after_a_long_pause() {
        let mut ladder = Ladder::new(vec![Via::Direct, Via::SignServer]);
        after(&mut ladder, Setback::NoCookie);
        assert_eq!(after(&mut ladder, Setback::Silent), (Via::SignServer, 1, false));
        assert_eq!(after(&mut ladder, Setback::Silent), (Via::Direct, 300, true));
    }

    #[tokio::test]
    async fn a_way_that_is_not_allowed_is_left_at_once_and_taken_when_it_is() {
        let mut ladder = Ladder::new(vec![Via::Direct, Via::Webview]);
        after(&mut ladder, Setback::NoCookie);
        assert_eq!(after(&mut ladder, Setback::NotAgreed), (Via::Direct, 300, true));
        ladder.take(Via::Webview, Setback::NoCookie);
        assert_eq!((ladder.via(), ladder.left()), (Via::Webview, Some(Setback::NoCookie)));
        ladder.take(Via::SignServer, Setback::NoCookie);
        assert_eq!(ladder.via(), Via::Webview, "there is no sign server");
    }

    #[tokio::test]
    async fn the_first_way_is_tried_again_and_left_at_the_first_refusal() {
        let mut ladder = Ladder::new(ALL.to_vec());
        assert_eq!(ladder.primary_due(&Timings::default()), None);
        for _ in 0..3 {
            after(&mut ladder, Setback::Refused);
        }
        assert!(ladder.primary_due(&Timings::default()).is_some());
        ladder.primary();
        assert_eq!((ladder.via(), ladder.left()), (Via::Direct, None));
        assert_eq!(after(&mut ladder, Setback::Refused).0, Via::Webview);
    }
}
