//! Just enough of protobuf's encoding to look into tokens and ids: the fields of a message, without a schema.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// YouTube's base64: the alphabet for addresses, padded or not. Left-over bits are ignored, because ids are cut at a
/// character that need not end a byte.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The bytes of `text`, which is base64, perhaps with `%3D` or `=` at its end.
pub(super) fn decoded(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(split_padding(text)?.0).ok()
}

/// Separates base64 from its padding, whose way of writing (`%3D`, `=`, none) has to be kept.
pub(super) fn split_padding(text: &str) -> Option<(&str, &str)> {
    let (data, padding) = text.split_at(text.find(['%', '=']).unwrap_or(text.len()));
    let mut rest = padding;
    while let Some(less) = ["%3D", "%3d", "="].iter().find_map(|sign| rest.strip_prefix(sign)) {
        rest = less;
    }
    rest.is_empty().then_some((data, padding))
}

/// One field of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// Its number.
    pub(super) number: u64,
    /// Where its content stands in the bytes that were walked through.
    pub(super) content: Range<usize>,
    /// Its value, if it is a number.
    pub(super) varint: Option<u64>,
}

/// Walks through the fields of `bytes[range]`. Ends at the first that is broken.
pub(super) fn fields(bytes: &[u8], range: Range<usize>) -> impl Iterator<Item = Field> {
    let mut at = range.start;
    let end = range.end.min(bytes.len());
    std::iter::from_fn(move || {
        let (field, next) = field(&bytes[..end], at)?;
        at = next;
        Some(field)
    })
}

/// The content of the first field `number` that is text, bytes or a message.
pub(super) fn message(bytes: &[u8], range: Range<usize>, number: u64) -> Option<Range<usize>> {
    fields(bytes, range).find(|field| field.number == number && field.varint.is_none()).map(|field| field.content)
}

/// The first field `number` that is a varint.
pub(super) fn varint(bytes: &[u8], range: Range<usize>, number: u64) -> Option<(u64, Range<usize>)> {
    fields(bytes, range).find_map(|field| match field.varint {
        Some(value) if field.number == number => Some((value, field.content)),
        _ => None,
    })
}

fn field(bytes: &[u8], at: usize) -> Option<(Field, usize)> {
    let (tag, at) = read_varint(bytes, at)?;
    let (number, kind) = (tag >> 3, tag & 7);
    if kind == 0 {
        let (value, end) = read_varint(bytes, at)?;
        return Some((Field { number, content: at..end, varint: Some(value) }, end));
    }
    let (start, len) = match kind {
        1 => (at, 8),
        2 => {
            let (len, start) = read_varint(bytes, at)?;
            (start, usize::try_from(len).ok()?)
        }
        5 => (at, 4),
        // Groups are from before 2008; nothing of YouTube's has them.
        _ => return None,
    };
    let end = start.checked_add(len).filter(|end| *end <= bytes.len())?;
    Some((Field { number, content: start..end, varint: None }, end))
}

fn read_varint(bytes: &[u8], start: usize) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for (i, byte) in bytes.get(start..)?.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f).checked_shl(7 * i as u32)?;
        if byte & 0x80 == 0 {
            return Some((value, start + i + 1));
        }
    }
    None
}

/// Writes messages for tests.
#[cfg(test)]
pub(super) mod write {
    /// A number as protobuf writes it.
    pub(crate) fn varint(mut value: u64) -> Vec<u8> {
        let mut out = Vec::new();
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
        out
    }

    /// A field with a number in it.
    pub(crate) fn number(field: u64, value: u64) -> Vec<u8> {
        [varint(field << 3), varint(value)].concat()
    }

    /// A field with text, bytes or a message in it.
    pub(crate) fn bytes(field: u64, content: impl AsRef<[u8]>) -> Vec<u8> {
        let content = content.as_ref();
        [varint(field << 3 | 2), varint(content.len() as u64), content.to_vec()].concat()
    }

    /// A field of four bytes.
    pub(crate) fn fixed32(field: u64, value: u32) -> Vec<u8> {
        [varint(field << 3 | 5), value.to_le_bytes().to_vec()].concat()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{fields, message, split_padding, varint, write};

    #[test]
    fn fields_are_found_by_number_and_kind() {
        let bytes =
            [write::number(5, 300), write::fixed32(6, 7), write::bytes(5, "x"), write::number(1, u64::MAX)].concat();
        let all = 0..bytes.len();
        assert_eq!(fields(&bytes, all.clone()).map(|f| f.number).collect::<Vec<_>>(), [5, 6, 5, 1]);
        assert_eq!(varint(&bytes, all.clone(), 5).unwrap().0, 300);
        assert_eq!(varint(&bytes, all.clone(), 1).unwrap().0, u64::MAX);
        assert_eq!(&bytes[message(&bytes, all.clone(), 5).unwrap()], b"x");
        assert_eq!(message(&bytes, all, 9), None);
    }

    #[test]
    fn a_broken_field_ends_the_walk() {
        let good = write::number(1, 1);
        for bad in
            [&[0x0a, 0xff][..], &[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], &[0x80; 20], &[0x0b]]
        {
            let bytes = [&good, bad].concat();
            assert_eq!(fields(&bytes, 0..bytes.len()).count(), 1, "{bad:?}");
        }
    }

    #[test]
    fn padding_is_known_in_each_way_of_writing() {
        for padding in ["", "=", "==", "%3D", "%3d%3D"] {
            assert_eq!(split_padding(&format!("QUJD{padding}")), Some(("QUJD", padding)));
        }
        assert_eq!(split_padding("QUJD%3"), None);
        assert_eq!(split_padding("QU=JD"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_end(bytes in any::<Vec<u8>>()) {
            for field in fields(&bytes, 0..bytes.len()) {
                prop_assert!(field.content.end <= bytes.len());
                let inside = fields(&bytes, field.content).count();
                prop_assert!(inside <= bytes.len());
            }
        }
    }
}
