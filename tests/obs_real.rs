//! The real OBS on a screen of its own, if it is installed (`apt install obs-studio xvfb`). Debian builds it without a browser,
//! so a script takes the place of the browser source; everything else, its WebSocket server above all, is OBS's own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

mod support;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use polychat_server::App;
use polychat_testkit::obs::{ObsRemote, SimObs};
use polychat_testkit::twitch::SimTwitch;
use serde_json::{Value, json};
use support::{Client, config};

const PASSWORD: &str = "correct horse";

/// How long OBS may take to start, with a processor in the place of a graphics card.
const START: Duration = Duration::from_secs(60);

/// A program that ends with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// A running OBS. Fields are dropped in this order.
struct Obs {
    _program: Running,
    _screen: Running,
    folder: PathBuf,
    url: String,
}

impl Drop for Obs {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

impl Obs {
    /// `None`, and a sentence, where it is not installed.
    fn start(name: &str, browser: bool) -> Option<Self> {
        if let Some(missing) = ["obs", "Xvfb"].into_iter().find(|program| !is_installed(program)) {
            println!("Not tried with the real OBS: {missing} is not installed.");
            return None;
        }
        let folder = std::env::temp_dir().join(format!("polychat-obs-real-{name}-{}", std::process::id()));
        _ = std::fs::remove_dir_all(&folder);
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        write_settings(&folder, port, browser);

        // It takes a free display and prints its number.
        let mut screen = Command::new("Xvfb");
        screen.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "1280x800x24"]);
        let mut screen = Running(screen.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
        let display = BufReader::new(screen.0.stdout.take().unwrap()).lines().next().unwrap().unwrap();

        let mut program = Command::new("obs");
        program.args(["--multi", "--disable-updater", "--disable-missing-files-check"]);
        program.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        program.env("DISPLAY", format!(":{display}")).env("QT_QPA_PLATFORM", "xcb").env("LIBGL_ALWAYS_SOFTWARE", "1");
        program.env("LANG", "C.UTF-8").env("HOME", &folder).env("XDG_RUNTIME_DIR", folder.join("run"));
        let log = std::fs::File::create(folder.join("obs.log")).unwrap();
        program.current_dir(&folder).stdout(log.try_clone().unwrap()).stderr(log);
        let mut program = Running(program.spawn().unwrap());

        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = program.0.try_wait().unwrap();
            let log = || std::fs::read_to_string(folder.join("obs.log")).unwrap_or_default();
            assert!(ended.is_none() && begun.elapsed() < START, "OBS did not start ({ended:?}): {}", log());
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(Self { _program: program, _screen: screen, folder, url: format!("ws://127.0.0.1:{port}") })
    }

    /// What the browser sources would have loaded.
    fn told(&self) -> String {
        std::fs::read_to_string(self.folder.join("told")).unwrap_or_default()
    }

