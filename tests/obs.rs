//! OBS end to end: commands over HTTP, a simulated OBS on a real socket, what is told over `/ws` and what is kept.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use polychat_model::saved::Secret;
use polychat_obs::ObsTimings;
use polychat_server::{App, Config, Password};
use polychat_testkit::obs::{ObsFault, SimObs, SimSource};
use polychat_testkit::twitch::SimTwitch;
use reqwest::{Client as Http, StatusCode};
use serde_json::{Value, json};
use support::{Client, PATIENCE, QUIET, config};
use tokio::net::TcpListener;

const PASSWORD: &str = "correct horse 🐎 battery";

/// A folder for files, removed at the end of its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("polychat-obs-{name}-{}", std::process::id()));
        _ = std::fs::remove_dir_all(&folder);
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Short pauses; answers may take as long as a busy machine needs.
fn quick() -> ObsTimings {
    ObsTimings {
        connect: PATIENCE,
        answer: PATIENCE,
        work: PATIENCE,
        // Long enough for everybody to be told of it.
        retry: (Duration::from_millis(300), Duration::from_millis(600)),
        settle: Duration::from_millis(10),
        look: PATIENCE,
    }
}

struct Place {
    twitch: SimTwitch,
    folder: Folder,
}

impl Place {
    async fn new(name: &str) -> Self {
        Self { twitch: SimTwitch::start().await, folder: Folder::new(name) }
    }

    fn config(&self) -> Config {
        let mut config = config(&self.twitch);
        config.data_dir = Some(self.folder.0.clone());
        config.obs.timings = Some(quick());
        config
    }

    async fn start(&self) -> App {
        App::start(self.config()).await.unwrap()
    }
}

fn http() -> Http {
    _ = rustls::crypto::ring::default_provider().install_default();
    Http::builder().no_proxy().build().unwrap()
}

