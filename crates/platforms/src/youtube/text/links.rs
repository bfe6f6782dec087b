//! Where links lead: YouTube shows them shortened and sends clicks over a page of its own.

use url::Url;

use super::Endpoint;

/// Longest address that is taken over, in bytes.
const URL_MAX_BYTES: usize = 2_000;
const YOUTUBE: &str = "https://www.youtube.com";

/// The true address of a link; `None` if it is no address of the web.
pub(super) fn target(endpoint: &Endpoint<'_>) -> Option<String> {
    if let Some(url) = endpoint.url_endpoint.url.some() {
        return web(url);
    }
    if let Some(id) = endpoint.watch_endpoint.video_id.some().filter(|id| is_id(id)) {
        return Some(format!("{YOUTUBE}/watch?v={id}"));
    }
    let browse = &endpoint.browse_endpoint;
    if let Some(path) = browse.canonical_base_url.some().filter(|path| path.starts_with('/')) {
        return web(path);
    }
    let id = browse.browse_id.some().filter(|id| id.starts_with("UC") && is_id(id))?;
    Some(format!("{YOUTUBE}/channel/{id}"))
}

fn is_id(id: &str) -> bool {
    id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// An address of the web; what is behind `/redirect?q=` instead of the redirect itself.
fn web(text: &str) -> Option<String> {
    if text.len() > URL_MAX_BYTES * 2 {
        return None;
    }
    let url = Url::parse(YOUTUBE).ok()?.join(text).ok()?;
    let is_redirect = url.path() == "/redirect" && matches!(url.host_str(), Some("www.youtube.com" | "youtube.com"));
    let behind = url.query_pairs().find(|(key, _)| is_redirect && key == "q").map(|(_, value)| value.into_owned());
    let url = match behind {
        Some(behind) => Url::parse(&behind).ok()?,
        None => url,
    };
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let text = String::from(url);
    (is_web && text.len() <= URL_MAX_BYTES).then_some(text)
}