    async fn until_told(&self, wanted: &str) {
        let begun = Instant::now();
        while !self.told().contains(wanted) {
            assert!(begun.elapsed() < support::PATIENCE, "waited in vain for {wanted:?}: {}", self.told());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// A person has started this OBS before, with two scenes and the server on.
fn write_settings(folder: &Path, port: u16, browser: bool) {
    let obs = folder.join(".config/obs-studio");
    let write = |path: &str, text: &str| {
        let path = obs.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    std::fs::create_dir_all(folder.join("run")).unwrap();
    let global = format!(
        "[General]\nFirstRun=true\nLastVersion=486539266\nEnableAutoUpdates=false\nConfirmOnExit=false\n\
         [Basic]\nProfile=Test\nProfileDir=Test\nSceneCollection=Test\nSceneCollectionFile=Test\n\
         [OBSWebSocket]\nFirstLoad=false\nServerEnabled=true\nServerPort={port}\nAlertsEnabled=false\nAuthRequired=true\n\
         ServerPassword={PASSWORD}\n"
    );
    write("global.ini", &global);
    // Where OBS 30.2 and later look.
    write("user.ini", &global);
    let server = json!({"first_load": false, "server_enabled": true, "server_port": port, "alerts_enabled": false,
        "auth_required": true, "server_password": PASSWORD});
    write("plugin_config/obs-websocket/config.json", &server.to_string());
    let profile = format!(
        "[General]\nName=Test\n[Output]\nMode=Simple\n[SimpleOutput]\nFilePath={}\nRecQuality=Stream\n[Video]\nBaseCX=1280\n\
         BaseCY=720\nOutputCX=320\nOutputCY=180\nFPSCommon=10\n",
        folder.display()
    );
    write("basic/profiles/Test/basic.ini", &profile);
    let script = include_str!("fixtures/obs/browser.lua").replace("@TOLD@", &folder.join("told").to_string_lossy());
    write("browser.lua", &script);
    let scripts = if browser { json!([{"path": obs.join("browser.lua"), "settings": {}}]) } else { json!([]) };
    let scene = |name: &str| json!({"id": "scene", "name": name, "settings": {"items": []}});
    let scenes = json!({"name": "Test", "current_scene": "Scene", "current_program_scene": "Scene", "current_transition": "Cut",
        "scene_order": [{"name": "Scene"}, {"name": "Game"}], "sources": [scene("Scene"), scene("Game")],
        "modules": {"scripts-tool": scripts}});
    write("basic/scenes/Test.json", &scenes.to_string());
}

async fn done(app: &App, command: &str, request: Value) -> Value {
    app.call(command, request).await.unwrap_or_else(|error| panic!("{command}: {error:?}"))
}

async fn until(client: &mut Client, so: impl Fn(&Value) -> bool) -> Value {
    client.until(|frame| frame["type"] == "obs" && so(frame)).await
}

async fn start(sim: &SimTwitch, folder: &Path) -> App {
    let mut config = config(sim);
    config.data_dir = Some(folder.join("polychat"));
    App::start(config).await.unwrap()
}

#[tokio::test]
async fn the_real_obs_takes_our_source_shows_it_and_loads_its_page_anew() {
    let Some(obs) = Obs::start("source", true) else { return };
    let twitch = SimTwitch::start().await;
    let app = start(&twitch, &obs.folder).await;
    let mut client = Client::connect(&app).await;
    client.send(json!({"type": "follow", "obs": true})).await;
    done(&app, "change_obs", json!({"on": true, "address": obs.url, "password": "wrong"})).await;
    until(&mut client, |told| told["trouble"] == "password_wrong").await;
    done(&app, "change_obs", json!({"password": PASSWORD})).await;
    let told = until(&mut client, |told| told["link"] == "connected").await;
    println!("tried with OBS {}", told["version"]);

    let scenes = done(&app, "obs_scenes", json!({})).await;
    let expected =
        json!({"scenes": ["Scene", "Game"], "current": "Scene", "width": 1280, "height": 720, "browserSources": true});
    assert_eq!(scenes, expected);
    let add = |scene: &str| json!({"overlay": "main", "scene": scene, "width": 420, "height": 700});
    assert_eq!(done(&app, "add_to_obs", add("Scene")).await, json!({"source": "Polychat", "outcome": "created"}));
    assert_eq!(done(&app, "add_to_obs", add("Scene")).await["outcome"], "present");
    assert_eq!(done(&app, "add_to_obs", add("Game")).await["outcome"], "shared");
    let link = format!("http://127.0.0.1:{}/overlay/main", app.address().port());
    obs.until_told(&format!("open {link}\n")).await;

    // What OBS itself says of it.
    let mut person = ObsRemote::connect(&obs.url, PASSWORD).await;
    let item = person.ask("GetSceneItemId", json!({"sceneName": "Scene", "sourceName": "Polychat"})).await.unwrap();
    let item = json!({"sceneName": "Scene", "sceneItemId": item["sceneItemId"]});
    let size = person.ask("GetSceneItemTransform", item.clone()).await.unwrap()["sceneItemTransform"].clone();
    assert_eq!((size["sourceWidth"].as_f64(), size["sourceHeight"].as_f64()), (Some(420.0), Some(700.0)));
    let settings =
        person.ask("GetInputSettings", json!({"inputName": "Polychat"})).await.unwrap()["inputSettings"].clone();
    assert_eq!((&settings["url"], &settings["shutdown"], &settings["css"]), (&json!(link), &json!(false), &json!("")));

    let seen = |told: &Value| {
        let source = &told["sources"][0];
        (source["inScene"].as_bool(), source["visible"].as_bool())
    };
    until(&mut client, |told| seen(told) == (Some(true), Some(true))).await;
    let picture = json!({"sourceName": "Scene", "imageFormat": "png", "imageWidth": 320, "imageHeight": 180});
    let with = person.ask("GetSourceScreenshot", picture.clone()).await.unwrap();
    let mut hide = item.clone();
    hide["sceneItemEnabled"] = json!(false);
    person.ask("SetSceneItemEnabled", hide).await.unwrap();
    until(&mut client, |told| seen(told) == (Some(true), Some(false))).await;
    let without = person.ask("GetSourceScreenshot", picture).await.unwrap();
    assert_ne!(with["imageData"], without["imageData"], "it was in the picture");
    person.ask("SetCurrentProgramScene", json!({"sceneName": "Game"})).await.unwrap();
    until(&mut client, |told| seen(told) == (Some(true), Some(true))).await;

    person.ask("StartRecord", json!({})).await.unwrap();
    until(&mut client, |told| told["recording"] == true).await;
    person.ask("StopRecord", json!({})).await.unwrap();
    until(&mut client, |told| told["recording"] == false).await;

    assert_eq!(done(&app, "refresh_obs", json!({})).await, json!({"refreshed": 1, "moved": 0}));
    obs.until_told("refresh\n").await;
    // With another port after a restart, the link is given the right one.
    app.stop().await;
    let held = TcpListener::bind(app.address()).unwrap();
    let app = start(&twitch, &obs.folder).await;
    let right = format!("http://127.0.0.1:{}/overlay/main", app.address().port());
    assert_ne!(right, link);
    obs.until_told(&format!("open {right}\n")).await;
    drop(held);

    // OBS ends, however it does.
    let mut client = Client::connect(&app).await;
    client.send(json!({"type": "follow", "obs": true})).await;
    until(&mut client, |told| told["link"] == "connected").await;
    drop(obs);
    let told = until(&mut client, |told| told["link"] == "waiting").await;
    assert!(told["trouble"] == "closed" || told["trouble"] == "not_there", "{told}");
    app.stop().await;
}

#[tokio::test]
async fn a_real_obs_without_browser_sources_is_told_in_words() {
    let Some(obs) = Obs::start("bare", false) else { return };
    let mut person = ObsRemote::connect(&obs.url, PASSWORD).await;
    let kinds = person.ask("GetInputKindList", json!({"unversioned": true})).await.unwrap();
    if kinds["inputKinds"].as_array().unwrap().iter().any(|kind| kind == "browser_source") {
        println!("Not tried: this OBS has browser sources of its own.");
        return;
    }
    let twitch = SimTwitch::start().await;
    let app = start(&twitch, &obs.folder).await;
    let mut client = Client::connect(&app).await;
    client.send(json!({"type": "follow", "obs": true})).await;
    done(&app, "change_obs", json!({"on": true, "address": obs.url, "password": PASSWORD})).await;
    until(&mut client, |told| told["link"] == "connected").await;
    assert_eq!(done(&app, "obs_scenes", json!({})).await["browserSources"], false);
    let add = json!({"overlay": "main", "scene": "Scene", "width": 420, "height": 700});
    let error = app.call("add_to_obs", add).await.unwrap_err();
    assert!(error.message.starts_with("This OBS has no browser sources"), "{error:?}");
    app.stop().await;
}

/// The form of an answer: its fields with the types of their values, as far as both have them.
fn form(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), form(value))).collect(),
        Value::Array(all) => all.first().map_or(json!([]), |first| json!([form(first)])),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!("number"),
        Value::Bool(_) => json!("yes or no"),
        Value::Null => Value::Null,
    }
}

