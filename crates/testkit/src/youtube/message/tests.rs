use super::*;
use crate::youtube::token::item_id;

const USEC: u64 = 1_780_000_000_000_000;

fn made(message: &YtMessage) -> Vec<Value> {
    message.actions(&item_id(USEC, 1), USEC)
}

fn every_kind() -> Vec<(&'static str, YtMessage)> {
    let amount = || Amount::new("$5.00", Tier::Green);
    let poll = Poll::new("p", "tea", &["yes", "no"]).question("More tea?");
    vec![
        ("addChatItemAction/liveChatTextMessageRenderer", YtMessage::chat("hi")),
        ("addChatItemAction/liveChatPaidMessageRenderer", YtMessage::super_chat(amount()).text("for tea")),
        ("addChatItemAction/liveChatPaidStickerRenderer", YtMessage::sticker(amount(), "a cup")),
        ("addChatItemAction/liveChatMembershipItemRenderer", YtMessage::new_member("Leaves")),
        ("addChatItemAction/liveChatMembershipItemRenderer", YtMessage::upgrade("Leaves")),
        ("addChatItemAction/liveChatMembershipItemRenderer", YtMessage::milestone(27, "Leaves")),
        (
            "addChatItemAction/liveChatSponsorshipsGiftPurchaseAnnouncementRenderer",
            YtMessage::gift_purchase(5, "Tea Time"),
        ),
        ("addChatItemAction/liveChatSponsorshipsGiftRedemptionAnnouncementRenderer", YtMessage::gift_received("ann")),
        ("addChatItemAction/giftMessageViewModel", YtMessage::jewels("Teapot", Some(10))),
        ("addChatItemAction/liveChatDonationAnnouncementRenderer", YtMessage::donation("$5.00", "Wells")),
        ("addChatItemAction/liveChatPlaceholderItemRenderer", YtMessage::placeholder()),
        ("addChatItemAction/liveChatAutoModMessageRenderer", YtMessage::held("hm")),
        ("addChatItemAction/liveChatViewerEngagementMessageRenderer", YtMessage::subscribers_only()),
        ("addChatItemAction/liveChatViewerEngagementMessageRenderer", YtMessage::poll_result(&poll)),
        ("addChatItemAction/liveChatModeChangeMessageRenderer", YtMessage::mode("SLOW_MODE", "Every 5 s").text("Slow")),
        ("addChatItemAction/liveChatSomethingNewRenderer", YtMessage::unknown()),
        ("showLiveChatActionPanelAction/liveChatActionPanelRenderer", YtMessage::poll_opens(&poll)),
        ("updateLiveChatPollAction/pollRenderer", YtMessage::poll_changes(&poll)),
        ("closeLiveChatActionPanelAction", YtMessage::poll_closes(&poll)),
        ("addBannerToLiveChatCommand/liveChatBannerRenderer", YtMessage::pin("x", "tea").text("hi")),
        ("addBannerToLiveChatCommand/liveChatBannerRenderer", YtMessage::raid_in()),
        ("addBannerToLiveChatCommand/liveChatBannerRenderer", YtMessage::raid_out("bbbbbbbbbbb")),
        ("addBannerToLiveChatCommand/liveChatBannerRenderer", YtMessage::summary("Tea was discussed.")),
        ("removeBannerForLiveChatCommand", YtMessage::unpin("x")),
        ("showCreatorGoalTickerChipCommand/liveChatTickerCreatorGoalViewModel", YtMessage::goal("$1 out of $9")),
        ("markChatItemAsDeletedAction", YtMessage::delete("x")),
        ("removeChatItemAction", YtMessage::remove("x")),
        ("markChatItemsByAuthorAsDeletedAction", YtMessage::delete_author("ann")),
        ("removeChatItemByAuthorAction", YtMessage::remove_author("ann")),
        ("replaceChatItemAction/liveChatTextMessageRenderer", YtMessage::replace("x", "better")),
        ("replaceChatItemAction/liveChatPlaceholderItemRenderer", YtMessage::replace_by_placeholder("x")),
        ("clearChatWindowAction", YtMessage::clear()),
        ("signalAction", YtMessage::closed()),
    ]
}

