//! The pages of `ui/`, inside of the program.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Files;

/// Nothing from elsewhere runs here; pictures of emotes and badges may come from any https address. `style-src` allows
/// inline styles, as name colours are set that way.
const POLICY: &str = "default-src 'self'; img-src 'self' https: data:; connect-src 'self' ws: wss:; \
                      style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'";

/// For overlays: people dress them with CSS of their own, and what generators write asks for fonts from elsewhere.
const OVERLAY_POLICY: &str = "default-src 'self'; img-src 'self' https: data:; connect-src 'self' ws: wss:; \
                              style-src 'self' 'unsafe-inline' https:; font-src 'self' https: data:; \
                              object-src 'none'; base-uri 'none'; form-action 'self'";

/// A page by its file name.
pub(crate) fn page(name: &str) -> Response {
    page_under(name, POLICY)
}

/// The overlay page.
pub(crate) fn overlay() -> Response {
    page_under("overlay.html", OVERLAY_POLICY)
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
