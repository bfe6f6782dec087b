//! What changes something: `POST /api/{command}`, and the control page, which is given the token for it.
//!
//! Every page that a person opens can send requests to this computer, and so can every website by a form. So a command needs
//! the token of this Polychat, and a browser must say that the page is our own. The token is written into the control page only
//! for a person who opens it in a browser on this computer: other pages cannot read what they cannot open themselves.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use polychat_model::command::{CommandError, CommandErrorCode};
use serde_json::{Map, Value};
use url::Url;

use crate::assets;
use crate::guard::is_own_name;
use crate::routes::Shared;

/// The most bytes of one request.
pub(crate) const MAX_BODY: usize = 4 * 1024 * 1024;

/// Where a request comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Headers by which a proxy says that the request is somebody else's.
const FORWARDED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// Carries out one command.
pub(crate) async fn command(
    State(shared): State<Arc<Shared>>,
    Path(command): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let answer = match may_change(&headers, &shared) {
        Ok(()) => match body.map_err(|_| too_large()).and_then(|body| request(&body)) {
            Ok(request) => shared.commands.call(&command, request).await,
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    let (status, json) = match answer {
        Ok(answer) => (StatusCode::OK, answer.to_string()),
        Err(error) => {
            let json = serde_json::to_string(&error).unwrap_or_default();
            (status(error.code), json)
        }
    };
    (status, [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], json).into_response()
}

/// The body as JSON; nothing is an empty request.
fn request(body: &[u8]) -> Result<Value, CommandError> {
    if body.trim_ascii().is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    serde_json::from_slice(body).map_err(|_| CommandError {
        code: CommandErrorCode::InvalidRequest,
        message: "The request is not JSON.".to_owned(),
    })
}

fn too_large() -> CommandError {
    let most = MAX_BODY / 1024 / 1024;
    CommandError {
        code: CommandErrorCode::InvalidRequest,
        message: format!("The request is too large: {most} MiB at most."),
    }
}

fn status(code: CommandErrorCode) -> StatusCode {
    match code {
        CommandErrorCode::InvalidRequest => StatusCode::BAD_REQUEST,
        CommandErrorCode::Forbidden => StatusCode::FORBIDDEN,
        CommandErrorCode::UnknownCommand | CommandErrorCode::NotFound => StatusCode::NOT_FOUND,
        CommandErrorCode::TooMany | CommandErrorCode::NoWayBack => StatusCode::CONFLICT,
        CommandErrorCode::Failed => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Whether this request may change anything.
fn may_change(headers: &HeaderMap, shared: &Shared) -> Result<(), CommandError> {
    let refused = |message: &str| CommandError { code: CommandErrorCode::Forbidden, message: message.to_owned() };
    if !is_our_page(headers) {
        return Err(refused("Only Polychat's own pages may change something."));
    }
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if !authorization.is_some_and(|said| shared.token.is_in(said)) {
        return Err(refused("That is not the key of this Polychat. Reload the page, or enter the key anew."));
    }
    Ok(())
}

/// Whether the page that a browser names is one that we have served. A program that is no browser names none.
fn is_our_page(headers: &HeaderMap) -> bool {
    if headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok());
    let (Some(origin), Some(host)) = (origin, host) else { return false };
    let own = Url::parse(&format!("{}://{host}", origin.scheme()));
    matches!(origin.scheme(), "http" | "https") && own.is_ok_and(|own| own.origin() == origin.origin())
}

/// The control page, with the token for whoever opens it in a browser on this computer.
pub(crate) async fn control_page(
    State(shared): State<Arc<Shared>>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Response {
    with_token("index.html", &shared, peer, &headers)
}

/// The same for the page that OBS shows as a dock.
pub(crate) async fn dock_page(
    State(shared): State<Arc<Shared>>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Response {
    with_token("dock.html", &shared, peer, &headers)
}

/// The same for the page that finds what happened again.
pub(crate) async fn history_page(
    State(shared): State<Arc<Shared>>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Response {
    with_token("history.html", &shared, peer, &headers)
}

/// The same for the page of numbers and charts, from which viewers are looked up.
pub(crate) async fn statistics_page(
    State(shared): State<Arc<Shared>>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Response {
    with_token("statistics.html", &shared, peer, &headers)
}

fn with_token(page: &str, shared: &Shared, peer: Option<Extension<Peer>>, headers: &HeaderMap) -> Response {
    let here = peer.is_some_and(|Extension(Peer(peer))| peer.ip().to_canonical().is_loopback());
    let token = (here && is_opened_by_a_person(headers)).then(|| shared.token.as_str());
    assets::control(page, token)
}

/// Whether the page is opened, and not asked for by another page.
fn is_opened_by_a_person(headers: &HeaderMap) -> bool {
    let is = |name: &str, words: &[&str]| headers.get(name).is_none_or(|value| words.iter().any(|word| value == word));
    let in_a_frame_of_ours = headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
    // Whatever is allowed otherwise: a name that was pointed at this computer may be a foreign page's.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let kinds: &[&str] = if in_a_frame_of_ours { &["document", "iframe"] } else { &["document"] };
    is("sec-fetch-dest", kinds)
        && is("sec-fetch-mode", &["navigate"])
        && host.is_some_and(is_own_name)
        && !headers.contains_key(header::ORIGIN)
        && !FORWARDED.iter().any(|name| headers.contains_key(*name))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_pages_that_we_have_served_may_change_something() {
        let host = ("host", "127.0.0.1:7117");
        for own in [
            &[host][..],
            &[host, ("origin", "http://127.0.0.1:7117")],
            &[host, ("origin", "http://127.0.0.1:7117"), ("sec-fetch-site", "same-origin")],
            &[("host", "chat.example"), ("origin", "https://chat.example")],
        ] {
            assert!(is_our_page(&headers(own)), "{own:?}");
        }
        for foreign in [
            &[host, ("origin", "null")][..],
            &[host, ("origin", "file://")],
            &[host, ("origin", "http://absolute")],
            &[host, ("origin", "http://127.0.0.1:7118")],
            &[host, ("origin", "http://localhost:7117")],
            &[host, ("origin", "https://evil.example")],
            &[host, ("origin", "tauri://localhost")],
            &[("origin", "http://127.0.0.1:7117")],
            &[host, ("sec-fetch-site", "cross-site")],
            &[host, ("sec-fetch-site", "same-site")],
        ] {
            assert!(!is_our_page(&headers(foreign)), "{foreign:?}");
        }
    }

    #[test]
    fn only_a_person_who_opens_the_page_gets_the_token() {
        let host = ("host", "localhost:7117");
        for opened in [
            &[host][..],
            &[host, ("sec-fetch-dest", "document"), ("sec-fetch-mode", "navigate"), ("sec-fetch-site", "none")],
            &[host, ("sec-fetch-dest", "document"), ("sec-fetch-mode", "navigate"), ("sec-fetch-site", "cross-site")],
            &[host, ("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "navigate"), ("sec-fetch-site", "same-origin")],
        ] {
            assert!(is_opened_by_a_person(&headers(opened)), "{opened:?}");
        }
        for asked in [
            &[("host", "evil.example")][..],
            &[],
            &[host, ("origin", "null")],
            &[host, ("origin", "http://localhost:3000")],
            &[host, ("sec-fetch-dest", "empty"), ("sec-fetch-mode", "cors"), ("sec-fetch-site", "same-origin")],
            &[host, ("sec-fetch-dest", "script"), ("sec-fetch-mode", "no-cors")],
            &[host, ("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "navigate"), ("sec-fetch-site", "cross-site")],
            &[host, ("x-forwarded-for", "203.0.113.7")],
        ] {
            assert!(!is_opened_by_a_person(&headers(asked)), "{asked:?}");
        }
    }
}
