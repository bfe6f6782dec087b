//! The history, end to end: a simulated Twitch, the real file, and commands over HTTP.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::path::PathBuf;

use polychat_server::{App, Config};
use polychat_testkit::twitch::{SimMessage, SimTwitch};
use reqwest::{Client as Http, StatusCode};
use serde_json::{Value, json};
use support::{Client, config};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("polychat-history-{name}-{}", std::process::id()));
        _ = std::fs::remove_dir_all(&folder);
        Self(folder)
    }

    fn config(&self, sim: &SimTwitch) -> Config {
        let mut config = config(sim);
        config.data_dir = Some(self.0.clone());
        config
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn call(app: &App, command: &str, request: Value) -> (StatusCode, Value) {
    _ = rustls::crypto::ring::default_provider().install_default();
    let http = Http::builder().no_proxy().build().unwrap();
    let asked = http.post(format!("http://{}/api/{command}", app.address())).bearer_auth(app.token());
    let answer = asked.json(&request).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// The texts that a search finds.
async fn texts(app: &App, query: Value) -> Vec<String> {
    let (status, page) = call(app, "search_history", query).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let text = |entry: &Value| entry["frame"]["data"]["content"]["raw"].as_str().unwrap_or("an event").to_owned();
    page["entries"].as_array().unwrap().iter().map(text).collect()
}

#[tokio::test]
async fn what_is_said_is_found_again_also_after_a_restart_and_what_is_deleted_is_not() {
    let sim = SimTwitch::start().await;
    // What is older than the history goes when it is opened.
    sim.use_clock();
    let folder = Folder::new("said");
    let app = App::start(folder.config(&sim)).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.watch_with("luna", json!({"include": ["moderation"]})).await;
    for text in ["the first dragon", "a lighthouse", "the second dragon"] {
        sim.say("luna", "ana", text);
        client.next_chat().await;
    }
    assert_eq!(texts(&app, json!({"text": "dragon"})).await, ["the second dragon", "the first dragon"]);
    let (_, page) = call(&app, "search_history", json!({"limit": 1})).await;
    assert_eq!(page["more"], true);
    let last = &page["entries"][0];
    assert_eq!(texts(&app, json!({"before": last["id"], "limit": 1})).await, ["a lighthouse"]);
    let deleted = last["frame"]["message_id"].as_str().unwrap();
    sim.send("luna", &SimMessage::delete(deleted, "ana", "the second dragon"));
    client.until(|frame| frame["type"] == "moderation").await;
    assert_eq!(texts(&app, json!({"text": "dragon"})).await, ["the first dragon"]);

    let (_, kept) = call(&app, "kept_history", json!({})).await;
    assert_eq!(kept["channels"], json!([{"platform": "twitch", "identifierType": "username", "identifier": "luna"}]));
    assert!(kept["since"].is_i64(), "{kept}");

    let user = last["frame"]["data"]["author"]["id"].clone();
    let ana = json!({"platform": "twitch", "id": user});
    let noted = json!({"platform": "twitch", "id": user, "note": "likes dragons"});
    assert_eq!(call(&app, "note_person", noted).await, (StatusCode::OK, json!({})));
    client.close().await;
    app.stop().await;

    let app = App::start(folder.config(&sim)).await.unwrap();
    assert_eq!(
        texts(&app, json!({"platform": "twitch", "channel": "luna"})).await,
        ["a lighthouse", "the first dragon"]
    );
    assert_eq!(texts(&app, json!({"platform": "twitch", "user": user})).await.len(), 2);
    assert_eq!(texts(&app, json!({"kind": "paid"})).await, [""; 0]);
    let (_, person) = call(&app, "person", ana).await;
    assert_eq!((&person["count"], &person["note"]), (&json!(2), &json!("likes dragons")), "{person}");
    app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_in_words_and_nothing_is_kept_when_it_is_off() {
    let sim = SimTwitch::start().await;
    let folder = Folder::new("asked");
    let app = App::start(folder.config(&sim)).await.unwrap();
    for (command, request, words) in [
        ("search_history", json!({"text": "x".repeat(201)}), "200 letters"),
        ("search_history", json!({"channel": "luna"}), "`platform`"),
        ("search_history", json!({"platform": "twitch", "user": ""}), "1 to 256"),
        ("search_history", json!({"kind": "all"}), "not what"),
        ("person", json!({"platform": "twitch", "id": "x".repeat(300)}), "1 to 256"),
        ("note_person", json!({"platform": "twitch", "id": "nobody", "note": "x"}), "Nothing of this person"),
        ("note_person", json!({"platform": "twitch", "id": "nobody", "note": "x".repeat(501)}), "500 letters"),
    ] {
        let (status, answer) = call(&app, command, request.clone()).await;
        assert!(status.is_client_error(), "{request}: {status}");
        assert!(answer["message"].as_str().unwrap().contains(words), "{request}: {answer}");
    }
    assert_eq!(call(&app, "person", json!({"platform": "twitch", "id": "nobody"})).await.1, Value::Null);
    app.stop().await;

    let folder = Folder::new("off");
    let mut config = folder.config(&sim);
    config.history.history = false;
    let app = App::start(config).await.unwrap();
    let (status, answer) = call(&app, "search_history", json!({})).await;
    assert!(status.is_client_error() && answer["message"].as_str().unwrap().contains("switched off"), "{answer}");
    assert!(!folder.0.join("history.sqlite3").exists());
    app.stop().await;
}
