//! Who comes, likes, follows, shares and watches.

use polychat_model::EventName;

use super::*;

fn like(id: i64, user_id: i64, count: i32, total: i64) -> proto::BaseMessage {
    let likes = proto::WebcastLikeMessage { common: head(id), count, total, user: user(user_id, "Ann") };
    message("WebcastLikeMessage", id, &likes)
}

#[test]
fn likes_of_some_seconds_are_one_event_and_the_total_never_goes_back() {
    let mut desk = desk();
    assert!(take(&mut desk, vec![like(1, 5, 15, 1_000), like(2, 6, 1, 900), like(3, 5, 4, 950)]).is_empty());
    assert_eq!(desk.due_ms(), Some(NOW + 3_000));
    assert!(desk.tick(NOW + 2_999).is_empty());
    let events = events(desk.tick(NOW + 3_000));
    let told = events.iter().map(|event| (data(event).text.as_str(), data(event).count, data(event).total));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [("Ann sent 19 likes.", Some(19), Some(1_000)), ("Ann sent 1 like.", Some(1), Some(1_000))]
    );
    assert_eq!((&*events[0].id, data(&events[0]).event, desk.due_ms()), ("tt:1", EventName::Like, None));
}

#[test]
fn a_crowd_that_likes_is_told_early_instead_of_kept() {
    let mut desk = desk();
    let events = take(&mut desk, (1..=1_500).map(|n| like(n, n, 1, n)).collect());
    assert_eq!((events.len(), self::events(desk.tick(NOW + 3_000)).len()), (500, 1_000));
}

#[test]
fn who_comes_follows_and_shares_is_told() {
    let mut desk = desk();
    let member = |id, action| {
        let typed = proto::WebcastMemberMessage { common: head(id), user: user(5, "Ann"), action };
        message("WebcastMemberMessage", id, &typed)
    };
    let social = |id, action, share_count, follow_count| {
        let user = user(5, "Ann");
        let typed = proto::WebcastSocialMessage { common: head(id), user, action, follow_count, share_count };
        message("WebcastSocialMessage", id, &typed)
    };
    let guest = proto::WebcastUnauthorizedMemberMessage { common: head(9), action: 1, nick_name: bytes("83012") };
    let messages = vec![
        member(1, 1),
        member(2, 26),
        social(3, 1, 0, 4_000),
        social(4, 3, 0, 0),
        social(5, 2, 5, 0),
        social(6, 9, 0, 0),
        message("WebcastUnauthorizedMemberMessage", 9, &guest),
    ];
    let events = take(&mut desk, messages);
    let told = events.iter().map(|event| (data(event).event, data(event).text.as_str()));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (EventName::Join, "Ann joined."),
            (EventName::Follow, "Ann followed the host."),
            (EventName::Share, "Ann shared the LIVE."),
            (EventName::Share, "More than 5 people came through Ann's share."),
            (EventName::Join, "Viewer83012 joined."),
        ]
    );
    assert_eq!((data(&events[1]).total, data(&events[3]).count), (Some(4_000), Some(5)));
    let again = [
        proto::BaseMessage { is_history: true, ..member(20, 1) },
        proto::BaseMessage { is_history: true, ..like(21, 5, 1, 1) },
    ];
    assert!(take_at(&mut desk, NOW, again.to_vec()).is_empty(), "not after the fact");
    assert_eq!(desk.due_ms(), None);
}

#[test]
fn the_number_of_viewers_is_told_when_it_changes() {
    let mut desk = desk();
    let seq = |id, total| {
        message("WebcastRoomUserSeqMessage", id, &proto::WebcastRoomUserSeqMessage { common: head(id), total })
    };
    let events = take(&mut desk, vec![like(1, 5, 1, 70), seq(2, 40), seq(3, 40), seq(4, 41)]);
    let told: Vec<_> = events
        .iter()
        .map(|event| match &event.body {
            Body::Viewers(data) => (data.viewers, data.live, data.likes),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [(Some(40), Some(true), Some(70)), (Some(41), Some(true), Some(70))]);
}
