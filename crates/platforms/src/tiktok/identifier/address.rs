//! Takes the part of an address that names somebody or something. What it may consist of is checked later.

use url::Url;

use super::ShortLink;
use crate::typed::{self, Typed, decoded, query, segments, typed};

/// What a text is, by its form.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// No address: a plain word.
    Word(String),
    /// Names a channel by its handle, without `@`.
    Name(String),
    /// Names a broadcast by its room.
    Room(String),
    /// A short link, by its code.
    Short(ShortLink, String),
    /// On another site.
    OtherSite,
    /// On TikTok, and names neither.
    Nothing,
}

/// Reads `text`, which is trimmed and has no control characters.
pub(super) fn read(text: &str) -> Address {
    let (head, tail) = match typed(text) {
        Typed::Address(url) => return url.map_or(Address::OtherSite, |url| on_site(&url)),
        Typed::Words(head, tail) => (head, tail),
    };
    let name = head.trim_start_matches('@');
    if is_host(name) {
        return if is_tiktok(&name.to_ascii_lowercase()) { Address::Nothing } else { Address::OtherSite };
    }
    let Some(name) = decoded(head) else { return Address::Nothing };
    if tail.is_empty() && !name.starts_with('@') {
        return Address::Word(name);
    }
    // A path without its site: `@name/live`, `name/live`, `t/CODE`.
    let path = text.trim_start_matches('/');
    match Url::parse(&format!("https://www.tiktok.com/{path}")) {
        Ok(url) => on_tiktok(&url, BareName::IsName),
        Err(_) => Address::Nothing,
    }
}

/// Whether a word is certainly a host. Names may have dots in them.
pub(super) fn is_host(word: &str) -> bool {
    typed::is_host(word) || word.to_ascii_lowercase().ends_with(".tiktok.com")
}

fn is_tiktok(host: &str) -> bool {
    host.strip_suffix("tiktok.com").is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
}

fn on_site(url: &Url) -> Address {
    // The parser has lower-cased the host.
    match url.host_str().unwrap_or_default() {
        _ if !matches!(url.scheme(), "http" | "https") => Address::OtherSite,
        "vm.tiktok.com" => short(ShortLink::Vm, url),
        "vt.tiktok.com" => short(ShortLink::Vt, url),
        host if is_tiktok(host) => on_tiktok(url, BareName::IsNothing),
        _ => Address::OtherSite,
    }
}

fn short(place: ShortLink, url: &Url) -> Address {
    let code = segments(url).and_then(|mut parts| parts.next());
    code.map_or(Address::Nothing, |code| match handle(&code) {
        Some(name) => name,
        None => Address::Short(place, code),
    })
}

/// What a name without `@` directly behind the host means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BareName {
    /// Somebody typed a name and left out the site.
    IsName,
    /// It is a page of the site.
    IsNothing,
}

fn on_tiktok(url: &Url, bare: BareName) -> Address {
    let Some(mut parts) = segments(url) else { return Address::Nothing };
    let room = || query(url, "room_id").filter(|id| super::room_id(id).is_some()).map(Address::Room);
    let Some(first) = parts.next() else { return room().unwrap_or(Address::Nothing) };
    if let Some(handle) = handle(&first) {
        return handle;
    }
    let word = first.to_ascii_lowercase();
    let second = parts.next();
    if let Some(place) = ShortLink::ALL.into_iter().find(|place| place.word() == word)
        // Elsewhere `vm` may be a name: `vm/live`.
        && (place == ShortLink::T || bare == BareName::IsName)
        && let Some(code) = second.as_deref().filter(|code| place == ShortLink::T || super::is_code(code))
    {
        return Address::Short(place, code.to_owned());
    }
    let named = match (word.as_str(), second.as_deref()) {
        ("share", Some("live")) => parts.next().map(Address::Room),
        ("live", Some(part)) => handle(part).or(super::room_id(part).map(|_| Address::Room(part.to_owned()))),
        _ => None,
    };
    named.or_else(room).unwrap_or(match second.as_deref() {
        None | Some("live") if bare == BareName::IsName && super::is_drawn_room_id(&first) => Address::Room(first),
        None | Some("live") if bare == BareName::IsName => Address::Name(first),
        _ => Address::Nothing,
    })
}

fn handle(part: &str) -> Option<Address> {
    part.strip_prefix('@').map(|name| Address::Name(name.trim_start_matches('@').to_owned()))
}
