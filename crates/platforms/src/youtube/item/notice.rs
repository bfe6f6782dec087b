//! What is said by YouTube itself or about the whole chat: modes, fundraisers, products, viewers who come and go.

use polychat_model::{Content, EventData, EventName};

use super::{Fields, of_author};
use crate::youtube::author;
use crate::youtube::item_id;
use crate::youtube::money::money;
use crate::youtube::text::Text;

/// A word of YouTube to its viewers; `None` for those that every viewer of every chat gets.
pub(super) fn engagement(fields: &Fields<'_>) -> Option<EventData> {
    let text = one_line(&fields.message.plain());
    let is_known = item_id::notice(&fields.id).is_some();
    (!is_known && !text.is_empty()).then(|| EventData { text, ..EventData::default() })
}

pub(super) fn mode(fields: &Fields<'_>) -> EventData {
    EventData { event: EventName::Mode, text: both(fields, ". "), ..EventData::default() }
}

/// "Ann donated $50.00", "to Some Fund".
pub(super) fn donation(fields: &Fields<'_>) -> EventData {
    let text = both(fields, " ");
    let amount = fields.text.get().and_then(|text| text.runs.iter().find_map(|run| money(&run.text)));
    let amount = amount.or_else(|| text.split_whitespace().find_map(|word| money(word.trim_end_matches('.'))));
    let user = (!fields.author_name.is_empty()).then(|| fields.author());
    EventData { event: EventName::Charity, text, user, amount, ..EventData::default() }
}

pub(super) fn product(fields: &Fields<'_>) -> EventData {
    let message = fields.written();
    let bought = one_line(&fields.message.plain());
    let data = of_author(fields, EventName::Notice, |name| {
        if bought.is_empty() { format!("{name} bought a product.") } else { format!("{name}: {bought}") }
    });
    EventData { message, ..data }
}

/// Viewers of another channel come in, or ours are sent to another broadcast.
pub(super) fn redirect(fields: &Fields<'_>) -> EventData {
    let message = fields.banner_message.get();
    let text = |fallback: &str| match message.map(|text| one_line(&text.plain())) {
        Some(text) if !text.is_empty() => text,
        _ => fallback.to_owned(),
    };
    let leaves = fields.inline_action_button.get().is_some_and(|button| {
        let command = &button.button_renderer.command;
        !command.watch_endpoint.video_id.is_empty()
    });
    let mut other = message.and_then(Text::bold).map(author::named);
    if let Some(other) = &mut other {
        other.avatar_url = fields.author_photo.thumbnails.largest();
    }
    if leaves {
        let text = text("The viewers are sent to another channel.");
        return EventData { event: EventName::RaidOut, text, other, ..EventData::default() };
    }
    let user = other.as_ref().map(|raider| polychat_model::Author {
        username: raider.username.clone(),
        display_name: raider.display_name.clone(),
        avatar_url: raider.avatar_url.clone(),
        ..Default::default()
    });
    let text = text("Viewers of another channel have come.");
    EventData { event: EventName::Raid, text, user, other, ..EventData::default() }
}

/// A notice with a longer text in its message.
pub(super) fn of_text(text: Option<&Text<'_>>) -> EventData {
    let message = text.filter(|text| !text.is_empty()).map(Text::message);
    let text = message.as_ref().map(Content::raw).map(one_line).unwrap_or_default();
    EventData { text, message, ..EventData::default() }
}

/// `text` and `subtext` as one sentence.
fn both(fields: &Fields<'_>, between: &str) -> String {
    let parts = [&fields.text, &fields.subtext].map(|text| text.get().map(|text| one_line(&text.plain())));
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(between)
}

/// Line ends become spaces.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
