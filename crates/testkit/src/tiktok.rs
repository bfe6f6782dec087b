//! A simulated TikTok on a real socket, as somebody without an account sees it: pages and their walls, the state of
//! channels and rooms, the cookie of a visitor, a sign server beside it, and the socket of a live room.
//!
//! It answers what TikTok answers, with the same shapes, keeps what clients did, and misbehaves when a test asks for it.
//! User and room ids are the same in every run; times are those of this machine's clock. What it writes is written here,
//! byte by byte, and not by the code that reads it in Polychat.

mod api;
mod channel;
mod fault;
mod frame;
mod id;
mod log;
mod message;
mod pages;
mod person;
mod player;
mod server;
mod sign;
mod socket;
mod stage;
mod talk;
mod trouble;
mod visitor;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::shared;
use server::Shared;
use world::World;

pub use channel::Channel;
pub use fault::{Endpoint, Fault, Refusal};
pub use id::{room_id, user_id};
pub use log::{Ack, Entered, Log, Logged, Socket};
pub use message::{Gift, TkMessage};
pub use person::Person;
pub use player::Player;
pub use stage::TkChannel;
pub use talk::{Talk, Turn};
pub use world::Packing;

/// A running simulation. Dropping it closes its port and every connection.
#[derive(Debug)]
pub struct SimTiktok {
    shared: Arc<Shared>,
    address: SocketAddr,
    tasks: TaskTracker,
    cancel: CancellationToken,
}

impl Drop for SimTiktok {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl SimTiktok {
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
        let shared = Arc::new(Shared::new(World::new(), cancel.clone()));
        let app = Router::new().fallback(server::handle).with_state(Arc::clone(&shared));
        shared::serve(listener, app, cancel.clone(), &tasks);
        Ok(Self { shared, address, tasks, cancel })
    }

    // Where it is. All of it is one server.

    /// The site.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The interface of live rooms.
    pub fn webcast_url(&self) -> String {
        self.url()
    }

    /// The sockets of live rooms.
    pub fn ws_url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// The registration of visitors.
    pub fn ttwid_url(&self) -> String {
        self.url()
    }

    /// The sign server.
    pub fn sign_url(&self) -> String {
        self.url()
    }

    /// A channel, by its @name. It is there from the first time that it is asked for.
    pub fn channel(&self, name: &str) -> TkChannel<'_> {
        let name = id::clean(name);
        self.shared.quietly(|world| world.channel(&name).username.clone());
        TkChannel { sim: self, name }
    }

    /// `/t/<code>` leads to this address.
    pub fn short_link(&self, code: &str, to: &str) {
        self.shared.change(|world| world.short_links.insert(code.to_owned(), to.to_owned()));
    }

    // What clients did.

    /// Everything that clients did so far.
    pub fn log(&self) -> Log {
        self.shared.look(|world| world.log.clone())
    }

    /// How many requests of a kind there were.
    pub fn requests(&self, endpoint: Endpoint) -> u64 {
        self.shared.look(|world| world.log.count(endpoint))
    }

    /// How many sockets are open.
    pub fn sockets(&self) -> usize {
        self.shared.look(|world| world.listeners.len())
    }

    /// Waits until something is so; looks after every request, every frame of a client and every change.
    ///
    /// # Panics
    /// After half a minute, with `what`.
    pub async fn until(&self, what: &str, mut so: impl FnMut(&Self) -> bool) {
        shared::until(self.shared.changes(), what, || so(self)).await;
    }

    /// Ends everything and waits for it.
    pub async fn stop(self) {
        self.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
