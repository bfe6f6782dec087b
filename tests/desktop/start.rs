//! The program starts, shows itself, ends, and finds everything again.

use std::time::Duration;

use serde_json::{Value, json};

use super::driver::{Driver, eventually};
use super::process::Running;
use super::world::{CONTROL, STOP, World};

#[tokio::test(flavor = "multi_thread")]
async fn it_shows_its_window_serves_and_ends_in_time() {
    let mut world = World::new().await;
    world.start().await;
    let health = world.health().await;
    assert_eq!(health["status"], "ok", "{health}");
    assert_eq!(world.stop().await, Some(0), "it ends well, within {STOP:?}");
    assert_eq!(world.x.find(CONTROL), None, "its window went with it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_shows_the_first_window() {
    let mut world = World::new().await;
    world.start().await;
    let window = world.x.find(CONTROL).unwrap();
    world.x.iconify(window);
    eventually("the window is an icon", async || world.x.find(CONTROL).is_none().then_some(())).await;
    let mut second = Running::start(&mut world.program_command());
    assert_eq!(second.ended(Duration::from_secs(10)).await, Some(0), "the second one has nothing to do");
    eventually("the window is shown again", async || world.x.find(CONTROL)).await;
    assert_eq!(world.x.titles().iter().filter(|title| *title == CONTROL).count(), 1);
    assert_eq!(world.stop().await, Some(0));
}

/// Changes something of everything that is kept. Gives what is kept then.
async fn fill(driver: &Driver) -> Value {
    driver.call("add_channel", json!({"platform": "twitch", "identifier": "@Luna"})).await;
    driver.call("add_channel", json!({"platform": "twitch", "identifier": "sol"})).await;
    driver.call("change_channel", json!({"platform": "twitch", "identifier": "sol", "paused": true})).await;
    let overlay = json!({"name": "side", "look": "neon", "values": {"scale": 1.5}, "window": {"opacity": 80}});
    driver.call("change_overlay", overlay).await;
    driver.call("change_settings", json!({"hotkeys": {"clear": "Ctrl+Alt+F10"}})).await;
    driver.call("saved", json!({})).await["saved"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_as_it_was_after_an_end_and_after_a_crash() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    let kept = fill(&driver).await;
    assert_eq!(kept["channels"][0]["identifier"], "luna");
    world.quit(driver).await;

    let driver = world.drive().await;
    assert_eq!(driver.call("saved", json!({})).await["saved"], kept, "after an orderly end");
    driver.call("remove_channel", json!({"platform": "twitch", "identifier": "sol"})).await;
    // What is changed is on the disk within 250 ms.
    tokio::time::sleep(Duration::from_millis(500)).await;
    world.crash(driver).await;

    let driver = world.drive().await;
    let after = driver.call("saved", json!({})).await["saved"].clone();
    assert_eq!(after["channels"].as_array().unwrap().len(), 1, "after a crash: {after}");
    assert_eq!((&after["overlays"], &after["settings"]), (&kept["overlays"], &kept["settings"]));
    world.quit(driver).await;
}
