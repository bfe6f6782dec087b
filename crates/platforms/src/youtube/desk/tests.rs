//! What the desk tells of a chat, and what it tells only once.

use polychat_model::{Body, ChatEvent, ComboState, EventData, EventName, ModerationAction, ModerationData};
use serde_json::{Value, json};

use super::Desk;
use crate::youtube::answer::read;

const NOW: u64 = 1_780_000_000_000;

/// An answer with these actions, taken by the desk.
fn take_at(desk: &mut Desk, now_ms: u64, history: bool, actions: &[Value]) -> Vec<ChatEvent> {
    let answer = json!({"continuationContents": {"liveChatContinuation": {"actions": actions}}}).to_string();
    desk.take(&read(answer.as_bytes()).unwrap(), history, now_ms)
}

fn take(desk: &mut Desk, actions: &[Value]) -> Vec<ChatEvent> {
    take_at(desk, NOW, false, actions)
}

fn desk() -> Desk {
    Desk::new("abcdefghijk")
}

#[expect(clippy::needless_pass_by_value, reason = "reads better at the call")]
fn add(renderer: &str, fields: Value) -> Value {
    json!({"clickTrackingParams": "x", "addChatItemAction": {"item": {renderer: fields}, "clientId": "c"}})
}

fn text(id: &str, words: &str) -> Value {
    add("liveChatTextMessageRenderer", text_fields(id, words))
}

fn text_fields(id: &str, words: &str) -> Value {
    json!({"id": id, "timestampUsec": "1780000000000000", "message": {"runs": [{"text": words}]},
        "authorName": {"simpleText": "@ann"}, "authorExternalChannelId": "UCann"})
}

fn data(event: &ChatEvent) -> &EventData {
    let Body::Event(data) = &event.body else { panic!("{event:?}") };
    data
}

fn moderation(event: &ChatEvent) -> &ModerationData {
    let Body::Moderation(data) = &event.body else { panic!("{event:?}") };
    data
}

/// The words of all chat messages.
fn said(events: &[ChatEvent]) -> Vec<&str> {
    let words = events.iter().filter_map(|event| match &event.body {
        Body::Chat(chat) => Some(chat.data.content.raw()),
        _ => None,
    });
    words.collect()
}

#[test]
fn an_item_is_told_once() {
    let mut desk = desk();
    let first = take(&mut desk, &[text("a", "one"), text("a", "one"), text("b", "two")]);
    assert_eq!(said(&first), ["one", "two"]);
    assert_eq!((&*first[0].id, &*first[0].room_id, first[0].sent_at_ms), ("yt:a", "abcdefghijk", 1_780_000_000_000));
    let again = take_at(&mut desk, NOW, true, &[text("a", "one"), text("b", "two"), text("c", "three")]);
    assert_eq!(said(&again), ["three"]);
    assert!(again[0].history && !first[0].history);
}

#[test]
fn items_without_an_id_are_told_apart_by_what_they_say() {
    let mut desk = desk();
    let events = take(&mut desk, &[text("", "one"), text("", "two"), text("", "one")]);
    assert_eq!(said(&events), ["one", "two"]);
    assert!(events[0].id.starts_with("yt:none:") && events[0].id != events[1].id);
    assert_eq!(take(&mut super::Desk::new("x"), &[text("", "one")])[0].id, events[0].id, "the same in every run");
}

