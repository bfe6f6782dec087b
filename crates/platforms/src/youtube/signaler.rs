//! YouTube's push channel ("signaler"): it carries no messages, only "this chat has something new".
//!
//! Anonymous, as the page of a chat uses it: choose a server, open a session, then listen to a long answer. Whatever goes
//! wrong, it begins anew; the chat is read by the clock meanwhile.

mod frames;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rand::RngExt;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, ORIGIN, REFERER};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout};
use tracing::debug;
use url::Url;

use super::innertube::count;
use crate::http::{self, Http, HttpError, Manner};
use frames::{Frames, Heard};

/// The page's own key, the same in every recorded page from 2021 to 2026.
const KEY: &str = "AIzaSyDZNkyC-AtROwMBpLfevIvqYk-Gfi8ZOeo";
/// The version of the push protocol. It was 7 and 8 in earlier years.
const VERSION: [u32; 2] = [9, 5];
/// How long the short requests may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How many listening answers in a row may end without having said anything.
const FRUITLESS: u32 = 3;
/// Longest topic and longest session names that are believed.
const NAME_MAX: usize = 512;

/// A signaler is asked as YouTube is, but its short answers have under 1 KiB.
const MANNER: Manner = Manner { body_max_bytes: 64 * 1024, ..super::innertube::MANNER };

/// How long the push channel is waited for.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    /// How long a listening answer may be silent. It says something at least every 30 s.
    silence: Duration,
    /// The pause after a failure.
    retry_first: Duration,
    /// What it doubles to.
    retry_longest: Duration,
    /// After so long a session has been a success, and the pause begins anew.
    healthy: Duration,
    /// The shortest time between two listening requests: some servers end an answer after each thing said.
    again: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            silence: seconds(45),
            retry_first: seconds(1),
            retry_longest: seconds(60),
            healthy: seconds(60),
            again: Duration::from_millis(250),
        }
    }
}

/// What the push channel has said so far. Several signals between two looks are one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Push {
    /// How many signals there were.
    pub(crate) signals: u64,
    /// When the last one says that something was published (Unix microseconds).
    pub(crate) publish_usec: u64,
    /// Whether we listen now.
    pub(crate) connected: bool,
}

/// The push channel, for any number of chats.
pub(crate) struct Signaler {
    base: Url,
    http: Http,
    patience: Patience,
}

impl Signaler {
    /// `None`, with a word in the log, when the address is none.
    pub(crate) fn new(base: &str) -> Option<Self> {
        Self::with_patience(base, Patience::default())
    }

    fn with_patience(base: &str, patience: Patience) -> Option<Self> {
        Some(Self { base: http::base(base, &["https", "http"])?, http: Http::new(MANNER), patience })
    }

    /// Listens for `topic` in a task of `tasks`, until the receiver is dropped.
    pub(crate) fn listen(self: &Arc<Self>, tasks: &mut JoinSet<()>, topic: String) -> watch::Receiver<Push> {
        let (tell, hear) = watch::channel(Push::default());
        let this = Arc::clone(self);
        tasks.spawn(async move {
            tokio::select! {
                () = tell.closed() => {}
                () = this.keep_listening(&topic, &tell) => {}
            }
        });
        hear
    }

    async fn keep_listening(&self, topic: &str, tell: &watch::Sender<Push>) {
        if topic.len() > NAME_MAX {
            return;
        }
        let mut failures = 0_u32;
        loop {
            let (before, began) = (tell.borrow().signals, Instant::now());
            let lost = self.session(topic, tell).await;
            debug!(%lost, "the push channel of a chat is lost");
            count("push_session", lost.word());
            tell.send_if_modified(|push| std::mem::replace(&mut push.connected, false));
            let was_healthy = tell.borrow().signals > before || began.elapsed() >= self.patience.healthy;
            failures = if was_healthy { 0 } else { failures.saturating_add(1) };
            let plain = self.patience.retry_first.saturating_mul(1 << failures.min(10));
            let pause = plain.min(self.patience.retry_longest).mul_f64(rand::rng().random_range(0.5..1.0));
            tokio::time::sleep(pause).await;
        }
    }

    /// One session, until the server forgets it or falls silent; why it ended.
    async fn session(&self, topic: &str, tell: &watch::Sender<Push>) -> Lost {
        let opened = async {
            let server = self.choose(topic).await?;
            let session = self.open(topic, &server).await?;
            Ok::<_, Lost>((server, session))
        };
        let (server, session) = match opened.await {
            Ok(opened) => opened,
            Err(lost) => return lost,
        };
        let (mut heard, mut fruitless) = (0_u64, 0);
        loop {
            let (before, began) = (heard, Instant::now());
            if let Err(lost) = self.hear(&server, &session, &mut heard, tell).await {
                return lost;
            }
            // An answer that ended well: the next one goes on where it ended.
            fruitless = if heard > before { 0 } else { fruitless + 1 };
            if fruitless == FRUITLESS {
                return Lost::Fruitless;
            }
            tokio::time::sleep_until(began + self.patience.again).await;
        }
    }

    async fn choose(&self, topic: &str) -> Result<String, Lost> {
        let url = self.url("v1/chooseServer", &[("key", KEY)])?;
        let body = json!([[null, null, null, VERSION, null, subscription(topic)], null, null, 0]);
        let request = self.client(&url)?.post(url).headers(headers()).body(body.to_string());
        let answer = self.short(request.header(CONTENT_TYPE, "application/json+protobuf")).await?;
        let answer: Value = serde_json::from_slice(&answer).map_err(|_| Lost::Shape)?;
        name(&answer[0]).ok_or(Lost::Shape)
    }

