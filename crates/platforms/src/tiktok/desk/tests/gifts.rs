//! Streaks of gifts.

use polychat_model::{ComboState, EventName};

use super::*;
use crate::tiktok::proto::{Gift, GiftMonitor, WebcastGiftMessage};

fn gift(id: i64, group_id: i64, count: i32, repeat_end: i32) -> proto::BaseMessage {
    message("WebcastGiftMessage", id, &rose(id, group_id, count, repeat_end))
}

fn rose(id: i64, group_id: i64, repeat_count: i32, repeat_end: i32) -> WebcastGiftMessage {
    let rose = Gift { r#type: 1, combo: true, diamond_count: 2, name: bytes("Rose"), ..Default::default() };
    WebcastGiftMessage {
        common: head(id),
        gift_id: 5655,
        repeat_count,
        repeat_end,
        group_id,
        user: user(5, "Ann"),
        gift: Some(rose),
        monitor: Some(GiftMonitor { to_user_id: HOST_ID }),
        ..Default::default()
    }
}

fn shape(events: &[ChatEvent]) -> Vec<(u32, u64, ComboState)> {
    let shape = |event| {
        let combo = data(event).combo.as_ref().unwrap();
        assert_eq!(data(event).count, Some(combo.count));
        (event.revision, combo.count, combo.state)
    };
    events.iter().map(shape).collect()
}

use ComboState::{Final, Running};

#[test]
fn a_streak_is_one_event_that_grows() {
    let mut desk = desk();
    let mut events = take(&mut desk, vec![gift(1, 9, 1, 0), gift(2, 9, 3, 0), gift(3, 9, 3, 0)]);
    events.extend(take(&mut desk, vec![gift(4, 9, 7, 0), gift(5, 9, 7, 1)]));
    assert_eq!(shape(&events), [(0, 1, Running), (1, 3, Running), (2, 7, Running), (3, 7, Final)]);
    assert!(events.iter().all(|event| &*event.id == "tt:gift:5:5655:9"));
    let last = data(&events[3]);
    assert_eq!((last.event, last.text.as_str()), (EventName::Gift, "Ann sent Rose x7."));
    let gift = last.gift.as_ref().unwrap();
    assert_eq!((gift.id.as_str(), gift.name.as_str(), gift.unit_cost), ("5655", "Rose", Some(2)));
    assert!(last.recipients.is_empty(), "the streamer is not named");
    assert_eq!(data(&events[0]).text, "Ann sent Rose.");
}

#[test]
fn numbers_that_overtake_each_other_never_go_back() {
    let mut desk = desk();
    let steps = [13, 15, 14, 17, 16].into_iter().zip(1..).map(|(count, id)| gift(id, 9, count, 0)).collect();
    assert_eq!(shape(&take(&mut desk, steps)), [(0, 13, Running), (1, 15, Running), (2, 17, Running)]);
}

#[test]
fn what_comes_after_the_end_is_late_for_a_minute() {
    let mut desk = desk();
    assert_eq!(shape(&take(&mut desk, vec![gift(1, 9, 4, 1), gift(2, 9, 3, 0), gift(3, 9, 5, 0)])), [(0, 4, Final)]);
    assert!(take_at(&mut desk, NOW + 59_000, vec![gift(4, 9, 5, 1)]).is_empty());
    assert_eq!(desk.due_ms(), None);
    let other = take(&mut desk, vec![gift(6, 10, 1, 0)]);
    assert_eq!(shape(&other), [(0, 1, Running)], "another series of the same gift");
}

#[test]
fn a_quiet_streak_ends_and_goes_on_if_it_grows_after_all() {
    let mut desk = desk();
    take(&mut desk, vec![gift(1, 9, 2, 0)]);
    take_at(&mut desk, NOW + 4_000, vec![gift(2, 9, 2, 0)]);
    assert_eq!(desk.due_ms(), Some(NOW + 10_000));
    assert!(desk.tick(NOW + 10_000).is_empty(), "it was heard at four seconds");
    assert_eq!(desk.due_ms(), Some(NOW + 14_000));
    assert_eq!(shape(&events(desk.tick(NOW + 14_000))), [(1, 2, Final)]);
    assert_eq!(desk.due_ms(), None);
    assert!(take_at(&mut desk, NOW + 15_000, vec![gift(3, 9, 2, 1)]).is_empty(), "says nothing new");
    let more = events(take_at(&mut desk, NOW + 16_000, vec![gift(4, 9, 5, 0), gift(5, 9, 5, 1)]));
    assert_eq!(shape(&more), [(2, 5, Running), (3, 5, Final)]);
}

#[test]
fn single_gifts_are_told_at_once() {
    let mut desk = desk();
    let single = |id, count| {
        let lion = Gift { r#type: 2, diamond_count: 500, name: bytes("Lion"), ..Default::default() };
        let typed = WebcastGiftMessage { gift: Some(lion), ..rose(id, 0, count, 0) };
        message("WebcastGiftMessage", id, &typed)
    };
    let events = take(&mut desk, vec![single(1, 1), single(2, 3), single(2, 3)]);
    assert_eq!(
        events.iter().map(|event| data(event).text.as_str()).collect::<Vec<_>>(),
        ["Ann sent Lion.", "Ann sent Lion x3."]
    );
    assert_eq!((data(&events[1]).count, data(&events[1]).combo.is_none(), &*events[1].id), (Some(3), true, "tt:2"));
}

#[test]
fn a_gift_for_another_streamer_names_them() {
    let mut desk = desk();
    let guest = WebcastGiftMessage { to_user: user(8, "Guest"), ..rose(1, 9, 1, 1) };
    let numbered = WebcastGiftMessage {
        monitor: Some(GiftMonitor { to_user_id: 8 }),
        to_member_nickname: bytes("Member"),
        ..rose(2, 10, 1, 1)
    };
    let events =
        take(&mut desk, vec![message("WebcastGiftMessage", 1, &guest), message("WebcastGiftMessage", 2, &numbered)]);
    let told = events.iter().map(|event| (data(event).text.as_str(), data(event).recipients[0].id.as_str()));
    assert_eq!(told.collect::<Vec<_>>(), [("Ann sent Rose to Guest.", "8"), ("Ann sent Rose to Member.", "8")]);
}

#[test]
fn gifts_from_before_are_not_told_again() {
    let replayed = proto::BaseMessage { is_history: true, ..gift(1, 9, 4, 1) };
    assert!(take(&mut desk(), vec![replayed]).is_empty());
}

#[test]
fn there_are_not_too_many_streaks() {
    let mut desk = desk();
    let events = take(&mut desk, (0..2_000).map(|n| gift(n + 1, n + 1, 2, 0)).collect());
    let ended = events.iter().filter(|event| data(event).combo.as_ref().unwrap().state == Final).count();
    assert_eq!((events.len(), ended), (2_000 + 1_744, 1_744));
    assert_eq!(self::events(desk.tick(NOW + 10_000)).len(), 256);
}
