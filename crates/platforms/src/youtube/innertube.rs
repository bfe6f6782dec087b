//! The requests that youtube.com's own page makes, without login: bounded, polite, and told apart when refused.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT_LANGUAGE, COOKIE, HeaderMap, HeaderValue, ORIGIN, REFERER};
use serde_json::{Value, json};
use url::Url;

use super::identifier::is_video_id;
use super::pace::Failure;
use super::page::{Landing, Page, landing};
use crate::http::{self, Answer, Http, HttpError, Manner};

/// A browser that YouTube knows: its answers depend on it.
const AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                                Chrome/149.0.0.0 Safari/537.36";
/// How YouTube is asked. A watch page had up to 2 MiB (recorded 2026-02).
pub(super) const MANNER: Manner = Manner {
    agent: AGENT,
    connect_timeout: Duration::from_secs(5),
    body_max_bytes: 8 * 1024 * 1024,
    detour: |url| landing(url) != Landing::Page,
};
/// Seen in pages of April 2026. Old ones are accepted for years; a page that was fetched brings the present one.
const CLIENT_VERSION: &str = "2.20260423.01.00";
/// How long a request may take in all.
const TIMEOUT: Duration = Duration::from_secs(10);
/// English texts, whatever the address suggests: amounts of money are ambiguous in some other languages.
const LANGUAGE: &str = "en-US,en;q=0.9";
/// Declines the question about cookies that Europeans are asked, and asks for English.
const COOKIES: &str = "SOCS=CAI; PREF=hl=en&tz=UTC";
/// The same, and the older answer besides: tried when the question came all the same.
const COOKIES_AGAIN: &str = "SOCS=CAI; CONSENT=YES+; PREF=hl=en&tz=UTC";
/// The streams tab of a channel.
const STREAMS_TAB: &str = "EgdzdHJlYW1z8gYECgJ6AA%3D%3D";
/// Longest visitor id that is kept; those recorded in 2026 have up to 520 characters.
const VISITOR_MAX: usize = 2_048;

/// Why a request brought nothing usable. The texts are for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("YouTube did not answer in time.")]
    Timeout,
    #[error("YouTube cannot be reached.")]
    Network,
    #[error("YouTube limits this computer's address for a while.")]
    Limited,
    #[error("YouTube asks for consent to cookies before it shows anything.")]
    Consent,
    #[error("YouTube did not accept a request.")]
    BadRequest,
    #[error("YouTube asks for a login.")]
    Unauthenticated,
    #[error("YouTube refused a request.")]
    Forbidden,
    #[error("YouTube does not know this.")]
    NotFound,
    #[error("YouTube has trouble.")]
    Server,
    #[error("YouTube answered with more than can be right.")]
    TooLarge,
    #[error("YouTube answered with something else than was asked for.")]
    Shape,
}

impl Refusal {
    /// How a reading chat treats it.
    pub(crate) fn failure(self) -> Failure {
        match self {
            Self::Limited => Failure::Limited,
            Self::BadRequest | Self::Forbidden | Self::NotFound | Self::Unauthenticated => Failure::Token,
            Self::Timeout | Self::Network | Self::Consent | Self::Server | Self::TooLarge | Self::Shape => {
                Failure::Passing
            }
        }
    }

    /// The word in metrics.
    fn word(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Network => "network",
            Self::Limited => "limited",
            Self::Consent => "consent",
            Self::BadRequest => "bad_request",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Server => "server",
            Self::TooLarge => "too_large",
            Self::Shape => "shape",
        }
    }

    fn of(status: StatusCode) -> Option<Self> {
        Some(match status.as_u16() {
            200..=299 => return None,
            429 => Self::Limited,
            400 => Self::BadRequest,
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            _ => Self::Server,
        })
    }
}

impl From<HttpError> for Refusal {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Timeout => Self::Timeout,
            HttpError::TooLarge => Self::TooLarge,
            HttpError::Status(status) => Self::of(status).unwrap_or(Self::Server),
            HttpError::Network | HttpError::Shape => Self::Network,
        }
    }
}

/// Why a chat is asked, as the page tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extras {
    /// A push said that something was published at this time (Unix microseconds).
    Published(u64),
    /// Pushes are waited for, and none came.
    TimedOut,
    /// No pushes are waited for.
    None,
}

