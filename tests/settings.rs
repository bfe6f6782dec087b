//! What a person has set, end to end: commands over HTTP, what they change over `/ws`, and what is there after a restart.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use polychat_model::command::CommandErrorCode;
use polychat_model::saved::HotkeyAction;
use polychat_server::{App, Config};
use polychat_testkit::twitch::SimTwitch;
use reqwest::{Client as Http, StatusCode};
use serde_json::{Value, json};
use support::{Client, config};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A folder for files, removed at the end of its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("polychat-settings-{name}-{}", std::process::id()));
        _ = std::fs::remove_dir_all(&folder);
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

fn config_in(sim: &SimTwitch, folder: &Folder) -> Config {
    let mut config = config(sim);
    config.data_dir = Some(folder.0.clone());
    config
}

fn http() -> Http {
    _ = rustls::crypto::ring::default_provider().install_default();
    Http::builder().no_proxy().build().unwrap()
}

/// A command with the token.
async fn call(app: &App, command: &str, request: &Value) -> (StatusCode, Value) {
    call_with(app, command, request, &[("authorization", &format!("Bearer {}", app.token()))]).await
}

async fn call_with(app: &App, command: &str, request: &Value, headers: &[(&str, &str)]) -> (StatusCode, Value) {
    let mut asked = http().post(format!("http://{}/api/{command}", app.address())).body(request.to_string());
    for (name, value) in headers {
        asked = asked.header(*name, *value);
    }
    let answer = asked.send().await.unwrap();
    let status = answer.status();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap())
}

/// A command that must be carried out.
async fn done(app: &App, command: &str, request: Value) -> Value {
    let (status, answer) = call(app, command, &request).await;
    assert_eq!(status, StatusCode::OK, "{command}: {answer}");
    answer
}

/// The code with which a command is refused.
async fn refused(app: &App, command: &str, request: Value) -> Value {
    let (status, answer) = call(app, command, &request).await;
    assert!(status.is_client_error(), "{command}: {answer}");
    let message = answer["message"].as_str().unwrap();
    assert!(message.ends_with('.') && !message.contains('!'), "a sentence: {message}");
    answer["code"].clone()
}

fn names(saved: &Value) -> Vec<&str> {
    saved["channels"].as_array().unwrap().iter().map(|channel| channel["identifier"].as_str().unwrap()).collect()
}

fn twitch(identifier: &str) -> Value {
    json!({"platform": "twitch", "identifier": identifier})
}

