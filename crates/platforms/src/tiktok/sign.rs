//! Asks a sign server for the address of a room's socket, where the settings name one. Off by default: it learns which
//! rooms are read. It is told the room and the browser, and never who anybody is.
//!
//! The interface is Euler Stream's, as clients use it in 2026; servers of one's own offer the same.

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use memchr::memmem;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, RETRY_AFTER};
use serde::Deserialize;
use url::Url;

use super::TiktokConfig;
use super::address::escaped;
use super::agent::Agent;
use crate::http::{self, Http, HttpError, Manner};
use crate::lenient::{Obj, Str};

/// How it is asked. An answer with the first messages has some 43 KB (recorded 2026-09). Where it leads is not followed:
/// the key is for this server.
const MANNER: Manner = Manner {
    agent: concat!("polychat/", env!("CARGO_PKG_VERSION")),
    connect_timeout: Duration::from_secs(5),
    body_max_bytes: 4 * 1024 * 1024,
    detour: |_| true,
};
/// How long it may take: it asks TikTok itself.
const TIMEOUT: Duration = Duration::from_secs(15);
/// As which client it knows us. It makes the parameters of its own request from that; others are refused.
const CLIENT: &str = "ttlive-node";
/// The header with the cookie for the socket.
const COOKIE_HEADER: &str = "x-set-tt-cookie";
/// In answers while the server cannot sign: the host that they lead to. They have some 270 bytes.
const STUB_HOST: &[u8] = b"ws-fallback.";
const STUB_MAX_BYTES: usize = 2 * 1024;

/// How long to wait where a limit does not say it: one of a minute, one of a day, and any other.
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(60 * 60);
const UNSAID: Duration = Duration::from_secs(5 * 60);
/// What is believed of a server that says how long to wait.
const WAIT_MIN: Duration = Duration::from_secs(1);
const WAIT_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// A sign server, by the settings.
pub(crate) struct SignServer {
    base: Url,
    key: Option<HeaderValue>,
    http: Http,
}

/// What a sign server made for one room. Good for half a minute and one socket.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    /// The first messages, and the address in them.
    pub(crate) fetch_result: Bytes,
    /// What to send as `Cookie`.
    pub(crate) cookie: HeaderValue,
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed").field("bytes", &self.fetch_result.len()).finish_non_exhaustive()
    }
}

/// Why a sign server did not help. The texts are for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignError {
    #[error("The sign server does not accept the key of the settings.")]
    KeyRefused,
    #[error("The sign server wants to be paid for this.")]
    Unpaid,
    #[error("The sign server does not know this room.")]
    UnknownRoom,
    #[error("The limit of the sign server is used up.")]
    Limited {
        /// When it may be asked again.
        retry_in: Duration,
    },
    #[error("TikTok refuses the sign server at the moment.")]
    Refused,
    #[error("The sign server cannot sign at the moment.")]
    Outage,
    #[error("The sign server has trouble.")]
    Trouble,
    #[error("The sign server cannot be reached.")]
    Unreachable,
    #[error("The sign server did not answer in time.")]
    Timeout,
    #[error("The sign server answers in a way that Polychat does not understand.")]
    Unreadable,
}

impl SignError {
    /// How long to leave the server alone.
    pub(crate) fn retry_in(&self) -> Duration {
        match self {
            Self::Limited { retry_in } => *retry_in,
            Self::KeyRefused | Self::Unpaid => DAY,
            Self::Outage | Self::Refused | Self::Trouble | Self::UnknownRoom => UNSAID,
            Self::Unreachable | Self::Timeout | Self::Unreadable => MINUTE,
        }
    }

    /// The word in metrics.
    fn word(&self) -> &'static str {
        match self {
            Self::KeyRefused => "key_refused",
            Self::Unpaid => "unpaid",
            Self::UnknownRoom => "unknown_room",
            Self::Limited { .. } => "limited",
            Self::Refused => "refused",
            Self::Outage => "outage",
            Self::Trouble => "trouble",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Unreadable => "unreadable",
        }
    }
}

