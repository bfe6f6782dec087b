//! What is served where.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use polychat_hub::{Commands, Hub};
use polychat_model::saved::is_overlay_name;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Limits;
use crate::guard::{self, Allowed};
use crate::health::{self, Counts};
use crate::pages::Pages;
use crate::token::Token;
use crate::{api, assets, loader, socket};

/// What every request may need.
pub(crate) struct Shared {
    pub(crate) hub: Hub,
    pub(crate) commands: Commands,
    /// What a client must know to change what is saved.
    pub(crate) token: Token,
    pub(crate) limits: Limits,
    pub(crate) counts: Counts,
    pub(crate) demo: bool,
    pub(crate) stop: CancellationToken,
    /// Tasks of WebSockets: a graceful end of HTTP does not wait for them.
    pub(crate) sockets: TaskTracker,
    /// What our pages in OBS say.
    pub(crate) pages: Pages,
    /// The share in reading channels, where there is one.
    #[cfg(feature = "redis")]
    pub(crate) cluster: Option<polychat_cluster::Cluster>,
}

pub(crate) fn router(shared: Arc<Shared>, allowed: Allowed) -> Router {
    let test = || async { assets::page("test.html") };
    let looks = || async { assets::page("looks.html") };
    let featured = || async { assets::featured() };
    Router::new()
        .route("/ws", get(socket::upgrade))
        .route("/health", get(health::health))
        .route("/metrics", get(health::metrics))
        .route("/", get(api::control_page))
        .route("/index.html", get(|| async { Redirect::permanent("/") }))
        .route("/dock", get(api::dock_page))
        .route("/dock/", get(api::dock_page))
        .route("/history", get(api::history_page))
        .route("/history/", get(api::history_page))
        .route("/statistics", get(api::statistics_page))
        .route("/statistics/", get(api::statistics_page))
        .route("/featured", get(featured))
        .route("/featured/", get(featured))
        .route("/api/{command}", post(api::command).layer(DefaultBodyLimit::max(api::MAX_BODY)))
        .route("/test", get(test))
        .route("/test/", get(test))
        .route("/looks", get(looks))
        .route("/looks/", get(looks))
        .route("/overlay/{name}", get(overlay))
        .route("/loader/{name}", get(loader::serve))
        .route("/assets/{*path}", get(|Path(path): Path<String>| async move { assets::asset(&path) }))
        .fallback(|| async { nothing() })
        .method_not_allowed_fallback(|| async {
            (StatusCode::METHOD_NOT_ALLOWED, "Not so: /api takes POST, everything else GET.").into_response()
        })
        .layer(middleware::from_fn_with_state(allowed, guard::check))
        .with_state(shared)
}

/// Every name that can be one has an overlay.
async fn overlay(Path(name): Path<String>) -> Response {
    if is_overlay_name(&name) { assets::overlay() } else { nothing() }
}

pub(crate) fn nothing() -> Response {
    (
        StatusCode::NOT_FOUND,
        "Nothing here. Polychat serves /, /dock, /history, /statistics, /overlay/<name>, /featured, /looks, /test, /ws and /health.",
    )
        .into_response()
}