/// What viewers, likes and title are asked of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum About<'a> {
    /// At first.
    Video(&'a str),
    /// Then by what the last answer gave.
    Continuation(&'a str),
}

/// YouTube, as all channels of this program ask it: one client, one visitor.
pub(crate) struct Innertube {
    base: Option<Url>,
    http: Http,
    visit: Mutex<Visit>,
}

/// What YouTube told about ourselves.
#[derive(Debug, Default)]
struct Visit {
    visitor: Option<HeaderValue>,
    version: Option<HeaderValue>,
}

impl Innertube {
    /// A base that is no address makes every request fail, with a word in the log.
    pub(crate) fn new(base: &str) -> Self {
        Self { base: http::base(base, &["https", "http"]), http: Http::new(MANNER), visit: Mutex::default() }
    }

    /// The chat's start token, the owner, viewers and title of a broadcast.
    pub(crate) async fn next(&self, video_id: &str) -> Result<Bytes, Refusal> {
        self.post("next", json!({"videoId": video_id})).await
    }

    /// The state of a broadcast.
    pub(crate) async fn player(&self, video_id: &str) -> Result<Bytes, Refusal> {
        self.post("player", json!({"videoId": video_id})).await
    }

    /// What an address of youtube.com leads to.
    pub(crate) async fn resolve_url(&self, url: &str) -> Result<Bytes, Refusal> {
        self.post("navigation/resolve_url", json!({"url": url})).await
    }

    /// The broadcasts of a channel.
    pub(crate) async fn browse_streams(&self, channel_id: &str) -> Result<Bytes, Refusal> {
        self.post("browse", json!({"browseId": channel_id, "params": STREAMS_TAB})).await
    }

    /// Viewers, likes and title now.
    pub(crate) async fn updated_metadata(&self, about: About<'_>) -> Result<Bytes, Refusal> {
        let body = match about {
            About::Video(id) => json!({"videoId": id}),
            About::Continuation(token) => json!({"continuation": token}),
        };
        self.post("updated_metadata", body).await
    }

    /// What was said since `token`.
    pub(crate) async fn live_chat(&self, token: &str, extras: Extras) -> Result<Bytes, Refusal> {
        let mut body = json!({"continuation": token, "webClientInfo": {"isDocumentHidden": false}});
        match extras {
            Extras::Published(usec) => body["invalidationPayloadLastPublishAtUsec"] = usec.to_string().into(),
            Extras::TimedOut => body["isInvalidationTimeoutRequest"] = true.into(),
            Extras::None => {}
        }
        self.post("live_chat/get_live_chat", body).await
    }

    /// What was said in an ended broadcast from `offset_ms` on.
    pub(crate) async fn live_chat_replay(&self, token: &str, offset_ms: u64) -> Result<Bytes, Refusal> {
        let state = json!({"playerOffsetMs": offset_ms.to_string()});
        self.post("live_chat/get_live_chat_replay", json!({"continuation": token, "currentPlayerState": state})).await
    }

    /// A page for people, and where it came from in the end. `path` is escaped already and begins with `/`.
    pub(crate) async fn page(&self, path: &str) -> Result<(Url, Bytes), Refusal> {
        let answer = match self.get(path, COOKIES).await {
            Err(Refusal::Consent) => self.get(path, COOKIES_AGAIN).await,
            other => other,
        };
        count("page", outcome(&answer));
        if let Ok((_, bytes)) = &answer {
            let settings = Page::new(bytes).settings();
            self.remember_version(settings.client_version.as_deref());
            self.remember_visitor(settings.visitor_data.as_deref());
        }
        answer
    }

    /// Keeps who we are to YouTube: it makes a visit of many requests.
    pub(crate) fn remember_visitor(&self, visitor: Option<&str>) {
        if let Some(visitor) = visitor
            && (1..=VISITOR_MAX).contains(&visitor.len())
            && visitor.bytes().all(|b| b.is_ascii_alphanumeric() || b"%_-=+/".contains(&b))
            && let Ok(value) = HeaderValue::from_str(visitor)
        {
            self.visit().visitor = Some(value);
        }
    }

    /// Takes over the version of the page, of the form `2.20260423.01.00`.
    fn remember_version(&self, version: Option<&str>) {
        if let Some(version) = version
            && is_version(version)
            && let Ok(value) = HeaderValue::from_str(version)
        {
            self.visit().version = Some(value);
        }
    }

    fn visit(&self) -> MutexGuard<'_, Visit> {
        self.visit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn post(&self, endpoint: &'static str, mut body: Value) -> Result<Bytes, Refusal> {
        let answer = self.try_post(endpoint, &mut body).await;
        count(endpoint, outcome(&answer));
        answer
    }

    /// The address of an escaped path, which begins with `/` and may have a query. The base may have a path of its own.
    fn below(&self, path: &str) -> Result<Url, Refusal> {
        let mut url = self.base.clone().ok_or(Refusal::Network)?;
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
        url.set_query(query);
        Ok(url)
    }

    async fn try_post(&self, endpoint: &str, body: &mut Value) -> Result<Bytes, Refusal> {
        let url = self.below(&format!("/youtubei/v1/{endpoint}?prettyPrint=false"))?;
        let mut client = json!({
            "clientName": "WEB", "hl": "en", "gl": "US", "timeZone": "UTC", "utcOffsetMinutes": 0,
        });
        let mut headers = HeaderMap::new();
        headers.insert(ORIGIN, HeaderValue::from_static("https://www.youtube.com"));
        headers.insert(REFERER, referer(body["videoId"].as_str()));
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(LANGUAGE));
        headers.insert("X-Youtube-Client-Name", HeaderValue::from_static("1"));
        {
            let visit = self.visit();
            let version = visit.version.clone().unwrap_or(HeaderValue::from_static(CLIENT_VERSION));
            client["clientVersion"] = version.to_str().unwrap_or(CLIENT_VERSION).into();
            headers.insert("X-Youtube-Client-Version", version);
            if let Some(visitor) = &visit.visitor {
                client["visitorData"] = visitor.to_str().unwrap_or_default().into();
                headers.insert("X-Goog-Visitor-Id", visitor.clone());
            }
        }
        body["context"] = json!({ "client": client });
        let request = self.http.client(&url)?.post(url).headers(headers).json(&*body);
        let answer = self.http.exchange(request, TIMEOUT).await?;
        if landing(&answer.url) == Landing::Limited {
            return Err(Refusal::Limited);
        }
        if let Some(refusal) = Refusal::of(answer.status) {
            return Err(refusal);
        }
        match answer.body.iter().find(|b| !b.is_ascii_whitespace()) {
            Some(b'{') => Ok(answer.body),
            // A page in place of JSON is how an address is turned away.
            Some(b'<') => Err(Refusal::Limited),
            _ => Err(Refusal::Shape),
        }
    }

    async fn get(&self, path: &str, cookies: &'static str) -> Result<(Url, Bytes), Refusal> {
        let mut url = self.below(path)?;
        url.query_pairs_mut().append_pair("hl", "en").append_pair("gl", "US");
        let request = self.http.client(&url)?.get(url);
        let request = request.header(ACCEPT_LANGUAGE, LANGUAGE).header(COOKIE, cookies);
        let Answer { status, url, body, .. } = self.http.exchange(request, TIMEOUT).await?;
        match landing(&url) {
            Landing::Limited => Err(Refusal::Limited),
            Landing::Consent => Err(Refusal::Consent),
            Landing::Page => Refusal::of(status).map_or(Ok((url, body)), Err),
        }
    }
}

/// `2.20260423.01.00`: one digit, a day, and two numbers of two digits.
fn is_version(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    text.split('.').map(str::len).eq([1, 8, 2, 2]) && text.split('.').all(digits)
}

/// The page that would ask.
fn referer(video_id: Option<&str>) -> HeaderValue {
    let page = video_id.filter(|id| is_video_id(id)).map(|id| format!("https://www.youtube.com/watch?v={id}"));
    let page = page.and_then(|page| HeaderValue::try_from(page).ok());
    page.unwrap_or(HeaderValue::from_static("https://www.youtube.com/"))
}

/// Counts a request, or a session of the push channel, by what became of it.
pub(super) fn count(endpoint: &'static str, outcome: &'static str) {
    metrics::counter!("polychat_youtube_requests_total", "endpoint" => endpoint, "outcome" => outcome).increment(1);
}

/// `ok`, or why not.
fn outcome<T>(result: &Result<T, Refusal>) -> &'static str {
    result.as_ref().err().map_or("ok", |refusal| refusal.word())
}

#[cfg(test)]
mod tests;
