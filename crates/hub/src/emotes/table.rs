//! Emotes by their words: what a message's words are looked up in.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use polychat_model::{Content, EmoteMetadata, EmoteStyle};
use serde::{Deserialize, Serialize};

/// Longest word of an emote in bytes. 7TV allows 100 characters, the others fewer.
const WORD_MAX_BYTES: usize = 100;
/// Longest address of a picture in bytes. The longest recorded one has 74.
const URL_MAX_BYTES: usize = 300;
/// Most emotes of one list. 7TV's largest sets have some 2,000 (2026); the rest is room.
pub(super) const LIST_MAX: usize = 10_000;

/// One emote of one list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Emote {
    /// The word that people write.
    pub(super) word: Box<str>,
    /// The provider's id. Live updates name it.
    pub(super) id: Box<str>,
    /// Its picture (https).
    pub(super) url: Arc<str>,
    /// Drawn over the emote before it.
    #[serde(default)]
    pub(super) zero_width: bool,
}

impl Emote {
    /// An emote of these parts, if they can be ones: a word without spaces, an https address, all of bounded length.
    pub(super) fn new(word: &str, id: &str, url: &str, zero_width: bool) -> Option<Self> {
        let url = if url.starts_with("//") { format!("https:{url}").into() } else { Arc::from(url) };
        let emote = Self { word: word.into(), id: id.into(), url, zero_width };
        emote.is_sound().then_some(emote)
    }

    /// Whether its parts are what [`Emote::new`] lets pass: a file on disk may say anything.
    pub(super) fn is_sound(&self) -> bool {
        let is_word = |c: char| !c.is_whitespace() && !c.is_control();
        let is_part_of_url = |b: u8| b.is_ascii_graphic() && !b"\"'<>\\`".contains(&b);
        (1..=WORD_MAX_BYTES).contains(&self.word.len())
            && self.word.chars().all(is_word)
            && self.id.len() <= WORD_MAX_BYTES
            && self.url.len() <= URL_MAX_BYTES
            && self.url.starts_with("https://")
            && self.url.bytes().all(is_part_of_url)
    }
}

/// All emotes of one place, merged. Never changed: a new one takes its place.
#[derive(Debug, Default)]
pub struct EmoteTable {
    emotes: HashMap<Box<str>, Picture, RandomState>,
}

#[derive(Debug)]
struct Picture {
    url: Arc<str>,
    zero_width: bool,
}

impl EmoteTable {
    /// A table of words and the addresses of their pictures (https); what cannot be an emote is left out.
    pub fn new<'a>(emotes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let emotes: Vec<_> = emotes.into_iter().filter_map(|(word, url)| Emote::new(word, "", url, false)).collect();
        Self::merge([&emotes[..]])
    }

    /// Makes the words of a message emotes that are in this table, or else in that of everybody.
    pub fn find_in(&self, everybodys: &Self, content: &mut Content) {
        content.find_emotes(|word| self.get(word).or_else(|| everybodys.get(word)));
    }

    /// Merges lists; of two emotes with the same word the first one counts.
    pub(super) fn merge<'a>(lists: impl IntoIterator<Item = &'a [Emote]>) -> Self {
        let mut emotes = HashMap::default();
        for emote in lists.into_iter().flatten() {
            let picture = || Picture { url: emote.url.clone(), zero_width: emote.zero_width };
            emotes.entry(emote.word.clone()).or_insert_with(picture);
        }
        Self { emotes }
    }

    pub(super) fn len(&self) -> usize {
        self.emotes.len()
    }

    /// The emote that is written as `word`, exactly.
    pub(super) fn get(&self, word: &str) -> Option<EmoteMetadata> {
        if self.emotes.is_empty() || word.len() > WORD_MAX_BYTES {
            return None;
        }
        self.emotes.get(word).map(|picture| EmoteMetadata {
            url: picture.url.clone(),
            alt: word.to_owned(),
            is_custom: true,
            style: picture.zero_width.then_some(EmoteStyle::ZeroWidth),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emote(word: &str, url: &str) -> Option<Emote> {
        Emote::new(word, "1", url, false)
    }

    #[test]
    fn the_first_of_two_emotes_with_the_same_word_counts() {
        let (a, b) = (emote("Pog", "https://a.example/1").unwrap(), emote("Pog", "https://b.example/1").unwrap());
        let table = EmoteTable::merge([&[a][..], &[b][..]]);
        assert_eq!(&*table.get("Pog").unwrap().url, "https://a.example/1");
        assert_eq!((table.len(), table.get("pog"), table.get("Pog ")), (1, None, None));
    }

    #[test]
    fn what_cannot_be_an_emote_is_none() {
        let long = "x".repeat(1_000);
        for word in ["", "two words", "a\u{0}b", "a\u{3000}b", &long] {
            assert_eq!(emote(word, "https://a.example/1"), None, "{word:?}");
        }
        for url in ["", "http://a.example/1", "javascript:alert(1)", "https://a.example/\"x", "https://a b", &long] {
            assert_eq!(emote("Pog", url), None, "{url:?}");
        }
        assert_eq!(&*emote("Pog", "//a.example/1").unwrap().url, "https://a.example/1");
    }
}
