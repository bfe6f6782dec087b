//! Items of a chat and the ticker chips beside them, and how items go away.

use serde_json::{Value, json};

use super::parts::author;
use super::{Amount, Kind, YtMessage};
use crate::proto::Message;
use crate::youtube::answer::{photo, runs, simple, tracking};
use crate::youtube::token::client_id;
use crate::youtube::world::channel_id;

/// Seconds that a milestone and gifts stay in the ticker.
const MEMBER_SECONDS: u32 = 300;

/// The item, and its chip in the ticker if it has one.
pub(super) fn actions(message: &YtMessage, id: &str, usec: u64) -> Vec<Value> {
    let (kind, renderer) = renderer(message, id, usec);
    let mut actions = vec![item(kind, &renderer, id)];
    actions.extend(chip(message, kind, &renderer, id).filter(|_| message.ticker));
    actions
}

fn item(kind: &str, renderer: &Value, id: &str) -> Value {
    let mut add = json!({"item": {kind: renderer}});
    if let Some(client) = client_id(id) {
        add["clientId"] = json!(client);
    }
    json!({"clickTrackingParams": tracking("action"), "addChatItemAction": add})
}

/// What an author wrote, as it stands in the chat.
pub(super) fn text(message: &YtMessage, id: &str, usec: u64) -> Value {
    let mut renderer = written(message, id, usec);
    if !message.before.is_empty() {
        renderer["beforeContentButtons"] = json!(message.before);
    }
    renderer["message"] = json!({"runs": message.runs});
    renderer
}

fn written(message: &YtMessage, id: &str, usec: u64) -> Value {
    let mut renderer = author(&message.from, &message.badges);
    renderer["id"] = json!(id);
    renderer["timestampUsec"] = json!(usec.to_string());
    renderer
}

/// The name of the renderer, and the renderer.
fn renderer(message: &YtMessage, id: &str, usec: u64) -> (&'static str, Value) {
    let mut item = written(message, id, usec);
    // Where a text is optional, it is not there at all rather than empty.
    if !message.runs.is_empty() {
        item["message"] = json!({"runs": message.runs});
    }
    let kind = match &message.kind {
        Kind::SuperChat(amount) => {
            let (body, head, colour) = amount.tier.colours();
            item["purchaseAmountText"] = simple(&amount.text);
            for (name, value) in [
                ("headerBackgroundColor", head),
                ("headerTextColor", colour),
                ("bodyBackgroundColor", body),
                ("bodyTextColor", colour),
                ("authorNameTextColor", 0x8a00_0000),
                ("timestampColor", 0x8000_0000),
                ("textInputBackgroundColor", 0x30ff_ffff),
            ] {
                item[name] = json!(value);
            }
            item["isV2Style"] = json!(true);
            "liveChatPaidMessageRenderer"
        }
        Kind::Sticker { amount, label } => {
            sticker(&mut item, amount, label);
            "liveChatPaidStickerRenderer"
        }
        Kind::NewMember { level } => {
            item["headerSubtext"] = runs(&["Welcome to ", level, "!"]);
            "liveChatMembershipItemRenderer"
        }
        Kind::Upgrade { level } => {
            item["headerSubtext"] = runs(&["Upgraded membership to ", level, "!"]);
            "liveChatMembershipItemRenderer"
        }
        Kind::Milestone { months, level } => {
            item["headerPrimaryText"] = match months {
                1 => runs(&["Member for 1 month"]),
                _ => runs(&["Member for ", &months.to_string(), " months"]),
            };
            item["headerSubtext"] = simple(level);
            if message.runs.is_empty() {
                item["empty"] = json!(true);
            }
            "liveChatMembershipItemRenderer"
        }
        Kind::GiftPurchase { count, channel } => {
            let header = gift_header(message, *count, channel);
            item = json!({"id": id, "timestampUsec": usec.to_string(),
                "authorExternalChannelId": channel_id(&message.from), "header": header});
            "liveChatSponsorshipsGiftPurchaseAnnouncementRenderer"
        }
        Kind::GiftReceived { from } => {
            item["message"] = json!({"runs": [
                {"text": "received a gift membership by ", "italics": true},
                {"text": format!("@{from}"), "bold": true, "italics": true},
            ]});
            "liveChatSponsorshipsGiftRedemptionAnnouncementRenderer"
        }
        Kind::Jewels { gift, jewels } => {
            item = jewels_gift(message, id, gift, *jewels);
            "giftMessageViewModel"
        }
        Kind::Donation { amount, to } => {
            item["text"] = runs(&[&format!("@{} donated ", message.from), amount]);
            item["subtext"] = runs(&["to ", to]);
            "liveChatDonationAnnouncementRenderer"
        }
        Kind::Placeholder => {
            item = placeholder(id, usec);
            "liveChatPlaceholderItemRenderer"
        }
        Kind::Held => {
            item = json!({
                "id": id,
                "timestampUsec": usec.to_string(),
                "autoModeratedItem": {"liveChatTextMessageRenderer": text(message, id, usec)},
                "headerText": runs(&["This message is held for review."]),
                "moderationButtons": [],
                "inlineActionButtons": [],
            });
            "liveChatAutoModMessageRenderer"
        }
        Kind::Notice { icon, runs, id: known } => {
            item = json!({"id": id, "icon": {"iconType": icon}, "message": {"runs": runs},
                "trackingParams": tracking("notice")});
            if let Some(known) = known {
                let inner = format!("{known}{}", crate::youtube::answer::timestamp(usec / 1_000_000));
                item["id"] = json!(Message::default().message(1, Message::default().bytes(1, inner)).token());
                item["timestampUsec"] = json!(usec.to_string());
            }
            "liveChatViewerEngagementMessageRenderer"
        }
        Kind::Mode { icon, subtext } => {
            let text: Vec<Value> = message.runs.iter().cloned().map(bold).collect();
            item = json!({"id": id, "timestampUsec": usec.to_string(), "icon": {"iconType": icon},
                "text": {"runs": text}, "subtext": {"runs": [{"text": subtext, "italics": true}]}});
            "liveChatModeChangeMessageRenderer"
        }
        Kind::Unknown => "liveChatSomethingNewRenderer",
        // Everything else is not an item.
        _ => {
            item = text(message, id, usec);
            "liveChatTextMessageRenderer"
        }
    };
    (kind, item)
}

