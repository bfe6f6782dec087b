use polychat_model::{Body, EventName, MetadataType, Money};

use super::*;
use crate::twitch::testing::{data, event, read_line};

fn notice(kind: &str, rest: &str, text: &str) -> EventData {
    let text = if text.is_empty() { String::new() } else { format!(" :{text}") };
    data(&format!(
        "@id=n-1;login=ann;display-name=Ann;user-id=9;room-id=7;msg-id={kind};{rest} :tmi.twitch.tv USERNOTICE #chan{text}"
    ))
}

#[test]
fn subscriptions_have_their_months_and_tiers() {
    let sub = notice(
        "resub",
        "msg-param-cumulative-months=6;msg-param-streak-months=4;msg-param-sub-plan=Prime;\
         msg-param-multimonth-duration=3;emotes=25:3-7;system-msg=Ann\\ssubscribed\\s",
        "hi Kappa",
    );
    assert_eq!(sub.event, EventName::Resubscription);
    assert_eq!((sub.months, sub.streak_months, sub.duration_months), (Some(6), Some(4), Some(3)));
    assert_eq!((sub.tier.as_deref(), sub.text.as_str()), (Some("prime"), "Ann subscribed"));
    assert_eq!(sub.message.as_ref().unwrap().elements().len(), 2);
    assert_eq!((sub.message_id.as_deref(), sub.native_type.as_deref()), (Some("n-1"), Some("resub")));
    assert_eq!(sub.user.unwrap().username, "ann");
    let first = notice("sub", "msg-param-months=0;msg-param-sub-plan=2000", "");
    assert_eq!((first.event, first.months, first.tier.as_deref()), (EventName::Subscription, None, Some("2")));
    assert_eq!((first.text.as_str(), first.message), ("Ann subscribed.", None));
    let gifted = "msg-param-gifter-id=4;msg-param-gifter-login=bob;msg-param-gifter-name=Bob";
    assert_eq!(notice("resub", gifted, "").other.unwrap().display_name, "Bob");
    assert_eq!(notice("resub", &format!("msg-param-anon-gift=true;{gifted}"), "").other, None);
    let upgrade = notice("giftpaidupgrade", "msg-param-sender-login=bob;msg-param-sender-name=Bob", "");
    assert_eq!((upgrade.event, upgrade.other.unwrap().username.as_str()), (EventName::SubscriptionUpgrade, "bob"));
    assert_eq!(notice("anongiftpaidupgrade", "", "").other, None);
    assert_eq!(notice("primepaidupgrade", "msg-param-sub-plan=1000", "").tier.as_deref(), Some("1"));
    assert_eq!(notice("extendsub", "msg-param-cumulative-months=8", "").months, Some(8));
}

#[test]
fn a_gift_names_its_receiver_and_an_anonymous_giver_nobody() {
    let to = "msg-param-recipient-id=3;msg-param-recipient-user-name=bob;msg-param-recipient-display-name=Bob;\
              msg-param-sub-plan=3000;msg-param-gift-months=6;msg-param-sender-count=0";
    let gift = notice("subgift", to, "");
    assert_eq!((gift.event, gift.count, gift.total), (EventName::GiftSubscription, Some(1), None));
    assert_eq!((gift.recipients[0].username.as_str(), gift.duration_months), ("bob", Some(6)));
    assert_eq!(gift.text, "Ann gifted a subscription to Bob.");
    assert!(gift.user.is_some());
    for anonymous in [
        data(&format!("@login=ananonymousgifter;user-id=274598607;msg-id=subgift;{to} :t USERNOTICE #chan")),
        notice("anonsubgift", to, ""),
        notice("anonsubmysterygift", "msg-param-mass-gift-count=15", ""),
    ] {
        assert_eq!(anonymous.user, None);
        assert!(anonymous.text.starts_with("Anonymous "), "{}", anonymous.text);
    }
}

#[test]
fn gifts_passed_on_name_the_earlier_giver_unless_hidden() {
    let from = "msg-param-prior-gifter-id=4;msg-param-prior-gifter-user-name=cy;msg-param-prior-gifter-display-name=Cy";
    let open = notice("communitypayforward", &format!("{from};msg-param-prior-gifter-anonymous=false"), "");
    assert_eq!((open.event, open.other.unwrap().username.as_str()), (EventName::PayForward, "cy"));
    assert_eq!(notice("standardpayforward", &format!("{from};msg-param-prior-gifter-anonymous=true"), "").other, None);
}

#[test]
fn a_raid_has_its_size_and_its_picture() {
    let raid = notice(
        "raid",
        "msg-param-displayName=Ann;msg-param-login=ann;msg-param-viewerCount=430;\
         msg-param-profileImageURL=https://static-cdn.jtvnw.net/x-profile_image-%s.png",
        "",
    );
    assert_eq!((raid.event, raid.count), (EventName::Raid, Some(430)));
    let picture = "https://static-cdn.jtvnw.net/x-profile_image-70x70.png";
    assert_eq!(raid.other.unwrap().avatar_url.as_deref(), Some(picture));
    assert_eq!(raid.user.unwrap().avatar_url.as_deref(), Some(picture));
    assert_eq!(raid.text, "430 raiders from Ann have joined!");
    let hostile = notice("raid", "msg-param-profileImageURL=javascript:alert(1)", "");
    assert_eq!(hostile.other.unwrap().avatar_url, None);
    assert_eq!(notice("unraid", "system-msg=The\\sraid\\shas\\sbeen\\scanceled.", "").event, EventName::RaidCancelled);
}

