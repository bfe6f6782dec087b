//! A simulated world that many connections change, and a signal for those who wait for a change of it.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

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
