//! Beside the reading of a channel: loads its earlier statistics, tells the viewers who asked, and saves.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use polychat_store::Store;
use tokio::sync::oneshot;
use tracing::warn;

use super::StoreStep;
use crate::room::Room;

/// The least time between two `stats` frames of a channel, and between two savings.
pub const STATS_PAUSE: Duration = Duration::from_secs(2);

/// How long viewers who ask wait for earlier statistics to be loaded. Then they are told what was counted meanwhile; the
/// earlier ones are added as soon as they are there. Chat does not wait at all.
pub const LOAD_LIMIT: Duration = Duration::from_secs(2);

/// After how long without a change the rate is told once more: it has fallen to nothing.
const FADED: Duration = Duration::from_secs(61);

/// A store that several programs share may say, after something was saved, that it has lost all that was saved before: after so long
/// all of it is saved once more if it did, even if nobody says anything any more.
const ANSWERED: Duration = Duration::from_secs(6);

/// Tells and saves when something changed, never more often than [`STATS_PAUSE`]. Ends only by being dropped.
pub(crate) async fn keep(room: &Arc<Room>, store: Option<&Store>) -> Infallible {
    let Some(store) = store else { return std::future::pending().await };
    if !store.is_shared() {
        load(room, store).await;
    }
    let (mut fading, mut unanswered) = (false, false);
    loop {
        let again = match fading {
            _ if room.wants_look() && room.follows_news() => Some(STATS_PAUSE),
            _ if unanswered => Some(ANSWERED),
            true => Some(FADED),
            false => None,
        };
        let mut passed = false;
        tokio::select! {
            biased;
            () = room.reader_changed.notified() => {
                match room.store_step() {
                    Some(StoreStep::Load) => load(room, store).await,
                    Some(StoreStep::LetGo) => store.let_go(&room.key),
                    None => {}
                }
            }
            () = room.counted.notified() => {}
            () = pass(again) => passed = true,
        }
        let faded = passed && again == Some(FADED);
        if room.wants_look() {
            look(room, store).await;
        }
        room.tell_stats(faded);
        room.save_stats(store);
        unanswered = store.is_shared() && !passed;
        fading = !faded;
        // Who reads is not waited with: what was counted must not be written any more, or is to be loaded.
        let changed = tokio::time::timeout(STATS_PAUSE, room.reader_changed.notified()).await.is_ok();
        if changed {
            room.reader_changed.notify_one();
        }
    }
}

async fn pass(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => std::future::pending().await,
    }
}

/// Asks what another program has counted.
async fn look(room: &Arc<Room>, store: &Store) {
    let (done, looked) = oneshot::channel();
    store.look(&room.key, {
        let room = room.clone();
        move |parts| {
            room.stats_looked(parts.as_ref());
            _ = done.send(());
        }
    });
    _ = tokio::time::timeout(LOAD_LIMIT, looked).await;
}

/// Loads what was counted earlier.
async fn load(room: &Arc<Room>, store: &Store) {
    let (done, loaded) = oneshot::channel();
    store.load(&room.key, {
        // The room may be over by then: what was counted in it is saved all the same.
        let room = room.clone();
        move |parts| {
            let changes = room.stats_loaded(parts.as_ref());
            _ = done.send(());
            changes
        }
    });
    if tokio::time::timeout(LOAD_LIMIT, loaded).await.is_err() {
        warn!(channel = %room.key, "earlier statistics cannot be loaded yet; they are added as soon as they can be");
        room.stats_late();
    }
}