#[tokio::test]
async fn channels_are_added_once_ordered_paused_and_removed() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("channels"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    let added = done(&app, "add_channel", twitch(" @Some_Channel ")).await;
    let canonical =
        json!({"platform": "twitch", "identifier": "some_channel", "identifierType": "username", "paused": false});
    assert_eq!(added, canonical);
    assert_eq!(done(&app, "add_channel", twitch("https://www.twitch.tv/some_channel")).await, canonical, "the same");
    done(&app, "add_channel", json!({"platform": "youtube", "identifier": "@other"})).await;
    done(&app, "add_channel", twitch("third")).await;
    let saved = done(&app, "saved", json!({})).await;
    assert_eq!(names(&saved["saved"]), ["some_channel", "other", "third"]);
    assert_eq!(saved["platforms"], json!(["youtube", "tiktok", "twitch"]));
    assert_eq!((&saved["demo"], &saved["notices"]), (&json!(false), &json!([])));
    let ordered = done(&app, "order_channels", json!([twitch("third"), twitch("not_there")])).await;
    assert_eq!(names(&ordered), ["third", "some_channel", "other"]);
    let paused = json!({"platform": "twitch", "identifier": "Third", "paused": true});
    assert_eq!(done(&app, "change_channel", paused).await["channels"][0]["paused"], true);
    assert_eq!(names(&done(&app, "remove_channel", twitch("some_channel")).await), ["third", "other"]);
    assert_eq!(refused(&app, "remove_channel", twitch("some_channel")).await, "NOT_FOUND");
    app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_words() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("refused"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    for (command, request, code) in [
        ("make_coffee", json!({}), "UNKNOWN_COMMAND"),
        ("add_channel", json!([]), "INVALID_REQUEST"),
        ("add_channel", twitch("not a name"), "INVALID_REQUEST"),
        ("add_channel", json!({"platform": "kick", "identifier": "a"}), "INVALID_REQUEST"),
        ("change_overlay", json!({"name": "../main"}), "INVALID_REQUEST"),
        ("change_overlay", json!({"name": "main", "values": {"css": "x".repeat(65 * 1024)}}), "INVALID_REQUEST"),
        ("change_overlay", json!({"name": "new", "window": {"opacity": 5}}), "INVALID_REQUEST"),
        ("remove_overlay", json!({"name": "main"}), "INVALID_REQUEST"),
        ("remove_overlay", json!({"name": "nobody"}), "NOT_FOUND"),
        ("change_settings", json!({"hotkeys": {"lock": "x".repeat(65)}}), "INVALID_REQUEST"),
        ("change_settings", json!({"hotkeys": {"explode": "F1"}}), "INVALID_REQUEST"),
        ("change_settings", json!({"language": "../id"}), "INVALID_REQUEST"),
        ("change_settings", json!({"language": "abc-".repeat(20)}), "INVALID_REQUEST"),
        ("import", json!({"text": "no file of ours"}), "INVALID_REQUEST"),
        ("import", json!({"text": json!({"polychat": 2, "saved": {}}).to_string()}), "INVALID_REQUEST"),
    ] {
        assert_eq!(refused(&app, command, request.clone()).await, code, "{command} {request:.80}");
    }
    let headers = [("authorization", &*format!("Bearer {}", app.token()))];
    let large = json!({"text": "x".repeat(5 * 1024 * 1024)});
    assert_eq!(call_with(&app, "import", &large, &headers).await.1["code"], "INVALID_REQUEST");
    let no_json = http().post(format!("http://{}/api/saved", app.address())).bearer_auth(app.token()).body("{");
    assert_eq!(no_json.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    app.stop().await;
}

fn neon(name: &str) -> Value {
    json!({"name": name, "base": "neon", "values": {"fontSize": 22}, "css": "#message { color: red }"})
}

#[tokio::test]
async fn a_look_is_made_changed_told_to_every_page_that_wears_it_and_taken_away() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("looks"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    let mut page = Client::connect(&app).await;
    page.send(json!({"type": "follow", "overlay": "main"})).await;
    assert_eq!(page.next().await["looks"], json!([]));
    let added = done(&app, "add_look", neon("My neon!")).await;
    assert_eq!((&added["id"], &added["values"]), (&json!("my-neon"), &json!({"fontSize": 22})));
    assert_eq!(done(&app, "add_look", neon("My neon")).await["id"], "my-neon-2", "ids are found, never taken away");
    done(&app, "change_overlay", json!({"name": "main", "look": "my-neon"})).await;
    done(&app, "change_overlay", json!({"name": "side", "look": "my-neon", "values": {"limit": 5}})).await;
    let told = until_told(&mut page, |told| told["looks"][0]["id"] == "my-neon").await;
    assert_eq!(told["looks"].as_array().unwrap().len(), 1, "only the look that it wears: {told}");
    let mut changed = added.clone();
    (changed["name"], changed["css"]) = (json!("Other"), json!("#message { color: blue }"));
    done(&app, "change_look", changed.clone()).await;
    let told = until_told(&mut page, |told| told["looks"][0]["name"] == "Other").await;
    assert_eq!(told["looks"], json!([changed]));

    let mut all = Client::connect(&app).await;
    all.send(json!({"type": "follow"})).await;
    assert_eq!(all.next().await["looks"].as_array().unwrap().len(), 2);
    let mut by_address = Client::connect(&app).await;
    by_address.send(json!({"type": "follow", "overlay": "other", "look": "my-neon-2"})).await;
    assert_eq!(by_address.next().await["looks"][0]["id"], "my-neon-2");

    let saved = done(&app, "remove_look", json!({"id": "my-neon"})).await;
    let overlays: Vec<_> = saved["overlays"].as_array().unwrap().iter().map(|o| (&o["look"], &o["values"])).collect();
    assert_eq!(overlays, [(&json!("neon"), &json!({})), (&json!("neon"), &json!({"limit": 5}))], "what it was made of");
    until_told(&mut page, |told| told["overlays"][0]["look"] == "neon" && told["looks"] == json!([])).await;
    assert_eq!(refused(&app, "remove_look", json!({"id": "my-neon"})).await, "NOT_FOUND");
    assert_eq!(refused(&app, "change_look", changed).await, "NOT_FOUND");
    app.stop().await;

    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    let saved = done(&app, "saved", json!({})).await;
    assert_eq!(saved["saved"]["looks"].as_array().unwrap().len(), 1);
    let file = done(&app, "export", json!({})).await;
    done(&app, "remove_look", json!({"id": "my-neon-2"})).await;
    assert_eq!(done(&app, "import", file).await["looks"][0]["id"], "my-neon-2", "a file has the looks, too");
    app.stop().await;
}

/// The next `saved` frame that is so.
async fn until_told(page: &mut Client, is: impl Fn(&Value) -> bool) -> Value {
    loop {
        let told = page.next().await;
        if is(&told) {
            return told;
        }
    }
}

#[tokio::test]
async fn looks_that_cannot_be_are_refused_and_so_is_one_too_many() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("looks-refused"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    let with = |field: &str, value: Value| {
        let mut look = neon("Mine");
        look[field] = value;
        look
    };
    for request in [
        json!({}),
        json!([]),
        with("name", json!("")),
        with("name", json!("x".repeat(61))),
        with("base", json!("my-other")),
        with("values", json!({"fontSize": "url(x)"})),
        with("values", json!({"nothing": 1})),
        with("values", json!({"css": "a"})),
        with("css", json!("x".repeat(65 * 1024))),
        with("css", json!(["a"])),
    ] {
        assert_eq!(refused(&app, "add_look", request.clone()).await, "INVALID_REQUEST", "{request:.80}");
    }
    let mut own = done(&app, "add_look", neon("Mine")).await;
    own["values"] = json!({"opacity": 2});
    assert_eq!(refused(&app, "change_look", own).await, "INVALID_REQUEST");
    for n in 1..40 {
        done(&app, "add_look", neon(&format!("Look {n}"))).await;
    }
    assert_eq!(refused(&app, "add_look", neon("One more")).await, "TOO_MANY");
    let file = |looks: Value| json!({"text": json!({"polychat": 1, "saved": {"looks": looks}}).to_string()});
    let kept = |id: &str| {
        let mut look = neon("Mine");
        look["id"] = json!(id);
        look
    };
    for looks in [json!([kept("neon")]), json!([kept("a"), kept("a")]), json!([neon("no id")])] {
        assert_eq!(refused(&app, "import", file(looks.clone())).await, "INVALID_REQUEST", "{looks}");
    }
    let many: Vec<_> = (0..41).map(|n| kept(&format!("look-{n}"))).collect();
    assert_eq!(refused(&app, "import", file(json!(many))).await, "TOO_MANY");
    app.stop().await;
}

#[tokio::test]
async fn all_looks_together_are_no_more_than_pages_can_be_told() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("looks-large"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    let mut page = Client::connect(&app).await;
    page.send(json!({"type": "follow"})).await;
    page.next().await;
    let large = |n: usize| {
        let mut look = neon(&format!("Look {n}"));
        look["css"] = json!("x".repeat(60 * 1024));
        look
    };
    for n in 0..17 {
        done(&app, "add_look", large(n)).await;
    }
    assert_eq!(refused(&app, "add_look", large(17)).await, "TOO_MANY");
    let told = until_told(&mut page, |told| told["looks"].as_array().unwrap().len() == 17).await;
    assert_eq!(told["looks"][16]["css"].as_str().unwrap().len(), 60 * 1024, "a page is told all of it");
    app.stop().await;
}

#[tokio::test]
async fn there_are_no_more_channels_and_overlays_than_there_may_be() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("bounds"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    for n in 0..50 {
        done(&app, "add_channel", twitch(&format!("channel_{n}"))).await;
    }
    assert_eq!(refused(&app, "add_channel", twitch("one_more")).await, "TOO_MANY");
    assert_eq!(done(&app, "add_channel", twitch("channel_7")).await["identifier"], "channel_7", "one that is there");
    for n in 1..20 {
        done(&app, "change_overlay", json!({"name": format!("overlay-{n}")})).await;
    }
    assert_eq!(refused(&app, "change_overlay", json!({"name": "one-more"})).await, "TOO_MANY");
    app.stop().await;
}

#[tokio::test]
async fn an_overlay_keeps_its_window_when_its_look_changes() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("overlay"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    let place = json!({"arrangement": "1920x1080+0+0@1", "x": 5, "y": 6, "width": 400, "height": 600});
    app.commands()
        .change_window("main", |window| {
            window.locked = true;
            window.places = vec![serde_json::from_value(place.clone()).unwrap()];
        })
        .unwrap();
    assert_eq!(
        app.commands().change_window("main", |w| w.opacity = 0).unwrap_err().code,
        CommandErrorCode::InvalidRequest
    );
    let changed = json!({"name": "main", "look": "neon", "values": {"fontSize": 22}});
    let saved = done(&app, "change_overlay", changed).await;
    let main = &saved["overlays"][0];
    assert_eq!((&main["look"], &main["values"]), (&json!("neon"), &json!({"fontSize": 22})));
    assert_eq!((&main["window"]["locked"], &main["window"]["places"]), (&json!(true), &json!([place])));
    app.stop().await;
}

#[tokio::test]
async fn settings_that_are_not_named_stay() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("parts"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    done(
        &app,
        "change_settings",
        json!({"tiktokPage": true, "lookForUpdates": false, "hotkeys": {"lock": "Ctrl+F1", "clear": "Ctrl+F2"}}),
    )
    .await;
    let usual = HotkeyAction::Lock.default_keys();
    let saved = done(&app, "change_settings", json!({"closeToTray": false, "hotkeys": {"lock": usual}})).await;
    let settings = &saved["settings"];
    assert_eq!((&settings["tiktokPage"], &settings["closeToTray"]), (&json!(true), &json!(false)));
    assert_eq!(settings["lookForUpdates"], false);
    assert_eq!(settings["startWithSystem"], Value::Null, "nobody was asked");
    assert_eq!(settings["hotkeys"], json!({"clear": "Ctrl+F2"}), "what is at its default is not kept");
    app.stop().await;
}

#[tokio::test]
async fn the_language_is_kept_told_to_who_follows_and_taken_back() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("language"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    let mut client = Client::connect(&app).await;
    client.send(json!({"type": "follow"})).await;
    assert_eq!(client.next().await["language"], Value::Null, "the system's until one is chosen");
    done(&app, "change_settings", json!({"language": "id"})).await;
    assert_eq!(client.next().await["language"], "id");
    let health = http().get(format!("http://{}/health", app.address())).send().await.unwrap().text().await.unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&health).unwrap()["language"],
        "id",
        "pages that follow nothing ask there"
    );
    app.stop().await;

    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    let kept = done(&app, "saved", json!({})).await;
    assert_eq!(kept["saved"]["settings"]["language"], "id");
    let saved = done(&app, "change_settings", json!({"tiktokPage": true})).await;
    assert_eq!(saved["settings"]["language"], "id", "what is not named stays");
    let saved = done(&app, "change_settings", json!({"language": ""})).await;
    assert_eq!(saved["settings"]["language"], Value::Null, "the system's again");
    app.stop().await;
}

