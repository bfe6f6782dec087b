//! Made-up things on overlays, end to end: a command over HTTP, and what the pages of the overlay are told over `/ws`.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use polychat_model::rehearsal::MAX_SAMPLES;
use polychat_server::App;
use polychat_testkit::twitch::SimTwitch;
use reqwest::{Client as Http, StatusCode};
use serde_json::{Value, json};
use support::{Client, PATIENCE, config};

async fn call(app: &App, request: Value) -> (StatusCode, Value) {
    _ = rustls::crypto::ring::default_provider().install_default();
    let http = Http::builder().no_proxy().build().unwrap();
    let asked = http.post(format!("http://{}/api/rehearse", app.address())).bearer_auth(app.token());
    let answer = asked.json(&request).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn page(app: &App, follow: Value) -> Client {
    let mut client = Client::connect(app).await;
    client.send(follow).await;
    client.until(|frame| frame["type"] == "saved").await;
    client
}

#[tokio::test]
async fn what_is_rehearsed_is_told_to_every_page_of_that_overlay_and_to_nobody_else() {
    let twitch = SimTwitch::start().await;
    let app = App::start(config(&twitch)).await.unwrap();
    let samples = json!([{"kind": "said", "of": "long"}, {"kind": "event", "of": "raid"}, {"kind": "deletion"}]);
    let asked = json!({"overlay": "main", "samples": samples});

    assert_eq!(call(&app, asked.clone()).await, (StatusCode::OK, json!({"pages": 0})), "nobody is there");
    let mut pages = [
        page(&app, json!({"type": "follow", "overlay": "main", "rehearsals": true})).await,
        page(&app, json!({"type": "follow", "overlay": "main", "rehearsals": true})).await,
    ];
    let mut others = [
        page(&app, json!({"type": "follow", "overlay": "main"})).await,
        page(&app, json!({"type": "follow", "overlay": "other", "rehearsals": true})).await,
        page(&app, json!({"type": "follow", "rehearsals": true})).await,
    ];
    assert_eq!(call(&app, asked.clone()).await, (StatusCode::OK, json!({"pages": 2})));
    for page in &mut pages {
        assert_eq!(page.next().await, json!({"type": "rehearsal", "samples": samples}));
    }
    for other in &mut others {
        // It is of another overlay, or did not ask.
        other.stays_quiet().await;
    }

    let [one, other] = pages;
    other.close().await;
    // The server sees it go in its own time.
    let seen = async { while call(&app, asked.clone()).await.1["pages"] != 1 {} };
    tokio::time::timeout(PATIENCE, seen).await.unwrap();
    one.close().await;
    app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_rehearsed_is_refused_in_words() {
    let twitch = SimTwitch::start().await;
    let app = App::start(config(&twitch)).await.unwrap();
    let next = json!({"kind": "next"});
    for (request, words) in [
        (json!({"overlay": "nowhere", "samples": [next]}), "no overlay"),
        (json!({"overlay": "main", "samples": []}), "what to show"),
        (json!({"overlay": "main", "samples": vec![next.clone(); MAX_SAMPLES + 1]}), "60 things"),
        (json!({"overlay": "main", "samples": [{"kind": "said", "of": "<script>"}]}), "not what"),
        (json!({"overlay": "main", "samples": [{"kind": "event"}]}), "not what"),
        (json!({"overlay": "main", "samples": [{"kind": "chat", "of": {"text": "anything"}}]}), "not what"),
    ] {
        let (status, answer) = call(&app, request.clone()).await;
        assert!(status.is_client_error(), "{request}: {status}");
        assert!(answer["message"].as_str().unwrap().contains(words), "{request}: {answer}");
    }
    app.stop().await;
}
