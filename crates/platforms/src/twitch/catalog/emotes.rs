//! Third-party emotes: words that are pictures in this channel.

use std::collections::HashMap;
use std::sync::Arc;

/// The picture of a third-party emote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmoteRef {
    /// Its picture (https).
    pub url: Arc<str>,
}

/// The third-party emotes of one channel, of every provider, merged. Names are exact and case-sensitive.
#[derive(Debug, Clone, Default)]
pub struct EmoteTable {
    words: HashMap<Box<str>, EmoteRef>,
}

impl EmoteTable {
    /// A table of `(word, emote)`. The first of equal words counts: put the preferred provider first.
    pub fn new(emotes: impl IntoIterator<Item = (String, EmoteRef)>) -> Self {
        let mut words = HashMap::new();
        for (word, emote) in emotes {
            words.entry(word.into()).or_insert(emote);
        }
        Self { words }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The emote that `word` is.
    pub fn get(&self, word: &str) -> Option<&EmoteRef> {
        self.words.get(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_provider_wins_and_case_counts() {
        let emote = |url: &str| EmoteRef { url: url.into() };
        let table = EmoteTable::new([("OMEGALUL".to_owned(), emote("a")), ("OMEGALUL".to_owned(), emote("b"))]);
        assert_eq!(table.get("OMEGALUL"), Some(&emote("a")));
        assert_eq!(table.get("omegalul"), None);
    }
}
