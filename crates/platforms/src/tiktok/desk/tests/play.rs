//! Polls, goals and battles.

use std::collections::HashMap;

use polychat_model::{EventName, Poll};

use super::*;
use crate::tiktok::proto::{
    BattleArmies, BattleResult, BattleSetting, BattleUser, BattleUserEntry, BattleUserInfo, Goal, PollEnd, PollOption,
    PollStart, PollUpdate, SubGoal, SubGoalGift, WebcastGoalUpdateMessage, WebcastLinkMicArmies, WebcastLinkMicBattle,
    WebcastPollMessage,
};

fn poll(event: &ChatEvent) -> &Poll {
    data(event).poll.as_ref().unwrap()
}

fn options(votes: [i64; 2]) -> Vec<PollOption> {
    let option = |(index, (text, votes))| PollOption { votes, text: bytes(text), index };
    (0..).zip(["tea", "soup"].into_iter().zip(votes)).map(option).collect()
}

fn vote(id: i64, message_type: i64, votes: [i64; 2]) -> proto::BaseMessage {
    let operator = user(HOST_ID, "Host Name");
    let mut typed = WebcastPollMessage { common: head(id), message_type, poll_id: 8, ..Default::default() };
    match message_type {
        0 => {
            let (title, options) = (bytes("What now?"), options(votes));
            typed.start = Some(PollStart { end_time: NOW + 60_000, options, title, operator });
        }
        1 => typed.end = Some(PollEnd { options: options(votes), operator }),
        _ => typed.update = Some(PollUpdate { options: options(votes), operator }),
    }
    message("WebcastPollMessage", id, &typed)
}

#[test]
fn a_poll_tells_a_number_a_second_and_always_the_last() {
    let mut desk = desk();
    let events = take(&mut desk, vec![vote(1, 0, [0, 0]), vote(2, 2, [1, 0]), vote(3, 2, [2, 0])]);
    assert_eq!((events.len(), events[0].revision, &*events[0].id), (1, 0, "tt:poll:8"));
    assert_eq!((poll(&events[0]).title.as_str(), poll(&events[0]).remaining_ms), ("What now?", Some(60_000)));
    assert_eq!(data(&events[0]).other.as_ref().unwrap().display_name, "Host Name");
    assert_eq!(desk.due_ms(), Some(NOW + 1_000));
    let later = self::events(desk.tick(NOW + 1_000));
    let votes = |event| poll(event).choices.iter().map(|choice| choice.votes).collect::<Vec<_>>();
    assert_eq!((votes(&later[0]), later[0].revision, poll(&later[0]).remaining_ms), (vec![2, 0], 1, Some(59_000)));
    assert!(take_at(&mut desk, NOW + 5_000, vec![vote(4, 2, [2, 0])]).is_empty(), "nothing new");
    let end =
        self::events(take_at(&mut desk, NOW + 5_001, vec![vote(5, 2, [2, 3]), vote(6, 1, [2, 4]), vote(7, 1, [2, 4])]));
    let last = end.last().unwrap();
    assert_eq!((poll(last).status.as_str(), poll(last).winner.as_deref()), ("completed", Some("soup")));
    assert_eq!((votes(last), data(last).text.as_str(), end.len()), (vec![2, 4], "The poll “What now?” ended: soup", 2));
    assert_eq!((desk.due_ms(), poll(last).remaining_ms), (None, None));
}

#[test]
fn a_goal_is_told_for_each_gift_that_counts() {
    let goal = |id, progress| {
        let part = |id, name, progress| SubGoal {
            r#type: 1,
            id,
            progress,
            target: 50,
            gift: Some(SubGoalGift { name: bytes(name) }),
        };
        let sub_goals = vec![part(1, "Rose", progress), part(2, "Duck", 3)];
        let goal = Goal { id: 4, description: bytes("new mic"), sub_goals, ..Default::default() };
        message("WebcastGoalUpdateMessage", id, &WebcastGoalUpdateMessage { common: head(id), goal: Some(goal) })
    };
    let mut desk = desk();
    let events = take(&mut desk, vec![goal(1, 10), goal(2, 10)]);
    let told = events.iter().map(|event| (&*event.id, data(event).text.as_str()));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [("tt:goal:4:1", "The goal “new mic”: 10 of 50 Rose."), ("tt:goal:4:2", "The goal “new mic”: 3 of 50 Duck."),]
    );
    let more = self::events(take_at(&mut desk, NOW + 2_000, vec![goal(3, 12)]));
    let last: Vec<_> = more.into_iter().chain(self::events(desk.tick(NOW + 3_000))).collect();
    assert_eq!(last.len(), 1, "the other gift did not change");
    let told = data(&last[0]).goal.as_ref().unwrap();
    assert_eq!((told.current, told.target, told.kind.as_str(), last[0].revision), (12, 50, "Rose", 1));
}

