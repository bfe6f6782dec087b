//! What people write and send.

use polychat_model::{Body, ChatData, ChatEvent, ChatMessage, EventData, EventName, Gift, Person};

use super::{Head, Turn, data};
use crate::tiktok::desk::author::{name, person};
use crate::tiktok::desk::gifts::{Step, sentence};
use crate::tiktok::desk::pictures::picture;
use crate::tiktok::desk::{Told, content};
use crate::tiktok::proto;

impl Turn<'_> {
    pub(super) fn chat(&mut self, chat: &proto::WebcastChatMessage, head: Head<'_>) {
        let called = chat.at_user.iter().chain(&chat.mention_users);
        let content = content::message(&chat.content, &chat.emotes, called);
        if content.raw().is_empty() {
            return;
        }
        let author = self.desk.author(chat.user.as_ref(), chat.user_identity.as_ref());
        self.say(ChatData { author, content, ..ChatData::default() }, head);
    }

    pub(super) fn emote_chat(&mut self, chat: &proto::WebcastEmoteChatMessage, head: Head<'_>) {
        let content = content::stickers(&chat.emotes);
        if content.raw().is_empty() {
            return;
        }
        let author = self.desk.author(chat.user.as_ref(), chat.user_identity.as_ref());
        self.say(ChatData { author, content, ..ChatData::default() }, head);
    }

    fn say(&mut self, data: ChatData, head: Head<'_>) {
        let message = ChatMessage { message_id: head.id.to_string(), data };
        self.tell(format!("tt:{}", head.id), head, Body::Chat(Box::new(message)));
    }

    pub(super) fn gift(&mut self, gift: &proto::WebcastGiftMessage, head: Head<'_>) {
        if head.history {
            return;
        }
        let count = u64::try_from(gift.repeat_count).unwrap_or(0).max(1);
        let is_streak = match &gift.gift {
            Some(kind) => kind.r#type == 1 || kind.combo,
            None => gift.group_id != 0,
        };
        let mut data = self.gift_data(gift, head);
        if !is_streak {
            data.count = Some(count);
            data.text = sentence(&data.text, count);
            self.tell(format!("tt:{}", head.id), head, Body::Event(Box::new(data)));
            return;
        }
        let user_id = gift.user.as_ref().map_or(0, |user| user.id);
        let key = (user_id, gift.gift_id, gift.group_id);
        let id = format!("tt:gift:{}:{}:{}", key.0, key.1, key.2);
        let event = self.event(id, head, Body::Event(Box::new(data)));
        let mut events: Vec<ChatEvent> = Vec::new();
        self.desk.gifts.step(Step { key, count, is_last: gift.repeat_end == 1, event }, self.now_ms, &mut events);
        self.told.extend(events.into_iter().map(Told::Event));
    }

    /// The gift without its number; the text is the sentence without its number, too.
    fn gift_data(&self, gift: &proto::WebcastGiftMessage, head: Head<'_>) -> EventData {
        let user = self.desk.author(gift.user.as_ref(), gift.user_identity.as_ref());
        let kind = gift.gift.as_ref();
        let mut title = kind.map(|kind| name(&kind.name)).unwrap_or_default();
        if title.is_empty() {
            "a gift".clone_into(&mut title);
        }
        let recipients: Vec<Person> = self.recipient(gift).into_iter().collect();
        let to = match recipients.first() {
            Some(person) if !person.display_name.is_empty() => format!(" to {}", person.display_name),
            _ => String::new(),
        };
        let text = format!("{} sent {title}{to}", user.display_name);
        let image_url = kind.and_then(|kind| picture(kind.image.as_ref()).or_else(|| picture(kind.icon.as_ref())));
        let unit_cost = kind.and_then(|kind| u64::try_from(kind.diamond_count).ok()).filter(|cost| *cost > 0);
        let gift = Gift { id: gift.gift_id.to_string(), name: title, image_url, unit_cost };
        EventData { user: Some(user), gift: Some(gift), recipients, ..data(EventName::Gift, head, text) }
    }

    /// Who gets it, if it is not the streamer: rooms of several streamers.
    fn recipient(&self, gift: &proto::WebcastGiftMessage) -> Option<Person> {
        let named = gift.to_user.as_ref().filter(|user| user.id != 0);
        let id = named.map(|user| user.id).or_else(|| gift.monitor.as_ref().map(|monitor| monitor.to_user_id))?;
        let host_id = self.desk.host_id?;
        if id == 0 || id == host_id {
            return None;
        }
        let mut recipient = match named {
            Some(user) if !user.nickname.is_empty() || !user.unique_id.is_empty() => person(user),
            _ => Person { id: id.to_string(), ..Person::default() },
        };
        if recipient.display_name.is_empty() {
            recipient.display_name = name(&gift.to_member_nickname);
            recipient.username.clone_from(&recipient.display_name);
        }
        Some(recipient)
    }
}