async fn call(app: &App, command: &str, request: Value) -> (StatusCode, Value) {
    let asked = http().post(format!("http://{}/api/{command}", app.address())).bearer_auth(app.token());
    let answer = asked.body(request.to_string()).send().await.unwrap();
    (answer.status(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
}

async fn done(app: &App, command: &str, request: Value) -> Value {
    let (status, answer) = call(app, command, request).await;
    assert_eq!(status, StatusCode::OK, "{command}: {answer}");
    answer
}

/// The sentence of a refusal.
async fn refused(app: &App, command: &str, request: Value) -> String {
    let (status, answer) = call(app, command, request).await;
    assert_ne!(status, StatusCode::OK, "{command}: {answer}");
    answer["message"].as_str().unwrap().to_owned()
}

/// Somebody who is told how OBS does.
async fn watcher(app: &App) -> Client {
    let mut client = Client::connect(app).await;
    client.send(json!({"type": "follow", "obs": true})).await;
    client
}

/// Waits until OBS does so.
async fn until(client: &mut Client, so: impl Fn(&Value) -> bool) -> Value {
    client.until(|frame| frame["type"] == "obs" && so(frame)).await
}

fn is_connected(frame: &Value) -> bool {
    frame["link"] == "connected"
}

async fn connected(app: &App, sim: &SimObs) -> Client {
    let mut client = watcher(app).await;
    done(app, "change_obs", json!({"on": true, "address": sim.url()})).await;
    until(&mut client, is_connected).await;
    client
}

fn browser(url: &str) -> Value {
    json!({"url": url, "width": 800, "height": 600})
}

fn source(sim: &SimObs, name: &str) -> SimSource {
    sim.sources().into_iter().find(|source| source.name == name).unwrap_or_else(|| panic!("there is no source {name}"))
}

#[tokio::test]
async fn the_lamp_follows_what_obs_does() {
    let (place, sim) = (Place::new("lamp").await, SimObs::start().await);
    sim.password(PASSWORD).scene("Game");
    let app = place.start().await;
    let mut client = watcher(&app).await;
    let first = until(&mut client, |_| true).await;
    assert_eq!((&first["link"], &first["sources"], &first["pages"]), (&json!("off"), &json!([]), &json!([])));
    let answer = done(&app, "change_obs", json!({"on": true, "address": sim.url(), "password": PASSWORD})).await;
    assert_eq!((&answer["on"], &answer["hasPassword"], &answer["fixed"]), (&json!(true), &json!(true), &json!(false)));
    let told = until(&mut client, is_connected).await;
    assert_eq!(
        (&told["version"], &told["streaming"], &told["recording"]),
        (&json!("29.1.3"), &json!(false), &json!(false))
    );
    sim.stream(true);
    until(&mut client, |told| told["streaming"] == true).await;
    sim.record(true).stream(false);
    until(&mut client, |told| told["streaming"] == false && told["recording"] == true).await;
    done(&app, "change_obs", json!({"on": false})).await;
    let off = until(&mut client, |told| told["link"] == "off").await;
    assert_eq!((&off["recording"], off.get("version")), (&json!(false), None), "nothing is known any more");
    sim.until_clients(0).await;
    app.stop().await;
}

#[tokio::test]
async fn our_source_is_made_once_with_its_size_and_shown_in_other_scenes_by_the_same_page() {
    let (place, sim) = (Place::new("add").await, SimObs::start().await);
    sim.scene("Game").scene("Pause").source("Scene", "Polychat", "color_source", json!({}));
    let app = place.start().await;
    let mut client = connected(&app, &sim).await;
    let scenes = done(&app, "obs_scenes", json!({})).await;
    let expected = json!({"scenes": ["Pause", "Game", "Scene"], "current": "Scene", "width": 1920, "height": 1080, "browserSources": true});
    assert_eq!(scenes, expected, "in the order in which OBS shows them");
    let add = |scene: &str| json!({"overlay": "main", "scene": scene, "width": 420, "height": 900});
    let made = done(&app, "add_to_obs", add("Game")).await;
    assert_eq!(made, json!({"source": "Polychat 2", "outcome": "created"}), "a colour has the first name");
    let SimSource { kind, settings, scenes, .. } = source(&sim, "Polychat 2");
    assert_eq!((&*kind, scenes), ("browser_source", vec!["Game".to_owned()]));
    let link = format!("http://127.0.0.1:{}/overlay/main", app.address().port());
    let expected = json!({"url": link, "is_local_file": false, "width": 420, "height": 900, "fps_custom": false, "fps": 60,
        "css": "", "shutdown": false, "restart_when_active": false, "reroute_audio": false});
    assert_eq!(settings, expected);
    assert_eq!(done(&app, "add_to_obs", add("Game")).await, json!({"source": "Polychat 2", "outcome": "present"}));
    assert_eq!(done(&app, "add_to_obs", add("Pause")).await, json!({"source": "Polychat 2", "outcome": "shared"}));
    assert_eq!(source(&sim, "Polychat 2").scenes, ["Game", "Pause"]);
    assert_eq!((sim.sources().len(), sim.asked("CreateInput")), (2, 2), "no second page; the first name was tried");
    done(&app, "change_overlay", json!({"name": "side"})).await;
    let side = json!({"overlay": "side", "scene": "Game", "width": 600, "height": 400});
    assert_eq!(done(&app, "add_to_obs", side).await["source"], "Polychat side");

    // What it looks like from here.
    let seen = |told: &Value| {
        told["sources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| (s["inScene"] == true, s["visible"] == true))
            .collect::<Vec<_>>()
    };
    until(&mut client, |told| seen(told) == [(false, false), (false, false)]).await;
    sim.go_to("Game");
    until(&mut client, |told| seen(told) == [(true, true), (true, true)]).await;
    sim.show("Game", "Polychat 2", false);
    until(&mut client, |told| seen(told) == [(true, false), (true, true)]).await;
    sim.go_to("Pause").remove("Polychat side");
    until(&mut client, |told| seen(told) == [(true, true)]).await;
    app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_added_is_said_in_words_and_changes_nothing() {
    let (place, sim) = (Place::new("refusals").await, SimObs::start().await);
    let app = place.start().await;
    let add = |scene: &str, width: u32| json!({"overlay": "main", "scene": scene, "width": width, "height": 100});
    let off = refused(&app, "add_to_obs", add("Scene", 100)).await;
    assert_eq!(off, "Polychat is not connected to OBS. Turn that on first.");
    connected(&app, &sim).await;
    assert_eq!(refused(&app, "add_to_obs", add("Gone", 100)).await, "OBS has no scene “Gone” any more.");
    for width in [0, 8_193] {
        assert_eq!(
            refused(&app, "add_to_obs", add("Scene", width)).await,
            "A source is 1 to 8192 pixels wide and high."
        );
    }
    refused(&app, "add_to_obs", add("", 100)).await;
    refused(&app, "add_to_obs", add(&"x".repeat(2_000), 100)).await;
    refused(&app, "add_to_obs", json!({"overlay": "../x", "scene": "Scene", "width": 1, "height": 1})).await;
    sim.without_browser_sources();
    assert_eq!(done(&app, "obs_scenes", json!({})).await["browserSources"], false);
    let text = refused(&app, "add_to_obs", add("Scene", 100)).await;
    assert!(text.starts_with("This OBS has no browser sources"), "{text}");
    assert!(sim.sources().is_empty());
    app.stop().await;
}

#[tokio::test]
async fn at_the_start_our_pages_are_loaded_anew_and_nobody_elses() {
    let (place, sim) = (Place::new("refresh").await, SimObs::start().await);
    let app = place.start().await;
    connected(&app, &sim).await;
    let port = app.address().port();
    app.stop().await;
    let ours = format!("http://127.0.0.1:{port}/overlay/main?look=neon");
    sim.source("Scene", "Chat", "browser_source", browser(&ours))
        .source("Scene", "Alerts", "browser_source", browser("https://alerts.example/overlay/main"))
        .source("Scene", "Other", "browser_source", browser("http://127.0.0.1:1/overlay/main"))
        .source(
            "Scene",
            "Loader",
            "browser_source",
            json!({"is_local_file": true, "local_file": "/srv/obs/polychat-side.html", "url": ""}),
        )
        .source(
            "Scene",
            "Page",
            "browser_source",
            json!({"is_local_file": true, "local_file": "/srv/obs/index.html", "url": ours}),
        );
    let mut config = place.config();
    config.port = Some(port);
    let app = App::start(config).await.unwrap();
    sim.until_refreshed(2).await;
    let mut told = watcher(&app).await;
    let told = until(&mut told, is_connected).await;
    let names: Vec<&str> = told["sources"].as_array().unwrap().iter().map(|s| s["overlay"].as_str().unwrap()).collect();
    assert_eq!(names, ["main", "side"]);
    assert_eq!(sim.refreshed(), ["Chat", "Loader"]);
    // A connection that is lost is no start: what is on air is not loaded anew.
    sim.cut();
    sim.until_attempts(3).await;
    sim.until_clients(1).await;
    assert_eq!(done(&app, "refresh_obs", json!({})).await, json!({"refreshed": 2, "moved": 0}));
    assert_eq!(sim.refreshed(), ["Chat", "Loader", "Chat", "Loader"]);
    app.stop().await;
}

#[tokio::test]
async fn links_with_an_earlier_port_are_given_the_right_one_unless_another_polychat_is_there() {
    let (place, sim) = (Place::new("moved").await, SimObs::start().await);
    let app = place.start().await;
    connected(&app, &sim).await;
    let earlier = app.address().port();
    app.stop().await;
    let link = |port: u16| format!("http://127.0.0.1:{port}/overlay/main?look=neon");
    sim.source("Scene", "Chat", "browser_source", browser(&link(earlier)));
    // Another program has the port now.
    let held = TcpListener::bind(("127.0.0.1", earlier)).await.unwrap();
    let app = place.start().await;
    assert_ne!(app.address().port(), earlier);
    sim.until_url("Chat", &link(app.address().port())).await;
    assert_eq!(source(&sim, "Chat").settings["width"], 800, "the rest of it stays");
    app.stop().await;
    drop(held);

    // A second Polychat on this computer keeps its own.
    let (other, here) = (Place::new("other").await, Place::new("here").await);
    let other_app = other.start().await;
    let theirs = link(other_app.address().port());
    sim.source("Scene", "Theirs", "browser_source", browser(&theirs));
    let mut config = here.config();
    config.obs.url = Some(sim.url());
    // Its port is among those that this one may have had.
    config.port = Some(other_app.address().port());
    config.port_may_move = true;
    let app = App::start(config).await.unwrap();
    let mut told = watcher(&app).await;
    until(&mut told, is_connected).await;
    assert_eq!(source(&sim, "Theirs").settings["url"], theirs);
    app.stop().await;
    other_app.stop().await;
}

#[tokio::test]
async fn it_comes_back_by_itself_whatever_happened_to_obs() {
    let (place, sim) = (Place::new("again").await, SimObs::start().await);
    let (address, app) = (sim.address(), place.start().await);
    let mut client = connected(&app, &sim).await;
    sim.kick();
    let told = until(&mut client, |told| told["link"] == "waiting").await;
    assert_eq!(told["trouble"], "sent_away", "{told}");
    until(&mut client, is_connected).await;
    sim.quit().await;
    let told = until(&mut client, |told| told["link"] == "waiting").await;
    assert_eq!(told["message"], "OBS was closed. Polychat connects again when it is back.");
    assert!(told["retryInMs"].as_u64().is_some());
    let told = until(&mut client, |told| told["link"] == "waiting" && told["trouble"] == "not_there").await;
    assert!(told["message"].as_str().unwrap().contains(&address.to_string()), "{told}");
    let sim = SimObs::start_at(address).await.unwrap();
    until(&mut client, is_connected).await;
    // A crash.
    drop(sim);
    until(&mut client, |told| told["link"] == "waiting").await;
    app.stop().await;
}

#[tokio::test]
async fn every_trouble_has_its_own_sentence_and_ends_when_it_does() {
    let place = Place::new("troubles").await;
    let mut config = place.config();
    config.obs.timings = Some(ObsTimings { connect: Duration::from_millis(700), ..quick() });
    let app = App::start(config).await.unwrap();
    let mut client = watcher(&app).await;
    for (fault, trouble) in [
        (ObsFault::Silent, "silent"),
        (ObsFault::Page, "not_obs"),
        (ObsFault::Garbage, "not_obs"),
        (ObsFault::Huge, "not_obs"),
        (ObsFault::Older, "other_version"),
        (ObsFault::Newer, "other_version"),
        (ObsFault::CutAt("GetVersion"), "closed"),
        (ObsFault::CutAt("GetInputList"), "closed"),
        (ObsFault::Nonsense, "not_understood"),
    ] {
        let sim = SimObs::start().await;
        sim.fault(fault);
        done(&app, "change_obs", json!({"on": true, "address": sim.url()})).await;
        let told = until(&mut client, |told| told["trouble"] == trouble && told["link"] == "waiting").await;
        let text = told["message"].as_str().unwrap();
        assert!(text.ends_with('.') && !text.contains('!'), "{text}");
        sim.fault(None);
        until(&mut client, is_connected).await;
    }
    app.stop().await;
}

#[tokio::test]
async fn a_password_that_is_missing_or_wrong_is_said_and_the_right_one_helps_at_once() {
    let (place, sim) = (Place::new("password").await, SimObs::start().await);
    sim.password(PASSWORD);
    let mut config = place.config();
    // Nobody would wait for the next attempt.
    config.obs.timings = Some(ObsTimings { retry: (PATIENCE * 10, PATIENCE * 10), ..quick() });
    let app = App::start(config).await.unwrap();
    let mut client = watcher(&app).await;
    done(&app, "change_obs", json!({"on": true, "address": sim.url()})).await;
    let told = until(&mut client, |told| told["link"] == "waiting").await;
    assert_eq!(told["trouble"], "password_missing");
    done(&app, "change_obs", json!({"password": "wrong"})).await;
    let told = until(&mut client, |told| told["link"] == "waiting" && told["trouble"] == "password_wrong").await;
    assert!(told["message"].as_str().unwrap().contains("Show Connect Info"), "{told}");
    // As OBS shows it, in one piece.
    let info = format!("obsws://{}/{PASSWORD}", sim.address());
    done(&app, "change_obs", json!({"address": info})).await;
    until(&mut client, is_connected).await;
    // An empty change tries again.
    let seen = sim.attempts();
    sim.cut();
    until(&mut client, |told| told["link"] == "waiting").await;
    done(&app, "change_obs", json!({})).await;
    until(&mut client, is_connected).await;
    assert_eq!(sim.attempts(), seen + 1);
    app.stop().await;
}

#[tokio::test]
async fn an_obs_that_answers_slowly_or_never_holds_nobody() {
    let (place, sim) = (Place::new("mute").await, SimObs::start().await);
    let mut config = place.config();
    let limits = ObsTimings { answer: Duration::from_millis(500), work: Duration::from_millis(900), ..quick() };
    config.obs.timings = Some(limits);
    let app = App::start(config).await.unwrap();
    let mut client = connected(&app, &sim).await;
    sim.fault(ObsFault::Mute);
    let text = refused(&app, "obs_scenes", json!({})).await;
    assert!(text.contains("lost"), "{text}");
    let told = until(&mut client, |told| told["link"] == "waiting").await;
    assert_eq!(told["trouble"], "silent");
    sim.fault(None);
    until(&mut client, is_connected).await;
    // Each answer comes in time, all of them together do not.
    for n in 0..9 {
        sim.source("Scene", &format!("Page {n}"), "browser_source", browser("https://a.example"));
    }
    sim.fault(ObsFault::Slow(Duration::from_millis(300)));
    let text = refused(&app, "refresh_obs", json!({})).await;
    assert!(text.contains("lost"), "{text}");
    assert_eq!(done(&app, "obs", json!({})).await["on"], true, "everything else goes on");
    app.stop().await;
}

#[tokio::test]
async fn what_obs_floods_us_with_ends_the_connection_and_nothing_else() {
    let (place, sim) = (Place::new("flood").await, SimObs::start().await);
    let app = place.start().await;
    let mut client = connected(&app, &sim).await;
    for said in ["{", "", "[1]", r#"{"op":7}"#, &format!("\"{}\"", "x".repeat(5_000_000))] {
        sim.say(said);
        until(&mut client, |told| told["link"] == "waiting" && told["trouble"] == "not_understood").await;
        until(&mut client, is_connected).await;
    }
    // What is new in a later OBS, and answers that nobody asked for, end nothing.
    let seen = sim.attempts();
    for said in [
        r#"{"op":99,"d":null}"#,
        r#"{"op":5,"d":{"eventType":"SomethingNew"}}"#,
        r#"{"op":7,"d":{"requestId":"77","requestStatus":{"result":true,"code":100}}}"#,
    ] {
        sim.say(said);
    }
    sim.stream(true);
    until(&mut client, |told| told["streaming"] == true).await;
    assert_eq!(sim.attempts(), seen);
    app.stop().await;
}

#[tokio::test]
async fn while_it_is_off_obs_is_not_asked() {
    let (place, sim) = (Place::new("off").await, SimObs::start().await);
    let app = place.start().await;
    done(&app, "change_obs", json!({"address": sim.url(), "password": PASSWORD})).await;
    done(&app, "change_overlay", json!({"name": "side"})).await;
    tokio::time::sleep(QUIET).await;
    assert_eq!(sim.attempts(), 0);
    app.stop().await;
}

/// Whether a text is somewhere below a folder.
fn is_in(folder: &std::path::Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(is_in(&path, text));
        } else if std::fs::read(&path).unwrap().windows(text.len()).any(|bytes| bytes == text.as_bytes()) {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn the_password_is_kept_and_told_nowhere() {
    let (place, sim) = (Place::new("secret").await, SimObs::start().await);
    sim.password(PASSWORD);
    let app = place.start().await;
    let mut client = watcher(&app).await;
    let mut answers = vec![
        done(&app, "change_obs", json!({"on": true, "address": sim.url(), "password": PASSWORD})).await,
        until(&mut client, is_connected).await,
    ];
    for command in ["saved", "obs", "export", "obs_scenes", "refresh_obs"] {
        answers.push(done(&app, command, json!({})).await);
    }
    answers.push(done(&app, "change_overlay", json!({"name": "side"})).await);
    answers.push(client.until(|frame| frame["type"] == "saved").await);
    let exported = answers[4].clone();
    for answer in answers {
        assert!(!answer.to_string().contains("horse"), "{answer}");
    }
    let too_long = refused(&app, "change_obs", json!({"password": "horse ".repeat(500)})).await;
    let wrong = refused(&app, "change_obs", json!({"address": "obsws://a b/horse"})).await;
    let nonsense = refused(&app, "change_obs", json!({"password": ["horse"], "on": "horse"})).await;
    assert!(!(too_long + &wrong).contains("horse"));
    assert!(!nonsense.contains("[\"horse\"]"), "{nonsense}");
    app.stop().await;
    assert_eq!(is_in(&place.folder.0, "horse").len(), 1, "it is in the file of what is saved, and nowhere else");

    // It is there after a restart, and after an import of a file that has none.
    let app = place.start().await;
    let mut client = watcher(&app).await;
    until(&mut client, is_connected).await;
    done(&app, "import", exported).await;
    let now = done(&app, "obs", json!({})).await;
    assert_eq!((&now["hasPassword"], &now["on"]), (&json!(true), &json!(true)));
    // But it is not shown to another computer, however that one comes into the settings.
    let moved = json!({"polychat": 1, "saved": {"settings": {"obs": {"on": false, "address": "ws://192.0.2.1:4455"}}}});
    done(&app, "import", json!({"text": moved.to_string()})).await;
    assert_eq!(done(&app, "obs", json!({})).await["hasPassword"], false);
    done(&app, "change_obs", json!({"password": PASSWORD})).await;
    let there = done(&app, "change_obs", json!({"address": "192.0.2.1:4456"})).await;
    assert_eq!(there["hasPassword"], true, "another port of the same computer");
    let elsewhere = done(&app, "change_obs", json!({"address": "192.0.2.2:4456"})).await;
    assert_eq!((&elsewhere["hasPassword"], &elsewhere["address"]), (&json!(false), &json!("ws://192.0.2.2:4456")));
    done(&app, "change_obs", json!({"password": PASSWORD})).await;
    assert_eq!(done(&app, "change_obs", json!({"password": ""})).await["hasPassword"], false);
    let bad = json!({"polychat": 1, "saved": {"settings": {"obs": {"address": "http://a/b"}}}});
    refused(&app, "import", json!({"text": bad.to_string()})).await;
    app.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_this_computer_can_read_the_file_with_the_password() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let place = Place::new("rights").await;
    let app = place.start().await;
    done(&app, "change_obs", json!({"password": PASSWORD})).await;
    app.stop().await;
    let file = place.folder.0.join("polychat.sqlite3");
    // As an earlier Polychat has made it.
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    place.start().await.stop().await;
    for file in is_in(&place.folder.0, "horse") {
        assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o077, 0, "{}", file.display());
    }
    assert_eq!(is_in(&place.folder.0, "horse").len(), 2, "the file and its copy of this start");
}

#[tokio::test]
async fn where_obs_is_can_be_said_when_polychat_is_started_and_is_not_changed_then() {
    let (place, sim) = (Place::new("fixed").await, SimObs::start().await);
    sim.password(PASSWORD);
    let mut config = place.config();
    config.obs.url = Some(sim.url());
    config.obs.password = Some(Password(Secret::new(PASSWORD)));
    let app = App::start(config).await.unwrap();
    let mut client = watcher(&app).await;
    until(&mut client, is_connected).await;
    let now = done(&app, "obs", json!({})).await;
    let expected = (&json!(true), &json!(true), &json!(true), &json!(sim.url()));
    assert_eq!((&now["on"], &now["fixed"], &now["hasPassword"], &now["address"]), expected);
    let text = refused(&app, "change_obs", json!({"on": false})).await;
    assert!(text.contains("POLYCHAT_OBS_URL"), "{text}");
    done(&app, "change_obs", json!({})).await;
    app.stop().await;
    let mut config = place.config();
    config.obs.url = Some("http://x".to_owned());
    let error = App::start(config).await.err().expect("that is no address").to_string();
    assert!(error.contains("POLYCHAT_OBS_URL") && error.contains("127.0.0.1:4455"), "{error}");
}

#[tokio::test]
async fn not_even_the_chattiest_log_has_the_password() {
    let (folder, sim) = (Folder::new("log"), SimObs::start().await);
    sim.password(PASSWORD);
    let program = Command::new(env!("CARGO_BIN_EXE_polychat-server"))
        .args(["--port", "0", "--log", "trace", "--obs-url", &sim.url(), "--data-dir"])
        .arg(&folder.0)
        .env("POLYCHAT_OBS_PASSWORD", PASSWORD)
        .env("POLYCHAT_7TV_URL", "off")
        .env("POLYCHAT_7TV_EVENTS_URL", "off")
        .env("POLYCHAT_BTTV_URL", "off")
        .env("POLYCHAT_FFZ_URL", "off")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let reading = tokio::task::spawn_blocking(move || {
        let mut program = program;
        (program.id(), program.stdout.take(), program.stderr.take(), program)
    });
    let (_, stdout, stderr, mut program) = reading.await.unwrap();
    let read = |pipe: Option<Box<dyn std::io::Read + Send>>| {
        std::thread::spawn(move || {
            let mut text = String::new();
            _ = pipe.map(|mut pipe| pipe.read_to_string(&mut text));
            text
        })
    };
    let out = read(stdout.map(|pipe| Box::new(pipe) as Box<_>));
    let log = read(stderr.map(|pipe| Box::new(pipe) as Box<_>));
    sim.until_clients(1).await;
    sim.stream(true);
    tokio::time::sleep(QUIET).await;
    program.kill().unwrap();
    program.wait().unwrap();
    let said = out.join().unwrap() + &log.join().unwrap();
    assert!(said.contains("connected to OBS"), "{said}");
    assert!(!said.contains("horse"), "{said}");
}

#[tokio::test]
async fn pages_in_obs_say_themselves_how_they_are_shown() {
    let place = Place::new("pages").await;
    let app = place.start().await;
    let mut client = watcher(&app).await;
    let mut plain = Client::connect(&app).await;
    plain.send(json!({"type": "follow"})).await;
    let (mut one, mut two) = (Client::connect(&app).await, Client::connect(&app).await);
    one.send(json!({"type": "shown", "overlay": "main", "visible": true, "active": false})).await;
    two.send(json!({"type": "shown", "overlay": "main", "visible": true, "active": true})).await;
    two.send(json!({"type": "shown", "overlay": "never-saved", "visible": true})).await;
    let expected = json!([{"overlay": "main", "loaded": 1, "visible": 1, "active": 0}]);
    until(&mut client, |told| told["pages"] == expected).await;
    one.send(json!({"type": "shown", "overlay": "main"})).await;
    let expected = json!([{"overlay": "main", "loaded": 1, "visible": 0, "active": 0}]);
    until(&mut client, |told| told["pages"] == expected).await;
    for wrong in [
        json!({"type": "shown"}),
        json!({"type": "shown", "overlay": "a b"}),
        json!({"type": "shown", "overlay": "main", "visible": 7}),
    ] {
        one.send(wrong).await;
        one.until(|frame| frame["code"] == "INVALID_REQUEST").await;
    }
    drop(one);
    until(&mut client, |told| told["pages"] == json!([])).await;
    // Who has not asked for it hears nothing of it.
    done(&app, "change_overlay", json!({"name": "side"})).await;
    plain
        .until(|frame| {
            assert_ne!(frame["type"], "obs");
            frame["overlays"].as_array().is_some_and(|overlays| overlays.len() == 2)
        })
        .await;
    app.stop().await;
}

#[tokio::test]
async fn the_file_for_obs_names_where_polychat_was_found() {
    let place = Place::new("loader").await;
    let app = place.start().await;
    let get = async |path: &str| http().get(format!("http://{}{path}", app.address())).send().await.unwrap();
    let file = get("/loader/side").await;
    assert_eq!(file.headers()["content-disposition"], "attachment; filename=\"polychat-side.html\"");
    let text = file.text().await.unwrap();
    assert!(
        text.contains(&format!("const ORIGIN = \"http://{}\";", app.address()))
            && text.contains("const OVERLAY = \"side\";")
    );
    assert_eq!(text, app.loader("side"), "the desktop program saves the same");
    assert_eq!(get("/loader/a.b").await.status(), StatusCode::NOT_FOUND);
    app.stop().await;
}
