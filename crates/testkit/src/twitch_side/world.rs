//! The state of the simulation, and its faults.

use std::collections::{HashMap, HashSet};
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

/// A part of the simulation that can fail by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// GraphQL.
    Gql,
    /// Hermes, when it is connected to.
    Hermes,
    /// IVR.
    Ivr,
    /// `DecAPI`.
    DecApi,
    /// Recent messages.
    Recent,
}

impl Service {
    /// Every one of them.
    pub const ALL: [Self; 5] = [Self::Gql, Self::Hermes, Self::Ivr, Self::DecApi, Self::Recent];
}

/// How a service fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Answers with this status and no content: 500, 429.
    Status(u16),
    /// Answers late.
    Slow(Duration),
    /// Answers with a page instead of data, and status 200.
    Html,
    /// Answers with 8 MiB of JSON.
    Huge,
    /// Answers with JSON of another shape.
    Garbage,
    /// GraphQL's `failed integrity check`, with status 200, for every client id.
    Integrity,
    /// GraphQL's `PersistedQueryNotFound`, with status 200.
    PersistedQueryNotFound,
    /// GraphQL's `service timeout` beside null, with status 200.
    ServiceTimeout,
    /// Never answers.
    Hang,
    /// Begins to answer and cuts the connection.
    Cut,
}

#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) login: String,
    pub(super) live: bool,
    pub(super) viewers: u64,
    pub(super) avatar: String,
}

impl User {
    pub(super) fn display_name(&self) -> String {
        let mut chars = self.login.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
    }
}

#[derive(Debug)]
pub(super) enum HermesOut {
    Text(String),
    Cut,
}

#[derive(Debug)]
pub(super) struct HermesConnection {
    pub(super) out: mpsc::Sender<HermesOut>,
    /// Topic -> the client's subscription id.
    pub(super) topics: HashMap<String, String>,
}

#[derive(Debug)]
pub(super) struct World {
    pub(super) users: HashMap<String, User>,
    pub(super) suspended: HashMap<String, String>,
    pub(super) badges: HashMap<Option<String>, Vec<(String, String)>>,
    pub(super) cheermotes: HashMap<Option<String>, Vec<String>>,
    pub(super) recent: HashMap<String, Vec<String>>,
    pub(super) faults: HashMap<Service, Fault>,
    pub(super) refused_ids: HashSet<String>,
    pub(super) hermes: HashMap<u64, HermesConnection>,
    pub(super) keepalive: Duration,
    pub(super) silent: bool,
    pub(super) counts: HashMap<String, u64>,
    ids: u64,
}

impl World {
    pub(super) fn count(&mut self, kind: &str) {
        *self.counts.entry(kind.to_owned()).or_default() += 1;
    }

    pub(super) fn by_id(&self, id: &str) -> Option<&User> {
        self.users.values().find(|user| user.id == id)
    }
}

#[derive(Debug)]
pub(super) struct Shared {
    world: Mutex<World>,
    changed: watch::Sender<()>,
    pub(super) address: SocketAddr,
    pub(super) cancel: CancellationToken,
}

impl Shared {
    pub(super) fn new(address: SocketAddr, cancel: CancellationToken) -> Self {
        let world = World {
            users: HashMap::new(),
            suspended: HashMap::new(),
            badges: HashMap::new(),
            cheermotes: HashMap::new(),
            recent: HashMap::new(),
            faults: HashMap::new(),
            refused_ids: HashSet::new(),
            hermes: HashMap::new(),
            keepalive: Duration::from_secs(15),
            silent: false,
            counts: HashMap::new(),
            ids: 0,
        };
        Self { world: Mutex::new(world), changed: watch::Sender::new(()), address, cancel }
    }

    pub(super) fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let result = change(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.send_replace(());
        result
    }

    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    pub(super) fn next_number(&self) -> u64 {
        self.change(|world| {
            world.ids += 1;
            world.ids
        })
    }

    pub(super) fn next_id(&self) -> String {
        format!("envelope-{}", self.next_number())
    }

    /// Fails as it was asked to; `None`: answer as usual.
    pub(super) async fn fail(&self, service: Service) -> Option<Response> {
        match self.look(|world| world.faults.get(&service).copied())? {
            Fault::Status(status) => {
                Some(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY).into_response())
            }
            Fault::Slow(late) => {
                tokio::time::sleep(late).await;
                None
            }
            Fault::Html => Some(Html("<!doctype html><title>502</title><p>Please come back later").into_response()),
            Fault::Huge => {
                let chunks = (0..128).map(|_| Ok::<_, io::Error>(vec![b'['; 64 * 1024]));
                Some(Body::from_stream(stream::iter(chunks)).into_response())
            }
            Fault::Garbage => {
                Some(r#"[{"data":{"users":7,"user":[1]}},null,{"messages":{"a":[]}},"x"]"#.into_response())
            }
            Fault::Cut => {
                let chunks = [Ok("[{\"data\":"), Err(io::Error::other("cut on request"))];
                Some(Body::from_stream(stream::iter(chunks)).into_response())
            }
            Fault::Hang => {
                self.cancel.cancelled().await;
                Some(StatusCode::SERVICE_UNAVAILABLE.into_response())
            }
            // Only GraphQL knows these.
            Fault::Integrity | Fault::PersistedQueryNotFound | Fault::ServiceTimeout => None,
        }
    }
}
