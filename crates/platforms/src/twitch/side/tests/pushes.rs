use polychat_testkit::twitch_side::{Fault, Service};
use serde_json::json;

use super::*;
use crate::Started;

const VIDEO: &str = "video-playback-by-id.42";
const RAID: &str = "raid.42";

fn raid(id: &str) -> serde_json::Value {
    json!({"type": "raid_go_v2", "raid": {"id": id, "target_id": "8", "target_login": "bob", "viewer_count": 3}})
}

async fn open(sim: &SimTwitchSide, timings: Timings) -> (Fixture, super::super::RoomGuard, mpsc::Receiver<Signal>) {
    let fixture = Fixture::new(&config(sim), timings);
    let (out, inlet) = mpsc::channel(256);
    let guard = fixture.side.open_room("alice", "42".into(), out);
    sim.until("Hermes has the topics", |sim| sim.subscribed(RAID) == 1 && sim.subscribed(VIDEO) == 1).await;
    (fixture, guard, inlet)
}

async fn world() -> SimTwitchSide {
    let sim = SimTwitchSide::start().await;
    sim.user("alice", "42", false, 0, "");
    sim
}

#[tokio::test]
async fn a_push_becomes_an_event_of_its_room() {
    let sim = world().await;
    let (_fixture, _guard, mut out) = open(&sim, quick()).await;
    sim.push(RAID, &raid("r1"));
    let (event, data) = next_event(&mut out, EventName::RaidOut).await;
    assert_eq!((&*event.id, &*event.room_id, data.count), ("tw:raid_out:r1", "42", Some(3)));
    assert_eq!(sim.count("hermes:bad"), 0, "Hermes understood everything");
    assert_eq!(sim.count("hermes:subscribe"), 8);
}

#[tokio::test]
async fn an_envelope_that_comes_again_is_dropped() {
    let sim = world().await;
    let (_fixture, _guard, mut out) = open(&sim, quick()).await;
    sim.push_as("same", RAID, &raid("r1"));
    sim.push_as("same", RAID, &raid("r1"));
    sim.hermes_cut();
    sim.until("it is back", |sim| sim.count("hermes") == 2 && sim.subscribed(RAID) == 1).await;
    sim.push_as("same", RAID, &raid("r1"));
    sim.push_as("other", RAID, &raid("r2"));
    let mut ids = Vec::new();
    while ids.last().is_none_or(|id| id != "tw:raid_out:r2") {
        ids.push(next_event(&mut out, EventName::RaidOut).await.0.id.to_string());
    }
    assert_eq!(ids, ["tw:raid_out:r1", "tw:raid_out:r2"]);
}

#[tokio::test]
async fn hermes_may_ask_to_move() {
    let sim = world().await;
    let (_fixture, _guard, mut out) = open(&sim, quick()).await;
    sim.hermes_reconnect();
    sim.until("it has moved", |sim| {
        sim.count("hermes:moved") == 1 && sim.hermes_connections() == 1 && sim.subscribed(RAID) == 1
    })
    .await;
    sim.push(RAID, &raid("r1"));
    next_event(&mut out, EventName::RaidOut).await;
    assert_eq!(sim.count("hermes"), 2, "the first connection and the new one");
}