#[tokio::test]
async fn who_follows_is_told_at_once_and_at_every_change() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("follow"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    done(&app, "change_overlay", json!({"name": "side"})).await;
    let (mut all, mut side, mut other) =
        (Client::connect(&app).await, Client::connect(&app).await, Client::connect(&app).await);
    all.send(json!({"type": "follow"})).await;
    let first = all.next().await;
    assert_eq!((&first["type"], &first["channels"]), (&json!("saved"), &json!([])));
    assert_eq!(first["overlays"].as_array().unwrap().len(), 2);
    side.send(json!({"type": "follow", "overlay": "side"})).await;
    assert_eq!(side.next().await["overlays"][0]["name"], "side");
    other.send(json!({"type": "follow", "overlay": "not-saved"})).await;
    assert_eq!(other.next().await["overlays"], json!([]));
    done(&app, "add_channel", twitch("someone")).await;
    for client in [&mut all, &mut side, &mut other] {
        assert_eq!(client.next().await["channels"][0]["identifier"], "someone");
    }
    let stage = done(&app, "change_stage", json!({"clear": true, "paused": true})).await;
    assert_eq!(all.next().await["stage"], stage);
    assert!(stage["clearedAt"].as_i64().unwrap() > 1_700_000_000_000);
    side.send(json!({"type": "follow", "overlay": "../x"})).await;
    side.until(|frame| frame["code"] == "INVALID_REQUEST").await;
    app.commands()
        .change_window("side", |window| {
            window.places = vec![
                serde_json::from_value(json!({"arrangement": "a", "x": 0, "y": 0, "width": 1, "height": 1})).unwrap(),
            ];
        })
        .unwrap();
    let told = all.next().await;
    assert_eq!(told["overlays"][1]["window"]["places"], json!([]), "where windows stand is nobody's business");
    app.stop().await;
}

