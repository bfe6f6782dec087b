//! When the next request may be made. Pure: time and chance are passed in.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Lets at most `limit` JOINs pass within any span of `window`.
///
/// It remembers when each one passed instead of filling a bucket steadily: a bucket that is full at the start would let
/// nearly twice the limit pass within the first window.
#[derive(Debug)]
pub(super) struct JoinPacing {
    limit: usize,
    window: Duration,
    passed: VecDeque<Instant>,
}

impl JoinPacing {
    pub(super) fn new(limit: usize, window: Duration) -> Self {
        Self { limit: limit.max(1), window, passed: VecDeque::new() }
    }

    /// How many may pass now.
    pub(super) fn free(&mut self, now: Instant) -> usize {
        while self.passed.front().is_some_and(|&at| now.duration_since(at) >= self.window) {
            self.passed.pop_front();
        }
        self.limit - self.passed.len()
    }

    /// One passes. Only after [`free`](Self::free) has allowed it.
    pub(super) fn pass(&mut self, now: Instant) {
        self.passed.push_back(now);
    }

    /// When the next one may pass, if none may now.
    pub(super) fn next_free(&self) -> Option<Instant> {
        (self.passed.len() >= self.limit).then(|| self.passed.front().map(|&at| at + self.window)).flatten()
    }
}

/// Pauses that double from `first` to `max`, each shortened or lengthened by up to a fifth, so that many clients do not
/// come back at the same moment.
#[derive(Debug)]
pub(super) struct BackOff {
    first: Duration,
    max: Duration,
    failures: u32,
}

impl BackOff {
    pub(super) fn new(first: Duration, max: Duration) -> Self {
        Self { first, max, failures: 0 }
    }

    /// The next pause. `chance` is between 0 and 1.
    pub(super) fn next_pause(&mut self, chance: f64) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.max);
        self.failures = self.failures.saturating_add(1);
        doubled.mul_f64(0.8 + 0.4 * chance.clamp(0.0, 1.0)).min(self.max)
    }

    /// It works again.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_window_of_twitch_ever_sees_more_joins_than_it_allows() {
        let mut pacing = JoinPacing::new(18, Duration::from_millis(12_500));
        let mut passed = Vec::new();
        while passed.len() < 100 {
            let now = Instant::now();
            for _ in 0..pacing.free(now) {
                pacing.pass(now);
                passed.push(now);
            }
            tokio::time::sleep_until(pacing.next_free().expect("all places are taken")).await;
        }
        for (index, &start) in passed.iter().enumerate() {
            let within = passed[index..].iter().filter(|&&at| at - start < Duration::from_secs(10)).count();
            assert!(within <= 18, "{within} within 10 s");
        }
        assert_eq!(passed[99] - passed[0], Duration::from_millis(12_500 * 5), "and none waits longer than it must");
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_start_again_after_success() {
        let mut back_off = BackOff::new(Duration::from_secs(1), Duration::from_secs(30));
        let pauses: Vec<u64> = (0..7).map(|_| back_off.next_pause(0.5).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
        back_off.reset();
        assert_eq!(back_off.next_pause(0.0), Duration::from_millis(800));
        assert_eq!(back_off.next_pause(1.0), Duration::from_millis(2400));
        for _ in 0..100 {
            assert!(back_off.next_pause(1.0) <= Duration::from_secs(30));
        }
    }
}
