//! Pictures of YouTube: one in several sizes, addresses with and without a scheme.

use std::sync::Arc;

use serde::Deserialize;

use super::lenient::{List, Num, Obj, Str};

/// Longest address that is taken over, in bytes. Recorded ones have up to 160 (2026).
const URL_MAX_BYTES: usize = 1_000;

/// One picture in several sizes.
pub(super) type Pictures<'a> = List<Obj<Picture<'a>>>;

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Picture<'a> {
    #[serde(borrow)]
    pub(super) url: Str<'a>,
    pub(super) width: Num,
}

/// A picture and what it shows.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Image<'a> {
    #[serde(borrow)]
    pub(super) thumbnails: Pictures<'a>,
    pub(super) accessibility: Obj<Accessibility<'a>>,
}

impl Image<'_> {
    /// What it shows, in words.
    pub(super) fn label(&self) -> Option<&str> {
        self.accessibility.accessibility_data.label.some()
    }
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Accessibility<'a> {
    #[serde(borrow)]
    pub(super) accessibility_data: Obj<AccessibilityData<'a>>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct AccessibilityData<'a> {
    #[serde(borrow)]
    pub(super) label: Str<'a>,
}

impl List<Obj<Picture<'_>>> {
    /// The largest size that has a safe address; of equal ones the last.
    pub(super) fn largest(&self) -> Option<Arc<str>> {
        let safe = self.iter().filter_map(|picture| Some((picture.width.0, https(&picture.url)?)));
        safe.max_by_key(|(width, _)| *width).map(|(_, url)| url)
    }
}

/// An https address that is safe to hand to a browser; `//host/…` gets its scheme.
fn https(text: &str) -> Option<Arc<str>> {
    let good = text.len() <= URL_MAX_BYTES
        && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`'));
    if !good {
        return None;
    }
    match text.strip_prefix("//") {
        Some(rest) if !rest.is_empty() => Some(format!("https://{rest}").into()),
        _ => text.starts_with("https://").then(|| text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn largest(json: &str) -> Option<String> {
        let pictures: Pictures<'_> = serde_json::from_str(json).unwrap();
        pictures.largest().map(|url| url.to_string())
    }

    #[test]
    fn the_largest_picture_is_taken_wherever_it_stands() {
        let json = r#"[{"url":"https://a.example/64","width":64},{"url":"https://a.example/32","width":32}]"#;
        assert_eq!(largest(json).as_deref(), Some("https://a.example/64"));
        let unsized_ones = r#"[{"url":"https://a.example/1"},{"url":"https://a.example/2"}]"#;
        assert_eq!(largest(unsized_ones).as_deref(), Some("https://a.example/2"));
    }

    #[test]
    fn addresses_get_their_scheme_and_unsafe_ones_are_no_pictures() {
        assert_eq!(largest(r#"[{"url":"//lh3.example/x"}]"#).as_deref(), Some("https://lh3.example/x"));
        for bad in ["http://a.example/1", "javascript:alert(1)", "https://a/\\\"onload=", "//", "/x", ""] {
            assert_eq!(largest(&format!("[{{\"url\":\"{bad}\"}}]")), None, "{bad}");
        }
    }
}
