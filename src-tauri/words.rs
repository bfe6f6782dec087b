//! The words of the desktop program, in the person's language. They are in `languages/<tag>.json`, part of the program.
//!
//! What goes into the log, to a terminal, or to another program is English.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

/// The languages that there are, by their tags. The first one is spoken where none of them is wanted.
const LANGUAGES: [(&str, &str); 2] =
    [("en", include_str!("languages/en.json")), ("id", include_str!("languages/id.json"))];

/// A language, by its place in [`LANGUAGES`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Language(u8);

/// Spoken by all of the program.
static NOW: AtomicU8 = AtomicU8::new(0);

type Words = BTreeMap<String, String>;

static WORDS: LazyLock<[Words; LANGUAGES.len()]> = LazyLock::new(|| {
    LANGUAGES.map(|(tag, text)| serde_json::from_str(text).unwrap_or_else(|error| panic!("{tag}: {error}")))
});

impl Language {
    /// The first of these tags that there is: `id-ID` is served by `id`.
    pub(crate) fn of<T: AsRef<str>>(wanted: impl IntoIterator<Item = T>) -> Self {
        let find = |tag: T| {
            let base = tag.as_ref().split(['-', '_', '.']).next().unwrap_or_default().to_ascii_lowercase();
            // The old tag of Indonesian.
            let base = if base == "in" { "id" } else { &base };
            LANGUAGES.iter().zip(0..).find(|((tag, _), _)| *tag == base).map(|(_, at)| Self(at))
        };
        wanted.into_iter().find_map(find).unwrap_or_default()
    }

    /// The one that is spoken.
    pub(crate) fn now() -> Self {
        Self(NOW.load(Ordering::Relaxed))
    }

    /// Its tag.
    pub(crate) fn tag(self) -> &'static str {
        LANGUAGES.get(usize::from(self.0)).map_or("en", |(tag, _)| tag)
    }

    /// A sentence in this language. A key that is not there stands for itself; the tests find it.
    pub(crate) fn say(self, key: &'static str) -> &'static str {
        let words = |at: u8| WORDS.get(usize::from(at)).and_then(|words| words.get(key));
        words(self.0).or_else(|| words(0)).map_or(key, String::as_str)
    }
}

/// Speaks the language that is set, or else the system's. Whether it is another one than before.
pub(crate) fn choose(set: Option<&str>) -> bool {
    let language = match set {
        Some(tag) if LANGUAGES.iter().any(|(known, _)| *known == tag) => Language::of([tag]),
        _ => Language::of(sys_locale::get_locales()),
    };
    NOW.swap(language.0, Ordering::Relaxed) != language.0
}

/// A sentence.
pub(crate) fn say(key: &'static str) -> &'static str {
    Language::now().say(key)
}

/// A sentence whose holes, `{{name}}`, are filled. What fills one is not looked into.
pub(crate) fn say_with(key: &'static str, holes: &[(&str, &str)]) -> String {
    fill(say(key), holes)
}

fn fill(sentence: &str, holes: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once("{{")
        && let Some((name, after)) = after.split_once("}}")
    {
        out.push_str(before);
        out.push_str(holes.iter().find(|(hole, _)| *hole == name).map_or("", |(_, text)| text));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::{LANGUAGES, Language, WORDS, fill};

    fn holes(sentence: &str) -> BTreeSet<&str> {
        sentence.split("{{").skip(1).filter_map(|part| part.split_once("}}")).map(|(name, _)| name).collect()
    }

    /// All of our code but this file.
    fn code(folder: &Path) -> String {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files
            .filter(|path| !path.ends_with("words.rs"))
            .map(|path| match path.extension() {
                None => code(&path),
                Some(kind) if kind == "rs" => fs::read_to_string(path).unwrap(),
                Some(_) => String::new(),
            })
            .collect()
    }

    #[test]
    fn every_language_says_what_english_says() {
        for ((tag, _), words) in LANGUAGES.iter().zip(WORDS.iter()) {
            assert!(words.keys().eq(WORDS[0].keys()), "{tag} has other keys");
            for (key, sentence) in words {
                assert!(!sentence.trim().is_empty(), "{tag}: {key}");
                assert_eq!(holes(sentence), holes(&WORDS[0][key]), "{tag}: {key}");
            }
        }
        let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/languages")).unwrap();
        assert_eq!(files.count(), LANGUAGES.len(), "every file is a language");
    }

    #[test]
    fn every_sentence_is_asked_for_and_every_one_asked_for_is_there() {
        let code = code(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri"));
        for key in WORDS[0].keys() {
            assert!(code.contains(&format!("\"{key}\"")), "nobody says {key}");
        }
        for pattern in ["say(\"", "say_with(\""] {
            for (at, _) in code.match_indices(pattern) {
                let key = code[at + pattern.len()..].split('"').next().unwrap();
                assert!(WORDS[0].contains_key(key), "{key} is in no language");
            }
        }
    }

    #[test]
    fn the_first_language_that_is_there_is_spoken() {
        for (wanted, tag) in [
            (vec!["id-ID", "en-US"], "id"),
            (vec!["in_ID.UTF-8"], "id"),
            (vec!["tlh", "id"], "id"),
            (vec!["C"], "en"),
            (vec![], "en"),
        ] {
            assert_eq!(Language::of(&wanted).tag(), tag, "{wanted:?}");
        }
        assert_eq!(Language::of(["id"]).say("tray.quit"), "Keluar dari Polychat");
        assert_eq!(Language::of(["en"]).say("tray.quit"), "Quit Polychat");
    }

    #[test]
    fn holes_are_filled_once() {
        let holes = [("keys", "{{path}}"), ("path", "x")];
        assert_eq!(fill("{{keys}} and {{path}}, {{none}}.", &holes), "{{path}} and x, .");
        assert_eq!(fill("no {{end", &holes), "no {{end");
    }
}
