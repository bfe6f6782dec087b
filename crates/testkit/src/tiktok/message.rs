//! What happens in a room: a factory for tests, `TkMessage::chat("hi").from("alice")`.

mod common;
mod factory;
mod gift;
mod kinds;
mod more;

use axum::body::Bytes;

use super::person::Person;
use crate::proto::Message;

pub use gift::Gift;

/// What a room puts around each message.
#[derive(Debug, Clone)]
pub(super) struct Around {
    pub(super) id: u64,
    pub(super) room: u64,
    pub(super) now_ms: u64,
    /// The streamer.
    pub(super) owner: Person,
}

/// One happening in a room, not yet sent. What is not said has a plausible default.
#[derive(Debug, Clone)]
pub struct TkMessage {
    kind: Kind,
    from: Person,
    id: Option<u64>,
    sent_ms: Option<u64>,
}

/// What happens.
#[derive(Debug, Clone)]
enum Kind {
    Chat {
        text: String,
        to: Option<Person>,
        language: String,
        emotes: Vec<(u32, String)>,
    },
    Emotes(Vec<String>),
    Gift {
        gift: Gift,
        count: u32,
        group: u64,
        ended: bool,
        to: Option<Person>,
    },
    Like {
        count: u32,
        total: u64,
    },
    Follow {
        followers: u64,
    },
    Share {
        joined: u32,
    },
    Join {
        viewers: u32,
    },
    Guest,
    Viewers {
        now: u64,
        ever: u64,
        top: Vec<(Person, u64)>,
    },
    Delete {
        messages: Vec<u64>,
        users: Vec<u64>,
    },
    /// `of`: the pin that is taken away.
    Pin {
        of: Option<u64>,
        method: String,
        payload: Bytes,
    },
    Control {
        action: u64,
    },
    Question {
        text: String,
    },
    PollStart {
        poll: u64,
        title: String,
        options: Vec<String>,
    },
    PollVotes {
        poll: u64,
        votes: Vec<(String, u64)>,
    },
    PollEnd {
        poll: u64,
        votes: Vec<(String, u64)>,
    },
    Envelope {
        number: u64,
        diamonds: u32,
        people: u32,
        business: u64,
        opens_s: u64,
    },
    EnvelopeHides {
        number: u64,
    },
    Subscription {
        months: u64,
        gifted: bool,
    },
    Barrage {
        kind: u64,
        key: String,
        level: u32,
    },
    Caption {
        sentence: u64,
        text: String,
        done: bool,
    },
    Intro {
        text: String,
    },
    Notice {
        text: String,
    },
    Goal {
        text: String,
        progress: u64,
        target: u64,
    },
    Captcha,
    Raw {
        method: String,
        payload: Bytes,
    },
}

impl TkMessage {
    fn new(kind: Kind) -> Self {
        Self { kind, from: Person::new("viewer"), id: None, sent_ms: None }
    }

    /// Who.
    pub fn from(mut self, person: impl Into<Person>) -> Self {
        self.from = person.into();
        self
    }

    /// A chat that mentions somebody, by whose display name it begins; or whom a gift is for, when it is not the streamer.
    pub fn to(mut self, person: impl Into<Person>) -> Self {
        if let Kind::Chat { to, .. } | Kind::Gift { to, .. } = &mut self.kind {
            *to = Some(person.into());
        }
        self
    }

    /// The language of a chat, as TikTok sees it: `en`; it mostly does not know (`un`).
    pub fn language(mut self, name: &str) -> Self {
        if let Kind::Chat { language, .. } = &mut self.kind {
            name.clone_into(language);
        }
        self
    }

    /// A sticker inside of a chat, before the character with this number.
    pub fn emote(mut self, index: u32, name: &str) -> Self {
        if let Kind::Chat { emotes, .. } = &mut self.kind {
            emotes.push((index, name.to_owned()));
        }
        self
    }

    /// The streak of a gift is over.
    pub fn ended(mut self) -> Self {
        if let Kind::Gift { ended, .. } = &mut self.kind {
            *ended = true;
        }
        self
    }

    /// The message id, when the simulation's will not do; 0 is none.
    pub fn id(mut self, id: u64) -> Self {
        self.id = Some(id);
        self
    }

    /// When it was sent, in milliseconds.
    pub fn sent_at(mut self, ms: u64) -> Self {
        self.sent_ms = Some(ms);
        self
    }

    /// Whether somebody writes.
    pub(super) fn is_chat(&self) -> bool {
        matches!(self.kind, Kind::Chat { .. })
    }

    /// The id that it asks for.
    pub(super) fn wanted_id(&self) -> Option<u64> {
        self.id
    }

    /// The method and the payload.
    pub(super) fn write(&self, around: &Around) -> (String, Bytes) {
        let mut around = around.clone();
        around.now_ms = self.sent_ms.unwrap_or(around.now_ms);
        if let Kind::Raw { method, payload } = &self.kind {
            return (method.clone(), payload.clone());
        }
        let (method, message) = kinds::write(self, &around);
        (method.to_owned(), Bytes::from(Message::done(message)))
    }
}
