//! One connection to Hermes: welcome, subscribe, watch for silence, move, heal.

use std::collections::{HashMap, HashSet, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use polychat_model::iso_timestamp;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};
use url::Url;

use super::{Shared, Topics};

/// How many envelopes are remembered. After a reconnect Hermes may tell the last ones again.
const SEEN_MAX: usize = 200;
/// Largest message that is read. A poll has about 5 KiB, a hype train about 60.
const MESSAGE_MAX_BYTES: usize = 1024 * 1024;
/// Keepalive that is assumed when Hermes promises none, and the most that is believed.
const KEEPALIVE_DEFAULT: Duration = Duration::from_secs(15);
const KEEPALIVE_MAX: Duration = Duration::from_secs(120);
/// A connection that stood this long was healthy: the pauses start small again.
const HEALTHY: Duration = Duration::from_secs(60);

/// Reads until nobody wants a topic any more.
pub(super) async fn run(shared: &Shared, mut wanted: watch::Receiver<Topics>) {
    let mut seen = Seen::default();
    let mut attempt = 0;
    loop {
        let started = Instant::now();
        let opened = tokio::select! {
            opened = open(shared, with_client_id(shared, attempt)) => opened,
            () = gone(&mut wanted) => return,
        };
        let why = match opened {
            Ok(socket) => match Box::pin(read(shared, socket, &mut wanted, &mut seen)).await {
                Err(Lost::Unwanted) => return,
                Err(why) => why,
                Ok(never) => match never {},
            },
            Err(why) => why,
        };
        attempt = if started.elapsed() > HEALTHY { 1 } else { attempt + 1 };
        let pause = pause(shared, attempt);
        tracing::debug!(platform = "twitch", attempt, ?pause, %why, "Hermes is lost");
        tokio::select! {
            () = sleep(pause) => {}
            () = gone(&mut wanted) => return,
        }
    }
}

/// Waits until nobody wants anything any more.
async fn gone(wanted: &mut watch::Receiver<Topics>) {
    while wanted.changed().await.is_ok() {}
}

/// 1 s doubling to 60 s, less up to half of it by chance, so that not all come back at once.
fn pause(shared: &Shared, attempt: u32) -> Duration {
    let whole = shared.timings.pause_min.saturating_mul(1 << attempt.saturating_sub(1).min(16));
    whole.min(shared.timings.pause_max).mul_f64(rand::random_range(0.5..1.0))
}

fn with_client_id(shared: &Shared, attempt: u32) -> Url {
    let mut url = shared.url.clone();
    if let Some(id) = shared.client_ids.get(attempt as usize % shared.client_ids.len().max(1)) {
        url.query_pairs_mut().append_pair("clientId", id);
    }
    url
}

/// Why a connection is over.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("it cannot be made")]
    Connect,
    #[error("there was no answer in time")]
    Timeout,
    #[error("it fell silent")]
    Silent,
    #[error("it was closed")]
    Closed,
    #[error("nobody wants it")]
    Unwanted,
}

impl From<Error> for Lost {
    fn from(_: Error) -> Self {
        Self::Closed
    }
}

/// A connection that has said `welcome`.
struct Socket {
    ws: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The longest silence that Hermes promises.
    keepalive: Duration,
    /// Our subscription id -> its topic.
    topics: HashMap<String, Arc<str>>,
}

async fn open(shared: &Shared, url: Url) -> Result<Socket, Lost> {
    crate::tls::install_provider();
    let mut request = url.as_str().into_client_request().map_err(|_| Lost::Connect)?;
    let agent = HeaderValue::from_static(concat!("polychat/", env!("CARGO_PKG_VERSION")));
    request.headers_mut().insert("User-Agent", agent);
    let config = WebSocketConfig::default()
        .read_buffer_size(16 * 1024)
        .max_message_size(Some(MESSAGE_MAX_BYTES))
        .max_frame_size(Some(MESSAGE_MAX_BYTES));
    let end = Instant::now() + shared.timings.connect;
    let connecting = Box::pin(connect_async_tls_with_config(request, Some(config), false, None));
    let (mut ws, _) = timeout_at(end, connecting).await.map_err(|_| Lost::Timeout)?.map_err(|_| Lost::Connect)?;
    loop {
        let frame = timeout_at(end, ws.next()).await.map_err(|_| Lost::Timeout)?.ok_or(Lost::Closed)??;
        if let Some(message) = parse(&frame)
            && message["type"] == "welcome"
        {
            return Ok(Socket { ws, keepalive: keepalive(&message), topics: HashMap::new() });
        }
    }
}

