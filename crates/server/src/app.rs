//! The whole program but for its window: connectors, hub and server, started and stopped together.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

#[cfg(feature = "redis")]
use polychat_cluster::{Cluster, Timings};
use polychat_hub::{Commands, Emotes, Hub, HubLimits};
use polychat_model::Platform;
use polychat_model::command::CommandError;
use polychat_model::saved::{Saved, Stage};
use polychat_obs::ObsConfig;
use polychat_platforms::Connector;
use polychat_platforms::demo::Demo;
use polychat_platforms::tiktok::{PageHost, TiktokConnector};
use polychat_platforms::twitch::TwitchConnector;
use polychat_platforms::youtube::YoutubeConnector;
use polychat_store::{History, HistoryLimits, Store};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{info, warn};

use crate::config::{Config, DEFAULT_PORT, HistoryArgs};
use crate::guard::Allowed;
use crate::health::{self, Counts};
use crate::listen;
use crate::loader;
use crate::pages::Pages;
use crate::routes::{self, Shared};
use crate::token::Token;

/// How long stopping may take in all.
const STOP: Duration = Duration::from_secs(3);

/// How long the last changes and statistics may take to be written after that.
const WRITING: Duration = Duration::from_millis(1_500);

/// A running Polychat.
pub struct App {
    address: SocketAddr,
    hub: Hub,
    twitch: Arc<TwitchConnector>,
    stop: CancellationToken,
    connections: TaskTracker,
    sockets: TaskTracker,
    store: Option<Store>,
    history: Option<History>,
    #[cfg(feature = "redis")]
    cluster: Option<Cluster>,
    commands: Commands,
    token: Token,
    moved: Option<u16>,
}

/// What a program around the server brings along.
#[derive(Default)]
pub struct Parts {
    /// Opens TikTok's page when TikTok refuses everything else. It asks by itself whether its user has agreed.
    pub pages: Option<Arc<dyn PageHost>>,
}

/// Why Polychat does not start. The texts are for people.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port that was asked for is in use.
    #[error("Port {port} is in use by another program. Stop that program, or choose another port with --port.")]
    PortTaken {
        /// The port.
        port: u16,
    },
    /// The address cannot be listened on.
    #[error("Cannot listen on {bind}: {source}")]
    Bind {
        /// The address.
        bind: String,
        /// What the system says.
        source: io::Error,
    },
    /// What is saved could not be opened; trouble with the file itself is no reason.
    #[error("Polychat could not read its settings. Start it again.")]
    Saved,
    /// A setting has a value that it cannot have.
    #[error("{setting} cannot be \"{value}\": {hint}")]
    Setting {
        /// The name of the setting.
        setting: &'static str,
        /// Its value.
        value: String,
        /// What it may be.
        hint: &'static str,
    },
}

