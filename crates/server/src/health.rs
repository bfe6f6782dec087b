//! `/health` for people and monitors, `/metrics` for Prometheus.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use metrics::{Unit, describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use polychat_hub::ChannelHealth;
use polychat_model::{IdentifierType, Platform, StorageType, iso_timestamp};
use polychat_platforms::Reader;
use serde::Serialize;
use tokio::time::Instant;

use crate::routes::Shared;

/// What the server counts by itself.
#[derive(Debug)]
pub(crate) struct Counts {
    pub(crate) started: Instant,
    /// Open WebSockets.
    pub(crate) clients: AtomicUsize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// Always `ok` while the program answers: a platform that is away is not a fault of the program.
    status: &'static str,
    active_streams: usize,
    version: &'static str,
    uptime_seconds: u64,
    clients: usize,
    dropped: u64,
    demo: bool,
    /// The language that is set for our pages, as a tag; null is that of each page's system.
    language: Option<String>,
    platforms: Vec<Platform>,
    statistics: Statistics,
    /// Null when none is kept.
    history: Option<History>,
    /// Null when nothing is shared with other servers.
    cluster: Option<Cluster>,
    channels: Vec<Channel>,
}

#[derive(Serialize)]
struct Statistics {
    /// Null when nothing is counted.
    storage: Option<StorageType>,
    /// Why they cannot be kept at present, or null.
    problem: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct History {
    /// Why it cannot be kept at present, or null.
    problem: Option<String>,
    /// Entries that could not be kept since the start.
    left_out: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cluster {
    /// The name of this server in leases.
    instance: String,
    /// Why nothing can be shared at present, or null.
    problem: Option<String>,
}

#[cfg(feature = "redis")]
fn cluster(shared: &Shared) -> Option<Cluster> {
    let polychat_cluster::ClusterHealth { instance, problem } = shared.cluster.as_ref()?.health();
    Some(Cluster { instance, problem })
}

#[cfg(not(feature = "redis"))]
fn cluster(_shared: &Shared) -> Option<Cluster> {
    None
}

/// The word for who reads a channel.
fn reader(reader: Reader) -> &'static str {
    match reader {
        Reader::Here => "here",
        Reader::Elsewhere => "elsewhere",
        Reader::Alone => "alone",
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Channel {
    platform: Platform,
    identifier: Arc<str>,
    identifier_type: IdentifierType,
    state: &'static str,
    cause: Option<String>,
    live: Option<bool>,
    viewers: usize,
    events: u64,
    repeated: u64,
    deliveries: u64,
    retries: u64,
    last_event_at: Option<String>,
    /// Who reads it: this server for all, another one, or each for itself; null where nothing is shared.
    reader: Option<&'static str>,
}

impl From<ChannelHealth> for Channel {
    fn from(health: ChannelHealth) -> Self {
        Self {
            platform: health.key.platform,
            identifier: health.key.identifier,
            identifier_type: health.key.identifier_type,
            state: health.state,
            cause: health.cause,
            live: health.live,
            viewers: health.viewers,
            events: health.events,
            repeated: health.repeated,
            deliveries: health.deliveries,
            retries: health.retries,
            last_event_at: health
                .last_event_at_ms
                .map(|ms| iso_timestamp(i64::try_from(ms).unwrap_or(i64::MAX)).to_string()),
            reader: health.reader.map(reader),
        }
    }
}

pub(crate) async fn health(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    let health = shared.hub.health();
    let report = Report {
        status: "ok",
        active_streams: health.channels.len(),
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: shared.counts.started.elapsed().as_secs(),
        clients: shared.counts.clients.load(Ordering::Relaxed),
        dropped: health.dropped,
        demo: shared.demo,
        language: shared.commands.saved().borrow().settings.language.clone(),
        platforms: shared.hub.platforms(),
        statistics: Statistics { storage: shared.hub.storage_type(), problem: shared.hub.storage_problem() },
        history: shared
            .hub
            .history()
            .map(|history| History { problem: history.problem(), left_out: history.left_out() }),
        cluster: cluster(&shared),
        channels: health.channels.into_iter().map(Channel::from).collect(),
    };
    ([(header::CACHE_CONTROL, "no-store")], Json(report))
}

/// The recorder of this process. One for all servers in it, as the metrics crate has one for all.
fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // Another recorder may be there when we are embedded; then ours shows nothing, which hurts nobody.
        let _ = metrics::set_global_recorder(recorder);
        describe();
        handle
    })
}

/// Prepares the counters, so that nothing that happens before the first look at `/metrics` is lost.
pub(crate) fn install_recorder() {
    recorder();
}

fn describe() {
    describe_gauge!("polychat_clients", "Open WebSockets.");
    describe_gauge!("polychat_channels", "Open channels by platform and state.");
    describe_gauge!("polychat_uptime_seconds", Unit::Seconds, "Time since the start.");
    describe_counter!("polychat_events_total", "Events that were told, by platform.");
    describe_counter!("polychat_deliveries_total", "Frames given to clients, by platform.");
    describe_counter!("polychat_dropped_frames_total", "Frames that clients missed because they read too slowly.");
    describe_gauge!(
        "polychat_cluster_connected",
        "Whether Redis is there to share channels through; absent without one."
    );
    describe_gauge!("polychat_cluster_channels", "Open channels by who reads them: here, elsewhere, alone.");
    describe_counter!("polychat_cluster_takeovers_total", "Channels that were taken over from another server.");
    describe_counter!("polychat_cluster_lost_leases_total", "Channels that another server took over from this one.");
    describe_counter!("polychat_cluster_published_total", "Messages to other servers, each of one or more events.");
    describe_counter!("polychat_cluster_heard_total", "Messages from other servers.");
    describe_counter!(
        "polychat_cluster_late_total",
        "Messages that were read again from Redis, as they came too fast."
    );
    describe_counter!("polychat_cluster_left_out_total", "Events that could not be told to other servers.");
    describe_counter!("polychat_cluster_unknown_total", "Events of other servers that this one does not understand.");
    describe_counter!("polychat_refused_connections_total", "Connections over the limit.");
    describe_counter!("polychat_requests_total", "Requests on WebSockets by outcome.");
    describe_counter!("polychat_upstream_unknown_total", "Messages of a kind that the parser does not know.");
}

pub(crate) async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let health = shared.hub.health();
    gauge!("polychat_clients").set(shared.counts.clients.load(Ordering::Relaxed) as f64);
    gauge!("polychat_uptime_seconds").set(shared.counts.started.elapsed().as_secs_f64());
    metrics::counter!("polychat_dropped_frames_total").absolute(health.dropped);
    if let Some(cluster) = cluster(&shared) {
        gauge!("polychat_cluster_connected").set(f64::from(u8::from(cluster.problem.is_none())));
        for word in [Reader::Here, Reader::Elsewhere, Reader::Alone] {
            let count = health.channels.iter().filter(|channel| channel.reader == Some(word)).count();
            gauge!("polychat_cluster_channels", "reader" => reader(word)).set(count as f64);
        }
    }
    for platform in Platform::ALL {
        let of_platform = || health.channels.iter().filter(move |c| c.key.platform == platform);
        for state in ["connecting", "started", "reconnecting", "waiting"] {
            let count = of_platform().filter(|c| c.state == state).count();
            gauge!("polychat_channels", "platform" => platform.as_str(), "state" => state).set(count as f64);
        }
        gauge!("polychat_subscriptions", "platform" => platform.as_str())
            .set(of_platform().map(|c| c.viewers).sum::<usize>() as f64);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], recorder().render()).into_response()
}
