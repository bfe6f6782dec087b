//! Gifts: memberships for others, and those that Jewels buy.

use polychat_model::{EventData, EventName, Gift};

use super::{Fields, Redeemed, of_author};
use crate::youtube::author;
use crate::youtube::text::{Text, first_number};

pub(super) fn purchase(fields: &Fields<'_>) -> EventData {
    let header = fields.header.get().map(|header| &header.live_chat_sponsorships_header_renderer);
    let count = header.and_then(|header| header.primary_text.number()).unwrap_or(1);
    let data = of_author(fields, EventName::GiftSubscription, |name| {
        if count == 1 { format!("{name} gifted 1 membership.") } else { format!("{name} gifted {count} memberships.") }
    });
    EventData { count: Some(count), ..data }
}

pub(super) fn redemption(fields: &Fields<'_>, native_type: &str) -> Redeemed {
    // The giver is the bold run, and the last one where nothing is bold.
    let last = fields.message.runs.iter().rev().find_map(|run| run.text.some());
    let from = author::named(fields.message.bold().or(last).unwrap_or_default());
    Redeemed { from, to: fields.person(), native_type: native_type.to_owned() }
}

/// "sent Gold coin for 10 Jewels", "sent Sparkles".
pub(super) fn jewels(fields: &Fields<'_>) -> EventData {
    let text = fields.text.get().map(Text::plain).unwrap_or_default();
    let sent = text.trim().strip_prefix("sent ").unwrap_or(text.trim());
    let (name, cost) = match sent.rsplit_once(" for ") {
        Some((name, cost)) if cost.contains("Jewel") => (name, first_number(cost)),
        _ => (sent, None),
    };
    let image_url = fields.gift_image.get().and_then(|image| image.sources.largest());
    let id = name.to_lowercase().replace(' ', "_");
    let gift = Gift { id, name: name.to_owned(), image_url, unit_cost: cost };
    let data = of_author(fields, EventName::Gift, |author| format!("{author} {}", text.trim()));
    EventData { count: Some(1), gift: Some(gift), ..data }
}
