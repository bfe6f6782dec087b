//! Asks the providers: a few at a time, each answer bounded, each provider's failures its own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use polychat_model::{ChannelKey, Platform};
use polychat_platforms::http::{Http, HttpError, Manner, SIDE, base, below};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use super::disk::Disk;
use super::live::Live;
use super::place::Place;
use super::table::Emote;
use super::{EmotesConfig, EmotesTimings, others, seventv};

/// Longest answer that is read: a full set of 7TV (10,000 emotes of 1.6 KB, recorded in 2023).
const BODY_MAX_BYTES: usize = 16 * 1024 * 1024;
/// Requests at the same time. A hundred channels that open at once wait for each other, so that nobody is stormed.
const AT_ONCE: usize = 4;

/// Who has emotes, in the order in which they win within a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Provider {
    Ffz,
    Bttv,
    SevenTv,
}

impl Provider {
    pub(super) const ALL: [Self; 3] = [Self::Ffz, Self::Bttv, Self::SevenTv];

    fn word(self) -> &'static str {
        match self {
            Self::Ffz => "ffz",
            Self::Bttv => "bttv",
            Self::SevenTv => "7tv",
        }
    }
}

/// What one provider has for one place.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) emotes: Vec<Emote>,
    /// 7TV's ids, which live updates name.
    pub(super) set_id: Option<String>,
    pub(super) user_id: Option<String>,
}

/// The way to all of them.
pub(super) struct Providers {
    http: Http,
    addresses: [Option<Url>; 3],
    live: Option<Live>,
    pub(super) disk: Option<Disk>,
    pub(super) timings: EmotesTimings,
    at_once: Semaphore,
    failing: [AtomicBool; 3],
}

impl Providers {
    pub(super) fn new(config: &EmotesConfig) -> Self {
        let address = |text: &Option<String>| text.as_ref().and_then(|text| base(text, &["https", "http"]));
        let events = config.seventv_events_url.as_ref().filter(|_| config.seventv_url.is_some());
        let events = events.and_then(|text| base(text, &["wss", "ws"]));
        let disk = |dir: PathBuf| Disk::new(dir);
        Self {
            http: Http::new(Manner { body_max_bytes: BODY_MAX_BYTES, ..SIDE }),
            addresses: [address(&config.ffz_url), address(&config.bttv_url), address(&config.seventv_url)],
            live: events.map(|url| Live::new(url, config.timings)),
            disk: config.cache_dir.clone().map(disk),
            timings: config.timings,
            at_once: Semaphore::new(AT_ONCE),
            failing: Default::default(),
        }
    }

    /// Live updates of 7TV, running.
    pub(super) fn live(&self, tasks: &TaskTracker, cancel: &CancellationToken) -> Option<Live> {
        let live = self.live.clone()?;
        live.start(tasks, cancel);
        Some(live)
    }

    /// What a provider has for a place. `None`: it could not be had, and what was known counts on.
    pub(super) async fn fetch(&self, provider: Provider, place: &Place, owner: &str) -> Option<List> {
        let Some(address) = &self.addresses[provider as usize] else { return Some(List::default()) };
        let fetching = async {
            let _permit = self.at_once.acquire().await;
            match (provider, place) {
                (Provider::SevenTv, _) => self.seventv(address, place, owner).await,
                (Provider::Bttv, Place::Everybody) => {
                    self.list(address, &["cached", "emotes", "global"], others::bttv_global).await
                }
                (Provider::Bttv, Place::Channel(key)) => {
                    let Some(platform) = platform(key) else { return Ok(List::default()) };
                    self.list(address, &["cached", "users", platform, owner], others::bttv_channel).await
                }
                (Provider::Ffz, Place::Everybody) => self.list(address, &["set", "global"], others::ffz_global).await,
                (Provider::Ffz, Place::Channel(key)) if key.platform == Platform::Twitch => {
                    self.list(address, &["room", "id", owner], others::ffz_room).await
                }
                (Provider::Ffz, Place::Channel(_)) => Ok(List::default()),
            }
        };
        let fetched = fetching.await;
        self.judge(provider, fetched.as_ref().err());
        fetched.ok()
    }

    /// Counts a failure, and says once that a provider fails and once that it is back.
    fn judge(&self, provider: Provider, error: Option<&HttpError>) {
        let failing = &self.failing[provider as usize];
        let name = provider.word();
        if let Some(error) = error {
            metrics::counter!("polychat_emotes_failed_total", "provider" => name).increment(1);
            if !failing.swap(true, Ordering::Relaxed) {
                tracing::warn!(provider = name, %error, "emotes cannot be had; those on disk are used");
            }
        } else if failing.swap(false, Ordering::Relaxed) {
            tracing::info!(provider = name, "emotes can be had again");
        }
    }

    async fn list(
        &self,
        address: &Url,
        path: &[&str],
        read: impl FnOnce(&[u8]) -> Option<Vec<Emote>>,
    ) -> Result<List, HttpError> {
        let emotes = self.get(address, path, read).await?.unwrap_or_default();
        Ok(List { emotes, ..List::default() })
    }

    async fn seventv(&self, address: &Url, place: &Place, owner: &str) -> Result<List, HttpError> {
        let (set, user_id) = match place {
            Place::Everybody => (self.get(address, &["emote-sets", "global"], seventv::set).await?, None),
            Place::Channel(key) => {
                let Some(platform) = platform(key) else { return Ok(List::default()) };
                let path = ["users", platform, owner];
                let connection = self.get(address, &path, seventv::connection).await?.unwrap_or_default();
                let set = match (connection.set, &connection.set_id) {
                    (Some(set), _) => Some(set),
                    (None, Some(id)) => self.get(address, &["emote-sets", id], seventv::set).await?,
                    (None, None) => None,
                };
                (set, connection.user_id)
            }
        };
        let set = set.unwrap_or_default();
        Ok(List { emotes: set.emotes, set_id: (!set.id.is_empty()).then_some(set.id), user_id })
    }

    /// One answer; `None` where the provider knows no such thing.
    async fn get<T>(
        &self,
        address: &Url,
        path: &[&str],
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Option<T>, HttpError> {
        let url = below(address, path.iter().copied()).ok_or(HttpError::Network)?;
        let timeout: Duration = self.timings.request;
        match self.http.get(url, timeout).await {
            Ok(body) => read(&body).map(Some).ok_or(HttpError::Shape),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The word of 7TV and BTTV for a platform that they know.
fn platform(key: &ChannelKey) -> Option<&'static str> {
    match key.platform {
        Platform::Twitch => Some("twitch"),
        Platform::Youtube => Some("youtube"),
        Platform::Tiktok => None,
    }
}
