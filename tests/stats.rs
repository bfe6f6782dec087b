//! Statistics end to end, through `/ws`: everybody gets the same numbers, and everything is counted once.
//! "S…" are the faults of the statistics that the older service had.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use polychat_model::StorageType;
use polychat_model::saved::Secret;
use polychat_server::{App, Config, Password, StartError};
use polychat_testkit::twitch::{SimMessage, SimTwitch};
use polychat_testkit::{HeldFile, RedisServer};
use serde_json::{Value, json};
use support::{Client, PATIENCE, config, serve};

/// Asks until the channel has so many messages.
async fn stats_of(client: &mut Client, messages: u64) -> Value {
    let asking = async {
        loop {
            client.send(json!({"type": "get_stats"})).await;
            let stats = client.until(|frame| frame["type"] == "stats" || frame["type"] == "error").await;
            if stats["data"]["totalMessages"] == messages {
                return stats;
            }
            // Ten requests a second are served.
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.expect("the messages are counted")
}

fn message(id: &str, login: &str) -> SimMessage {
    SimMessage::chat("hi").from(login).id(id)
}

#[tokio::test]
async fn every_subscriber_gets_the_same_numbers_s1_s2_s3() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let (mut one, mut two) = (Client::connect(&app).await, Client::connect(&app).await);
    one.watch("someone").await;
    two.watch("someone").await;
    for (login, text) in [("alice", "a"), ("bob", "b"), ("bob", "c"), ("bob", "d")] {
        sim.say("someone", login, text);
    }
    let first = stats_of(&mut one, 4).await;
    assert_eq!((&first["platform"], &first["identifier"]), (&json!("twitch"), &json!("someone")));
    let data = &first["data"];
    assert_eq!((&data["uniqueUserCount"], &data["uniqueUserCountIsEstimate"]), (&json!(2), &json!(false)));
    assert_eq!(data["uniqueUsers"][0]["username"], "bob");
    assert_eq!(data["uniqueUsers"][0]["messageCount"], 3, "messages within 100 ms count, too");
    assert_eq!(data["messagesPerMinute"]["now"], 4);
    let second = stats_of(&mut two, 4).await;
    for field in ["uniqueUsers", "totalMessages", "since", "events", "topEmotes"] {
        assert_eq!(first["data"][field], second["data"][field], "{field}");
    }
    two.send(json!({"type": "get_stats", "limit": 1})).await;
    let short = two.until(|frame| frame["type"] == "stats").await;
    assert_eq!(short["data"]["uniqueUsers"].as_array().unwrap().len(), 1);
    app.stop().await;
}

#[tokio::test]
async fn stats_come_by_themselves_only_to_those_who_asked_and_only_on_change() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let (mut asks, mut other) = (Client::connect(&app).await, Client::connect(&app).await);
    let include = json!({"type": "subscribe", "platform": "twitch", "identifier": "someone", "include": ["stats"]});
    asks.send(include).await;
    let first = asks.until(|frame| frame["type"] == "stats").await;
    assert_eq!(first["data"]["totalMessages"], 0, "a newcomer hears how it stands");
    other.watch("someone").await;
    for n in 0..50 {
        sim.say("someone", "alice", &n.to_string());
    }
    let mut frames = 0;
    let counted = loop {
        let frame = asks.until(|frame| frame["type"] == "stats").await;
        frames += 1;
        if frame["data"]["totalMessages"] == 50 {
            break frame;
        }
    };
    assert!(frames <= 3, "{frames} frames for 50 messages");
    assert_eq!(counted["data"]["uniqueUserCount"], 1);
    for _ in 0..50 {
        assert_eq!(other.next().await["type"], "chat", "nobody else gets them");
    }
    other.stays_quiet().await;
    app.stop().await;
}

#[tokio::test]
async fn what_the_platform_repeats_and_moderators_delete_is_counted_once() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    sim.send("someone", &message("m-1", "alice"));
    sim.send("someone", &message("m-2", "bob"));
    stats_of(&mut client, 2).await;
    sim.close();
    client.until_status("reconnecting").await;
    client.until_status("started").await;
    sim.send("someone", &message("m-2", "bob"));
    sim.send("someone", &message("m-3", "bob"));
    let stats = stats_of(&mut client, 3).await;
    assert_eq!(stats["data"]["uniqueUsers"][0]["messageCount"], 2);
    app.stop().await;
}

