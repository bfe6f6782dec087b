//! What a message says: one text, cut into elements that together are the whole text.

use std::ops::Range;
use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use ts_rs::TS;

use crate::html;

/// How many words of one message become emotes by [`Content::find_emotes`]. Chosen by hand: as many as a message of
/// Twitch can have.
const FOUND_MAX: usize = 250;

/// The text of a message and its parts.
///
/// The values of `elements`, one after the other, are `raw`: nothing is lost between them. `formatted`, `sanitized` and
/// `rawHtml` of the protocol are made from these when a frame is written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "ContentFields")]
pub struct Content {
    raw: String,
    elements: Vec<Element>,
}

/// The fields of `content` on the wire, for the TypeScript types and for reading frames back.
#[derive(Deserialize, TS)]
#[ts(export, rename = "Content")]
#[expect(dead_code, reason = "the derived fields are read by TypeScript only")]
pub(crate) struct ContentFields {
    /// The whole text, emotes as the words that were typed.
    raw: String,
    /// The text with emotes as codes.
    formatted: String,
    /// The text without emotes.
    sanitized: String,
    /// The parts; their values joined are `raw`.
    elements: Vec<Element>,
    /// Escaped HTML, safe to insert as it is.
    #[serde(rename = "rawHtml")]
    raw_html: String,
}

impl From<ContentFields> for Content {
    fn from(fields: ContentFields) -> Self {
        Self { raw: fields.raw, elements: fields.elements }
    }
}

/// A part of a message. `position` is `[start, end)` in UTF-16 units of `raw`, as JavaScript's `slice` counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "lowercase")]
#[ts(export)]
pub enum Element {
    /// Plain words.
    Text {
        /// The words.
        value: String,
        /// Where in `raw`.
        position: [u32; 2],
    },
    /// A picture that stands for a word.
    Emote {
        /// The word.
        value: String,
        /// Where in `raw`.
        position: [u32; 2],
        /// The picture.
        metadata: EmoteMetadata,
    },
    /// An address.
    Link {
        /// The address as typed.
        value: String,
        /// Where in `raw`.
        position: [u32; 2],
        /// The address to open.
        metadata: LinkMetadata,
    },
    /// The name of somebody, with `@`.
    Mention {
        /// The mention as typed.
        value: String,
        /// Where in `raw`.
        position: [u32; 2],
        /// Who is meant.
        metadata: MentionMetadata,
    },
    /// Bits that were cheered with this word (Twitch).
    Cheer {
        /// The word.
        value: String,
        /// Where in `raw`.
        position: [u32; 2],
        /// How much, and its picture.
        metadata: CheerMetadata,
    },
}

impl Element {
    /// The part of the text that this element is.
    pub fn value(&self) -> &str {
        match self {
            Self::Text { value, .. }
            | Self::Emote { value, .. }
            | Self::Link { value, .. }
            | Self::Mention { value, .. }
            | Self::Cheer { value, .. } => value,
        }
    }

    /// `[start, end)` in UTF-16 units of the whole text.
    pub fn position(&self) -> [u32; 2] {
        match self {
            Self::Text { position, .. }
            | Self::Emote { position, .. }
            | Self::Link { position, .. }
            | Self::Mention { position, .. }
            | Self::Cheer { position, .. } => *position,
        }
    }
}

/// The picture of an emote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct EmoteMetadata {
    /// Its picture (https).
    pub url: Arc<str>,
    /// What to show when the picture does not load.
    pub alt: String,
    /// False for what the platform offers everybody; true for a channel's own and third-party emotes.
    pub is_custom: bool,
    /// How to draw it when not like an ordinary emote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub style: Option<EmoteStyle>,
}

/// Emotes that are not drawn at the height of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum EmoteStyle {
    /// A moving picture of its own, larger than an emote (Twitch GIFs).
    Gif,
    /// Drawn very large (Twitch's "gigantify" power-up).
    Gigantic,
    /// Drawn over the emote before it, when no more than a space stands between them; like any other without one
    /// (rain over a face; 7TV, BTTV).
    ZeroWidth,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LinkMetadata {
    /// The whole address, with its scheme (http or https).
    pub url: String,
}

/// Who is mentioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct MentionMetadata {
    /// The name without `@`.
    pub username: String,
}

/// How much was cheered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CheerMetadata {
    /// The picture of this amount (https), or null while none is known.
    pub url: Option<Arc<str>>,
    /// What to show when the picture does not load.
    pub alt: String,
    /// How many bits.
    pub bits: u32,
    /// `#rrggbb` of the tier.
    pub color: String,
}

impl Content {
    /// A text without emotes or links.
    pub fn plain(text: impl Into<String>) -> Self {
        let raw = text.into();
        let mut builder = ContentBuilder::new(&raw).expect(1);
        builder.text_to(raw.len());
        let elements = builder.elements;
        Self { raw, elements }
    }

    /// The whole text.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Its parts.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// The text with emotes as codes: a custom emote that is not a word of its own reads `:name:`.
    pub fn formatted(&self) -> &str {
        // The codes of the platforms read so far are the words that were typed.
        &self.raw
    }

