//! What people give to others.

use std::borrow::Cow;

use polychat_model::{Author, ChatEvent, EventData, EventName, Gift, Person};

use super::super::bundle::{GiftLine, GiftOf};
use super::{Notice, Read, name};

pub(super) fn read(notice: &Notice<'_, '_>) -> Read {
    match notice.kind {
        "subgift" | "anonsubgift" => Read::Gift(one(notice)),
        "submysterygift" | "anonsubmysterygift" => Read::Gift(several(notice)),
        "standardpayforward" | "communitypayforward" => pay_forward(notice),
        "onetapgiftredeemed" => tap(notice),
        _ => rewards(notice),
    }
}

fn recipient(notice: &Notice<'_, '_>) -> Option<Person> {
    // The name of the tag of 2018.
    let login = if notice.raw("msg-param-recipient-user-name").is_empty() {
        "msg-param-recipient-name"
    } else {
        "msg-param-recipient-user-name"
    };
    notice.person("msg-param-recipient-id", login, "msg-param-recipient-display-name")
}

fn one(notice: &Notice<'_, '_>) -> GiftLine {
    let recipient = recipient(notice);
    let text = notice.sentence(|| {
        let to = recipient.as_ref().map_or("somebody", |person| &person.display_name);
        format!("{} gifted a subscription to {to}.", notice.name())
    });
    let event = notice.event(EventData {
        count: Some(1),
        tier: notice.tier(),
        months: notice.number("msg-param-months"),
        duration_months: notice.number("msg-param-gift-months"),
        total: notice.number("msg-param-sender-count"),
        recipients: recipient.into_iter().collect(),
        ..notice.data(EventName::GiftSubscription, text)
    });
    line(notice, event, GiftOf::One)
}

fn several(notice: &Notice<'_, '_>) -> GiftLine {
    let count = notice.number("msg-param-mass-gift-count").unwrap_or(1);
    let text = notice.sentence(|| format!("{} is gifting {count} subscriptions.", notice.name()));
    // Somebody else adds subscriptions to a gift.
    let sponsor = notice.person("", "", "msg-param-gift-match-gifter-display-name");
    let event = notice.event(EventData {
        count: Some(count),
        tier: notice.tier(),
        total: notice.number("msg-param-sender-count"),
        other: sponsor,
        ..notice.data(EventName::GiftSubscription, text)
    });
    line(notice, event, GiftOf::Several(count))
}

fn line(notice: &Notice<'_, '_>, event: ChatEvent, gift: GiftOf) -> GiftLine {
    let id = |key| Some(notice.raw(key)).filter(|id| !id.is_empty()).map(str::to_owned);
    let giver = if notice.is_anonymous() { "" } else { notice.tags.user_id };
    GiftLine {
        event,
        gift,
        community_id: id("msg-param-community-gift-id"),
        origin_id: id("msg-param-origin-id"),
        giver_and_plan: [giver, "/", notice.raw("msg-param-sub-plan")].concat(),
    }
}

fn pay_forward(notice: &Notice<'_, '_>) -> Read {
    let text = notice.sentence(|| format!("{} is paying forward the gift they got.", notice.name()));
    let earlier = || {
        notice.person(
            "msg-param-prior-gifter-id",
            "msg-param-prior-gifter-user-name",
            "msg-param-prior-gifter-display-name",
        )
    };
    let anonymous = notice.raw("msg-param-prior-gifter-anonymous") == "true";
    Read::Event(notice.event(EventData {
        recipients: recipient(notice).into_iter().collect(),
        other: if anonymous { None } else { earlier() },
        tier: notice.tier(),
        ..notice.data(EventName::PayForward, text)
    }))
}

/// A tap on a heart and the like, paid with bits.
fn tap(notice: &Notice<'_, '_>) -> Read {
    let kind = notice.line.tag("msg-param-gift-id").unwrap_or_default().into_owned();
    let bits: Option<u64> = notice.number("msg-param-bits-spent");
    // The line may come without a login.
    let shown = notice.raw("msg-param-user-display-name");
    let shown = if shown.is_empty() { notice.name() } else { name(shown, notice.login) };
    let text = notice.sentence(|| match bits {
        Some(bits) => format!("{shown} sent a {kind} for {bits} bits."),
        None => format!("{shown} sent a {kind}."),
    });
    let mut data = notice.data(EventName::Gift, text);
    if data.user.is_none() && !shown.is_empty() {
        data.user = Some(Author { display_name: shown, ..super::author(&notice.tags, "", notice.room) });
    }
    let gift = Gift { id: kind.clone(), name: kind, image_url: None, unit_cost: bits };
    Read::Event(notice.event(EventData { count: Some(1), gift: Some(gift), ..data }))
}

/// Rewards that a cheer or a gift brings to others, and loot of Prime.
fn rewards(notice: &Notice<'_, '_>) -> Read {
    let text = notice.sentence(|| format!("{} shared rewards with others in chat.", notice.name()));
    let word = |key| notice.line.tag(key).map(Cow::into_owned);
    let gift = word("msg-param-gift-name").or_else(|| word("msg-param-domain"));
    let receiver = word("msg-param-recipient").map(|login| Person {
        display_name: login.clone(),
        username: login.to_lowercase(),
        ..Person::default()
    });
    Read::Event(notice.event(EventData {
        count: notice.number("msg-param-selected-count"),
        gift: gift.map(|name| Gift { id: name.clone(), name, image_url: None, unit_cost: None }),
        recipients: receiver.into_iter().collect(),
        ..notice.data(EventName::Gift, text)
    }))
}