#[tokio::test]
async fn who_watches_nothing_or_something_else_is_told_so() {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    client.send(json!({"type": "get_stats"})).await;
    assert_eq!(client.next().await["code"], "NO_ACTIVE_CHAT");
    client.watch("someone").await;
    client.send(json!({"type": "get_stats", "platform": "twitch", "identifier": "somebody_else"})).await;
    let answer = client.next().await;
    assert_eq!((&answer["code"], &answer["identifier"]), (&json!("STREAM_NOT_FOUND"), &json!("somebody_else")));
    client.send(json!({"type": "get_stats", "platform": "twitch", "identifier": "@SomeOne"})).await;
    assert_eq!(client.next().await["type"], "stats");
    app.stop().await;
}

#[tokio::test]
async fn statistics_can_be_switched_off() {
    let sim = SimTwitch::start().await;
    let mut config = config(&sim);
    config.stats.enable_stats = false;
    let app = App::start(config).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.send(json!({"type": "subscribe", "platform": "twitch", "identifier": "someone"})).await;
    assert_eq!(client.next().await.get("storage_type"), None);
    client.until_status("started").await;
    client.send(json!({"type": "get_stats"})).await;
    assert_eq!(client.next().await["code"], "STREAM_NOT_FOUND");
    app.stop().await;
}

/// A folder for files, removed at the end of its test.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("polychat-stats-{name}-{}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_restart_goes_on_and_counts_what_is_repeated_once() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("restart"));
    let mut config = config(&sim);
    config.stats.stats_storage = Some("sqlite".to_owned());
    config.data_dir = Some(folder.0.clone());
    let app = App::start(config.clone()).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.send(json!({"type": "subscribe", "platform": "twitch", "identifier": "someone"})).await;
    assert_eq!(client.next().await["storage_type"], "sqlite");
    client.until_status("started").await;
    for n in 0..20 {
        sim.send("someone", &message(&format!("m-{n}"), ["alice", "bob"][n % 2]));
    }
    let before = stats_of(&mut client, 20).await;
    app.stop().await;
    let app = App::start(config).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    sim.send("someone", &message("m-19", "bob"));
    sim.send("someone", &message("m-20", "bob"));
    let after = stats_of(&mut client, 21).await;
    assert_eq!(after["data"]["since"], before["data"]["since"]);
    assert_eq!(after["data"]["uniqueUsers"][0]["messageCount"], 11);
    assert_eq!(after["data"]["uniqueUserCount"], 2);
    app.stop().await;
}

/// Counts 20 messages in a file, and gives the settings for the next start.
async fn counted_before(sim: &SimTwitch, folder: &Folder) -> Config {
    let mut config = config(sim);
    config.stats.stats_storage = Some("sqlite".to_owned());
    config.data_dir = Some(folder.0.clone());
    let app = App::start(config.clone()).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    for n in 0..20 {
        sim.send("someone", &message(&format!("m-{n}"), ["alice", "bob"][n % 2]));
    }
    stats_of(&mut client, 20).await;
    app.stop().await;
    config
}

#[tokio::test]
async fn numbers_of_before_are_added_when_another_program_lets_go_of_the_file() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("held"));
    let config = counted_before(&sim, &folder).await;
    let file = folder.0.join("statistics.sqlite3");
    let held = HeldFile::take(&file).unwrap();
    let app = App::start(config.clone()).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    sim.send("someone", &message("m-19", "bob"));
    sim.send("someone", &message("m-20", "carol"));
    let meanwhile = stats_of(&mut client, 2).await;
    assert_eq!(meanwhile["data"]["uniqueUserCount"], 2, "what was counted meanwhile is told");
    drop(held);
    let stats = stats_of(&mut client, 21).await;
    assert_eq!(
        stats["data"]["uniqueUserCount"], 3,
        "with those of before, and the one that came twice is counted once"
    );
    app.stop().await;
    let app = App::start(config).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    stats_of(&mut client, 21).await;
    app.stop().await;
}

