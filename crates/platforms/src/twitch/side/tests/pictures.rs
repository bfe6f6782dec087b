use polychat_testkit::twitch_side::{Fault, Service};

use super::*;
use crate::http::Http;
use crate::twitch::gql;

async fn world() -> SimTwitchSide {
    let sim = SimTwitchSide::start().await;
    sim.user("alice", "42", false, 0, "https://cdn.example/alice.png")
        .badge(None, "vip", "1")
        .badge(Some("42"), "subscriber", "6")
        .cheermote(None, "Cheer")
        .cheermote(Some("42"), "AliceCheer");
    sim
}

fn url(side: &Side, set: &str, version: &str) -> Option<String> {
    side.lookups("42").badge(set, version).map(|art| art.image_url.to_string())
}

fn cheer(side: &Side, word: &str) -> Option<String> {
    side.lookups("42").cheermotes.read(word).and_then(|(_, tier)| tier.url.as_deref().map(str::to_owned))
}

fn complete(side: &Side) -> bool {
    url(side, "vip", "1").is_some() && url(side, "subscriber", "12").is_some() && cheer(side, "AliceCheer5").is_some()
}

#[tokio::test]
async fn badges_and_cheermotes_reach_the_lookups() {
    let sim = world().await;
    let fixture = Fixture::of(&sim);
    let (out, _in) = mpsc::channel(64);
    let _guard = fixture.side.open_room("alice", "42".into(), out);
    until("all lists are there", || complete(&fixture.side)).await;
    assert_eq!(url(&fixture.side, "vip", "1").as_deref(), Some("https://badges.example/vip/1"));
    assert_eq!(
        cheer(&fixture.side, "alicecheer250").as_deref(),
        Some("https://cheers.example/alicecheer/dark/animated/100/2.gif")
    );
    assert!(cheer(&fixture.side, "Cheer1").is_some(), "global ones, too");
}

#[tokio::test]
async fn ivr_stands_in_for_badges() {
    let sim = world().await;
    sim.fault(Service::Gql, Fault::Status(503));
    let fixture = Fixture::of(&sim);
    let (out, _in) = mpsc::channel(64);
    let _guard = fixture.side.open_room("alice", "42".into(), out);
    until("the badges are there", || url(&fixture.side, "subscriber", "6").is_some()).await;
    assert_eq!(url(&fixture.side, "vip", "1").as_deref(), Some("https://ivr.example/vip/1/2"));
    assert!(fixture.side.lookups("42").cheermotes.read("Cheer1").is_some(), "the built-in ones");
}

#[tokio::test]
async fn what_failed_is_fetched_again() {
    let sim = world().await;
    sim.fault(Service::Gql, Fault::Garbage).fault(Service::Ivr, Fault::Html);
    let fixture = Fixture::of(&sim);
    let (out, _in) = mpsc::channel(64);
    let _guard = fixture.side.open_room("alice", "42".into(), out);
    sim.until("there were attempts", |sim| sim.count("gql") >= 2).await;
    sim.well(Service::Gql);
    until("all lists are there", || complete(&fixture.side)).await;
}

#[tokio::test]
async fn lists_survive_a_restart_with_the_network_away() {
    let folder = Folder::new("restart");
    let sim = world().await;
    let config = TwitchConfig { cache_dir: Some(folder.0.clone()), ..config(&sim) };
    for network in [true, false] {
        if !network {
            for service in Service::ALL {
                sim.fault(service, Fault::Status(503));
            }
        }
        let fixture = Fixture::new(&config, quick());
        let (out, _in) = mpsc::channel(64);
        let _guard = fixture.side.open_room("alice", "42".into(), out);
        until("all lists are there", || complete(&fixture.side)).await;
        let kept = ["twitch-global.json", "twitch-room-42.json"].map(|name| folder.0.join(name));
        until("all lists are kept", || kept.iter().all(|path| path.exists())).await;
        fixture.stop().await;
    }
    assert_eq!((sim.count("gql:badges"), sim.count("gql:channel_badges")), (1, 1), "fresh lists are not fetched again");
}

#[tokio::test]
async fn old_lists_are_used_until_new_ones_come() {
    let folder = Folder::new("old");
    let sim = world().await;
    let config = TwitchConfig { cache_dir: Some(folder.0.clone()), ..config(&sim) };
    std::fs::create_dir_all(&folder.0).unwrap();
    let old = r#"{"version":2,"content":[{"cheermotes":[],
        "badges":[{"set":"subscriber","version":"6","title":"old","image_url":"https://old.example/"}]},1000]}"#;
    std::fs::write(folder.0.join("twitch-room-42.json"), old).unwrap();
    for service in Service::ALL {
        sim.fault(service, Fault::Status(503));
    }
    let fixture = Fixture::new(&config, quick());
    let (out, _in) = mpsc::channel(64);
    let _guard = fixture.side.open_room("alice", "42".into(), out);
    let is = |expected: &str| url(&fixture.side, "subscriber", "6").as_deref() == Some(expected);
    until("the old one is used", || is("https://old.example/")).await;
    sim.well(Service::Gql);
    until("the new one is used", || is("https://badges.example/subscriber/6")).await;
}

