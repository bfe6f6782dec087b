//! TikTok's second way: its own page in a hidden window, from the refusal of the direct connection over the user's consent to
//! messages. The page is the simulation's, under a policy as strict as TikTok's, in the real browser engine.

use std::time::Duration;

use polychat_testkit::tiktok::{Endpoint, Fault, Player, Refusal, SimTiktok, TkChannel};
use serde_json::{Value, json};

use super::chat::{FIELD, LIST};
use super::driver::{Driver, ENTER, eventually};
use super::world::{Socket, World};

/// What the window is called when its user has to look at it.
const TITLE: &str = "TikTok asks you something: Polychat goes on when you have answered";

/// The page's observer says after 20 s that it sees no socket; a machine that is busy takes longer.
const UNSEEN: Duration = Duration::from_secs(60);

struct Live {
    world: World,
    sim: SimTiktok,
    driver: Driver,
    socket: Socket,
}

impl Live {
    /// `luna` is live, but TikTok refuses three direct connections; that is once more than is borne.
    async fn refused(player: Player, tries: &str) -> Self {
        let mut world = World::new().await;
        let sim = SimTiktok::start().await;
        sim.channel("luna").go_live();
        sim.page_plays(player);
        sim.page_tries(tries);
        sim.fault(Endpoint::Socket, Fault::Refused(Refusal::DeviceBlocked), 3);
        for (name, value) in [
            ("POLYCHAT_TIKTOK_URL", sim.url()),
            ("POLYCHAT_TIKTOK_WEBCAST_URL", sim.webcast_url()),
            ("POLYCHAT_TIKTOK_WS_URL", sim.ws_url()),
            ("POLYCHAT_TIKTOK_TTWID_URL", sim.ttwid_url()),
        ] {
            world.set(name, &value);
        }
        let driver = world.drive().await;
        let mut socket = world.socket().await;
        socket.watch("tiktok", "luna").await;
        Self { world, sim, driver, socket }
    }

