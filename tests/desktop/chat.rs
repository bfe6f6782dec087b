//! A person in the control window: adds a channel, reads its chat, and takes it away.

use serde_json::json;

use super::driver::{ENTER, eventually};
use super::world::World;

/// The field for channels.
pub(crate) const FIELD: &str = "[aria-label='Add a channel'] input";

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
