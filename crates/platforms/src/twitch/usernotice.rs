//! `USERNOTICE`: subscriptions, gifts, raids, announcements and everything else that Twitch shows between messages.

mod gifts;
mod money;
mod others;
mod subscriptions;

use std::borrow::Cow;

use polychat_model::{Author, Body, ChatEvent, Content, EventData, EventName, Goal, Person};

use super::author::{author, name, person, source_channel};
use super::irc::Line;
use super::tags::Tags;
use super::text::{self, Source};
use super::{Read, Room};

/// The account under which anonymous gifts come.
const ANONYMOUS_ID: &str = "274598607";
const ANONYMOUS_LOGIN: &str = "ananonymousgifter";

pub(super) fn read(line: &Line<'_>, room: &Room<'_>) -> Read {
    let notice = Notice::of(line, room);
    if notice.tags.rm_deleted == "1" {
        return Read::Ignored("deleted before it was read");
    }
    if notice.is_partners() && notice.kind != "announcement" {
        return Read::Ignored("shared chat notice of the partner");
    }
    match notice.kind {
        "sub" | "resub" | "giftpaidupgrade" | "anongiftpaidupgrade" | "primepaidupgrade" | "extendsub" => {
            subscriptions::read(&notice)
        }
        "subgift"
        | "anonsubgift"
        | "submysterygift"
        | "anonsubmysterygift"
        | "standardpayforward"
        | "communitypayforward"
        | "primecommunitygiftreceived"
        | "rewardgift"
        | "onetapgiftredeemed" => gifts::read(&notice),
        "charitydonation" | "charity" | "midnightsquid" => money::read(&notice),
        "onetapstreakstarted" | "onetapstreakexpired" | "onetapbreakpointachieved" if notice.text.is_empty() => {
            Read::Ignored("a combo began, ended or went on")
        }
        _ => others::read(&notice),
    }
}

/// A `USERNOTICE` line and what its kinds have in common.
struct Notice<'n, 'a> {
    line: &'n Line<'a>,
    room: &'n Room<'n>,
    tags: Tags<'a>,
    /// What it is: in a shared chat, what it is in the channel where it happened. Empty when Twitch does not say.
    kind: &'a str,
    login: &'a str,
    /// Twitch's sentence about it, perhaps empty, perhaps without the name.
    system: String,
    /// What the user wrote with it. The marks of `/me` are no action here: positions count the word `ACTION`.
    text: Cow<'a, str>,
}

impl<'n, 'a> Notice<'n, 'a> {
    fn of(line: &'n Line<'a>, room: &'n Room<'n>) -> Self {
        let tags = Tags::of(line);
        let mirrored = tags.msg_id == "sharedchatnotice";
        let text = line.text().unwrap_or_default();
        Self {
            line,
            room,
            tags,
            kind: if mirrored { tags.source_msg_id } else { tags.msg_id },
            login: if tags.login.is_empty() { line.nick().unwrap_or_default() } else { tags.login },
            system: line.tag("system-msg").unwrap_or_default().trim().to_owned(),
            text: if text.contains('\u{1}') { text.replace('\u{1}', "").into() } else { text.into() },
        }
    }

    /// Happened in the other channel of a shared chat.
    fn is_partners(&self) -> bool {
        self.tags.msg_id == "sharedchatnotice" && (self.tags.source_room_id.is_empty() || self.tags.is_mirrored())
    }

    /// A parameter as sent; empty when absent. `key` is the whole key of the tag.
    fn raw(&self, key: &str) -> &'a str {
        self.line.raw_tag(key).unwrap_or_default()
    }

    fn number<N: std::str::FromStr + Default + PartialEq>(&self, key: &str) -> Option<N> {
        // Twitch writes 0 where it has nothing to say.
        self.raw(key).parse().ok().filter(|number| *number != N::default())
    }

    /// `1`, `2`, `3` or `prime`.
    fn tier(&self) -> Option<String> {
        match self.raw("msg-param-sub-plan") {
            "" => None,
            "Prime" => Some("prime".to_owned()),
            "1000" => Some("1".to_owned()),
            "2000" => Some("2".to_owned()),
            "3000" => Some("3".to_owned()),
            other => Some(other.to_lowercase()),
        }
    }

    fn is_anonymous(&self) -> bool {
        self.tags.user_id == ANONYMOUS_ID || self.login == ANONYMOUS_LOGIN || self.kind.starts_with("anonsub")
    }

    /// The author as shown in sentences.
    fn name(&self) -> String {
        if self.is_anonymous() { "Anonymous".to_owned() } else { name(self.tags.display_name, self.login) }
    }

    fn user(&self) -> Option<Author> {
        let nobody = self.login.is_empty() && self.tags.user_id.is_empty();
        (!nobody && !self.is_anonymous()).then(|| author(&self.tags, self.login, self.room))
    }

    fn person(&self, id: &str, login: &str, display_name: &str) -> Option<Person> {
        let (id, login, display_name) = (self.raw(id), self.raw(login), self.raw(display_name));
        let is_told = !(id.is_empty() && login.is_empty() && display_name.is_empty());
        is_told.then(|| person(id, login, display_name, self.room))
    }

    fn content(&self) -> Option<Content> {
        (!self.text.is_empty()).then(|| {
            text::content(&Source {
                text: &self.text,
                emotes: self.tags.emotes,
                gifs: self.tags.gifs,
                answered: None,
                bits: None,
                gigantic: false,
                lookups: self.room.lookups,
            })
        })
    }

    fn goal(&self) -> Option<Goal> {
        let kind = self.raw("msg-param-goal-contribution-type");
        (!kind.is_empty()).then(|| Goal {
            kind: kind.to_owned(),
            description: self.line.tag("msg-param-goal-description").unwrap_or_default().into_owned(),
            current: self.number("msg-param-goal-current-contributions").unwrap_or(0),
            target: self.number("msg-param-goal-target-contributions").unwrap_or(0),
        })
    }

    /// Twitch's sentence, or `otherwise` where it has none.
    fn sentence(&self, otherwise: impl FnOnce() -> String) -> String {
        if self.system.is_empty() { otherwise() } else { self.system.clone() }
    }

    /// What all kinds have.
    fn data(&self, event: EventName, text: String) -> EventData {
        EventData {
            event,
            text,
            user: self.user(),
            message: self.content(),
            message_id: (!self.tags.id.is_empty()).then(|| self.tags.id.to_owned()),
            native_type: (!self.kind.is_empty()).then(|| self.kind.to_owned()),
            goal: self.goal(),
            source_channel: source_channel(&self.tags, self.room),
            ..EventData::default()
        }
    }

    fn event(&self, data: EventData) -> ChatEvent {
        self.with_body(Body::Event(Box::new(data)))
    }

    fn with_body(&self, body: Body) -> ChatEvent {
        let kind = if self.kind.is_empty() { "notice" } else { self.kind };
        let what = [&*self.text, "\n", &self.system].concat();
        let id = self.room.event_id(&self.tags, kind, self.login, &what);
        self.room.event(&self.tags, id, body)
    }
}

#[cfg(test)]
mod tests;
