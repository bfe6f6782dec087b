//! Featured messages, end to end: a simulated Twitch, commands over HTTP, what followers are told over `/ws`, and what moderators
//! take away.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::pin::Pin;

use polychat_server::App;
use polychat_testkit::twitch::{SimMessage, SimTwitch};
use reqwest::{Client as Http, StatusCode};
use serde_json::{Value, json};
use support::{Client, config, serve};

/// A server with a channel that is followed and read, a client that reads it, and one that follows what is saved.
struct World {
    sim: SimTwitch,
    app: App,
    chat: Client,
    follower: Client,
    /// The stage that the follower was told last.
    seen: Value,
}

impl World {
    async fn new(channel: &'static str) -> Self {
        let sim = SimTwitch::start().await;
        let app = Box::pin(serve(&sim)).await;
        Self::around(sim, app, channel).await
    }

    /// Boxed: it is large.
    fn around(sim: SimTwitch, app: App, channel: &'static str) -> Pin<Box<dyn Future<Output = Self>>> {
        Box::pin(async move {
            let mut chat = Client::connect(&app).await;
            chat.watch_with(channel, json!({"include": ["events", "moderation"]})).await;
            let mut follower = Client::connect(&app).await;
            follower.send(json!({"type": "follow"})).await;
            let first = follower.next().await;
            let seen = first["stage"].clone();
            let mut world = Self { sim, app, chat, follower, seen };
            if first["channels"] == json!([]) {
                world.done("add_channel", json!({"platform": "twitch", "identifier": channel})).await;
                world.follower.until(|frame| frame["channels"][0]["identifier"] == channel).await;
            }
            world
        })
    }

