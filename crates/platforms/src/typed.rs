//! What people type to name a channel: an address of a site, or words. What it may consist of is checked later.

use percent_encoding::percent_decode_str;
use url::Url;

/// What a text is, by its form.
#[derive(Debug)]
pub(crate) enum Typed<'a> {
    /// An address with a site in it; `None` if it cannot be one.
    Address(Option<Url>),
    /// Anything else: up to its first `/`, `?` or `#`, and from there on.
    Words(&'a str, &'a str),
}

/// Sites that people mix up with names when they are typed without a path. Any other word with a dot may be a name.
const SITES: [&str; 8] =
    ["youtube.com", "youtu.be", "tiktok.com", "twitch.tv", "kick.com", "facebook.com", "twitter.com", "x.com"];

/// Tells an address from words. `text` is trimmed and has no control characters.
pub(crate) fn typed(text: &str) -> Typed<'_> {
    let has_scheme = text.contains("://") || text.starts_with("//");
    let (head, tail) = text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()));
    let looks_like_host = head.contains('.') && !head.starts_with('@');
    if !has_scheme && (!looks_like_host || tail.is_empty()) {
        return Typed::Words(head, tail);
    }
    let whole = match text.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None if has_scheme => text.to_owned(),
        None => format!("https://{text}"),
    };
    Typed::Address(Url::parse(&whole).ok())
}

/// Whether a word is certainly a host. Names may have dots in them.
pub(crate) fn is_host(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.starts_with("www.") || SITES.iter().any(|site| word == *site || word.strip_prefix("m.") == Some(site))
}

/// The steps of the path, decoded. `None` if one of them is not UTF-8.
pub(crate) fn segments(url: &Url) -> Option<impl Iterator<Item = String> + Clone> {
    let parts: Vec<String> =
        url.path_segments()?.filter(|part| !part.is_empty()).map(decoded).collect::<Option<_>>()?;
    Some(parts.into_iter())
}

/// A part of an address without its `%`. `None` if it is not UTF-8.
pub(crate) fn decoded(part: &str) -> Option<String> {
    percent_decode_str(part).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// The first parameter of this name.
pub(crate) fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
