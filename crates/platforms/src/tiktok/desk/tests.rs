#![allow(clippy::unnecessary_wraps, reason = "parts of messages may be absent, and these stand for them")]

use bytes::Bytes;
use polychat_model::{Body, ChatEvent, ChatMessage, EventData, ModerationData};
use proptest::prelude::*;
use prost::Message as _;

use super::{Desk, Host, RoomState, Told};
use crate::tiktok::frame;
use crate::tiktok::proto::{self, Common, User};

mod chat;
mod gifts;
mod notes;
mod people;
mod play;

const NOW: i64 = 1_780_000_000_000;
const HOST_ID: i64 = 700;

fn desk() -> Desk {
    Desk::new(Host { room_id: "71".into(), user_id: Some(HOST_ID.to_string()), username: "host.name".to_owned() })
}

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

fn head(id: i64) -> Option<Common> {
    Some(Common { msg_id: id, create_time: NOW - 500 })
}

fn user(id: i64, name: &str) -> Option<User> {
    let unique_id = bytes(&name.to_lowercase().replace(' ', "."));
    Some(User { id, nickname: bytes(name), unique_id, ..User::default() })
}

fn image(url: &str) -> Option<proto::Image> {
    Some(proto::Image { url_list: vec![bytes(url)], content: None })
}

fn message(method: &'static str, id: i64, typed: &impl prost::Message) -> proto::BaseMessage {
    let method = Bytes::from_static(method.as_bytes());
    proto::BaseMessage { method, payload: typed.encode_to_vec().into(), msg_id: id, is_history: false }
}

fn chat(id: i64, words: &str) -> proto::BaseMessage {
    let chat = proto::WebcastChatMessage {
        common: head(id),
        user: user(5, "Ann"),
        content: bytes(words),
        ..Default::default()
    };
    message("WebcastChatMessage", id, &chat)
}

fn take_at(desk: &mut Desk, now_ms: i64, messages: Vec<proto::BaseMessage>) -> Vec<Told> {
    let fetched = proto::FetchResult { messages, now: now_ms, ..Default::default() };
    desk.take(&frame::batch(fetched.encode_to_vec().into()).unwrap(), now_ms)
}

fn take(desk: &mut Desk, messages: Vec<proto::BaseMessage>) -> Vec<ChatEvent> {
    events(take_at(desk, NOW, messages))
}

fn events(told: Vec<Told>) -> Vec<ChatEvent> {
    let event = |told| match told {
        Told::Event(event) => event,
        Told::Room(state) => panic!("{state:?}"),
    };
    told.into_iter().map(event).collect()
}

fn data(event: &ChatEvent) -> &EventData {
    match &event.body {
        Body::Event(data) => data,
        other => panic!("{other:?}"),
    }
}

fn said(event: &ChatEvent) -> &ChatMessage {
    match &event.body {
        Body::Chat(chat) => chat,
        other => panic!("{other:?}"),
    }
}

fn moderation(event: &ChatEvent) -> &ModerationData {
    match &event.body {
        Body::Moderation(data) => data,
        other => panic!("{other:?}"),
    }
}

fn words(events: &[ChatEvent]) -> Vec<&str> {
    events.iter().map(|event| said(event).data.content.raw()).collect()
}

#[test]
fn a_message_is_told_once_in_any_number_of_connections() {
    let mut desk = desk();
    let first = take(&mut desk, vec![chat(11, "one"), chat(11, "one"), chat(12, "two")]);
    assert_eq!(words(&first), ["one", "two"]);
    assert_eq!((&*first[0].id, &*first[0].room_id, first[0].sent_at_ms), ("tt:11", "71", NOW - 500));
    assert_eq!((said(&first[0]).message_id.as_str(), first[0].history), ("11", false));
    desk.rejoined();
    assert_eq!(words(&take(&mut desk, vec![chat(11, "one"), chat(13, "three")])), ["three"]);
    desk.enter("72".into());
    let other_room = take(&mut desk, vec![chat(13, "three"), chat(14, "four")]);
    assert_eq!((words(&other_room), &*other_room[0].room_id), (vec!["four"], "72"));
}

#[test]
fn messages_without_an_id_are_told_apart_by_what_they_say() {
    let unnumbered = |words| {
        let chat = proto::WebcastChatMessage { user: user(5, "Ann"), content: bytes(words), ..Default::default() };
        message("WebcastChatMessage", 0, &chat)
    };
    let mut desk = desk();
    let events = take(&mut desk, vec![unnumbered("one"), unnumbered("two"), unnumbered("one")]);
    assert_eq!(words(&events), ["one", "two"]);
    assert_eq!(events[0].sent_at_ms, NOW, "the batch's time, for want of another");
    let inside = proto::BaseMessage { msg_id: 0, ..chat(15, "three") };
    assert_eq!(&*take(&mut desk, vec![inside])[0].id, "tt:15");
}

#[test]
fn what_was_said_before_we_came_is_history() {
    let mut desk = desk();
    let replayed = proto::BaseMessage { is_history: true, ..chat(11, "before") };
    let events = take(&mut desk, vec![replayed, chat(12, "now")]);
    assert_eq!(events.iter().map(|event| event.history).collect::<Vec<_>>(), [true, false]);
    desk.rejoined();
    let later = NOW + 60_000;
    let at = |id, create_time| {
        let chat = proto::WebcastChatMessage {
            common: Some(Common { msg_id: id, create_time }),
            user: user(5, "Ann"),
            content: bytes("x"),
            ..Default::default()
        };
        message("WebcastChatMessage", id, &chat)
    };
    let events = self::events(take_at(&mut desk, later, vec![at(21, later - 30_000), at(22, later - 900)]));
    assert_eq!(events.iter().map(|event| event.history).collect::<Vec<_>>(), [true, false]);
    let events = self::events(take_at(&mut desk, later + 20_000, vec![at(23, later - 30_000)]));
    assert!(!events[0].history, "late, but not a repetition");
}

