//! The connector: what the hub sees of Twitch.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use polychat_model::{ChannelKey, IdentifierType, InvalidIdentifier, Platform};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::pool::Pool;
use super::reading::{self, Shared};
use super::side::Side;
use super::{Timings, TwitchConfig, login};
use crate::connector::BoxFuture;
use crate::{Connector, Outlet, UpstreamError};

/// Reads Twitch chat for any number of channels over few connections, as a guest.
///
/// Cheap to make: the first [`Connector::read`] starts what runs in the background, on the runtime that polls it.
/// [`shutdown`](Self::shutdown) ends that and waits; dropping only ends it.
pub struct TwitchConnector {
    config: TwitchConfig,
    timings: Timings,
    tracker: TaskTracker,
    cancel: CancellationToken,
    shared: Mutex<Option<Arc<Shared>>>,
}

impl fmt::Debug for TwitchConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwitchConnector").field("config", &self.config).finish_non_exhaustive()
    }
}

impl TwitchConnector {
    /// A connector to where `config` says that Twitch is. Nothing is asked before the first channel is read.
    pub fn new(config: TwitchConfig) -> Self {
        Self::with_timings(config, Timings::default())
    }

    /// The same with other timings: for tests that cannot wait as long as the program does.
    pub fn with_timings(config: TwitchConfig, timings: Timings) -> Self {
        let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
        Self { config, timings, tracker, cancel, shared: Mutex::new(None) }
    }

    /// Ends every connection and task, and waits for them. Readings end with an error, later ones at once.
    pub async fn shutdown(&self) {
        self.cancel.cancel();
        self.tracker.close();
        self.tracker.wait().await;
        // The pool may hold sockets in its queues until it is dropped.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// How many tasks run for it at the moment.
    pub fn tasks(&self) -> usize {
        self.tracker.len()
    }

    /// What all readings share; made at the first one, and again should the pool have failed.
    fn shared(&self) -> Option<Arc<Shared>> {
        if self.cancel.is_cancelled() {
            return None;
        }
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = shared.as_ref().filter(|shared| !shared.pool.is_over()) {
            return Some(Arc::clone(shared));
        }
        let pool = Pool::start(&self.config.irc_url, &self.timings, &self.tracker, &self.cancel);
        let side = match shared.take() {
            Some(old) => Arc::clone(&old.side),
            None => Side::new(&self.config, self.tracker.clone(), self.cancel.clone()),
        };
        let made = Arc::new(Shared { config: self.config.clone(), timings: self.timings.clone(), pool, side });
        *shared = Some(Arc::clone(&made));
        Some(made)
    }
}

impl Drop for TwitchConnector {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl Connector for TwitchConnector {
    fn platform(&self) -> Platform {
        Platform::Twitch
    }

    fn key(&self, identifier_type: IdentifierType, typed: &str) -> Result<ChannelKey, InvalidIdentifier> {
        if identifier_type != IdentifierType::Username {
            let text = "Twitch channels are named by their username: `identifierType` must be `username`.";
            return Err(InvalidIdentifier(text.to_owned()));
        }
        Ok(ChannelKey::new(Platform::Twitch, IdentifierType::Username, login(typed)?))
    }

    fn read(
        &self,
        key: ChannelKey,
        out: Outlet,
        cancel: CancellationToken,
    ) -> BoxFuture<'_, Result<(), UpstreamError>> {
        Box::pin(async move {
            // Keys are made by `key` above. One that was made otherwise must not reach the socket (B26).
            match login(&key.identifier) {
                Ok(login) if login == *key.identifier => {}
                _ => return Err(UpstreamError::NotFound { text: "This is no Twitch channel name.".to_owned() }),
            }
            let shared = self.shared().ok_or_else(reading::stopped)?;
            reading::read(shared, key.identifier, out, cancel).await
        })
    }
}
