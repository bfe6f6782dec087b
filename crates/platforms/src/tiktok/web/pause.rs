//! Leaves a source alone that turned us away: asking on makes it worse.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::tiktok::room::NoRoom;

/// What is asked where a channel broadcasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// `api-live/user/room`.
    Api,
    /// `/@name/live`.
    LivePage,
    /// `/@name`.
    Profile,
    /// `room/info`.
    Info,
    /// `room/check_alive`.
    Alive,
    /// Where a short link leads.
    ShortLink,
}

impl Source {
    const COUNT: usize = 6;

    /// The word in metrics.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::LivePage => "live_page",
            Self::Profile => "profile",
            Self::Info => "room_info",
            Self::Alive => "check_alive",
            Self::ShortLink => "short_link",
        }
    }
}

/// The pauses of all sources.
pub(super) struct Pauses {
    first: Duration,
    max: Duration,
    sources: Mutex<[Option<Pause>; Source::COUNT]>,
}

#[derive(Clone)]
pub(super) struct Pause {
    why: NoRoom,
    until: Instant,
    length: Duration,
}

impl Pauses {
    /// A pause is `first` long, and twice as long each time that it did not help, up to `max`.
    pub(super) fn new(first: Duration, max: Duration) -> Self {
        Self { first, max, sources: Mutex::default() }
    }

    /// Fails during a pause, with the reason of it.
    pub(super) fn check(&self, source: Source) -> Result<(), NoRoom> {
        match &self.lock()[source as usize] {
            Some(pause) if Instant::now() < pause.until => Err(pause.why.clone()),
            _ => Ok(()),
        }
    }

    /// A source turned us away.
    pub(super) fn begin(&self, source: Source, why: &NoRoom) {
        let now = Instant::now();
        let pause = &mut self.lock()[source as usize];
        let length = match pause {
            // Requests that were on their way together are one refusal.
            Some(pause) if now < pause.until => return,
            Some(pause) => (pause.length * 2).min(self.max),
            None => self.first,
        };
        *pause = Some(Pause { why: why.clone(), until: now + length, length });
    }

    /// A source answered.
    pub(super) fn end(&self, source: Source) {
        self.lock()[source as usize] = None;
    }

    fn lock(&self) -> MutexGuard<'_, [Option<Pause>; Source::COUNT]> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiktok::room::Block;

    #[tokio::test(start_paused = true)]
    async fn a_pause_doubles_until_the_source_answers() {
        let pauses = Pauses::new(Duration::from_secs(60), Duration::from_secs(200));
        let wall = NoRoom::Blocked(Block::Limited);
        for expected in [60, 120, 200, 200] {
            pauses.begin(Source::Api, &wall);
            pauses.begin(Source::Api, &NoRoom::RegionClosed);
            assert_eq!(pauses.check(Source::Api), Err(wall.clone()), "the first reason stays");
            assert_eq!(pauses.check(Source::Info), Ok(()));
            tokio::time::advance(Duration::from_secs(expected - 1)).await;
            assert!(pauses.check(Source::Api).is_err());
            tokio::time::advance(Duration::from_secs(1)).await;
            assert_eq!(pauses.check(Source::Api), Ok(()));
        }
        pauses.end(Source::Api);
        pauses.begin(Source::Api, &wall);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(pauses.check(Source::Api), Ok(()), "begins anew");
    }
}
