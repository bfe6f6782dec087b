//! Words as the index has them.
//!
//! SQLite's own splitter takes a run of Chinese, Japanese or Thai for one word. So each letter of scripts without spaces is a word
//! of its own here, in the index and in what is searched alike, and a run of them is a phrase.

use polychat_model::Platform;
use polychat_model::history::HistoryKind;

/// More words are not searched for: every one of them narrows, and nobody types more.
const WORDS: usize = 16;

/// The text for the index.
pub(super) fn indexed(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        // A word never holds it: it is ours.
        if is_alone(letter) {
            out.push(' ');
            out.push(letter);
            out.push(' ');
        } else {
            out.push(letter);
        }
    }
    out
}

/// What finds texts with all these words, or `None` if there are none. The last word may be a beginning.
pub(super) fn query(typed: &str) -> Option<String> {
    let mut out = String::new();
    for word in typed.split(|letter: char| letter.is_whitespace() || letter.is_control()).take(WORDS) {
        let spaced = indexed(word);
        if !spaced.chars().any(char::is_alphanumeric) {
            continue;
        }
        if !out.is_empty() {
            out.push_str(" AND ");
        }
        out.push('"');
        // Within quotes nothing has a meaning but quotes.
        out.push_str(spaced.replace('"', " ").trim());
        out.push_str("\" *");
    }
    (!out.is_empty()).then(|| format!("{{text name}} : ({out})"))
}

/// Letters of scripts that put no spaces between words, and emoji, which are words by themselves.
fn is_alone(letter: char) -> bool {
    matches!(u32::from(letter),
        0x0E00..=0x0EFF // Thai, Lao
        | 0x1000..=0x109F // Myanmar
        | 0x1780..=0x17FF // Khmer
        | 0x3040..=0x30FF // kana
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF // ideographs
        | 0x20000..=0x323AF // more of them
    )
}

/// A word of the index that stands for a property. Nobody can search for it as text: it is in a column of its own.
pub(super) fn platform_tag(platform: Platform) -> String {
    format!("p{}", platform.as_str())
}

/// See [`platform_tag`].
pub(super) fn kind_tag(kind: HistoryKind) -> &'static str {
    match kind {
        HistoryKind::Chat => "kchat",
        HistoryKind::Paid => "kpaid",
        HistoryKind::Event => "kevent",
    }
}

/// See [`platform_tag`]. Of rows of our own tables.
pub(super) fn row_tag(what: char, row: i64) -> String {
    format!("{what}{row}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_scripts_without_spaces_are_words() {
        assert_eq!(indexed("hello 新しい"), "hello  新  し  い ");
        assert_eq!(query("新しい hell").unwrap_or_default(), "{text name} : (\"新  し  い\" * AND \"hell\" *)");
    }

    #[test]
    fn what_is_typed_has_no_meaning_but_its_words() {
        for (typed, wanted) in [
            ("a\"b", Some("{text name} : (\"a b\" *)")),
            ("NOT x:y", Some("{text name} : (\"NOT\" * AND \"x:y\" *)")),
            ("  -- ** ()  ", None),
            ("", None),
        ] {
            assert_eq!(query(typed).as_deref(), wanted, "{typed}");
        }
        assert_eq!(query(&"a ".repeat(1_000)).unwrap_or_default().matches("AND").count(), WORDS - 1);
    }
}
