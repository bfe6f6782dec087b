//! Protobuf as far as envelopes need it: numbers of fields and what they hold, one after the other.
//!
//! Envelopes are read by hand, so that a million empty messages in a frame cost nothing, and so that one broken message
//! costs only itself.

use bytes::Bytes;

use super::Broken;

/// What a field holds.
pub(super) enum Value {
    Number(u64),
    /// A slice of the source.
    Bytes(Bytes),
    /// Four or eight bytes that nobody reads.
    Fixed,
}

/// The fields of a message; after an error nothing more.
pub(super) struct Fields {
    source: Bytes,
    at: usize,
}

impl Fields {
    pub(super) fn new(source: Bytes) -> Self {
        Self { source, at: 0 }
    }

    fn read(&mut self) -> Option<(u32, Value)> {
        let key = self.varint()?;
        let number = u32::try_from(key >> 3).ok().filter(|number| *number > 0)?;
        let value = match key & 7 {
            0 => Value::Number(self.varint()?),
            1 => self.skip(8)?,
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                let end = self.at.checked_add(length).filter(|end| *end <= self.source.len())?;
                let bytes = self.source.slice(self.at..end);
                self.at = end;
                Value::Bytes(bytes)
            }
            5 => self.skip(4)?,
            // Groups are not in use any more.
            _ => return None,
        };
        Some((number, value))
    }

    fn skip(&mut self, length: usize) -> Option<Value> {
        self.at = self.at.checked_add(length).filter(|end| *end <= self.source.len())?;
        Some(Value::Fixed)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in 0..10 {
            let byte = *self.source.get(self.at)?;
            self.at += 1;
            number |= u64::from(byte & 0x7f) << (7 * shift);
            if byte < 0x80 {
                return (shift < 9 || byte < 2).then_some(number);
            }
        }
        None
    }
}

impl Iterator for Fields {
    type Item = Result<(u32, Value), Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.source.len() {
            return None;
        }
        let field = self.read();
        if field.is_none() {
            self.at = self.source.len();
        }
        Some(field.ok_or(Broken::Malformed))
    }
}
