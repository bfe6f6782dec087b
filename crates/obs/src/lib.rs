//! Keeps a connection to OBS through its WebSocket server (obs-websocket 5, a part of OBS since 28): says how OBS does, puts
//! overlays into scenes, and lets our sources load their pages anew.
//!
//! A task follows what is saved. While nobody wants OBS it waits for that to change and does nothing else.

mod address;
mod keeper;
mod protocol;
mod session;
mod sources;

use std::sync::Arc;
use std::time::Duration;

use polychat_model::obs::{AddToObs, AddedToObs, ObsNow, ObsScenes, RefreshedObs};
use polychat_model::saved::{Saved, Secret};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use address::{Address, BadAddress};
use keeper::{Keeper, Order};

/// Orders that wait for their turn. More are refused; a person gives one at a time.
const ORDERS: usize = 8;

/// Where this Polychat is, and who may have said where OBS is.
#[derive(Debug, Clone, Default)]
pub struct ObsConfig {
    /// Set when the program was started; goes before what is saved.
    pub fixed: Option<Fixed>,
    /// The port that links carry now.
    pub port: u16,
    /// Ports that they may have carried before.
    pub earlier_ports: Vec<u16>,
    /// The host under which other computers reach this Polychat, if they do.
    pub elsewhere: Option<String>,
    /// Pauses and limits.
    pub timings: ObsTimings,
}

/// Where OBS is, whatever is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// Its WebSocket server.
    pub address: Address,
    /// Its password.
    pub password: Option<Secret>,
}

/// Pauses and limits. Chosen by hand.
#[derive(Debug, Clone, Copy)]
pub struct ObsTimings {
    /// How long a connection with all its greetings may take.
    pub connect: Duration,
    /// How long an answer may take.
    pub answer: Duration,
    /// How long all questions and answers of one piece of work may take.
    pub work: Duration,
    /// The first and the longest pause between attempts.
    pub retry: (Duration, Duration),
    /// After something has happened in OBS, how long more of it is waited for before it is looked at.
    pub settle: Duration,
    /// What OBS does not tell is looked for so often. It also shows that the connection lives.
    pub look: Duration,
}

impl Default for ObsTimings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(5),
            work: Duration::from_secs(10),
            retry: (Duration::from_secs(1), Duration::from_secs(30)),
            settle: Duration::from_millis(150),
            look: Duration::from_secs(30),
        }
    }
}

/// Why something was not done in OBS, in words for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// There is no connection, and this is why.
    #[error("{0}")]
    NotConnected(String),
    /// There is no such scene.
    #[error("OBS has no scene \u{201c}{0}\u{201d} any more.")]
    NoScene(String),
    /// This OBS was built without browser sources.
    #[error(
        "This OBS has no browser sources, so it cannot show pages. Install OBS from obsproject.com, or on Linux the package \
         obs-browser or the Flatpak."
    )]
    NoBrowserSources,
    /// OBS is on another computer, from where our pages cannot be opened.
    #[error(
        "OBS runs on another computer, and only this one may open Polychat's pages. Start Polychat with --bind 0.0.0.0 to let \
         others in."
    )]
    OutOfReach,
    /// OBS has said no.
    #[error("OBS did not do that: {0}")]
    Refused(String),
    /// Too many orders wait.
    #[error("Polychat is still busy with OBS. Try again in a moment.")]
    Busy,
}

/// The connection to OBS. A cheap handle: clones are the same.
#[derive(Debug, Clone)]
pub struct Obs {
    now: watch::Receiver<ObsNow>,
    orders: mpsc::Sender<Order>,
    fixed: Option<Arc<Fixed>>,
    port: u16,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Obs {
    /// Follows what is saved from now on. Must be called inside of a runtime.
    pub fn start(config: ObsConfig, saved: watch::Receiver<Arc<Saved>>) -> Self {
        let (told, now) = watch::channel(ObsNow::default());
        let (orders, waiting) = mpsc::channel(ORDERS);
        let (fixed, port) = (config.fixed.clone().map(Arc::new), config.port);
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let keeper = Keeper::new(config, saved, told, waiting);
        let end = stop.clone();
        tasks.spawn(async move {
            let _ended = end.run_until_cancelled(keeper.run()).await;
        });
        tasks.close();
        Self { now, orders, fixed, port, tasks, stop }
    }

    /// How OBS does, now and at every change.
    pub fn now(&self) -> watch::Receiver<ObsNow> {
        self.now.clone()
    }

    /// Where OBS is, if that was set when the program was started.
    pub fn fixed(&self) -> Option<&Fixed> {
        self.fixed.as_deref()
    }

    /// The port that links carry now.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Tries to connect now, if it waits for the next attempt.
    pub fn wake(&self) {
        // If others wait, one of them wakes it.
        _ = self.orders.try_send(Order::Wake);
    }

    /// The scenes of OBS.
    ///
    /// # Errors
    /// [`Failure`], in words.
    pub async fn scenes(&self) -> Result<ObsScenes, Failure> {
        self.order(Order::Scenes).await
    }

    /// Shows an overlay in a scene.
    ///
    /// # Errors
    /// [`Failure`], in words.
    pub async fn add(&self, what: AddToObs) -> Result<AddedToObs, Failure> {
        self.order(|answer| Order::Add(what, answer)).await
    }

    /// Lets our sources load their pages anew.
    ///
    /// # Errors
    /// [`Failure`], in words.
    pub async fn refresh(&self) -> Result<RefreshedObs, Failure> {
        self.order(Order::Refresh).await
    }

    /// Ends it, and waits for that.
    pub async fn shutdown(&self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }

    async fn order<T>(&self, order: impl FnOnce(oneshot::Sender<Result<T, Failure>>) -> Order) -> Result<T, Failure> {
        let (answer, answered) = oneshot::channel();
        self.orders.try_send(order(answer)).map_err(|_| Failure::Busy)?;
        let gone = || Failure::NotConnected("Polychat is stopping.".to_owned());
        answered.await.unwrap_or_else(|_| Err(gone()))
    }
}