#[tokio::test]
async fn large_overlays_reach_a_client_whole() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("large"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    let css = "x".repeat(60 * 1024);
    for n in 0..19 {
        done(&app, "change_overlay", json!({"name": format!("o{n}"), "values": {"css": css}})).await;
    }
    let mut client = Client::connect(&app).await;
    client.send(json!({"type": "follow"})).await;
    let told = client.next().await;
    assert_eq!(told["overlays"].as_array().unwrap().len(), 20);
    assert_eq!(told["overlays"][19]["values"]["css"], css);
    done(&app, "add_channel", twitch("someone")).await;
    client.until(|frame| frame["channels"][0]["identifier"] == "someone").await;
    app.stop().await;
}

#[tokio::test]
async fn nothing_is_changed_without_the_token_or_from_a_page_elsewhere() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("token"));
    let mut config = config_in(&sim, &folder);
    config.allowed_origins = vec!["*".to_owned()];
    let app = App::start(config).await.unwrap();
    let bearer = format!("Bearer {}", app.token());
    let wrong = format!("Bearer {}", "0".repeat(64));
    let own = format!("http://{}", app.address());
    let right = ("authorization", &*bearer);
    for headers in [
        vec![],
        vec![("authorization", &*wrong)],
        vec![right, ("origin", "null")],
        vec![right, ("origin", "file://")],
        vec![right, ("origin", "https://evil.example")],
        vec![right, ("origin", "http://127.0.0.1:1")],
        vec![right, ("sec-fetch-site", "cross-site")],
    ] {
        let (status, answer) = call_with(&app, "add_channel", &twitch("someone"), &headers).await;
        assert_eq!((status, &answer["code"]), (StatusCode::FORBIDDEN, &json!("FORBIDDEN")), "{headers:?}");
    }
    assert_eq!(app.saved().borrow().channels.len(), 0);
    let ours = [right, ("origin", &*own), ("sec-fetch-site", "same-origin")];
    assert_eq!(call_with(&app, "add_channel", &twitch("someone"), &ours).await.0, StatusCode::OK);
    let preflight =
        http().request(reqwest::Method::OPTIONS, format!("{own}/api/saved")).header("origin", "null").send();
    assert_eq!(preflight.await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED, "no browser is told that it may");
    app.stop().await;
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("restart"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    let old_token = app.token().to_owned();
    done(&app, "add_channel", twitch("someone")).await;
    done(&app, "change_overlay", json!({"name": "side", "look": "glass", "values": {"limit": 9}})).await;
    done(&app, "change_stage", json!({"paused": true})).await;
    let before = done(&app, "saved", json!({})).await;
    app.stop().await;
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    let after = done(&app, "saved", json!({})).await;
    assert_eq!(after["saved"], before["saved"]);
    assert_eq!(after["stage"], json!({"paused": false, "clearedAt": 0, "featured": null}), "that is for now only");
    let old = call_with(&app, "saved", &json!({}), &[("authorization", &format!("Bearer {old_token}"))]).await;
    assert_eq!(old.0, StatusCode::OK, "who was given the key before is not asked again");
    app.stop().await;
}

