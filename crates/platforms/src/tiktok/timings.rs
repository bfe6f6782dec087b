//! How long TikTok is waited for, and how often it is asked. Tests use shorter ones.

use std::time::Duration;

/// Every pause and every limit of reading TikTok.
#[derive(Debug, Clone)]
pub struct Timings {
    /// From one heartbeat to the next: the page's own interval. Without them the socket is closed.
    pub heartbeat: Duration,
    /// How long a connection may take to be made.
    pub connect: Duration,
    /// How long an open socket may stay silent before the room counts as not entered. TikTok opens sockets that it never
    /// speaks on.
    pub join: Duration,
    /// The same for TikTok's own page, which has to load first. Longer than the 20 s after which its observer says that it
    /// sees no socket.
    pub page: Duration,
    /// How long a joined room may be silent. Even quiet ones are told how many watch every few seconds.
    pub silence: Duration,
    /// How long a page waits for its user to solve a captcha or log in.
    pub user: Duration,
    /// A connection that lived so long was a good one: failures before it are forgotten.
    pub healthy: Duration,
    /// After the first failure; doubled by each further one.
    pub retry_first: Duration,
    /// The longest pause after failures.
    pub retry_longest: Duration,
    /// After TikTok has refused the cookie: long enough for a new one.
    pub retry_refused: Duration,
    /// When every way has failed.
    pub retry_exhausted: Duration,
    /// After TikTok has turned this computer away; doubled each time.
    pub blocked_first: Duration,
    /// The longest such pause.
    pub blocked_longest: Duration,
    /// Between two lookups of channels by name, over all channels. Not measured: what other clients get away with.
    pub lookup: Duration,
    /// Between two tries for a guest's cookie.
    pub mint: Duration,
    /// From the word that a broadcast is over to the look whether it is.
    pub verify_end: Duration,
    /// How often a channel that is not live is looked at, a fifth more or less.
    pub look_again: Duration,
    /// How long another way than the direct one is used before that one is tried again.
    pub primary_again: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            heartbeat: seconds(10),
            connect: seconds(10),
            join: seconds(15),
            page: seconds(40),
            silence: seconds(60),
            user: seconds(600),
            healthy: seconds(30),
            retry_first: seconds(1),
            retry_longest: seconds(30),
            retry_refused: seconds(2),
            retry_exhausted: seconds(300),
            blocked_first: seconds(60),
            blocked_longest: seconds(900),
            lookup: seconds(1),
            mint: Duration::from_millis(750),
            verify_end: seconds(5),
            look_again: seconds(45),
            primary_again: seconds(3_600),
        }
    }
}