#[tokio::test]
async fn a_file_that_stays_locked_keeps_its_numbers() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("stays-held"));
    let config = counted_before(&sim, &folder).await;
    let held = HeldFile::take(&folder.0.join("statistics.sqlite3")).unwrap();
    let app = App::start(config.clone()).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    sim.send("someone", &message("m-20", "carol"));
    stats_of(&mut client, 1).await;
    // Long enough to save something, if anything were saved.
    tokio::time::sleep(Duration::from_secs(3)).await;
    app.stop().await;
    drop(held);
    let app = App::start(config).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    stats_of(&mut client, 20).await;
    app.stop().await;
}

#[tokio::test]
async fn what_was_counted_in_a_channel_that_was_left_while_the_file_was_locked_is_saved() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("left"));
    let config = counted_before(&sim, &folder).await;
    let held = HeldFile::take(&folder.0.join("statistics.sqlite3")).unwrap();
    let app = App::start(config).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    sim.send("someone", &message("m-20", "carol"));
    stats_of(&mut client, 1).await;
    client.close().await;
    let gone = async {
        while !app.hub().health().channels.is_empty() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("nobody watches, so the channel closes");
    drop(held);
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    stats_of(&mut client, 21).await;
    app.stop().await;
}

#[tokio::test]
async fn a_damaged_file_does_not_stop_the_chat_or_the_counting() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("damaged"));
    std::fs::create_dir_all(&folder.0).unwrap();
    std::fs::write(folder.0.join("statistics.sqlite3"), "this is no database ".repeat(1_000)).unwrap();
    let mut config = config(&sim);
    config.stats.stats_storage = Some("sqlite".to_owned());
    config.data_dir = Some(folder.0.clone());
    let app = App::start(config).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    sim.say("someone", "alice", "hi");
    assert_eq!(support::text(&client.next_chat().await), "hi");
    stats_of(&mut client, 1).await;
    app.stop().await;
    assert!(folder.0.join("statistics.sqlite3.damaged").exists());
}

/// The program as a process of its own, where it listens, and what it writes, which must stay open.
fn program(sim: &SimTwitch, folder: &Folder) -> (Child, String, BufReader<ChildStdout>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_polychat-server"))
        .args(["--port", "0", "--twitch-side", "off", "--stats-storage", "sqlite"])
        .args(["--twitch-irc-url", &sim.irc_url()])
        .arg("--data-dir")
        .arg(&folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    stdout.read_line(&mut first).unwrap();
    let address = first.trim().strip_prefix("Polychat runs at http://").expect("the first line says where").to_owned();
    (child, address, stdout)
}

#[tokio::test]
async fn a_killed_program_loses_no_more_than_the_last_seconds() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("killed"));
    let (mut child, address, _stdout) = program(&sim, &folder);
    let mut client = Client::connect_to(&address).await;
    client.watch("someone").await;
    for n in 0..10 {
        sim.send("someone", &message(&format!("m-{n}"), "alice"));
    }
    stats_of(&mut client, 10).await;
    // Longer than the pause between savings and that between commits.
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    // SIGKILL where there is one.
    child.kill().unwrap();
    child.wait().unwrap();
    let (mut child, address, _stdout) = program(&sim, &folder);
    let mut client = Client::connect_to(&address).await;
    client.watch("someone").await;
    sim.say("someone", "alice", "on we go");
    stats_of(&mut client, 11).await;
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn a_setting_that_cannot_be_is_refused_in_words_without_a_password() {
    let sim = SimTwitch::start().await;
    for (storage, url, words) in [
        ("redis", None, "STATS_STORAGE cannot be \"redis\": say with REDIS_URL"),
        ("redis", Some("redis//:hunter2@host"), "REDIS_URL cannot be \"…\": write an address"),
        ("paper", None, "STATS_STORAGE cannot be \"paper\": use sqlite, redis or memory"),
    ] {
        let mut config = config(&sim);
        config.stats.stats_storage = Some(storage.to_owned());
        config.redis_url = url.map(|url| Password(Secret::new(url)));
        let Err(error @ StartError::Setting { .. }) = App::start(config).await else { panic!("it started") };
        assert!(error.to_string().starts_with(words), "{error}");
    }
}

