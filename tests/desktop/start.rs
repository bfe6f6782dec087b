//! The program starts, shows itself, and ends.

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
