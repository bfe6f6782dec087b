//! The `gifs` tag (July 2026): `start-end|id|address`, separated by commas. The text holds a caption in brackets there.

use std::ops::Range;

use polychat_model::EmoteStyle;

use super::Span;
use super::points::Points;

/// How many are read. Chosen by hand: one is usual.
const MAX_GIFS: usize = 20;

pub(super) fn spans<'a>(tag: &'a str, text: &'a str, points: &'a Points<'a>) -> impl Iterator<Item = Span> + 'a {
    entries(tag).take(MAX_GIFS).filter_map(move |entry| {
        let (range, rest) = entry.split_once('|')?;
        let (_, url) = rest.split_once('|')?;
        let (start, last) = range.split_once('-')?;
        let (start, last): (usize, usize) = (start.parse().ok()?, last.parse().ok()?);
        let bytes = caption(start, last, text, points)?;
        is_giphy(url).then(|| Span { bytes, url: url.into(), is_custom: true, style: Some(EmoteStyle::Gif) })
    })
}

/// Splits at the commas before a new range only: addresses may contain commas.
fn entries(tag: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(tag);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let end = text.match_indices(',').map(|(at, _)| at).find(|at| begins_entry(&text[at + 1..]));
        rest = end.map(|at| &text[at + 1..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

fn begins_entry(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.split_once('|').and_then(|(range, _)| range.split_once('-')).is_some_and(|(a, b)| digits(a) && digits(b))
}

/// The bytes of the caption. Positions are code points as for emotes; one implementation says bytes.
fn caption(start: usize, last: usize, text: &str, points: &Points<'_>) -> Option<Range<usize>> {
    let end = last.checked_add(1)?;
    let is_caption =
        |range: &Range<usize>| text.get(range.clone()).is_some_and(|text| text.starts_with('[') && text.ends_with(']'));
    let by_points = points.byte(start)..points.byte(end);
    if end <= points.len() && is_caption(&by_points) {
        return Some(by_points);
    }
    Some(start..end).filter(is_caption)
}

/// Only pictures of Giphy, over https: the address comes from outside and is loaded by every viewer.
fn is_giphy(url: &str) -> bool {
    let Ok(parsed) = url::Url::parse(url) else { return false };
    let host = parsed.host_str().unwrap_or_default();
    parsed.scheme() == "https"
        && (host == "giphy.com" || host.ends_with(".giphy.com"))
        && parsed.username().is_empty()
        && parsed.port().is_none()
        && url.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'<' | b'>' | b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_split_before_a_range_only() {
        let tag = "0-4|a|https://media.giphy.com/a,b.gif,7-9|b|https://media.giphy.com/c.gif";
        assert_eq!(
            entries(tag).collect::<Vec<_>>(),
            ["0-4|a|https://media.giphy.com/a,b.gif", "7-9|b|https://media.giphy.com/c.gif"]
        );
    }

    #[test]
    fn only_giphy_over_https_is_a_gif() {
        assert!(is_giphy("https://media4.giphy.com/media/x/giphy.gif?cid=1&ct=g"));
        for url in [
            "http://media.giphy.com/x",
            "https://giphy.com.evil.example/x",
            "https://evilgiphy.com/x",
            "https://a@media.giphy.com/x",
            "https://media.giphy.com:444/x",
            "https://media.giphy.com/\"onload",
            "javascript:alert(1)",
            "",
        ] {
            assert!(!is_giphy(url), "{url}");
        }
    }
}