fn bold(mut run: Value) -> Value {
    run["bold"] = json!(true);
    run
}

fn placeholder(id: &str, usec: u64) -> Value {
    json!({"id": id, "timestampUsec": usec.to_string()})
}

fn sticker(item: &mut Value, amount: &Amount, label: &str) {
    let (body, _, colour) = amount.tier.colours();
    // Without a scheme, as the real ones are.
    let url = |size| format!("//lh3.googleusercontent.com/sim/{}=s{size}-rwa", tracking(label));
    item["purchaseAmountText"] = simple(&amount.text);
    item["sticker"] = json!({
        "thumbnails": [
            {"url": url(104), "width": 104, "height": 104},
            {"url": url(208), "width": 208, "height": 208},
        ],
        "accessibility": {"accessibilityData": {"label": label}},
    });
    for (name, value) in [
        ("moneyChipBackgroundColor", body),
        ("moneyChipTextColor", colour),
        ("backgroundColor", body),
        ("authorNameTextColor", 0x8a00_0000),
        ("stickerDisplayWidth", 104),
        ("stickerDisplayHeight", 104),
    ] {
        item[name] = json!(value);
    }
    item["isV2Style"] = json!(true);
}

fn gift_header(message: &YtMessage, count: u32, channel: &str) -> Value {
    let said = ["Sent ", &count.to_string(), " ", channel, " gift memberships"];
    let said: Vec<Value> = said.iter().map(|text| bold(json!({"text": text}))).collect();
    let mut header = json!({
        "authorName": {"simpleText": format!("@{}", message.from)},
        "authorPhoto": photo(&message.from),
        "primaryText": {"runs": said},
        "image": {"thumbnails": [{"url": "https://www.gstatic.com/youtube/img/sim/gift.png"}]},
    });
    if !message.badges.is_empty() {
        header["authorBadges"] = json!(message.badges);
    }
    json!({"liveChatSponsorshipsHeaderRenderer": header})
}