#[tokio::test]
async fn a_silent_hermes_is_left() {
    let sim = world().await;
    sim.keepalive(Duration::from_millis(100));
    let (_fixture, _guard, mut out) = open(&sim, quick()).await;
    sim.silent(true);
    sim.until("it was left", |sim| sim.count("hermes") >= 2).await;
    sim.silent(false);
    sim.until("it is back", |sim| sim.hermes_connections() == 1 && sim.subscribed(RAID) == 1).await;
    let pushing = async {
        loop {
            sim.push(RAID, &raid("r1"));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        () = pushing => {}
        _ = next_event(&mut out, EventName::RaidOut) => {}
    }
}

#[tokio::test]
async fn a_hermes_that_refuses_hangs_or_cuts_is_tried_again() {
    for fault in [Fault::Status(500), Fault::Hang, Fault::Cut] {
        let sim = world().await;
        sim.fault(Service::Hermes, fault);
        let connect = Duration::from_millis(100);
        let timings = Timings { hermes: HermesTimings { connect, ..quick().hermes }, ..quick() };
        let fixture = Fixture::new(&config(&sim), timings);
        let (out, mut inlet) = mpsc::channel(256);
        let _guard = fixture.side.open_room("alice", "42".into(), out);
        sim.until("there were attempts", |sim| sim.count("hermes") >= 2).await;
        sim.well(Service::Hermes);
        sim.until("it stands", |sim| sim.subscribed(RAID) == 1).await;
        sim.push(RAID, &raid("r1"));
        next_event(&mut inlet, EventName::RaidOut).await;
    }
}

#[tokio::test]
async fn garbage_of_hermes_harms_nobody() {
    let sim = world().await;
    let (_fixture, _guard, mut out) = open(&sim, quick()).await;
    let deep = "[".repeat(50_000);
    for frame in ["", "nonsense", "{}", "null", r#"{"type":7}"#, r#"{"type":"notification"}"#, &deep] {
        sim.hermes_frame(frame);
    }
    sim.push(RAID, &json!({"type": "raid_go_v2", "raid": [1, {"id": null}]}));
    sim.push(RAID, &json!("nothing"));
    sim.push(RAID, &raid("r1"));
    next_event(&mut out, EventName::RaidOut).await;
    assert_eq!(sim.count("hermes"), 1, "the connection stood");
}

#[tokio::test]
async fn many_rooms_get_more_connections_and_leave_none_behind() {
    let sim = SimTwitchSide::start().await;
    let fixture = Fixture::of(&sim);
    let (out, _in) = mpsc::channel(1024);
    let rooms: Vec<_> = (1..=13).map(|n| fixture.side.open_room("x", n.to_string().into(), out.clone())).collect();
    sim.until("all topics are there", |sim| (1..=13).all(|n| sim.subscribed(&format!("polls.{n}")) == 1)).await;
    assert_eq!(sim.hermes_connections(), 2, "104 topics, 100 a connection");
    drop(rooms);
    sim.until("all are gone", |sim| sim.hermes_connections() == 0).await;
    fixture.stop().await;
}

#[tokio::test]
async fn the_poll_tells_viewers_and_the_beginning_and_the_end() {
    let sim = world().await;
    let (_fixture, guard, mut out) = open(&sim, quick()).await;
    next_live(&mut out, false).await;
    sim.user("alice", "42", true, 77, "");
    let (event, _) = next_event(&mut out, EventName::StreamOnline).await;
    assert_eq!(&*event.id, "tw:stream-up:42:942");
    let viewers = next(&mut out, "viewers", |signal| match signal {
        Signal::Event(ChatEvent { body: Body::Viewers(viewers), .. }) => Some(viewers),
        _ => None,
    })
    .await;
    assert_eq!((viewers.viewers, viewers.live, viewers.title.as_deref()), (Some(77), Some(true), Some("Alice plays")));
    next_live(&mut out, true).await;
    assert_eq!(guard.live(), Some(true));
    sim.user("alice", "42", false, 0, "");
    next_event(&mut out, EventName::StreamOffline).await;
    next_live(&mut out, false).await;
}

#[tokio::test]
async fn a_push_is_believed_against_a_poll_that_is_late() {
    let sim = world().await;
    let (_fixture, guard, mut out) = open(&sim, Timings { settle: Duration::from_secs(3600), ..quick() }).await;
    next_live(&mut out, false).await;
    sim.push(VIDEO, &json!({"type": "stream-up", "server_time": 1_767_225_600}));
    next_event(&mut out, EventName::StreamOnline).await;
    next_live(&mut out, true).await;
    let polls = sim.count("gql:streams");
    sim.until("there were polls", |sim| sim.count("gql:streams") >= polls + 3).await;
    assert_eq!(guard.live(), Some(true), "GraphQL still says that she is offline");
    sim.push(VIDEO, &json!({"type": "stream-up", "server_time": 1_767_225_700}));
    sim.push(RAID, &raid("r1"));
    let mut turns = 0;
    while next(&mut out, "the raid", as_event).await.1.event != EventName::RaidOut {
        turns += 1;
    }
    assert_eq!(turns, 0, "what is known is not told again");
}

#[tokio::test]
async fn what_was_just_resolved_is_not_told_again() {
    let sim = world().await;
    sim.user("alice", "42", true, 5, "");
    let fixture = Fixture::of(&sim);
    fixture.side.resolve("alice").await;
    let (out, mut inlet) = mpsc::channel(256);
    let guard = fixture.side.open_room("alice", "42".into(), out);
    assert_eq!(guard.live(), Some(true), "known from the first moment");
    assert!(matches!(inlet.try_recv(), Ok(Signal::Event(_))), "the viewers are told at once");
    let polls = sim.count("gql:streams");
    sim.until("there were polls", |sim| sim.count("gql:streams") >= polls + 3).await;
    while let Ok(signal) = inlet.try_recv() {
        assert!(!matches!(signal, Signal::State(_)), "{signal:?}");
    }
}

#[tokio::test]
async fn while_chat_is_not_read_nobody_is_told_that_it_is() {
    let sim = world().await;
    let fixture = Fixture::of(&sim);
    let (out, mut inlet) = mpsc::channel(256);
    let guard = fixture.side.open_room("alice", "42".into(), out);
    guard.reading(false);
    while inlet.try_recv().is_ok() {}
    sim.user("alice", "42", true, 5, "");
    until("it is known", || guard.live() == Some(true)).await;
    while let Ok(signal) = inlet.try_recv() {
        assert!(!matches!(signal, Signal::State(_)), "{signal:?}");
    }
    guard.reading(true);
    next_live(&mut inlet, true).await;
}

#[tokio::test]
async fn a_full_outlet_is_never_waited_for() {
    let sim = world().await;
    let fixture = Fixture::of(&sim);
    let (full, mut inlet) = mpsc::channel(1);
    full.try_send(Signal::State(UpstreamState::Started(Started::new("x", None)))).unwrap();
    let (other, mut other_inlet) = mpsc::channel(256);
    let _guards = [full, other].map(|out| fixture.side.open_room("alice", "42".into(), out));
    sim.until("Hermes has the topics", |sim| sim.subscribed(RAID) == 1).await;
    for n in 0..50 {
        sim.push(RAID, &raid(&n.to_string()));
    }
    loop {
        let (event, _) = next_event(&mut other_inlet, EventName::RaidOut).await;
        if &*event.id == "tw:raid_out:49" {
            break;
        }
    }
    assert!(matches!(inlet.recv().await, Some(Signal::State(_))), "what was there first");
    // The events are lost; what is so is told when there is room again.
    next_live(&mut inlet, false).await;
}

#[tokio::test]
async fn a_pin_that_changes_its_end_is_told_again_whole() {
    let sim = world().await;
    let (_fixture, _guard, mut out) = open(&sim, quick()).await;
    let topic = "pinned-chat-updates-v1.42";
    sim.push(
        topic,
        &json!({"type": "pin-message", "data": {"id": "p", "pinned_by": {"id": "1", "display_name": "Mod"},
        "message": {"id": "m", "sender": {"id": "2", "display_name": "Ann"}, "content": {"text": "rules"},
                    "updated_at": 1_767_225_600, "ends_at": 1_767_226_800}}}),
    );
    let (first, _) = next_event(&mut out, EventName::Pin).await;
    sim.push(
        topic,
        &json!({"type": "update-message", "data": {"id": "p", "ends_at": null, "updated_at": 1_767_225_700}}),
    );
    let (second, data) = next_event(&mut out, EventName::Pin).await;
    assert_eq!(first.id, second.id);
    assert!(second.revision > first.revision);
    let pin = data.pin.unwrap();
    assert_eq!((pin.text.as_str(), pin.ends_at), ("rules", None));
    sim.push(topic, &json!({"type": "unpin-message", "data": {"id": "p", "unpinned_by": {"id": "1"}}}));
    let (_, data) = next_event(&mut out, EventName::Unpin).await;
    assert_eq!(data.pin.unwrap().message_id, "m", "it says which message it was");
}

#[tokio::test]
async fn stopping_ends_everything() {
    let sim = world().await;
    for service in [Service::Gql, Service::Ivr, Service::DecApi] {
        sim.fault(service, Fault::Hang);
    }
    let (fixture, guard, _out) = open(&sim, quick()).await;
    let side = Arc::clone(&fixture.side);
    let asking = tokio::spawn(async move { side.resolve("alice").await });
    sim.until("it is asked", |sim| sim.count("gql") >= 1).await;
    fixture.stop().await;
    assert_eq!(asking.await.unwrap(), crate::twitch::side::Resolution::Unknown);
    drop(guard);
}
