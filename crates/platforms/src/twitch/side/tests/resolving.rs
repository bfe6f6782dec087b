use futures_util::future::join_all;
use polychat_testkit::twitch_side::{Fault, Service};

use super::*;
use crate::twitch::side::Resolution;

async fn world() -> SimTwitchSide {
    let sim = SimTwitchSide::start().await;
    sim.user("alice", "42", true, 321, "https://cdn.example/alice-300.png")
        .user("bob", "43", false, 0, "")
        .suspended("eve", "TOS_INDEFINITE");
    sim
}

fn found(resolution: &Resolution) -> &crate::twitch::side::ChannelInfo {
    let Resolution::Found(info) = resolution else { panic!("not found: {resolution:?}") };
    info
}

#[tokio::test]
async fn a_channel_is_found_with_its_broadcast() {
    let sim = world().await;
    let fixture = Fixture::of(&sim);
    let alice = fixture.side.resolve("alice").await;
    let alice = found(&alice);
    assert_eq!((&*alice.id, alice.login.as_str(), alice.display_name.as_str()), ("42", "alice", "Alice"));
    assert_eq!(alice.avatar_url.as_deref(), Some("https://cdn.example/alice-300.png"));
    assert_eq!(
        (alice.broadcast.live, alice.broadcast.viewers, alice.broadcast.live_id.as_deref()),
        (Some(true), Some(321), Some("942"))
    );
    assert_eq!(
        (alice.broadcast.title.as_deref(), alice.broadcast.category.as_deref()),
        (Some("Alice plays"), Some("Chess"))
    );
    assert_eq!(found(&fixture.side.resolve("bob").await).broadcast.live, Some(false));
    assert_eq!(sim.count("ivr:user") + sim.count("decapi"), 0, "nobody else is asked");
}

#[tokio::test]
async fn a_login_that_is_not_there_is_told_from_one_that_was_closed() {
    let sim = world().await;
    let fixture = Fixture::of(&sim);
    assert_eq!(fixture.side.resolve("nobody").await, Resolution::NotFound);
    assert_eq!(fixture.side.resolve("eve").await, Resolution::Suspended { reason: "TOS_INDEFINITE".into() });
}

#[tokio::test]
async fn an_open_channel_that_was_renamed_is_found_by_its_id() {
    let sim = SimTwitchSide::start().await;
    sim.user("alicia", "42", true, 1, "");
    let fixture = Fixture::of(&sim);
    let (out, _in) = mpsc::channel(64);
    let guard = fixture.side.open_room("alice", "42".into(), out);
    assert_eq!(found(&fixture.side.resolve("alice").await).login, "alicia");
    drop(guard);
    assert_eq!(fixture.side.resolve("alice_").await, Resolution::NotFound, "a login of no open room");
}

#[tokio::test]
async fn others_stand_in_one_after_the_other() {
    let sim = world().await;
    let fixture = Fixture::of(&sim);
    sim.fault(Service::Gql, Fault::Status(500));
    assert_eq!(&*found(&fixture.side.resolve("alice").await).id, "42");
    assert_eq!((sim.count("ivr:user"), sim.count("decapi")), (1, 0));
    assert_eq!(fixture.side.resolve("eve").await, Resolution::Suspended { reason: "TOS_INDEFINITE".into() });

    sim.fault(Service::Ivr, Fault::Html);
    let bob = fixture.side.resolve("bob").await;
    assert_eq!((&*found(&bob).id, found(&bob).broadcast.live), ("43", Some(false)));
    assert_eq!(fixture.side.resolve("nobody").await, Resolution::NotFound);
}