/// Whether everything that `one` has is in `other`, in the same form.
fn is_part(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.iter().all(|(name, value)| other.get(name).is_some_and(|other| is_part(value, other)))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.first().zip(other.first()).is_none_or(|(one, other)| is_part(one, other))
        }
        (one, other) => one == other || one.is_null() || other.is_null(),
    }
}

#[tokio::test]
async fn the_simulated_obs_answers_as_the_real_one() {
    let Some(obs) = Obs::start("alike", true) else { return };
    let sim = SimObs::start().await;
    sim.scene("Game").password(PASSWORD);
    let mut real = ObsRemote::connect(&obs.url, PASSWORD).await;
    let mut simulated = ObsRemote::connect(&sim.url(), PASSWORD).await;
    let url = "http://127.0.0.1:7117/overlay/main";
    let create = |scene: &str, name: &str, kind: &str| {
        json!({"sceneName": scene, "inputName": name, "inputKind": kind,
            "inputSettings": {"url": url, "width": 420, "height": 900, "is_local_file": false, "local_file": ""}})
    };
    for (kind, data) in [
        ("GetVersion", json!({})),
        ("GetStreamStatus", json!({})),
        ("GetRecordStatus", json!({})),
        ("GetVideoSettings", json!({})),
        ("GetSceneList", json!({})),
        ("GetInputKindList", json!({"unversioned": true})),
        ("CreateInput", create("Nowhere", "Chat", "browser_source")),
        ("CreateInput", create("Scene", "Chat", "no_such_kind")),
        ("CreateInput", create("Scene", "Game", "browser_source")),
        ("CreateInput", create("Scene", "Chat", "browser_source")),
        ("CreateInput", create("Scene", "Chat", "browser_source")),
        ("CreateInput", json!({})),
        ("GetInputList", json!({"inputKind": "browser_source"})),
        ("GetInputSettings", json!({"inputName": "Chat"})),
        ("GetInputSettings", json!({"inputName": "Nothing"})),
        ("GetInputSettings", json!({"inputName": 7})),
        ("GetInputSettings", json!({"inputName": ""})),
        ("GetSceneItemList", json!({"sceneName": "Scene"})),
        ("GetSceneItemList", json!({"sceneName": "Nowhere"})),
        ("GetSceneItemId", json!({"sceneName": "Scene", "sourceName": "Chat"})),
        ("GetSceneItemId", json!({"sceneName": "Game", "sourceName": "Chat"})),
        ("GetSourceActive", json!({"sourceName": "Chat"})),
        ("GetSourceActive", json!({"sourceName": "Nothing"})),
        ("CreateSceneItem", json!({"sceneName": "Game", "sourceName": "Chat"})),
        ("CreateSceneItem", json!({"sceneName": "Nowhere", "sourceName": "Chat"})),
        ("CreateSceneItem", json!({"sceneName": "Game", "sourceName": "Nothing"})),
        ("SetInputSettings", json!({"inputName": "Chat", "inputSettings": {"url": "http://a"}, "overlay": true})),
        ("SetInputSettings", json!({"inputName": "Chat"})),
        ("PressInputPropertiesButton", json!({"inputName": "Chat", "propertyName": "refreshnocache"})),
        ("PressInputPropertiesButton", json!({"inputName": "Chat", "propertyName": "no_such_button"})),
        ("PressInputPropertiesButton", json!({"inputName": "Nothing", "propertyName": "refreshnocache"})),
        ("NoSuchRequest", json!({})),
    ] {
        let (real, simulated) = (real.ask(kind, data.clone()).await, simulated.ask(kind, data.clone()).await);
        match (&real, &simulated) {
            (Ok(real), Ok(simulated)) => {
                let (real, simulated) = (form(real), form(simulated));
                assert!(is_part(&simulated, &real), "{kind} {data}: the simulation says {simulated}, OBS says {real}");
            }
            _ => assert_eq!(simulated, real, "{kind} {data}"),
        }
    }
}
