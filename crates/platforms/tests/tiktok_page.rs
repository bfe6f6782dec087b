//! The second way to a room of TikTok: its page in the user's own browser engine, here one that only has a socket.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt, StreamExt};
use polychat_model::wire::Via;
use polychat_model::{Body, ErrorCode, IdentifierType};
use polychat_platforms::tiktok::frame::{enter_room, heartbeat};
use polychat_platforms::tiktok::{NoPage, Page, PageHost, PageRequest, TiktokConfig, TiktokConnector, Timings, key};
use polychat_platforms::{BoxFuture, Connector, Signal, Started, UpstreamState};
use polychat_testkit::tiktok::{Endpoint, Fault, SimTiktok};
use serde_json::json;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(20);

/// A browser engine in which TikTok's page does what it does: it signs, enters, and keeps itself alive.
struct Engine {
    ws_url: String,
    room_id: u64,
    visitor: String,
    opened: AtomicUsize,
    shown: Arc<AtomicUsize>,
    hidden: Arc<AtomicUsize>,
    agreed: watch::Sender<bool>,
    /// What the page meets before anything else.
    wall: Option<&'static str>,
}

struct Tab(JoinHandle<()>, Arc<AtomicUsize>, Arc<AtomicUsize>);

impl Drop for Tab {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Page for Tab {
    fn show(&self) {
        self.1.fetch_add(1, Ordering::SeqCst);
    }

    fn hide(&self) {
        self.2.fetch_add(1, Ordering::SeqCst);
    }
}

impl PageHost for Engine {
    fn bridge(&self) -> &'static str {
        "ipc.postMessage"
    }

    fn agreed(&self) -> BoxFuture<'_, ()> {
        let mut agreed = self.agreed.subscribe();
        Box::pin(async move {
            let _ = agreed.wait_for(|agreed| *agreed).await;
        })
    }

    fn open(&self, page: PageRequest) -> BoxFuture<'_, Result<Box<dyn Page>, NoPage>> {
        Box::pin(async move {
            if !*self.agreed.borrow() {
                return Err(NoPage::NotAgreed);
            }
            assert!(page.url.ends_with("/@luna/live"), "{}", page.url);
            assert!(page.script.contains("ipc.postMessage") && page.script.contains("/webcast/im/"));
            self.opened.fetch_add(1, Ordering::SeqCst);
            let (room, visitor, wall) = (self.room_id, self.visitor.clone(), self.wall);
            let path = "webcast/im/ws_proxy/ws_reuse_supplement";
            let url = format!("{}/{path}/?aid=1988&app_name=tiktok_web&room_id={room}&X-Gnarly=signed", self.ws_url);
            let tab = tokio::spawn(async move { browse(url, room, visitor, wall, page.messages).await });
            Ok(Box::new(Tab(tab, Arc::clone(&self.shown), Arc::clone(&self.hidden))) as Box<dyn Page>)
        })
    }
}

