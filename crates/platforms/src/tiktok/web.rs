//! TikTok, as all rooms of this program ask it: where a channel broadcasts, and as which visitor. Bounded and polite.

mod find;
mod follow;
mod identity;
mod pause;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use polychat_model::ChannelKey;
use reqwest::header::{COOKIE, HeaderMap};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use self::identity::Identity;
use self::pause::{Pauses, Source};
use super::TiktokConfig;
use super::agent::AGENTS;
use super::room::{self, Block, NoRoom};
use crate::http::{self, Answer, Http, HttpError, Manner};

/// How TikTok is asked. Pages have up to 1 MiB; every redirect is looked at before it is followed.
const MANNER: Manner = Manner {
    agent: AGENTS[0].name,
    connect_timeout: Duration::from_secs(5),
    body_max_bytes: 4 * 1024 * 1024,
    detour: |_| true,
};
/// How long a request may take in all.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How many requests a host has in hand at a time.
const AT_ONCE: usize = 2;
/// How often a page may lead to another.
const REDIRECTS_MAX: usize = 3;

/// How fast TikTok is asked. Not measured: what other clients get away with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Between two lookups by name, over all channels.
    pub(crate) lookup: Duration,
    /// How long a source is left alone that turned us away, at first and at most.
    pub(crate) pause: Duration,
    pub(crate) pause_max: Duration,
    /// Between two tries for a visitor's cookie.
    pub(crate) mint: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            lookup: Duration::from_secs(1),
            pause: Duration::from_secs(60),
            pause_max: Duration::from_secs(15 * 60),
            mint: Duration::from_millis(750),
        }
    }
}

/// TikTok's site and the interface of its rooms.
pub(crate) struct Web {
    site: Option<Url>,
    webcast: Option<Url>,
    register: Option<Url>,
    http: Http,
    pace: Pace,
    site_slots: Semaphore,
    webcast_slots: Semaphore,
    /// When the next lookup by name may be made.
    next_lookup: Mutex<Instant>,
    pauses: Pauses,
    identity: Identity,
    /// Where short links lead.
    short_links: Mutex<HashMap<ChannelKey, ChannelKey>>,
}

impl Web {
    /// An address in the settings that is none makes its requests fail, with a word in the log.
    pub(crate) fn paced(config: &TiktokConfig, pace: Pace) -> Self {
        let base = |text: &str| http::base(text, &["https", "http"]);
        Self {
            site: base(&config.url),
            webcast: base(&config.webcast_url),
            register: config.ttwid_url.as_deref().and_then(base),
            http: Http::new(MANNER),
            pace,
            site_slots: Semaphore::new(AT_ONCE),
            webcast_slots: Semaphore::new(AT_ONCE),
            next_lookup: Mutex::new(Instant::now()),
            pauses: Pauses::new(pace.pause, pace.pause_max),
            identity: Identity::default(),
            short_links: Mutex::default(),
        }
    }

    /// A page of the site, which may lead to another page of it.
    async fn page(&self, path: &[&str]) -> Result<Bytes, NoRoom> {
        let mut headers = self.identity.agent().page();
        if let Some(visitor) = self.identity.present() {
            headers.insert(COOKIE, visitor.cookie());
        }
        let mut url = below(self.site.as_ref(), path, None)?;
        for _ in 0..=REDIRECTS_MAX {
            let answer = self.exchange(url, headers.clone(), &self.site_slots).await?;
            if !answer.status.is_redirection() {
                return bodied(answer);
            }
            if is_region_notice(&answer.url) {
                return Err(NoRoom::RegionClosed);
            }
            if !self.may_visit(&answer.url) {
                return Err(NoRoom::Blocked(Block::Page));
            }
            url = answer.url;
        }
        Err(NoRoom::Blocked(Block::Page))
    }

    /// Whether a page of the site may lead there.
    fn may_visit(&self, url: &Url) -> bool {
        let Some(site) = &self.site else { return false };
        let host = url.host_str().unwrap_or_default();
        let of_tiktok = || host == "tiktok.com" || host.ends_with(".tiktok.com");
        url.origin() == site.origin() || (url.scheme() == "https" && url.port().is_none() && of_tiktok())
    }

    /// One request, and what it is answered with.
    async fn once(&self, url: Url, headers: HeaderMap, slots: &Semaphore) -> Result<Bytes, NoRoom> {
        bodied(self.exchange(url, headers, slots).await?)
    }

    async fn exchange(&self, url: Url, headers: HeaderMap, slots: &Semaphore) -> Result<Answer, NoRoom> {
        let request = self.http.client(&url).map_err(|error| no_answer(&error))?.get(url).headers(headers);
        let _slot = slots.acquire().await.map_err(|_| NoRoom::Unreachable)?;
        self.http.exchange(request, TIMEOUT).await.map_err(|error| no_answer(&error))
    }

    /// Counts what a source said, and leaves it alone for a while if it turned us away.
    fn told<T>(&self, source: Source, said: Result<T, NoRoom>) -> Result<T, NoRoom> {
        let outcome = said.as_ref().err().map_or("ok", NoRoom::word);
        count(source.word(), outcome);
        match &said {
            Err(wall @ (NoRoom::Blocked(_) | NoRoom::RegionClosed)) => self.pauses.begin(source, wall),
            Err(NoRoom::Unreachable | NoRoom::Timeout) => {}
            _ => self.pauses.end(source),
        }
        said
    }
}

/// Counts a request by what became of it.
fn count(endpoint: &'static str, outcome: &'static str) {
    metrics::counter!("polychat_tiktok_requests_total", "endpoint" => endpoint, "outcome" => outcome).increment(1);
}

/// The body of an answer that is one.
fn bodied(answer: Answer) -> Result<Bytes, NoRoom> {
    if answer.status.is_redirection() {
        return Err(if is_region_notice(&answer.url) { NoRoom::RegionClosed } else { NoRoom::Blocked(Block::Page) });
    }
    match room::wall(answer.status.as_u16(), &answer.body) {
        Some(wall) => Err(wall),
        None => Ok(answer.body),
    }
}

/// Where visitors from places without TikTok are led: `/hk/notfound`.
fn is_region_notice(url: &Url) -> bool {
    let mut parts = url.path().trim_matches('/').split('/');
    parts.next().is_some_and(|place| place.len() == 2 && place.bytes().all(|b| b.is_ascii_lowercase()))
        && parts.next() == Some("notfound")
        && parts.next().is_none()
}

fn no_answer(error: &HttpError) -> NoRoom {
    match error {
        HttpError::Timeout => NoRoom::Timeout,
        HttpError::Network => NoRoom::Unreachable,
        HttpError::TooLarge | HttpError::Shape | HttpError::Status(_) => NoRoom::Unreadable,
    }
}

/// The address of `path` below `base` with an escaped query. The `@` of a name stands for itself, as in a browser.
fn below(base: Option<&Url>, path: &[&str], query: Option<&str>) -> Result<Url, NoRoom> {
    let mut url = base.and_then(|base| http::below(base, path.iter().copied())).ok_or(NoRoom::Unreachable)?;
    url.set_query(query);
    Ok(url)
}
