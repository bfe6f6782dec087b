//! Subscriptions, banners, pins, questions, treasure boxes, captions and notices.

use polychat_model::EventName;

use super::*;
use crate::tiktok::proto::{
    CaptionText, Envelope, FansLevelParam, GradeParam, PieceUser, Question, SubGiftParam, Text, TextPiece,
    WebcastBarrageMessage, WebcastCaptionMessage, WebcastChatMessage, WebcastEnvelopeMessage, WebcastGiftMessage,
    WebcastLiveIntroMessage, WebcastQuestionNewMessage, WebcastRoomMessage, WebcastRoomPinMessage,
    WebcastSubNotifyMessage,
};

fn told(events: &[ChatEvent]) -> Vec<(EventName, &str)> {
    events.iter().map(|event| (data(event).event, data(event).text.as_str())).collect()
}

fn banner(id: i64, msg_type: i32, barrage: WebcastBarrageMessage) -> proto::BaseMessage {
    message("WebcastBarrageMessage", id, &WebcastBarrageMessage { common: head(id), msg_type, ..barrage })
}

fn sentence(pattern: &str, user_id: i64) -> Option<Text> {
    let piece = TextPiece { user_value: Some(PieceUser { user: user(user_id, "Ann") }), ..TextPiece::default() };
    Some(Text { key: Bytes::new(), default_pattern: bytes(pattern), pieces: vec![piece] })
}

#[test]
fn a_subscription_is_told_once_as_message_and_banner() {
    let sub = |id, user_id, sub_month, old_status| {
        let user = user(user_id, "Ann");
        let typed = WebcastSubNotifyMessage { common: head(id), user, sub_month, old_status, ..Default::default() };
        message("WebcastSubNotifyMessage", id, &typed)
    };
    let on_banner = |id, user_id| {
        let content = sentence("{0:user} subscribed for the first time", user_id);
        banner(id, 4, WebcastBarrageMessage { content, ..Default::default() })
    };
    let events =
        take(&mut desk(), vec![sub(1, 5, 1, 0), on_banner(2, 5), on_banner(3, 6), sub(4, 7, 3, 1), sub(5, 8, 1, 2)]);
    assert_eq!(
        told(&events),
        [
            (EventName::Subscription, "Ann subscribed."),
            (EventName::Subscription, "Ann subscribed."),
            (EventName::Resubscription, "Ann has subscribed for 3 months."),
            (EventName::Resubscription, "Ann subscribed again."),
        ]
    );
    assert_eq!((&*events[1].id, data(&events[2]).months), ("tt:3", Some(3)));
    let typed =
        WebcastSubNotifyMessage { common: head(9), user: user(9, "Bo"), subscribing_status: 3, ..Default::default() };
    assert!(take(&mut desk(), vec![message("WebcastSubNotifyMessage", 9, &typed)]).is_empty(), "an end is none");
}

#[test]
fn banners_are_told_if_they_say_something() {
    let who = user(5, "Ann");
    let grade = |current_grade| Some(GradeParam { current_grade, user: who.clone() });
    let gifts = WebcastBarrageMessage {
        user: who.clone(),
        sub_gift: Some(SubGiftParam { gift_sub_count: 5 }),
        ..Default::default()
    };
    let fans_level = Some(FansLevelParam { current_grade: 7, user: who.clone() });
    let generic = WebcastBarrageMessage { content: sentence("{0:user} is a super fan now", 5), ..Default::default() };
    let messages = vec![
        banner(1, 7, gifts),
        banner(2, 8, WebcastBarrageMessage { user_grade: grade(20), ..Default::default() }),
        banner(3, 9, WebcastBarrageMessage { user_grade: grade(20), ..Default::default() }),
        banner(4, 10, WebcastBarrageMessage { fans_level: fans_level.clone(), ..Default::default() }),
        banner(5, 11, WebcastBarrageMessage { fans_level, ..Default::default() }),
        banner(6, 100, generic.clone()),
        banner(7, 100, generic),
        banner(8, 100, WebcastBarrageMessage::default()),
    ];
    let events = take(&mut desk(), messages);
    assert_eq!(
        told(&events),
        [
            (EventName::GiftSubscription, "Ann gave away 5 subscriptions."),
            (EventName::Milestone, "Ann reached gifter level 20."),
            (EventName::Milestone, "Ann reached fan club level 7."),
            (EventName::Notice, "Ann is a super fan now"),
        ]
    );
    assert_eq!(events.iter().map(|event| data(event).count).collect::<Vec<_>>(), [Some(5), Some(20), Some(7), None]);
}

