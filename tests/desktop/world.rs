//! Everything around the program: a screen, simulated platforms, folders, and the program itself.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use polychat_testkit::twitch::SimTwitch;
use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::driver::{Driver, PATIENCE, eventually};
use super::process::{self, PROGRAM, Running};
use super::screen::{Furniture, Screen};
use super::tray::Tray;
use super::x::X;

/// The title of the control window.
pub(crate) const CONTROL: &str = "Polychat";

/// Within this the program has to end when it is asked to.
pub(crate) const STOP: Duration = Duration::from_secs(5);

/// A client for the pages of this computer.
pub(crate) fn http() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        // Another test may have done so.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap()
    })
}

/// A port that nobody has now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// What a test is about.
pub(crate) struct World {
    // In the order in which they end.
    program: Option<Running>,
    driver: Option<Running>,
    pub(crate) tray: Option<Tray>,
    pub(crate) x: X,
    pub(crate) twitch: SimTwitch,
    pub(crate) screen: Screen,
    pub(crate) port: u16,
    settings: Vec<(String, String)>,
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.tell();
        }
    }
}

impl World {
    /// A screen with a compositor and a tray.
    pub(crate) async fn new() -> Self {
        Self::with(Furniture::default(), true).await
    }

    pub(crate) async fn with(furniture: Furniture, tray: bool) -> Self {
        let screen = tokio::task::block_in_place(|| Screen::start(furniture));
        let tray = tray.then(|| tokio::task::block_in_place(|| Tray::open(&screen.bus)));
        let x = X::open(&screen.display);
        if furniture.compositor {
            eventually("the compositor", async || x.has_owner("_NET_WM_CM_S0").then_some(())).await;
        }
        let twitch = SimTwitch::start().await;
        let port = free_port();
        let mut world = Self { program: None, driver: None, tray, x, twitch, screen, port, settings: Vec::new() };
        let nobody = "http://127.0.0.1:9";
        for (name, value) in [
            ("PORT", &*port.to_string()),
            ("POLYCHAT_DATA_DIR", &*world.data().to_string_lossy()),
            ("POLYCHAT_TWITCH_IRC_URL", &*world.twitch.irc_url()),
            ("POLYCHAT_TWITCH_SIDE", "off"),
            ("POLYCHAT_YOUTUBE_URL", nobody),
            ("POLYCHAT_YOUTUBE_SIGNALER_URL", "off"),
            ("POLYCHAT_TIKTOK_URL", nobody),
            ("POLYCHAT_TIKTOK_WEBCAST_URL", nobody),
            ("POLYCHAT_TIKTOK_WS_URL", "ws://127.0.0.1:9"),
            ("POLYCHAT_TIKTOK_TTWID_URL", "off"),
            ("POLYCHAT_7TV_URL", "off"),
            ("POLYCHAT_7TV_EVENTS_URL", "off"),
            ("POLYCHAT_BTTV_URL", "off"),
            ("POLYCHAT_FFZ_URL", "off"),
            ("POLYCHAT_LOG", "info,polychat=debug"),
            // The program and its pages speak the system's language.
            ("LC_ALL", "C.UTF-8"),
            ("LANGUAGE", "en"),
        ] {
            world.set(name, value);
        }
        world
    }

