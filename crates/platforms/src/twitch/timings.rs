//! How long to wait for Twitch, and how often to ask.

use std::time::Duration;

/// Every span of time and every limit of the connections to Twitch chat.
///
/// The program uses [`Timings::default`]; tests shorten what they would otherwise have to wait for.
#[derive(Debug, Clone, PartialEq)]
pub struct Timings {
    /// For the address, TCP, TLS and the WebSocket handshake together.
    pub connect: Duration,
    /// For the welcome (001) after that.
    pub welcome: Duration,
    /// For one request to leave our side.
    pub write: Duration,
    /// Nothing was heard for so long: we send a PING.
    pub silence: Duration,
    /// For the answer to it. Twitch answers within a fraction of a second.
    pub pong: Duration,
    /// For the state of the room after the first JOIN of a channel.
    pub join_first: Duration,
    /// The same after every further JOIN.
    pub join_again: Duration,
    /// The pause after the first failure; each further one doubles it.
    pub back_off: Duration,
    /// The longest pause.
    pub back_off_max: Duration,
    /// Between two new connections.
    pub between_connections: Duration,
    /// A connection without channels is closed after this time.
    pub idle: Duration,
    /// An old connection is read on for so long after every channel has joined on its successor: what was on its way when
    /// the successor joined arrives only on the old one.
    pub overlap: Duration,
    /// The longest that an old connection is kept while its channels move.
    pub retire: Duration,
    /// A full channel holds the others of its connection up for so long, once; then its lines are dropped and counted.
    pub stall: Duration,
    /// The longest that messages wait for history that is to be shown before them.
    pub history: Duration,
    /// Channels on one connection. Other clients in wide use take 90 to 100.
    pub channels_per_connection: usize,
    /// JOINs (each channel counts) within `join_window`. Twitch publishes 20 within 10 s and ignores what is above it.
    pub joins: usize,
    /// See `joins`.
    pub join_window: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            welcome: Duration::from_secs(10),
            write: Duration::from_secs(10),
            silence: Duration::from_secs(15),
            pong: Duration::from_secs(8),
            join_first: Duration::from_secs(5),
            join_again: Duration::from_secs(10),
            back_off: Duration::from_secs(1),
            back_off_max: Duration::from_secs(30),
            between_connections: Duration::from_secs(2),
            idle: Duration::from_secs(30),
            overlap: Duration::from_secs(2),
            retire: Duration::from_secs(120),
            stall: Duration::from_secs(1),
            history: Duration::from_secs(3),
            channels_per_connection: 90,
            joins: 18,
            join_window: Duration::from_millis(12_500),
        }
    }
}
