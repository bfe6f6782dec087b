//! Pictures: one at several addresses, some of a kind that browsers do not show.

use std::sync::Arc;

use crate::tiktok::proto::Image;

/// Longest address that is taken over, in bytes. Recorded ones have up to 300 (2026).
const URL_MAX_BYTES: usize = 1_000;

/// The first address that is safe to hand to a browser and that it can show.
pub(super) fn picture(image: Option<&Image>) -> Option<Arc<str>> {
    image?.url_list.iter().find_map(|url| shown(url))
}

fn shown(url: &[u8]) -> Option<Arc<str>> {
    let is_safe = url.len() <= URL_MAX_BYTES
        && url.starts_with(b"https://")
        && url.iter().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`'));
    let path = url.split(|b| *b == b'?').next().unwrap_or_default();
    let is_shown = ![&b".heic"[..], b".heif"].iter().any(|end| path.ends_with(end));
    (is_safe && is_shown).then(|| std::str::from_utf8(url).ok().map(Into::into)).flatten()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn the_first_address_that_a_browser_shows_is_taken() {
        let first = |urls: &[&'static str]| {
            let url_list = urls.iter().map(|url| Bytes::from_static(url.as_bytes())).collect();
            picture(Some(&Image { url_list, content: None })).map(|url| url.to_string())
        };
        assert_eq!(
            first(&["https://p16.example/a~emotes-v1.heic?x=1", "https://p19.example/a.webp"]).as_deref(),
            Some("https://p19.example/a.webp")
        );
        assert_eq!(first(&["http://p16.example/a.png", "https://p16.example/\"onload=x", ""]), None);
        assert_eq!(picture(None), None);
    }
}
