//! Paid months.

use polychat_model::{EventData, EventName};

use super::{Notice, Read};

pub(super) fn read(notice: &Notice<'_, '_>) -> Read {
    let name = notice.name();
    let data = match notice.kind {
        "sub" | "resub" => {
            let event = if notice.kind == "sub" { EventName::Subscription } else { EventName::Resubscription };
            let text = notice.sentence(|| format!("{name} subscribed."));
            EventData {
                streak_months: notice.number("msg-param-streak-months"),
                duration_months: notice.number("msg-param-multimonth-duration").filter(|months| *months > 1),
                // The month may come from a gift; an anonymous giver stays unnamed.
                other: (notice.raw("msg-param-anon-gift") != "true")
                    .then(|| notice.person("msg-param-gifter-id", "msg-param-gifter-login", "msg-param-gifter-name"))
                    .flatten(),
                ..notice.data(event, text)
            }
        }
        "giftpaidupgrade" | "anongiftpaidupgrade" => {
            let text = notice.sentence(|| format!("{name} continues the subscription that was a gift."));
            EventData {
                other: notice.person("", "msg-param-sender-login", "msg-param-sender-name"),
                ..notice.data(EventName::SubscriptionUpgrade, text)
            }
        }
        "primepaidupgrade" => {
            let text = notice.sentence(|| format!("{name} turned a Prime subscription into a paid one."));
            notice.data(EventName::SubscriptionUpgrade, text)
        }
        _ => {
            let text = notice.sentence(|| format!("{name} extended their subscription."));
            notice.data(EventName::Resubscription, text)
        }
    };
    let months = notice.number("msg-param-cumulative-months").or_else(|| notice.number("msg-param-months"));
    Read::Event(notice.event(EventData { tier: notice.tier(), months, ..data }))
}
