//! Several programs that share the reading of channels through one Redis server: each channel is read by one of them.
//!
//! [`Cluster::share`] puts itself around a connector, so for the hub Redis is one more upstream. A lease for each channel says
//! who reads it (the holder); what that one reads goes through Redis to the others (followers). When the lease runs out,
//! another one takes over. While Redis is away, everybody reads alone. docs/ARCHITECTURE.md tells the rest.

mod commands;
mod link;
mod own;
mod reading;
mod told;

use std::sync::Arc;
use std::time::Duration;

use polychat_model::{ChannelKey, IdentifierType, InvalidIdentifier, Platform};
use polychat_platforms::{BoxFuture, Connector, Outlet, UpstreamError};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use link::Link;
use reading::Reading;

/// How long things take. The defaults are for real use; tests may be quicker.
#[derive(Debug, Clone, Copy)]
pub struct Timings {
    /// How long a lease holds without being renewed. A holder that was killed is missed for so long.
    pub lease: Duration,
    /// How often a lease is renewed.
    pub renew: Duration,
    /// How often a follower asks whether the lease is free.
    pub claim: Duration,
    /// How long Redis may be away before everybody reads alone: a restart of Redis must not send everybody to the platforms.
    pub patience: Duration,
    /// After how long without the platform a holder offers its lease: perhaps another server reaches it.
    pub offer: Duration,
    /// How long others leave a Redis that is back to those who held a lease before.
    pub precedence: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        // Chosen by hand: a kill is noticed within 5 s and mended a second later, well below the 10 s that are promised; and
        // three renewals have to fail before a lease is lost.
        Self {
            lease: Duration::from_secs(5),
            renew: Duration::from_millis(1_500),
            claim: Duration::from_secs(1),
            patience: Duration::from_secs(3),
            offer: Duration::from_secs(10),
            precedence: Duration::from_millis(1_500),
        }
    }
}

/// What was to be the address of a Redis server is none. It may hold a password, so nothing of it is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that is no address of a Redis server")]
pub struct NoRedisAddress;

/// The share of this program. A cheap handle: clones are the same.
#[derive(Clone)]
pub struct Cluster {
    shared: Arc<Shared>,
    keeper: Arc<Keeper>,
}

pub(crate) struct Shared {
    link: Arc<Link>,
    timings: Timings,
    /// The name of this program in leases. No other one has it.
    instance: String,
}

/// Keeps the connections. Ends with the last handle.
struct Keeper {
    task: JoinHandle<()>,
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterHealth {
    /// The name of this program in leases.
    pub instance: String,
    /// Why nothing can be shared at present, in words; `None` when all is well.
    pub problem: Option<String>,
}

impl Cluster {
    /// Begins to connect to the Redis server at this address. A server that does not answer is no error: it is tried again.
    /// Must be called inside of a runtime.
    ///
    /// # Errors
    /// If that is no address.
    pub fn new(url: &str, timings: Timings) -> Result<Self, NoRedisAddress> {
        let client = redis::Client::open(url).map_err(|_| NoRedisAddress)?;
        let link = Arc::new(Link::new(&client));
        let task = tokio::spawn(link::keep(link.clone(), client));
        let instance = format!("{:016x}", rand::random::<u64>());
        Ok(Self { shared: Arc::new(Shared { link, timings, instance }), keeper: Arc::new(Keeper { task }) })
    }

    /// A connector that reads what `inner` reads, together with the other programs.
    pub fn share(&self, inner: Arc<dyn Connector>) -> Arc<dyn Connector> {
        Arc::new(SharedConnector { cluster: self.clone(), inner })
    }

    /// How it does.
    pub fn health(&self) -> ClusterHealth {
        ClusterHealth { instance: self.shared.instance.clone(), problem: self.shared.link.problem() }
    }

    /// Closes the connections. Leases that are held still run out by themselves.
    pub fn close(&self) {
        self.keeper.task.abort();
        self.shared.link.close();
    }
}

/// A connector around another one.
struct SharedConnector {
    cluster: Cluster,
    inner: Arc<dyn Connector>,
}

impl Connector for SharedConnector {
    fn platform(&self) -> Platform {
        self.inner.platform()
    }

    fn key(&self, identifier_type: IdentifierType, typed: &str) -> Result<ChannelKey, InvalidIdentifier> {
        self.inner.key(identifier_type, typed)
    }

    fn read(
        &self,
        key: ChannelKey,
        out: Outlet,
        cancel: CancellationToken,
    ) -> BoxFuture<'_, Result<(), UpstreamError>> {
        Box::pin(Reading::new(&self.cluster.shared, &self.inner, key, out).run(cancel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_killed_holder_is_replaced_within_ten_seconds_and_three_renewals_may_fail() {
        let Timings { lease, renew, claim, .. } = Timings::default();
        // The platform takes about a second until it is read.
        assert!(lease + claim.mul_f64(1.2) + Duration::from_secs(3) < Duration::from_secs(10));
        assert!(renew * 3 < lease);
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_not_repeated() {
        let error = Cluster::new("redis//:hunter2@host", Timings::default()).err().expect("that is none");
        assert!(!error.to_string().contains("hunter2"));
    }
}