#[test]
fn a_broken_action_costs_only_itself() {
    let mut desk = desk();
    let broken = [
        r#"{"addChatItemAction":{"item":{"liveChatTextMessageRenderer":{"message":{"runs":[{"text":"\ud800"}]}}}}}"#,
        r#"{"addChatItemAction":{"item":{"liveChatTextMessageRenderer":{"id":"a","id":"b"}}}}"#,
    ];
    let actions = format!("{},{},{}", broken[0], text("a", "one"), broken[1]);
    let answer = format!(r#"{{"continuationContents":{{"liveChatContinuation":{{"actions":[{actions}]}}}}}}"#);
    let events = desk.take(&read(answer.as_bytes()).unwrap(), false, NOW);
    assert_eq!(said(&events), ["one"]);
    assert_eq!((desk.health().actions, desk.health().broken), (3, 2));
}

#[test]
fn a_message_that_says_nothing_is_not_told() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let action =
        format!(r#"{{"addChatItemAction":{{"item":{{"liveChatTextMessageRenderer":{{"message":{deep}}}}}}}}}"#);
    let answer = format!(r#"{{"continuationContents":{{"liveChatContinuation":{{"actions":[{action}]}}}}}}"#);
    let mut desk = desk();
    assert!(desk.take(&read(answer.as_bytes()).unwrap(), false, NOW).is_empty());
    assert_eq!(desk.health().broken, 0);
}

#[test]
fn every_form_of_deletion_is_told_and_a_late_copy_stays_away() {
    let mut desk = desk();
    let events = take(
        &mut desk,
        &[
            json!({"markChatItemAsDeletedAction": {"targetItemId": "a", "deletedStateMessage": {"runs": []}}}),
            json!({"removeChatItemAction": {"targetItemId": "b"}}),
            json!({"removeChatItemAction": {"targetItemId": "b"}}),
            json!({"markChatItemsByAuthorAsDeletedAction": {"externalChannelId": "UCann"}}),
            json!({"removeChatItemByAuthorAction": {"externalChannelId": "UCbob"}}),
            json!({"clearChatWindowAction": {}}),
            text("a", "late"),
            text("b", "late"),
        ],
    );
    let told = events.iter().map(moderation).map(|m| (m.action, m.message_id.as_deref(), m.user_id.as_deref()));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (ModerationAction::DeleteMessage, Some("a"), None),
            (ModerationAction::DeleteMessage, Some("b"), None),
            (ModerationAction::DeleteUser, None, Some("UCann")),
            (ModerationAction::DeleteUser, None, Some("UCbob")),
            (ModerationAction::Clear, None, None),
        ]
    );
}

#[test]
fn a_replacement_is_the_same_event_with_a_higher_revision() {
    let mut desk = desk();
    let replace = |renderer: &str, fields: Value| json!({"replaceChatItemAction": {"targetItemId": "a", "replacementItem": {renderer: fields}}});
    let placeholder = "liveChatPlaceholderItemRenderer";
    assert!(take(&mut desk, &[add(placeholder, json!({"id": "a", "timestampUsec": "1"}))]).is_empty());
    let shown = replace("liveChatTextMessageRenderer", text_fields("a", "approved"));
    let events = take(&mut desk, &[shown.clone(), shown]);
    assert_eq!(events.iter().map(|e| (&*e.id, e.revision)).collect::<Vec<_>>(), [("yt:a", 0), ("yt:a", 1)]);
    let hidden = take(&mut desk, &[replace(placeholder, json!({"id": "a"}))]);
    assert_eq!((moderation(&hidden[0]).action, hidden.len()), (ModerationAction::DeleteMessage, 1));
    let mut deleted = text_fields("a", "approved");
    deleted["deletedStateMessage"] = json!({"runs": [{"text": "[message deleted]"}]});
    let events = take(&mut desk, &[replace("liveChatTextMessageRenderer", deleted)]);
    assert_eq!(moderation(&events[0]).message_id.as_deref(), Some("a"));
    take(&mut desk, &[json!({"removeChatItemAction": {"targetItemId": "a"}})]);
    assert!(take(&mut desk, &[replace("liveChatTextMessageRenderer", text_fields("a", "back"))]).is_empty());
}

fn purchase(id: &str, count: &str) -> Value {
    add(
        "liveChatSponsorshipsGiftPurchaseAnnouncementRenderer",
        json!({"id": id, "timestampUsec": "1780000000000000", "authorExternalChannelId": "UCann",
            "header": {"liveChatSponsorshipsHeaderRenderer": {"authorName": {"simpleText": "@ann"},
            "primaryText": {"runs": [{"text": "Sent "}, {"text": count}, {"text": " gift memberships"}]}}}}),
    )
}

fn redemption(n: u32, from: &str) -> Value {
    add(
        "liveChatSponsorshipsGiftRedemptionAnnouncementRenderer",
        json!({"id": format!("r{n}"), "authorName": {"simpleText": format!("@viewer{n}")},
            "message": {"runs": [{"text": "received a gift membership by "}, {"text": from, "bold": true}]}}),
    )
}

#[test]
fn received_gifts_are_named_in_the_event_of_the_purchase() {
    let mut desk = desk();
    let events = take(&mut desk, &[purchase("p", "3"), redemption(1, "@ann"), redemption(2, "ann")]);
    let told: Vec<_> =
        events.iter().map(|e| (&*e.id, e.revision, data(e).recipients.len(), data(e).combo.clone().unwrap())).collect();
    assert_eq!((told[0].0, told[0].1, told[0].2), ("yt:p", 0, 0));
    assert_eq!((told[1].0, told[1].1, told[1].2, told.len()), ("yt:p", 1, 2, 2));
    assert_eq!((told[1].3.count, told[1].3.state), (2, ComboState::Running));
    let last = take(&mut desk, &[redemption(3, "ann")]);
    assert_eq!((last[0].revision, data(&last[0]).combo.as_ref().unwrap().state), (2, ComboState::Final));
    assert_eq!(data(&last[0]).count, Some(3));
    let lone = take(&mut desk, &[redemption(4, "ann"), redemption(3, "ann")]);
    assert_eq!(lone.len(), 1, "a fourth of three is a gift of its own, the third comes once");
    assert_eq!((&*lone[0].id, data(&lone[0]).event), ("yt:r4", EventName::GiftSubscription));
}