#[test]
fn a_message_that_cannot_be_read_costs_only_itself() {
    let mut desk = desk();
    let broken = proto::BaseMessage { payload: Bytes::from_static(b"\x12\xff"), ..chat(11, "") };
    assert_eq!(words(&take(&mut desk, vec![broken, chat(12, "two")])), ["two"]);
    assert_eq!((desk.health().actions, desk.health().broken), (2, 1));
}

#[test]
fn names_that_are_new_are_told_once_and_too_many_are_trouble() {
    let mut desk = desk();
    let unknown = |id| message("WebcastBrandNewMessage", id, &proto::Common::default());
    let ignored = |id| message("WebcastRankUpdateMessage", id, &proto::Common::default());
    assert!(take(&mut desk, vec![unknown(1), unknown(2), ignored(3)]).is_empty());
    assert_eq!(desk.new_unknown(), ["WebcastBrandNewMessage"]);
    assert!(desk.new_unknown().is_empty() && !desk.degraded());
    assert_eq!((desk.health().actions, desk.health().unknown), (3, 2));
    for id in 10..200 {
        take(&mut desk, vec![unknown(id)]);
    }
    assert!(desk.degraded());
    for id in 200..400 {
        take(&mut desk, vec![chat(id, "x")]);
    }
    assert!(!desk.degraded());
}

#[test]
fn the_room_says_when_it_pauses_and_ends() {
    let mut desk = desk();
    let control = |id, action| {
        let typed = proto::WebcastControlMessage { common: head(id), action };
        message("WebcastControlMessage", id, &typed)
    };
    let told = take_at(&mut desk, NOW, (1..=5).map(|n| control(n, i32::try_from(n).unwrap())).collect());
    let states = [RoomState::Paused, RoomState::Resumed, RoomState::Ended, RoomState::Suspended];
    assert_eq!(told, states.map(Told::Room));
    let replayed = proto::BaseMessage { is_history: true, ..control(9, 3) };
    assert!(take_at(&mut desk, NOW, vec![replayed]).is_empty(), "an end from before we came is none");
    let captcha = message("WebcastAccessControlMessage", 10, &proto::WebcastAccessControlMessage::default());
    assert_eq!(take_at(&mut desk, NOW, vec![captcha]), [Told::Room(RoomState::Captcha)]);
}

#[test]
fn deletions_name_messages_and_people_and_a_late_copy_stays_away() {
    let mut desk = desk();
    let delete =
        proto::WebcastImDeleteMessage { common: head(1), delete_msg_ids: vec![11, 0], delete_user_ids: vec![5] };
    let events = take(&mut desk, vec![message("WebcastImDeleteMessage", 1, &delete), chat(11, "late")]);
    let told = events.iter().map(moderation).map(|m| (m.message_id.as_deref(), m.user_id.as_deref()));
    assert_eq!(told.collect::<Vec<_>>(), [(Some("11"), None), (None, Some("5"))]);
    assert_eq!(&*events[0].id, "tt:delete:11");
}

#[test]
fn a_batch_that_was_made_to_be_endless_is_cut() {
    let delete = |id| {
        let delete_msg_ids = (1..=2_000).map(|n| id * 10_000 + n).collect();
        let typed = proto::WebcastImDeleteMessage { common: head(id), delete_msg_ids, ..Default::default() };
        message("WebcastImDeleteMessage", id, &typed)
    };
    let mut desk = desk();
    assert_eq!(take(&mut desk, (1..=100).map(delete).collect()).len(), 20_000);
    assert_eq!(desk.health().broken, 80);
}

proptest! {
    #[test]
    fn any_bytes_in_any_message_are_taken(
        method in prop::sample::select(METHODS),
        payload in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut desk = desk();
        let chat = proto::BaseMessage { method: Bytes::from_static(method.as_bytes()), payload: payload.into(), ..chat(1, "") };
        take_at(&mut desk, NOW, vec![chat]);
        while let Some(due) = desk.due_ms() {
            desk.tick(due);
        }
    }
}

const METHODS: &[&str] = &[
    "WebcastAccessControlMessage",
    "WebcastBarrageMessage",
    "WebcastCaptionMessage",
    "WebcastChatMessage",
    "WebcastControlMessage",
    "WebcastEmoteChatMessage",
    "WebcastEnvelopeMessage",
    "WebcastGiftMessage",
    "WebcastGoalUpdateMessage",
    "WebcastImDeleteMessage",
    "WebcastLikeMessage",
    "WebcastLinkMicArmies",
    "WebcastLinkMicBattle",
    "WebcastLiveIntroMessage",
    "WebcastMemberMessage",
    "WebcastPollMessage",
    "WebcastQuestionNewMessage",
    "WebcastRoomMessage",
    "WebcastRoomPinMessage",
    "WebcastRoomUserSeqMessage",
    "WebcastSocialMessage",
    "WebcastSubNotifyMessage",
    "WebcastUnauthorizedMemberMessage",
    "WebcastLinkMicMethod",
];