    fn luna(&self) -> TkChannel<'_> {
        self.sim.channel("luna")
    }

    /// The user agrees, in the control window.
    async fn agree(&self) {
        self.driver.call("change_settings", json!({"tiktokPage": true})).await;
    }

    async fn agreed(player: Player, tries: &str) -> Self {
        let live = Self::refused(player, tries).await;
        live.agree().await;
        live
    }

    /// Waits until the chat comes through the page.
    async fn by_page(&mut self) -> Value {
        let started = self.socket.until("the chat through the page", |frame| frame["status"] == "started").await;
        assert_eq!(started["via"], "webview", "{started}");
        started
    }

    /// What the page told of its own accord, once it told about `about`.
    async fn told(&self, about: &str) -> Value {
        eventually(&format!("the page tells of {about}"), async || {
            let told = self.sim.log().told;
            told.iter()
                .filter_map(|text| serde_json::from_str::<Value>(text).ok())
                .find_map(|it| it.get(about).cloned())
        })
        .await
    }

    /// What the page's policy complained of.
    fn violations(&self) -> Vec<Value> {
        let told = self.sim.log().told;
        let told = told.iter().filter_map(|text| serde_json::from_str::<Value>(text).ok());
        told.filter_map(|it| it.get("violation").cloned()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_opened_when_its_user_agrees_and_every_message_comes_as_it_was() {
    let mut live = Live::refused(Player::Buffers, "").await;
    let asks = live.socket.until("the question for consent", |frame| frame["code"] == "CONSENT_NEEDED").await;
    assert!(asks["details"].as_str().or(asks["cause"].as_str()).unwrap().contains("settings"), "{asks}");
    let windows = live.driver.windows().await;
    let pages = live.sim.requests(Endpoint::LivePage);
    // The control window asks, once the channel is in it.
    live.driver.type_into(FIELD, &format!("https://www.tiktok.com/@luna/live{ENTER}")).await;
    live.driver.click("[aria-label='A question about TikTok'] .first").await;
    let started = live.by_page().await;
    assert!(started["message"].as_str().unwrap().contains("hidden window"), "{started}");
    assert!(live.sim.requests(Endpoint::LivePage) > pages, "the browser has fetched the page");
    let texts: Vec<String> =
        (0..60).map(|n| format!("{n}: <b>ünï\u{202e}cödé</b> 🎉 \u{2028}{}", "x".repeat(n * 7))).collect();
    for text in &texts {
        live.luna().say("ann", text);
    }
    for text in &texts {
        assert_eq!(live.socket.chat().await, *text);
    }
    assert_eq!(live.world.x.find(TITLE), None, "nobody sees the window: {:?}", live.world.x.titles());
    assert_eq!(live.driver.windows().await, windows, "the page is no window of ours");
    let complaints = live.violations();
    assert!(
        complaints.iter().all(|what| !what.to_string().contains("ipc")),
        "TikTok is told nothing of us: {complaints:?}"
    );
    live.driver.text_with(LIST, "59: <b>").await;
    // Who reads no more closes the page.
    live.driver.call("remove_channel", json!({"platform": "tiktok", "identifier": "luna"})).await;
    live.socket.send(json!({"type": "unsubscribe", "platform": "tiktok", "identifier": "luna"})).await;
    live.sim.until("the page is closed", |sim| sim.sockets() == 0).await;
    live.world.quit(live.driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_reads_blobs_and_comes_back_by_itself_is_followed() {
    let mut live = Live::agreed(Player::Blobs, "").await;
    live.by_page().await;
    live.luna().say("ann", "before");
    assert_eq!(live.socket.chat().await, "before");
    let sockets = live.sim.log().sockets.len();
    live.sim.cut();
    let is_back = |sim: &SimTiktok| sim.log().sockets.len() > sockets && sim.channel("luna").readers() == 1;
    live.sim.until("the page comes back", is_back).await;
    live.luna().say("ann", "after");
    assert_eq!(live.socket.chat().await, "after");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_may_say_what_it_sees_and_nothing_else() {
    let tries = r#"
        const { invoke } = window.__TAURI_INTERNALS__;
        const tried = {};
        for (const [command, request] of [
            ["call", { command: "saved", request: {} }],
            ["native", { command: "desktop", request: {} }],
            ["overlay_window", {}],
            ["plugin:event|emit", { event: "desktop", payload: {} }],
            ["plugin:event|listen", { event: "desktop", target: { kind: "Any" }, handler: 1 }],
            ["plugin:window|get_all_windows", {}],
            ["plugin:webview|get_all_webviews", {}],
            ["plugin:webview|create_webview_window", { options: { label: "control-2", url: "https://www.tiktok.com" } }],
            ["plugin:opener|open_url", { url: "https://example.com" }],
            ["plugin:dialog|message", { message: "hello" }],
            ["plugin:autostart|enable", {}],
            ["plugin:window-state|save_window_state", { flags: 1 }],
        ]) {
            tried[command] = await invoke(command, request).then(() => "allowed", (error) => String(error));
        }
        tried.nonsense = await invoke("tiktok_page", { texts: ["{", "{}", "x".repeat(1000)], lost: 7 }).then(() => "heard", String);
        tried.opened = String(window.open("https://www.tiktok.com/"));
        said({ tried });
        location.href = "http://127.0.0.1:9/elsewhere";
    "#;
    let mut live = Live::agreed(Player::Buffers, tries).await;
    live.by_page().await;
    let mut tried = live.told("tried").await;
    let tried = tried.as_object_mut().unwrap();
    assert_eq!(tried.remove("nonsense"), Some(json!("heard")));
    assert_eq!(tried.remove("opened"), Some(json!("null")));
    assert_eq!(tried.len(), 12);
    for (command, came) in tried {
        assert!(came.as_str().unwrap().contains("not allowed"), "{command}: {came}");
    }
    // It stays where it is, and what it said in between did no harm.
    live.luna().say("ann", "still here");
    assert_eq!(live.socket.chat().await, "still here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captcha_is_shown_to_the_user_and_hidden_once_it_is_answered() {
    let mut live = Live::agreed(Player::Captcha, "").await;
    let asks = live.socket.until("the question", |frame| {
        frame["status"] == "reconnecting" && frame["cause"].to_string().contains("captcha")
    });
    assert!(asks.await["cause"].as_str().unwrap().contains("window"));
    let window = eventually("the window of the page", async || live.world.x.find(TITLE)).await;
    // A person looks before clicking.
    tokio::time::sleep(Duration::from_millis(700)).await;
    live.world.x.click(live.world.x.area(window).middle());
    live.by_page().await;
    live.luna().say("ann", "let in");
    assert_eq!(live.socket.chat().await, "let in");
    eventually("the window is hidden again", async || live.world.x.find(TITLE).is_none().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_the_window_that_asks_ends_that_page_and_nothing_else() {
    let mut live = Live::agreed(Player::Captcha, "").await;
    let window = eventually("the window of the page", async || live.world.x.find(TITLE)).await;
    live.world.x.close(window);
    let over = live.socket.until("the end of this try", |frame| frame["cause"].to_string().contains("No other way"));
    assert_eq!(over.await["status"], "reconnecting");
    // The window manager takes it off the screen in its own time.
    eventually("the window is gone", async || live.world.x.find(TITLE).is_none().then_some(())).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(live.world.x.find(TITLE), None, "it does not come back at once");
    assert!(live.world.x.find(super::world::CONTROL).is_some(), "the program goes on");
    live.world.quit(live.driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_cannot_be_seen_is_reported() {
    let mut live = Live::agreed(Player::Worker, "").await;
    let what = "the word that nothing is seen";
    let unseen = live.socket.within(UNSEEN, what, |frame| frame["cause"].to_string().contains("no chat in it")).await;
    assert_eq!(unseen["status"], "reconnecting");
    assert!(
        live.sim.log().sockets.iter().any(|socket| !socket.entered.is_empty()),
        "the worker was in the room all the time"
    );
}