impl SignServer {
    /// The server that the settings name, if they name one.
    pub(crate) fn new(config: &TiktokConfig) -> Option<Self> {
        let base = http::base(config.sign_url.as_deref()?, &["https", "http"])?;
        let key = config.sign_key.as_deref().map(str::trim).filter(|key| !key.is_empty());
        let key = key.and_then(|key| HeaderValue::from_str(key).ok()).map(|mut key| {
            key.set_sensitive(true);
            key
        });
        Some(Self { base, key, http: Http::new(MANNER) })
    }

    /// The first messages of a room, and a way to the next.
    ///
    /// # Errors
    /// Why not, and by [`SignError::retry_in`] how long not.
    pub(crate) async fn connect(&self, room_id: u64, agent: &Agent) -> Result<Signed, SignError> {
        let signed = self.ask(room_id, agent).await;
        let outcome = signed.as_ref().err().map_or("ok", SignError::word);
        metrics::counter!("polychat_tiktok_requests_total", "endpoint" => "sign", "outcome" => outcome).increment(1);
        signed
    }

    async fn ask(&self, room_id: u64, agent: &Agent) -> Result<Signed, SignError> {
        let id = room_id.to_string();
        let mut url = http::below(&self.base, ["webcast", "rooms", &id, "connect"]).ok_or(SignError::Unreachable)?;
        let query = [("client", CLIENT), ("user_agent", agent.name), ("client_enter", "true"), ("platform", "web")];
        url.set_query(Some(&escaped(query)));
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/protobuf,application/json"));
        if let Some(key) = &self.key {
            headers.insert("x-api-key", key.clone());
        }
        let request = self.http.client(&url).map_err(|error| failed(&error))?.get(url).headers(headers);
        let answer = self.http.exchange(request, TIMEOUT).await.map_err(|error| failed(&error))?;
        match answer.status.as_u16() {
            200 => signed(&answer.headers, answer.body),
            401 => Err(SignError::KeyRefused),
            402 | 403 => Err(SignError::Unpaid),
            404 => Err(SignError::UnknownRoom),
            429 => Err(SignError::Limited { retry_in: retry_in(&answer.headers, &answer.body, unix_s()) }),
            500.. => Err(SignError::Trouble),
            _ => Err(SignError::Unreadable),
        }
    }
}

fn failed(error: &HttpError) -> SignError {
    match error {
        HttpError::Timeout => SignError::Timeout,
        HttpError::Network => SignError::Unreachable,
        HttpError::TooLarge | HttpError::Shape | HttpError::Status(_) => SignError::Unreadable,
    }
}

/// An answer with status 200, which need not be one.
fn signed(headers: &HeaderMap, body: Bytes) -> Result<Signed, SignError> {
    if body.is_empty() {
        return Err(SignError::Refused);
    }
    if body.len() <= STUB_MAX_BYTES && memmem::find(&body, STUB_HOST).is_some() {
        return Err(SignError::Outage);
    }
    if body.starts_with(b"{") || body.starts_with(b"<") {
        return Err(SignError::Unreadable);
    }
    // Without its cookie the socket is opened as nobody, and stays silent.
    let Some(cookie) = headers.get(COOKIE_HEADER).filter(|cookie| !cookie.is_empty()) else {
        return Err(SignError::Refused);
    };
    let mut cookie = cookie.clone();
    cookie.set_sensitive(true);
    Ok(Signed { fetch_result: body, cookie })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Limit<'a> {
    #[serde(borrow)]
    limit_label: Str<'a>,
}

/// When a limit ends: by the first header that says it, else by its name.
fn retry_in(headers: &HeaderMap, body: &[u8], now_unix_s: u64) -> Duration {
    let number = |name: &str| {
        let text = headers.get(name)?.to_str().ok()?;
        text.trim().parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0).map(|n| n.ceil() as u64)
    };
    let seconds = number(RETRY_AFTER.as_str())
        .or_else(|| number("x-ratelimit-reset").map(|at| at.saturating_sub(now_unix_s)))
        .or_else(|| number("ratelimit-reset"));
    let said = seconds.map_or_else(
        || {
            let limit: Obj<Limit<'_>> = serde_json::from_slice(body).unwrap_or_default();
            match &*limit.limit_label {
                label if label.contains("day") => DAY,
                label if label.contains("minute") => MINUTE,
                _ => UNSAID,
            }
        },
        Duration::from_secs,
    );
    said.clamp(WAIT_MIN, WAIT_MAX)
}

fn unix_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