impl App {
    /// Starts everything. Chats are read when somebody watches them.
    ///
    /// # Errors
    /// [`StartError`], in words for people; then nothing runs.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        Self::start_with(config, Parts::default()).await
    }

    /// The same with what a program around the server brings along.
    ///
    /// # Errors
    /// [`StartError`], in words for people; then nothing runs.
    pub async fn start_with(config: Config, parts: Parts) -> Result<Self, StartError> {
        let allowed = Allowed::parse(&config.allowed_origins).map_err(|value| StartError::Setting {
            setting: "POLYCHAT_ALLOWED_ORIGINS",
            value,
            hint: "write origins such as https://example.com, separated by commas, or *.",
        })?;
        let fixed_obs = config.obs().map_err(|value| StartError::Setting {
            setting: "POLYCHAT_OBS_URL",
            value,
            hint: "write its address and port, such as 127.0.0.1:4455.",
        })?;
        let store = store(&config).await?;
        let history = history(&config);
        // The system's usual bound is 1,024 open files, and every client is one.
        if let Err(error) = rlimit::increase_nofile_limit(config.limits.max_connections as u64 + 1_024) {
            warn!(%error, "cannot raise the number of open files; fewer clients can connect");
        }
        health::install_recorder();
        let listener =
            listen::bind(config.bind, config.port, config.port_may_move).await.map_err(|source| match config.port {
                Some(port) if source.kind() == io::ErrorKind::AddrInUse => StartError::PortTaken { port },
                port => StartError::Bind {
                    bind: SocketAddr::new(config.bind, port.unwrap_or(DEFAULT_PORT)).to_string(),
                    source,
                },
            })?;
        let address =
            listener.local_addr().map_err(|source| StartError::Bind { bind: config.bind.to_string(), source })?;
        let twitch = Arc::new(TwitchConnector::new(config.twitch()));
        let limits = HubLimits { channels: config.limits.max_channels };
        let emotes = Emotes::new(&config.emotes());
        let connectors = connectors(&twitch, &config, parts);
        #[cfg(feature = "redis")]
        let cluster = cluster(&config)?;
        #[cfg(feature = "redis")]
        let connectors = match &cluster {
            Some(cluster) => connectors.into_iter().map(|connector| cluster.share(connector)).collect(),
            None => connectors,
        };
        let hub = Hub::with(connectors, limits, emotes, store.clone(), history.clone());
        let commands = {
            let (hub, folder, demo) = (hub.clone(), config.data_dir(), config.demo);
            let obs = ObsConfig {
                fixed: fixed_obs,
                port: address.port(),
                earlier_ports: listen::possible_ports(config.port),
                elsewhere: host_elsewhere(address),
                timings: config.obs.timings.unwrap_or_default(),
            };
            let opening = tokio::task::spawn_blocking(move || Commands::open(hub, folder, demo, obs));
            opening.await.map_err(|_| StartError::Saved)?
        };
        let token = Token::open(config.data_dir().as_deref());
        let stop = CancellationToken::new();
        let (connections, sockets) = (TaskTracker::new(), TaskTracker::new());
        let max_connections = config.limits.max_connections;
        let shared = Arc::new(Shared {
            hub: hub.clone(),
            commands: commands.clone(),
            token: token.clone(),
            limits: config.limits,
            counts: Counts { started: Instant::now(), clients: AtomicUsize::new(0) },
            demo: config.demo,
            stop: stop.clone(),
            sockets: sockets.clone(),
            pages: Pages::default(),
            #[cfg(feature = "redis")]
            cluster: cluster.clone(),
        });
        let router = routes::router(shared, allowed);
        connections.spawn(listen::serve(listener, router, max_connections, stop.clone(), connections.clone()));
        info!(%address, version = env!("CARGO_PKG_VERSION"), "listening");
        let wish = config.port.unwrap_or(DEFAULT_PORT);
        let moved = (wish != 0 && address.port() != wish).then_some(wish);
        Ok(Self {
            address,
            hub,
            twitch,
            stop,
            connections,
            sockets,
            store,
            history,
            #[cfg(feature = "redis")]
            cluster,
            commands,
            token,
            moved,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address for a browser on this computer.
    pub fn url(&self) -> String {
        match self.address {
            SocketAddr::V4(address) if !address.ip().is_unspecified() => format!("http://{address}"),
            SocketAddr::V6(address) if !address.ip().is_unspecified() => format!("http://{address}"),
            address => format!("http://127.0.0.1:{}", address.port()),
        }
    }

    /// The address for a browser on another computer; `None` if only this one may connect.
    pub fn url_elsewhere(&self) -> Option<String> {
        host_elsewhere(self.address).map(|host| format!("http://{host}:{}", self.address.port()))
    }

    /// The page that waits in OBS until Polychat is there, as a file: the overlay of this name.
    pub fn loader(&self, overlay: &str) -> String {
        loader::page(&self.url(), overlay)
    }

    /// The port that was taken, so that links to it lead elsewhere.
    pub fn moved_from(&self) -> Option<u16> {
        self.moved
    }

    /// All open channels.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Carries out a command of [`polychat_model::command::CommandSchema`]: the request and the answer are JSON.
    ///
    /// # Errors
    /// [`CommandError`], with a sentence for people; then nothing has changed.
    pub async fn call(&self, command: &str, request: serde_json::Value) -> Result<serde_json::Value, CommandError> {
        self.commands.call(command, request).await
    }

    /// The commands by themselves: what is saved, how it is changed and watched. A cheap handle that outlives the app.
    pub fn commands(&self) -> &Commands {
        &self.commands
    }

    /// What is saved, now and at every change.
    pub fn saved(&self) -> watch::Receiver<Arc<Saved>> {
        self.commands.saved()
    }

    /// What overlays do, now and at every change.
    pub fn stage(&self) -> watch::Receiver<Stage> {
        self.commands.stage()
    }

    /// The secret of this Polychat, which `POST /api/…` asks for. For our own pages only.
    pub fn token(&self) -> &str {
        self.token.as_str()
    }

    /// The file that keeps it; `None` if it is one of this start only.
    pub fn token_file(&self) -> Option<&Path> {
        self.token.file()
    }

    /// Stops in order: sockets take leave, channels end, connectors end. Within 3 s, then what is left is dropped; the
    /// last statistics and what was changed last have 1.5 s more, so that everything ends within 5 s.
    pub async fn stop(&self) {
        self.stop.cancel();
        let orderly = async {
            self.sockets.close();
            self.sockets.wait().await;
            self.commands.obs().shutdown().await;
            self.hub.shutdown().await;
            #[cfg(feature = "redis")]
            if let Some(cluster) = &self.cluster {
                cluster.close();
            }
            self.twitch.shutdown().await;
            self.connections.close();
            self.connections.wait().await;
        };
        if tokio::time::timeout(STOP, orderly).await.is_err() {
            warn!("not everything stopped in time; the rest is dropped");
        }
        let (store, history, commands) = (self.store.clone(), self.history.clone(), self.commands.clone());
        let written = tokio::task::spawn_blocking(move || {
            let begun = std::time::Instant::now();
            commands.close(WRITING);
            if let Some(store) = store {
                store.close(WRITING.saturating_sub(begun.elapsed()));
            }
            if let Some(history) = history {
                history.close(WRITING.saturating_sub(begun.elapsed()));
            }
        });
        _ = written.await;
        info!("stopped");
    }
}

/// The host for other computers; `None` if only this one may connect.
fn host_elsewhere(address: SocketAddr) -> Option<String> {
    let ip = match address.ip() {
        ip if ip.is_loopback() => return None,
        ip if ip.is_unspecified() => listen::own_ip().unwrap_or(ip),
        ip => ip,
    };
    Some(if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() })
}

/// Where statistics are kept, if they are made.
async fn store(config: &Config) -> Result<Option<Store>, StartError> {
    if !config.stats.enable_stats {
        return Ok(None);
    }
    let usual = if cfg!(feature = "redis") && config.redis().is_some() { "redis" } else { "sqlite" };
    let named = config.stats.stats_storage.as_deref().filter(|named| !named.is_empty()).unwrap_or(usual);
    match named.to_ascii_lowercase().as_str() {
        "memory" => Ok(Some(Store::memory())),
        "sqlite" => {
            let file = config.data_dir().map(|folder| folder.join("statistics.sqlite3"));
            if file.is_none() {
                warn!("this system names no folder for files, so statistics are kept in memory; --data-dir names one");
            }
            Ok(Some(file.map_or_else(Store::memory, Store::sqlite)))
        }
        "redis" => redis(config).await.map(Some),
        _ => Err(refused(named, "use sqlite, redis or memory.")),
    }
}

fn refused(value: &str, hint: &'static str) -> StartError {
    StartError::Setting { setting: "STATS_STORAGE", value: value.to_owned(), hint }
}

/// What was set is no address of a Redis server. As it may hold a password, it is not repeated.
#[cfg(feature = "redis")]
fn no_address() -> StartError {
    StartError::Setting {
        setting: "REDIS_URL",
        value: "…".to_owned(),
        hint: "write an address such as redis://:password@host:6379, or rediss://… with TLS.",
    }
}

/// The share in reading channels, if a Redis server is named through which servers share it.
#[cfg(feature = "redis")]
fn cluster(config: &Config) -> Result<Option<Cluster>, StartError> {
    // For rediss://.
    polychat_platforms::install_provider();
    config.redis().map(|url| Cluster::new(url, Timings::default())).transpose().map_err(|_| no_address())
}

#[cfg(feature = "redis")]
async fn redis(config: &Config) -> Result<Store, StartError> {
    let Some(url) = config.redis().map(str::to_owned) else {
        return Err(refused("redis", "say with REDIS_URL or --redis-url where it is, such as redis://127.0.0.1:6379."));
    };
    // For rediss://.
    polychat_platforms::install_provider();
    let opened = tokio::task::spawn_blocking(move || Store::redis(&url)).await;
    opened.ok().and_then(Result::ok).ok_or_else(no_address)
}

#[cfg(not(feature = "redis"))]
#[expect(clippy::unused_async, reason = "the other one waits")]
async fn redis(_config: &Config) -> Result<Store, StartError> {
    Err(refused("redis", "this program was built without Redis; polychat-server has it. Use sqlite or memory."))
}

/// Where what happens is kept, if it is.
fn history(config: &Config) -> Option<History> {
    let HistoryArgs { history, history_days, history_mib } = config.history;
    let folder = config.data_dir().filter(|_| history)?;
    let limits = HistoryLimits { days: history_days, bytes: history_mib.saturating_mul(1_024 * 1_024) };
    Some(History::open(folder.join("history.sqlite3"), limits))
}

/// Who reads what. With the demo on, every platform has a channel to play.
fn connectors(twitch: &Arc<TwitchConnector>, config: &Config, parts: Parts) -> Vec<Arc<dyn Connector>> {
    let youtube = config.youtube.timings.clone().unwrap_or_default();
    let tiktok = config.tiktok.timings.clone().unwrap_or_default();
    let tiktok = TiktokConnector::with_timings(&config.tiktok(), tiktok);
    let tiktok = match parts.pages {
        Some(pages) => tiktok.with_pages(pages),
        None => tiktok,
    };
    let real: Vec<Arc<dyn Connector>> =
        vec![twitch.clone(), Arc::new(YoutubeConnector::with_timings(&config.youtube(), youtube)), Arc::new(tiktok)];
    if !config.demo {
        return real;
    }
    let around = |platform| {
        let inner = real.iter().find(|connector| connector.platform() == platform).cloned();
        Arc::new(Demo::new(platform, inner)) as Arc<dyn Connector>
    };
    Platform::ALL.into_iter().map(around).collect()
}
