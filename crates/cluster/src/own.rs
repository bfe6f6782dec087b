//! Reading the platform by ourselves: the connector runs in a task of its own, so that it never waits for Redis.

use std::sync::Arc;
use std::time::Duration;

use polychat_model::ChannelKey;
use polychat_platforms::{Connector, Signal, UpstreamError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// What waits between the platform and us. When it is full the connector waits, and the platform's socket with it.
const SIGNALS: usize = 256;

/// How long a connector may take to say goodbye to its platform. Below what the hub gives us.
const GOODBYE: Duration = Duration::from_millis(1_500);

/// A connector that reads. Ends when it is dropped.
pub(crate) struct Own {
    signals: mpsc::Receiver<Signal>,
    task: Option<JoinHandle<Result<(), UpstreamError>>>,
    cancel: CancellationToken,
}

impl Own {
    pub(crate) fn start(connector: &Arc<dyn Connector>, key: &ChannelKey) -> Self {
        let (outlet, signals) = mpsc::channel(SIGNALS);
        let cancel = CancellationToken::new();
        let (connector, key, stop) = (connector.clone(), key.clone(), cancel.clone());
        let task = Some(tokio::spawn(async move { connector.read(key, outlet, stop).await }));
        Self { signals, task, cancel }
    }

    /// What it read next; `Err` with its outcome when it has ended.
    pub(crate) async fn next(&mut self) -> Result<Signal, Result<(), UpstreamError>> {
        // All that it read comes before how it ended.
        if let Some(signal) = self.signals.recv().await {
            return Ok(signal);
        }
        let Some(task) = &mut self.task else { return Err(Ok(())) };
        let outcome = task.await;
        self.task = None;
        Err(outcome.unwrap_or_else(|panic| {
            error!(error = %panic, "the connector failed");
            Err(UpstreamError::Unavailable { cause: "Reading failed inside Polychat.".to_owned() })
        }))
    }

    /// What it has read already.
    pub(crate) fn try_next(&mut self) -> Option<Signal> {
        self.signals.try_recv().ok()
    }

    /// Lets it say goodbye, and waits for that.
    pub(crate) async fn stop(mut self) {
        self.cancel.cancel();
        // Nobody listens any more: a connector that waits for room in the channel is freed by this.
        self.signals.close();
        while self.signals.try_recv().is_ok() {}
        if let Some(mut task) = self.task.take()
            && timeout(GOODBYE, &mut task).await.is_err()
        {
            warn!("the connector did not stop in time and is ended");
            task.abort();
        }
    }

    /// The same in the background.
    pub(crate) fn leave(self) {
        tokio::spawn(self.stop());
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        self.cancel.cancel();
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