fn keepalive(welcome: &Value) -> Duration {
    let seconds = welcome["welcome"]["keepaliveSec"].as_f64().filter(|s| *s > 0.0);
    seconds
        .map_or(KEEPALIVE_DEFAULT, |s| Duration::try_from_secs_f64(s).map_or(KEEPALIVE_MAX, |d| d.min(KEEPALIVE_MAX)))
}

fn parse(frame: &Message) -> Option<Value> {
    let Message::Text(text) = frame else { return None };
    serde_json::from_str(text).ok()
}

type Opening<'a> = Pin<Box<dyn Future<Output = Result<Socket, Lost>> + Send + 'a>>;

/// The next connection, if one is being made.
async fn next_socket(opening: &mut Option<Opening<'_>>) -> Result<Socket, Lost> {
    match opening {
        Some(opening) => opening.await,
        None => std::future::pending().await,
    }
}

/// Reads until the connection is over.
async fn read(
    shared: &Shared,
    mut socket: Socket,
    wanted: &mut watch::Receiver<Topics>,
    seen: &mut Seen,
) -> Result<std::convert::Infallible, Lost> {
    // The connection that Hermes told us to move to. Until it stands, the old one is read on.
    let mut opening: Option<Opening<'_>> = None;
    let topics = wanted.borrow_and_update().clone();
    subscribe(shared, &mut socket, &topics).await?;
    loop {
        let silence = socket.keepalive + shared.timings.grace;
        tokio::select! {
            biased;
            changed = wanted.changed() => {
                if changed.is_err() {
                    let _left = timeout(shared.timings.connect, socket.ws.close(None)).await;
                    return Err(Lost::Unwanted);
                }
                let topics = wanted.borrow_and_update().clone();
                subscribe(shared, &mut socket, &topics).await?;
            }
            moved = next_socket(&mut opening) => {
                opening = None;
                let topics = wanted.borrow_and_update().clone();
                let mut moved = moved?;
                subscribe(shared, &mut moved, &topics).await?;
                // Dropping the old one closes it; what it might still say, the new one says, too.
                socket = moved;
            }
            frame = timeout(silence, socket.ws.next()) => {
                let frame = frame.map_err(|_| Lost::Silent)?.ok_or(Lost::Closed)??;
                if frame.is_close() {
                    return Err(Lost::Closed);
                }
                let Some(message) = parse(&frame) else { continue };
                match message["type"].as_str() {
                    Some("notification") => notify(shared, &socket, &message, seen),
                    Some("reconnect") if opening.is_none() => {
                        let to = message["reconnect"]["url"].as_str().and_then(|url| Url::parse(url).ok());
                        let to = to.filter(|to| may_move(&shared.url, to)).ok_or(Lost::Closed)?;
                        opening = Some(Box::pin(open(shared, to)));
                    }
                    Some("subscribeResponse") if message["subscribeResponse"]["result"] == "error" => {
                        metrics::counter!("polychat_upstream_refused_total", "platform" => "twitch", "kind" => "topic").increment(1);
                    }
                    // `keepalive`, `subscribeResponse` and whatever comes next: its arrival is all that it says.
                    _ => {}
                }
            }
        }
    }
}

/// Hermes may send us to another place of Twitch's, not to anywhere else.
fn may_move(from: &Url, to: &Url) -> bool {
    let twitch = |url: &Url| url.host_str().is_some_and(|h| h == "twitch.tv" || h.ends_with(".twitch.tv"));
    let same_host = from.host_str() == to.host_str();
    (to.scheme() == "wss" || to.scheme() == from.scheme()) && (same_host || (twitch(from) && twitch(to)))
}

