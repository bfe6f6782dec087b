//! Hiding messages and people from overlays, end to end: commands over HTTP, and what pages are told over `/ws`.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use polychat_model::saved::{MAX_HIDDEN, MAX_HIDDEN_MESSAGES};
use polychat_server::App;
use polychat_testkit::twitch::SimTwitch;
use reqwest::{Client as Http, StatusCode};
use serde_json::{Value, json};
use support::{Client, config};

async fn call(app: &App, command: &str, request: &Value) -> (StatusCode, Value) {
    _ = rustls::crypto::ring::default_provider().install_default();
    let http = Http::builder().no_proxy().build().unwrap();
    let asked = http.post(format!("http://{}/api/{command}", app.address())).bearer_auth(app.token());
    let answer = asked.json(request).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn hide(app: &App, what: Value) {
    assert_eq!(call(app, "hide", &what).await, (StatusCode::OK, json!({})), "{what}");
}

async fn page(app: &App) -> Client {
    let mut page = Client::connect(app).await;
    page.send(json!({"type": "follow", "overlay": "main"})).await;
    page.until(|frame| frame["type"] == "saved").await;
    page
}

#[tokio::test]
async fn a_hidden_message_is_told_to_overlays_and_is_featured_no_more() {
    let twitch = SimTwitch::start().await;
    let app = App::start(config(&twitch)).await.unwrap();
    let mut page = page(&app).await;
    page.watch("luna").await;
    twitch.say("luna", "ana", "which game is next?");
    let message = page.next_chat().await;
    let key = format!("twitch event {}", message["event_id"].as_str().unwrap());
    let (status, answer) = call(&app, "feature", &json!({"do": "show", "message": message})).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    page.until(|frame| frame["stage"]["featured"]["key"] == *key).await;

    hide(&app, json!({"do": "message", "key": key})).await;
    let told = page.until(|frame| frame["type"] == "saved" && frame["stage"]["featured"].is_null()).await;
    assert_eq!((&told["stage"]["hidden"], &told["stage"]["takenAway"]), (&json!([key]), &json!(key)));
    hide(&app, json!({"do": "message", "key": key})).await;
    hide(&app, json!({"do": "show_message", "key": key})).await;
    let told = page.until(|frame| frame["type"] == "saved" && frame["stage"]["hidden"].is_null()).await;
    assert_eq!(told["stage"]["featured"], Value::Null, "it is not featured again by itself");

    for n in 0..=MAX_HIDDEN_MESSAGES {
        hide(&app, json!({"do": "message", "key": format!("twitch event {n}")})).await;
    }
    let (_, kept) = call(&app, "saved", &json!({})).await;
    let hidden = kept["stage"]["hidden"].as_array().unwrap();
    assert_eq!((hidden.len(), &hidden[0]), (MAX_HIDDEN_MESSAGES, &json!("twitch event 1")), "the first is forgotten");
    app.stop().await;
}

#[tokio::test]
async fn a_hidden_person_stays_hidden_over_a_restart_and_no_rule_features_them() {
    let twitch = SimTwitch::start().await;
    let folder = std::env::temp_dir().join(format!("polychat-hide-{}", std::process::id()));
    _ = std::fs::remove_dir_all(&folder);
    let start = async || {
        let mut config = config(&twitch);
        config.data_dir = Some(folder.clone());
        App::start(config).await.unwrap()
    };
    let app = start().await;
    call(&app, "add_channel", &json!({"platform": "twitch", "identifier": "luna"})).await;
    let rules =
        json!({"featured": {"seconds": 20, "follow": false, "paid": "off", "paidFrom": 0, "questions": "show"}});
    assert_eq!(call(&app, "change_settings", &rules).await.0, StatusCode::OK);
    let mut reader = page(&app).await;
    reader.watch("luna").await;
    twitch.say("luna", "ana", "which game is next?");
    let message = reader.next_chat().await;
    reader.until(|frame| frame["stage"]["featured"]["by"] == "question").await;
    let ana = json!({"platform": "twitch", "id": message["data"]["author"]["id"], "name": "ana"});
    let mut what = ana.clone();
    what["do"] = json!("person");
    hide(&app, what.clone()).await;
    let told = reader.until(|frame| frame["type"] == "saved" && frame["stage"]["featured"].is_null()).await;
    assert_eq!(told["hidden"], json!([ana]));
    twitch.say("luna", "ana", "and after that one?");
    twitch.say("luna", "bo", "may I ask something?");
    let told = reader.until(|frame| frame["type"] == "saved" && !frame["stage"]["featured"].is_null()).await;
    assert_eq!(told["stage"]["featured"]["message"]["data"]["author"]["username"], "bo");
    reader.close().await;
    app.stop().await;

    let app = start().await;
    let (_, kept) = call(&app, "saved", &json!({})).await;
    assert_eq!(kept["saved"]["settings"]["hidden"], json!([ana]));
    what["do"] = json!("show_person");
    hide(&app, what).await;
    let (_, kept) = call(&app, "saved", &json!({})).await;
    assert_eq!(kept["saved"]["settings"]["hidden"], json!([]));
    app.stop().await;
    _ = std::fs::remove_dir_all(&folder);
}

#[tokio::test]
async fn what_cannot_be_hidden_is_refused_in_words() {
    let twitch = SimTwitch::start().await;
    let app = App::start(config(&twitch)).await.unwrap();
    for n in 0..MAX_HIDDEN {
        hide(&app, json!({"do": "person", "platform": "twitch", "id": n.to_string(), "name": "x"})).await;
    }
    let person = |id: String| json!({"do": "person", "platform": "twitch", "id": id, "name": "x"});
    for (request, words) in [
        (person("one more".to_owned()), "500 people"),
        (person(String::new()), "512 letters"),
        (person("x".repeat(513)), "512 letters"),
        (json!({"do": "message", "key": ""}), "no message"),
        (json!({"do": "message", "key": "x".repeat(513)}), "no message"),
        (json!({"do": "delete"}), "not what"),
    ] {
        let (status, answer) = call(&app, "hide", &request).await;
        assert!(status.is_client_error(), "{request}: {status}");
        assert!(answer["message"].as_str().unwrap().contains(words), "{request}: {answer}");
    }
    hide(&app, person("7".to_owned())).await;
    app.stop().await;
}