#[test]
fn a_pin_names_what_it_pins_and_late_comers_hear_it_once() {
    let pinned =
        WebcastChatMessage { common: head(11), user: user(6, "Bo"), content: bytes("read this"), ..Default::default() };
    let pin = |id, action| WebcastRoomPinMessage {
        common: head(id),
        chat: (action == 1).then(|| pinned.clone()),
        method: bytes("WebcastChatMessage"),
        pin_time: NOW,
        operator: Some(User { id: HOST_ID, ..User::default() }),
        action,
        display_duration: if action == 1 { 60 } else { 0 },
        pin_msg_id: 900,
        ..Default::default()
    };
    let send = |id, pin: &WebcastRoomPinMessage| message("WebcastRoomPinMessage", id, pin);
    let mut desk = desk();
    let events = take(&mut desk, vec![send(1, &pin(1, 1)), send(2, &pin(2, 1)), send(3, &pin(3, 2))]);
    assert_eq!(
        told(&events),
        [
            (EventName::Pin, "The host pinned a message: read this"),
            (EventName::Unpin, "The pinned message was taken down."),
        ]
    );
    let pin_data = data(&events[0]);
    let told_pin = pin_data.pin.as_ref().unwrap();
    assert_eq!((told_pin.id.as_str(), told_pin.message_id.as_str()), ("900", "11"));
    assert_eq!(told_pin.ends_at.as_deref(), Some("2026-05-28T20:27:40.000Z"));
    assert_eq!(pin_data.user.as_ref().unwrap().display_name, "Bo");
    assert_eq!(pin_data.other.as_ref().unwrap().username, "host.name");
    assert_eq!(words(&take(&mut desk, vec![message("WebcastChatMessage", 11, &pinned)])), ["read this"]);
    let gift = WebcastGiftMessage { common: head(12), user: user(6, "Bo"), ..Default::default() };
    let pin = WebcastRoomPinMessage { chat: None, gift: Some(gift), pin_msg_id: 901, operator: None, ..pin(4, 1) };
    assert_eq!(
        told(&take(&mut desk, vec![send(4, &pin)])),
        [(EventName::Pin, "Somebody pinned a message: Bo sent a gift")]
    );
}

#[test]
fn questions_and_treasure_boxes_are_events() {
    let question = Question { id: 31, text: bytes("why?"), user: user(5, "Ann") };
    let question = WebcastQuestionNewMessage { common: head(1), question: Some(question) };
    let envelope = |id, display| {
        let envelope = Envelope {
            envelope_id: bytes("box1"),
            send_user_name: bytes("Bo"),
            send_user_id: bytes("6"),
            diamond_count: 20,
            people_count: 10,
            ..Default::default()
        };
        let typed = WebcastEnvelopeMessage { common: head(id), envelope: Some(envelope), display };
        message("WebcastEnvelopeMessage", id, &typed)
    };
    let question = message("WebcastQuestionNewMessage", 1, &question);
    let events = take(&mut desk(), vec![question, envelope(2, 1), envelope(3, 1), envelope(4, 2)]);
    assert_eq!(
        told(&events),
        [
            (EventName::Question, "Ann asks: why?"),
            (EventName::TreasureBox, "Bo put 20 diamonds into a treasure box for 10 people."),
        ]
    );
    assert_eq!((data(&events[0]).message.as_ref().unwrap().raw(), data(&events[1]).count), ("why?", Some(20)));
    assert_eq!((&*events[0].id, &*events[1].id), ("tt:question:31", "tt:box:box1"));
}

#[test]
fn captions_are_told_when_they_are_sure_and_a_better_one_replaces_the_first() {
    let caption = |id, sentence_id, text: &str, definite| {
        let typed = WebcastCaptionMessage {
            common: head(id),
            timestamp_ms: NOW - 2_000,
            content: vec![CaptionText { text: bytes(text) }],
            sentence_id,
            definite,
        };
        message("WebcastCaptionMessage", id, &typed)
    };
    let mut desk = desk();
    let messages = vec![caption(1, 4, "hell", false), caption(2, 4, "hello", true), caption(3, 5, "you", true)];
    let events = take(&mut desk, messages);
    assert_eq!(
        told(&events),
        [(EventName::Caption, "The host says: hello"), (EventName::Caption, "The host says: you")]
    );
    assert_eq!((&*events[0].id, events[0].sent_at_ms), ("tt:caption:4", NOW - 2_000));
    let better = self::events(take_at(&mut desk, NOW + 5_000, vec![caption(6, 4, "hello all", true)]));
    assert_eq!((&*better[0].id, better[0].revision, better.len()), ("tt:caption:4", 1, 1));
}

#[test]
fn introductions_and_notices_come_once_and_the_welcome_never() {
    let notice = |id, text: &str| {
        let typed = WebcastRoomMessage { common: head(id), content: bytes(text), is_welcome: false };
        message("RoomMessage", id, &typed)
    };
    let intro = |id| {
        let typed = WebcastLiveIntroMessage { common: head(id), id: 3, content: bytes("hi all"), user: user(5, "Ann") };
        message("WebcastLiveIntroMessage", id, &typed)
    };
    let welcome = notice(3, "Welcome to TikTok LIVE! Have fun.");
    let messages = vec![intro(1), intro(2), welcome, notice(4, " "), notice(5, "Be kind"), notice(6, "Be kind")];
    let events = take(&mut desk(), messages);
    assert_eq!(told(&events), [(EventName::Notice, "Ann introduces the LIVE: hi all"), (EventName::Notice, "Be kind")]);
}
