//! Takes requests: says what was asked for, keeps it, lets it fail if it has to, and answers.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::answer::error;
use super::fault::{Endpoint, Fault, half_a_frame, instead, spoil};
use super::log::{Logged, MAX_BODY};
use super::words::Words;
use super::world::World;
use super::{api, chat, pages, signaler};

/// Bytes of a request's body that are read. Ours are far smaller.
const MAX_REQUEST: usize = 1024 * 1024;

pub(super) type Shared = crate::shared::Shared<World>;

/// A request, taken apart.
pub(super) struct Asked {
    pub(super) endpoint: Endpoint,
    /// Percent-decoded.
    pub(super) path: String,
    /// As it came, with the query.
    pub(super) target: String,
    query: HashMap<String, String>,
    headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Asked {
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.header("cookie")?;
        cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
    }
}

fn endpoint(method: &Method, path: &str) -> Endpoint {
    let post = method == Method::POST;
    match path {
        "/youtubei/v1/navigation/resolve_url" if post => Endpoint::ResolveUrl,
        "/youtubei/v1/next" if post => Endpoint::Next,
        "/youtubei/v1/player" if post => Endpoint::Player,
        "/youtubei/v1/browse" if post => Endpoint::Browse,
        "/youtubei/v1/updated_metadata" if post => Endpoint::UpdatedMetadata,
        "/youtubei/v1/live_chat/get_live_chat" if post => Endpoint::GetLiveChat,
        "/youtubei/v1/live_chat/get_live_chat_replay" if post => Endpoint::GetLiveChatReplay,
        "/punctual/v1/chooseServer" if post => Endpoint::ChooseServer,
        "/punctual/v1/refreshCreds" if post => Endpoint::RefreshCreds,
        "/punctual/multi-watch/channel" => {
            if post {
                Endpoint::OpenPush
            } else {
                Endpoint::ListenPush
            }
        }
        "/watch" => Endpoint::WatchPage,
        "/live_chat" | "/live_chat_replay" => Endpoint::ChatPage,
        "/sw.js_data" => Endpoint::ServiceWorker,
        "/feeds/videos.xml" => Endpoint::Feed,
        "/consent" | "/sorry/index" => Endpoint::Detour,
        _ => match pages::tab_of(path) {
            Some("live") => Endpoint::LivePage,
            Some("streams") => Endpoint::StreamsPage,
            Some(_) => Endpoint::ChannelPage,
            None => Endpoint::Unknown,
        },
    }
}

/// Says that a request is over when it is dropped.
struct Open(Arc<Shared>, Endpoint);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.change(|world| world.log.went(self.1));
    }
}

pub(super) async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_REQUEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = percent_decode_str(parts.uri.path()).decode_utf8_lossy().into_owned();
    let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let endpoint = endpoint(&parts.method, &path);
    let target = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let asked = Asked { endpoint, path, target, query, headers: parts.headers, body };
    let fault = shared.change(|world| {
        world.log.came(Logged {
            endpoint,
            at: Instant::now(),
            method: parts.method.to_string(),
            path: asked.target.clone(),
            headers: asked.headers.iter().map(|(name, value)| (name.to_string(), lossy(value.as_bytes()))).collect(),
            body: lossy(&asked.body[..asked.body.len().min(MAX_BODY)]),
        });
        world.faults.next(endpoint)
    });
    let _open = Open(Arc::clone(&shared), endpoint);
    match fault {
        Some(Fault::Hang) => {
            shared.cancel.cancelled().await;
            return error(StatusCode::SERVICE_UNAVAILABLE);
        }
        Some(Fault::Slow(late)) => tokio::time::sleep(late).await,
        _ => {}
    }
    match fault {
        // A body without an end has no half.
        Some(Fault::Truncated | Fault::Cut) if endpoint == Endpoint::ListenPush => half_a_frame(),
        Some(fault) => match instead(fault) {
            Some(response) => response,
            None => spoil(fault, answer(&shared, &asked)).await,
        },
        None => answer(&shared, &asked),
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn answer(shared: &Arc<Shared>, asked: &Asked) -> Response {
    match asked.endpoint {
        Endpoint::ChooseServer => shared.change(|world| signaler::choose(world, asked)),
        Endpoint::OpenPush => shared.change(|world| signaler::open(world, asked)),
        Endpoint::ListenPush => signaler::listen(shared, asked),
        Endpoint::RefreshCreds => signaler::refresh(asked),
        Endpoint::ResolveUrl
        | Endpoint::Next
        | Endpoint::Player
        | Endpoint::Browse
        | Endpoint::UpdatedMetadata
        | Endpoint::GetLiveChat
        | Endpoint::GetLiveChatReplay => shared.change(|world| data(world, asked)),
        _ => shared.change(|world| pages::answer(world, asked)),
    }
}

/// Everything under `/youtubei/v1`.
fn data(world: &mut World, asked: &Asked) -> Response {
    let typed = asked.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    let Some(body) = serde_json::from_slice::<Value>(&asked.body).ok().filter(|_| typed) else {
        return error(StatusCode::BAD_REQUEST);
    };
    let client = &body["context"]["client"];
    if !client["clientName"].is_string() || !client["clientVersion"].is_string() {
        return error(StatusCode::BAD_REQUEST);
    }
    let words = Words::of(client["hl"].as_str().unwrap_or(&world.language));
    match asked.endpoint {
        Endpoint::ResolveUrl => api::resolve(world, &body),
        Endpoint::Next => api::next(world, &body, words),
        Endpoint::Player => api::player(world, &body, words),
        Endpoint::Browse => api::browse(world, &body, words),
        Endpoint::UpdatedMetadata => api::updated_metadata(world, &body, words),
        Endpoint::GetLiveChat => chat::live(world, &body, words),
        Endpoint::GetLiveChatReplay => chat::replay(world, &body),
        _ => error(StatusCode::NOT_FOUND),
    }
}
