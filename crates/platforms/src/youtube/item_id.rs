//! What the id of a chat item tells: when it was made, and whether it is a notice of the site itself.

use super::wire;

/// The longest id that is looked into, in bytes. Recorded ones have 36 to 72.
const ID_MAX_BYTES: usize = 512;

/// Characters of an inner id that hold its time; some ids have more behind them (`…-LoyMesID-1`).
const STAMP_CHARS: usize = 26;

/// Times outside of this are no times: 2005, when YouTube began, to 2100, in microseconds.
const USEC: std::ops::Range<u64> = 1_104_537_600_000_000..4_102_444_800_000_000;

/// A message of the site that every viewer gets at the top of a chat, again with each view that is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notice {
    /// Only subscribers may write.
    SubscribersOnly,
    /// "Welcome to live chat! Remember to guard your privacy …"
    CommunityGuidelines,
    /// The replay of an ended stream.
    Replay,
    /// Another one.
    Other,
}

/// When the item was made, in microseconds since 1970.
///
/// Only for items that carry no time. Of 83 recorded ids 84 % are within one second of the item's own time; a Super Chat's
/// can be 10 s early, because it is the time of buying, and a milestone's days off.
pub fn made_at_usec(id: &str) -> Option<u64> {
    let inner = inner(id)?;
    let bytes = wire::decoded(inner.get(..STAMP_CHARS)?)?;
    let (usec, _) = wire::varint(&bytes, 0..bytes.len(), 1)?;
    USEC.contains(&usec).then_some(usec)
}

/// Which notice the item is, if it is one. The dates in their ids are the viewer's, so the same notice comes under a new id
/// each time.
pub fn notice(id: &str) -> Option<Notice> {
    let inner = inner(id)?;
    let (name, _) = inner.split_once("_VEM")?;
    Some(match name {
        "SUBSCRIBERS_ONLY" => Notice::SubscribersOnly,
        "COMMUNITY_GUIDELINES" => Notice::CommunityGuidelines,
        "REPLAY" => Notice::Replay,
        _ => Notice::Other,
    })
}

/// The text within an id, which is often the `clientId` of the action around the item.
pub fn inner(id: &str) -> Option<String> {
    if id.len() > ID_MAX_BYTES {
        return None;
    }
    let bytes = wire::decoded(id)?;
    let text = wire::message(&bytes, wire::message(&bytes, 0..bytes.len(), 1)?, 1)?;
    std::str::from_utf8(&bytes[text]).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use proptest::prelude::*;

    use super::{Notice, inner, made_at_usec, notice};
    use crate::youtube::wire::{BASE64, write};

    fn id(inner: &str) -> String {
        BASE64.encode(write::bytes(1, write::bytes(1, inner)))
    }

    fn stamp(usec: u64) -> String {
        BASE64.encode([write::number(1, usec), write::fixed32(2, 0x1234_5678), write::fixed32(3, 0x9abc_def0)].concat())
    }

    #[test]
    fn an_id_tells_when_it_was_made() {
        let inside = stamp(1_700_000_000_123_456);
        assert_eq!(inside.len(), super::STAMP_CHARS);
        assert_eq!(made_at_usec(&id(&inside)), Some(1_700_000_000_123_456));
        assert_eq!(made_at_usec(&(id(&inside) + "%3D")), Some(1_700_000_000_123_456));
        assert_eq!(made_at_usec(&id(&format!("{inside}-LoyMesID-12"))), Some(1_700_000_000_123_456));
        assert_eq!(inner(&id(&inside)), Some(inside));
    }

    #[test]
    fn a_time_that_cannot_be_is_none() {
        for usec in [0, 1, 1_700_000_000_000, u64::MAX] {
            assert_eq!(made_at_usec(&id(&format!("{:A<26}", stamp(usec)))), None, "{usec}");
        }
    }

    #[test]
    fn notices_of_the_site_are_known_by_their_ids() {
        assert_eq!(notice(&id("SUBSCRIBERS_ONLY_VEM2026/01/02-03:04:05.678")), Some(Notice::SubscribersOnly));
        assert_eq!(notice(&id("COMMUNITY_GUIDELINES_VEM2026/01/02-03:04:05.678")), Some(Notice::CommunityGuidelines));
        assert_eq!(notice(&id("REPLAY_VEM2026/01/02-03:04:05.678")), Some(Notice::Replay));
        assert_eq!(notice(&id("SOMETHING_NEW_VEM2026")), Some(Notice::Other));
        assert_eq!(notice(&id(&stamp(1_700_000_000_123_456))), None);
    }

    proptest! {
        #[test]
        fn no_id_panics(text in any::<String>(), bytes in any::<Vec<u8>>()) {
            for id in [id(&text), text, BASE64.encode(&bytes)] {
                let told = (inner(&id), notice(&id), made_at_usec(&id));
                prop_assert!(told.0.is_some() || (told.1.is_none() && told.2.is_none()));
            }
        }
    }
}
