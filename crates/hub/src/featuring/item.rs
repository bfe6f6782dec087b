//! A message that is featured or waits for it: what it is called, where it was told, and whether moderators mean it.

use polychat_model::command::CommandError;
use polychat_model::saved::{FeaturedBy, FeaturedMessage, Queued};
use polychat_model::wire::Numbered;
use polychat_model::{Author, ChannelKey, Content, ModerationAction, ModerationData, Platform};

use crate::commands::answer::invalid;
use crate::delivery::Delivery;

/// The largest message that a page may give, in bytes of JSON. A message of nothing but emotes has about half of it.
const MAX_MESSAGE: usize = 128 * 1024;

/// The longest id or name of a channel that a page may give, in bytes.
pub(super) const MAX_ID: usize = 512;

/// How much of a text a list shows, in characters.
const SHORT: usize = 200;

/// A message that is featured or waits for it.
pub(crate) struct Item {
    pub(super) key: String,
    pub(super) message: FeaturedMessage,
    /// Where it was told, and what deletions call it there: a shared chat tells one message in several rooms.
    pub(super) places: Vec<(ChannelKey, Option<String>)>,
    pub(super) by: FeaturedBy,
    /// It is shown by itself as soon as nothing else is.
    pub(super) shows: bool,
}

impl Item {
    /// A message as a page gives it.
    ///
    /// # Errors
    /// In words, when it cannot be a message of a chat.
    pub(crate) fn given(message: FeaturedMessage) -> Result<Self, CommandError> {
        let no_message = || invalid("That is no message that can be featured.".to_owned());
        let (_, identifier, event_id, _) = named(&message);
        if [identifier, event_id].iter().any(|text| text.is_empty() || text.len() > MAX_ID) {
            return Err(no_message());
        }
        if serde_json::to_vec(&message).map_or(usize::MAX, |json| json.len()) > MAX_MESSAGE {
            return Err(invalid("That message is too long to be featured.".to_owned()));
        }
        Ok(Self::new(message, FeaturedBy::Hand, false))
    }

    pub(super) fn new(message: FeaturedMessage, by: FeaturedBy, shows: bool) -> Self {
        let (platform, _, event_id, _) = named(&message);
        Self { key: key_of(platform, event_id), message, places: Vec::new(), by, shows }
    }

    pub(crate) fn platform(&self) -> Platform {
        named(&self.message).0
    }

    pub(crate) fn identifier(&self) -> &str {
        named(&self.message).1
    }

    pub(crate) fn event_id(&self) -> &str {
        named(&self.message).2
    }

    pub(crate) fn seq(&self) -> u64 {
        named(&self.message).3
    }

    /// What the platform calls it.
    pub(crate) fn message_id(&self) -> Option<&str> {
        match &self.message {
            FeaturedMessage::Chat(frame) => Some(&frame.message_id),
            FeaturedMessage::Event(frame) => frame.data.message_id.as_deref(),
        }
    }

    /// Who wrote or caused it, as the platform knows them.
    pub(crate) fn user_id(&self) -> Option<&str> {
        self.author().map(|author| author.id.as_str())
    }

    fn author(&self) -> Option<&Author> {
        match &self.message {
            FeaturedMessage::Chat(frame) => Some(&frame.data.author),
            FeaturedMessage::Event(frame) => frame.data.user.as_ref(),
        }
    }

    fn timestamp(&self) -> &str {
        match &self.message {
            FeaturedMessage::Chat(frame) => &frame.timestamp,
            FeaturedMessage::Event(frame) => &frame.timestamp,
        }
    }

    /// It was told in this channel, too.
    pub(crate) fn also_in(&mut self, key: &ChannelKey, message_id: Option<&str>) {
        let message_id = message_id.map(str::to_owned);
        match self.places.iter_mut().find(|(place, _)| place == key) {
            Some(place) => place.1 = message_id,
            None => self.places.push((key.clone(), message_id)),
        }
    }

    /// Takes the channel's own copy in place of the one that is there, if it is the same channel's or the original.
    pub(crate) fn told_in(&mut self, key: &ChannelKey, delivery: &Delivery) {
        let Some(message) = message_of(key, delivery) else { return };
        let is_original = is_shared(&self.message) && !is_shared(&message);
        if *key.identifier == *self.identifier() || is_original {
            self.message = message;
        }
        self.also_in(key, delivery.message_id());
    }

    /// Whether a moderator's word in `key` takes it away. As overlays decide it: better one too few on a stream.
    pub(super) fn is_taken_away(&mut self, key: &ChannelKey, data: &ModerationData, history: bool, at: &str) -> bool {
        if data.action == ModerationAction::DeleteMessage {
            let Some(named) = data.message_id.as_deref() else { return false };
            return self.platform() == key.platform
                && (self.event_id() == named
                    || self.message_id() == Some(named)
                    || self.places.iter().any(|(_, id)| id.as_deref() == Some(named)));
        }
        let Some(place) = self.places.iter().position(|(place, _)| place == key) else { return false };
        // What is told once more must not take away what was written since.
        if history && self.timestamp() > at {
            return false;
        }
        if data.action == ModerationAction::Clear {
            self.places.swap_remove(place);
            return self.places.is_empty();
        }
        data.user_id.is_some() && data.user_id.as_deref() == self.user_id()
    }

    pub(super) fn queued(&self) -> Queued {
        let name = self.author().map_or("", |author| match author.display_name.as_str() {
            "" => &author.username,
            name => name,
        });
        let (text, amount) = match &self.message {
            FeaturedMessage::Chat(frame) => {
                let amount = frame.data.metadata.monetary_data.as_ref().map(|paid| short(&paid.formatted));
                (frame.data.content.raw(), amount)
            }
            FeaturedMessage::Event(frame) => {
                let said = frame.data.message.as_ref().map(Content::raw).filter(|said| !said.is_empty());
                (said.unwrap_or(&frame.data.text), None)
            }
        };
        Queued {
            key: self.key.clone(),
            platform: self.platform(),
            identifier: self.identifier().to_owned(),
            name: short(name),
            text: short(text),
            amount,
            by: self.by,
            shows: self.shows,
        }
    }
}

/// Platform, channel, event and number of a message.
fn named(message: &FeaturedMessage) -> (Platform, &str, &str, u64) {
    match message {
        FeaturedMessage::Chat(frame) => (frame.platform, &frame.identifier, &frame.event_id, frame.seq),
        FeaturedMessage::Event(frame) => (frame.platform, &frame.identifier, &frame.event_id, frame.seq),
    }
}

fn is_shared(message: &FeaturedMessage) -> bool {
    match message {
        FeaturedMessage::Chat(frame) => frame.data.source_channel.is_some(),
        FeaturedMessage::Event(frame) => frame.data.source_channel.is_some(),
    }
}

/// One text for an event, as pages write it, too.
pub(super) fn key_of(platform: Platform, event_id: &str) -> String {
    format!("{platform} event {event_id}")
}

pub(super) fn message_of(key: &ChannelKey, delivery: &Delivery) -> Option<FeaturedMessage> {
    Numbered { key, seq: delivery.seq, event: &delivery.event }.to_message()
}

fn short(text: &str) -> String {
    text.chars().take(SHORT).collect()
}
