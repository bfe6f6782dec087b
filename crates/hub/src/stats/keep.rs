//! Beside the reading of a channel: loads its earlier statistics, tells the viewers who asked, and saves.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use polychat_store::{Parts, Store};
use tokio::sync::oneshot;
use tracing::warn;

use crate::room::Room;

/// The least time between two `stats` frames of a channel, and between two savings.
pub const STATS_PAUSE: Duration = Duration::from_secs(2);

/// How long earlier statistics may take to be loaded; then counting begins anew. Chat does not wait for it.
pub const LOAD_LIMIT: Duration = Duration::from_secs(2);

/// After how long without a change the rate is told once more: it has fallen to nothing.
const FADED: Duration = Duration::from_secs(61);

/// Tells and saves when something changed, never more often than [`STATS_PAUSE`]. Ends only by being dropped.
pub(crate) async fn keep(room: &Arc<Room>, store: Option<&Store>) -> Infallible {
    let Some(store) = store else { return std::future::pending().await };
    let loaded = load(room, store).await;
    room.stats_loaded(loaded.as_ref());
    let mut fading = false;
    loop {
        let changed = room.counted.notified();
        let faded = if fading {
            tokio::time::timeout(FADED, changed).await.is_err()
        } else {
            changed.await;
            false
        };
        room.tell_stats(faded);
        room.save_stats(store);
        fading = !faded;
        tokio::time::sleep(STATS_PAUSE).await;
    }
}

async fn load(room: &Room, store: &Store) -> Option<Parts> {
    let (done, loaded) = oneshot::channel();
    store.load(&room.key, move |parts| _ = done.send(parts));
    if let Ok(parts) = tokio::time::timeout(LOAD_LIMIT, loaded).await {
        return parts.ok().flatten();
    }
    warn!(channel = %room.key, "earlier statistics could not be loaded in time; counting begins anew");
    None
}