/// `action/renderer`, as they stand in the first action.
fn kind(actions: &[Value]) -> String {
    let action = actions[0].as_object().unwrap();
    let (name, payload) = action.iter().find(|(name, _)| *name != "clickTrackingParams").unwrap();
    let holders = ["item", "replacementItem", "panelToShow", "pollToUpdate", "bannerRenderer", "creatorGoalTickerChip"];
    let held = holders.iter().find_map(|holder| payload[holder].as_object()?.keys().next());
    held.map_or_else(|| name.clone(), |renderer| format!("{name}/{renderer}"))
}

#[test]
fn every_kind_of_happening_has_its_action() {
    for (expected, message) in every_kind() {
        assert_eq!(kind(&made(&message)), expected);
    }
}

#[test]
fn items_have_the_id_and_the_time_that_they_were_given() {
    for (_, message) in every_kind() {
        let actions = made(&message);
        let Some(item) = actions[0]["addChatItemAction"]["item"].as_object() else { continue };
        let (name, renderer) = item.iter().next().unwrap();
        assert!(renderer["id"].is_string(), "{name}");
        let timeless = name == "giftMessageViewModel" || renderer["icon"]["iconType"] == "POLL";
        assert_eq!(renderer["timestampUsec"].is_string(), !timeless, "{name}");
    }
}

#[test]
fn purchases_are_in_the_ticker_under_the_id_of_their_item() {
    let chip = |message: &YtMessage| made(message).get(1).map(|action| action["addLiveChatTickerItemAction"].clone());
    let super_chat = chip(&YtMessage::super_chat(Amount::new("$5.00", Tier::Green))).unwrap();
    assert_eq!(super_chat["durationSec"], "120");
    assert_eq!(super_chat["item"]["liveChatTickerPaidMessageItemRenderer"]["id"], item_id(USEC, 1));
    let gift = chip(&YtMessage::gift_purchase(5, "Tea Time")).unwrap();
    let gift = &gift["item"]["liveChatTickerSponsorItemRenderer"];
    let inner = &gift["showItemEndpoint"]["showLiveChatItemEndpoint"]["renderer"];
    let inner = &inner["liveChatSponsorshipsGiftPurchaseAnnouncementRenderer"];
    assert!(inner["header"].is_object() && inner["id"].is_null() && gift["id"].is_string());
    assert_eq!(chip(&YtMessage::super_chat(Amount::new("$1.00", Tier::Blue))), None, "too little for the ticker");
    assert_eq!(chip(&YtMessage::milestone(2, "Leaves").without_ticker()), None);
}

#[test]
fn a_pin_and_its_end_name_the_same_banner() {
    let pin = made(&YtMessage::pin("x", "tea").text("hi"));
    let banner = &pin[0]["addBannerToLiveChatCommand"]["bannerRenderer"]["liveChatBannerRenderer"];
    let unpin = made(&YtMessage::unpin("x"));
    assert_eq!(unpin[0]["removeBannerForLiveChatCommand"]["targetActionId"], banner["actionId"]);
    assert_eq!(banner["contents"]["liveChatTextMessageRenderer"]["id"], "x", "what is pinned keeps its id");
}

#[test]
fn authors_have_the_badges_that_they_were_given() {
    let message = YtMessage::chat("hi").from("@ann").moderator().member(24).verified();
    let renderer = made(&message)[0]["addChatItemAction"]["item"]["liveChatTextMessageRenderer"].clone();
    assert_eq!(renderer["authorName"]["simpleText"], "@ann");
    let badge = |index: usize| renderer["authorBadges"][index]["liveChatAuthorBadgeRenderer"]["tooltip"].clone();
    assert_eq!([badge(0), badge(1), badge(2)], ["Moderator", "Member (2 years)", "Verified"]);
}
