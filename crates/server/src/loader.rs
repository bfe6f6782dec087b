//! The page that waits in OBS until Polychat is there. As a local file it is there before Polychat is, which a link is not: OBS
//! asks for a link once, and a source whose page did not come stays blank.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use polychat_model::saved::is_overlay_name;
use url::Url;

use crate::routes::nothing;

const PAGE: &str = include_str!("loader.html");

/// It runs its own script, asks whether Polychat is there, and does nothing else.
const POLICY: &str =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src http:; base-uri 'none'";

/// The page of an overlay, for a Polychat at `origin`.
pub(crate) fn page(origin: &str, overlay: &str) -> String {
    debug_assert!(is_overlay_name(overlay));
    PAGE.replace("{{origin}}", origin).replace("{{overlay}}", overlay)
}

/// As a file to be saved: `polychat-main.html`.
pub(crate) async fn serve(Path(overlay): Path<String>, headers: HeaderMap) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let Some(origin) = host.and_then(origin).filter(|_| is_overlay_name(&overlay)) else { return nothing() };
    let name = format!("attachment; filename=\"polychat-{overlay}.html\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment"))),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, page(&origin, &overlay)).into_response()
}

/// Where whoever asks has found us. Whatever stands in a `Host`, an origin holds nothing that could end a text in a script.
fn origin(host: &str) -> Option<String> {
    let origin = Url::parse(&format!("http://{host}/")).ok()?.origin();
    let text = origin.ascii_serialization();
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b":/.-[]".contains(&b);
    (origin.is_tuple() && text.bytes().all(is_plain)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_names_where_polychat_was_found() {
        let page = page(&origin("127.0.0.1:7117").expect("an origin"), "side");
        assert!(
            page.contains("const ORIGIN = \"http://127.0.0.1:7117\";") && page.contains("const OVERLAY = \"side\";")
        );
        assert!(!page.contains("{{"));
    }

    #[test]
    fn nothing_gets_out_of_the_script_by_a_name() {
        for host in ["a\"b", "a'b", "a<b", "a b", "", "a\\b", "</script>", "{{overlay}}"] {
            let origin = origin(host);
            assert!(origin.is_none_or(|origin| !origin.contains(['"', '\'', '<', '\\', ' ', '{'])), "{host}");
        }
    }
}
