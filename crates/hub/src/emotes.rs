//! Third-party emotes: 7TV, BTTV and FrankerFaceZ, those of everybody and those of a channel.
//!
//! An enricher: it makes words of a message emotes before the message is told to anybody. It reads snapshots and never
//! waits; tasks of their own fetch the lists, keep them on disk, and follow 7TV's changes. A provider that is slow, wrong
//! or away delays its emotes and nothing else.

mod disk;
mod fetch;
mod live;
mod others;
mod place;
#[cfg(test)]
mod recorded;
mod seventv;
mod table;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use polychat_model::{Body, ChannelKey, ChatEvent, Platform};
use polychat_platforms::Started;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use self::fetch::Providers;
use self::place::{Keeper, Place};
pub use self::table::EmoteTable;

/// How long a channel waits for its emotes from the disk before it is read. Reading them takes milliseconds.
const READY: Duration = Duration::from_millis(500);

/// Where the providers are. `None` leaves one out.
#[derive(Debug, Clone)]
pub struct EmotesConfig {
    /// 7TV's API.
    pub seventv_url: Option<String>,
    /// 7TV's live updates.
    pub seventv_events_url: Option<String>,
    /// BTTV's API.
    pub bttv_url: Option<String>,
    /// FrankerFaceZ's API.
    pub ffz_url: Option<String>,
    /// The folder where lists are kept; `None` keeps none.
    pub cache_dir: Option<PathBuf>,
    /// How long things take and may take.
    pub timings: EmotesTimings,
}

impl Default for EmotesConfig {
    fn default() -> Self {
        Self {
            seventv_url: Some("https://7tv.io/v3".to_owned()),
            seventv_events_url: Some("wss://events.7tv.io/v3".to_owned()),
            bttv_url: Some("https://api.betterttv.net/3".to_owned()),
            ffz_url: Some("https://api.frankerfacez.com/v1".to_owned()),
            cache_dir: None,
            timings: EmotesTimings::default(),
        }
    }
}

impl EmotesConfig {
    /// Nobody is asked.
    pub fn off() -> Self {
        Self { seventv_url: None, seventv_events_url: None, bttv_url: None, ffz_url: None, ..Self::default() }
    }
}

/// How long things take and may take. Chosen by hand; tests make them shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmotesTimings {
    /// For one answer.
    pub request: Duration,
    /// How old a list may become.
    pub refresh: Duration,
    /// The first and the longest pause after a list could not be had; it doubles in between.
    pub retry: (Duration, Duration),
    /// Before a changed list is written to the disk, and before one that may have missed changes is fetched anew.
    pub settle: Duration,
    /// The first and the longest pause before live updates are connected again.
    pub reconnect: (Duration, Duration),
}

impl Default for EmotesTimings {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(15),
            refresh: Duration::from_secs(3600),
            retry: (Duration::from_secs(15), Duration::from_secs(1800)),
            settle: Duration::from_secs(5),
            reconnect: (Duration::from_secs(1), Duration::from_secs(60)),
        }
    }
}

/// The emotes of all channels. A cheap handle: clones are the same.
#[derive(Clone)]
pub struct Emotes {
    shared: Arc<Shared>,
}

struct Shared {
    providers: Arc<Providers>,
    everybodys: Arc<ArcSwap<EmoteTable>>,
    is_on: bool,
    /// Set with the first channel: whether everybody's emotes are loaded.
    loaded: OnceLock<watch::Receiver<bool>>,
}

impl Emotes {
    /// Asks nobody yet.
    pub fn new(config: &EmotesConfig) -> Self {
        let is_on = config.seventv_url.is_some() || config.bttv_url.is_some() || config.ffz_url.is_some();
        Self {
            shared: Arc::new(Shared {
                providers: Arc::new(Providers::new(config)),
                everybodys: Arc::default(),
                is_on,
                loaded: OnceLock::new(),
            }),
        }
    }

