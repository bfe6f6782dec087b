//! A page of releases as GitHub shows it: the newest version is told at an address that never changes, and its package lies
//! elsewhere. It is signed with a key that is made for the occasion, and everything about it can go wrong.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_LENGTH, LOCATION};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream;
use minisign::KeyPair;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{faults, shared};

/// What goes wrong with the newest version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewestFault {
    /// There is no release.
    NotFound,
    /// The server is broken.
    Broken,
    /// Something answers that is no page of releases.
    Nonsense,
    /// The answer has no end.
    Endless,
    /// It leads to a file of the computer that asks.
    ToFile,
}

/// What goes wrong with the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageFault {
    /// It is not there.
    NotFound,
    /// The connection is gone in the middle of it.
    CutOff,
    /// Its end is missing, and nothing else tells that.
    Truncated,
    /// One byte of it is another.
    Changed,
    /// It has no end.
    Endless,
    /// It leads to a file of the computer that asks.
    ToFile,
    /// Half of it comes, and the rest when [`SimReleases::go_on`] says so.
    Halting,
}

/// Who signs a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// The one whose key the program knows.
    ByUs,
    /// Somebody else.
    BySomebody,
    /// The one whose key the program knows, but for an older version: 0.0.1.
    ForAnOlderOne,
    /// The same, but for no version at all.
    ForNone,
}

/// The systems that a release has packages for, as the updater names them.
const SYSTEMS: [&str; 5] = [
    "linux-x86_64-appimage",
    "linux-aarch64-appimage",
    "windows-x86_64-nsis",
    "darwin-x86_64-app",
    "darwin-aarch64-app",
];

/// A file that is not for everybody: where a redirect leads that must not be followed.
const FILE: &str = "file:///etc/passwd";

/// More than any package has.
const ENDLESS_BYTES: usize = 2 * 1024 * 1024 * 1024;

#[derive(Default)]
struct World {
    newest: Option<Value>,
    package: Bytes,
    newest_fault: Option<NewestFault>,
    package_fault: Option<PackageFault>,
    asked: usize,
    fetched: usize,
}

struct Site {
    world: shared::Shared<World>,
    goes_on: watch::Sender<bool>,
}

/// A running page of releases. Dropping it closes its port.
pub struct SimReleases {
    site: Arc<Site>,
    address: SocketAddr,
    cancel: CancellationToken,
    ours: KeyPair,
    somebodys: KeyPair,
}

impl fmt::Debug for SimReleases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimReleases").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for SimReleases {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl SimReleases {
    /// Starts on a free port of 127.0.0.1, without a release, with a new key.
    pub async fn start() -> Self {
        let (listener, address) =
            shared::listen((Ipv4Addr::LOCALHOST, 0).into()).await.expect("a free port on 127.0.0.1");
        let (cancel, tasks) = (CancellationToken::new(), TaskTracker::new());
        let world = shared::Shared::new(World::default(), cancel.clone());
        let site = Arc::new(Site { world, goes_on: watch::Sender::new(false) });
        let app = Router::new()
            .route("/releases/latest/download/latest.json", get(newest))
            .route("/releases/download/package", get(package))
            .with_state(site.clone());
        shared::serve(listener, app, cancel.clone(), &tasks);
        let key = || KeyPair::generate_unencrypted_keypair().expect("a new key");
        Self { site, address, cancel, ours: key(), somebodys: key() }
    }

    /// Where the newest version is told of.
    pub fn newest_url(&self) -> String {
        format!("http://{}/releases/latest/download/latest.json", self.address)
    }

    /// The public half of the key, as Tauri writes it.
    pub fn public_key(&self) -> String {
        STANDARD.encode(self.ours.pk.to_box().expect("a key can be written").into_string())
    }

    /// A release from now on, in place of the one before.
    pub fn publish(&self, version: &str, notes: &str, package: impl Into<Bytes>, signed: Signed) {
        let package = package.into();
        let (key, of) = match signed {
            Signed::ByUs => (&self.ours, format!("\tversion:{version}")),
            Signed::BySomebody => (&self.somebodys, format!("\tversion:{version}")),
            Signed::ForAnOlderOne => (&self.ours, "\tversion:0.0.1".to_owned()),
            Signed::ForNone => (&self.ours, String::new()),
        };
        let comment = format!("timestamp:1700000000\tfile:package{of}");
        let signature = minisign::sign(Some(&key.pk), &key.sk, &package[..], Some(&comment), Some("a signature"));
        let signature = STANDARD.encode(signature.expect("a package can be signed").into_string());
        let url = format!("http://{}/releases/download/package", self.address);
        let one = json!({ "url": url, "signature": signature, "size": package.len() });
        let platforms: serde_json::Map<String, Value> =
            SYSTEMS.map(|system| (system.to_owned(), one.clone())).into_iter().collect();
        let newest = json!({
            "version": version, "notes": notes, "pub_date": "2026-11-29T12:00:00Z", "platforms": platforms,
            "page": format!("https://{}/releases/tag/v{version}", self.address.ip()),
        });
        self.site.world.change(|world| {
            world.newest = Some(newest);
            world.package = package;
        });
    }

    /// From now on the newest version is told like this, or well.
    pub fn fail_newest(&self, fault: Option<NewestFault>) {
        self.site.world.change(|world| world.newest_fault = fault);
    }

    /// From now on the package comes like this, or well.
    pub fn fail_package(&self, fault: Option<PackageFault>) {
        self.site.goes_on.send_replace(false);
        self.site.world.change(|world| world.package_fault = fault);
    }

    /// The rest of a package that halts comes now.
    pub fn go_on(&self) {
        self.site.goes_on.send_replace(true);
    }

    /// How often the newest version was asked for.
    pub fn asked(&self) -> usize {
        self.site.world.look(|world| world.asked)
    }

    /// How often the package was fetched.
    pub fn fetched(&self) -> usize {
        self.site.world.look(|world| world.fetched)
    }
}

