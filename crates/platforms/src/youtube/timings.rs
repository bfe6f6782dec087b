//! How long YouTube is waited for, and how often it is asked. Tests use shorter ones.

use std::time::Duration;

/// Every pause and every limit of reading YouTube.
#[derive(Debug, Clone)]
pub struct Timings {
    /// From one fetch that a push asks for to the next, at least. Chosen by hand: shorter than people notice, and an answer
    /// takes longer. Doubled by each answer that says "too many", up to [`signal_gap_longest`](Self::signal_gap_longest).
    pub signal_gap: Duration,
    /// The longest that it grows to.
    pub signal_gap_longest: Duration,
    /// The longest pause while pushes come: on a busy chat an answer reaches back about 10 s.
    pub backstop: Duration,
    /// Without pushes: the first pause, after an answer that brought something.
    pub poll_first: Duration,
    /// Without pushes: the longest pause, reached by doubling after empty answers.
    pub poll_longest: Duration,
    /// After the first failure; doubled by each further one.
    pub retry_first: Duration,
    /// The longest pause after failures.
    pub retry_longest: Duration,
    /// The longest pause when YouTube limits our address.
    pub limited_longest: Duration,
    /// How long an answer without a continuation is given to be a hiccup.
    pub hiccup: Duration,
    /// After how long without any message a chat with viewers is suspected of a dead token. Readers of other programs
    /// report silence after hours; a minute more or less costs one request.
    pub watchdog: Duration,
    /// How often the token is renewed in any case.
    pub refresh: Duration,
    /// How often viewers, likes and title are asked for. The page asks every 5 s; nobody sees the difference.
    pub metadata: Duration,
    /// How often a channel that is not live is looked at.
    pub look_again: Duration,
    /// The same around an announced start.
    pub look_again_soon: Duration,
    /// How long before a start, and after it, "around" is.
    pub around_start: Duration,
    /// How often a waiting room is left to see whether another broadcast of the channel has begun.
    pub look_around: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            signal_gap: Duration::from_millis(60),
            signal_gap_longest: seconds(2),
            backstop: seconds(8),
            poll_first: seconds(1),
            poll_longest: seconds(4),
            retry_first: seconds(1),
            retry_longest: seconds(30),
            limited_longest: seconds(60),
            hiccup: seconds(2),
            watchdog: seconds(300),
            refresh: seconds(3_600),
            metadata: seconds(30),
            look_again: seconds(30),
            look_again_soon: seconds(5),
            around_start: seconds(600),
            look_around: seconds(120),
        }
    }
}
