//! Overlay windows over another program: seen through, clicked through, locked and unlocked, and never without a way back.

use std::time::{Duration, Instant};

use polychat_model::saved::HotkeyAction;
use serde_json::{Value, json};

use super::driver::{Driver, eventually};
use super::world::{CONTROL, World};
use super::x::{Area, Underneath, X};

/// What the window of the main overlay is called.
const OVERLAY: &str = "Polychat overlay: main";

/// The colour of the program below: none that the overlay has.
const MAGENTA: [u8; 3] = [255, 0, 128];

/// The key that locks and unlocks, until somebody changes it.
fn lock_keys() -> &'static str {
    HotkeyAction::Lock.default_keys()
}

/// How long a click has to reach whoever gets it.
const CLICK: Duration = Duration::from_millis(400);

/// After this a key was swallowed.
const SWALLOWED: Duration = Duration::from_secs(6);

/// The main overlay, over a program of one colour that is larger.
struct Over {
    world: World,
    driver: Driver,
    below: Underneath,
}

impl Over {
    async fn show() -> Self {
        Self::show_in(World::new().await).await
    }

    async fn show_in(mut world: World) -> Self {
        let below = Underneath::open(&world.screen.display, Area { x: 250, y: 40, width: 1_100, height: 820 }, MAGENTA);
        let driver = world.drive().await;
        driver.call("add_channel", json!({"platform": "twitch", "identifier": "luna"})).await;
        // The switch above the chat.
        driver.click("label.switch input").await;
        let over = Self { world, driver, below };
        over.area().await;
        // The control window would be the one that is seen through the overlay.
        let control = over.world.x.find(CONTROL).expect("the control window");
        over.world.x.iconify(control);
        over
    }

    async fn window(&self) -> u32 {
        eventually("the overlay's window", async || self.world.x.find(OVERLAY)).await
    }

    async fn area(&self) -> Area {
        self.world.x.area(self.window().await)
    }

    async fn takes_clicks(&self) -> bool {
        self.world.x.input_area(self.window().await) > 1
    }

    async fn becomes(&self, locked: bool) {
        let what = if locked { "the overlay is locked" } else { "the overlay is unlocked" };
        eventually(what, async || (self.takes_clicks().await != locked).then_some(())).await;
        let windows = eventually(what, async || {
            let windows = self.driver.native("desktop", json!({})).await["windows"].clone();
            (windows[0]["locked"] == locked).then_some(windows)
        });
        assert_eq!(windows.await[0]["name"], "main");
    }

