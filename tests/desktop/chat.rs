//! A person in the control window: adds a channel, reads its chat, and takes it away.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::json;

use super::driver::{ENTER, eventually};
use super::world::{CONTROL, World};

/// The field for channels.
pub(crate) const FIELD: &str = "[aria-label='Add a channel'] input";

/// What the window of a list is called.
const LIST_WINDOW: &str = "Polychat list";

/// The merged chat.
pub(crate) const LIST: &str = "[role=log]";

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_is_added_in_the_window_and_its_chat_is_read() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    driver.type_into(FIELD, &format!("https://www.twitch.tv/luna{ENTER}")).await;
    let kept = eventually("the channel is kept", async || {
        let kept = driver.call("saved", json!({})).await;
        kept["saved"]["channels"].get(0).cloned()
    });
    assert_eq!(kept.await["identifier"], "luna");
    let mut socket = world.socket().await;
    socket.watch("twitch", "luna").await;
    socket.until("the chat", |frame| frame["status"] == "started").await;
    world.twitch.say("luna", "ann", "hello from a <real> window");
    driver.text_with(LIST, "hello from a <real> window").await;
    driver.text_with(LIST, "ann").await;

    // It is read again after a restart, without anybody's doing.
    world.quit(driver).await;
    let driver = world.drive().await;
    driver.text_with("body", "luna").await;
    let mut socket = world.socket().await;
    socket.watch("twitch", "luna").await;
    socket.until("the chat", |frame| frame["status"] == "started").await;
    world.twitch.say("luna", "bob", "still here");
    driver.text_with(LIST, "still here").await;
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_the_whole_system_read_messages_out_while_another_window_is_in_front() {
    let mut world = World::new().await;
    // In place of the system's own, which may not be there: it writes down what it is given to read.
    let tools = world.screen.folder_for("tools");
    let (voice, heard) = (tools.join("spd-say"), tools.join("heard"));
    fs::write(&voice, format!("#!/bin/sh\nprintf '%s|' \"$@\" >> {0}\necho >> {0}\n", heard.display())).unwrap();
    fs::set_permissions(&voice, fs::Permissions::from_mode(0o755)).unwrap();
    world.set("PATH", &format!("{}:{}", tools.display(), std::env::var("PATH").unwrap()));
    let driver = world.drive().await;
    driver.call("add_channel", json!({"platform": "twitch", "identifier": "luna"})).await;
    let mut socket = world.socket().await;
    socket.watch("twitch", "luna").await;
    socket.until("the chat", |frame| frame["status"] == "started").await;
    for text in ["the first", "--version"] {
        world.twitch.say("luna", "ann", text);
        driver.text_with(LIST, text).await;
    }
    for (action, keys) in [("sayNext", "Ctrl+Shift+F10"), ("sayPrevious", "Ctrl+Shift+F11")] {
        driver.native("change_hotkey", json!({"action": action, "keys": keys})).await;
    }
    assert_eq!(driver.native("desktop", json!({})).await["speaks"], true);
    let control = world.x.find(CONTROL).expect("the control window");
    world.x.iconify(control);
    for (keys, text) in [("Ctrl+Shift+F10", "|--|ann: --version|"), ("Ctrl+Shift+F11", "|--|ann: the first|")] {
        eventually(text, async || {
            // A window manager that has the keyboard to itself for a moment swallows a key: a person presses it again.
            if !fs::read_to_string(&heard).unwrap_or_default().contains(text) {
                world.x.press(keys);
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            fs::read_to_string(&heard).unwrap_or_default().contains(text).then_some(())
        })
        .await;
    }
    world.quit(driver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_gets_a_small_window_of_its_own_above_others_and_four_are_enough() {
    let mut world = World::new().await;
    let driver = world.drive().await;
    driver.native("pop_out", json!({"query": "platforms=twitch&kinds=paid"})).await;
    let popped = eventually("the list's window", async || world.x.find(LIST_WINDOW)).await;
    eventually("it stays on top", async || world.x.has_state(popped, "_NET_WM_STATE_ABOVE").then_some(())).await;
    let area = world.x.area(popped);
    assert!(area.width < 500 && area.height > area.width, "it stands beside a game: {area:?}");
    for query in ["", "kinds=paid", "kinds=first"] {
        driver.native("pop_out", json!({"query": query})).await;
    }
    let refused = driver.try_native("pop_out", json!({"query": ""})).await.unwrap_err();
    assert_eq!(refused["code"], "TOO_MANY");
    let refused = driver.try_native("pop_out", json!({"query": "#/../index.html"})).await.unwrap_err();
    assert_eq!(refused["code"], "INVALID_REQUEST");
    world.quit(driver).await;
}
