//! The `emotes` tag: `id:start-end,start-end/id:start-end`, both ends inclusive, in code points.
//!
//! Twitch sometimes sends positions that are too large by a few, mostly in messages with accents that AutoMod looked at
//! (twitchdev/issues 104). The rule below finds every one of them in the recorded lines and moves nothing else.

use super::Span;
use super::points::Points;

/// How many occurrences are read: more than a message of 500 characters can hold. Bounds the work on a hostile tag.
const MAX_EMOTES: usize = 300;

/// How far a position may be off. The largest seen is 6.
const MAX_SHIFT: usize = 8;

struct Occurrence<'a> {
    id: &'a str,
    /// First code point.
    start: usize,
    /// Last code point.
    last: usize,
}

/// The emotes of a text, in order, not overlapping.
pub(super) fn spans(tag: &str, text: &str, points: &Points<'_>) -> Vec<Span> {
    if tag.is_empty() {
        return Vec::new();
    }
    let mut occurrences: Vec<Occurrence<'_>> = occurrences(tag).take(MAX_EMOTES).collect();
    occurrences.sort_by_key(|o| o.start);
    let Some(shifts) = shifts(&occurrences, points) else { return Vec::new() };
    let mut spans: Vec<Span> = Vec::with_capacity(occurrences.len());
    for (occurrence, shift) in occurrences.iter().zip(shifts) {
        let bytes = points.byte(occurrence.start - shift)..points.byte(occurrence.last - shift + 1);
        if spans.last().is_none_or(|before| before.bytes.end <= bytes.start) && bytes.end <= text.len() {
            let url =
                ["https://static-cdn.jtvnw.net/emoticons/v2/", occurrence.id, "/default/dark/2.0"].concat().into();
            spans.push(Span { bytes, url, is_custom: false, style: None });
        }
    }
    spans
}

fn occurrences(tag: &str) -> impl Iterator<Item = Occurrence<'_>> {
    tag.split('/')
        .filter_map(|emote| emote.split_once(':'))
        // The id goes into an address.
        .filter(|(id, _)| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
        .flat_map(|(id, ranges)| {
            ranges.split(',').filter_map(move |range| {
                let (start, last) = range.split_once('-')?;
                let (start, last) = (start.parse().ok()?, last.parse().ok()?);
                (start <= last && last < usize::MAX).then_some(Occurrence { id, start, last })
            })
        })
}

/// How far each occurrence has to be moved to the left; `None` when one of them stands on no word: then none is to be
/// believed.
///
/// The shift begins at 0 and never shrinks within a message. It grows when an occurrence does not stand on a whole word,
/// to the smallest shift at which it does.
fn shifts(occurrences: &[Occurrence<'_>], points: &Points<'_>) -> Option<Vec<usize>> {
    let mut shift = 0;
    let mut found = Vec::with_capacity(occurrences.len());
    for o in occurrences {
        if !fits(points, o, shift) {
            let moved = (shift + 1..=MAX_SHIFT).find(|&k| fits(points, o, k) && stands_alone(points, o, k));
            shift = moved?;
        }
        found.push(shift);
    }
    Some(found)
}

/// Inside of the text, without a space in it, and no end within a word. Emotes do touch punctuation.
fn fits(points: &Points<'_>, o: &Occurrence<'_>, shift: usize) -> bool {
    let Some(start) = o.start.checked_sub(shift) else { return false };
    let end = o.last - shift + 1;
    if end > points.len() || points.slice(start, end).contains(' ') {
        return false;
    }
    let is_word = |point: usize| points.char(point).is_some_and(|c| c.is_alphanumeric() || c == '_');
    let cuts = |border: usize| border > 0 && is_word(border - 1) && is_word(border);
    !cuts(start) && !cuts(end)
}

/// Between spaces or the ends of the text.
fn stands_alone(points: &Points<'_>, o: &Occurrence<'_>, shift: usize) -> bool {
    let (start, end) = (o.start - shift, o.last - shift + 1);
    (start == 0 || points.char(start - 1) == Some(' ')) && (end == points.len() || points.char(end) == Some(' '))
}
