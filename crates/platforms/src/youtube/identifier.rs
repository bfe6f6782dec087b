//! From what people paste to a key: a handle, a channel id, a video id, or an address that holds one of them.

mod address;
mod name;
#[cfg(test)]
mod tests;

use polychat_model::{ChannelKey, IdentifierType, InvalidIdentifier, Platform};

use address::Address;

/// The longest text that is looked at, in bytes. Addresses with all their tracking parameters stay far below.
const TYPED_MAX_BYTES: usize = 2_000;

/// How much of what was typed an answer repeats, in characters.
const ECHO_CHARS: usize = 40;

/// Characters of a video id.
const VIDEO_ID_LEN: usize = 11;
/// Characters of a channel id, `UC` included.
const CHANNEL_ID_LEN: usize = 24;

/// The key of `typed`. What the text clearly is decides its kind: an address with a video is a [`IdentifierType::LiveId`],
/// `UC…` is a [`IdentifierType::ChannelId`], `@…` is a [`IdentifierType::Username`]; only of a plain word
/// `identifier_type` decides.
///
/// A username is spelt without `@`, in lower case (Unicode, NFC); the legacy names of `youtube.com/c/name` and
/// `youtube.com/user/name` are spelt `c/name` and `user/name`. The letters of ids mean something and stay.
///
/// **A plain word of 11 characters** may be a handle or a video id. Asked for as a username it is a handle; a connector that
/// finds no such handle tries it as a video ([`is_video_id`]). So a word that looks like a drawn id keeps its spelling,
/// which does not matter to YouTube for a handle; `@` in front makes it a handle in lower case.
///
/// Nothing that passes can inject anything upstream: an id consists of `[A-Za-z0-9_-]`; a name of letters and marks of any
/// script, digits and `_-.·`, with at least one letter or digit, so that it is no step in a path.
///
/// # Errors
/// A sentence for people.
pub fn key(identifier_type: IdentifierType, typed: &str) -> Result<ChannelKey, InvalidIdentifier> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(InvalidIdentifier("Type a YouTube handle, channel id, video id or address.".to_owned()));
    }
    if text.len() > TYPED_MAX_BYTES {
        return Err(refusal(typed, "is too long for a YouTube name or address"));
    }
    if text.contains(char::is_control) {
        return Err(refusal(typed, "is no YouTube name or address"));
    }
    match address::read(text) {
        Address::Video(id) if is_video_id(&id) => Ok(new(IdentifierType::LiveId, &id)),
        Address::Video(_) => Err(refusal(typed, "names no video: a video id has 11 letters, digits, - or _")),
        Address::Channel(id) if is_channel_id(&id) => Ok(new(IdentifierType::ChannelId, &id)),
        Address::Channel(_) => Err(refusal(typed, NOT_A_CHANNEL_ID)),
        Address::Handle(name) => username(typed, "", &name),
        Address::Legacy(kind, name) => username(typed, kind, &name),
        Address::OtherSite => Err(refusal(typed, "is not an address on youtube.com")),
        Address::Nothing => Err(refusal(typed, "names no channel and no video on YouTube")),
        Address::Word(word) if is_channel_id(&word) => Ok(new(IdentifierType::ChannelId, &word)),
        Address::Word(word) => match identifier_type {
            IdentifierType::LiveId if is_video_id(&word) => Ok(new(IdentifierType::LiveId, &word)),
            IdentifierType::LiveId => {
                Err(refusal(typed, "is no video id: it has 11 letters, digits, - or _, as after watch?v="))
            }
            IdentifierType::ChannelId => Err(refusal(typed, NOT_A_CHANNEL_ID)),
            IdentifierType::Username if is_video_id(&word) && looks_drawn(&word) => {
                // The same check as for any name: a word of dashes only is none.
                username(typed, "", &word).map(|_| new(IdentifierType::Username, &word))
            }
            IdentifierType::Username => username(typed, "", &word),
        },
    }
}

const NOT_A_CHANNEL_ID: &str = "is no channel id: it begins with UC and has 24 letters, digits, - or _";

/// Whether `text` has the form of a video id.
pub fn is_video_id(text: &str) -> bool {
    text.len() == VIDEO_ID_LEN && text.bytes().all(is_id_byte)
}

/// Whether `text` has the form of a channel id.
pub fn is_channel_id(text: &str) -> bool {
    text.len() == CHANNEL_ID_LEN && text.starts_with("UC") && text.bytes().all(is_id_byte)
}

fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Whether a word of 11 characters reads like a random id rather than like a name: it mixes kinds of characters.
///
/// Counts the changes between capitals, small letters, digits and signs; a capital that begins a word is one change, not
/// two. Names have one or two (`JackStreams`, `MrBeast6000`); 92 of 100 random ids have three or more.
fn looks_drawn(word: &str) -> bool {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Capital,
        Small,
        Digit,
        Sign,
    }
    let kind = |byte: u8| match byte {
        b'A'..=b'Z' => Kind::Capital,
        b'a'..=b'z' => Kind::Small,
        b'0'..=b'9' => Kind::Digit,
        _ => Kind::Sign,
    };
    let changes = word.as_bytes().windows(2).filter(|pair| {
        let (a, b) = (kind(pair[0]), kind(pair[1]));
        a != b && (a, b) != (Kind::Capital, Kind::Small)
    });
    changes.count() >= 3 && word.bytes().any(|b| b.is_ascii_uppercase())
}

fn username(typed: &str, kind: &str, name: &str) -> Result<ChannelKey, InvalidIdentifier> {
    let name = name::canonical(name).map_err(|what| refusal(typed, what))?;
    // Its key would read as an address when it is typed again.
    if kind.is_empty() && address::is_host(&name) {
        return Err(refusal(typed, "reads like the address of a site"));
    }
    Ok(new(IdentifierType::Username, &format!("{kind}{name}")))
}

fn new(identifier_type: IdentifierType, identifier: &str) -> ChannelKey {
    ChannelKey::new(Platform::Youtube, identifier_type, identifier)
}

fn refusal(typed: &str, what: &str) -> InvalidIdentifier {
    let shown: String = typed.trim().chars().filter(|c| !c.is_control()).take(ECHO_CHARS).collect();
    InvalidIdentifier(format!("\u{201c}{shown}\u{201d} {what}."))
}
