//! Messages: text, Super Chat, Super Sticker.

use polychat_model::{Body, ChatData, ChatMessage, Metadata, MetadataType, Reply, Sticker};

use super::{Fields, Kind};
use crate::youtube::author;
use crate::youtube::text::Text;
use crate::youtube::tier::{Argb, argb, paid};

/// Marks the button of a message that answers a Super Chat.
const REPLY_TAG: &str = "\"PAreply_thread\"";

pub(super) fn read(kind: Kind, fields: &Fields<'_>, message_id: &str) -> Body {
    let metadata = if kind == Kind::Text {
        Metadata::default()
    } else {
        let amount = fields.purchase_amount_text.get().map(Text::plain).unwrap_or_default();
        let monetary_data = Some(paid(amount.trim().to_owned(), colors(kind, fields)));
        Metadata { kind: MetadataType::SuperChat, monetary_data, sticker: sticker(fields) }
    };
    let data = ChatData {
        author: fields.author(),
        content: fields.written().unwrap_or_default(),
        metadata,
        reply: reply(fields),
        ..ChatData::default()
    };
    Body::Chat(Box::new(ChatMessage { message_id: message_id.to_owned(), data }))
}

/// A sticker has its body colour behind the amount; behind the picture it has either colour.
fn colors(kind: Kind, fields: &Fields<'_>) -> Argb {
    if kind == Kind::Sticker {
        let text = argb(fields.money_chip_text_color.0);
        return Argb {
            header: argb(fields.background_color.0),
            header_text: text,
            body: argb(fields.money_chip_background_color.0),
            body_text: text,
            author: argb(fields.author_name_text_color.0),
        };
    }
    Argb {
        header: argb(fields.header_background_color.0),
        header_text: argb(fields.header_text_color.0),
        body: argb(fields.body_background_color.0),
        body_text: argb(fields.body_text_color.0),
        author: argb(fields.author_name_text_color.0),
    }
}

fn sticker(fields: &Fields<'_>) -> Option<Sticker> {
    let sticker = fields.sticker.get()?;
    let alt = sticker.label().unwrap_or("Super Sticker").to_owned();
    Some(Sticker { url: sticker.thumbnails.largest()?, alt })
}

/// A message that answers a Super Chat says whose, not which.
fn reply(fields: &Fields<'_>) -> Option<Reply> {
    let buttons = fields.before_content_buttons.iter().map(|button| &button.button_view_model);
    let mut replies = buttons.filter(|button| button.on_tap.is_some_and(|tap| tap.get().contains(REPLY_TAG)));
    let donor = author::named(replies.next()?.title.some()?);
    Some(Reply { message_id: String::new(), thread_id: String::new(), user: donor, text: String::new() })
}
