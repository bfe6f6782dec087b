//! Pictures of YouTube: one in several sizes, addresses with and without a scheme.

use std::sync::Arc;

use serde::de::SeqAccess;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::lenient::{FromAny, Num, Obj, Str, any};

/// Longest address that is taken over, in bytes. Recorded ones have up to 160 (2026).
const URL_MAX_BYTES: usize = 1_000;

/// One picture in several sizes, of which the best is kept while they are read.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Pictures<'a> {
    /// The largest that has a safe address; of equal ones the last.
    best: Option<Picture<'a>>,
    /// There are sizes at all.
    any: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Picture<'a> {
    #[serde(borrow)]
    url: Str<'a>,
    width: Num,
}

impl<'de> FromAny<'de> for Pictures<'de> {
    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut pictures = Self::default();
        while let Some(Obj(picture)) = list.next_element::<Obj<Picture<'de>>>()? {
            pictures.any = true;
            let is_larger = pictures.best.as_ref().is_none_or(|best| best.width.0 <= picture.width.0);
            if is_larger && is_safe(&picture.url) {
                pictures.best = Some(picture);
            }
        }
        Ok(pictures)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Pictures<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any::<D, Pictures<'de>>(deserializer)
    }
}

/// The address of the largest of these sizes.
pub(super) fn largest(sizes: &Value) -> Option<Arc<str>> {
    Pictures::deserialize(sizes).ok()?.largest()
}

impl Pictures<'_> {
    /// The address of the largest size, for a browser: `//host/…` gets its scheme.
    pub(super) fn largest(&self) -> Option<Arc<str>> {
        let url = &*self.best.as_ref()?.url;
        Some(if url.starts_with("//") { format!("https:{url}").into() } else { url.into() })
    }

    /// There are no sizes.
    pub(super) fn is_empty(&self) -> bool {
        !self.any
    }
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

/// Whether this is an https address, with or without its scheme, that is safe to hand to a browser.
fn is_safe(url: &str) -> bool {
    let rest = url.strip_prefix("https:").unwrap_or(url).strip_prefix("//");
    url.len() <= URL_MAX_BYTES
        && rest.is_some_and(|rest| !rest.is_empty())
        && url.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`'))
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
