//! What there is: channels, their videos, and the chat of each video.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::fault::{Endpoint, Fault};
use super::log::Log;
use super::signaler::Push;
use super::token::item_id;
use super::video::{ChatAction, Video, VideoState};
use crate::faults::Faults;
use crate::proto::base64url;

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

/// Everything behind the lock.
#[derive(Debug)]
pub(super) struct World {
    pub(super) channels: BTreeMap<String, Channel>,
    /// In the order in which they were made.
    pub(super) videos: Vec<Video>,
    pub(super) faults: Faults<Endpoint, Fault>,
    pub(super) log: Log,
    pub(super) push: Push,
    pub(super) server_delay: Duration,
    pub(super) language: String,
    pub(super) consent: bool,
    pub(super) consent_host: Option<String>,
    pub(super) lockup_layout: bool,
    /// `/live` sends to the watch page instead of being one.
    pub(super) live_redirects: bool,
    /// Watch pages do not say where the chat is.
    pub(super) pages_without_chat: bool,
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
            live_redirects: false,
            pages_without_chat: false,
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
        self.videos.push(Video::new(id.clone(), channel, title, state, started));
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
            video.append(ChatAction { usec, visible_at, only_in_live_chat, action });
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
