use polychat_model::{Body, ChatEvent, EventData, EventName};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{TOPICS, Told, read};

const NOW: i64 = 1_764_000_000_000;

fn event(told: Told) -> ChatEvent {
    match told {
        Told::Event(event) | Told::Broadcast(_, Some(event)) => event,
        other => panic!("no event: {other:?}"),
    }
}

fn data(told: Told) -> EventData {
    match event(told).body {
        Body::Event(data) => *data,
        other => panic!("no event: {other:?}"),
    }
}

fn told(topic: &str, message: &Value) -> Told {
    read(&format!("{topic}.42"), &message.to_string(), NOW)
}

/// The recorded messages, or none where the recordings are not at hand.
fn recorded() -> Vec<(String, String, Value)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var("POLYCHAT_CORPUS").unwrap_or_else(|_| root.to_owned());
    let Ok(text) = std::fs::read_to_string(format!("{root}/twitch/pubsub/messages.ndjson")) else {
        eprintln!("skipped: no recordings at POLYCHAT_CORPUS");
        return Vec::new();
    };
    let row = |line| {
        let row: Value = serde_json::from_str(line).unwrap();
        let word = |name: &str| row[name].as_str().unwrap().to_owned();
        (word("topic"), word("name"), row["message"].clone())
    };
    text.lines().map(row).collect()
}

