//! Takes requests: says what was asked for, keeps it, lets it fail if it has to, and answers.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use super::fault::{Endpoint, Fault, instead};
use super::log::{Logged, MAX_BODY};
use super::world::World;
use super::{api, pages, player, sign, socket, visitor};
use crate::faults::half;

/// Where the sockets are.
pub(super) const SOCKET: &str = "/webcast/im/ws_proxy/ws_reuse_supplement/";

/// Bytes of a request's body that are read. Ours are far smaller.
const MAX_REQUEST: usize = 1024 * 1024;

pub(super) type Shared = crate::shared::Shared<World>;

/// A request, taken apart.
pub(super) struct Asked {
    pub(super) endpoint: Endpoint,
    /// Percent-decoded.
    pub(super) path: String,
    query: HashMap<String, String>,
    pub(super) raw_query: String,
    headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Asked {
    /// A parameter; the last one when there are several.
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
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts[..] {
        ["api-live", "user", "room"] => Endpoint::RoomState,
        ["ttwid", "union", "register"] if method == Method::POST => Endpoint::Register,
        ["webcast", "room", "check_alive"] => Endpoint::CheckAlive,
        ["webcast", "room", "info"] => Endpoint::RoomInfo,
        ["webcast", "rooms", _, "connect"] => Endpoint::Sign,
        ["webcast", "im", "ws_proxy", "ws_reuse_supplement"] => Endpoint::Socket,
        ["t", _] => Endpoint::ShortLink,
        ["live"] => Endpoint::LiveHome,
        [""] => Endpoint::Home,
        [name, "live"] if name.starts_with('@') => Endpoint::LivePage,
        [name] if name.starts_with('@') => Endpoint::ProfilePage,
        _ => Endpoint::Unknown,
    }
}

pub(super) async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_REQUEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = percent_decode_str(parts.uri.path()).decode_utf8_lossy().into_owned();
    let query = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let raw_query = parts.uri.query().unwrap_or_default().to_owned();
    let endpoint = endpoint(&parts.method, &path);
    let asked = Asked { endpoint, path, query, raw_query, headers: parts.headers.clone(), body };
    let logged = Logged {
        endpoint,
        at: Instant::now(),
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers: asked.headers.iter().map(|(name, value)| (name.to_string(), lossy(value.as_bytes()))).collect(),
        body: lossy(&asked.body[..asked.body.len().min(MAX_BODY)]),
    };
    let fault = shared.change(|world| {
        world.log.came(logged.clone());
        world.faults.next(endpoint)
    });
    match fault {
        Some(Fault::Hang) => {
            shared.cancel.cancelled().await;
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        Some(Fault::Slow(late)) => tokio::time::sleep(late).await,
        _ => {}
    }
    if let Some(response) = fault.and_then(instead) {
        return response;
    }
    if endpoint == Endpoint::Socket {
        return socket::open(&shared, &asked, logged, &mut parts, fault).await;
    }
    let response = shared.change(|world| {
        let mut response = answer(world, &asked, fault);
        if fault != Some(Fault::NoCookie) {
            visitor::welcome(world, &asked, &mut response);
        }
        response
    });
    match fault {
        Some(Fault::Truncated) => half(response, false).await,
        Some(Fault::Cut) => half(response, true).await,
        _ => response,
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn answer(world: &mut World, asked: &Asked, fault: Option<Fault>) -> Response {
    match asked.endpoint {
        Endpoint::RoomState => api::room_state(world, asked),
        Endpoint::CheckAlive => api::check_alive(world, asked),
        Endpoint::RoomInfo => api::room_info(world, asked),
        Endpoint::Register => visitor::register(asked),
        Endpoint::Sign => sign::connect(world, asked, fault == Some(Fault::Outage)),
        Endpoint::Unknown if asked.path == player::WORKER => player::worker(world, asked),
        Endpoint::Unknown if asked.path == player::TOLD => player::told(world, asked),
        _ => pages::answer(world, asked),
    }
}