#[test]
fn a_purchase_that_goes_quiet_is_final_and_names_a_hundred_at_most() {
    let mut desk = desk();
    take(&mut desk, &[purchase("p", "500")]);
    for n in 0..4 {
        let answer: Vec<Value> = (n * 40..n * 40 + 40).map(|n| redemption(n, "ann")).collect();
        assert_eq!(take_at(&mut desk, NOW + 5, false, &answer).len(), 1, "one event an answer");
    }
    let due = desk.due_ms().unwrap();
    assert!(desk.tick(due - 1).is_empty());
    let last = desk.tick(due);
    let combo = data(&last[0]).combo.as_ref().unwrap();
    assert_eq!((combo.count, combo.state, data(&last[0]).recipients.len()), (160, ComboState::Final, 100));
    assert_eq!((desk.tick(due + 1).len(), desk.due_ms()), (0, None));
}

fn poll(ratio: f64, votes: &str) -> Value {
    let notes = ["@host", " • ", "just now", " • ", votes].map(|text| json!({ "text": text }));
    json!({"pollRenderer": {"liveChatPollId": "q", "choices": [
        {"text": {"runs": [{"text": "tea"}]}, "voteRatio": ratio},
        {"text": {"simpleText": "soup"}, "voteRatio": 1.0 - ratio}],
        "header": {"pollHeaderRenderer": {"pollQuestion": {"simpleText": "What now?"},
        "metadataText": {"runs": notes}}}}})
}

#[test]
fn a_poll_tells_a_number_a_second_and_always_the_last() {
    let mut desk = desk();
    let open = json!({"showLiveChatActionPanelAction": {"panelToShow": {"liveChatActionPanelRenderer":
        {"id": "q", "contents": poll(0.0, "")}}}});
    let update = |ratio, votes| json!({"updateLiveChatPollAction": {"pollToUpdate": poll(ratio, votes)}});
    let events = take(&mut desk, &[open, update(0.5, "10 votes"), update(0.25, "1,200 votes")]);
    assert_eq!((events.len(), events[0].revision, &*events[0].id), (1, 0, "yt:poll:q"));
    assert_eq!(desk.due_ms(), Some(NOW + 1_000));
    let later = desk.tick(NOW + 1_000);
    let told = data(&later[0]).poll.as_ref().unwrap();
    assert_eq!((later.len(), later[0].revision, told.status.as_str(), told.winner.as_deref()), (1, 1, "active", None));
    assert_eq!(told.choices.iter().map(|choice| choice.votes).collect::<Vec<_>>(), [300, 900]);
    assert!(take_at(&mut desk, NOW + 5_000, false, &[update(0.25, "1,200 votes")]).is_empty(), "nothing new");
    let close = json!({"closeLiveChatActionPanelAction": {"targetPanelId": "q"}});
    let end = take_at(&mut desk, NOW + 5_001, false, &[update(0.1, "1.3K votes"), close.clone(), close]);
    let told = data(end.last().unwrap()).poll.as_ref().unwrap();
    assert_eq!((told.status.as_str(), told.winner.as_deref()), ("completed", Some("soup")));
    assert_eq!((told.choices[1].votes, data(&end[0]).other.as_ref().unwrap().username.as_str()), (1_170, "host"));
    assert_eq!(end.len(), 2);
}

fn ticker(id: &str, words: &str) -> Value {
    json!({"addLiveChatTickerItemAction": {"durationSec": "100", "item": {"liveChatTickerPaidMessageItemRenderer":
        {"id": id, "showItemEndpoint": {"showLiveChatItemEndpoint": {"renderer": {"liveChatPaidMessageRenderer":
        text_fields(id, words)}}}}}}})
}

#[test]
fn a_chip_is_never_a_second_donation() {
    let mut desk = desk();
    let paid = |id: &str| add("liveChatPaidMessageRenderer", text_fields(id, "paid"));
    assert_eq!(take(&mut desk, &[ticker("a", "paid"), paid("a")]).len(), 1, "whichever stands first");
    assert_eq!(take(&mut desk, &[paid("b"), ticker("b", "paid")]).len(), 1);
    assert!(take(&mut desk, &[ticker("c", "paid")]).is_empty(), "the item may still come");
    let events = take_at(&mut desk, NOW + 1_000, false, &[paid("c")]);
    assert_eq!((events.len(), events[0].history), (1, false));
    assert!(desk.tick(NOW + 60_000).is_empty());
}

