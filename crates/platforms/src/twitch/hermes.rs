//! Hermes: what Twitch pushes to its own pages, without login. Topics in, their JSON out.
//!
//! A connection carries at most [`TOPICS_MAX`] topics; more topics get more connections. Each heals itself for as long as
//! it has topics, and follows Twitch's wish to move without a gap.

mod connection;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// Most topics of one connection; what Twitch's own pages keep to.
pub(crate) const TOPICS_MAX: usize = 100;
/// Most connections. With eight topics a room that is six hundred rooms; chosen by hand.
const CONNECTIONS_MAX: usize = 50;

type Topics = BTreeSet<Arc<str>>;

/// Gets the topic and its JSON text. Must not block.
pub(crate) type Deliver = Box<dyn Fn(&str, &str) + Send + Sync>;

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HermesTimings {
    /// Until the connection stands and Hermes has said `welcome`.
    pub(crate) connect: Duration,
    /// How much longer than the promised keepalive a silence may last.
    pub(crate) grace: Duration,
    /// The first pause before a new attempt; it doubles.
    pub(crate) pause_min: Duration,
    /// The longest pause.
    pub(crate) pause_max: Duration,
}

impl Default for HermesTimings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            grace: Duration::from_secs(5),
            pause_min: Duration::from_secs(1),
            pause_max: Duration::from_secs(60),
        }
    }
}

/// What all connections share.
struct Shared {
    url: Url,
    client_ids: Vec<String>,
    timings: HermesTimings,
    deliver: Deliver,
}

/// All connections to Hermes.
pub(crate) struct Hermes {
    shared: Arc<Shared>,
    tasks: TaskTracker,
    cancel: CancellationToken,
    /// The topics of each connection. Dropping the sender ends it.
    connections: Mutex<Vec<watch::Sender<Topics>>>,
}

impl Hermes {
    /// Connects to nothing yet.
    pub(crate) fn new(
        url: Url,
        client_ids: Vec<String>,
        timings: HermesTimings,
        tasks: TaskTracker,
        cancel: CancellationToken,
        deliver: Deliver,
    ) -> Self {
        let shared = Arc::new(Shared { url, client_ids, timings, deliver });
        Self { shared, tasks, cancel, connections: Mutex::default() }
    }

    /// Listens to these topics, too.
    pub(crate) fn add(&self, topics: impl IntoIterator<Item = String>) {
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        for topic in topics.into_iter().map(Arc::<str>::from) {
            if connections.iter().any(|c| c.borrow().contains(&topic)) {
                continue;
            }
            if let Some(free) = connections.iter().find(|c| c.borrow().len() < TOPICS_MAX) {
                free.send_if_modified(|topics| topics.insert(topic));
            } else if connections.len() < CONNECTIONS_MAX {
                let (sender, wanted) = watch::channel(Topics::from([topic]));
                connections.push(sender);
                let (shared, cancel) = (Arc::clone(&self.shared), self.cancel.clone());
                self.tasks.spawn(async move {
                    let _ended = cancel.run_until_cancelled(connection::run(&shared, wanted)).await;
                });
            } else {
                metrics::counter!("polychat_upstream_refused_total", "platform" => "twitch", "kind" => "topic")
                    .increment(1);
            }
        }
    }

    /// Listens to these topics no more. A connection without topics ends.
    pub(crate) fn remove<'a>(&self, topics: impl IntoIterator<Item = &'a str>) {
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        for topic in topics {
            if let Some(connection) = connections.iter().find(|c| c.borrow().contains(topic)) {
                connection.send_if_modified(|topics| topics.remove(topic));
            }
        }
        connections.retain(|c| !c.borrow().is_empty());
    }
}
