//! From what people paste to a key: a handle, a room id, a short link, or an address that holds one of them.

mod address;
#[cfg(test)]
mod tests;

use polychat_model::{ChannelKey, IdentifierType, InvalidIdentifier, Platform};

use address::Address;

/// The longest text that is looked at, in bytes. Addresses with all their tracking parameters stay far below.
const TYPED_MAX_BYTES: usize = 2_000;

/// How much of what was typed an answer repeats, in characters.
const ECHO_CHARS: usize = 40;

/// The longest handle, in characters. Sign-up ends at 24 (common knowledge, not measured); older ones may be longer.
const NAME_MAX_CHARS: usize = 60;

/// Digits of a room id; all that were recorded have 19.
const ROOM_ID_DIGITS: std::ops::RangeInclusive<usize> = 10..=19;

/// Characters of the code of a short link; those seen have 9.
const CODE_CHARS: std::ops::RangeInclusive<usize> = 5..=32;

/// The key of `typed`. What the text clearly is decides its kind: an address of a channel, `@name` and a plain word are a
/// [`IdentifierType::Username`]; a room id (19 digits that begin with 6 or 7, or any when it is asked for as one) is a
/// [`IdentifierType::LiveId`].
///
/// A username is spelt without `@`, in lower case. TikTok has no ids of channels that could be read, so a word asked for
/// as a [`IdentifierType::ChannelId`] is refused.
///
/// **A short link** names somebody only once it is followed, which is not done here. Its key is a username of the form
/// `t/CODE`, `vm/CODE` or `vt/CODE`, after the place where it is kept; [`short_link`] tells it from a name. The letters of
/// the code keep their case.
///
/// Nothing that passes can inject anything upstream: a name consists of `[a-z0-9_.]` with at least one letter, digit or
/// `_`, so that it is no step in a path; a code of `[A-Za-z0-9]`; a room id of digits.
///
/// # Errors
/// A sentence for people.
pub fn key(identifier_type: IdentifierType, typed: &str) -> Result<ChannelKey, InvalidIdentifier> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(InvalidIdentifier("Type a TikTok name, room id or address.".to_owned()));
    }
    if text.len() > TYPED_MAX_BYTES {
        return Err(refusal(typed, "is too long for a TikTok name or address"));
    }
    if text.contains(char::is_control) {
        return Err(refusal(typed, "is no TikTok name or address"));
    }
    match address::read(text) {
        Address::Room(id) => match room_id(&id) {
            Some(_) => Ok(new(IdentifierType::LiveId, &id)),
            None => Err(refusal(typed, NOT_A_ROOM_ID)),
        },
        Address::Short(place, code) if is_code(&code) => {
            Ok(new(IdentifierType::Username, &format!("{}/{code}", place.word())))
        }
        Address::Short(..) => Err(refusal(typed, "is no short link of TikTok")),
        Address::Name(name) => username(typed, &name),
        Address::OtherSite => Err(refusal(typed, "is not an address on tiktok.com")),
        Address::Nothing => Err(refusal(typed, "names no channel on TikTok")),
        Address::Word(word) if is_drawn_room_id(&word) => Ok(new(IdentifierType::LiveId, &word)),
        Address::Word(word) => match identifier_type {
            IdentifierType::Username => username(typed, &word),
            IdentifierType::LiveId if room_id(&word).is_some() => Ok(new(IdentifierType::LiveId, &word)),
            IdentifierType::LiveId => Err(refusal(typed, NOT_A_ROOM_ID)),
            IdentifierType::ChannelId => {
                Err(refusal(typed, "is no channel id: TikTok has none that can be read. Type the name of the channel"))
            }
        },
    }
}

const NOT_A_ROOM_ID: &str = "is no room id of TikTok: it has 19 digits";

/// Where a short link is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortLink {
    /// `www.tiktok.com/t/CODE`.
    T,
    /// `vm.tiktok.com/CODE`.
    Vm,
    /// `vt.tiktok.com/CODE`.
    Vt,
}

impl ShortLink {
    const ALL: [Self; 3] = [Self::T, Self::Vm, Self::Vt];

    /// What stands before the code in a key.
    pub fn word(self) -> &'static str {
        match self {
            Self::T => "t",
            Self::Vm => "vm",
            Self::Vt => "vt",
        }
    }
}

/// The place and the code of a key that is a short link.
pub fn short_link(key: &ChannelKey) -> Option<(ShortLink, &str)> {
    let (word, code) = key.identifier.split_once('/')?;
    let place = ShortLink::ALL.into_iter().find(|place| place.word() == word)?;
    (key.identifier_type == IdentifierType::Username && is_code(code)).then_some((place, code))
}

/// The room that `text` names by its id, which is never 0.
pub fn room_id(text: &str) -> Option<u64> {
    let digits = ROOM_ID_DIGITS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits && !text.starts_with('0'))
}

/// Whether `text` is a room id beyond doubt: such digits are nobody's name.
fn is_drawn_room_id(text: &str) -> bool {
    text.len() == *ROOM_ID_DIGITS.end() && text.starts_with(['6', '7']) && room_id(text).is_some()
}

/// Whether `text` could be somebody's handle, in any case of letters.
pub(super) fn is_name(text: &str) -> bool {
    (1..=NAME_MAX_CHARS).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
        && text.bytes().any(|b| b != b'.')
}

fn is_code(text: &str) -> bool {
    CODE_CHARS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn username(typed: &str, name: &str) -> Result<ChannelKey, InvalidIdentifier> {
    let name = name.to_ascii_lowercase();
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')) {
        return Err(refusal(typed, "is no TikTok name: only letters, digits, _ and . may be in it"));
    }
    if name.bytes().all(|b| b == b'.') {
        return Err(refusal(typed, "is no TikTok name: it needs a letter or a digit"));
    }
    if name.len() > NAME_MAX_CHARS {
        return Err(refusal(typed, "is too long for a TikTok name: it has at most 24 characters"));
    }
    // Their keys would be read as something else when they are typed again.
    if address::is_host(&name) {
        return Err(refusal(typed, "reads like the address of a site"));
    }
    if is_drawn_room_id(&name) {
        return Err(refusal(typed, "is no TikTok name but a room id: type it without @"));
    }
    Ok(new(IdentifierType::Username, &name))
}

fn new(identifier_type: IdentifierType, identifier: &str) -> ChannelKey {
    ChannelKey::new(Platform::Tiktok, identifier_type, identifier)
}

fn refusal(typed: &str, what: &str) -> InvalidIdentifier {
    let shown: String = typed.trim().chars().filter(|c| !c.is_control()).take(ECHO_CHARS).collect();
    InvalidIdentifier(format!("\u{201c}{shown}\u{201d} {what}."))
}