    /// The text without its emotes and cheers, runs of spaces made one.
    pub fn sanitized(&self) -> String {
        let mut out = String::with_capacity(self.raw.len());
        for element in &self.elements {
            let words = match element {
                Element::Emote { .. } | Element::Cheer { .. } => " ",
                other => other.value(),
            };
            for (n, word) in words.split(' ').enumerate() {
                if n > 0 && !(out.is_empty() || out.ends_with(' ')) {
                    out.push(' ');
                }
                out.push_str(word);
            }
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// Makes words of the text emotes: those for which `find` has a picture. Only whole words, between spaces, emotes or
    /// the ends of the text; never a part of a link, a mention or a cheer. The text itself stays as it is.
    ///
    /// Costs no allocation as long as nothing is found.
    pub fn find_emotes(&mut self, mut find: impl FnMut(&str) -> Option<EmoteMetadata>) {
        let mut found: Vec<(usize, Range<usize>, EmoteMetadata)> = Vec::new();
        for (n, element) in self.elements.iter().enumerate() {
            let Element::Text { value, .. } = element else { continue };
            let parts = |at: Option<usize>| at.and_then(|at| self.elements.get(at));
            let is_open = |beside: Option<&Element>| matches!(beside, None | Some(Element::Emote { .. }));
            let mut start = 0;
            // Cut at ASCII bytes: never inside of a character.
            for word in value.split(|c: char| c.is_ascii_whitespace()) {
                let range = start..start + word.len();
                start = range.end + 1;
                if word.is_empty()
                    || (range.start == 0 && !is_open(parts(n.checked_sub(1))))
                    || (range.end == value.len() && !is_open(parts(Some(n + 1))))
                {
                    continue;
                }
                if let Some(metadata) = find(word) {
                    found.push((n, range, metadata));
                }
            }
        }
        found.truncate(FOUND_MAX);
        if found.is_empty() {
            return;
        }
        let mut elements = Vec::with_capacity(self.elements.len() + 2 * found.len());
        let mut found = found.into_iter().peekable();
        for (n, element) in std::mem::take(&mut self.elements).into_iter().enumerate() {
            let is_cut = found.peek().is_some_and(|(of, ..)| *of == n);
            let Element::Text { value, position } = &element else {
                elements.push(element);
                continue;
            };
            if !is_cut {
                elements.push(element);
                continue;
            }
            let mut builder = ContentBuilder::new(value);
            builder.unit = position[0];
            builder.elements = std::mem::take(&mut elements);
            while let Some((_, range, metadata)) = found.next_if(|(of, ..)| *of == n) {
                builder.element(range, |value, position| Element::Emote { value, position, metadata });
            }
            builder.text_to(value.len());
            elements = builder.elements;
        }
        self.elements = elements;
    }

    /// Escaped HTML: safe to insert as it is.
    pub fn raw_html(&self) -> String {
        html::of_elements(&self.elements)
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut s = serializer.serialize_struct("Content", 5)?;
        s.serialize_field("raw", &self.raw)?;
        s.serialize_field("formatted", self.formatted())?;
        s.serialize_field("sanitized", &self.sanitized())?;
        s.serialize_field("elements", &self.elements)?;
        s.serialize_field("rawHtml", &self.raw_html())?;
        s.end()
    }
}

/// Cuts a text into elements from left to right, and counts UTF-16 units on the way.
///
/// Ranges are bytes of the text. What lies between two named ranges becomes text. A range that goes back, is empty or
/// cuts a character is refused (`false`) and stays text: no input makes this panic or lose a letter.
pub struct ContentBuilder<'a> {
    raw: &'a str,
    byte: usize,
    unit: u32,
    elements: Vec<Element>,
}

impl<'a> ContentBuilder<'a> {
    /// Starts at the beginning of `raw`.
    pub fn new(raw: &'a str) -> Self {
        Self { raw, byte: 0, unit: 0, elements: Vec::new() }
    }

    /// The first byte that is not part of an element yet.
    pub fn position(&self) -> usize {
        self.byte
    }

    /// Makes everything up to `end` text.
    pub fn text_to(&mut self, end: usize) {
        if end > self.byte
            && let Some(value) = self.raw.get(self.byte..end)
        {
            let position = self.advance(value, end);
            self.elements.push(Element::Text { value: value.to_owned(), position });
        }
    }

    /// Makes `range` an element; `make` gets its text and its position.
    pub fn element(&mut self, range: Range<usize>, make: impl FnOnce(String, [u32; 2]) -> Element) -> bool {
        if range.start < self.byte || range.start >= range.end || !self.raw.is_char_boundary(range.start) {
            return false;
        }
        let Some(value) = self.raw.get(range.clone()) else { return false };
        self.text_to(range.start);
        let position = self.advance(value, range.end);
        self.elements.push(make(value.to_owned(), position));
        true
    }

    /// Makes room for this many elements at once.
    pub fn expect(mut self, elements: usize) -> Self {
        self.elements.reserve_exact(elements);
        self
    }

