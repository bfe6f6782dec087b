//! Continuation tokens: which chat one belongs to, which view it selects, and the same token for all messages.
//!
//! A token is protobuf in base64. The start token of a page selects **Top chat**, which leaves messages out; YouTube's own
//! token for **Live chat**, which has them all, differs in one byte (seen in pairs of 2021 and 2023).

use std::ops::Range;

use base64::Engine as _;

use super::identifier::{is_channel_id, is_video_id};
use super::wire;

/// The longest token that is looked into, in bytes. Recorded ones have 32 to 346.
pub const TOKEN_MAX_BYTES: usize = 8 * 1024;

/// A token this short cannot name a chat: the stubs that menus have held since October 2025 have 32 characters, and the
/// shortest real one that was recorded has 136.
const SHORT_BYTES: usize = 60;

/// The field around a live token, and the one in it that holds the chat type.
const LIVE: (u64, u64) = (119_693_434, 16);
/// The same of a replay.
const REPLAY: (u64, u64) = (156_074_452, 14);
/// The field with the text that names channel and video, in both kinds.
const TARGET: u64 = 3;

/// Whether a token reads a running chat or the replay of an ended one. They have different endpoints, and each refuses the
/// tokens of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// For `get_live_chat`.
    Live,
    /// For `get_live_chat_replay`.
    Replay,
}

/// Which messages a token asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatType {
    /// Top chat: some messages are left out.
    Top,
    /// Live chat: every message.
    All,
    /// A value that was never seen.
    Other(u64),
}

const TOP: u8 = 4;
const ALL: u8 = 1;

/// The same token for all messages, with its padding as it was. A token that asks for all of them already is returned as it
/// is; `None` if it cannot be read, so that another way has to be found.
pub fn all_messages(token: &str) -> Option<String> {
    let mut read = Token::read(token)?;
    let at = match read.chat_type()? {
        (ChatType::All, _) => return Some(token.to_owned()),
        (ChatType::Top, at) => at,
        (ChatType::Other(_), _) => return None,
    };
    // Both values take one byte, so nothing moves.
    *read.bytes.get_mut(at)? = ALL;
    let (_, padding) = wire::split_padding(token)?;
    Some(wire::BASE64.encode(&read.bytes) + padding)
}

/// Which messages `token` asks for.
pub fn chat_type(token: &str) -> Option<ChatType> {
    Some(Token::read(token)?.chat_type()?.0)
}

/// What `token` is for.
pub fn kind(token: &str) -> Option<TokenKind> {
    Some(Token::read(token)?.kind)
}

/// The video whose chat `token` reads.
pub fn video_id(token: &str) -> Option<String> {
    let target = Token::read(token)?.target()?;
    let all = 0..target.len();
    let context = wire::message(&target, all.clone(), 3).and_then(|m| wire::message(&target, m, 48_687_757));
    let named = context.and_then(|m| wire::message(&target, m, 1));
    let named = named.or_else(|| wire::message(&target, room(&target)?, 2));
    text(&target, named?).filter(|id| is_video_id(id))
}

/// The channel whose chat `token` reads.
pub fn channel_id(token: &str) -> Option<String> {
    let target = Token::read(token)?.target()?;
    let named = wire::message(&target, room(&target)?, 1)?;
    text(&target, named).filter(|id| is_channel_id(id))
}

/// Whether `token` names no chat, as the ones in the menus of watch pages since October 2025. YouTube answers them with 400.
pub fn is_stub(token: &str) -> bool {
    match Token::read(token) {
        Some(read) => wire::message(&read.bytes, read.inside.clone(), TARGET).is_none_or(|target| target.is_empty()),
        None => token.len() <= SHORT_BYTES,
    }
}

/// `{1: {5: {1: channel id, 2: video id}}}`, the inner one.
fn room(target: &[u8]) -> Option<Range<usize>> {
    wire::message(target, wire::message(target, 0..target.len(), 1)?, 5)
}

fn text(bytes: &[u8], range: Range<usize>) -> Option<String> {
    std::str::from_utf8(bytes.get(range)?).ok().map(str::to_owned)
}

struct Token {
    bytes: Vec<u8>,
    kind: TokenKind,
    /// The message within the outer field.
    inside: Range<usize>,
}

impl Token {
    fn read(token: &str) -> Option<Self> {
        if token.len() > TOKEN_MAX_BYTES {
            return None;
        }
        let bytes = wire::decoded(token)?;
        let outer = wire::fields(&bytes, 0..bytes.len()).next()?;
        let kind = match outer.number {
            n if n == LIVE.0 => TokenKind::Live,
            n if n == REPLAY.0 => TokenKind::Replay,
            _ => return None,
        };
        outer.varint.is_none().then_some(Self { bytes, kind, inside: outer.content })
    }

