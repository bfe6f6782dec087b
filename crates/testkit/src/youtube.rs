//! A simulated YouTube on a real socket, as somebody without an account sees it: pages, the requests that they make, live
//! chat with its tokens, and the push channel beside it.
//!
//! It answers what YouTube answers, with the same shapes, keeps what it was asked, and misbehaves when a test asks for it.
//! Channel and video ids are the same in every run; times are those of this machine's clock, because clients compare them.

mod answer;
mod api;
mod channel;
mod chat;
mod fault;
mod log;
mod message;
mod pages;
mod proto;
mod server;
mod signaler;
mod talk;
mod token;
mod watch;
mod words;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use server::Shared;
use world::World;

pub use api::STREAMS_PARAMS;
pub use fault::{Endpoint, Fault};
pub use log::Logged;
pub use message::{Amount, Poll, Tier, YtMessage};
pub use signaler::SIGNALER_KEY;
pub use talk::Talk;
pub use token::{STUB_TOKENS, Token, View};
pub use world::{Channel, ChatMode, Continuation, Video, VideoState, channel_id};

/// How long [`SimYoutube::until`] waits before it calls the test a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_secs(365 * 86_400);

/// A running simulation. Dropping it closes its port and every connection.
#[derive(Debug)]
pub struct SimYoutube {
    shared: Arc<Shared>,
    address: SocketAddr,
    tasks: TaskTracker,
    cancel: CancellationToken,
}

impl Drop for SimYoutube {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl SimYoutube {
    /// Starts on a free port of 127.0.0.1, with an empty world.
    pub async fn start() -> Self {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into()).await.expect("a free port on 127.0.0.1")
    }

