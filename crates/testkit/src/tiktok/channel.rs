//! A channel: who streams, and what can be seen of it from outside.

use super::id::{sec_uid, user_id};

/// A channel. Everything that is `pub` can be changed by a test with [`TkChannel::change`](super::TkChannel::change).
#[derive(Debug, Clone)]
pub struct Channel {
    /// The @name, in small letters and without `@`.
    pub username: String,
    /// The display name.
    pub nickname: String,
    /// The words about it on its page.
    pub bio: String,
    /// Whether there is a picture.
    pub avatar: bool,
    /// Verified by TikTok.
    pub verified: bool,
    /// How many follow it.
    pub followers: u64,
    /// The title of the broadcast.
    pub title: String,
    /// 2 is live, 4 is over; there are others.
    pub status: u64,
    /// The broadcast, which stays after its end; 0: there never was one.
    pub room_id: u64,
    /// When it began, in seconds.
    pub started_s: u64,
    /// How many watch.
    pub viewers: u64,
    /// How many have watched since it began.
    pub ever: u64,
    /// Taps so far.
    pub likes: u64,
    /// Only for those who subscribed.
    pub subscribers_only: bool,
    /// Only for those who paid.
    pub paid: bool,
    /// Only for grown-ups: nothing is shown without an account.
    pub age_gate: bool,
    /// Only for those with an account.
    pub login_gate: bool,
    /// The account is private.
    pub private: bool,
    /// The chat is switched off.
    pub chat_disabled: bool,
    pub(super) broadcasts: u64,
}

impl Channel {
    pub(super) fn new(username: &str) -> Self {
        Self {
            username: username.to_owned(),
            nickname: username.to_owned(),
            bio: format!("{username} is simulated"),
            avatar: true,
            verified: false,
            followers: 1_200,
            title: format!("{username} is here"),
            status: 4,
            room_id: 0,
            started_s: 0,
            viewers: 12,
            ever: 40,
            likes: 0,
            subscribers_only: false,
            paid: false,
            age_gate: false,
            login_gate: false,
            private: false,
            chat_disabled: false,
            broadcasts: 0,
        }
    }

    /// The streamer's user id.
    pub fn user_id(&self) -> u64 {
        user_id(&self.username)
    }

    pub(super) fn sec_uid(&self) -> String {
        sec_uid(&self.username)
    }

    pub(super) fn is_live(&self) -> bool {
        self.status == 2 && self.room_id != 0
    }
}
