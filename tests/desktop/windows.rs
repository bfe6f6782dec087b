//! Overlay windows in the hands of a person: moved, sized, locked, touched, covered by a game.

use std::time::Duration;

use serde_json::{Value, json};
use x11rb::protocol::xproto::Window;

use super::driver::{Driver, eventually};
use super::world::World;
use super::x::{Area, FullScreen};

/// The title of the main overlay's window.
const OVERLAY: &str = "Polychat overlay: main";

/// A colour that nothing of ours has.
const GAME: [u8; 3] = [160, 20, 90];

async fn shown(world: &World, driver: &Driver) -> Window {
    driver.native("show_overlay", json!({"name": "main", "on": true})).await;
    let window = eventually("the overlay's window", async || world.x.find(OVERLAY)).await;
    is_laid_out(world, driver, window).await;
    window
}

/// A page is laid out for its window a moment after that is shown; handles are elsewhere before.
async fn is_laid_out(world: &World, driver: &Driver, window: Window) {
    eventually("the page fills its window", async || {
        driver.window("overlay.html").await;
        let size = driver.script("return [innerWidth, innerHeight]").await.ok()?;
        let Area { width, height, .. } = world.x.area(window);
        (size == json!([width, height])).then_some(())
    })
    .await;
}

async fn locked(driver: &Driver, on: bool) {
    driver.native("lock_overlay", json!({"name": "main", "on": on})).await;
}

async fn saved_window(driver: &Driver) -> Value {
    driver.call("saved", json!({})).await["saved"]["overlays"][0]["window"].clone()
}