async fn browse(url: String, room: u64, visitor: String, wall: Option<&str>, messages: mpsc::Sender<String>) {
    let say = |message: serde_json::Value| {
        let messages = messages.clone();
        async move { messages.send(message.to_string()).await.unwrap() }
    };
    messages.send("this page is not the script".to_owned()).await.unwrap();
    if let Some(wall) = wall {
        say(json!({"kind": "wall", "wall": "captcha"})).await;
        if wall == "closed" {
            return;
        }
        // The user takes a moment.
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let mut request = url.clone().into_client_request().unwrap();
    request.headers_mut().insert("cookie", format!("ttwid={visitor}").parse().unwrap());
    request.headers_mut().insert("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15".parse().unwrap());
    request.headers_mut().insert("origin", "https://www.tiktok.com".parse().unwrap());
    let (mut socket, _) = connect_async(request).await.unwrap();
    say(json!({"kind": "open", "socket": 1, "url": url})).await;
    socket.send(Message::binary(heartbeat(room))).await.unwrap();
    socket.send(Message::binary(enter_room(room, 1))).await.unwrap();
    let mut number = 0;
    while let Some(Ok(message)) = socket.next().await {
        let Message::Binary(frame) = message else { continue };
        number += 1;
        say(json!({"kind": "frame", "socket": 1, "number": number, "data": STANDARD.encode(frame)})).await;
    }
}

struct Read {
    signals: mpsc::Receiver<Signal>,
    cancel: CancellationToken,
}

impl Read {
    async fn next(&mut self) -> Signal {
        tokio::time::timeout(PATIENCE, self.signals.recv()).await.expect("something must come").unwrap()
    }

    async fn started(&mut self) -> Started {
        loop {
            if let Signal::State(UpstreamState::Started(started)) = self.next().await {
                return started;
            }
        }
    }

    async fn lost(&mut self) -> String {
        self.lost_with_code().await.0
    }

    async fn lost_with_code(&mut self) -> (String, ErrorCode) {
        loop {
            if let Signal::State(UpstreamState::Reconnecting { cause, code, .. }) = self.next().await {
                return (cause, code);
            }
        }
    }

    async fn text(&mut self) -> String {
        loop {
            if let Signal::Event(event) = self.next().await
                && let Body::Chat(chat) = event.body
            {
                return chat.data.content.raw().to_owned();
            }
        }
    }
}

fn timings() -> Timings {
    let ms = Duration::from_millis;
    Timings {
        join: ms(400),
        retry_first: ms(20),
        retry_refused: ms(20),
        blocked_first: ms(50),
        blocked_longest: ms(100),
        lookup: ms(1),
        mint: ms(10),
        healthy: ms(100),
        ..Timings::default()
    }
}

fn read(sim: &SimTiktok, engine: &Arc<Engine>, timings: Timings) -> Read {
    let config = TiktokConfig {
        url: sim.url(),
        webcast_url: sim.webcast_url(),
        ws_url: sim.ws_url(),
        ttwid_url: Some(sim.ttwid_url()),
        sign_url: None,
        sign_key: None,
    };
    let connector = TiktokConnector::with_timings(&config, timings).with_pages(Arc::clone(engine) as Arc<dyn PageHost>);
    let (outlet, signals) = mpsc::channel(256);
    let cancel = CancellationToken::new();
    let (key, stop) = (key(IdentifierType::Username, "luna").unwrap(), cancel.clone());
    tokio::spawn(async move { connector.read(key, outlet, stop).await });
    Read { signals, cancel }
}

fn engine(sim: &SimTiktok, room_id: u64, wall: Option<&'static str>) -> Arc<Engine> {
    Arc::new(Engine {
        ws_url: sim.ws_url(),
        room_id,
        visitor: sim.mint(),
        opened: AtomicUsize::new(0),
        shown: Arc::new(AtomicUsize::new(0)),
        hidden: Arc::new(AtomicUsize::new(0)),
        agreed: watch::channel(true).0,
        wall,
    })
}

#[tokio::test]
async fn the_page_is_opened_only_when_the_direct_way_fails() {
    let sim = SimTiktok::start().await;
    let room = sim.channel("luna").go_live();
    let engine = engine(&sim, room, None);
    let mut read = read(&sim, &engine, timings());
    assert_eq!(read.started().await.via, Some(Via::Direct));
    assert_eq!(engine.opened.load(Ordering::SeqCst), 0);
    read.cancel.cancel();
}

#[tokio::test]
async fn frames_of_the_page_are_read_like_our_own() {
    let sim = SimTiktok::start().await;
    let luna = sim.channel("luna");
    let room = luna.go_live();
    sim.need_signature(true);
    let engine = engine(&sim, room, None);
    let mut read = read(&sim, &engine, timings());
    let started = read.started().await;
    assert_eq!((started.via, &*started.live_id), (Some(Via::Webview), &*room.to_string()));
    assert!(started.message.unwrap().contains("silent"), "it says why");
    luna.say("ann", "through the page");
    assert_eq!(read.text().await, "through the page");
    read.cancel.cancel();
}

#[tokio::test]
async fn the_page_finds_a_room_that_we_are_not_shown() {
    let sim = SimTiktok::start().await;
    let luna = sim.channel("luna");
    let room = luna.go_live();
    for endpoint in [Endpoint::RoomState, Endpoint::LivePage, Endpoint::ProfilePage] {
        sim.fault_always(endpoint, Fault::AntiBot);
    }
    let engine = engine(&sim, room, None);
    let mut read = read(&sim, &engine, timings());
    let started = read.started().await;
    assert_eq!((started.via, &*started.live_id), (Some(Via::Webview), &*room.to_string()));
    luna.say("ann", "found");
    assert_eq!(read.text().await, "found");
    read.cancel.cancel();
}

#[tokio::test]
async fn a_page_that_needs_its_user_is_shown_once_and_waited_for() {
    let sim = SimTiktok::start().await;
    let luna = sim.channel("luna");
    let room = luna.go_live();
    sim.need_signature(true);
    let engine = engine(&sim, room, Some("captcha"));
    let mut read = read(&sim, &engine, timings());
    while !read.lost().await.contains("captcha") {}
    assert_eq!(engine.shown.load(Ordering::SeqCst), 1);
    assert_eq!(read.started().await.via, Some(Via::Webview));
    assert_eq!(engine.hidden.load(Ordering::SeqCst), 1, "once the user has answered, it is hidden again");
    read.cancel.cancel();
}

#[tokio::test]
async fn a_user_who_closes_the_page_that_asks_them_is_not_asked_again_at_once() {
    let sim = SimTiktok::start().await;
    let room = sim.channel("luna").go_live();
    sim.need_signature(true);
    let engine = engine(&sim, room, Some("closed"));
    let mut read = read(&sim, &engine, timings());
    while !read.lost().await.contains("No other way") {}
    assert_eq!((engine.opened.load(Ordering::SeqCst), engine.shown.load(Ordering::SeqCst)), (1, 1));
    read.cancel.cancel();
}

#[tokio::test]
async fn the_page_waits_until_its_user_agrees_and_is_opened_at_once_then() {
    let sim = SimTiktok::start().await;
    let luna = sim.channel("luna");
    let room = luna.go_live();
    sim.need_signature(true);
    let engine = engine(&sim, room, None);
    engine.agreed.send_replace(false);
    let mut read = read(&sim, &engine, timings());
    let (cause, code) = loop {
        let (cause, code) = read.lost_with_code().await;
        if code != ErrorCode::UpstreamUnavailable {
            break (cause, code);
        }
    };
    assert_eq!(code, ErrorCode::ConsentNeeded);
    assert!(cause.contains("settings"), "it says where to allow it: {cause}");
    assert_eq!(engine.opened.load(Ordering::SeqCst), 0, "nothing is opened before");
    // The pause before the next try is five minutes; agreeing ends it.
    engine.agreed.send_replace(true);
    let started = read.started().await;
    assert_eq!(started.via, Some(Via::Webview));
    assert!(started.message.unwrap().contains("silent"), "it still says why the direct connection was left");
    luna.say("ann", "with consent");
    assert_eq!(read.text().await, "with consent");
    read.cancel.cancel();
}

#[tokio::test]
async fn the_direct_way_is_tried_again_after_a_while() {
    let sim = SimTiktok::start().await;
    let luna = sim.channel("luna");
    let room = luna.go_live();
    sim.need_signature(true);
    let engine = engine(&sim, room, None);
    let mut read = read(&sim, &engine, Timings { primary_again: Duration::from_millis(900), ..timings() });
    assert_eq!(read.started().await.via, Some(Via::Webview));
    sim.need_signature(false);
    let mut started = read.started().await;
    while started.via != Some(Via::Direct) {
        started = read.started().await;
    }
    assert_eq!(started.message, None);
    read.cancel.cancel();
}
