//! Just enough of protocol buffers to write and read tokens, ids and messages. By hand, and not shared with the program, so
//! that a mistake in one shows.

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};

/// A message that is being written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Message(Vec<u8>);

/// One field of a message that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    /// Of fixed size: only stepped over.
    Fixed,
}

impl Message {
    fn push(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push((value as u8 & 0x7f) | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    pub(crate) fn varint(mut self, field: u64, value: u64) -> Self {
        self.push(field << 3);
        self.push(value);
        self
    }

    pub(crate) fn bytes(mut self, field: u64, value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref();
        self.push(field << 3 | 2);
        self.push(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    pub(crate) fn message(self, field: u64, value: Self) -> Self {
        self.bytes(field, value.0)
    }

    pub(crate) fn fixed32(mut self, field: u64, value: u32) -> Self {
        self.push(field << 3 | 5);
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// A number that is left out when it is zero, as protocol buffers do.
    pub(crate) fn int(self, field: u64, value: u64) -> Self {
        if value == 0 { self } else { self.varint(field, value) }
    }

    /// A yes, or nothing.
    pub(crate) fn flag(self, field: u64, value: bool) -> Self {
        self.int(field, u64::from(value))
    }

    /// A text that is left out when it is empty.
    pub(crate) fn string(self, field: u64, value: &str) -> Self {
        if value.is_empty() { self } else { self.bytes(field, value) }
    }

    /// Numbers in one field.
    pub(crate) fn packed(self, field: u64, values: &[u64]) -> Self {
        if values.is_empty() {
            return self;
        }
        let mut packed = Self::default();
        for value in values {
            packed.push(*value);
        }
        self.message(field, packed)
    }

    /// A message in a field that may be repeated.
    pub(crate) fn each(self, field: u64, values: impl IntoIterator<Item = Self>) -> Self {
        values.into_iter().fold(self, |message, value| message.message(field, value))
    }

    /// The bytes.
    pub(crate) fn done(self) -> Vec<u8> {
        self.0
    }

    /// As YouTube writes tokens: the padding, if any, is percent-encoded.
    pub(crate) fn token(self) -> String {
        URL_SAFE.encode(self.0).replace('=', "%3D")
    }

    /// Without padding.
    pub(crate) fn text(self) -> String {
        base64url(&self.0)
    }
}

/// Bytes as a text in base64url, without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a text in base64url, with or without padding, percent-encoded or not.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.replace("%3D", "=").replace("%3d", "=");
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// The fields of a message, in order; `None` when it is none.
pub(crate) fn fields(mut bytes: &[u8]) -> Option<Vec<(u64, Field<'_>)>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        let field = match tag & 7 {
            0 => Field::Varint(varint(&mut bytes)?),
            1 => take(&mut bytes, 8).map(|_| Field::Fixed)?,
            2 => {
                let length = usize::try_from(varint(&mut bytes)?).ok()?;
                Field::Bytes(take(&mut bytes, length)?)
            }
            5 => take(&mut bytes, 4).map(|_| Field::Fixed)?,
            _ => return None,
        };
        fields.push((tag >> 3, field));
    }
    Some(fields)
}

/// The number in a field.
pub(crate) fn number(fields: &[(u64, Field<'_>)], wanted: u64) -> Option<u64> {
    fields.iter().find_map(|(number, field)| match field {
        Field::Varint(value) if *number == wanted => Some(*value),
        _ => None,
    })
}

/// The bytes in a field.
pub(crate) fn bytes<'a>(fields: &[(u64, Field<'a>)], wanted: u64) -> Option<&'a [u8]> {
    fields.iter().find_map(|(number, field)| match field {
        Field::Bytes(value) if *number == wanted => Some(*value),
        _ => None,
    })
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(taken)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)?[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}