    /// Starts at `address`.
    ///
    /// # Errors
    /// The system's, when the address is taken.
    pub async fn start_at(address: SocketAddr) -> std::io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (cancel, tasks) = (CancellationToken::new(), TaskTracker::new());
        let shared = Arc::new(Shared::new(cancel.clone()));
        let app = Router::new().fallback(server::handle).with_state(Arc::clone(&shared));
        let stop = cancel.clone();
        tasks.spawn(async move {
            let _ended = stop.run_until_cancelled(async { axum::serve(listener, app).await }).await;
        });
        Ok(Self { shared, address, tasks, cancel })
    }

    /// What `POLYCHAT_YOUTUBE_URL` has to be.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What `POLYCHAT_YOUTUBE_SIGNALER_URL` has to be.
    pub fn signaler_url(&self) -> String {
        self.url()
    }

    // What there is.

    /// A channel. Gives its id, which is the same in every run: [`channel_id`].
    pub fn add_channel(&self, handle: &str, title: &str) -> String {
        self.shared.change(|world| world.add_channel(handle, title))
    }

    /// An old name of a channel: `c/name` or `user/name`.
    pub fn add_legacy_name(&self, channel: &str, name: &str) {
        self.shared.change(|world| {
            let id = world.channel_of(channel).map(|channel| channel.id.clone());
            if let Some(channel) = id.and_then(|id| world.channels.get_mut(&id)) {
                channel.legacy_names.push(name.to_owned());
            }
        });
    }

    /// A stream of a channel (by id or handle) that is live. Gives the video id.
    pub fn start_stream(&self, channel: &str, title: &str) -> String {
        self.add_video(channel, title, VideoState::Live)
    }

    /// A stream that is announced for this Unix time in seconds. Its chat is open already. Gives the video id.
    pub fn schedule(&self, channel: &str, title: &str, start: u64) -> String {
        self.add_video(channel, title, VideoState::Upcoming(start))
    }

    /// A video in any state. Gives its id.
    pub fn add_video(&self, channel: &str, title: &str, state: VideoState) -> String {
        self.shared.change(|world| world.add_video(channel, title, state))
    }

    /// Changes a video: who may see it, its viewers, its title, which kind of continuation it gives …
    pub fn change(&self, video: &str, change: impl FnOnce(&mut Video)) {
        self.shared
            .change(|world| change(world.video_mut(video).unwrap_or_else(|| panic!("there is no video {video}"))));
    }

    /// A scheduled stream begins.
    pub fn go_live(&self, video: &str) {
        let now = self.now_usec() / 1_000_000;
        self.change(video, |video| {
            video.state = VideoState::Live;
            video.started = now;
        });
    }

    /// A stream ends. Its chat gives what is left, and no further token.
    pub fn end(&self, video: &str) {
        let now = self.now_usec() / 1_000_000;
        self.change(video, |video| {
            video.state = VideoState::Ended;
            video.ended = Some(now);
        });
    }

    /// The recording of an ended stream is there, and the replay of its chat. Live tokens are refused with 400.
    pub fn archive(&self, video: &str) {
        self.end(video);
        self.change(video, |video| video.state = VideoState::Archived);
    }

    /// The servers' clock, in microseconds.
    pub fn now_usec(&self) -> u64 {
        self.shared.quietly(World::now_usec)
    }

    // Talking.

    /// `author` (a handle) writes `text`. Gives the item id.
    pub fn say(&self, video: &str, author: &str, text: &str) -> String {
        self.send(video, &YtMessage::chat(text).from(author))
    }

    /// Anything happens in the chat of `video`. Gives the item id.
    pub fn send(&self, video: &str, message: &YtMessage) -> String {
        self.shared.change(|world| {
            let (id, usec) = world.next_item_id();
            world.publish(video, message.actions(&id, usec), message.only_in_live_chat);
            message.id.clone().unwrap_or(id)
        })
    }

    /// An action as it is.
    pub fn push_action(&self, video: &str, action: Value) {
        self.push_actions(video, vec![action]);
    }

    /// Actions as they are, all at once.
    pub fn push_actions(&self, video: &str, actions: Vec<Value>) {
        self.shared.change(|world| world.publish(video, actions, false));
    }

    // How it behaves.

    /// What is published is told (in answers and on the push channel) this much later.
    pub fn server_delay(&self, delay: Duration) {
        self.shared.change(|world| world.server_delay = delay);
    }

    /// The servers' clock is ahead of this machine's by so many ms, or behind.
    pub fn skew_clock(&self, ms: i64) {
        self.shared.change(|world| world.skew_ms = ms);
    }

    /// The language of those who ask for none: `en`, `de` or `ja`.
    pub fn speak(&self, language: &str) {
        self.shared.change(|world| language.clone_into(&mut world.language));
    }

    /// The tab of streams is laid out in the newer way (`lockupViewModel`), or in the older.
    pub fn lockup_layout(&self, newer: bool) {
        self.shared.change(|world| world.lockup_layout = newer);
    }

    /// Pages are only for those with the cookie `SOCS`; others are sent to `/consent` of `host` (`http://…`; `None`: of
    /// this server).
    pub fn ask_for_consent(&self, ask: bool, host: Option<&str>) {
        self.shared.change(|world| {
            world.consent = ask;
            world.consent_host = host.map(str::to_owned);
        });
    }

    // What goes wrong.

    /// The next `times` requests of `endpoint` fail like this. Several faults follow each other.
    pub fn fail(&self, endpoint: Endpoint, fault: Fault, times: u32) {
        self.shared.change(|world| world.faults.add(endpoint, fault, Some(times)));
    }

    /// From now on requests of `endpoint` fail like this, until [`well`](Self::well).
    pub fn fail_always(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.change(|world| world.faults.add(endpoint, fault, None));
    }

    /// `endpoint` works again.
    pub fn well(&self, endpoint: Endpoint) {
        self.shared.change(|world| world.faults.clear(endpoint));
    }

    /// Every token of `video` that was handed out so far is dead: answered with 200 and a next token, which is dead, too,
    /// but never again with an action.
    pub fn kill_tokens(&self, video: &str) {
        let now = self.now_usec();
        self.change(video, |video| video.killed_at = now);
    }

    /// The same for every video.
    pub fn kill_all_tokens(&self) {
        let now = self.now_usec();
        self.shared.change(|world| world.videos.iter_mut().for_each(|video| video.killed_at = now));
    }

    /// Push connects and stays alive, but never signals anything (`true`); or works again.
    pub fn silence_push(&self, silent: bool) {
        self.shared.change(|world| world.push.silent_until = silent.then(|| Instant::now() + FOR_EVER));
    }

    /// Push is silent for this time, and then tells what it has missed.
    pub fn silence_push_for(&self, time: Duration) {
        self.shared.change(|world| world.push.silent_until = Some(Instant::now() + time));
    }

    /// Everybody who listens is cut off. Sessions stay: listening again goes on.
    pub fn cut_push(&self) {
        self.shared.change(|world| world.push.cuts += 1);
    }

    /// Sessions are forgotten: whoever listens is sent away, and then is unknown.
    pub fn forget_push(&self) {
        self.shared.change(|world| world.push.sessions.clear());
    }

    /// A listening body ends after this; the client has to listen again with what it has got.
    pub fn hold_push(&self, hold: Option<Duration>) {
        self.shared.change(|world| world.push.hold = hold);
    }

    /// How often the push channel says something at least: 30 s.
    pub fn push_keepalive(&self, every: Duration) {
        self.shared.change(|world| world.push.keepalive = every);
    }

    /// Frames come in pieces of so many bytes; `None`: whole.
    pub fn split_frames(&self, bytes: Option<usize>) {
        self.shared.change(|world| world.push.split = bytes);
    }

    /// A signal comes between two other frames, all in one piece.
    pub fn join_frames(&self, joined: bool) {
        self.shared.change(|world| world.push.joined = joined);
    }

    /// Every push session gets a frame with this payload.
    pub fn push_frame(&self, payload: &Value) {
        self.shared.change(|world| world.push.frame(payload));
    }

    /// Every push session gets a ping, which is no signal.
    pub fn ping(&self) {
        let usec = self.now_usec();
        self.push_frame(&signaler::ping(usec));
    }

    // What was asked.

    /// How many requests of a kind there were.
    pub fn requests(&self, endpoint: Endpoint) -> u64 {
        self.shared.look(|world| world.log.count(endpoint))
    }

    /// How many requests of a kind there were at the same time, at most.
    pub fn most_at_once(&self, endpoint: Endpoint) -> u64 {
        self.shared.look(|world| world.log.most_at_once(endpoint))
    }

    /// The requests of a kind, oldest first. Only the last 2,000 of all kinds are kept.
    pub fn log(&self, endpoint: Endpoint) -> Vec<Logged> {
        self.shared.look(|world| world.log.of(endpoint))
    }

    /// How many listen on the push channel for the chat of `video`.
    pub fn listeners(&self, video: &str) -> usize {
        self.shared.look(|world| world.push.listeners(video))
    }

    /// Waits until something is so; looks after every request and every change.
    ///
    /// # Panics
    /// After half a minute, with `what`.
    pub async fn until(&self, what: &str, mut so: impl FnMut(&Self) -> bool) {
        let mut changes = self.shared.changes();
        let waiting = async {
            while !so(self) {
                if changes.changed().await.is_err() {
                    break;
                }
            }
        };
        assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "waited in vain until {what}");
    }

    /// Ends everything and waits for it.
    pub async fn stop(self) {
        self.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
