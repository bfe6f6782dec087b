//! A video and its chat.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::token::{Token, View};

/// Actions of a chat that are kept. Older ones are forgotten.
const MAX_ACTIONS: usize = 20_000;

/// How far a video is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VideoState {
    /// Announced; begins at this Unix time in seconds.
    Upcoming(u64),
    /// Live.
    Live,
    /// Just over: no recording yet, and the chat gives no further token.
    Ended,
    /// Over, with a recording and the replay of its chat. Live tokens are refused.
    Archived,
    /// Was never a stream.
    NotAStream,
    /// Nobody may see it.
    Private,
    /// Gone.
    Deleted,
}

/// What the player says of a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlayerMood {
    /// How it is.
    Honest,
    /// "Sign in to confirm that you are no robot."
    BotCheck,
    /// Not live, although it is: what some places in the network are told.
    NotLive,
}

/// Whether a video has a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatMode {
    /// There is one.
    Open,
    /// The owner turned it off; the page says so.
    Disabled,
    /// The page does not even say so.
    Absent,
}

/// Which kind of continuation `get_live_chat` gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuation {
    /// `invalidationContinuationData`: listen to the push channel.
    Invalidation,
    /// `timedContinuationData`: ask again after a while.
    Timed,
    /// `reloadContinuationData`: the next answer is a history batch.
    Reload,
}

/// A video. [`SimYoutube::change`](super::SimYoutube::change) changes everything that is public here.
#[derive(Debug, Clone)]
pub struct Video {
    /// 11 characters.
    pub id: String,
    /// The id of its channel.
    pub channel: String,
    /// Its title.
    pub title: String,
    /// How far it is.
    pub state: VideoState,
    /// Whether the player tells the truth about it.
    pub player: PlayerMood,
    /// The id of a second owner: pages then name both in another shape.
    pub collaborator: Option<String>,
    /// Only members may watch, and the chat cannot be read without an account.
    pub members_only: bool,
    /// Found by its id only.
    pub unlisted: bool,
    /// A placeholder that keeps a chat open; `/live` shows it before anything else that is upcoming.
    pub free_chat: bool,
    /// In portrait format.
    pub vertical: bool,
    /// Concurrent viewers; waiting people when it is upcoming.
    pub viewers: u64,
    /// Thumbs up.
    pub likes: u64,
    /// Whether it has a chat.
    pub chat: ChatMode,
    /// What its topic on the push channel ends with, as in earlier years: `chat~VIDEO~N`.
    pub topic_number: Option<u64>,
    /// Which kind of continuation its chat gives.
    pub continuation: Continuation,
    /// The wait that the continuation advises: 10 s.
    pub advised_wait: Duration,
    /// Whether pages and `/next` have the stubs in the menu of views, as since October 2025, or real tokens.
    pub stub_menu: bool,
    /// The newest of so many actions are given, and the others lost, as in a real busy chat; `None`: nothing is lost, long
    /// waits are given in parts.
    pub keeps_only: Option<usize>,
    /// When it began, Unix seconds.
    pub(super) started: u64,
    pub(super) ended: Option<u64>,
    pub(super) actions: VecDeque<ChatAction>,
    /// Tokens that were made until then are dead.
    pub(super) killed_at: u64,
    /// Tokens that were made until then lead nowhere.
    pub(super) closed_at: u64,
    /// The hearts that float up, as YouTube repeats them in every answer.
    pub(super) reactions: Option<Value>,
    pub(super) pinned: Option<String>,
}

/// Something that happened in a chat.
#[derive(Debug, Clone)]
pub(super) struct ChatAction {
    /// When it was published. Grows from action to action.
    pub(super) usec: u64,
    /// When the servers tell it. Never before the one before it.
    pub(super) visible_at: Instant,
    pub(super) only_in_live_chat: bool,
    pub(super) action: Value,
}

impl Video {
    /// What nobody said otherwise.
    pub(super) fn new(id: String, channel: String, title: &str, state: VideoState, started: u64) -> Self {
        Self {
            id,
            channel,
            title: title.to_owned(),
            state,
            player: PlayerMood::Honest,
            collaborator: None,
            members_only: false,
            unlisted: false,
            free_chat: false,
            vertical: false,
            viewers: 100,
            likes: 10,
            chat: ChatMode::Open,
            topic_number: None,
            continuation: Continuation::Invalidation,
            advised_wait: Duration::from_secs(10),
            stub_menu: true,
            keeps_only: None,
            started,
            ended: None,
            actions: VecDeque::new(),
            killed_at: 0,
            closed_at: 0,
            reactions: None,
            pinned: None,
        }
    }

    /// Adds to the chat, never to be told before what is there already.
    pub(super) fn append(&mut self, mut new: ChatAction) {
        if let Some(before) = self.actions.back() {
            new.visible_at = new.visible_at.max(before.visible_at);
        }
        let banner = &new.action["addBannerToLiveChatCommand"]["bannerRenderer"]["liveChatBannerRenderer"];
        if banner["bannerType"] == "LIVE_CHAT_BANNER_TYPE_PINNED_MESSAGE" {
            self.pinned = banner["actionId"].as_str().map(str::to_owned);
        }
        if new.action["removeBannerForLiveChatCommand"]["targetActionId"].as_str() == self.pinned.as_deref() {
            self.pinned = None;
        }
        if self.actions.len() == MAX_ACTIONS {
            self.actions.pop_front();
        }
        self.actions.push_back(new);
    }

    /// Publishing time of the newest thing that the servers tell; 0 if there is none.
    pub(super) fn newest(&self, now: Instant) -> u64 {
        self.actions.iter().rev().find(|action| action.visible_at <= now).map_or(0, |action| action.usec)
    }

    /// When the servers will tell the next thing.
    pub(super) fn next_visible(&self, now: Instant) -> Option<Instant> {
        let hidden = self.actions.partition_point(|action| action.visible_at <= now);
        self.actions.get(hidden).map(|action| action.visible_at)
    }

    pub(super) fn token(&self, view: View, made: u64) -> Token {
        let replay = self.state == VideoState::Archived;
        let made = if replay { 0 } else { made };
        Token { channel: self.channel.clone(), video: self.id.clone(), replay, view, position: None, made }
    }

    /// What listeners on the push channel call this chat.
    pub(super) fn topic(&self) -> String {
        match self.topic_number {
            Some(number) => format!("chat~{}~{number}", self.id),
            None => format!("chat~{}", self.id),
        }
    }

    pub(super) fn is_stream(&self) -> bool {
        !matches!(self.state, VideoState::NotAStream | VideoState::Private | VideoState::Deleted)
    }
}