#[tokio::test]
async fn a_failure_of_graphql_is_never_taken_for_a_missing_channel() {
    for fault in [
        Fault::Status(429),
        Fault::Html,
        Fault::Huge,
        Fault::Garbage,
        Fault::Integrity,
        Fault::PersistedQueryNotFound,
        Fault::ServiceTimeout,
        Fault::Cut,
    ] {
        let sim = world().await;
        sim.fault(Service::Gql, fault);
        let fixture = Fixture::of(&sim);
        assert_eq!(&*found(&fixture.side.resolve("alice").await).id, "42", "{fault:?}: IVR knows");
        assert_eq!(sim.count("ivr:user"), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn when_all_fail_the_answer_is_unknown() {
    for fault in [Fault::Status(500), Fault::Html, Fault::Huge, Fault::Garbage, Fault::Cut, Fault::Hang] {
        let sim = world().await;
        for service in Service::ALL {
            sim.fault(service, fault);
        }
        let short = [Duration::from_millis(150); 3];
        let timings = if fault == Fault::Hang { Timings { resolve: short, ..quick() } } else { quick() };
        let fixture = Fixture::new(&config(&sim), timings);
        let answer = tokio::time::timeout(PATIENCE, fixture.side.resolve("alice")).await;
        assert_eq!(answer.expect("an answer in time"), Resolution::Unknown, "{fault:?}");
        assert_eq!((sim.count("ivr:user"), sim.count("decapi")), (1, 1), "{fault:?}: all were asked");
    }
}

#[test]
fn the_default_times_to_resolve_are_eight_seconds() {
    assert_eq!(Timings::default().resolve.iter().sum::<Duration>(), Duration::from_secs(8));
}

#[tokio::test]
async fn without_services_nothing_is_known_and_nothing_fails() {
    let fixture = Fixture::new(&TwitchConfig::irc_only("ws://127.0.0.1:1"), quick());
    assert_eq!(fixture.side.resolve("alice").await, Resolution::Unknown);
    assert!(fixture.side.recent("alice", None, 50).await.is_empty());
    let (out, _in) = mpsc::channel(8);
    let guard = fixture.side.open_room("alice", "42".into(), out);
    assert_eq!(guard.live(), None);
    assert!(fixture.side.lookups("42").cheermotes.read("Cheer100").is_some(), "the built-in ones");
}

#[tokio::test]
async fn a_refused_client_id_is_passed_over_and_the_next_one_kept() {
    let sim = world().await;
    sim.refuse_client_id("one");
    let fixture = Fixture::of(&sim);
    found(&fixture.side.resolve("alice").await);
    assert_eq!(sim.count("gql"), 2);
    found(&fixture.side.resolve("bob").await);
    assert_eq!(sim.count("gql"), 3, "the id that worked is asked first");
    assert_eq!(sim.count("ivr:user"), 0);
}

#[tokio::test]
async fn equal_questions_share_one_answer() {
    let sim = world().await;
    sim.fault(Service::Gql, Fault::Slow(Duration::from_millis(100)));
    let fixture = Fixture::of(&sim);
    for answer in join_all((0..20).map(|_| fixture.side.resolve("alice"))).await {
        assert_eq!(&*found(&answer).id, "42");
    }
    found(&fixture.side.resolve("alice").await);
    assert_eq!(sim.count("gql"), 1);
}

#[tokio::test]
async fn a_question_goes_on_when_whoever_asked_first_has_gone() {
    let sim = world().await;
    sim.fault(Service::Gql, Fault::Slow(Duration::from_millis(100)));
    let fixture = Fixture::of(&sim);
    let first = tokio::time::timeout(Duration::from_millis(10), fixture.side.resolve("alice")).await;
    assert!(first.is_err(), "it went before the answer");
    assert_eq!(&*found(&fixture.side.resolve("alice").await).id, "42");
    assert_eq!(sim.count("gql"), 1);
}

#[tokio::test]
async fn recent_messages_come_as_lines_and_failures_as_none() {
    let sim = world().await;
    let lines = ["@rm-received-ts=1;id=a :a PRIVMSG #alice :1", "@rm-received-ts=2;id=b :a PRIVMSG #alice :2"];
    sim.recent_lines("alice", &lines);
    let fixture = Fixture::of(&sim);
    assert_eq!(fixture.side.recent("alice", None, 100).await, lines);
    assert_eq!(fixture.side.recent("alice", None, 1).await, lines[1..]);
    assert_eq!(fixture.side.recent("alice", Some(1), 100).await, lines[1..]);
    assert!(fixture.side.recent("bob", None, 100).await.is_empty(), "the service refuses this channel");
    for fault in [Fault::Status(500), Fault::Html, Fault::Huge, Fault::Garbage, Fault::Cut] {
        sim.fault(Service::Recent, fault);
        assert!(fixture.side.recent("alice", None, 100).await.is_empty(), "{fault:?}");
    }
}
