//! What goes wrong when a test asks for it.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::answer::error;
use crate::faults::{cut_after, half, huge};

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
        Fault::Huge(bytes) => huge(r#"{"responseContext":{"visitorData":"a"#, bytes, r#""}}"#).into_response(),
        Fault::Hang | Fault::Slow(_) | Fault::Truncated | Fault::Cut => return None,
    })
}

/// The right answer, spoiled.
pub(super) async fn spoil(fault: Fault, response: Response) -> Response {
    match fault {
        Fault::Truncated => half(response, false).await,
        Fault::Cut => half(response, true).await,
        _ => response,
    }
}

/// The push channel's way of being cut off.
pub(super) fn half_a_frame() -> Response {
    cut_after(Bytes::from_static(b"16\n[[1,[\"no")).into_response()
}
