//! Numbers over time: messages second by second for the last five minutes, and minute by minute with the viewers.

use std::collections::VecDeque;

use polychat_model::{Rate, Series, iso_timestamp};
use serde::{Deserialize, Serialize};

/// How many minutes are kept: three hours.
const MINUTES: i64 = 180;

const SECONDS: i64 = 300;

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Minute {
    messages: u64,
    viewers: Option<u64>,
}

/// The minutes up to the latest, without a hole.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Minutes {
    /// The number of the first one, since 1970.
    first: i64,
    minutes: VecDeque<Minute>,
}

impl Minutes {
    fn count(&self) -> i64 {
        i64::try_from(self.minutes.len()).unwrap_or(i64::MAX)
    }

    /// What was saved, unless it cannot be.
    pub(crate) fn restored(self, now_ms: i64) -> Self {
        let fits = self.count() <= MINUTES && (0..=now_ms.div_euclid(60_000)).contains(&self.first);
        if fits { self } else { Self::default() }
    }

    /// Begins the minutes up to now. A clock that was put back counts into the latest.
    fn roll(&mut self, now_ms: i64) {
        let now = now_ms.div_euclid(60_000);
        if self.minutes.is_empty() || now - self.first >= 2 * MINUTES + self.count() {
            self.minutes.clear();
            self.first = now;
            self.minutes.push_back(Minute::default());
        }
        while self.first + self.count() <= now {
            self.minutes.push_back(Minute::default());
        }
        while self.count() > MINUTES {
            self.minutes.pop_front();
            self.first += 1;
        }
    }

    pub(crate) fn message(&mut self, now_ms: i64) {
        self.roll(now_ms);
        if let Some(minute) = self.minutes.back_mut() {
            minute.messages += 1;
        }
    }

    pub(crate) fn viewers(&mut self, viewers: u64, now_ms: i64) {
        self.roll(now_ms);
        if let Some(minute) = self.minutes.back_mut() {
            minute.viewers = Some(viewers);
        }
    }

    /// Adds the minutes of another count.
    pub(crate) fn absorb(&mut self, other: Self) {
        for (minute, at) in other.minutes.into_iter().zip(other.first..) {
            self.roll(at.saturating_mul(60_000));
            let own = usize::try_from(at - self.first).ok().and_then(|place| self.minutes.get_mut(place));
            if let Some(own) = own {
                own.messages += minute.messages;
                own.viewers = minute.viewers.or(own.viewers);
            }
        }
    }

    fn series<T>(&self, value: impl Fn(&Minute) -> T) -> Series<T> {
        let start = (!self.minutes.is_empty()).then(|| iso_timestamp(self.first * 60_000).to_string());
        Series { start, step_seconds: 60, values: self.minutes.iter().map(value).collect() }
    }

    pub(crate) fn viewers_series(&self) -> Series<Option<u64>> {
        self.series(|minute| minute.viewers)
    }
}

/// Messages in each of the last 300 seconds. Not saved: a restart is a gap in the rate and nothing else.
pub(crate) struct Pace {
    seconds: VecDeque<u32>,
    latest: i64,
    began: i64,
}

impl Pace {
    pub(crate) fn new(now_ms: i64) -> Self {
        let now = now_ms.div_euclid(1_000);
        Self { seconds: VecDeque::from(vec![0; SECONDS as usize]), latest: now, began: now }
    }

    pub(crate) fn message(&mut self, now_ms: i64) {
        self.roll(now_ms.div_euclid(1_000));
        if let Some(second) = self.seconds.back_mut() {
            *second = second.saturating_add(1);
        }
    }

    /// Adds the seconds of another count.
    pub(crate) fn absorb(&mut self, other: &Self) {
        self.roll(other.latest);
        let behind = usize::try_from(self.latest - other.latest).unwrap_or(usize::MAX);
        for (own, other) in self.seconds.iter_mut().rev().skip(behind).zip(other.seconds.iter().rev()) {
            *own = own.saturating_add(*other);
        }
        self.began = self.began.min(other.began);
    }

    /// Begins the seconds up to `now`.
    fn roll(&mut self, now: i64) {
        for _ in 0..(now - self.latest).clamp(0, SECONDS) {
            self.seconds.pop_front();
            self.seconds.push_back(0);
        }
        self.latest = self.latest.max(now);
    }

    fn within(&self, seconds: i64, now_ms: i64) -> u64 {
        let passed = (now_ms.div_euclid(1_000) - self.latest).clamp(0, seconds);
        self.seconds.iter().rev().take((seconds - passed) as usize).map(|&n| u64::from(n)).sum()
    }

    pub(crate) fn rate(&self, minutes: &Minutes, now_ms: i64) -> Rate {
        // A chat that was read for a minute has no average of five.
        let read_for = (now_ms.div_euclid(1_000) - self.began + 1).clamp(60, SECONDS);
        let average = self.within(SECONDS, now_ms) as f64 * 60.0 / read_for as f64;
        Rate {
            now: self.within(60, now_ms),
            five_minutes: (average * 10.0).round() / 10.0,
            series: minutes.series(|minute| minute.messages),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_764_000_000_000;

    #[test]
    fn the_rate_is_that_of_the_last_minute_and_fades() {
        let (mut pace, mut minutes) = (Pace::new(NOW), Minutes::default());
        for n in 0..120 {
            pace.message(NOW + n * 1_000);
            minutes.message(NOW + n * 1_000);
        }
        let end = NOW + 119_000;
        let rate = pace.rate(&minutes, end);
        assert_eq!((rate.now, rate.five_minutes, rate.series.values.len()), (60, 60.0, 2));
        assert_eq!(pace.rate(&minutes, end + 30_000).now, 30);
        let later = pace.rate(&minutes, end + 90_000);
        assert_eq!(later.now, 0);
        assert!(later.five_minutes > 30.0 && later.five_minutes < 40.0, "{}", later.five_minutes);
        assert!(pace.rate(&minutes, end + 600_000).five_minutes < 0.1);
        pace.message(NOW - 5_000);
        assert_eq!(pace.rate(&minutes, end).now, 61, "a clock that was put back loses nothing");
    }

    #[test]
    fn minutes_have_no_holes_and_are_bounded() {
        let mut minutes = Minutes::default();
        minutes.message(NOW);
        minutes.viewers(7, NOW + 3 * 60_000);
        minutes.viewers(9, NOW + 3 * 60_000 + 1);
        assert_eq!(minutes.viewers_series().values, [None, None, None, Some(9)]);
        for n in 0..MINUTES * 2 {
            minutes.message(NOW + n * 60_000);
        }
        assert_eq!(minutes.count(), MINUTES);
        minutes.message(NOW + 10_000 * 60_000);
        assert_eq!(minutes.minutes.len(), 1, "after a long silence the series begins anew");
    }
}
