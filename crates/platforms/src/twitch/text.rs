//! From a text with Twitch's notes beside it to [`Content`].
//!
//! Positions in tags count code points of the text after `/me` is taken off; they become byte ranges once, here.

mod emotes;
mod gifs;
mod points;
mod words;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use polychat_model::{Content, ContentBuilder, Element, EmoteMetadata, EmoteStyle, Person};

use self::points::Points;
use self::words::Words;
use super::catalog::Lookups;

/// A text and everything that says what is in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    /// The raw `emotes` tag.
    pub(super) emotes: &'a str,
    /// The raw `gifs` tag.
    pub(super) gifs: &'a str,
    /// Whose message this one answers: their name is taken off the beginning.
    pub(super) answered: Option<&'a Person>,
    /// Only a message with bits has cheermotes.
    pub(super) bits: Option<u32>,
    /// The last emote is drawn very large.
    pub(super) gigantic: bool,
    pub(super) lookups: &'a Lookups,
}

/// A picture and the bytes that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    bytes: Range<usize>,
    url: Arc<str>,
    /// What the platform offers by itself is not custom; a channel's own native emotes cannot be told from global ones.
    is_custom: bool,
    style: Option<EmoteStyle>,
}

/// Takes off the marks of `/me`. The final one may be missing; a text that begins with the bare word is no action.
pub(super) fn action(text: &str) -> (&str, bool) {
    match text.strip_prefix("\u{1}ACTION ") {
        Some(inner) => (inner.strip_suffix('\u{1}').unwrap_or(inner), true),
        None => (text, false),
    }
}

/// The text cut into its elements.
pub(super) fn content(source: &Source<'_>) -> Content {
    let text = joiners(source.text);
    let points = Points::of(&text);
    let mut spans = emotes::spans(source.emotes, &text, &points);
    if source.gigantic
        && let Some(last) = spans.last_mut()
    {
        last.style = Some(EmoteStyle::Gigantic);
    }
    if !source.gifs.is_empty() {
        spans.extend(gifs::spans(source.gifs, &text, &points));
        spans.sort_by_key(|span| span.bytes.start);
    }
    let end = text.trim_end_matches(is_trailing_noise).len();
    let start = source.answered.map_or(0, |person| addressed(&text[..end], person));
    let shown = &text[start..end];
    let mut builder = ContentBuilder::new(shown);
    let mut words = Words::new(source.lookups, source.bits);
    for span in spans {
        let Some(from) = span.bytes.start.checked_sub(start) else { continue };
        let range = from..span.bytes.end - start;
        if range.start < builder.position() || range.end > shown.len() {
            continue;
        }
        words.read(&mut builder, shown, range.start);
        builder.element(range, |value, position| {
            let metadata =
                EmoteMetadata { url: span.url, alt: value.clone(), is_custom: span.is_custom, style: span.style };
            Element::Emote { value, position, metadata }
        });
    }
    words.read(&mut builder, shown, shown.len());
    builder.finish()
}

/// Old Chatterino wrote the joiner of emoji as U+E0002, as Twitch stripped U+200D. Both are one code point, so positions
/// hold.
fn joiners(text: &str) -> Cow<'_, str> {
    const STAND_IN: char = '\u{e0002}';
    if text.is_ascii() || !text.contains(STAND_IN) {
        return Cow::Borrowed(text);
    }
    let mut before = '\0';
    let fixed = text.chars().map(|c| {
        let lone = c == STAND_IN && before != STAND_IN;
        before = c;
        if lone { '\u{200d}' } else { c }
    });
    Cow::Owned(fixed.collect())
}

/// White space, and what clients append so that Twitch lets the same text pass twice.
fn is_trailing_noise(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{34f}' | '\u{e0000}')
}

/// How many bytes of `text` are `@name` and spaces for the answered person.
fn addressed(text: &str, person: &Person) -> usize {
    let Some(rest) = text.strip_prefix('@') else { return 0 };
    let Some(space) = rest.find(' ') else { return 0 };
    let name = rest[..space].to_lowercase();
    let is_theirs = |theirs: &str| !theirs.is_empty() && theirs.to_lowercase() == name;
    if !is_theirs(&person.display_name) && !is_theirs(&person.username) {
        return 0;
    }
    text.len() - rest[space..].trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests;