    /// The rest is text.
    pub fn finish(mut self) -> Content {
        self.text_to(self.raw.len());
        Content { raw: self.raw.to_owned(), elements: self.elements }
    }

    fn advance(&mut self, value: &str, end: usize) -> [u32; 2] {
        let start = self.unit;
        let units = if value.is_ascii() { value.len() } else { value.encode_utf16().count() };
        self.unit += units as u32;
        self.byte = end;
        [start, self.unit]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn emote(value: String, position: [u32; 2]) -> Element {
        let metadata =
            EmoteMetadata { url: "https://e.example/1".into(), alt: value.clone(), is_custom: false, style: None };
        Element::Emote { value, position, metadata }
    }

    #[test]
    fn positions_count_utf16_units() {
        let content = Content::plain("😀a");
        assert_eq!(content.elements(), [Element::Text { value: "😀a".into(), position: [0, 3] }]);
    }

    #[test]
    fn sanitized_has_neither_emotes_nor_doubled_spaces() {
        let mut builder = ContentBuilder::new("hi Kappa there");
        assert!(builder.element(3..8, emote));
        assert_eq!(builder.finish().sanitized(), "hi there");
    }

    #[test]
    fn a_range_that_cuts_a_character_stays_text() {
        let mut builder = ContentBuilder::new("é!");
        assert!(!builder.element(1..2, emote));
        assert!(!builder.element(0..9, emote));
        assert_eq!(builder.finish().elements().len(), 1);
    }

    /// Every word in capital letters is an emote.
    fn shouted(word: &str) -> Option<EmoteMetadata> {
        let loud = word.chars().all(|c| c.is_ascii_uppercase());
        let url = "https://e.example/2".into();
        loud.then(|| EmoteMetadata { url, alt: word.to_owned(), is_custom: true, style: None })
    }

    #[test]
    fn whole_words_become_emotes_and_nothing_else() {
        let emotes = |text: &str, ranges: &[(Range<usize>, bool)]| {
            let mut builder = ContentBuilder::new(text);
            for (range, is_emote) in ranges {
                builder.element(range.clone(), |value, position| {
                    if *is_emote {
                        return emote(value, position);
                    }
                    let metadata = MentionMetadata { username: String::new() };
                    Element::Mention { value, position, metadata }
                });
            }
            let mut content = builder.finish();
            content.find_emotes(shouted);
            let ours = content
                .elements()
                .iter()
                .filter(|e| matches!(e, Element::Emote { metadata, .. } if &*metadata.url == "https://e.example/2"));
            ours.map(|e| (e.value().to_owned(), e.position()[0])).collect::<Vec<_>>()
        };
        let found = |word: &str, at| (word.to_owned(), at);
        assert_eq!(emotes("A b 😀 C", &[]), [found("A", 0), found("C", 7)]);
        assert_eq!(emotes("Ab, A. (A) a", &[]), []);
        assert_eq!(emotes("A\nB  C", &[]), [found("A", 0), found("B", 2), found("C", 5)]);
        assert_eq!(emotes("@whoA B", &[(0..4, false)]), [found("B", 6)], "glued to a mention");
        assert_eq!(emotes("A@who", &[(1..5, false)]), []);
        assert_eq!(emotes("A emoB", &[(2..5, true)]), [found("A", 0), found("B", 5)], "emotes may touch");
    }

    proptest! {
        #[test]
        fn words_that_become_emotes_leave_the_text_as_it_is(
            text in "[AB a😀é\n,]{0,40}",
            ranges in proptest::collection::vec((0usize..40, 0usize..40), 0..4),
        ) {
            let mut builder = ContentBuilder::new(&text);
            for (a, b) in ranges {
                builder.element(a..b, emote);
            }
            let mut content = builder.finish();
            content.find_emotes(shouted);
            let joined: String = content.elements().iter().map(Element::value).collect();
            prop_assert_eq!(joined, text.clone());
            let units: Vec<u16> = text.encode_utf16().collect();
            for e in content.elements() {
                let [from, to] = e.position();
                prop_assert_eq!(String::from_utf16_lossy(&units[from as usize..to as usize]), e.value());
                prop_assert!(from < to);
            }
            let once = content.clone();
            content.find_emotes(shouted);
            prop_assert_eq!(once, content, "a second time finds nothing new");
        }

        #[test]
        fn elements_joined_are_the_text(
            text in any::<String>(),
            ranges in proptest::collection::vec((0usize..40, 0usize..40), 0..8),
        ) {
            let mut builder = ContentBuilder::new(&text);
            for (a, b) in ranges {
                builder.element(a..b, emote);
            }
            let content = builder.finish();
            let joined: String = content.elements().iter().map(Element::value).collect();
            prop_assert_eq!(joined, text.clone());
            let units: Vec<u16> = text.encode_utf16().collect();
            for e in content.elements() {
                let [from, to] = e.position();
                prop_assert_eq!(String::from_utf16_lossy(&units[from as usize..to as usize]), e.value());
            }
        }
    }
}
