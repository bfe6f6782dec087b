//! What Twitch tells besides IRC, simulated on real sockets: GraphQL, Hermes, and the third parties that stand in for
//! them (IVR, `DecAPI`, recent messages). A small world of users, and every way in which such a service fails.

mod gql;
mod hermes;
mod others;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::shared;
use world::{HermesOut, Shared, User, World};

pub use world::{Fault, Service};

/// A running simulation. Dropping it closes its port.
#[derive(Debug)]
pub struct SimTwitchSide {
    shared: Arc<Shared>,
    address: SocketAddr,
    cancel: CancellationToken,
}

impl Drop for SimTwitchSide {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl SimTwitchSide {
    /// Starts on a free port of 127.0.0.1, with an empty world.
    pub async fn start() -> Self {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into()).await.expect("a free port on 127.0.0.1")
    }

    /// Starts at `address`.
    ///
    /// # Errors
    /// The system's, when the address is taken.
    pub async fn start_at(address: SocketAddr) -> std::io::Result<Self> {
        let (listener, address) = shared::listen(address).await?;
        let (cancel, tasks) = (CancellationToken::new(), TaskTracker::new());
        let shared = Arc::new(Shared::new(address, cancel.clone()));
        let app = Router::new()
            .route("/gql", post(gql::answer))
            .route("/hermes", get(hermes::open))
            .route("/ivr/v2/twitch/user", get(others::ivr_user))
            .route("/ivr/v2/twitch/badges/{which}", get(others::ivr_badges))
            .route("/decapi/twitch/{what}/{login}", get(others::decapi))
            .route("/recent/api/v2/recent-messages/{login}", get(others::recent))
            .with_state(Arc::clone(&shared));
        shared::serve(listener, app, cancel.clone(), &tasks);
        Ok(Self { shared, address, cancel })
    }

    /// What `POLYCHAT_TWITCH_GQL_URL` has to be.
    pub fn gql_url(&self) -> String {
        format!("http://{}/gql", self.address)
    }

    /// What `POLYCHAT_TWITCH_HERMES_URL` has to be.
    pub fn hermes_url(&self) -> String {
        format!("ws://{}/hermes", self.address)
    }

    /// What `POLYCHAT_TWITCH_IVR_URL` has to be.
    pub fn ivr_url(&self) -> String {
        format!("http://{}/ivr", self.address)
    }

    /// What `POLYCHAT_TWITCH_DECAPI_URL` has to be.
    pub fn decapi_url(&self) -> String {
        format!("http://{}/decapi", self.address)
    }

    /// What `POLYCHAT_TWITCH_RECENT_MESSAGES_URL` has to be.
    pub fn recent_url(&self) -> String {
        format!("http://{}/recent", self.address)
    }

    // Who and what there is.

    /// A user. Its name is its login with a capital letter. Again with the same login: replaces it.
    pub fn user(&self, login: &str, id: &str, live: bool, viewers: u64, avatar: &str) -> &Self {
        let user = User { id: id.to_owned(), login: login.to_owned(), live, viewers, avatar: avatar.to_owned() };
        self.change(|world| world.users.insert(login.to_owned(), user))
    }

    /// A user has another login from now on; the old one is nobody's.
    pub fn rename(&self, old: &str, new: &str) -> &Self {
        self.change(|world| {
            if let Some(mut user) = world.users.remove(old) {
                new.clone_into(&mut user.login);
                world.users.insert(new.to_owned(), user);
            }
        })
    }

    /// A login that Twitch has closed, and its word for why.
    pub fn suspended(&self, login: &str, reason: &str) -> &Self {
        self.change(|world| world.suspended.insert(login.to_owned(), reason.to_owned()))
    }

    /// A badge of all rooms, or of one. Its picture is `https://badges.example/<set>/<version>`.
    pub fn badge(&self, room_id: Option<&str>, set: &str, version: &str) -> &Self {
        let badges = (set.to_owned(), version.to_owned());
        self.change(|world| world.badges.entry(room_id.map(str::to_owned)).or_default().push(badges))
    }

    /// A cheermote of all rooms, or of one, with the tiers 1 and 100.
    pub fn cheermote(&self, room_id: Option<&str>, prefix: &str) -> &Self {
        self.change(|world| world.cheermotes.entry(room_id.map(str::to_owned)).or_default().push(prefix.to_owned()))
    }