/// Settings for statistics in that Redis server.
fn in_redis(sim: &SimTwitch, url: &str) -> Config {
    let mut config = config(sim);
    config.stats.stats_storage = None;
    config.redis_url = Some(Password(Secret::new(url)));
    config
}

#[tokio::test]
async fn redis_goes_on_after_a_restart_and_is_named() {
    let Some(redis) = RedisServer::start() else { return };
    let sim = SimTwitch::start().await;
    let config = in_redis(&sim, &redis.url());
    let app = App::start(config.clone()).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.send(json!({"type": "subscribe", "platform": "twitch", "identifier": "someone"})).await;
    assert_eq!(client.next().await["storage_type"], "redis");
    client.until_status("started").await;
    for n in 0..20 {
        sim.send("someone", &message(&format!("m-{n}"), ["alice", "bob"][n % 2]));
    }
    let before = stats_of(&mut client, 20).await;
    app.stop().await;
    let app = App::start(config).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    sim.send("someone", &message("m-19", "bob"));
    sim.send("someone", &message("m-20", "bob"));
    let after = stats_of(&mut client, 21).await;
    assert_eq!(after["data"]["since"], before["data"]["since"]);
    assert_eq!(after["data"]["uniqueUsers"][0]["messageCount"], 11);
    app.stop().await;
}

#[tokio::test]
async fn without_redis_counting_goes_on_in_memory_and_says_so_until_it_is_back() {
    let Some(mut redis) = RedisServer::start() else { return };
    let sim = SimTwitch::start().await;
    let url = redis.url();
    redis.kill();
    let app = App::start(in_redis(&sim, &url)).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.send(json!({"type": "subscribe", "platform": "twitch", "identifier": "someone"})).await;
    assert_eq!(client.next().await["storage_type"], "memory", "what is used, not what was asked for");
    client.until_status("started").await;
    sim.send("someone", &message("m-1", "alice"));
    stats_of(&mut client, 1).await;
    let problem = app.hub().storage_problem().expect("it is told");
    assert!(problem.contains("127.0.0.1"), "{problem}");
    redis.start_again();
    let back = async {
        while app.hub().storage_type() != Some(StorageType::Redis) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, back).await.expect("it is used again");
    assert_eq!(app.hub().storage_problem(), None);
    sim.send("someone", &message("m-2", "bob"));
    stats_of(&mut client, 2).await;
    app.stop().await;
    let app = App::start(in_redis(&sim, &url)).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    let stats = stats_of(&mut client, 2).await;
    assert_eq!(stats["data"]["uniqueUserCount"], 2, "what was counted meanwhile was written when Redis was back");
    app.stop().await;
}

#[tokio::test]
async fn a_redis_that_lost_everything_gets_all_numbers_again() {
    let Some(mut redis) = RedisServer::start() else { return };
    let sim = SimTwitch::start().await;
    let config = in_redis(&sim, &redis.url());
    let app = App::start(config.clone()).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    for n in 0..20 {
        sim.send("someone", &message(&format!("m-{n}"), &format!("chatter{n}")));
    }
    stats_of(&mut client, 20).await;
    // Saved, and gone: it keeps nothing on a disk.
    tokio::time::sleep(Duration::from_secs(4)).await;
    redis.kill();
    redis.start_again();
    sim.send("someone", &message("m-20", "chatter0"));
    stats_of(&mut client, 21).await;
    // Found out by one saving, and made good by the next.
    tokio::time::sleep(Duration::from_secs(6)).await;
    app.stop().await;
    let app = App::start(config).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch("someone").await;
    let stats = stats_of(&mut client, 21).await;
    assert_eq!(stats["data"]["uniqueUserCount"], 20);
    app.stop().await;
}
