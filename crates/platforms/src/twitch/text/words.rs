//! Words between pictures: cheermotes, third-party emotes, mentions, links.

use std::ops::Range;

use polychat_model::{CheerMetadata, ContentBuilder, Element, EmoteMetadata, LinkMetadata, MentionMetadata};

use crate::links;
use crate::twitch::catalog::Lookups;

/// The longest name that is a mention, in characters: display names are as long as logins.
const MAX_NAME: usize = 25;

pub(super) struct Words<'a> {
    lookups: &'a Lookups,
    has_emotes: bool,
    /// Bits that no cheermote has accounted for yet.
    bits_left: u32,
}

impl<'a> Words<'a> {
    pub(super) fn new(lookups: &'a Lookups, bits: Option<u32>) -> Self {
        Self { lookups, has_emotes: !lookups.emotes.is_empty(), bits_left: bits.unwrap_or(0) }
    }

    /// Reads the words of `text` up to the byte `end`. Words are what stands between single spaces.
    pub(super) fn read(&mut self, builder: &mut ContentBuilder<'_>, text: &str, end: usize) {
        let mut start = builder.position();
        // Most texts hold nothing that a look at each word could find.
        let segment = text.as_bytes().get(start..end).unwrap_or_default();
        let has_marks = memchr::memchr2(b'@', b'.', segment).is_some();
        if !has_marks && !self.has_emotes && self.bits_left == 0 {
            start = end;
        }
        while start < end {
            let stop = memchr::memchr(b' ', &text.as_bytes()[start..end]).map_or(end, |at| start + at);
            if start < stop {
                self.word(builder, &text[start..stop], start, has_marks);
            }
            start = stop + 1;
        }
        builder.text_to(end);
    }

    fn word(&mut self, builder: &mut ContentBuilder<'_>, word: &str, start: usize, has_marks: bool) {
        let whole = start..start + word.len();
        if self.bits_left > 0
            && let Some((bits, tier)) = self.lookups.cheermotes.read(word)
            && bits <= self.bits_left
        {
            self.bits_left -= bits;
            builder.element(whole, |value, position| {
                let metadata =
                    CheerMetadata { url: tier.url.clone(), alt: value.clone(), bits, color: tier.color.to_string() };
                Element::Cheer { value, position, metadata }
            });
        } else if self.has_emotes
            && let Some(emote) = self.lookups.emotes.get(word)
        {
            builder.element(whole, |value, position| {
                let metadata =
                    EmoteMetadata { url: emote.url.clone(), alt: value.clone(), is_custom: true, style: None };
                Element::Emote { value, position, metadata }
            });
        } else if has_marks && let Some(range) = mention(word) {
            builder.element(shifted(range, start), |value, position| {
                let metadata = MentionMetadata { username: value[1..].to_owned() };
                Element::Mention { value, position, metadata }
            });
        } else if has_marks && let Some((range, url)) = links::find(word) {
            builder.element(shifted(range, start), |value, position| {
                let metadata = LinkMetadata { url };
                Element::Link { value, position, metadata }
            });
        }
    }
}

fn shifted(range: Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

/// `@name` at the beginning of a word, perhaps after an opening bracket or quote, perhaps with punctuation behind it.
fn mention(word: &str) -> Option<Range<usize>> {
    let start = word.len() - word.trim_start_matches(['(', '[', '"', '\'']).len();
    let name = word[start..].strip_prefix('@')?;
    let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
    let (name, after) = name.split_at(end);
    let is_address =
        after.starts_with('@') || after.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    ((1..=MAX_NAME).contains(&name.chars().count()) && !is_address).then_some(start..start + 1 + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_ends_where_the_name_ends() {
        let found = |word: &'static str| mention(word).map(|range| &word[range]);
        assert_eq!(found("@ann"), Some("@ann"));
        assert_eq!(found("(@Ann_1),"), Some("@Ann_1"));
        assert_eq!(found("@ann's"), Some("@ann"));
        assert_eq!(found("@\u{65e5}\u{672c}"), Some("@\u{65e5}\u{672c}"));
        for word in ["@", "a@b", "@@", "@a@b", "@ann.example", "@abcdefghijklmnopqrstuvwxyz"] {
            assert_eq!(found(word), None, "{word}");
        }
    }
}