    /// The chat type, and the byte that holds it.
    fn chat_type(&self) -> Option<(ChatType, usize)> {
        let (_, holder) = match self.kind {
            TokenKind::Live => LIVE,
            TokenKind::Replay => REPLAY,
        };
        let holder = wire::message(&self.bytes, self.inside.clone(), holder)?;
        let (value, at) = wire::varint(&self.bytes, holder, 1)?;
        let chat_type = match u8::try_from(value) {
            // A longer spelling of the same number could not be overwritten with one byte.
            Ok(TOP) if at.len() == 1 => ChatType::Top,
            Ok(ALL) => ChatType::All,
            _ => ChatType::Other(value),
        };
        Some((chat_type, at.start))
    }

    /// The message that names channel and video: base64 once more, in a text field.
    fn target(&self) -> Option<Vec<u8>> {
        let target = wire::message(&self.bytes, self.inside.clone(), TARGET)?;
        wire::decoded(std::str::from_utf8(&self.bytes[target]).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use proptest::prelude::*;

    use super::{ChatType, TokenKind, all_messages, channel_id, chat_type, is_stub, kind, video_id};
    use crate::youtube::wire::{BASE64, write};

    const CHANNEL: &str = "UCabcdefghij-_ABCDEFGH12";
    const VIDEO: &str = "aB3-dE_fG7h";

    /// A token as YouTube makes them, with a chat type.
    fn token(outer: (u64, u64), chat_type: u64, extra: &[u8]) -> String {
        let room = [write::bytes(1, CHANNEL), write::bytes(2, VIDEO)].concat();
        let context = write::bytes(48_687_757, write::bytes(1, VIDEO));
        let target = [write::bytes(1, write::bytes(5, room)), write::bytes(3, context), write::number(4, 1)].concat();
        let target = BASE64.encode(target) + "%3D";
        let inside = [
            write::bytes(3, target),
            write::number(5, 1_700_000_000_000_000),
            write::bytes(outer.1, [write::number(1, chat_type), write::number(3, 2)].concat()),
            extra.to_vec(),
        ];
        BASE64.encode(write::bytes(outer.0, inside.concat()))
    }

    #[test]
    fn one_byte_makes_a_token_for_all_messages() {
        for outer in [super::LIVE, super::REPLAY] {
            for extra in [&b""[..], &write::number(20, 1), &write::number(20, 300)] {
                let (top, all) = (token(outer, 4, extra), token(outer, 1, extra));
                assert_eq!(chat_type(&top), Some(ChatType::Top));
                assert_eq!(chat_type(&all), Some(ChatType::All));
                assert_eq!(all_messages(&top).as_deref(), Some(&*all));
                assert_eq!(all_messages(&all).as_deref(), Some(&*all), "already there");
                for padding in ["=", "%3D", "%3D%3D"] {
                    assert_eq!(all_messages(&(top.clone() + padding)), Some(all.clone() + padding));
                }
            }
        }
        assert_eq!(kind(&token(super::LIVE, 4, b"")), Some(TokenKind::Live));
        assert_eq!(kind(&token(super::REPLAY, 4, b"")), Some(TokenKind::Replay));
    }

    #[test]
    fn a_token_says_whose_chat_it_reads() {
        let token = token(super::LIVE, 4, b"");
        assert_eq!(video_id(&token).as_deref(), Some(VIDEO));
        assert_eq!(channel_id(&token).as_deref(), Some(CHANNEL));
        assert!(!is_stub(&token));
    }

    #[test]
    fn a_token_without_a_chat_is_a_stub() {
        for target in [write::bytes(3, ""), Vec::new()] {
            let inside = [target, write::bytes(16, write::number(1, 4))].concat();
            let stub = BASE64.encode(write::bytes(super::LIVE.0, inside));
            assert!(is_stub(&stub));
            assert_eq!((video_id(&stub), channel_id(&stub)), (None, None));
        }
        assert!(is_stub("") && is_stub("QUJD"), "too short to name anything");
        assert!(!is_stub(&"x".repeat(100)), "what cannot be read is not called a stub");
    }

    #[test]
    fn a_chat_type_that_was_never_seen_is_left_alone() {
        for chat_type in [0, 2, 7, 300, 1 << 40] {
            let token = token(super::LIVE, chat_type, b"");
            assert_eq!(super::chat_type(&token), Some(ChatType::Other(chat_type)));
            assert_eq!(all_messages(&token), None);
        }
    }

    #[test]
    fn an_endless_token_is_not_looked_into() {
        assert_eq!(all_messages(&token(super::LIVE, 4, &write::bytes(99, vec![0; super::TOKEN_MAX_BYTES]))), None);
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_as_a_token_panics(text in any::<String>(), bytes in any::<Vec<u8>>(), cut in 0..200_usize) {
            let whole = token(super::LIVE, 4, b"");
            let broken: String = whole.chars().take(cut).collect();
            let wrapped = BASE64.encode(write::bytes(super::LIVE.0, &bytes));
            for token in [text, BASE64.encode(&bytes), wrapped, broken] {
                if let Some(all) = all_messages(&token) {
                    prop_assert_eq!(chat_type(&all), Some(ChatType::All));
                    prop_assert_eq!(all.len(), token.len());
                    prop_assert_eq!((video_id(&all), channel_id(&all)), (video_id(&token), channel_id(&token)));
                }
                is_stub(&token);
            }
        }
    }
}
