//! Recorded traffic through the real connector, over a real socket, into a real client.
//!
//! Our own recordings (`tests/fixtures/twitch`) are compared whole. The large corpus is not part of the repository: where
//! it is found (`POLYCHAT_CORPUS`), every line is sent and a summary without anybody's words is compared.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use polychat_testkit::twitch::SimTwitch;
use serde_json::{Value, json};
use support::{Client, serve, text};

const END: &str = "this is the end of the recording";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The corpus, or `None` with a word about it.
fn corpus() -> Option<PathBuf> {
    let path = std::env::var_os("POLYCHAT_CORPUS").map_or_else(|| root().join("../shared/corpus"), PathBuf::from);
    let found = path.join("twitch/irc");
    if found.is_dir() {
        return Some(found);
    }
    eprintln!("skipped: no corpus at {} (POLYCHAT_CORPUS names it)", path.display());
    None
}

/// Plays lines in a channel and gives all frames that a client gets.
async fn play(lines: &[String]) -> Vec<Value> {
    let sim = SimTwitch::start().await;
    let app = serve(&sim).await;
    let mut client = Client::connect(&app).await;
    client.watch_with("studio", json!({"include": ["events", "moderation", "viewers"]})).await;
    let plays = async {
        for line in lines {
            sim.replay("studio", line).await;
        }
        // Bundles of gifts are told to the end some seconds later; what is compared is all that comes before this.
        sim.say("studio", "testkit", END);
    };
    let listens = async {
        let mut frames = Vec::new();
        loop {
            let frame = client.next().await;
            if text(&frame) == END {
                return frames;
            }
            frames.push(frame);
        }
    };
    let ((), frames) = tokio::join!(plays, listens);
    drop(client);
    app.stop().await;
    frames
}

fn lines_of(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("a recording is UTF-8");
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn our_recordings_reach_a_client_as_reviewed() {
    let folder = root().join("tests/fixtures/twitch");
    let mut found = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder of recordings") {
        let path = entry.expect("a file").path();
        if path.extension().is_none_or(|extension| extension != "irc") {
            continue;
        }
        found += 1;
        let mut frames = play(&lines_of(&path)).await;
        let first = frames[0]["seq"].as_u64().expect("a number");
        for frame in &mut frames {
            let seq = frame["seq"].as_u64().expect("a number");
            frame["seq"] = json!(format!("first + {}", seq - first));
        }
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_json_snapshot!(name, frames);
        });
    }
    assert!(found > 0, "there are recordings");
}

/// What frames are, without what people said. Some old lines carry neither an id nor a time, so they got the time of this
/// test, and whether two equal ones are one happening depends on the clock: these count once.
fn summary(lines: usize, frames: &[Value], started: &str) -> Value {
    let mut counts = BTreeMap::<String, u64>::new();
    let mut count = |what: String| *counts.entry(what).or_default() += 1;
    let mut seen = BTreeSet::new();
    for frame in frames {
        let is_timed = frame["timestamp"].as_str().is_some_and(|timestamp| timestamp < started);
        let id = if is_timed { &frame["event_id"] } else { &frame["data"] };
        if !seen.insert(format!("{}{id}", frame["type"])) {
            continue;
        }
        let kind = frame["type"].as_str().unwrap_or("?");
        let data = &frame["data"];
        match kind {
            "chat" => {
                count("chat".to_owned());
                for element in data["content"]["elements"].as_array().into_iter().flatten() {
                    count(format!("element {}", element["type"].as_str().unwrap_or("?")));
                }
                for (name, is) in data["author"]["roles"].as_object().into_iter().flatten() {
                    if is == &json!(true) {
                        count(format!("role {name}"));
                    }
                }
                for flag in ["action", "first_message", "returning"] {
                    if data[flag] == json!(true) {
                        count(format!("chat {flag}"));
                    }
                }
                for part in ["reply", "highlight", "source_channel"] {
                    if !data[part].is_null() {
                        count(format!("chat {part}"));
                    }
                }
                if data["metadata"]["type"] == "super_chat" {
                    count("chat super_chat".to_owned());
                }
            }
            "event" => count(format!("event {}", data["event"].as_str().unwrap_or("?"))),
            "moderation" => count(format!("moderation {}", data["action"].as_str().unwrap_or("?"))),
            other => count(other.to_owned()),
        }
    }
    json!({ "lines": lines, "distinct": seen.len(), "counts": counts })
}

#[tokio::test]
async fn the_recorded_traffic_reaches_a_client() {
    let Some(corpus) = corpus() else { return };
    let mut paths: Vec<_> = std::fs::read_dir(corpus).expect("the corpus").map(|e| e.expect("a file").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let lines = lines_of(&path);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let started = polychat_model::iso_timestamp(i64::try_from(now.as_millis()).unwrap()).to_string();
        let frames = play(&lines).await;
        check(&name, &lines, &frames);
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_json_snapshot!(format!("corpus-{name}"), summary(lines.len(), &frames, &started));
        });
    }
}

/// What must hold for every recording, whatever it says.
fn check(name: &str, lines: &[String], frames: &[Value]) {
    let mut last = 0;
    for frame in frames {
        let seq = frame["seq"].as_u64().unwrap_or(u64::MAX);
        assert!(seq > last, "{name}: order is kept");
        last = seq;
        let content = &frame["data"]["content"];
        let joined: String =
            content["elements"].as_array().into_iter().flatten().filter_map(|e| e["value"].as_str()).collect();
        assert_eq!(joined, content["raw"].as_str().unwrap_or_default(), "{name}: elements joined are the text");
        assert!(!content["rawHtml"].as_str().unwrap_or_default().contains("<script"), "{name}");
    }
    let mut told: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for frame in frames.iter().filter(|frame| frame["type"] == "chat") {
        told.entry(frame["message_id"].as_str().unwrap_or_default()).or_default().push(text(frame));
    }
    let (mut missing, mut seen) = (0, BTreeSet::new());
    for line in lines.iter().filter(|line| line.contains(" PRIVMSG #")) {
        let Some(id) = line.split(['@', ';', ' ']).find_map(|tag| tag.strip_prefix("id=")) else { continue };
        if !seen.insert(id) {
            // The same id once more is a repetition, and is told once.
            continue;
        }
        match told.get(id) {
            // What is told stands in the line, letter by letter.
            Some(texts) => assert!(texts.iter().any(|text| line.contains(text.trim_start())), "{name}: {id}"),
            None => missing += u32::from(!line.contains("rm-deleted=1")),
        }
    }
    // Recordings made of unit tests name an id for several messages, or delete before they say.
    assert!(missing * 20 <= lines.len() as u32, "{name}: {missing} of {} messages did not come", lines.len());
}