#[test]
fn every_recorded_message_is_an_event_or_ignored_by_name() {
    for (topic, name, message) in recorded() {
        let told = read(&topic, &message.to_string(), NOW);
        let expected = match name.as_str() {
            "RewardRedeemedJson" => Some(EventName::Reward),
            "PollStartJson" | "PollCompleteJson" | "PollArchivedJson" => Some(EventName::Poll),
            "BroadcasterSettingsUpdateJson" => Some(EventName::StreamUpdate),
            "TosStrikePlaybackJson" => Some(EventName::StreamOffline),
            "UnPinnedMessageJson" => Some(EventName::Unpin),
            n if n.starts_with("Prediction") => Some(EventName::Prediction),
            _ => None,
        };
        match (told, expected) {
            (told, Some(expected)) => assert_eq!(data(told).event, expected, "{name}"),
            (Told::Broadcast(news, None), None) => assert_eq!(news.viewers, Some(5), "{name}"),
            (Told::PinTime { ends_at, .. }, None) => {
                assert_eq!(ends_at.as_deref(), Some("2023-06-27T15:36:20.000Z"), "{name}");
            }
            (Told::Ignored(why), None) => assert!(!why.is_empty(), "{name}"),
            (other, None) => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn recorded_updates_of_one_vote_share_the_id_with_a_rising_revision() {
    let mut last: Option<ChatEvent> = None;
    let mut seen = 0;
    for (topic, name, message) in recorded() {
        if !matches!(name.as_str(), "PollStartJson" | "PollCompleteJson" | "PollArchivedJson") {
            continue;
        }
        let event = event(read(&topic, &message.to_string(), NOW));
        if let Some(last) = last.replace(event.clone()) {
            assert_eq!(last.id, event.id);
            assert!(event.revision > last.revision, "{name}");
        }
        seen += 1;
    }
    assert!(seen == 0 || seen == 3, "the recordings hold three of one poll");
}

#[test]
fn a_prediction_that_is_locked_and_then_cancelled_rises() {
    let update = |timestamp, status, winner: Option<&str>| {
        let message = json!({"type": "event-updated", "data": {"timestamp": timestamp, "event": {
            "id": "p1", "title": "heads?", "created_at": "2026-01-01T00:00:00Z", "status": status,
            "prediction_window_seconds": 60, "winning_outcome_id": winner,
            "outcomes": [{"id": "a", "title": "yes", "total_points": 10, "total_users": 2},
                         {"id": "b", "title": "no", "total_points": 5, "total_users": 1}]}}});
        event(told("predictions-channel-v1", &message))
    };
    let open = update("2026-01-01T00:00:10Z", "ACTIVE", None);
    let over = update("2026-01-01T00:05:00Z", "RESOLVED", Some("b"));
    assert_eq!((&*open.id, &*over.id), ("tw:prediction:p1", "tw:prediction:p1"));
    assert!(open.revision < over.revision);
    let Body::Event(open) = open.body else { panic!() };
    assert_eq!((open.count, open.total), (Some(3), Some(15)));
    assert_eq!(open.poll.unwrap().remaining_ms, Some(50_000));
    let Body::Event(over) = over.body else { panic!() };
    assert_eq!(over.poll.unwrap().winner.as_deref(), Some("no"));
}

#[test]
fn a_redemption_says_who_what_and_how_much() {
    let message = json!({"type": "reward-redeemed", "data": {"redemption": {
        "id": "r1", "redeemed_at": "2026-01-01T00:00:00Z", "user_input": "water <b>",
        "user": {"id": "7", "login": "ann", "display_name": "Ann"},
        "reward": {"id": "w", "title": "Hydrate", "cost": 500, "image": null, "background_color": "#81AEFF",
                   "default_image": {"url_4x": "https://cdn.example/4.png"}}}}});
    let event = event(told("community-points-channel-v1", &message));
    assert_eq!((&*event.id, &*event.room_id, event.sent_at_ms), ("tw:reward:r1", "42", 1_767_225_600_000));
    let Body::Event(data) = event.body else { panic!() };
    assert_eq!(data.text, "Ann redeemed Hydrate (500 points)");
    assert_eq!(data.message.unwrap().raw(), "water <b>");
    let reward = data.reward.unwrap();
    assert_eq!((reward.cost, reward.image_url.as_deref()), (Some(500), Some("https://cdn.example/4.png")));
}

#[test]
fn a_power_up_costs_bits_and_has_a_name() {
    let message = json!({"type": "automatic-reward-redeemed", "data": {"redemption": {
        "id": "r2", "user": {"id": "7", "login": "ann", "display_name": "Ann"},
        "reward": {"reward_type": "CELEBRATION", "pricing_type": "BITS", "cost": 0, "bits_cost": 1000}}}});
    let data = data(told("community-points-channel-v1", &message));
    assert_eq!(data.text, "Ann redeemed On-Screen Celebration (1000 bits)");
    assert_eq!((data.count, data.reward.unwrap().cost), (Some(1000), None));
}

#[test]
fn a_raid_is_announced_once_and_ends_with_go_or_cancel() {
    let raid = |kind| {
        let message = json!({"type": kind, "raid": {"id": "x", "target_id": "8", "target_login": "bob",
            "target_display_name": "Bob", "viewer_count": 12,
            "target_profile_image": "https://cdn.example/bob-%s.png"}});
        event(told("raid", &message))
    };
    let (first, again, go) = (raid("raid_update_v2"), raid("raid_update_v2"), raid("raid_go_v2"));
    assert_eq!((&first.id, first.revision), (&again.id, again.revision));
    assert_eq!((&first.id, first.revision + 1), (&go.id, go.revision));
    let Body::Event(data) = go.body else { panic!() };
    assert_eq!(data.count, Some(12));
    assert_eq!(data.other.unwrap().avatar_url.as_deref(), Some("https://cdn.example/bob-70x70.png"));
    assert_eq!(&*raid("raid_cancel_v2").id, "tw:raid_cancelled:x");
}

#[test]
fn a_pin_names_its_author_and_who_pinned_it() {
    let message = json!({"type": "pin-message", "data": {"id": "p", "pinned_by": {"id": "1", "display_name": "Mod"},
        "message": {"id": "m", "sender": {"id": "2", "display_name": "Ann", "chat_color": "#00FF7F"},
                    "content": {"text": "rules"}, "starts_at": 1_767_225_600, "updated_at": 1_767_225_600,
                    "ends_at": 1_767_226_800}}});
    let data = data(told("pinned-chat-updates-v1", &message));
    let (user, other) = (data.user.unwrap(), data.other.unwrap());
    assert_eq!((user.display_name.as_str(), other.display_name.as_str()), ("Ann", "Mod"));
    assert_eq!(user.color.as_deref(), Some("#00FF7F"));
    let pin = data.pin.unwrap();
    assert_eq!((pin.message_id.as_str(), pin.ends_at.as_deref()), ("m", Some("2026-01-01T00:20:00.000Z")));
}

#[test]
fn the_broadcast_begins_and_ends() {
    let up = told("video-playback-by-id", &json!({"type": "stream-up", "server_time": 1_767_225_600.5}));
    let Told::Broadcast(news, Some(_)) = &up else { panic!("{up:?}") };
    assert_eq!((news.live, news.started_at.as_deref()), (Some(true), Some("2026-01-01T00:00:00.500Z")));
    assert_eq!(data(up).event, EventName::StreamOnline);
    let down = told("video-playback-by-id", &json!({"type": "stream-down", "server_time": 1}));
    assert_eq!(data(down).event, EventName::StreamOffline);
}

#[test]
fn a_title_is_unescaped_and_no_change_is_no_event() {
    let same = json!({"type": "broadcast_settings_update", "status": "a \\u0026 b", "old_status": "a \\u0026 b"});
    let Told::Broadcast(news, None) = told("broadcast-settings-update", &same) else { panic!() };
    assert_eq!(news.title.as_deref(), Some("a & b"));
    let new =
        json!({"type": "broadcast_settings_update", "status": "b", "old_status": "a", "game": "x", "old_game": "y"});
    assert_eq!(data(told("broadcast-settings-update", &new)).text, "Title: b · Category: x");
}

#[test]
fn a_hype_train_rises_and_its_end_is_the_last_word() {
    let train = |kind, total| {
        let message = json!({"type": kind, "data": {"id": "t", "progress": {"total": total, "value": 5, "goal": 10,
            "level": {"value": 2}}}});
        event(told("hype-train-events-v1", &message))
    };
    let steps = ["hype-train-start", "hype-train-progression", "hype-train-level-up", "hype-train-end"];
    let events: Vec<_> = steps.iter().zip([1, 50, 50, 0]).map(|(kind, total)| train(kind, total)).collect();
    assert!(events.iter().all(|e| &*e.id == "tw:hype_train:t"));
    assert!(events.is_sorted_by(|a, b| a.revision < b.revision));
}

#[test]
fn a_goal_rises_with_its_points() {
    let message = json!({"type": "community-goal-contribution", "data": {"contribution": {"amount": 10,
        "user": {"id": "7", "login": "ann", "display_name": "Ann"},
        "goal": {"id": "g", "title": "Dance", "points_contributed": 70, "goal_amount": 100}}}});
    let event = event(told("community-points-channel-v1", &message));
    assert_eq!((&*event.id, event.revision), ("tw:goal:g", 70));
    let Body::Event(data) = event.body else { panic!() };
    assert_eq!(data.text, "Ann gave 10 points to Dance: 70 of 100");
}

#[test]
fn what_we_do_not_know_is_unknown() {
    assert_eq!(told("polls", &json!({"type": "POLL_CREATE"})), Told::Unknown, "a poll without its subject");
    assert_eq!(
        told("raid", &json!({"type": "raid_dance_v9", "raid": {"id": "1", "target_login": "b"}})),
        Told::Unknown
    );
    assert_eq!(told("brand-new-topic", &json!({"type": "x"})), Told::Unknown);
    assert_eq!(read("polls.1", "<html>", NOW), Told::Unknown);
    assert_eq!(read("", &"[".repeat(100_000), NOW), Told::Unknown, "depth is bounded by the parser");
}

/// Any JSON, with the words of the topics often enough to get past the first look.
fn any_json() -> impl Strategy<Value = Value> {
    crate::twitch::json::any::json(&[
        "type",
        "data",
        "viewcount",
        "viewers",
        "server_time",
        "stream-up",
        "reward-redeemed",
        "redemption",
        "reward",
        "user",
        "id",
        "display_name",
        "login",
        "raid_update_v2",
        "raid",
        "target_login",
        "pin-message",
        "message",
        "content",
        "text",
        "POLL_UPDATE",
        "poll",
        "poll_id",
        "title",
        "choices",
        "votes",
        "total",
        "event-updated",
        "event",
        "outcomes",
        "created_at",
        "timestamp",
        "hype-train-progression",
        "progress",
        "level",
        "value",
        "status",
        "duration_seconds",
        "remaining_duration_milliseconds",
        "prediction_window_seconds",
        "update-message",
        "goal",
        "updated_at",
        "ends_at",
        "community-goal-contribution",
        "contribution",
        "broadcast_settings_update",
        "\\u00",
    ])
}

/// A message of the right shape whose leaves are anything.
fn hostile_message() -> impl Strategy<Value = Value> {
    let kinds = prop::sample::select(vec![
        "viewcount",
        "stream-up",
        "stream-down",
        "broadcast_settings_update",
        "reward-redeemed",
        "raid_go_v2",
        "automatic-reward-redeemed",
        "community-goal-contribution",
        "pin-message",
        "update-message",
        "unpin-message",
        "POLL_UPDATE",
        "event-updated",
        "hype-train-progression",
        "hype-train-end",
        "hype-train-level-up",
    ]);
    (kinds, prop::collection::vec(any_json(), 12)).prop_map(|(kind, v)| {
        json!({
            "type": kind, "server_time": v[0], "viewers": v[1], "status": v[2], "game": v[3],
            "raid": {"id": "r", "target_login": "x", "target_profile_image": v[4], "viewer_count": v[5]},
            "data": {
                "id": "i", "timestamp": v[6], "message": {"content": {"text": "t"}, "updated_at": v[7], "sender": v[8]},
                "redemption": {"id": "i", "user": v[8], "reward": v[9], "redeemed_at": v[7]},
                "contribution": {"goal": {"id": "g", "points_contributed": v[10]}, "amount": v[11]},
                "poll": {"poll_id": "p", "title": "t", "choices": v[4], "duration_seconds": v[5],
                         "remaining_duration_milliseconds": v[6], "status": v[2]},
                "event": {"id": "e", "title": "t", "created_at": v[10], "outcomes": v[11],
                          "prediction_window_seconds": v[1]},
                "progress": {"total": v[1], "value": v[5], "goal": v[10]}, "updated_at": v[7], "ends_at": v[0],
            },
        })
    })
}

proptest! {
    #[test]
    fn no_json_panics(topic in prop::sample::select(TOPICS.to_vec()), message in any_json(), now in any::<i64>()) {
        let _told = read(&format!("{topic}.1"), &message.to_string(), now);
    }

    #[test]
    fn no_leaf_panics(topic in prop::sample::select(TOPICS.to_vec()), message in hostile_message(), now in any::<i64>()) {
        let _told = read(&format!("{topic}.1"), &message.to_string(), now);
    }

    #[test]
    fn no_text_panics(topic in any::<String>(), text in any::<String>()) {
        let _told = read(&topic, &text, NOW);
    }
}