    async fn open(&self, topic: &str, server: &str) -> Result<String, Lost> {
        let number = rand::rng().random_range(10_000..100_000_u32).to_string();
        let noise = noise();
        let query = [
            ("VER", "8"),
            ("gsessionid", server),
            ("key", KEY),
            ("RID", &number),
            ("CVER", "22"),
            ("zx", &noise),
            ("t", "1"),
        ];
        let url = self.url("multi-watch/channel", &query)?;
        let data = json!([[["1", [null, null, null, VERSION, null, subscription(topic), null, null, 1], null, 3]]]);
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("count", "1")
            .append_pair("ofs", "0")
            .append_pair("req0___data__", &data.to_string())
            .finish();
        let request = self.client(&url)?.post(url).headers(headers()).body(body);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.short(request.header("X-WebChannel-Content-Type", "application/json+protobuf")).await?;
        let mut frames = Frames::default();
        frames.push(&answer);
        match frames.next() {
            Ok(Some(frame)) => frame.session().filter(|name| name.len() <= NAME_MAX).ok_or(Lost::Shape),
            _ => Err(Lost::Shape),
        }
    }

    /// One listening answer, until it ends.
    async fn hear(&self, server: &str, session: &str, heard: &mut u64, tell: &watch::Sender<Push>) -> Result<(), Lost> {
        let (acknowledged, noise) = (heard.to_string(), noise());
        let query = [
            ("VER", "8"),
            ("gsessionid", server),
            ("key", KEY),
            ("RID", "rpc"),
            ("SID", session),
            ("AID", &acknowledged),
            ("CI", "0"),
            ("TYPE", "xmlhttp"),
            ("zx", &noise),
            ("t", "1"),
        ];
        let url = self.url("multi-watch/channel", &query)?;
        let request = self.client(&url)?.get(url).headers(headers());
        let silence = self.patience.silence;
        let mut answer = timeout(silence, request.send()).await??;
        if !answer.status().is_success() {
            return Err(Lost::Status(answer.status().as_u16()));
        }
        tell.send_if_modified(|push| !std::mem::replace(&mut push.connected, true));
        let mut frames = Frames::default();
        while let Some(chunk) = timeout(silence, answer.chunk()).await?? {
            frames.push(&chunk);
            while let Some(frame) = frames.next().map_err(|_| Lost::Shape)? {
                *heard = frame.id.max(*heard);
                match frame.heard() {
                    Heard::Signal { publish_usec } => tell.send_modify(|push| {
                        push.signals += 1;
                        push.publish_usec = push.publish_usec.max(publish_usec);
                    }),
                    Heard::Closed => return Err(Lost::Closed),
                    Heard::Unknown => {
                        metrics::counter!("polychat_youtube_unknown_pushes_total").increment(1);
                    }
                    Heard::Noop | Heard::Opened | Heard::Subscribed | Heard::Ping => {}
                }
            }
        }
        Ok(())
    }

    async fn short(&self, request: reqwest::RequestBuilder) -> Result<Bytes, Lost> {
        let answer = self.http.exchange(request, TIMEOUT).await?;
        if answer.status.is_success() { Ok(answer.body) } else { Err(Lost::Status(answer.status.as_u16())) }
    }

    fn url(&self, path: &str, query: &[(&str, &str)]) -> Result<Url, Lost> {
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| Lost::Shape)?.pop_if_empty().push("punctual").extend(path.split('/'));
        url.query_pairs_mut().extend_pairs(query);
        Ok(url)
    }

    fn client(&self, url: &Url) -> Result<&reqwest::Client, Lost> {
        Ok(self.http.client(url)?)
    }
}

/// Why a session ended.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum Lost {
    #[error("no connection, or it broke")]
    Network,
    #[error("silence")]
    Silence,
    #[error("status {0}")]
    Status(u16),
    #[error("an answer of another shape")]
    Shape,
    #[error("the server closed it")]
    Closed,
    #[error("nothing is ever said")]
    Fruitless,
}

impl Lost {
    /// The word in metrics.
    fn word(&self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Silence => "silence",
            Self::Status(429) => "limited",
            Self::Status(_) => "refused",
            Self::Shape => "shape",
            Self::Closed => "closed",
            Self::Fruitless => "fruitless",
        }
    }
}

impl From<Elapsed> for Lost {
    fn from(_: Elapsed) -> Self {
        Self::Silence
    }
}

impl From<reqwest::Error> for Lost {
    fn from(_: reqwest::Error) -> Self {
        Self::Network
    }
}

impl From<HttpError> for Lost {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Timeout => Self::Silence,
            HttpError::Status(status) => Self::Status(status.as_u16()),
            HttpError::TooLarge | HttpError::Shape => Self::Shape,
            HttpError::Network => Self::Network,
        }
    }
}

fn subscription(topic: &str) -> Value {
    json!([["youtube_live_chat_web"], [1], [[[topic]]]])
}

/// `Referer` is asked for; a compressed stream would come late.
fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ORIGIN, HeaderValue::from_static("https://www.youtube.com"));
    headers.insert(REFERER, HeaderValue::from_static("https://www.youtube.com/"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers
}

fn name(value: &Value) -> Option<String> {
    value.as_str().filter(|name| !name.is_empty() && name.len() <= NAME_MAX).map(str::to_owned)
}

/// What the page adds so that nothing between answers from memory.
fn noise() -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut rng = rand::rng();
    (0..12).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])).collect()
}

#[cfg(test)]
mod tests;
