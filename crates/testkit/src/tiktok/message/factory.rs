//! What can happen: one constructor for each.

use axum::body::Bytes;

use super::{Gift, Kind, TkMessage};
use crate::tiktok::person::Person;

impl TkMessage {
    /// Somebody writes.
    pub fn chat(text: &str) -> Self {
        Self::new(Kind::Chat { text: text.to_owned(), to: None, language: "un".to_owned(), emotes: Vec::new() })
    }

    /// A message of stickers only, by their names.
    pub fn emotes(names: &[&str]) -> Self {
        Self::new(Kind::Emotes(names.iter().map(|name| (*name).to_owned()).collect()))
    }

    /// Somebody has given `count` of a gift so far. In a streak every message gives the running total, with the same `group`;
    /// a gift without streaks has the group 0.
    pub fn gift(gift: Gift, count: u32, group: u64) -> Self {
        Self::new(Kind::Gift { gift, count, group, ended: false, to: None })
    }

    /// Somebody has tapped `count` times; `total` is what the room has now.
    pub fn like(count: u32, total: u64) -> Self {
        Self::new(Kind::Like { count, total })
    }

    /// Somebody follows the streamer, who has `followers` now.
    pub fn follow(followers: u64) -> Self {
        Self::new(Kind::Follow { followers })
    }

    /// Somebody shares the stream; more than `joined` came through it, 0 says nothing about that.
    pub fn share(joined: u32) -> Self {
        Self::new(Kind::Share { joined })
    }

    /// Somebody joins.
    pub fn join(viewers: u32) -> Self {
        Self::new(Kind::Join { viewers })
    }

    /// Somebody without an account joins.
    pub fn guest() -> Self {
        Self::new(Kind::Guest)
    }

    /// How many watch now, how many have ever, and who gave most (with what they gave).
    pub fn viewers(now: u64, ever: u64, top: &[(Person, u64)]) -> Self {
        Self::new(Kind::Viewers { now, ever, top: top.to_vec() })
    }

    /// Messages go, and everything of these users goes.
    pub fn delete(messages: &[u64], users: &[u64]) -> Self {
        Self::new(Kind::Delete { messages: messages.to_vec(), users: users.to_vec() })
    }

    /// A message is pinned: its method and payload as they were sent.
    pub fn pin(method: &str, payload: impl Into<Bytes>) -> Self {
        Self::new(Kind::Pin { of: None, method: method.to_owned(), payload: payload.into() })
    }

    /// The pin with this message id goes, with what was pinned.
    pub fn unpin(pin: u64, method: &str, payload: impl Into<Bytes>) -> Self {
        Self::new(Kind::Pin { of: Some(pin), method: method.to_owned(), payload: payload.into() })
    }

    /// The state of the broadcast: 1 paused, 2 goes on, 3 ended, 4 suspended.
    pub fn control(action: u64) -> Self {
        Self::new(Kind::Control { action })
    }

    /// A question for the streamer.
    pub fn question(text: &str) -> Self {
        Self::new(Kind::Question { text: text.to_owned() })
    }

    /// A poll begins.
    pub fn poll(poll: u64, title: &str, options: &[&str]) -> Self {
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        Self::new(Kind::PollStart { poll, title: title.to_owned(), options })
    }

    /// Votes of a poll so far.
    pub fn poll_votes(poll: u64, votes: &[(&str, u64)]) -> Self {
        Self::new(Kind::PollVotes { poll, votes: owned(votes) })
    }

    /// A poll is over.
    pub fn poll_end(poll: u64, votes: &[(&str, u64)]) -> Self {
        Self::new(Kind::PollEnd { poll, votes: owned(votes) })
    }

    /// A treasure box: what is in it, for how many, and when it can be opened (Unix time in seconds).
    pub fn envelope(number: u64, diamonds: u32, people: u32, opens_s: u64) -> Self {
        Self::new(Kind::Envelope { number, diamonds, people, business: 1, opens_s })
    }

    /// A treasure box for super fans.
    pub fn super_fan_box(number: u64, diamonds: u32, people: u32, opens_s: u64) -> Self {
        Self::new(Kind::Envelope { number, diamonds, people, business: 19, opens_s })
    }

    /// A treasure box is gone.
    pub fn envelope_hides(number: u64) -> Self {
        Self::new(Kind::EnvelopeHides { number })
    }

    /// Somebody subscribes for the so many-th month.
    pub fn subscription(months: u64, gifted: bool) -> Self {
        Self::new(Kind::Subscription { months, gifted })
    }

    /// A banner with the number and the text key that TikTok gives it, such as 9 and `pm_mt_alp_join_animation`.
    pub fn barrage(kind: u64, key: &str, level: u32) -> Self {
        Self::new(Kind::Barrage { kind, key: key.to_owned(), level })
    }

    /// What was understood of the streamer's words; replaced by later ones of the same sentence until it is `done`.
    pub fn caption(sentence: u64, text: &str, done: bool) -> Self {
        Self::new(Kind::Caption { sentence, text: text.to_owned(), done })
    }

    /// The streamer's words about the stream.
    pub fn intro(text: &str) -> Self {
        Self::new(Kind::Intro { text: text.to_owned() })
    }

    /// A notice of TikTok itself.
    pub fn notice(text: &str) -> Self {
        Self::new(Kind::Notice { text: text.to_owned() })
    }

    /// A goal, and how far it is.
    pub fn goal(text: &str, progress: u64, target: u64) -> Self {
        Self::new(Kind::Goal { text: text.to_owned(), progress, target })
    }

    /// TikTok wants to know whether this visitor is a human.
    pub fn captcha() -> Self {
        Self::new(Kind::Captcha)
    }

    /// Anything: a method and a payload.
    pub fn raw(method: &str, payload: impl Into<Bytes>) -> Self {
        Self::new(Kind::Raw { method: method.to_owned(), payload: payload.into() })
    }
}

fn owned(votes: &[(&str, u64)]) -> Vec<(String, u64)> {
    votes.iter().map(|(option, votes)| ((*option).to_owned(), *votes)).collect()
}
