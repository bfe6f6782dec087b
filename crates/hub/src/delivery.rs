//! An event with its number and its encodings: made once, shared by all viewers.

use std::sync::OnceLock;

use bytes::{BufMut, Bytes, BytesMut};
use polychat_model::request::Include;
use polychat_model::wire::{Format, Numbered};
use polychat_model::{Body, ChannelKey, ChatEvent};

/// Complete WebSocket text frames, one after the other, ready to be written as they are.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// The frames.
    pub bytes: Bytes,
    /// How many they are.
    pub frames: u64,
}

impl Parcel {
    /// One frame.
    pub fn of(json: &[u8]) -> Self {
        Self { bytes: text_frame(json), frames: 1 }
    }
}

/// A text frame as a server sends it: not masked, not compressed, in one piece (RFC 6455, section 5.2).
///
/// Here and not in a library, because the libraries frame for one socket at a time; this frame is shared by all.
pub fn text_frame(payload: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(payload.len() + 10);
    out.put_u8(0x81);
    match payload.len() {
        short @ 0..=125 => out.put_u8(short as u8),
        middle @ 126..=0xffff => {
            out.put_u8(126);
            out.put_u16(middle as u16);
        }
        long => {
            out.put_u8(127);
            out.put_u64(long as u64);
        }
    }
    out.put_slice(payload);
    out.freeze()
}

/// Which kinds of frames a viewer asked for, besides chat, status and error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Includes(u8);

impl Includes {
    const EVENTS: u8 = 1;
    const MODERATION: u8 = 2;
    const VIEWERS: u8 = 4;
    const STATS: u8 = 8;

    /// The set of what a client named.
    pub const fn of(named: &[Include]) -> Self {
        let (mut set, mut n) = (0, 0);
        while n < named.len() {
            set |= match named[n] {
                Include::Events => Self::EVENTS,
                Include::Moderation => Self::MODERATION,
                Include::Viewers => Self::VIEWERS,
                Include::Stats => Self::STATS,
            };
            n += 1;
        }
        Self(set)
    }

    /// Whether a viewer with this set gets what is counted.
    pub(crate) fn wants_stats(self) -> bool {
        self.0 & Self::STATS != 0
    }

    /// Whether a viewer with this set gets such an event.
    pub fn wants(self, body: &Body) -> bool {
        match body {
            Body::Chat(_) => true,
            Body::Event(_) => self.0 & Self::EVENTS != 0,
            Body::Moderation(_) => self.0 & Self::MODERATION != 0,
            Body::Viewers(_) => self.0 & Self::VIEWERS != 0,
        }
    }
}

/// What decides the bytes that a viewer gets: viewers with equal profiles share them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Profile {
    /// The form of chat frames.
    pub format: Format,
    /// The kinds of frames.
    pub includes: Includes,
}

/// An event with its number in its channel.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) seq: u64,
    pub(crate) event: ChatEvent,
    flat: Bytes,
    nested: OnceLock<Bytes>,
}

impl Delivery {
    pub(crate) fn new(key: &ChannelKey, seq: u64, event: ChatEvent) -> Self {
        let flat = text_frame(&Numbered { key, seq, event: &event }.to_json(Format::Flat));
        Self { seq, event, flat, nested: OnceLock::new() }
    }

    /// The whole frame in one of the two forms. The nested one is made when somebody first asks for it.
    pub(crate) fn frame(&self, key: &ChannelKey, format: Format) -> &Bytes {
        match format {
            Format::Nested if matches!(self.event.body, Body::Chat(_)) => self.nested.get_or_init(|| {
                text_frame(&Numbered { key, seq: self.seq, event: &self.event }.to_json(Format::Nested))
            }),
            _ => &self.flat,
        }
    }

    /// The frame without what frames it for a socket.
    pub(crate) fn json(&self) -> Bytes {
        let head = match self.flat.get(1) {
            Some(126) => 4,
            Some(127) => 10,
            _ => 2,
        };
        self.flat.slice(head..)
    }

    /// What deletions call it.
    pub(crate) fn message_id(&self) -> Option<&str> {
        match &self.event.body {
            Body::Chat(chat) => Some(&chat.message_id),
            Body::Event(event) => event.message_id.as_deref(),
            Body::Moderation(_) | Body::Viewers(_) => None,
        }
    }

    /// About what it occupies: the encoding and the event that it was made from.
    pub(crate) fn weight(&self) -> usize {
        self.flat.len() * 2
    }
}

/// The frames of `deliveries` that a profile gets; `None` if it gets none of them.
pub(crate) fn parcel<'a>(
    key: &ChannelKey,
    profile: Profile,
    deliveries: impl Iterator<Item = &'a Delivery> + Clone,
) -> Option<Parcel> {
    let wanted = deliveries.filter(|d| profile.includes.wants(&d.event.body)).map(|d| d.frame(key, profile.format));
    let (mut frames, mut size) = (0, 0);
    for frame in wanted.clone() {
        frames += 1;
        size += frame.len();
    }
    match frames {
        0 => None,
        // The common case at ordinary rates: nothing is copied.
        1 => wanted.clone().next().map(|frame| Parcel { bytes: frame.clone(), frames: 1 }),
        _ => {
            let mut bytes = BytesMut::with_capacity(size);
            wanted.for_each(|frame| bytes.put_slice(frame));
            Some(Parcel { bytes: bytes.freeze(), frames })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_has_the_length_that_its_header_says() {
        assert_eq!(&text_frame(b"hi")[..], b"\x81\x02hi");
        let middle = text_frame(&[b'a'; 126]);
        assert_eq!(&middle[..4], [0x81, 126, 0, 126]);
        assert_eq!(middle.len(), 4 + 126);
        let long = text_frame(&vec![b'a'; 70_000]);
        assert_eq!(&long[..10], [0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]);
    }
}