#[tokio::test]
async fn damaged_files_are_replaced() {
    let folder = Folder::new("damaged");
    let sim = world().await;
    let config = TwitchConfig { cache_dir: Some(folder.0.clone()), ..config(&sim) };
    std::fs::create_dir_all(&folder.0).unwrap();
    std::fs::write(folder.0.join("twitch-global.json"), b"\0\xff half a file").unwrap();
    std::fs::write(folder.0.join("twitch-room-42.json"), "[".repeat(100_000)).unwrap();
    let fixture = Fixture::new(&config, quick());
    let (out, _in) = mpsc::channel(64);
    let _guard = fixture.side.open_room("alice", "42".into(), out);
    until("all lists are there", || complete(&fixture.side)).await;
    for name in ["twitch-global.json", "twitch-room-42.json"] {
        let good = || {
            let text = std::fs::read(folder.0.join(name)).unwrap_or_default();
            serde_json::from_slice::<serde_json::Value>(&text).is_ok_and(|file| file["version"] == 2)
        };
        until("the file is good", good).await;
    }
}

#[tokio::test]
async fn a_room_id_never_leaves_the_folder() {
    let folder = Folder::new("escape");
    let sim = SimTwitchSide::start().await;
    let inside = folder.0.join("inside");
    let config = TwitchConfig { cache_dir: Some(inside.clone()), ..config(&sim) };
    let fixture = Fixture::new(&config, quick());
    let (out, _in) = mpsc::channel(64);
    let _guard = fixture.side.open_room("alice", "../../escaped".into(), out);
    sim.until("its lists were fetched", |sim| sim.count("gql:channel_badges") >= 1).await;
    until("something is kept", || inside.join("twitch-global.json").exists()).await;
    fixture.stop().await;
    let names: Vec<_> = std::fs::read_dir(&folder.0).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["inside"]);
    assert_eq!(std::fs::read_dir(&inside).unwrap().count(), 1);
}

#[tokio::test]
async fn people_who_are_missed_are_fetched_together() {
    let sim = world().await;
    for n in 1..=5 {
        sim.user(&format!("user{n}"), &n.to_string(), false, 0, &format!("https://cdn.example/{n}.png"));
    }
    let fixture = Fixture::of(&sim);
    let people = fixture.side.lookups("42").people;
    for n in 1..=5 {
        assert_eq!(people.get(&n.to_string()), None);
    }
    assert_eq!(people.get("999"), None, "nobody has this id");
    let (out, _in) = mpsc::channel(64);
    let _guard = fixture.side.open_room("alice", "42".into(), out);
    until("all are known", || (1..=5).all(|n| people.get(&n.to_string()).is_some())).await;
    let third = people.get("3").unwrap();
    assert_eq!((&*third.login, &*third.display_name), ("user3", "User3"));
    assert_eq!(third.avatar_url.as_deref(), Some("https://cdn.example/3.png"));
    assert_eq!(sim.count("gql:people"), 1);
}

#[tokio::test]
async fn ivr_stands_in_for_people() {
    let sim = world().await;
    sim.fault(Service::Gql, Fault::Integrity);
    let fixture = Fixture::of(&sim);
    let people = fixture.side.lookups("42").people;
    assert_eq!((people.get("42"), people.get("1&login=eve")), (None, None));
    let (out, _in) = mpsc::channel(64);
    let _guard = fixture.side.open_room("alice", "42".into(), out);
    until("she is known", || people.get("42").is_some()).await;
    assert_eq!(people.avatar("42").as_deref(), Some("https://cdn.example/alice.png"));
}

#[tokio::test]
async fn graphql_is_left_alone_after_a_failure_and_asked_again_after_a_success() {
    let sim = world().await;
    let address = url::Url::parse(&sim.gql_url()).unwrap();
    let gql = gql::Gql::new(Arc::new(Http::default()), address, vec!["one".to_owned()]);
    let ask = async || gql.background(&[gql::global_badges()], PATIENCE, PATIENCE).await;
    sim.fault(Service::Gql, Fault::Status(429));
    assert!(ask().await.is_err());
    assert!(gql.rests());
    sim.well(Service::Gql);
    assert!(ask().await.is_ok());
    assert!(!gql.rests());
}

#[tokio::test]
async fn people_are_asked_for_again_after_a_failure() {
    let sim = world().await;
    sim.fault(Service::Gql, Fault::Status(500)).fault(Service::Ivr, Fault::Html);
    let fixture = Fixture::of(&sim);
    let people = fixture.side.lookups("42").people;
    assert_eq!(people.get("42"), None);
    let (out, _in) = mpsc::channel(64);
    let _guard = fixture.side.open_room("alice", "42".into(), out);
    sim.until("there was an attempt", |sim| sim.count("gql") >= 1).await;
    sim.well(Service::Gql);
    until("she is known", || people.get("42").is_some()).await;
}
