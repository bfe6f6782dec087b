//! A server on a free port, and a client that speaks `/ws` like a page does.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part of this")]

pub mod tiktok;
pub mod youtube;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use polychat_server::{App, Config};
use polychat_testkit::twitch::SimTwitch;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long a test waits for something that must come. Long, as the machine may be busy; nothing waits so long when all
/// is well.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How long a test watches for something that must not come.
pub const QUIET: Duration = Duration::from_millis(300);

/// How many settings were made: each has a folder of its own.
static FOLDERS: AtomicUsize = AtomicUsize::new(0);

/// Settings for a test: a free port, and a simulated Twitch that is asked nothing but chat.
pub fn config(sim: &SimTwitch) -> Config {
    let mut config = Config::embedded();
    config.port = Some(0);
    config.twitch.irc_url = Some(sim.irc_url());
    "off".clone_into(&mut config.twitch.side);
    // Nobody listens there: a test that wants YouTube or TikTok brings its own.
    let nobody = Some("http://127.0.0.1:9".to_owned());
    config.tiktok.url.clone_from(&nobody);
    config.tiktok.webcast_url = nobody;
    config.tiktok.ws_url = Some("ws://127.0.0.1:9".to_owned());
    config.tiktok.ttwid_url = Some("off".to_owned());
    config.youtube.url = Some("http://127.0.0.1:9".to_owned());
    config.youtube.signaler_url = Some("off".to_owned());
    // A test that wants third-party emotes brings its own, too.
    let emotes = &mut config.emotes;
    for url in [&mut emotes.seventv_url, &mut emotes.seventv_events_url, &mut emotes.bttv_url, &mut emotes.ffz_url] {
        *url = Some("off".to_owned());
    }
    config.stats.stats_storage = Some("memory".to_owned());
    // A folder for each: tests of one process would follow each other's channels.
    let folder = format!("polychat-test-{}/{}", std::process::id(), FOLDERS.fetch_add(1, Ordering::Relaxed));
    config.data_dir = Some(std::env::temp_dir().join(folder));
    config
}

pub async fn serve(sim: &SimTwitch) -> App {
    App::start(config(sim)).await.expect("a free port can be listened on")
}

pub struct Client {
    ws: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Client {
    pub async fn connect(app: &App) -> Self {
        Self::open(app, "/ws", &[]).await.expect("the server accepts")
    }

    /// To a program of its own, by host and port.
    pub async fn connect_to(address: &str) -> Self {
        let (ws, _) = connect_async(format!("ws://{address}/ws")).await.expect("the program accepts");
        Self { ws }
    }

    pub async fn open(app: &App, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, tungstenite::Error> {
        let mut request = format!("ws://{}{path}", app.address()).into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header value"));
        }
        connect_async(request).await.map(|(ws, _)| Self { ws })
    }

    pub async fn send(&mut self, frame: Value) {
        self.send_text(&frame.to_string()).await;
    }

    pub async fn send_text(&mut self, text: &str) {
        self.ws.send(Message::text(text)).await.expect("the server reads");
    }

    pub async fn send_message(&mut self, message: Message) {
        // The server may have closed already: what it said is what matters.
        let _ = self.ws.send(message).await;
    }

    /// The next frame, which must come.
    pub async fn next(&mut self) -> Value {
        match self.next_or_close().await {
            Ok(frame) => frame,
            Err(close) => panic!("closed instead of a frame: {close:?}"),
        }
    }

    /// The next frame, or how the server closed.
    pub async fn next_or_close(&mut self) -> Result<Value, Option<CloseFrame>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.ws.next()).await.expect("something must come");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("frames are JSON")),
                Some(Ok(Message::Close(close))) => return Err(close),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The number with which the server closes, whatever comes before.
    pub async fn close_code(&mut self) -> Option<u16> {
        loop {
            if let Err(close) = self.next_or_close().await {
                return close.map(|close| close.code.into());
            }
        }
    }

    /// Skips frames until one is as wanted.
    pub async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.next().await;
            if wanted(&frame) {
                return frame;
            }
        }
    }

    pub async fn until_status(&mut self, status: &str) -> Value {
        self.until(|frame| frame["status"] == status).await
    }

    pub async fn next_chat(&mut self) -> Value {
        self.until(|frame| frame["type"] == "chat").await
    }

    /// Reads nothing for a while; anything that comes fails the test.
    pub async fn stays_quiet(&mut self) {
        if let Ok(Some(Ok(Message::Text(text)))) = tokio::time::timeout(QUIET, self.ws.next()).await {
            panic!("nothing should come, but this did: {text}");
        }
    }

    /// Subscribes to a Twitch channel and waits until it is read.
    pub async fn watch(&mut self, channel: &str) {
        self.watch_with(channel, json!({})).await;
    }

    pub async fn watch_with(&mut self, channel: &str, more: Value) {
        let mut request = json!({"type": "subscribe", "platform": "twitch", "identifier": channel});
        for (name, value) in more.as_object().into_iter().flatten() {
            request[name] = value.clone();
        }
        self.send(request).await;
        let subscribed = self.next().await;
        assert_eq!(subscribed["status"], "subscribed", "{subscribed}");
        self.until_status("started").await;
    }

    pub async fn close(mut self) {
        let _ = self.ws.close(None).await;
    }
}

/// The text of a chat frame.
pub fn text(frame: &Value) -> &str {
    frame["data"]["content"]["raw"].as_str().unwrap_or_default()
}