    /// The emotes of one channel. What it needs runs on `tasks` until `cancel` fires or the answer is dropped; what
    /// everybody shares runs from the first channel on.
    pub(crate) fn open(&self, key: &ChannelKey, tasks: &TaskTracker, cancel: &CancellationToken) -> ChannelEmotes {
        let shared = &self.shared;
        let keep = |place, table, cancel: CancellationToken| {
            let (owner, owners) = watch::channel(None);
            let (loaded, is_loaded) = watch::channel(!shared.is_on);
            if shared.is_on {
                let live = shared.providers.live(tasks, &cancel);
                let keeper = Keeper::new(Arc::clone(&shared.providers), live, place, table, owners, loaded);
                tasks.spawn(async move {
                    let _ended = cancel.run_until_cancelled(keeper.run()).await;
                });
            }
            (owner, is_loaded)
        };
        // Before any channel, so that the live updates, too, live as long as the hub does.
        let everybodys_loaded =
            shared.loaded.get_or_init(|| keep(Place::Everybody, Arc::clone(&shared.everybodys), cancel.clone()).1);
        let own = Arc::new(ArcSwap::default());
        let cancel = cancel.child_token();
        let (owner, is_loaded) = keep(Place::Channel(key.clone()), Arc::clone(&own), cancel.clone());
        let everybodys = Arc::clone(&shared.everybodys);
        let loaded = [everybodys_loaded.clone(), is_loaded];
        ChannelEmotes { platform: key.platform, own, everybodys, owner, loaded, _stop: cancel.drop_guard() }
    }
}

/// The emotes of one channel, for as long as it is read.
pub(crate) struct ChannelEmotes {
    platform: Platform,
    own: Arc<ArcSwap<EmoteTable>>,
    everybodys: Arc<ArcSwap<EmoteTable>>,
    owner: watch::Sender<Option<Arc<str>>>,
    /// What is on disk, of everybody and of the channel.
    loaded: [watch::Receiver<bool>; 2],
    _stop: DropGuard,
}

impl ChannelEmotes {
    /// Waits until what is on disk is loaded, and not long: the first message shall have its emotes, too.
    pub(crate) async fn ready(&self) {
        let loaded = async {
            for mut loaded in self.loaded.clone() {
                // Ended is loaded, too: the program stops.
                let _ended = loaded.wait_for(|is| *is).await.is_err();
            }
        };
        let _late = tokio::time::timeout(READY, loaded).await.is_err();
    }

    /// Says whose channel it is, as far as `started` tells.
    pub(crate) fn started(&self, started: &Started) {
        let owner = match self.platform {
            Platform::Twitch => Some(&started.live_id),
            _ => started.owner_id.as_ref(),
        };
        let Some(owner) = owner.filter(|id| is_owner(self.platform, id)) else { return };
        self.owner.send_if_modified(|known| {
            let is_new = known.as_ref() != Some(owner);
            if is_new {
                *known = Some(Arc::clone(owner));
            }
            is_new
        });
    }

    /// Makes words emotes. Whatever goes wrong here leaves the event as it was.
    pub(crate) fn enrich(&self, event: &mut ChatEvent) {
        let content = match &mut event.body {
            Body::Chat(message) => &mut message.data.content,
            Body::Event(data) => match &mut data.message {
                Some(content) => content,
                None => return,
            },
            Body::Moderation(_) | Body::Viewers(_) => return,
        };
        let (own, everybodys) = (self.own.load(), self.everybodys.load());
        // Nothing is changed before every word was looked up, so a panic leaves no half of it.
        if catch_unwind(AssertUnwindSafe(|| own.find_in(&everybodys, content))).is_err() {
            metrics::counter!("polychat_emotes_panics_total").increment(1);
        }
    }
}

/// Whether this can be an id that the providers know: it becomes a part of addresses.
fn is_owner(platform: Platform, id: &str) -> bool {
    match platform {
        Platform::Twitch => (1..=20).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit()),
        Platform::Youtube => {
            id.len() == 24
                && id.starts_with("UC")
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        }
        Platform::Tiktok => false,
    }
}
