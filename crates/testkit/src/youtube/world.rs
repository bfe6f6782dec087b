//! What there is: channels, their videos, and the chat of each video.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::fault::Faults;
use super::log::Log;
use super::proto::base64url;
use super::signaler::Push;
use super::token::{Token, View, item_id};

/// Actions of a chat that are kept. Older ones are forgotten.
const MAX_ACTIONS: usize = 20_000;

/// Channels and videos that can be there, each.
const MAX_THINGS: usize = 10_000;

/// A channel.
#[derive(Debug, Clone)]
pub struct Channel {
    /// `UC` and 22 characters.
    pub id: String,
    /// Without `@`.
    pub handle: String,
    /// The display name.
    pub title: String,
    /// Old names, as in `c/name` and `user/name`.
    pub legacy_names: Vec<String>,
}

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

    /// What is known to everybody who listens for changes of this chat.
    pub(super) fn topic(&self) -> String {
        format!("chat~{}", self.id)
    }

    pub(super) fn is_stream(&self) -> bool {
        !matches!(self.state, VideoState::NotAStream | VideoState::Private | VideoState::Deleted)
    }
}

/// Everything behind the lock.
#[derive(Debug)]
pub(super) struct World {
    pub(super) channels: BTreeMap<String, Channel>,
    /// In the order in which they were made.
    pub(super) videos: Vec<Video>,
    pub(super) faults: Faults,
    pub(super) log: Log,
    pub(super) push: Push,
    pub(super) server_delay: Duration,
    pub(super) language: String,
    pub(super) consent: bool,
    pub(super) consent_host: Option<String>,
    pub(super) lockup_layout: bool,
    pub(super) skew_ms: i64,
    pub(super) numbers: u32,
    last_usec: u64,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            channels: BTreeMap::new(),
            videos: Vec::new(),
            faults: Faults::default(),
            log: Log::default(),
            push: Push::default(),
            server_delay: Duration::ZERO,
            language: "en".to_owned(),
            consent: false,
            consent_host: None,
            lockup_layout: false,
            skew_ms: 0,
            numbers: 0,
            last_usec: 0,
        }
    }

    /// The servers' clock, in microseconds. Never the same twice.
    pub(super) fn now_usec(&mut self) -> u64 {
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as u64);
        self.last_usec = clock.saturating_add_signed(self.skew_ms * 1000).max(self.last_usec + 1);
        self.last_usec
    }

    pub(super) fn now_seconds(&mut self) -> u64 {
        self.now_usec() / 1_000_000
    }

    pub(super) fn next_item_id(&mut self) -> (String, u64) {
        self.numbers = self.numbers.wrapping_add(1);
        let usec = self.now_usec();
        (item_id(usec, self.numbers), usec)
    }

    pub(super) fn add_channel(&mut self, handle: &str, title: &str) -> String {
        let handle = handle.trim_start_matches('@');
        let id = channel_id(handle);
        assert!(self.channels.len() < MAX_THINGS, "so many channels were not thought of");
        let channel =
            Channel { id: id.clone(), handle: handle.to_owned(), title: title.to_owned(), legacy_names: Vec::new() };
        self.channels.insert(id.clone(), channel);
        id
    }

    pub(super) fn add_video(&mut self, channel: &str, title: &str, state: VideoState) -> String {
        let channel = self.channel_of(channel).unwrap_or_else(|| panic!("there is no channel {channel}")).id.clone();
        assert!(self.videos.len() < MAX_THINGS, "so many videos were not thought of");
        let id = video_id(&channel, self.videos.len());
        let started = self.now_seconds();
        self.videos.push(Video {
            id: id.clone(),
            channel,
            title: title.to_owned(),
            state,
            members_only: false,
            unlisted: false,
            free_chat: false,
            vertical: false,
            viewers: 100,
            likes: 10,
            chat: ChatMode::Open,
            continuation: Continuation::Invalidation,
            advised_wait: Duration::from_secs(10),
            stub_menu: true,
            keeps_only: None,
            started,
            ended: None,
            actions: VecDeque::new(),
            killed_at: 0,
            pinned: None,
        });
        id
    }

    /// By id, handle or legacy name.
    pub(super) fn channel_of(&self, name: &str) -> Option<&Channel> {
        if let Some(channel) = self.channels.get(name) {
            return Some(channel);
        }
        let lower = name.trim_start_matches('@').to_lowercase();
        self.channels.values().find(|channel| {
            channel.handle.to_lowercase() == lower
                || channel.legacy_names.iter().any(|legacy| legacy.to_lowercase() == lower)
        })
    }

    pub(super) fn video(&self, id: &str) -> Option<&Video> {
        self.videos.iter().find(|video| video.id == id)
    }

    pub(super) fn video_mut(&mut self, id: &str) -> Option<&mut Video> {
        self.videos.iter_mut().find(|video| video.id == id)
    }

    /// Appends to the chat of a video. Gives the publishing time of the last one.
    pub(super) fn publish(&mut self, video: &str, actions: Vec<Value>, only_in_live_chat: bool) -> u64 {
        let visible_at = Instant::now() + self.server_delay;
        let mut last = 0;
        for action in actions {
            let usec = self.now_usec();
            last = usec;
            let video = self.video_mut(video).unwrap_or_else(|| panic!("there is no video {video}"));
            let visible_at = video.actions.back().map_or(visible_at, |before| before.visible_at.max(visible_at));
            let banner = &action["addBannerToLiveChatCommand"]["bannerRenderer"]["liveChatBannerRenderer"];
            if banner["bannerType"] == "LIVE_CHAT_BANNER_TYPE_PINNED_MESSAGE" {
                video.pinned = banner["actionId"].as_str().map(str::to_owned);
            }
            if action["removeBannerForLiveChatCommand"]["targetActionId"].as_str() == video.pinned.as_deref() {
                video.pinned = None;
            }
            if video.actions.len() == MAX_ACTIONS {
                video.actions.pop_front();
            }
            video.actions.push_back(ChatAction { usec, visible_at, only_in_live_chat, action });
        }
        last
    }

    /// What `/live` of a channel shows: what is live, then what is featured, then what begins first. Members-only streams
    /// are passed over, as for anybody who is not logged in.
    pub(super) fn featured(&self, channel: &str) -> Option<&Video> {
        let shown = |video: &&Video| video.channel == channel && !video.unlisted && !video.members_only;
        let upcoming = |video: &&Video| matches!(video.state, VideoState::Upcoming(_));
        let start = |video: &&Video| match video.state {
            VideoState::Upcoming(start) => start,
            _ => u64::MAX,
        };
        let shown: Vec<&Video> = self.videos.iter().filter(shown).collect();
        let live = shown.iter().find(|video| video.state == VideoState::Live);
        let placeholder = shown.iter().find(|video| upcoming(video) && video.free_chat);
        let next = shown.iter().filter(|video| upcoming(video)).min_by_key(|video| start(video));
        live.or(placeholder).or(next).copied()
    }
}

/// The id that a handle has in every simulation.
pub fn channel_id(handle: &str) -> String {
    format!("UC{}", base64url(&digest(&handle.trim_start_matches('@').to_lowercase(), 4)))
}

fn video_id(channel: &str, number: usize) -> String {
    base64url(&digest(&format!("{channel}/{number}"), 2))
}

/// `words` times four bytes that depend on every character of `text`.
fn digest(text: &str, words: u64) -> Vec<u8> {
    let fnv = |seed: u64| {
        let hash = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        ((hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32
    };
    (0..words).flat_map(|seed| fnv(seed).to_le_bytes()).collect()
}