/// The newer way to say things: no time and no channel id.
fn jewels_gift(message: &YtMessage, id: &str, gift: &str, jewels: Option<u32>) -> Value {
    let text = match jewels {
        Some(jewels) => format!("sent {gift} for {jewels} Jewels"),
        None => format!("sent {gift}"),
    };
    let name = format!("@{} ", message.from);
    let styled = |text: &str| {
        json!({"content": text, "styleRuns": [
            {"startIndex": 0, "length": text.encode_utf16().count()},
        ]})
    };
    json!({
        "id": id,
        "text": styled(&text),
        "authorName": styled(&name),
        "authorAvatar": {"avatarViewModel": {
            "image": {"sources": photo(&message.from)["thumbnails"]}, "avatarImageSize": "AVATAR_SIZE_XS",
        }},
        "giftImage": {"sources": [
            {"url": format!("//www.gstatic.com/youtube/img/sim/{}.png", tracking(gift)), "width": 480, "height": 480},
        ]},
        "giftImageA11yLabel": format!("{name}sent a gift, {gift}"),
    })
}

/// The chip of an item that has one. Its id is the item's.
fn chip(message: &YtMessage, kind: &str, renderer: &Value, id: &str) -> Option<Value> {
    let mut shown = renderer.clone();
    let (name, seconds, mut chip) = match &message.kind {
        Kind::SuperChat(amount) | Kind::Sticker { amount, .. } => {
            let (body, head, colour) = amount.tier.colours();
            let chip = json!({"authorPhoto": photo(&message.from), "startBackgroundColor": body,
                "endBackgroundColor": head, "amountTextColor": colour,
                "authorUsername": {"simpleText": format!("@{}", message.from)}});
            let name = if matches!(message.kind, Kind::SuperChat(_)) {
                "liveChatTickerPaidMessageItemRenderer"
            } else {
                "liveChatTickerPaidStickerItemRenderer"
            };
            (name, amount.tier.seconds(), chip)
        }
        Kind::NewMember { .. } | Kind::Milestone { .. } | Kind::GiftPurchase { .. } => {
            let detail = match &message.kind {
                Kind::Milestone { months, .. } => simple(&format!("{months} mths")),
                Kind::GiftPurchase { count, .. } => {
                    // Inside of a chip these two are missing.
                    for key in ["id", "timestampUsec"] {
                        shown.as_object_mut().and_then(|shown| shown.remove(key));
                    }
                    simple(&count.to_string())
                }
                _ => runs(&["Member"]),
            };
            let chip = json!({"sponsorPhoto": photo(&message.from), "detailText": detail,
                "detailTextColor": 0xffff_ffff_u32, "startBackgroundColor": 0xff0f_9d58_u32,
                "endBackgroundColor": 0xff0b_8043_u32});
            ("liveChatTickerSponsorItemRenderer", MEMBER_SECONDS, chip)
        }
        _ => return None,
    };
    if seconds == 0 {
        return None;
    }
    chip["id"] = json!(id);
    chip["durationSec"] = json!(seconds);
    chip["fullDurationSec"] = json!(seconds);
    chip["authorExternalChannelId"] = json!(channel_id(&message.from));
    chip["trackingParams"] = json!(tracking("chip"));
    chip["showItemEndpoint"] = json!({"showLiveChatItemEndpoint": {"renderer": {kind: shown}}});
    Some(json!({"clickTrackingParams": tracking("action"), "addLiveChatTickerItemAction": {
        "item": {name: chip}, "durationSec": seconds.to_string(),
    }}))
}

/// The four ways in which something goes away, and its replacement.
pub(super) fn removal(message: &YtMessage, usec: u64) -> Value {
    let state = runs(&["[message deleted]"]);
    match &message.kind {
        Kind::Delete { item, silently: false } => {
            json!({"markChatItemAsDeletedAction": {"deletedStateMessage": state, "targetItemId": item}})
        }
        Kind::Delete { item, silently: true } => json!({"removeChatItemAction": {"targetItemId": item}}),
        Kind::DeleteAuthor { author, silently: false } => json!({"markChatItemsByAuthorAsDeletedAction": {
            "deletedStateMessage": state, "externalChannelId": author,
        }}),
        Kind::DeleteAuthor { author, silently: true } => {
            json!({"removeChatItemByAuthorAction": {"externalChannelId": author}})
        }
        Kind::ReplaceByPlaceholder { item } => json!({"replaceChatItemAction": {
            "targetItemId": item, "replacementItem": {"liveChatPlaceholderItemRenderer": placeholder(item, usec)},
        }}),
        Kind::Replace { item } => json!({"replaceChatItemAction": {
            "targetItemId": item, "replacementItem": {"liveChatTextMessageRenderer": text(message, item, usec)},
        }}),
        _ => json!({}),
    }
}
