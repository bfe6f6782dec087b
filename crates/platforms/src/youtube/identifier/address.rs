//! Takes the part of an address that names somebody or something. What it may consist of is checked later.

use url::Url;

pub(super) use crate::typed::is_host;
use crate::typed::{Typed, decoded, query, segments, typed};

/// What a text is, by its form.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// No address: a plain word.
    Word(String),
    /// Names a video by its id.
    Video(String),
    /// Names a channel by its id.
    Channel(String),
    /// Names a channel by its handle, without `@`.
    Handle(String),
    /// Names a channel by an old name: `c/` or `user/`, and the name.
    Legacy(&'static str, String),
    /// On another site.
    OtherSite,
    /// On YouTube, and names neither.
    Nothing,
}

/// First steps of paths on youtube.com where a legacy name could stand, that are pages of the site itself.
const PAGES: [&str; 42] = [
    "about",
    "account",
    "ads",
    "api",
    "attribution_link",
    "channels",
    "clip",
    "creators",
    "error",
    "feed",
    "gaming",
    "hashtag",
    "howyoutubeworks",
    "iframe_api",
    "img",
    "intl",
    "kids",
    "logout",
    "movies",
    "music",
    "new",
    "oops",
    "paid_memberships",
    "playlist",
    "post",
    "premium",
    "profile",
    "redirect",
    "reporthistory",
    "results",
    "s",
    "shopping",
    "signin",
    "source",
    "sports",
    "studio",
    "t",
    "trending",
    "upload",
    "verify_age",
    "youtubei",
    "yts",
];

/// Reads `text`, which is trimmed and has no control characters.
pub(super) fn read(text: &str) -> Address {
    let (head, tail) = match typed(text) {
        Typed::Address(url) => return url.map_or(Address::OtherSite, |url| on_site(&url)),
        Typed::Words(head, tail) => (head, tail),
    };
    if is_host(head.trim_start_matches('@')) {
        return if is_youtube(&head.to_ascii_lowercase()) { Address::Nothing } else { Address::OtherSite };
    }
    if tail.is_empty() && !head.starts_with('@') {
        return decoded(head).map_or(Address::Nothing, Address::Word);
    }
    // A path without its site: `@name/live`, `/channel/UC…`, `c/name`, `watch?v=…`.
    let path = text.trim_start_matches('/');
    match Url::parse(&format!("https://www.youtube.com/{path}")) {
        Ok(url) => on_youtube(&url, RootName::IsNothing),
        Err(_) => Address::Nothing,
    }
}

fn is_youtube(host: &str) -> bool {
    let site = ["www.", "m.", "music.", "gaming.", "studio."].iter().find_map(|sub| host.strip_prefix(sub));
    matches!(site.unwrap_or(host), "youtube.com" | "youtube-nocookie.com")
}

fn on_site(url: &Url) -> Address {
    // The parser has lower-cased the host.
    match url.host_str().unwrap_or_default() {
        _ if !matches!(url.scheme(), "http" | "https") => Address::OtherSite,
        "youtu.be" | "www.youtu.be" => {
            segments(url).and_then(|mut s| s.next()).map_or(Address::Nothing, Address::Video)
        }
        host if is_youtube(host) => on_youtube(url, RootName::IsLegacy),
        _ => Address::OtherSite,
    }
}

/// What a name directly behind the host means.
#[derive(Clone, Copy)]
enum RootName {
    /// `youtube.com/name` is the old form of `youtube.com/c/name`.
    IsLegacy,
    /// Without a host in front it is too little to go by.
    IsNothing,
}

fn on_youtube(url: &Url, root: RootName) -> Address {
    let Some(mut parts) = segments(url) else { return Address::Nothing };
    let Some(first) = parts.next() else {
        return query(url, "v").map_or(Address::Nothing, Address::Video);
    };
    if let Some(handle) = handle(&first) {
        return handle;
    }
    let found = match first.to_ascii_lowercase().as_str() {
        "watch" | "live_chat" | "live_chat_replay" | "watch_popup" => {
            query(url, "v").or_else(|| parts.next()).map(Address::Video)
        }
        "embed" if parts.clone().next().as_deref() == Some("live_stream") => {
            query(url, "channel").map(Address::Channel)
        }
        "embed" | "live" | "shorts" | "v" | "e" | "video" => parts.next().map(Address::Video),
        "channel" => parts.next().map(Address::Channel),
        "c" => parts.next().map(|name| handle(&name).unwrap_or(Address::Legacy("c/", name))),
        "user" => parts.next().map(|name| handle(&name).unwrap_or(Address::Legacy("user/", name))),
        name if PAGES.contains(&name) => None,
        _ => match root {
            RootName::IsLegacy => Some(Address::Legacy("c/", first)),
            RootName::IsNothing => None,
        },
    };
    found.unwrap_or(Address::Nothing)
}

fn handle(part: &str) -> Option<Address> {
    part.strip_prefix('@').map(|name| Address::Handle(name.trim_start_matches('@').to_owned()))
}