#[test]
fn sentences_without_a_name_get_one() {
    let text = |kind, rest| notice(kind, rest, "").text;
    assert_eq!(
        text("modiversary", "system-msg=has\\sbeen\\sa\\smoderator\\sfor\\s18\\smonths!"),
        "Ann has been a moderator for 18 months!"
    );
    assert_eq!(
        text("socialsharingbadge", "system-msg=Unlocked\\sa\\ssocial\\ssharing\\sbadge"),
        "Ann unlocked a social sharing badge"
    );
    assert_eq!(
        text("bitsbadgetier", "msg-param-threshold=1000;system-msg=bits\\sbadge\\stier\\snotification"),
        "Ann earned the badge for 1000 bits."
    );
    assert_eq!(
        text("viewermilestone", "msg-param-category=watch-streak;msg-param-value=5"),
        "Ann watched 5 streams in a row."
    );
}

#[test]
fn money_is_in_micros() {
    let donation = notice(
        "charitydonation",
        "msg-param-donation-amount=500;msg-param-donation-currency=USD;msg-param-exponent=2;\
         msg-param-charity-name=Save\\sthe\\sChildren",
        "",
    );
    assert_eq!(donation.amount, Some(Money { micros: 5_000_000, currency: "USD".into() }));
    assert_eq!(donation.text, "Ann donated $5.00 to Save the Children.");
    let direct = "@id=n;login=ann;user-id=9;msg-id=midnightsquid;msg-param-amount=300;msg-param-currency=USD;\
                  msg-param-exponent=2 :t USERNOTICE #chan :take it";
    let Body::Chat(chat) = event(direct).body else { panic!() };
    assert_eq!((chat.data.metadata.kind, chat.data.content.raw()), (MetadataType::SuperChat, "take it"));
    assert_eq!(chat.data.metadata.monetary_data.unwrap().formatted, "$3.00");
    let broken = notice("midnightsquid", "msg-param-amount=x", "hello");
    assert_eq!((broken.event, broken.message.unwrap().raw()), (EventName::Notice, "hello"));
}

#[test]
fn a_tap_is_a_gift_of_bits() {
    let tap = data(
        "@display-name=Ann;msg-id=onetapgiftredeemed;msg-param-bits-spent=5;msg-param-gift-id=heart;msg-param-user-display-name=Ann :t USERNOTICE #chan",
    );
    assert_eq!((tap.event, tap.gift.as_ref().unwrap().unit_cost), (EventName::Gift, Some(5)));
    assert_eq!((tap.text.as_str(), tap.user.unwrap().display_name.as_str()), ("Ann sent a heart for 5 bits.", "Ann"));
    assert!(matches!(read_line("@msg-id=onetapstreakstarted :t USERNOTICE #chan"), Read::Ignored(_)));
}

#[test]
fn an_unknown_kind_is_a_notice_and_keeps_what_the_user_wrote() {
    let said = notice("brandnewthing", "system-msg=Ann\\sdid\\ssomething", "look");
    assert_eq!((said.event, said.native_type.as_deref()), (EventName::Notice, Some("brandnewthing")));
    assert_eq!((said.text.as_str(), said.message.unwrap().raw()), ("Ann did something", "look"));
    assert_eq!(notice("brandnewthing", "", "look").text, "Ann: look");
    let bare = data(":tmi.twitch.tv USERNOTICE #chan :look");
    assert_eq!((bare.text.as_str(), bare.user, bare.message.unwrap().raw()), ("look", None, "look"));
}

#[test]
fn of_the_partners_notices_only_announcements_are_shown() {
    let line = |kind: &str| {
        format!(
            "@id=c;login=ann;user-id=9;room-id=1;source-room-id=2;source-id=o;msg-id=sharedchatnotice;\
             source-msg-id={kind};msg-param-color=PRIMARY :t USERNOTICE #chan :hi"
        )
    };
    for kind in ["sub", "raid", "submysterygift", "somethingnew", ""] {
        assert_eq!(read_line(&line(kind)), Read::Ignored("shared chat notice of the partner"), "{kind}");
    }
    let announcement = data(&line("announcement"));
    assert_eq!((announcement.event, announcement.color.as_deref()), (EventName::Announcement, Some("PRIMARY")));
    assert_eq!(announcement.text, "Announcement of ann: hi");
    assert_eq!(announcement.source_channel.unwrap().id, "2");
    assert_eq!(&*event(&line("announcement")).id, "tw:o");
}

#[test]
fn a_sneaky_action_is_text() {
    let said = notice("resub", "emotes=25:7-11", "\u{1}ACTION Kappa\u{1}").message.unwrap();
    assert_eq!((said.raw(), said.elements().len()), ("ACTION Kappa", 2));
}
