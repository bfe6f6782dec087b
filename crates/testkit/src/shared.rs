//! A simulated world that many connections change, a signal for those who wait for a change of it, and the server that
//! shows it.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long [`until`] waits before it calls the test a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// Listens at `address`, where port 0 is any free one. Gives the address that it became.
pub(crate) async fn listen(address: SocketAddr) -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until `cancel`.
pub(crate) fn serve(listener: TcpListener, app: Router, cancel: CancellationToken, tasks: &TaskTracker) {
    tasks.spawn(async move {
        let _ended = cancel.run_until_cancelled(async { axum::serve(listener, app).await }).await;
    });
}

/// Waits until something is so; looks after every change.
///
/// # Panics
/// After half a minute, with `what`.
pub(crate) async fn until<T>(mut changes: watch::Receiver<T>, what: &str, mut so: impl FnMut() -> bool) {
    let waiting = async {
        while !so() {
            if changes.changed().await.is_err() {
                break;
            }
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "waited in vain until {what}");
}

/// The world behind a lock.
#[derive(Debug)]
pub(crate) struct Shared<W> {
    world: Mutex<W>,
    changed: watch::Sender<()>,
    pub(crate) cancel: CancellationToken,
}

impl<W> Shared<W> {
    pub(crate) fn new(world: W, cancel: CancellationToken) -> Self {
        Self { world: Mutex::new(world), changed: watch::Sender::new(()), cancel }
    }

    pub(crate) fn look<T>(&self, look: impl FnOnce(&W) -> T) -> T {
        look(&self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut W) -> T) -> T {
        let result = self.quietly(change);
        self.changed.send_replace(());
        result
    }

    /// Changes what nobody waits for.
    pub(crate) fn quietly<T>(&self, change: impl FnOnce(&mut W) -> T) -> T {
        change(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }
}