/// Drags until the window is as wanted. A page that is not there yet, or a machine that is late, misses a whole drag; a part
/// of one is never lost.
async fn dragged(world: &World, window: Window, from: (i16, i16), by: (i16, i16), wanted: Area) {
    let near = |a: i32, b: i32| (a - b).abs() <= 2;
    let begin = world.x.area(window);
    for _ in 0..10 {
        world.x.drag(from, (from.0 + by.0, from.1 + by.1)).await;
        for _ in 0..25 {
            tokio::time::sleep(Duration::from_millis(40)).await;
            let area = world.x.area(window);
            let stands = near(area.x.into(), wanted.x.into()) && near(area.y.into(), wanted.y.into());
            if stands && near(area.width.into(), wanted.width.into()) && near(area.height.into(), wanted.height.into())
            {
                return;
            }
        }
        assert_eq!(world.x.area(window), begin, "dragged from {from:?} by {by:?}, but not to {wanted:?}");
        world.x.move_to((5, 5));
    }
    panic!("{begin:?} was not dragged to {wanted:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_is_moved_and_sized_by_the_mouse_and_stands_there_again() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    let overlay = shown(&world, &driver).await;
    let begin = world.x.area(overlay);
    assert_eq!((begin.width, begin.height), (400, 600), "its usual size, in the middle: {begin:?}");
    assert!(
        world.x.has_state(overlay, "_NET_WM_STATE_ABOVE") && world.x.has_state(overlay, "_NET_WM_STATE_SKIP_TASKBAR")
    );

    let moved = Area { x: begin.x - 120, y: begin.y + 40, ..begin };
    dragged(&world, overlay, begin.middle(), (-120, 40), moved).await;
    let corner = (moved.x + 396, moved.y + 596);
    let sized = Area { width: 460, height: 550, ..moved };
    is_laid_out(&world, &driver, overlay).await;
    dragged(&world, overlay, corner, (60, -50), sized).await;

    let stands = world.x.area(overlay);
    let place = eventually("the place is kept", async || {
        let place = saved_window(&driver).await["places"][0].clone();
        (place["width"] == stands.width).then_some(place)
    });
    let place = place.await;
    assert_eq!(
        (&place["x"], &place["y"], &place["arrangement"]),
        (&json!(stands.x), &json!(stands.y), &json!("1600x900+0+0@1"))
    );
    world.quit(driver).await;

    let driver = world.drive().await;
    let overlay = eventually("the overlay's window is shown again", async || world.x.find(OVERLAY)).await;
    eventually("it stands where it stood", async || (world.x.area(overlay) == stands).then_some(())).await;
    driver.native("center_overlay", json!({"name": "main"})).await;
    let middle = Area { x: (1600 - 460) / 2, ..world.x.area(overlay) };
    eventually("it is in the middle", async || (world.x.area(overlay).x.abs_diff(middle.x) <= 2).then_some(())).await;
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_was_shown_just_before_the_end_stands_in_the_middle_again() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    driver.native("show_overlay", json!({"name": "main", "on": true})).await;
    let overlay = eventually("the overlay's window", async || world.x.find(OVERLAY)).await;
    world.quit(driver).await;
    let before = world.x.find(OVERLAY);
    assert_ne!(before, Some(overlay), "its window went with the program");

    let driver = world.drive().await;
    let overlay = eventually("the overlay's window is shown again", async || world.x.find(OVERLAY)).await;
    eventually("it stands in the middle", async || {
        let Area { x, width, .. } = world.x.area(overlay);
        (width == 400 && x.abs_diff((1600 - 400) / 2) <= 2).then_some(())
    })
    .await;
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn not_one_pixel_of_a_locked_window_takes_clicks_unless_ctrl_and_alt_are_held() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    let overlay = shown(&world, &driver).await;
    let all = 400 * 600;
    eventually("it takes clicks", async || (world.x.input_area(overlay) == all).then_some(())).await;
    locked(&driver, true).await;
    eventually("it takes none", async || (world.x.input_area(overlay) == 0).then_some(())).await;

    let held = world.x.hold("Ctrl+Alt");
    eventually("it is touched", async || (world.x.input_area(overlay) == all).then_some(())).await;
    drop(held);
    eventually("it is let go", async || (world.x.input_area(overlay) == 0).then_some(())).await;

    // A combination is meant for somebody else.
    let held = world.x.hold("Ctrl+Alt+F8");
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(world.x.input_area(overlay), 0);
    drop(held);
    assert_eq!(saved_window(&driver).await["locked"], true, "touching is not unlocking");
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn above_fullscreen_a_window_is_seen_and_moved_and_otherwise_the_limit_is_told() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    let overlay = shown(&world, &driver).await;
    let area = world.x.area(overlay);
    let _game = FullScreen::open(&world.screen.display, GAME);
    let covered = Area { x: area.x + 40, y: area.y + 300, width: 300, height: 200 };
    eventually("the game covers it", async || (world.x.share_of(covered, GAME) > 0.99).then_some(())).await;
    eventually("that is told", async || {
        let desktop = driver.native("desktop", json!({})).await;
        let limits = desktop["limits"].as_array()?.clone();
        limits.iter().any(|limit| limit["kind"] == "fullscreen").then_some(())
    })
    .await;

    let above = json!({"name": "main", "window": {"aboveFullscreen": true, "opacity": 100}});
    driver.native("change_overlay_window", above).await;
    let overlay =
        eventually("the window is made anew", async || world.x.find(OVERLAY).filter(|it| *it != overlay)).await;
    eventually("it is seen over the game", async || (world.x.share_of(covered, GAME) < 0.01).then_some(())).await;
    assert_eq!(world.x.area(overlay), area, "it stands where it stood");
    is_laid_out(&world, &driver, overlay).await;
    dragged(&world, overlay, area.middle(), (90, -30), Area { x: area.x + 90, y: area.y - 30, ..area }).await;
    let corner = (area.x + 90 + 390, area.y - 30 + 590);
    dragged(&world, overlay, corner, (-50, -60), Area { x: area.x + 90, y: area.y - 30, width: 350, height: 540 })
        .await;
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_the_system_arrange_lock_and_are_changed() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    world.x.press("Ctrl+Shift+F9");
    let overlay = eventually("arranging shows the window", async || world.x.find(OVERLAY)).await;
    world.x.press("Ctrl+Shift+F7");
    eventually("it is locked", async || (world.x.input_area(overlay) == 0).then_some(())).await;
    // The system itself uses these: they can be registered and never come.
    for (keys, because) in [("Ctrl+Alt+F7", "The system itself"), ("Ctrl+Shift+F8", "already"), ("Shift+F", "alone")] {
        let refused = driver.try_native("change_hotkey", json!({"action": "lock", "keys": keys})).await.unwrap_err();
        assert!(refused["message"].as_str().unwrap().contains(because), "{refused}");
    }
    driver.native("change_hotkey", json!({"action": "lock", "keys": "Ctrl+Alt+Shift+F5"})).await;
    world.x.press("Ctrl+Alt+Shift+F5");
    eventually("the new keys unlock", async || (world.x.input_area(overlay) > 0).then_some(())).await;
    world.x.press("Ctrl+Shift+F7");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(world.x.input_area(overlay) > 0, "the old ones do nothing");

    locked(&driver, true).await;
    eventually("it is locked", async || (world.x.input_area(overlay) == 0).then_some(())).await;
    driver.native("change_hotkey", json!({"action": "lock", "keys": ""})).await;
    eventually("without keys it is unlocked", async || (world.x.input_area(overlay) > 0).then_some(())).await;
    let refused = driver.try_native("lock_overlay", json!({"name": "main", "on": true})).await.unwrap_err();
    assert_eq!(refused["code"], "NO_WAY_BACK", "{refused}");
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_the_system_show_the_next_featured_message_and_take_it_down() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    let mut socket = world.socket().await;
    socket.watch("twitch", "luna").await;
    socket.until("the chat", |frame| frame["status"] == "started").await;
    world.twitch.say("luna", "ann", "which game is next?");
    let message = socket.until("the message", |frame| frame["type"] == "chat").await;
    driver.call("feature", json!({"do": "queue", "message": message})).await;
    // They have no keys until somebody chooses some.
    for (action, keys) in [("nextFeatured", "Ctrl+Alt+Shift+F5"), ("clearFeatured", "Ctrl+Alt+Shift+F6")] {
        driver.native("change_hotkey", json!({"action": action, "keys": keys})).await;
    }
    let featured = async || driver.call("saved", json!({})).await["stage"]["featured"].clone();
    world.x.press("Ctrl+Alt+Shift+F5");
    eventually("it is featured", async || featured().await.is_object().then_some(())).await;
    world.x.press("Ctrl+Alt+Shift+F6");
    eventually("it is taken down", async || featured().await.is_null().then_some(())).await;
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_window_may_ask_for_nothing_but_its_own_window() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    // The control page may not speak for a window.
    let refused = driver.invoke_here("overlay_window", json!({"ask": {"ask": "hide"}})).await;
    assert!(refused.is_err(), "{refused:?}");
    // The driver is turned to the window's page by this.
    shown(&world, &driver).await;
    for (command, arguments) in [
        ("call", json!({"command": "saved", "request": {}})),
        ("native", json!({"command": "quit", "request": {}})),
        ("plugin:event|listen", json!({"event": "desktop", "target": {"kind": "Any"}, "handler": 1})),
        ("plugin:window|close", json!({"label": "control"})),
        ("plugin:webview|create_webview_window", json!({"options": {"label": "x"}})),
    ] {
        let answer = driver.invoke_here(command, arguments).await;
        assert!(answer.is_err(), "{command}: {answer:?}");
    }
    // Its page goes with the window, and cannot wait for the answer.
    let hide = "setTimeout(() => window.__TAURI_INTERNALS__.invoke('overlay_window', { ask: { ask: 'hide' } }), 300); return 1;";
    driver.script(hide).await.unwrap();
    eventually("its own it may hide", async || world.x.find(OVERLAY).is_none().then_some(())).await;
    driver.window("tauri://localhost").await;
    assert_eq!(saved_window(&driver).await["shown"], false);
    world.quit(driver).await;
}
