//! What goes wrong when a test asks for it.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;

use super::answer::error;

/// Something that can be asked for, and can fail by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `/youtubei/v1/navigation/resolve_url`.
    ResolveUrl,
    /// `/youtubei/v1/next`.
    Next,
    /// `/youtubei/v1/player`.
    Player,
    /// `/youtubei/v1/browse`.
    Browse,
    /// `/youtubei/v1/updated_metadata`.
    UpdatedMetadata,
    /// `/youtubei/v1/live_chat/get_live_chat`.
    GetLiveChat,
    /// `/youtubei/v1/live_chat/get_live_chat_replay`.
    GetLiveChatReplay,
    /// `/@handle/live` and the like.
    LivePage,
    /// `/@handle/streams` and the like.
    StreamsPage,
    /// `/@handle` and the like.
    ChannelPage,
    /// `/watch`.
    WatchPage,
    /// `/live_chat` and `/live_chat_replay`.
    ChatPage,
    /// `/sw.js_data`.
    ServiceWorker,
    /// `/feeds/videos.xml`.
    Feed,
    /// `/punctual/v1/chooseServer`.
    ChooseServer,
    /// `POST /punctual/multi-watch/channel`.
    OpenPush,
    /// `GET /punctual/multi-watch/channel`.
    ListenPush,
    /// `/punctual/v1/refreshCreds`.
    RefreshCreds,
    /// `/consent` and `/sorry`: where others are sent to.
    Detour,
    /// Anything else.
    Unknown,
}

/// How a request fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// This status, with YouTube's body for it: 400, 401, 403, 404, 429, 500, 503.
    Status(u16),
    /// A page instead of data, with status 200.
    Html,
    /// Sent to `/sorry/`, which answers 429 with a page.
    Sorry,
    /// Never answered.
    Hang,
    /// Answered late, but well.
    Slow(Duration),
    /// The first half of the right answer.
    Truncated,
    /// The first half of the right answer, and then the connection is gone.
    Cut,
    /// `{}` with status 200.
    Empty,
    /// JSON of another shape with status 200.
    Garbage,
    /// So many bytes of valid JSON.
    Huge(usize),
}

/// The faults that are due.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// Endpoint -> fault and how often it still happens; `None`: for ever.
    due: HashMap<Endpoint, VecDeque<(Fault, Option<u32>)>>,
}

impl Faults {
    pub(super) fn add(&mut self, endpoint: Endpoint, fault: Fault, times: Option<u32>) {
        if times != Some(0) {
            self.due.entry(endpoint).or_default().push_back((fault, times));
        }
    }

    pub(super) fn clear(&mut self, endpoint: Endpoint) {
        self.due.remove(&endpoint);
    }

    /// Whether the next request will fail.
    pub(super) fn due(&self, endpoint: Endpoint) -> bool {
        self.due.get(&endpoint).is_some_and(|due| !due.is_empty())
    }

    /// The fault of the next request.
    pub(super) fn next(&mut self, endpoint: Endpoint) -> Option<Fault> {
        let due = self.due.get_mut(&endpoint)?;
        let (fault, times) = due.front_mut()?;
        let fault = *fault;
        if let Some(times) = times {
            *times -= 1;
            if *times == 0 {
                due.pop_front();
            }
        }
        Some(fault)
    }
}

/// The answer of a fault that needs no right answer.
pub(super) fn instead(fault: Fault) -> Option<Response> {
    Some(match fault {
        Fault::Status(status) => error(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY)),
        Fault::Html => Html(
            "<!doctype html><html lang=en><title>Error</title><body><p>The server has wandered off for a moment. \
             It will be back; {\"this\": \"is not JSON\"}.</body></html>",
        )
        .into_response(),
        Fault::Sorry => {
            let location = HeaderValue::from_static("/sorry/index?continue=https://www.youtube.com/&hl=en&q=EgTLAHEH");
            (StatusCode::FOUND, [(LOCATION, location)]).into_response()
        }
        Fault::Empty => "{}".into_response(),
        Fault::Garbage => concat!(
            r#"{"responseContext":[],"continuationContents":{"liveChatContinuation":{"continuations":{"a":1},"#,
            r#""actions":"none"}},"contents":[[],7],"actions":{"x":null},"playabilityStatus":"OK","metadata":3}"#
        )
        .into_response(),
        Fault::Huge(bytes) => huge(bytes),
        Fault::Hang | Fault::Slow(_) | Fault::Truncated | Fault::Cut => return None,
    })
}

/// The right answer, spoiled.
pub(super) async fn spoil(fault: Fault, response: Response) -> Response {
    if !matches!(fault, Fault::Truncated | Fault::Cut) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let half = body.slice(..body.len() / 2);
    parts.headers.remove(CONTENT_LENGTH);
    let body = if fault == Fault::Truncated { Body::from(half) } else { cut_after(half) };
    Response::from_parts(parts, body)
}

/// The push channel's way of being cut off.
pub(super) fn half_a_frame() -> Response {
    cut_after(Bytes::from_static(b"16\n[[1,[\"no")).into_response()
}

/// Sends this, and then the connection is gone.
fn cut_after(bytes: Bytes) -> Body {
    Body::from_stream(stream::unfold(Some(bytes), |bytes| async {
        let item = if let Some(bytes) = bytes {
            Ok(bytes)
        } else {
            // At once, not even the head would go out.
            tokio::time::sleep(Duration::from_millis(5)).await;
            Err(io::Error::other("cut on request"))
        };
        Some((item, None))
    }))
}

/// Valid JSON that says nothing, very long.
fn huge(bytes: usize) -> Response {
    const PIECE: usize = 64 * 1024;
    let pieces = bytes.div_ceil(PIECE);
    let chunks = (0..=pieces + 1).map(move |number| {
        Ok::<_, io::Error>(match number {
            0 => Bytes::from_static(br#"{"responseContext":{"visitorData":"a"#),
            number if number <= pieces => Bytes::from(vec![b'a'; PIECE]),
            _ => Bytes::from_static(br#""}}"#),
        })
    });
    Body::from_stream(stream::iter(chunks)).into_response()
}