    /// A setting of the program, as the environment has it.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    /// The folder of the program's files.
    pub(crate) fn data(&self) -> PathBuf {
        self.screen.folder_for("polychat")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = self.screen.command(program);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// How the program is started, for tests that start it in another way.
    pub(crate) fn program_command(&self) -> Command {
        self.command_of(PROGRAM)
    }

    /// How another program is started in its place.
    pub(crate) fn command_of(&self, program: &str) -> Command {
        let mut command = self.command(program);
        command.stdout(self.file("stdout")).stderr(self.file("stderr"));
        command
    }

    /// What the program has printed to stderr.
    pub(crate) fn printed(&self) -> String {
        std::fs::read_to_string(self.screen.folder().join("program.stderr")).unwrap_or_default()
    }

    fn file(&self, name: &str) -> Stdio {
        let file = self.screen.folder().join(format!("program.{name}"));
        std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap().into()
    }

    // The program without a driver.

    /// Starts the program as a person does.
    pub(crate) fn launch(&mut self) {
        self.launch_with(&[]);
    }

    /// Starts it with arguments.
    pub(crate) fn launch_with(&mut self, arguments: &[&str]) {
        let running = Running::start(self.program_command().args(arguments));
        self.program = Some(running);
    }

    /// Starts it, and waits until its window is there and its server answers.
    pub(crate) async fn start(&mut self) {
        self.launch();
        self.is_there().await;
    }

    /// Waits until its window is there and its server answers.
    pub(crate) async fn is_there(&mut self) {
        eventually("the control window", async || {
            if let Some(program) = &mut self.program {
                assert!(!program.has_ended(), "the program has ended");
            }
            self.x.find(CONTROL)
        })
        .await;
        self.health().await;
    }

    pub(crate) fn program(&mut self) -> &mut Running {
        self.program.as_mut().expect("the program was started without a driver")
    }

    /// What `/health` says, once it says something.
    pub(crate) async fn health(&self) -> Value {
        self.health_at(self.port).await
    }

    pub(crate) async fn health_at(&self, port: u16) -> Value {
        let url = format!("http://127.0.0.1:{port}/health");
        eventually("an answer of /health", async || http().get(&url).send().await.ok()?.json().await.ok()).await
    }

    /// Asks the program to end and waits for that. Gives its exit code.
    pub(crate) async fn stop(&mut self) -> Option<i32> {
        let mut program = self.program.take().expect("the program was started without a driver");
        program.terminate();
        program.ended(STOP).await
    }

    // The program with a driver.

    /// Starts the program under a driver, which can look into its windows, and turns to the control window.
    pub(crate) async fn drive(&mut self) -> Driver {
        let driver = self.drive_through(PROGRAM).await;
        self.health().await;
        driver
    }

    /// The same through another file, which has to become the program in the end. Its server may be at another port.
    pub(crate) async fn drive_through(&mut self, binary: &str) -> Driver {
        let port = free_port();
        let mut command = self.command("WebKitWebDriver");
        command.arg(format!("--port={port}")).env("TAURI_WEBVIEW_AUTOMATION", "true");
        self.driver = Some(Running::start(command.stdout(self.file("stdout")).stderr(self.file("stderr"))));
        let driver = Driver::open(port, binary).await;
        driver.window("tauri://localhost").await;
        driver
    }

    /// The process of the program that the driver has started.
    pub(crate) fn driven(&self) -> u32 {
        let driver = self.driver.as_ref().expect("a driver runs").pid();
        process::program_below(driver).expect("the driver has started the program")
    }

    /// Kills the program that a driver has started, as a crash does.
    pub(crate) async fn crash(&mut self, driver: Driver) {
        self.end(driver, Signal::KILL).await;
    }

    /// Asks the program that a driver has started to end, and waits for that.
    pub(crate) async fn quit(&mut self, driver: Driver) {
        self.end(driver, Signal::TERM).await;
    }

    async fn end(&mut self, driver: Driver, signal: Signal) {
        let pid = self.driven();
        let asked = Instant::now();
        process::signal(pid, signal);
        eventually("the end of the program", async || (!process::is_alive(pid)).then_some(())).await;
        assert!(asked.elapsed() < STOP, "ending took {:?}", asked.elapsed());
        driver.close().await;
        self.driver = None;
    }

    // What comes out.

    /// A client of `/ws`.
    pub(crate) async fn socket(&self) -> Socket {
        let (socket, _) = connect_async(format!("ws://127.0.0.1:{}/ws", self.port)).await.unwrap();
        Socket { socket }
    }

    /// What can be seen, for a person to look at it.
    pub(crate) fn picture(&self, name: &str) -> PathBuf {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let file = target.join("desktop-failures").join(format!("{name}.png"));
        self.x.screenshot(&file);
        file
    }

    /// Everything that explains a failure: the picture of the screen, and what the program wrote.
    fn tell(&self) {
        let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let mut text = String::new();
        let picture = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.picture(&name)));
        let _ = writeln!(text, "the screen: {picture:?}; windows: {:?}", self.x.titles());
        for file in logs(self.screen.folder()) {
            let _ = writeln!(text, "--- {}", file.display());
            let content = std::fs::read(&file).unwrap_or_default();
            let content = String::from_utf8_lossy(&content);
            let lines: Vec<&str> = content.lines().collect();
            for line in lines.iter().skip(lines.len().saturating_sub(80)) {
                let _ = writeln!(text, "{line}");
            }
        }
        eprintln!("{text}");
    }
}

/// Everything that looks like a log, and what the program printed.
fn logs(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(logs(&path));
        } else if name.contains(".log") || name.starts_with("program.") || name.contains("crash") {
            found.push(path);
        }
    }
    found
}

/// A client of `/ws`.
pub(crate) struct Socket {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    pub(crate) async fn send(&mut self, frame: Value) {
        self.socket.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// Subscribes to a channel.
    pub(crate) async fn watch(&mut self, platform: &str, identifier: &str) {
        self.send(json!({"type": "subscribe", "platform": platform, "identifier": identifier, "include": ["events", "moderation"]}))
            .await;
    }

    /// The next frame that is as wanted, which must come within `patience`.
    pub(crate) async fn within(&mut self, patience: Duration, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut seen = String::new();
        let frames = async {
            loop {
                let Some(Ok(message)) = self.socket.next().await else {
                    panic!("the socket was closed before: {what}")
                };
                let Message::Text(text) = message else { continue };
                let frame: Value = serde_json::from_str(&text).unwrap();
                if wanted(&frame) {
                    return frame;
                }
                let _ = writeln!(seen, "{text:.300}");
            }
        };
        let frame = tokio::time::timeout(patience, frames).await.ok();
        frame.unwrap_or_else(|| panic!("in vain was waited for: {what}. Frames that came:\n{seen}"))
    }

    pub(crate) async fn until(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.within(PATIENCE, what, wanted).await
    }

    /// The text of the next chat message.
    pub(crate) async fn chat(&mut self) -> String {
        let frame = self.until("a chat message", |frame| frame["type"] == "chat").await;
        frame["data"]["content"]["raw"].as_str().unwrap_or_default().to_owned()
    }
}
