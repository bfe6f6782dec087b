//! Continuation tokens and item ids, built and taken apart like the real ones.

use crate::proto::{Message, bytes, decode, fields, number};

/// The number of the one field of a live token: every such token begins with `0ofMyA`.
const LIVE: u64 = 119_693_434;
/// The same for a replay: `op2w0w`.
const REPLAY: u64 = 156_074_452;
/// The extension that holds the video id a second time.
const VIDEO: u64 = 48_687_757;

/// What watch pages and `/next` have in the menu since October 2025: tokens of no video. Sent, they are refused.
pub const STUB_TOKENS: [&str; 2] = ["0ofMyAMSGgAwAYIBCAgEGAAgACgBqAEB", "0ofMyAMSGgAwAYIBCAgBGAAgACgBqAEB"];

/// Which messages a token gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// Filtered; what every start token is.
    Top,
    /// All messages.
    Live,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The owner of the chat.
    pub channel: String,
    /// Whose chat it is.
    pub video: String,
    /// Of an ended stream.
    pub replay: bool,
    /// Which messages it gives.
    pub view: View,
    /// The publishing time of the last thing that was given; `None` in a start token. Microseconds.
    pub position: Option<u64>,
    /// When it was made, in microseconds: what [`kill_tokens`](super::SimYoutube::kill_tokens) goes by. 0 in a replay.
    pub made: u64,
}

impl Token {
    /// The text.
    pub fn encode(&self) -> String {
        let ids = Message::default()
            .message(1, Message::default().message(5, Message::default().bytes(1, &self.channel).bytes(2, &self.video)))
            .message(3, Message::default().message(VIDEO, Message::default().bytes(1, &self.video)))
            .varint(4, 1);
        let chat_type = match self.view {
            View::Top => 4,
            View::Live => 1,
        };
        let (outer, inner) = if self.replay {
            let inner = Message::default().bytes(3, ids.token());
            // Where the real ones keep their place is not known.
            let inner = match self.position {
                None => inner,
                Some(position) => inner.varint(5, position),
            };
            let inner = inner.varint(8, 1).message(14, Message::default().varint(1, chat_type)).varint(15, 1);
            (REPLAY, inner)
        } else {
            let inner = Message::default().bytes(3, ids.varint(6, 0).token());
            let view = |third| Message::default().varint(1, chat_type).varint(3, third).varint(4, 0).varint(5, 0);
            let inner = match self.position {
                None => inner.varint(6, 1).message(16, view(2)).varint(17, 1),
                Some(position) => inner
                    .varint(5, position)
                    .varint(6, 0)
                    .varint(8, 2)
                    .varint(10, position)
                    .varint(11, position)
                    .message(16, view(1))
                    .varint(17, 0),
            };
            let inner = inner.varint(20, self.made).varint(21, 0).bytes(22, "");
            let inner = match self.position {
                None => inner,
                Some(_) => inner.message(23, Message::default().varint(1, 10)).varint(26, self.made / 1_000_000),
            };
            (LIVE, inner)
        };
        Message::default().message(outer, inner).token()
    }

    /// What the text says; `None` for stubs and for whatever is no token.
    pub fn decode(text: &str) -> Option<Self> {
        let raw = decode(text)?;
        let outer = fields(&raw)?;
        let (replay, inner) = match (bytes(&outer, LIVE), bytes(&outer, REPLAY)) {
            (Some(inner), None) => (false, inner),
            (None, Some(inner)) => (true, inner),
            _ => return None,
        };
        let inner = fields(inner)?;
        let view = match number(&fields(bytes(&inner, if replay { 14 } else { 16 })?)?, 1)? {
            4 => View::Top,
            1 => View::Live,
            _ => return None,
        };
        let ids = decode(std::str::from_utf8(bytes(&inner, 3)?).ok()?)?;
        let ids = fields(bytes(&fields(&ids)?, 1)?)?;
        let ids = fields(bytes(&ids, 5)?)?;
        let text = |field| String::from_utf8(bytes(&ids, field)?.to_vec()).ok();
        Some(Self {
            channel: text(1)?,
            video: text(2)?,
            replay,
            view,
            position: number(&inner, 5),
            made: number(&inner, 20).unwrap_or_default(),
        })
    }
}