    /// What the recent-messages service has of a channel, oldest first.
    pub fn recent_lines(&self, login: &str, lines: &[&str]) -> &Self {
        let lines = lines.iter().map(|&line| line.to_owned()).collect();
        self.change(|world| world.recent.insert(login.to_owned(), lines))
    }

    // What goes wrong.

    /// From now on `service` fails like this, until [`well`](Self::well).
    pub fn fault(&self, service: Service, fault: Fault) -> &Self {
        self.change(|world| world.faults.insert(service, fault))
    }

    /// `service` works again.
    pub fn well(&self, service: Service) -> &Self {
        self.change(|world| world.faults.remove(&service))
    }

    /// GraphQL wants an integrity token from this client id.
    pub fn refuse_client_id(&self, id: &str) -> &Self {
        self.change(|world| world.refused_ids.insert(id.to_owned()))
    }

    // Hermes.

    /// The keepalive that Hermes promises to new connections. It says something three times as often.
    pub fn keepalive(&self, every: Duration) -> &Self {
        self.change(|world| world.keepalive = every)
    }

    /// Hermes sends no keepalive any more, to nobody.
    pub fn silent(&self, silent: bool) -> &Self {
        self.change(|world| world.silent = silent)
    }

    /// Hermes tells `message` to everyone who has subscribed to `topic`. Gives how many those are.
    pub fn push(&self, topic: &str, message: &Value) -> usize {
        let id = self.shared.next_id();
        self.push_as(&id, topic, message)
    }

    /// The same with the id of the envelope: the same id again is a repetition.
    pub fn push_as(&self, id: &str, topic: &str, message: &Value) -> usize {
        let mut sent = 0;
        self.change(|world| {
            for connection in world.hermes.values() {
                if let Some(subscription) = connection.topics.get(topic) {
                    let frame = hermes::notification(id, subscription, message);
                    sent += usize::from(connection.out.try_send(HermesOut::Text(frame)).is_ok());
                }
            }
        });
        sent
    }

    /// Hermes sends this frame to everyone.
    pub fn hermes_frame(&self, text: &str) {
        self.to_all_of_hermes(|| HermesOut::Text(text.to_owned()));
    }

    /// Hermes asks everyone to move to another address of its own.
    pub fn hermes_reconnect(&self) {
        let url = format!("{}?moved=1", self.hermes_url());
        self.hermes_frame(&serde_json::json!({"type": "reconnect", "reconnect": {"url": url}}).to_string());
    }

    /// Every connection to Hermes is cut.
    pub fn hermes_cut(&self) {
        self.to_all_of_hermes(|| HermesOut::Cut);
    }

    /// How many connections have subscribed to `topic`.
    pub fn subscribed(&self, topic: &str) -> usize {
        self.shared.look(|world| world.hermes.values().filter(|c| c.topics.contains_key(topic)).count())
    }

    /// How many connections to Hermes stand.
    pub fn hermes_connections(&self) -> usize {
        self.shared.look(|world| world.hermes.len())
    }

    // What was asked.

    /// How many requests of a kind there were: `gql` (batches), `gql:users`, `gql:result`, `gql:streams`, `gql:people`,
    /// `gql:badges`, `gql:cheermotes`, `gql:channel_badges`, `gql:channel_cheermotes` (queries), `ivr:user`, `ivr:badges`,
    /// `decapi`, `recent`, `hermes` (connections), `hermes:moved`, `hermes:subscribe`, `hermes:bad` (messages that Hermes
    /// does not understand).
    pub fn count(&self, kind: &str) -> u64 {
        self.shared.look(|world| world.counts.get(kind).copied().unwrap_or(0))
    }

    /// Waits until something is so; looks after every request and every change.
    ///
    /// # Panics
    /// After half a minute, with `what`.
    pub async fn until(&self, what: &str, mut so: impl FnMut(&Self) -> bool) {
        shared::until(self.shared.changes(), what, || so(self)).await;
    }

    fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> &Self {
        self.shared.change(change);
        self
    }

    fn to_all_of_hermes(&self, make: impl Fn() -> HermesOut) {
        self.change(|world| {
            for connection in world.hermes.values() {
                // Somebody who reads nothing gets nothing more.
                drop(connection.out.try_send(make()));
            }
        });
    }
}
