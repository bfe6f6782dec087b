//! Money that goes past bits.

use polychat_model::{
    Body, ChatData, ChatMessage, Content, EventData, EventName, Metadata, MetadataType, MonetaryData,
};

use super::super::money::{money, written};
use super::{Notice, Read, source_channel};

pub(super) fn read(notice: &Notice<'_, '_>) -> Read {
    match notice.kind {
        "midnightsquid" => direct(notice),
        "charitydonation" => donation(notice),
        _ => {
            let text = notice.sentence(|| "The channel raises money for charity.".to_owned());
            Read::Event(
                notice.event(EventData {
                    total: notice.number("msg-param-total"),
                    ..notice.data(EventName::Charity, text)
                }),
            )
        }
    }
}

fn donation(notice: &Notice<'_, '_>) -> Read {
    let exponent = notice.raw("msg-param-exponent");
    let amount = money(notice.raw("msg-param-donation-amount"), exponent, notice.raw("msg-param-donation-currency"));
    let text = notice.sentence(|| {
        let charity = notice.line.tag("msg-param-charity-name").unwrap_or("charity".into());
        match &amount {
            Some(amount) => format!("{} donated {} to {charity}.", notice.name(), written(amount, exponent)),
            None => format!("{} donated to {charity}.", notice.name()),
        }
    });
    Read::Event(notice.event(EventData { amount, ..notice.data(EventName::Charity, text) }))
}

/// A message with money, without the way over bits (an experiment of 2022): a chat message like any other with money.
fn direct(notice: &Notice<'_, '_>) -> Read {
    let exponent = notice.raw("msg-param-exponent");
    let amount = money(notice.raw("msg-param-amount"), exponent, notice.raw("msg-param-currency"));
    let (Some(amount), Some(author)) = (amount, notice.user()) else { return super::others::read(notice) };
    let formatted = written(&amount, exponent);
    let monetary_data = MonetaryData {
        amount: formatted.clone(),
        formatted,
        color: notice.room.lookups.cheermotes.color(1000).to_owned(),
        money: Some(amount),
        bits: None,
        tier: None,
        colors: None,
    };
    let content = notice.content().unwrap_or_else(|| Content::plain(notice.sentence(String::new)));
    let data = ChatData {
        author,
        content,
        metadata: Metadata { kind: MetadataType::SuperChat, monetary_data: Some(monetary_data), sticker: None },
        source_channel: source_channel(&notice.tags, notice.room),
        ..ChatData::default()
    };
    let chat = ChatMessage { message_id: notice.tags.id.to_owned(), data };
    let mut event = notice.with_body(Body::Chat(Box::new(chat)));
    if let Body::Chat(chat) = &mut event.body
        && chat.message_id.is_empty()
    {
        chat.message_id = event.id.to_string();
    }
    Read::Event(event)
}
