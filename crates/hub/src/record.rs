//! What of a chat is kept in the history. Pure.

use polychat_model::{Body, ChannelKey, EventName, MetadataType, ModerationAction, ModerationData};
use polychat_store::{Entry, Record, RecordAuthor, RecordKind, TakenAway};

use crate::delivery::Delivery;

/// The entry of a delivery; `None` for what nobody would look for.
pub(crate) fn entry(key: &ChannelKey, delivery: &Delivery) -> Option<Entry> {
    let event = &delivery.event;
    let (kind, author, text) = match &event.body {
        Body::Chat(chat) => {
            let paid = chat.data.metadata.kind == MetadataType::SuperChat;
            let kind = if paid { RecordKind::Paid } else { RecordKind::Chat };
            (kind, Some(&chat.data.author), chat.data.content.raw().to_owned())
        }
        Body::Event(data) => {
            let kind = match data.event {
                // They come by the thousand, and say nothing.
                EventName::Like | EventName::Join | EventName::Share => return None,
                EventName::Gift | EventName::Bits | EventName::Charity => RecordKind::Paid,
                _ if data.amount.is_some() => RecordKind::Paid,
                _ => RecordKind::Event,
            };
            let said = data.message.as_ref().map_or("", |message| message.raw());
            let text = if data.text.contains(said) { data.text.clone() } else { format!("{} {said}", data.text) };
            (kind, data.user.as_ref(), text)
        }
        Body::Moderation(data) => {
            let what = taken_away(data)?;
            return Some(Entry::TakenAway { channel: key.clone(), what, at_ms: event.sent_at_ms });
        }
        Body::Viewers(_) => return None,
    };
    Some(Entry::Happened(Box::new(Record {
        channel: key.clone(),
        event_id: event.id.clone(),
        message_id: delivery.message_id().map(str::to_owned),
        at_ms: event.sent_at_ms,
        kind,
        // Somebody without an id is nobody that could be found again.
        author: author.filter(|author| !author.id.is_empty()).map(|author| RecordAuthor {
            id: author.id.clone(),
            username: author.username.clone(),
            display_name: author.display_name.clone(),
        }),
        text,
        frame: delivery.json(),
    })))
}

fn taken_away(data: &ModerationData) -> Option<TakenAway> {
    match data.action {
        ModerationAction::DeleteMessage => data.message_id.clone().map(TakenAway::Message),
        ModerationAction::DeleteUser => data.user_id.clone().map(TakenAway::Person),
        ModerationAction::Clear => Some(TakenAway::All),
    }
}