#[tokio::test]
async fn what_was_exported_can_be_imported_and_what_was_there_is_backed_up() {
    let (sim, folder, other) = (SimTwitch::start().await, Folder::new("export"), Folder::new("import"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    done(&app, "add_channel", twitch("someone")).await;
    done(&app, "change_overlay", json!({"name": "side", "look": "glass"})).await;
    done(&app, "change_settings", json!({"hotkeys": {"clear": "Ctrl+F2"}})).await;
    let before = done(&app, "saved", json!({})).await;
    let file = done(&app, "export", json!({})).await;
    app.stop().await;
    let app = App::start(config_in(&sim, &other)).await.unwrap();
    done(&app, "add_channel", twitch("goes_away")).await;
    let imported = done(&app, "import", file).await;
    assert_eq!(imported, before["saved"]);
    app.stop().await;
    assert_eq!(std::fs::read_dir(other.0.join("backups")).unwrap().count(), 1, "with the channel that went away");
    let app = App::start(config_in(&sim, &other)).await.unwrap();
    assert_eq!(done(&app, "saved", json!({})).await["saved"], before["saved"]);
    for (text, why) in [
        (json!({"polychat": 1, "saved": {"channels": vec![twitch("a"); 51]}}), "too many"),
        (json!({"polychat": 1, "saved": {"channels": [twitch("not a name")]}}), "a channel that cannot be"),
        (json!({"polychat": 1, "saved": {"overlays": [{"name": "a"}, {"name": "a"}]}}), "an overlay twice"),
        (
            json!({"polychat": 1, "saved": {"overlays": [{"name": "a", "window": {"opacity": 0}}]}}),
            "an invisible window",
        ),
        (json!({"polychat": 1, "saved": 7}), "nothing"),
    ] {
        refused(&app, "import", json!({"text": text.to_string()})).await;
        assert_eq!(done(&app, "saved", json!({})).await["saved"], before["saved"], "{why}");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_damaged_settings_file_is_told_in_words_and_stops_nothing() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("damaged"));
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    done(&app, "add_channel", twitch("someone")).await;
    app.stop().await;
    App::start(config_in(&sim, &folder)).await.unwrap().stop().await;
    std::fs::write(folder.0.join("polychat.sqlite3"), "this is no database ".repeat(1_000)).unwrap();
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    let saved = done(&app, "saved", json!({})).await;
    assert_eq!(names(&saved["saved"]), ["someone"]);
    assert!(saved["notices"][0].as_str().unwrap().contains("damaged"), "{saved}");
    app.stop().await;
}

#[test]
fn the_program_without_a_window_says_what_is_wrong_with_its_settings_when_it_starts() {
    let folder = Folder::new("said");
    std::fs::create_dir_all(&folder.0).unwrap();
    std::fs::write(folder.0.join("polychat.sqlite3"), "this is no database ".repeat(1_000)).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_polychat-server"));
    program.args(["--port", "0", "--data-dir"]).arg(&folder.0).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = program.spawn().unwrap();
    let first = BufReader::new(child.stdout.take().unwrap()).lines().next();
    child.kill().unwrap();
    child.wait().unwrap();
    let first = first.unwrap().unwrap();
    assert!(first.contains("damaged") && first.contains("begin anew"), "{first}");
}

#[tokio::test]
async fn a_killed_program_loses_nothing_that_was_set_a_moment_before() {
    let folder = Folder::new("killed");
    let mut child = Command::new(env!("CARGO_BIN_EXE_polychat-server"))
        .args(["--bind", "0.0.0.0", "--port", "0", "--data-dir"])
        .arg(&folder.0)
        .env("STATS_STORAGE", "memory")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("runs at")).expect("the program says where it listens");
    let address = line.rsplit("http://").next().unwrap().to_owned();
    // It listens on more than this computer, so it tells how to change something from elsewhere; without the key itself, as
    // this is no terminal.
    let line = lines.find(|line| line.ends_with(" to change something.")).expect("the way is told");
    let file = folder.0.join("access-key");
    assert!(line.contains(&format!("the key in {}", file.display())), "{line}");
    let token = std::fs::read_to_string(file).unwrap();
    let token = token.trim();
    assert!(!line.contains(token), "{line}");
    let asked = http().post(format!("http://{address}/api/add_channel")).bearer_auth(token);
    let answer = asked.body(twitch("someone").to_string()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    // The bound is 250 ms; a machine that runs other tests as well may take longer.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let sim = SimTwitch::start().await;
    let app = App::start(config_in(&sim, &folder)).await.unwrap();
    assert_eq!(names(&done(&app, "saved", json!({})).await["saved"]), ["someone"]);
    app.stop().await;
}

#[tokio::test]
async fn the_control_page_has_the_token_for_a_person_on_this_computer_only() {
    let (sim, folder) = (SimTwitch::start().await, Folder::new("page"));
    let mut config = config_in(&sim, &folder);
    config.allowed_origins = vec!["*".to_owned()];
    let app = App::start(config).await.unwrap();
    let get = async |headers: &[(&str, &str)]| {
        let mut asked = http().get(format!("http://{}/", app.address()));
        for (name, value) in headers {
            asked = asked.header(*name, *value);
        }
        asked.send().await.unwrap()
    };
    let navigation = [("sec-fetch-dest", "document"), ("sec-fetch-mode", "navigate"), ("sec-fetch-site", "none")];
    let page = get(&navigation).await;
    let header = |name: &str| page.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-security-policy").contains("frame-ancestors 'self'"));
    assert_eq!(header("cache-control"), "no-store");
    let meta = format!("<meta name=\"polychat-token\" content=\"{}\" />", app.token());
    assert!(page.text().await.unwrap().contains(&meta));
    for headers in [
        [("origin", "null")],
        [("origin", "https://evil.example")],
        [("sec-fetch-dest", "empty")],
        [("x-forwarded-for", "203.0.113.7")],
    ] {
        let page = get(&headers).await.text().await.unwrap();
        assert!(page.contains("<title>") && !page.contains(app.token()), "{headers:?}");
    }
    // A name that was pointed at this computer, by a server that lets everybody in.
    let mut stream = tokio::net::TcpStream::connect(app.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("<title>") && !answer.contains(app.token()));
    app.stop().await;
}
