//! All connections to Twitch chat and which channel is on which.
//!
//! One task, the keeper, owns everything and never waits for a connection or a reader: it hands out work without
//! blocking, and hears of everything through one queue. Readers get their lines straight from the connections.

mod keeper;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, info_span};

use self::keeper::Keeper;
use super::socket::Loss;
use super::timings::Timings;

/// Requests of readers that wait for the keeper. It answers within microseconds; a full queue makes readers wait.
const ASKS: usize = 64;

/// The connections that all channels share.
#[derive(Debug)]
pub(super) struct Pool {
    asks: mpsc::Sender<Ask>,
    left: Arc<Notify>,
}

/// What a reader asks of the keeper.
#[derive(Debug)]
enum Ask {
    Enter { login: Arc<str>, lines: mpsc::Sender<Box<str>>, link: watch::Sender<Link> },
    JoinAgain { login: Arc<str> },
}

/// How a channel does. Counters, because a `watch` shows only the latest state and none of these may be missed.
#[derive(Debug, Clone, Default)]
pub(super) struct Link {
    /// How often JOIN was sent.
    pub(super) asked: u64,
    /// How often Twitch repeated our JOIN.
    pub(super) echoed: u64,
    /// Whether the channel is joined at the moment.
    pub(super) joined: bool,
    /// The room's id, once it was told.
    pub(super) room_id: Option<Arc<str>>,
    /// How often the connection was lost, could not be made or had to be replaced.
    pub(super) losses: u64,
    /// How often messages may have been missed by that.
    pub(super) gaps: u64,
    /// The last time.
    pub(super) loss: Option<(Loss, Duration)>,
    /// How often Twitch did not let us in.
    pub(super) refused: u64,
    /// What it said the last time.
    pub(super) refusal: String,
    /// How often Twitch put us out of it.
    pub(super) put_out: u64,
}

/// A reader's place in the pool. Dropping it leaves the channel.
#[derive(Debug)]
pub(super) struct Membership {
    /// The lines of the channel, at most [`super::connection::LINES_PER_CHANNEL`] waiting.
    pub(super) lines: mpsc::Receiver<Box<str>>,
    /// How the channel does.
    pub(super) link: watch::Receiver<Link>,
    login: Arc<str>,
    asks: mpsc::Sender<Ask>,
    left: Arc<Notify>,
}

impl Pool {
    /// Starts the keeper. Needs a runtime.
    pub(super) fn start(address: &str, timings: &Timings, tracker: &TaskTracker, cancel: &CancellationToken) -> Self {
        let (asks, asked) = mpsc::channel(ASKS);
        let left = Arc::new(Notify::new());
        let keeper = Keeper::new(address.to_owned(), timings.clone(), tracker.clone(), cancel.clone());
        tracker.spawn(keeper.run(asked, Arc::clone(&left)).instrument(info_span!("twitch_chat")));
        Self { asks, left }
    }

    /// Whether the keeper has ended.
    pub(super) fn is_over(&self) -> bool {
        self.asks.is_closed()
    }

    /// Joins a channel. `None` when the pool has ended. Whoever read the same channel before loses it.
    pub(super) async fn enter(&self, login: Arc<str>) -> Option<Membership> {
        let (lines_in, lines) = mpsc::channel(super::connection::LINES_PER_CHANNEL);
        let (link_in, link) = watch::channel(Link::default());
        self.asks.send(Ask::Enter { login: Arc::clone(&login), lines: lines_in, link: link_in }).await.ok()?;
        Some(Membership { lines, link, login, asks: self.asks.clone(), left: Arc::clone(&self.left) })
    }
}

impl Membership {
    /// Sends JOIN once more: the last one was not answered, or Twitch put us out.
    pub(super) async fn join_again(&self) {
        // An error means that the pool has ended; `lines` ends with it.
        let _ = self.asks.send(Ask::JoinAgain { login: Arc::clone(&self.login) }).await;
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        // The keeper sees the closed end; the signal only makes it look at once.
        self.lines.close();
        self.left.notify_one();
    }
}