fn to_file() -> Response {
    (StatusCode::FOUND, [(LOCATION, FILE)]).into_response()
}

async fn newest(State(site): State<Arc<Site>>) -> Response {
    let (newest, fault) = site.world.change(|world| {
        world.asked += 1;
        (world.newest.clone(), world.newest_fault)
    });
    match (fault, newest) {
        (Some(NewestFault::NotFound), _) | (None, None) => StatusCode::NOT_FOUND.into_response(),
        (Some(NewestFault::Broken), _) => StatusCode::BAD_GATEWAY.into_response(),
        (Some(NewestFault::Nonsense), _) => "<!doctype html><title>Sign in to this network</title>".into_response(),
        (Some(NewestFault::Endless), _) => faults::huge("{\"version\":\"", ENDLESS_BYTES, "\"}").into_response(),
        (Some(NewestFault::ToFile), _) => to_file(),
        (None, Some(newest)) => axum::Json(newest).into_response(),
    }
}

async fn package(State(site): State<Arc<Site>>) -> Response {
    let (package, fault) = site.world.change(|world| {
        world.fetched += 1;
        (world.package.clone(), world.package_fault)
    });
    let half = package.slice(..package.len() / 2);
    match fault {
        None => package.into_response(),
        Some(PackageFault::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Some(PackageFault::CutOff) => with_length(package.len(), faults::cut_after(half)),
        Some(PackageFault::Truncated) => half.into_response(),
        Some(PackageFault::Changed) => {
            let mut changed = package.to_vec();
            if let Some(last) = changed.last_mut() {
                *last ^= 1;
            }
            changed.into_response()
        }
        Some(PackageFault::Endless) => faults::huge("\u{7f}ELF", ENDLESS_BYTES, "").into_response(),
        Some(PackageFault::ToFile) => to_file(),
        Some(PackageFault::Halting) => {
            let (length, rest) = (package.len(), package.slice(half.len()..));
            with_length(length, halting(half, rest, site.goes_on.subscribe()))
        }
    }
}

fn with_length(length: usize, body: Body) -> Response {
    let headers: [(HeaderName, String); 1] = [(CONTENT_LENGTH, length.to_string())];
    (headers, body).into_response()
}

/// One part, and the other when that is wanted. It ends with the connection.
fn halting(first: Bytes, rest: Bytes, goes_on: watch::Receiver<bool>) -> Body {
    let parts = [(first, false), (rest, true)].into_iter();
    Body::from_stream(stream::unfold((parts, goes_on), |(mut parts, mut goes_on)| async {
        let (part, waits) = parts.next()?;
        if waits && goes_on.wait_for(|is| *is).await.is_err() {
            return None;
        }
        // What was sent before shall arrive before.
        tokio::time::sleep(Duration::from_millis(5)).await;
        Some((Ok::<_, io::Error>(part), (parts, goes_on)))
    }))
}