    /// Presses keys until the overlay is locked, or is not. A window manager that has the keyboard to itself for a moment swallows
    /// a key; a person presses it again.
    async fn press_until(&self, keys: &str, locked: bool) {
        for _ in 0..3 {
            self.world.x.press(keys);
            let pressed = Instant::now();
            while pressed.elapsed() < SWALLOWED {
                if self.takes_clicks().await != locked {
                    return self.becomes(locked).await;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        panic!("{keys} does nothing");
    }

    /// Clicks into the middle. Whether the program below got it.
    async fn click_goes_through(&mut self) -> bool {
        let before = self.below.clicks();
        self.world.x.click(self.area().await.middle());
        tokio::time::sleep(CLICK).await;
        self.below.clicks() > before
    }

    /// Which share of the overlay's inner half shows the program below.
    async fn seen_through(&self) -> f64 {
        let Area { x, y, width, height } = self.area().await;
        let (right, down) = ((width / 4).cast_signed(), (height / 4).cast_signed());
        self.world.x.share_of(Area { x: x + right, y: y + down, width: width / 2, height: height / 2 }, MAGENTA)
    }

    async fn quit(mut self) {
        self.world.quit(self.driver).await;
    }

    fn say(&self, text: &str) {
        self.world.twitch.say("luna", "ann", text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_below_is_seen_and_clicked_through_a_locked_overlay() {
    let mut over = Over::show().await;
    let window = over.window().await;
    let x = &over.world.x;
    eventually("above all", async || x.has_state(window, "_NET_WM_STATE_ABOVE").then_some(())).await;
    assert!(x.has_state(window, "_NET_WM_STATE_SKIP_TASKBAR"));
    over.becomes(false).await;
    assert!(!over.click_goes_through().await, "unlocked it is there to be arranged");

    over.press_until(lock_keys(), true).await;
    eventually("nothing but the program below", async || (over.seen_through().await > 0.999).then_some(())).await;
    assert!(over.click_goes_through().await, "locked it is in nobody's way");

    // Messages are seen over it, and go through as well.
    over.driver.window("overlay.html").await;
    let mut chat = over.world.socket().await;
    chat.watch("twitch", "luna").await;
    chat.until("the chat", |frame| frame["status"] == "started").await;
    for n in 0..12 {
        over.say(&format!("message {n} over the game, long enough to be wrapped into several lines of the overlay"));
    }
    over.driver.text_with("body", "message 11").await;
    eventually("messages over it", async || (over.seen_through().await < 0.98).then_some(())).await;
    // Letters have a soft outline: what it touches has not the very colour any more.
    let share = over.seen_through().await;
    assert!(share > 0.1, "around the letters the program below is still seen, not only by {share}");
    assert!(over.click_goes_through().await);

    over.press_until(lock_keys(), false).await;
    assert!(!over.click_goes_through().await);
    over.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tray_locks_unlocks_hides_shows_and_quits() {
    let mut over = Over::show().await;
    over.becomes(false).await;
    let tray = over.world.tray.take().expect("a tray");
    tray.click("Lock overlays").await;
    over.becomes(true).await;
    tray.click("Unlock overlays").await;
    over.becomes(false).await;
    over.driver.call("change_settings", json!({"language": "id"})).await;
    tray.line("Kunci overlay").await;
    tray.line("Keluar dari Polychat").await;
    over.driver.call("change_settings", json!({"language": ""})).await;
    tray.click("Hide overlays").await;
    eventually("it is hidden", async || over.world.x.find(OVERLAY).is_none().then_some(())).await;
    tray.click("Show overlays").await;
    over.window().await;
    let pid = over.world.driven();
    tray.click("Quit").await;
    eventually("the end", async || (!super::process::is_alive(pid)).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overlay_whose_unlock_key_is_taken_is_not_locked() {
    let world = World::new().await;
    // Another program was first.
    let other = X::open(&world.screen.display);
    other.grab(lock_keys());
    let mut over = Over::show_in(world).await;
    let desktop = over.driver.native("desktop", json!({})).await;
    let lock = desktop["hotkeys"].as_array().unwrap().iter().find(|key| key["action"] == "lock").unwrap().clone();
    assert!(lock["problem"].as_str().is_some_and(|text| text.ends_with('.')), "{lock}");
    let refused = over.driver.try_native("lock_overlay", json!({"name": "main", "on": true})).await.unwrap_err();
    assert_eq!(refused["code"], "NO_WAY_BACK", "{refused}");
    assert!(refused["message"].as_str().unwrap().contains(lock_keys()), "{refused}");
    over.becomes(false).await;
    assert!(!over.click_goes_through().await);

    // Another key is a way back.
    over.driver.native("change_hotkey", json!({"action": "lock", "keys": "Ctrl+Shift+F11"})).await;
    over.driver.native("lock_overlay", json!({"name": "main", "on": true})).await;
    over.becomes(true).await;
    over.press_until("Ctrl+Shift+F11", false).await;
    over.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_overlay_comes_back_locked_after_a_crash_and_unlocked_if_its_key_is_taken() {
    let over = Over::show().await;
    over.press_until(lock_keys(), true).await;
    let area = over.area().await;
    // Places are kept at most once a second.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let Over { mut world, driver, below } = over;
    world.crash(driver).await;

    let driver = world.drive().await;
    let over = Over { world, driver, below };
    over.becomes(true).await;
    assert_eq!(over.area().await, area);
    let Over { mut world, driver, below } = over;
    world.quit(driver).await;

    let other = X::open(&world.screen.display);
    other.grab(lock_keys());
    let driver = world.drive().await;
    let over = Over { world, driver, below };
    over.becomes(false).await;
    over.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn holding_ctrl_and_alt_over_a_locked_overlay_makes_it_clickable_for_so_long() {
    let mut over = Over::show().await;
    over.driver.native("lock_overlay", json!({"name": "main", "on": true})).await;
    over.becomes(true).await;
    over.world.x.move_to(over.area().await.middle());
    {
        let _held = over.world.x.hold("Ctrl+Alt");
        eventually("it takes clicks", async || over.takes_clicks().await.then_some(())).await;
    }
    eventually("it takes none any more", async || (!over.takes_clicks().await).then_some(())).await;
    assert!(over.click_goes_through().await);
    over.quit().await;
}

/// The kinds of what the system cannot do, each with its sentence.
fn limits(desktop: &Value) -> Vec<(String, String)> {
    let limits = desktop["limits"].as_array().unwrap().iter();
    limits
        .map(|limit| (limit["kind"].as_str().unwrap().to_owned(), limit["text"].as_str().unwrap().to_owned()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_screen_without_compositor_and_tray_cannot_do_is_said() {
    let mut world = World::with(super::screen::Furniture { compositor: false, ..Default::default() }, false).await;
    let driver = world.drive().await;
    let desktop = driver.native("desktop", json!({})).await;
    let said = limits(&desktop);
    for kind in ["transparency", "tray", "capture"] {
        let text = said.iter().find(|(it, _)| it == kind).map(|(_, text)| text);
        assert!(text.is_some_and(|text| text.ends_with('.') && text.len() > 20), "{kind} in {said:?}");
    }
    world.quit(driver).await;

    let mut world = World::new().await;
    let driver = world.drive().await;
    let said = limits(&driver.native("desktop", json!({})).await);
    assert!(
        !said.iter().any(|(kind, _)| kind == "transparency" || kind == "tray"),
        "with both there is nothing to say: {said:?}"
    );
    world.quit(driver).await;
}
