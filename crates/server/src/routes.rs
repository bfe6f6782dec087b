//! What is served where.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
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
    Router::new()
        .route("/ws", get(socket::upgrade))
        .route("/health", get(health::health))
        .route("/metrics", get(health::metrics))
        .route("/", get(|| async { Redirect::temporary("/test") }))
        .route("/test", get(test))
        .route("/test/", get(test))
        .route("/assets/{*path}", get(|Path(path): Path<String>| async move { assets::asset(&path) }))
        .fallback(|| async { (StatusCode::NOT_FOUND, "Nothing here. Polychat serves /test, /ws and /health.") })
        .method_not_allowed_fallback(|| async { (StatusCode::METHOD_NOT_ALLOWED, "Use GET.").into_response() })
        .layer(middleware::from_fn_with_state(allowed, guard::check))
        .with_state(shared)
}