fn battle(id: i64, action: i32, results: [i32; 2]) -> proto::BaseMessage {
    let entry = |id, name: &str| BattleUserEntry {
        anchor_id: id,
        info: Some(BattleUserInfo {
            user: Some(BattleUser { user_id: id, nickname: bytes(name), ..Default::default() }),
        }),
    };
    let result = |(user_id, result)| (user_id, BattleResult { user_id, result, score: 10 - i64::from(result) });
    let typed = WebcastLinkMicBattle {
        common: head(id),
        battle_id: 6,
        action,
        settings: Some(BattleSetting { duration_s: 300 }),
        anchors: vec![entry(HOST_ID, "Host Name"), entry(8, "Rival")],
        results: if action == 5 { [HOST_ID, 8].into_iter().zip(results).map(result).collect() } else { HashMap::new() },
        ..Default::default()
    };
    message("WebcastLinkMicBattle", id, &typed)
}

fn scores(id: i64, battle_id: i64, points: [i64; 2]) -> proto::BaseMessage {
    let armies = [HOST_ID, 8].into_iter().zip(points.map(|host_score| BattleArmies { host_score })).collect();
    message("WebcastLinkMicArmies", id, &WebcastLinkMicArmies { common: head(id), battle_id, armies })
}

fn points(event: &ChatEvent) -> Vec<(&str, u64)> {
    poll(event).choices.iter().map(|side| (side.title.as_str(), side.votes)).collect()
}

#[test]
fn a_battle_is_one_event_from_beginning_to_end() {
    let mut desk = desk();
    let events = take(&mut desk, vec![battle(1, 4, [0, 0]), scores(2, 6, [5, 0]), scores(3, 6, [5, 7])]);
    assert_eq!((events.len(), &*events[0].id, data(&events[0]).event), (1, "tt:battle:6", EventName::Battle));
    assert_eq!(data(&events[0]).text, "The battle of Host Name and Rival runs.");
    assert_eq!(
        (poll(&events[0]).remaining_ms, points(&events[0])),
        (Some(299_500), vec![("Host Name", 0), ("Rival", 0)])
    );
    assert_eq!(data(&events[0]).other.as_ref().unwrap().display_name, "Rival");
    let later = self::events(desk.tick(NOW + 1_000));
    assert_eq!((later[0].revision, points(&later[0])), (1, vec![("Host Name", 5), ("Rival", 7)]));
    let end = take(&mut desk, vec![battle(4, 5, [0, 1]), scores(5, 6, [99, 99])]);
    assert_eq!((end.len(), points(&end[0])), (1, vec![("Host Name", 10), ("Rival", 9)]));
    assert_eq!(data(&end[0]).text, "The battle of Host Name and Rival ended: Host Name won.");
    assert_eq!(poll(&end[0]).winner.as_deref(), Some("Host Name"));
}

#[test]
fn a_battle_whose_beginning_we_missed_has_sides_without_names() {
    let mut desk = desk();
    let events = take(&mut desk, vec![scores(1, 7, [1, 2])]);
    assert_eq!(points(&events[0]), [("Guest", 2), ("host.name", 1)]);
    let draw = take(&mut desk, vec![battle(2, 4, [0, 0]), battle(3, 5, [2, 2])]);
    assert_eq!(data(draw.last().unwrap()).text, "The battle of Host Name and Rival ended.");
    assert!(take(&mut desk, vec![battle(4, 1, [0, 0])]).is_empty(), "an invitation is not news");
}