#[test]
fn chips_of_purchases_that_we_missed_are_history() {
    let mut desk = desk();
    let events = take_at(&mut desk, NOW, true, &[text("t", "now"), ticker("a", "before")]);
    assert_eq!(said(&events), ["before", "now"]);
    take(&mut desk, &[ticker("b", "lost")]);
    let due = desk.due_ms().unwrap();
    let late = desk.tick(due);
    assert_eq!((said(&late), late[0].history), (vec!["lost"], true));
}

#[test]
fn notices_come_once_and_the_known_ones_never() {
    let mut desk = desk();
    let notice = |id: &str, words: &str| {
        add("liveChatViewerEngagementMessageRenderer", json!({"id": id, "message": {"runs": [{"text": words}]}}))
    };
    let rules = "CjEKL0NPTU1VTklUWV9HVUlERUxJTkVTX1ZFTTIwMjYvMDQvMTEtMDQ6NTY6MDQuNjEx";
    let events =
        take(&mut desk, &[notice(rules, "Welcome"), notice("n1", "Something new"), notice("n2", "Something new")]);
    assert_eq!(events.iter().map(|e| data(e).text.as_str()).collect::<Vec<_>>(), ["Something new"]);
}

#[test]
fn pins_come_and_go_and_a_second_view_does_not_repeat_them() {
    let mut desk = desk();
    let pin = json!({"addBannerToLiveChatCommand": {"bannerRenderer": {"liveChatBannerRenderer": {"actionId": "b1",
        "header": {"liveChatBannerHeaderRenderer": {"text": {"runs": [{"text": "Pinned by "}, {"text": "@host"}]}}},
        "contents": {"liveChatTextMessageRenderer": text_fields("m1", "read this")}}}}});
    let unpin = json!({"removeBannerForLiveChatCommand": {"targetActionId": "b1"}});
    let other = json!({"removeBannerForLiveChatCommand": {"targetActionId": "b2"}});
    let events = take(&mut desk, &[pin.clone(), pin, other, unpin.clone(), unpin]);
    assert_eq!(events.iter().map(|e| data(e).event).collect::<Vec<_>>(), [EventName::Pin, EventName::Unpin]);
    let pin = data(&events[0]).pin.as_ref().unwrap();
    assert_eq!((pin.id.as_str(), pin.message_id.as_str(), pin.text.as_str()), ("b1", "m1", "read this"));
    assert_eq!(data(&events[0]).other.as_ref().unwrap().username, "host");
    assert_eq!(said(&take(&mut desk, &[text("m1", "read this")])), ["read this"], "a pin is not the message");
}

#[test]
fn what_is_not_known_is_counted_named_once_and_three_such_answers_are_degraded() {
    let mut desk = desk();
    for n in 0..3 {
        assert!(!desk.degraded());
        let unknown = [json!({"newThingAction": {}}), add("liveChatNewRenderer", json!({})), text(&n.to_string(), "x")];
        take(&mut desk, &unknown);
        take(&mut desk, &[]);
    }
    assert!(desk.degraded());
    assert_eq!(desk.unknown_kinds(), ["newThingAction", "liveChatNewRenderer"]);
    assert!(desk.unknown_kinds().is_empty());
    for n in 3..6 {
        take(&mut desk, &[text(&n.to_string(), "x"), json!({"showLiveChatTooltipCommand": {}})]);
    }
    assert!(!desk.degraded());
    assert_eq!((desk.health().actions, desk.health().unknown), (15, 6));
}

#[test]
fn a_chat_that_moves_asks_for_a_look() {
    let mut desk = desk();
    take(&mut desk, &[json!({"signalAction": {"signal": "HIDE_LIVE_CHAT"}})]);
    assert!(desk.take_attention() && !desk.take_attention());
}

#[test]
fn replayed_actions_are_unwrapped_one_level() {
    let mut desk = desk();
    let replay = |inner: Value| json!({"replayChatItemAction": {"videoOffsetTimeMsec": "5", "actions": inner}});
    let events =
        take(&mut desk, &[replay(json!([text("a", "one"), 7, text("b", "two")])), replay(json!([replay(json!([]))]))]);
    assert_eq!(said(&events), ["one", "two"]);
    assert_eq!((desk.health().actions, desk.health().unknown), (4, 2));
}