/// The id of a chat item: its time and a number inside, as in the real ones.
pub(super) fn item_id(usec: u64, number: u32) -> String {
    let inner = Message::default().varint(1, usec).fixed32(2, number).fixed32(3, number.wrapping_mul(0x9e37_79b9));
    Message::default().message(1, Message::default().bytes(1, inner.text())).token()
}

/// What `clientId` beside an item often is: the text inside of its id.
pub(super) fn client_id(item_id: &str) -> Option<String> {
    let raw = decode(item_id)?;
    let outer = fields(&raw)?;
    let inner = fields(bytes(&outer, 1)?)?;
    String::from_utf8(bytes(&inner, 1)?.to_vec()).ok()
}

/// The short text in a push signal that repeats its time.
pub(super) fn signal_stamp(usec: u64) -> String {
    Message::default().varint(2, usec).text()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(replay: bool, position: Option<u64>) -> Token {
        let channel = "UCaaaaaaaaaaaaaaaaaaaaaa".to_owned();
        let made = if replay { 0 } else { 1_780_000_000_000_001 };
        Token { channel, video: "bbbbbbbbbbb".to_owned(), replay, view: View::Top, position, made }
    }

    #[test]
    fn a_token_says_what_was_put_into_it() {
        for (token, beginning) in [
            (token(false, None), "0ofMyA"),
            (token(false, Some(1_780_000_000_000_000)), "0ofMyA"),
            (token(true, None), "op2w0w"),
            (token(true, Some(1_780_000_000_000_000)), "op2w0w"),
        ] {
            let text = token.encode();
            assert!(text.starts_with(beginning), "{text}");
            assert_eq!(Token::decode(&text), Some(token));
        }
    }

    #[test]
    fn the_two_views_differ_in_one_byte() {
        for replay in [false, true] {
            let top = token(replay, None);
            let live = Token { view: View::Live, ..top.clone() };
            let (top, live) = (decode(&top.encode()).unwrap(), decode(&live.encode()).unwrap());
            let changed: Vec<_> = top.iter().zip(&live).filter(|(a, b)| a != b).collect();
            assert_eq!((top.len(), changed), (live.len(), vec![(&4, &1)]));
        }
    }

    #[test]
    fn stubs_and_nonsense_are_no_tokens() {
        for text in STUB_TOKENS.iter().chain(&["", "0ofMyA", "%%%", "CgA", "////", "op2w0w"]) {
            assert_eq!(Token::decode(text), None, "{text}");
        }
        assert!(STUB_TOKENS.iter().all(|stub| stub.len() == 32));
    }

    #[test]
    fn an_item_id_is_as_long_as_a_real_one_and_holds_its_time() {
        let id = item_id(1_780_000_000_123_456, 7);
        let inner = client_id(&id).unwrap();
        assert_eq!((id.len(), inner.len()), (40, 26));
        let inner = decode(&inner).unwrap();
        assert_eq!(number(&fields(&inner).unwrap(), 1), Some(1_780_000_000_123_456));
    }

    #[test]
    fn recorded_tokens_are_built_byte_for_byte() {
        let corpus = std::env::var_os("POLYCHAT_CORPUS").map_or_else(
            || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
            std::path::PathBuf::from,
        );
        let Ok(vectors) = std::fs::read_to_string(corpus.join("youtube").join("vectors.json")) else {
            eprintln!("no corpus here: skipped");
            return;
        };
        let vectors: serde_json::Value = serde_json::from_str(&vectors).unwrap();
        for (kind, replay) in [("live_token", false), ("replay_token", true)] {
            let text = vectors[kind]["token"].as_str().unwrap();
            let token = Token::decode(text).unwrap();
            assert_eq!((token.replay, token.view), (replay, View::Top));
            assert_eq!(token.video, vectors[kind]["video_id"]);
            assert_eq!(token.channel, vectors[kind]["channel_id"]);
            assert!(token.encode() == text, "another {kind} came out");
            let live = Token { view: View::Live, ..token };
            assert!(live.encode() == vectors[kind]["token_after_setting_chat_type_1"], "another {kind} came out");
        }
    }
}
