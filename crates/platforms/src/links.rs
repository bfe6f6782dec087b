//! Addresses in a text: with http(s), or a bare domain that looks like one.

use std::ops::Range;

use url::Url;

/// The endings that make a bare `name.ending` an address: common ones only, so that `ok.so` or `file.txt` stay words.
/// Chosen by hand; sorted.
const ENDINGS: &[&str] = &[
    "ai", "app", "ar", "at", "au", "be", "biz", "blog", "br", "ca", "cc", "ch", "chat", "cl", "click", "cloud", "club",
    "cn", "co", "com", "cz", "de", "dev", "dk", "edu", "es", "eu", "fi", "fm", "fr", "fun", "games", "gg", "gov", "gr",
    "help", "hu", "ie", "il", "info", "io", "jp", "kr", "live", "ly", "mx", "net", "news", "nl", "nz", "online", "org",
    "page", "ph", "pl", "pro", "pt", "ro", "ru", "se", "sh", "shop", "site", "social", "space", "store", "stream",
    "team", "tech", "tk", "to", "top", "tr", "tv", "tw", "ua", "uk", "us", "video", "watch", "website", "wiki", "work",
    "world", "wtf", "xyz", "zone",
];

/// Longer words are no links: bounds the work. Twitch allows 500 characters in a message, TikTok 150.
const MAX_LINK: usize = 2_000;

/// The address in `word` and what to open. Brackets before it and punctuation behind it do not belong to it.
pub(crate) fn find(word: &str) -> Option<(Range<usize>, String)> {
    if word.len() > MAX_LINK || memchr::memchr(b'.', word.as_bytes()).is_none() {
        return None;
    }
    let start = word.len() - word.trim_start_matches(['(', '[', '{', '<', '"', '\'', '*', '_', '~']).len();
    let text = &word[start..];
    let text = &text[..end_of(text)];
    let has_scheme = ["https://", "http://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)));
    if !has_scheme && !is_bare(text) {
        return None;
    }
    let url = if has_scheme { Url::parse(text) } else { Url::parse(&["https://", text].concat()) }.ok()?;
    // A name before the host is a trick: https://bank.example@evil.example.
    let honest = url.username().is_empty() && url.password().is_none();
    let host = url.host_str().unwrap_or_default();
    (honest && host.contains('.') && !host.ends_with('.')).then(|| (start..start + text.len(), url.into()))
}

/// Where the address ends: before punctuation that closes a sentence, and before a bracket that it does not open.
fn end_of(text: &str) -> usize {
    let mut end = text.len();
    while let Some(last) = text[..end].chars().next_back() {
        let belongs = match last {
            '.' | ',' | '!' | '?' | ';' | ':' | '"' | '\'' | '*' | '~' | '>' | '\u{2026}' => false,
            ')' => opened(&text[..end], '(', ')'),
            ']' => opened(&text[..end], '[', ']'),
            '}' => opened(&text[..end], '{', '}'),
            _ => true,
        };
        if belongs {
            break;
        }
        end -= last.len_utf8();
    }
    end
}

fn opened(text: &str, open: char, close: char) -> bool {
    text.matches(open).count() >= text.matches(close).count()
}

/// `name.ending`, perhaps with more names before, perhaps with a port, a path, a query or a fragment.
fn is_bare(text: &str) -> bool {
    let (host, _) = text.split_at(text.find(['/', '?', '#', ':']).unwrap_or(text.len()));
    let Some((names, ending)) = host.rsplit_once('.') else { return false };
    let is_name = |name: &str| {
        !name.is_empty()
            && name.len() <= 63
            && !name.starts_with('-')
            && !name.ends_with('-')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let lower = ending.to_ascii_lowercase();
    ENDINGS.binary_search(&lower.as_str()).is_ok() && names.split('.').all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_sorted_and_lower_case() {
        assert!(ENDINGS.is_sorted() && ENDINGS.iter().all(|e| e.bytes().all(|b| b.is_ascii_lowercase())));
    }

    #[test]
    fn addresses_are_found_without_what_stands_around_them() {
        let cases = [
            ("https://a.example/b?c=d#e", "https://a.example/b?c=d#e", "https://a.example/b?c=d#e"),
            ("(https://a.example/x).", "https://a.example/x", "https://a.example/x"),
            ("https://a.example/x_(y)", "https://a.example/x_(y)", "https://a.example/x_(y)"),
            ("HTTP://A.example", "HTTP://A.example", "http://a.example/"),
            ("twitch.tv/forsen,", "twitch.tv/forsen", "https://twitch.tv/forsen"),
            ("www.google.co.uk", "www.google.co.uk", "https://www.google.co.uk/"),
            ("\"clips.twitch.tv\"!", "clips.twitch.tv", "https://clips.twitch.tv/"),
        ];
        for (word, shown, url) in cases {
            let (range, found) = find(word).expect(word);
            assert_eq!((&word[range], found.as_str()), (shown, url), "{word}");
        }
    }

    #[test]
    fn words_that_only_look_like_addresses_stay_words() {
        for word in [
            "...",
            "a.b",
            "e.g.",
            "3.14",
            "file.txt",
            "v1.2.3",
            "ok...no",
            "me@mail.com",
            "-a.com",
            "a..com",
            ".com",
            "https://",
            "https://nodots",
            "javascript:alert.com",
            "https://bank.com@evil.com",
            "ftp://a.com",
            "lol.xD",
        ] {
            assert!(find(word).is_none(), "{word}: {:?}", find(word));
        }
    }
}
