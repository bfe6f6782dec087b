//! The pages of `ui/`, inside of the program.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Files;

/// Nothing from elsewhere runs here; pictures of emotes and badges may come from any https address. `style-src` allows
/// inline styles, as name colours are set that way.
const POLICY: &str = "default-src 'self'; img-src 'self' https: data:; connect-src 'self' ws: wss:; \
                      style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'";

/// The same, and in no frame of a page from elsewhere.
const CONTROL_POLICY: &str = "default-src 'self'; img-src 'self' https: data:; connect-src 'self' ws: wss:; \
                              style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; \
                              form-action 'self'; frame-ancestors 'self'";

/// For overlays: people dress them with CSS of their own, and what generators write asks for fonts from elsewhere.
const OVERLAY_POLICY: &str = "default-src 'self'; img-src 'self' https: data:; connect-src 'self' ws: wss:; \
                              style-src 'self' 'unsafe-inline' https:; font-src 'self' https: data:; \
                              object-src 'none'; base-uri 'none'; form-action 'self'";

/// A page by its file name.
pub(crate) fn page(name: &str) -> Response {
    page_under(name, POLICY)
}

/// A page from which Polychat is changed, and which may say how: no page from elsewhere may have it in a frame, and nobody may
/// keep it. A program without one shows the chats.
pub(crate) fn control(name: &str, token: Option<&str>) -> Response {
    let Some(file) = Files::get(name) else { return Redirect::temporary("/test").into_response() };
    let html = String::from_utf8_lossy(&file.data);
    // Digits only, so nothing needs to be escaped.
    let meta =
        token.map(|token| format!("<head><meta name=\"polychat-token\" content=\"{token}\" />")).unwrap_or_default();
    let html = if meta.is_empty() { html.into_owned() } else { html.replacen("<head>", &meta, 1) };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, CONTROL_POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    (headers, html).into_response()
}

/// The overlay page.
pub(crate) fn overlay() -> Response {
    page_under("overlay.html", OVERLAY_POLICY)
}

/// The page of the featured message, which is dressed like an overlay.
pub(crate) fn featured() -> Response {
    page_under("featured.html", OVERLAY_POLICY)
}

fn page_under(name: &str, policy: &'static str) -> Response {
    let Some(file) = Files::get(name) else {
        let hint = "This program was built without its pages. Build them with `cargo xtask run`.";
        return (StatusCode::NOT_FOUND, hint).into_response();
    };
    let mut response = answer(name, file, "no-cache");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// A file below `/assets/`. Their names change with their content, so they may be kept for ever.
pub(crate) fn asset(path: &str) -> Response {
    let name = format!("assets/{path}");
    match Files::get(&name) {
        Some(file) => answer(&name, file, "public, max-age=31536000, immutable"),
        None => (StatusCode::NOT_FOUND, "No such file.").into_response(),
    }
}

fn answer(name: &str, file: EmbeddedFile, cache: &'static str) -> Response {
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (headers, file.data.into_owned()).into_response()
}