/// Makes the subscriptions of this connection the wanted ones.
async fn subscribe(shared: &Shared, socket: &mut Socket, wanted: &Topics) -> Result<(), Lost> {
    let mut messages = Vec::new();
    socket.topics.retain(|id, topic| {
        let keep = wanted.contains(topic);
        if !keep {
            messages.push(json!({"type": "unsubscribe", "id": random_id(), "unsubscribe": {"id": id}}));
        }
        keep
    });
    let have: HashSet<Arc<str>> = socket.topics.values().cloned().collect();
    for topic in wanted.iter().filter(|t| !have.contains(*t)) {
        let id = random_id();
        let subscription = json!({"id": id, "type": "pubsub", "pubsub": {"topic": topic}});
        messages.push(json!({"type": "subscribe", "id": random_id(), "subscribe": subscription}));
        socket.topics.insert(id, Arc::clone(topic));
    }
    let sending = async {
        for mut message in messages {
            message["timestamp"] = iso_timestamp(jiff::Timestamp::now().as_millisecond()).to_string().into();
            socket.ws.feed(Message::text(message.to_string())).await?;
        }
        socket.ws.flush().await
    };
    Ok(timeout(shared.timings.connect, sending).await.map_err(|_| Lost::Timeout)??)
}

fn notify(shared: &Shared, socket: &Socket, message: &Value, seen: &mut Seen) {
    if let Some(id) = message["id"].as_str()
        && !seen.is_new(id)
    {
        return;
    }
    let notification = &message["notification"];
    let topic = notification["subscription"]["id"].as_str().and_then(|id| socket.topics.get(id));
    match (topic, &notification["pubsub"]) {
        (Some(topic), Value::String(json)) => (shared.deliver)(topic, json),
        _ => {
            metrics::counter!("polychat_upstream_unknown_total", "platform" => "twitch", "kind" => "envelope")
                .increment(1);
        }
    }
}

/// 21 random letters, as Twitch's pages make them.
fn random_id() -> String {
    const LETTERS: [char; 32] = [
        'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v',
        'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7',
    ];
    let mut bits: u128 = rand::random();
    std::iter::repeat_with(|| {
        let letter = LETTERS[(bits & 31) as usize];
        bits >>= 5;
        letter
    })
    .take(21)
    .collect()
}

/// The ids of the last envelopes.
#[derive(Default)]
struct Seen {
    ids: HashSet<Arc<str>>,
    order: VecDeque<Arc<str>>,
}

impl Seen {
    /// Remembers `id`; `false` if it was remembered already.
    fn is_new(&mut self, id: &str) -> bool {
        /// Longer than Twitch's ids. A longer one is not remembered, so that memory stays bounded.
        const ID_MAX_BYTES: usize = 128;
        if id.len() > ID_MAX_BYTES {
            return true;
        }
        let id: Arc<str> = id.into();
        if !self.ids.insert(Arc::clone(&id)) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > SEEN_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{SEEN_MAX, Seen, may_move, random_id};

    #[test]
    fn the_last_envelopes_are_remembered() {
        let mut seen = Seen::default();
        assert!(seen.is_new("a"));
        assert!(!seen.is_new("a"));
        for n in 0..SEEN_MAX {
            assert!(seen.is_new(&n.to_string()));
        }
        assert_eq!(seen.ids.len(), SEEN_MAX);
        assert!(seen.is_new("a"), "it was the oldest");
    }

    #[test]
    fn hermes_moves_us_within_twitch_only() {
        let url = |text: &str| Url::parse(text).unwrap();
        let twitch = url("wss://hermes.twitch.tv/v1");
        assert!(may_move(&twitch, &url("wss://hermes-2.twitch.tv/v1?x=1")));
        assert!(!may_move(&twitch, &url("ws://hermes.twitch.tv/v1").clone()));
        assert!(!may_move(&twitch, &url("wss://twitch.tv.example/")));
        assert!(!may_move(&twitch, &url("https://hermes.twitch.tv/")));
        let local = url("ws://127.0.0.1:1/v1");
        assert!(may_move(&local, &url("ws://127.0.0.1:2/v1")));
        assert!(!may_move(&local, &url("ws://10.0.0.1/")));
    }

    #[test]
    fn ids_have_21_letters_and_differ() {
        let (a, b) = (random_id(), random_id());
        assert_eq!((a.chars().count(), b.chars().count()), (21, 21));
        assert_ne!(a, b);
    }
}
