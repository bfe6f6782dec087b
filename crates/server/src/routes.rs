//! What is served where.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Router, middleware};
use polychat_hub::Hub;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Limits;
use crate::guard::{self, Allowed};
use crate::health::{self, Counts};
use crate::{assets, socket};

/// What every request may need.
pub(crate) struct Shared {
    pub(crate) hub: Hub,
    pub(crate) limits: Limits,
    pub(crate) counts: Counts,
    pub(crate) demo: bool,
    pub(crate) stop: CancellationToken,
    /// Tasks of WebSockets: a graceful end of HTTP does not wait for them.
    pub(crate) sockets: TaskTracker,
}

pub(crate) fn router(shared: Arc<Shared>, allowed: Allowed) -> Router {
    let test = || async { assets::page("test.html") };
    let looks = || async { assets::page("looks.html") };
    Router::new()
        .route("/ws", get(socket::upgrade))
        .route("/health", get(health::health))
        .route("/metrics", get(health::metrics))
        .route("/", get(|| async { Redirect::temporary("/test") }))
        .route("/test", get(test))
        .route("/test/", get(test))
        .route("/looks", get(looks))
        .route("/looks/", get(looks))
        .route("/overlay/{name}", get(overlay))
        .route("/assets/{*path}", get(|Path(path): Path<String>| async move { assets::asset(&path) }))
        .fallback(|| async { nothing() })
        .method_not_allowed_fallback(|| async { (StatusCode::METHOD_NOT_ALLOWED, "Use GET.").into_response() })
        .layer(middleware::from_fn_with_state(allowed, guard::check))
        .with_state(shared)
}

/// Every name that can be one has an overlay.
async fn overlay(Path(name): Path<String>) -> Response {
    if is_overlay_name(&name) { assets::overlay() } else { nothing() }
}

/// The longest name of an overlay. Chosen by hand: longer than anybody types.
const MAX_OVERLAY_NAME: usize = 64;

/// Letters and digits of ASCII, `-` and `_`: what an address can hold without being escaped.
fn is_overlay_name(name: &str) -> bool {
    let fits = (1..=MAX_OVERLAY_NAME).contains(&name.len());
    fits && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn nothing() -> Response {
    (StatusCode::NOT_FOUND, "Nothing here. Polychat serves /overlay/<name>, /looks, /test, /ws and /health.")
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlay_has_a_name_that_needs_no_escaping() {
        for name in ["main", "A-1_b", &"x".repeat(64)] {
            assert!(is_overlay_name(name), "{name}");
        }
        for name in ["", "a b", "a.b", "..", "ä", "a/b", "a%2Fb", &"x".repeat(65)] {
            assert!(!is_overlay_name(name), "{name}");
        }
    }
}
