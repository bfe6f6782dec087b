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
mod player;
mod server;
mod signaler;
mod talk;
mod token;
mod trouble;
mod video;
mod watch;
mod words;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::shared;
use server::Shared;
use world::World;

pub use api::STREAMS_PARAMS;
pub use fault::{Endpoint, Fault};
pub use log::Logged;
pub use message::{Amount, Poll, Tier, YtMessage};
pub use signaler::SIGNALER_KEY;
pub use talk::Talk;
pub use token::{STUB_TOKENS, Token, View};
pub use trouble::GARBAGE;
pub use video::{ChatMode, Continuation, PlayerMood, Video, VideoState};
pub use world::{Channel, channel_id};

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
        let (listener, address) = shared::listen(address).await?;
        let (cancel, tasks) = (CancellationToken::new(), TaskTracker::new());
        let shared = Arc::new(Shared::new(World::new(), cancel.clone()));
        let app = Router::new().fallback(server::handle).with_state(Arc::clone(&shared));
        shared::serve(listener, app, cancel.clone(), &tasks);
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

    /// Reactions float up: which, and how often. Answers repeat the last ones, as the real ones do.
    pub fn react(&self, video: &str, reactions: &[(&str, u64)]) {
        let usec = self.now_usec();
        let total: u64 = reactions.iter().map(|(_, count)| count).sum();
        let data: Vec<Value> =
            reactions.iter().map(|(emoji, count)| json!({"unicodeEmojiId": emoji, "reactionCount": count})).collect();
        let key = answer::tracking(&format!("fountain-{video}"));
        let entity = json!({"key": key, "updateTimeUsec": usec.to_string(), "reactionBuckets": [{
            "duration": {"seconds": "1"},
            "intensityScore": 0.5,
            "totalReactions": total,
            "reactionsData": data,
        }]});
        let mutation = json!({"entityKey": key, "type": "ENTITY_MUTATION_TYPE_REPLACE",
            "payload": {"emojiFountainDataEntity": entity}});
        self.change(video, |video| video.reactions = Some(mutation));
    }

    /// An action as it is.
    pub fn push_action(&self, video: &str, action: Value) {
        self.push_actions(video, vec![action]);
    }

    /// Actions as they are, all at once.
    pub fn push_actions(&self, video: &str, actions: Vec<Value>) {
        self.shared.change(|world| world.publish(video, actions, false));
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
        let topic = |world: &World| world.video(video).map(|video| world.push.listeners(&video.topic()));
        self.shared.look(topic).unwrap_or(0)
    }

    /// Waits until something is so; looks after every request and every change.
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