    async fn call(&self, command: &str, request: Value) -> (StatusCode, Value) {
        _ = rustls::crypto::ring::default_provider().install_default();
        let http = Http::builder().no_proxy().build().unwrap();
        let asked = http.post(format!("http://{}/api/{command}", self.app.address())).bearer_auth(self.app.token());
        let answer = asked.body(request.to_string()).send().await.unwrap();
        (answer.status(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }

    async fn done(&self, command: &str, request: Value) -> Value {
        let (status, answer) = self.call(command, request).await;
        assert_eq!(status, StatusCode::OK, "{command}: {answer}");
        answer
    }

    /// What everybody is told, too.
    async fn feature(&mut self, what: Value) -> Value {
        let stage = self.done("feature", what).await;
        self.told(&stage).await;
        stage
    }

    async fn told(&mut self, stage: &Value) {
        while self.seen != *stage {
            self.seen = self.follower.next().await["stage"].clone();
        }
    }

    /// The code and the sentence with which it is refused.
    async fn refused(&self, what: Value) -> (Value, String) {
        let (status, answer) = self.call("feature", what).await;
        assert!(status.is_client_error(), "{answer}");
        let message = answer["message"].as_str().unwrap();
        assert!(message.ends_with('.') && !message.contains('!'), "a sentence: {message}");
        (answer["code"].clone(), message.to_owned())
    }

    /// Says something, and the frame that it became.
    async fn said(&mut self, channel: &str, message: &SimMessage) -> Value {
        self.sim.send(channel, message);
        self.chat.next_chat().await
    }

    /// Rules for what is featured by itself.
    async fn rules(&self, change: Value) {
        let mut rules = json!({"seconds": 600, "follow": false, "paid": "off", "paidFrom": 0, "questions": "off"});
        for (name, value) in change.as_object().unwrap() {
            rules[name] = value.clone();
        }
        self.done("change_settings", json!({"featured": rules})).await;
    }

    /// Waits until the stage is told to be as wanted.
    async fn stage(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        while !wanted(&self.seen) {
            self.seen = self.follower.next().await["stage"].clone();
        }
        self.seen.clone()
    }
}

fn text(stage: &Value) -> &str {
    stage["featured"]["message"]["data"]["content"]["raw"].as_str().unwrap_or_default()
}

fn queue(stage: &Value) -> Vec<&str> {
    let waiting = stage["queue"].as_array().map(Vec::as_slice).unwrap_or_default();
    waiting.iter().map(|item| item["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_is_featured_is_told_to_everybody_and_to_those_who_come_later() {
    let mut world = World::new("feat_told").await;
    let frame = world.said("feat_told", &SimMessage::chat("look at me").from("alice")).await;
    let stage = world.feature(json!({"do": "show", "message": frame, "pinned": true})).await;
    assert_eq!(
        (text(&stage), &stage["featured"]["pinned"], &stage["featured"]["until"]),
        ("look at me", &json!(true), &json!(null))
    );
    assert_eq!(stage["featured"]["key"], format!("twitch event {}", frame["event_id"].as_str().unwrap()));
    // A page that is loaded anew, as OBS does.
    let mut late = Client::connect(&world.app).await;
    late.send(json!({"type": "follow", "overlay": "main"})).await;
    assert_eq!(late.next().await["stage"]["featured"], stage["featured"]);
    assert_eq!(world.done("saved", json!({})).await["stage"], stage);
    let timed = world.feature(json!({"do": "pin", "on": false})).await;
    assert!(timed["featured"]["until"].as_i64().unwrap() > 1_700_000_000_000);
    world.feature(json!({"do": "clear"})).await;
    late.until(|frame| frame["stage"]["featured"].is_null()).await;
    assert_eq!(world.refused(json!({"do": "pin", "on": true})).await.0, "NOT_FOUND");
    world.app.stop().await;
}

#[tokio::test]
async fn the_channels_own_copy_counts_and_hostile_requests_are_refused() {
    let mut world = World::new("feat_hostile").await;
    let frame = world.said("feat_hostile", &SimMessage::chat("what I wrote").from("alice")).await;
    let with = |path: &str, value: Value| {
        let mut changed = frame.clone();
        *changed.pointer_mut(path).unwrap() = value;
        changed
    };
    let forged = with("/data/content/raw", json!("what I never wrote"));
    assert_eq!(text(&world.feature(json!({"do": "show", "message": forged})).await), "what I wrote");
    let mut long = with("/event_id", json!("tw:unknown"));
    long["data"]["content"]["raw"] = json!("x".repeat(200_000));
    let mut extra = frame.clone();
    extra["onload"] = json!("alert(1)");
    for (request, why) in [
        (json!({"do": "explode"}), "no such thing"),
        (json!({"do": "show"}), "no message"),
        (json!({"do": "show", "message": 7}), "a number"),
        (json!({"do": "show", "message": {"type": "status", "status": "started"}}), "a status"),
        (json!({"do": "show", "message": extra}), "a field too many"),
        (json!({"do": "show", "message": with("/event_id", json!(""))}), "no id"),
        (json!({"do": "show", "message": with("/event_id", json!("x".repeat(600)))}), "a long id"),
        (json!({"do": "show", "message": with("/data/author", json!(null))}), "nobody"),
        (json!({"do": "show", "message": long}), "a very long message"),
        (json!({"do": "order", "keys": vec!["x"; 51]}), "too many names"),
        (json!([]), "a list"),
    ] {
        assert_eq!(world.refused(request).await.0, "INVALID_REQUEST", "{why}");
    }
    let elsewhere = with("/identifier", json!("somebody_else"));
    let (code, sentence) = world.refused(json!({"do": "show", "message": elsewhere})).await;
    assert_eq!(code, "NOT_FOUND");
    assert!(sentence.contains("not read"), "{sentence}");
    assert_eq!(world.refused(json!({"do": "show_queued", "key": "nothing"})).await.0, "NOT_FOUND");
    let stage = world.done("saved", json!({})).await["stage"].clone();
    assert_eq!(text(&stage), "what I wrote", "what was refused changes nothing");
    // Older than what the channel remembers: then the page's copy is all there is, and it is told as text.
    let mut old = with("/event_id", json!("tw:long-ago"));
    old["message_id"] = json!("long-ago");
    old["data"]["content"]["elements"][0]["value"] = json!("<script>alert(1)</script>");
    let stage = world.feature(json!({"do": "show", "message": old})).await;
    let html = stage["featured"]["message"]["data"]["content"]["rawHtml"].as_str().unwrap();
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
    world.sim.send("feat_hostile", &SimMessage::delete("long-ago", "alice", "x"));
    world.stage(|stage| stage["featured"].is_null()).await;
    world.app.stop().await;
}

#[tokio::test]
async fn what_moderators_take_away_goes_from_stage_and_queue_at_once() {
    let mut world = World::new("feat_mods").await;
    let mut frames = Vec::new();
    for (id, user, said) in [
        ("1", "mallory", "deleted"),
        ("2", "mallory", "waits and is deleted"),
        ("3", "trudy", "banned"),
        ("4", "trudy", "waits and is banned"),
        ("5", "alice", "cleared"),
        ("6", "alice", "waits and is cleared"),
    ] {
        frames.push(world.said("feat_mods", &SimMessage::chat(said).from(user).id(id)).await);
    }
    for at in [1, 3, 5] {
        world.feature(json!({"do": "queue", "message": frames[at]})).await;
    }
    let stage = world.feature(json!({"do": "show", "message": frames[0], "pinned": true})).await;
    assert_eq!((text(&stage), queue(&stage).len()), ("deleted", 3));
    world.sim.send("feat_mods", &SimMessage::delete("2", "mallory", "x"));
    let stage = world.stage(|stage| queue(stage).len() == 2).await;
    assert_eq!(text(&stage), "deleted", "and the other one stays");
    world.sim.send("feat_mods", &SimMessage::delete("1", "mallory", "x"));
    let stage = world.stage(|stage| stage["featured"].is_null()).await;
    assert_eq!(
        stage["takenAway"],
        format!("twitch event {}", frames[0]["event_id"].as_str().unwrap()),
        "without a farewell"
    );

    world.feature(json!({"do": "show", "message": frames[2], "pinned": true})).await;
    world.sim.send("feat_mods", &SimMessage::purge("trudy", Some(600)));
    let stage = world.stage(|stage| stage["featured"].is_null() && queue(stage).len() == 1).await;
    assert_eq!(queue(&stage), ["waits and is cleared"]);

    world.feature(json!({"do": "show", "message": frames[4], "pinned": true})).await;
    world.sim.send("feat_mods", &SimMessage::clear());
    world.stage(|stage| stage["featured"].is_null() && queue(stage).is_empty()).await;

    // A click that was a moment too late.
    for (at, why) in [(0, "deleted"), (2, "its author was timed out"), (4, "the room was cleared")] {
        let (code, sentence) = world.refused(json!({"do": "show", "message": frames[at]})).await;
        assert_eq!(code, "NOT_FOUND", "{why}");
        assert!(sentence.contains("taken that message away"), "{sentence}");
    }
    let later = world.said("feat_mods", &SimMessage::chat("said afterwards").from("trudy")).await;
    assert_eq!(text(&world.feature(json!({"do": "show", "message": later})).await), "said afterwards");
    world.app.stop().await;
}

#[tokio::test]
async fn the_queue_is_ordered_bounded_and_shown_one_by_one() {
    let mut world = World::new("feat_queue").await;
    let mut keys = Vec::new();
    for n in 0..50 {
        let frame = world.said("feat_queue", &SimMessage::chat(&format!("message {n}")).from("alice")).await;
        let stage = world.feature(json!({"do": "queue", "message": frame})).await;
        keys.push(stage["queue"][n]["key"].clone());
        if n == 0 {
            let again = world.feature(json!({"do": "queue", "message": frame})).await;
            assert_eq!(queue(&again).len(), 1, "once");
        }
    }
    let frame = world.said("feat_queue", &SimMessage::chat("one more").from("alice")).await;
    assert_eq!(world.refused(json!({"do": "queue", "message": frame})).await.0, "TOO_MANY");
    assert_eq!(
        text(&world.feature(json!({"do": "show", "message": frame})).await),
        "one more",
        "shown at once it needs no room"
    );
    let stage = world.feature(json!({"do": "order", "keys": [keys[2], "not there", keys[1]]})).await;
    assert_eq!(queue(&stage)[..4], ["message 2", "message 1", "message 0", "message 3"]);
    let stage = world.feature(json!({"do": "next"})).await;
    assert_eq!((text(&stage), queue(&stage)[0], queue(&stage).len()), ("message 2", "message 1", 49));
    let stage = world.feature(json!({"do": "show_queued", "key": keys[9]})).await;
    assert_eq!((text(&stage), queue(&stage).len()), ("message 9", 48));
    let stage = world.feature(json!({"do": "remove", "key": keys[1]})).await;
    assert_eq!((queue(&stage)[0], queue(&stage).len()), ("message 0", 47));
    let stage = world.feature(json!({"do": "empty"})).await;
    assert_eq!((text(&stage), queue(&stage).len()), ("message 9", 0), "what is shown stays");
    assert!(world.feature(json!({"do": "next"})).await["featured"].is_null(), "after the last one comes nothing");
    world.app.stop().await;
}

#[tokio::test]
async fn its_time_is_over_by_itself_and_the_next_one_follows_if_that_is_wanted() {
    let mut world = World::new("feat_time").await;
    world.rules(json!({"seconds": 3, "follow": true})).await;
    let first = world.said("feat_time", &SimMessage::chat("first").from("alice")).await;
    let second = world.said("feat_time", &SimMessage::chat("second").from("alice")).await;
    world.feature(json!({"do": "queue", "message": second})).await;
    world.feature(json!({"do": "show", "message": first})).await;
    world.stage(|stage| text(stage) == "first").await;
    world.stage(|stage| text(stage) == "second").await;
    // A pinned one has all the time of the world.
    world.feature(json!({"do": "pin", "on": true})).await;
    tokio::time::sleep(std::time::Duration::from_millis(3_500)).await;
    assert_eq!(text(&world.done("saved", json!({})).await["stage"]), "second");
    world.feature(json!({"do": "pin", "on": false})).await;
    world.stage(|stage| stage["featured"]["pinned"] == false).await;
    let stage = world.stage(|stage| stage["featured"].is_null()).await;
    assert!(stage["takenAway"].is_null(), "with a farewell");
    for rules in
        [json!({"seconds": 2}), json!({"seconds": 601}), json!({"paidFrom": 1_000_001}), json!({"paid": "always"})]
    {
        let (status, answer) = world.call("change_settings", json!({"featured": rules})).await;
        assert_eq!((status, &answer["code"]), (StatusCode::BAD_REQUEST, &json!("INVALID_REQUEST")), "{rules}");
    }
    world.app.stop().await;
}

#[tokio::test]
async fn payments_and_questions_come_by_themselves_from_channels_that_are_followed() {
    let mut world = World::new("feat_rules").await;
    world.said("feat_rules", &SimMessage::chat("before there were rules?").from("alice")).await;
    world.rules(json!({"paid": "show", "paidFrom": 200, "questions": "queue"})).await;
    world.said("feat_rules", &SimMessage::chat("no question").from("alice")).await;
    world.said("feat_rules", &SimMessage::chat("what now?").from("nightbot")).await;
    world.said("feat_rules", &SimMessage::chat("cheer100 too little").from("bob").bits(100)).await;
    world.said("feat_rules", &SimMessage::chat("what now?").from("alice")).await;
    let stage = world.stage(|stage| !queue(stage).is_empty()).await;
    assert_eq!(
        (queue(&stage), &stage["queue"][0]["by"], &stage["featured"]),
        (vec!["what now?"], &json!("question"), &json!(null))
    );
    world.said("feat_rules", &SimMessage::chat("cheer300 enough").from("bob").bits(300)).await;
    let stage = world.stage(|stage| !stage["featured"].is_null()).await;
    assert_eq!((text(&stage), &stage["featured"]["by"], queue(&stage).len()), ("cheer300 enough", &json!("paid"), 1));
    world.said("feat_rules", &SimMessage::chat("cheer500 waits its turn").from("carol").bits(500)).await;
    let stage = world.stage(|stage| queue(stage).len() == 2).await;
    assert_eq!((text(&stage), &stage["queue"][1]["shows"]), ("cheer300 enough", &json!(true)));
    // A person takes it down: nothing follows behind their back. With the next payment, the one that waited longest comes.
    assert!(world.feature(json!({"do": "clear"})).await["featured"].is_null());
    world.said("feat_rules", &SimMessage::chat("cheer400 the last").from("dora").bits(400)).await;
    let stage = world.stage(|stage| text(stage) == "cheer500 waits its turn").await;
    assert_eq!(queue(&stage), ["what now?", "cheer400 the last"]);

    // Somebody reads another channel, which is not followed.
    let mut other = Client::connect(&world.app).await;
    other.watch("feat_other").await;
    world.sim.say("feat_other", "alice", "and here?");
    other.next_chat().await;
    // A flood of questions leaves room for those that somebody chooses.
    world.feature(json!({"do": "empty"})).await;
    for n in 0..40 {
        world.said("feat_rules", &SimMessage::chat(&format!("question {n}?")).from("alice")).await;
    }
    let stage = world.done("saved", json!({})).await["stage"].clone();
    assert_eq!(queue(&stage).len(), 30);
    assert!(!queue(&stage).contains(&"and here?"));
    world.app.stop().await;
}

#[tokio::test]
async fn clearing_overlays_and_leaving_a_channel_take_it_down() {
    let mut world = World::new("feat_leave").await;
    let frame = world.said("feat_leave", &SimMessage::chat("here").from("alice")).await;
    let other = world.said("feat_leave", &SimMessage::chat("waits").from("alice")).await;
    world.feature(json!({"do": "show", "message": frame, "pinned": true})).await;
    world.feature(json!({"do": "queue", "message": other})).await;
    let stage = world.done("change_stage", json!({"clear": true})).await;
    world.told(&stage).await;
    assert_eq!((&stage["featured"], queue(&stage)), (&json!(null), vec!["waits"]), "viewers see nothing of what waits");
    world.feature(json!({"do": "show", "message": frame, "pinned": true})).await;
    let paused = json!({"platform": "twitch", "identifier": "feat_leave", "paused": true});
    world.done("change_channel", paused).await;
    let stage = world.stage(|stage| stage["featured"].is_null() && queue(stage).is_empty()).await;
    assert!(!stage["takenAway"].is_null());
    world.app.stop().await;
}

#[tokio::test]
async fn overlays_hear_of_what_is_shown_and_not_of_what_waits() {
    let mut world = World::new("feat_overlay").await;
    let frame = world.said("feat_overlay", &SimMessage::chat("one").from("alice")).await;
    let other = world.said("feat_overlay", &SimMessage::chat("two").from("alice")).await;
    let mut overlay = Client::connect(&world.app).await;
    overlay.send(json!({"type": "follow", "overlay": "main"})).await;
    overlay.next().await;
    world.feature(json!({"do": "queue", "message": frame})).await;
    world.stage(|stage| queue(stage).len() == 1).await;
    overlay.stays_quiet().await;
    world.feature(json!({"do": "show", "message": other})).await;
    let told = overlay.next().await;
    assert_eq!((text(&told["stage"]), &told["stage"]["queue"]), ("two", &json!(null)));
    world.app.stop().await;
}

#[tokio::test]
async fn after_a_restart_nothing_is_featured_and_the_rules_are_there() {
    let folder = std::env::temp_dir().join(format!("polychat-featured-{}", std::process::id()));
    _ = std::fs::remove_dir_all(&folder);
    let sim = SimTwitch::start().await;
    let mut settings = config(&sim);
    settings.data_dir = Some(folder.clone());
    let app = App::start(settings.clone()).await.unwrap();
    let mut world = World::around(sim, app, "feat_again").await;
    world.rules(json!({"seconds": 30, "questions": "queue"})).await;
    let frame = world.said("feat_again", &SimMessage::chat("here").from("alice")).await;
    world.feature(json!({"do": "show", "message": frame, "pinned": true})).await;
    world.app.stop().await;
    let app = App::start(settings).await.unwrap();
    let world = World::around(world.sim, app, "feat_again").await;
    let saved = world.done("saved", json!({})).await;
    assert_eq!(
        saved["stage"],
        json!({"paused": false, "clearedAt": 0, "featured": null}),
        "a deletion meanwhile was not heard"
    );
    assert_eq!(saved["saved"]["settings"]["featured"]["seconds"], 30);
    assert_eq!(saved["saved"]["settings"]["featured"]["questions"], "queue");
    world.app.stop().await;
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn the_dock_has_the_token_for_a_person_on_this_computer_and_the_featured_page_never_has() {
    let world = World::new("feat_pages").await;
    let http = Http::builder().no_proxy().build().unwrap();
    let get = async |path: &str, headers: &[(&str, &str)]| {
        let mut asked = http.get(format!("http://{}{path}", world.app.address()));
        for (name, value) in headers {
            asked = asked.header(*name, *value);
        }
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer
    };
    for path in ["/dock", "/dock/", "/history", "/history/", "/statistics", "/statistics/"] {
        let page = get(path, &[]).await;
        assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'self'"));
        assert!(page.text().await.unwrap().contains(world.app.token()), "{path}");
        let asked = get(path, &[("sec-fetch-dest", "empty")]).await.text().await.unwrap();
        assert!(!asked.contains(world.app.token()), "{path}");
        let elsewhere = get(path, &[("x-forwarded-for", "203.0.113.7")]).await.text().await.unwrap();
        assert!(!elsewhere.contains(world.app.token()), "{path}");
    }
    for path in ["/featured", "/featured/"] {
        let page = get(path, &[]).await;
        assert!(
            page.headers()["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("style-src 'self' 'unsafe-inline' https:")
        );
        assert!(!page.text().await.unwrap().contains(world.app.token()));
    }
    world.app.stop().await;
}
