//! Pins, questions, treasure boxes, captions, and what the streamer and TikTok say about the room.

use polychat_model::{Author, Body, ChatEvent, Content, EventData, EventName, Person, Pin, iso_timestamp};

use super::{Head, Turn, data, plausible};
use crate::tiktok::desk::author::{name, person};
use crate::tiktok::desk::content::{self, words};
use crate::tiktok::desk::pictures::picture;
use crate::tiktok::frame::text;
use crate::tiktok::proto::{self, User};

/// How the notice begins that everybody gets and that says nothing about the room.
const WELCOME: &str = "Welcome to TikTok LIVE";

impl Turn<'_> {
    pub(super) fn pin(&mut self, pin: &proto::WebcastRoomPinMessage, head: Head<'_>) {
        let id = if pin.pin_msg_id == 0 { head.id } else { pin.pin_msg_id };
        // Told again to everyone who comes late.
        if !self.desk.once.insert(format!("pin:{}:{id}", pin.action)) {
            return;
        }
        if pin.action != 1 {
            let text = "The pinned message was taken down.".to_owned();
            let pin = Some(Pin { id: id.to_string(), ..Pin::default() });
            let data = EventData { pin, message_id: None, ..data(EventName::Unpin, head, text) };
            self.tell(format!("tt:unpin:{id}"), head, Body::Event(Box::new(data)));
            return;
        }
        let (user, said, message_id) = self.pinned(pin);
        let (by, other) = self.operator(pin.operator.as_ref());
        let lasts_ms = pin.display_duration.checked_mul(1_000).filter(|ms| *ms > 0);
        let ends_ms = lasts_ms.and_then(|lasts_ms| plausible(pin.pin_time)?.checked_add(lasts_ms));
        let data = EventData {
            user,
            other,
            pin: Some(Pin {
                id: id.to_string(),
                message_id: if message_id == 0 { String::new() } else { message_id.to_string() },
                ends_at: ends_ms.and_then(plausible).map(|ms| iso_timestamp(ms).to_string()),
                text: said.clone(),
            }),
            message_id: None,
            ..data(EventName::Pin, head, format!("{by} pinned a message: {said}"))
        };
        self.tell(format!("tt:pin:{id}"), head, Body::Event(Box::new(data)));
    }

    /// Who wrote or did what was pinned, what it says, and the id of its message.
    fn pinned(&self, pin: &proto::WebcastRoomPinMessage) -> (Option<Author>, String, i64) {
        let id = |common: &Option<proto::Common>| common.as_ref().map_or(0, |common| common.msg_id);
        if let Some(chat) = &pin.chat {
            let called = chat.at_user.iter().chain(&chat.mention_users);
            let said = content::message(&chat.content, &chat.emotes, called).raw().to_owned();
            let user = self.desk.author(chat.user.as_ref(), chat.user_identity.as_ref());
            return (Some(user), said, id(&chat.common));
        }
        let (user, what, id) = if let Some(gift) = &pin.gift {
            let kind = gift.gift.as_ref().map(|kind| name(&kind.name)).unwrap_or_default();
            (&gift.user, format!("sent {}", if kind.is_empty() { "a gift" } else { &kind }), id(&gift.common))
        } else if let Some(social) = &pin.social {
            let what = if social.action == 1 { "followed the host" } else { "shared the LIVE" };
            (&social.user, what.to_owned(), id(&social.common))
        } else if let Some(member) = &pin.member {
            (&member.user, "joined".to_owned(), id(&member.common))
        } else if let Some(like) = &pin.like {
            (&like.user, "sent likes".to_owned(), id(&like.common))
        } else {
            return (None, String::new(), 0);
        };
        let user = self.desk.author(user.as_ref(), None);
        let said = format!("{} {what}", user.display_name);
        (Some(user), said, id)
    }

    /// Who pinned: often only an id.
    fn operator(&self, operator: Option<&User>) -> (String, Option<Person>) {
        let Some(operator) = operator else { return ("Somebody".to_owned(), None) };
        if !operator.nickname.is_empty() || !operator.unique_id.is_empty() {
            let person = person(operator);
            return (person.display_name.clone(), Some(person));
        }
        if !self.desk.is_host(operator) {
            return ("Somebody".to_owned(), None);
        }
        let username = self.desk.host.username.clone();
        let host = Person { id: operator.id.to_string(), display_name: username.clone(), username, avatar_url: None };
        ("The host".to_owned(), Some(host))
    }

    pub(super) fn question(&mut self, message: &proto::WebcastQuestionNewMessage, head: Head<'_>) {
        let Some(question) = &message.question else { return };
        let said = words(&question.text);
        if said.trim().is_empty() {
            return;
        }
        let user = self.desk.author(question.user.as_ref(), None);
        let text = format!("{} asks: {said}", user.display_name);
        let content = Some(Content::plain(said));
        let data = EventData { user: Some(user), message: content, ..data(EventName::Question, head, text) };
        self.tell(format!("tt:question:{}", question.id), head, Body::Event(Box::new(data)));
    }

    pub(super) fn treasure_box(&mut self, message: &proto::WebcastEnvelopeMessage, head: Head<'_>) {
        let Some(envelope) = message.envelope.as_ref().filter(|_| message.display == 1) else { return };
        let id = name(&envelope.envelope_id);
        if id.is_empty() || !self.desk.once.insert(format!("box:{id}")) {
            return;
        }
        let sender = match name(&envelope.send_user_name) {
            sender if sender.is_empty() => "Somebody".to_owned(),
            sender => sender,
        };
        let [diamonds, people] =
            [envelope.diamond_count, envelope.people_count].map(|number| u64::try_from(number).unwrap_or(0));
        let people = if people == 1 { "1 person".to_owned() } else { format!("{people} people") };
        let text = format!("{sender} put {} into a treasure box for {people}.", counted(diamonds, "diamond"));
        let user = Author {
            id: name(&envelope.send_user_id),
            username: sender.clone(),
            display_name: sender,
            avatar_url: picture(envelope.send_user_avatar.as_ref()),
            ..Author::default()
        };
        let data = EventData { user: Some(user), count: Some(diamonds), ..data(EventName::TreasureBox, head, text) };
        self.tell(format!("tt:box:{id}"), head, Body::Event(Box::new(data)));
    }

    pub(super) fn caption(&mut self, caption: &proto::WebcastCaptionMessage, head: Head<'_>) {
        let said = caption.content.first().map(|content| words(&content.text)).unwrap_or_default();
        if !caption.definite || head.history || said.trim().is_empty() {
            return;
        }
        let number = if caption.sentence_id == 0 { head.id } else { caption.sentence_id };
        let text = format!("The host says: {said}");
        let content = Some(Content::plain(said));
        let data = EventData { message: content, message_id: None, ..data(EventName::Caption, head, text) };
        let event = self.event(format!("tt:caption:{number}"), head, Body::Event(Box::new(data)));
        let sent_at_ms = plausible(caption.timestamp_ms).unwrap_or(event.sent_at_ms);
        self.board(ChatEvent { sent_at_ms, ..event }, None, false);
    }

    pub(super) fn introduction(&mut self, intro: &proto::WebcastLiveIntroMessage, head: Head<'_>) {
        let said = words(&intro.content);
        if said.trim().is_empty() || !self.desk.once.insert(format!("intro:{said}")) {
            return;
        }
        let user = self.desk.author(intro.user.as_ref(), None);
        let text = format!("{} introduces the LIVE: {said}", user.display_name);
        let content = Some(Content::plain(said));
        self.happen(EventData { user: Some(user), message: content, ..data(EventName::Notice, head, text) }, head);
    }

    pub(super) fn notice(&mut self, notice: &proto::WebcastRoomMessage, head: Head<'_>) {
        let said = text(&notice.content);
        let said = said.trim();
        let is_news = !said.is_empty() && !notice.is_welcome && !said.starts_with(WELCOME);
        if is_news && self.desk.once.insert(format!("notice:{said}")) {
            self.happen(data(EventName::Notice, head, words(said.as_bytes())), head);
        }
    }
}

fn counted(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
