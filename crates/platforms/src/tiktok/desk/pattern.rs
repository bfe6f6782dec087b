//! Sentences with places: `{0:user} subscribed`.

use super::author::person;
use crate::tiktok::frame::text;
use crate::tiktok::proto::{Text, TextPiece};

/// Longest sentence, in bytes.
const SENTENCE_MAX_BYTES: usize = 1_000;

/// The sentence with its pieces in their places. A place without a piece stays empty.
pub(super) fn sentence(sentence: &Text) -> String {
    let pattern = text(&sentence.default_pattern);
    let mut out = String::new();
    let mut rest = &*pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((place, after)) = after.split_once('}') else {
            rest = &rest[before.len()..];
            break;
        };
        let number = place.split(':').next().unwrap_or_default().parse().ok();
        if let Some(piece) = number.and_then(|number: usize| sentence.pieces.get(number)) {
            out.push_str(&words(piece));
        }
        rest = after;
        if out.len() > SENTENCE_MAX_BYTES {
            return String::new();
        }
    }
    out.push_str(rest);
    if out.len() > SENTENCE_MAX_BYTES { String::new() } else { out.trim().to_owned() }
}

fn words(piece: &TextPiece) -> String {
    if let Some(user) = piece.user_value.as_ref().and_then(|value| value.user.as_ref()) {
        return person(user).display_name;
    }
    let name = piece.gift_value.as_ref().and_then(|gift| gift.name_ref.as_ref());
    let words = match name.or(piece.pattern_ref.as_ref()) {
        Some(pattern) => &pattern.default_pattern,
        None => &piece.string_value,
    };
    text(words).into_owned()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::tiktok::proto::{PatternRef, PieceUser, User};

    #[test]
    fn pieces_stand_in_their_places() {
        let user = User { id: 5, nickname: Bytes::from_static(b"Ann"), ..User::default() };
        let pieces = vec![
            TextPiece { user_value: Some(PieceUser { user: Some(user) }), ..TextPiece::default() },
            TextPiece { string_value: Bytes::from_static(b"7"), ..TextPiece::default() },
            TextPiece {
                pattern_ref: Some(PatternRef { default_pattern: Bytes::from_static(b"stars") }),
                ..TextPiece::default()
            },
        ];
        let said = |pattern: &'static str| {
            let default_pattern = Bytes::from_static(pattern.as_bytes());
            sentence(&Text { key: Bytes::new(), default_pattern, pieces: pieces.clone() })
        };
        assert_eq!(said("{0:user} has {1:string} {2:pattern_ref}{9:gift}!"), "Ann has 7 stars!");
        assert_eq!(said("joined"), "joined");
        assert_eq!(said("a {broken"), "a {broken");
        assert_eq!(said(""), "");
    }
}
