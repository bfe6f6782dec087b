//! How often something may be done that others may answer in kind: raising a window above one that raises itself, too.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// At most so many times in any second. Pure: the time is told.
#[derive(Debug)]
pub(crate) struct Pace {
    times: VecDeque<Instant>,
    per_second: usize,
}

impl Pace {
    /// At most `per_second` times.
    pub(crate) fn new(per_second: usize) -> Self {
        Self { times: VecDeque::with_capacity(per_second), per_second: per_second.max(1) }
    }

    /// Whether it may be done now, which is then counted; else how long to wait.
    pub(crate) fn ask(&mut self, now: Instant) -> Result<(), Duration> {
        const SECOND: Duration = Duration::from_secs(1);
        while self.times.front().is_some_and(|time| now.duration_since(*time) >= SECOND) {
            self.times.pop_front();
        }
        if self.times.len() < self.per_second {
            self.times.push_back(now);
            return Ok(());
        }
        Err(self.times.front().map_or(SECOND, |time| SECOND.saturating_sub(now.duration_since(*time))))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Pace;

    #[test]
    fn no_more_than_so_many_in_any_second() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut pace = Pace::new(3);
        assert_eq!([pace.ask(at(0)), pace.ask(at(10)), pace.ask(at(20))], [Ok(()); 3]);
        assert_eq!(pace.ask(at(400)), Err(Duration::from_millis(600)));
        assert_eq!(pace.ask(at(1000)), Ok(()));
        assert_eq!(pace.ask(at(1001)), Err(Duration::from_millis(9)), "that of 10 ms still counts");
        assert_eq!(pace.ask(at(5000)), Ok(()));
    }

    #[test]
    fn one_that_answers_every_raise_is_not_fought() {
        let start = Instant::now();
        let mut pace = Pace::new(3);
        let raised = (0..10_000).filter(|ms| pace.ask(start + Duration::from_millis(*ms)).is_ok()).count();
        assert_eq!(raised, 30, "ten seconds of it");
    }
}
