//! A `FetchResult`: messages, and what the server wants to hear back.

use std::fmt;

use bytes::Bytes;

use super::{Broken, Fields, Value, out, read_pair, text};

/// Most messages of one batch; more are counted and dropped. The largest recorded one has 31 (2023).
const MESSAGES_MAX: usize = 10_000;
/// Largest message that is read, in bytes; a larger one is as good as broken. Of the types that we read the largest
/// recorded one has 9,753 (2023). What one costs in memory is at most some hundred times as much.
const MESSAGE_MAX_BYTES: usize = 128 * 1024;
/// Longest opaque text that is kept, in bytes. Recorded ones have some hundred.
const OPAQUE_MAX_BYTES: usize = 16 * 1024;
/// Most parameters for the socket's address.
const PARAMS_MAX: usize = 32;

/// The messages of a frame.
#[derive(Default)]
pub struct Batch {
    /// The whole frame to send back, if the server wants one.
    pub ack: Option<Vec<u8>>,
    pub(in crate::tiktok) messages: Vec<Message>,
    /// Messages that are no messages, too large, or too many.
    pub(in crate::tiktok) lost: u64,
    /// The server's clock, or 0.
    pub(in crate::tiktok) now_ms: i64,
    cursor: Bytes,
    internal_ext: Bytes,
    push_server: Bytes,
    route_params: Vec<(Bytes, Bytes)>,
    needs_ack: bool,
}

/// One message as it came.
#[derive(Default)]
pub(in crate::tiktok) struct Message {
    /// Names the type of the payload.
    pub(in crate::tiktok) method: Bytes,
    pub(in crate::tiktok) payload: Bytes,
    /// 0 if it has none.
    pub(in crate::tiktok) id: i64,
    pub(in crate::tiktok) is_history: bool,
}

impl Batch {
    pub(super) fn read(bytes: Bytes) -> Result<Self, Broken> {
        let mut batch = Self::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, Value::Bytes(bytes)) => batch.add(bytes),
                (2, Value::Bytes(bytes)) => batch.cursor = bytes,
                (4, Value::Number(number)) => batch.now_ms = number.cast_signed(),
                (5, Value::Bytes(bytes)) => batch.internal_ext = bytes,
                (7, Value::Bytes(bytes)) if batch.route_params.len() < PARAMS_MAX => {
                    batch.route_params.push(read_pair(bytes)?);
                }
                (9, Value::Number(number)) => batch.needs_ack = number != 0,
                (10, Value::Bytes(bytes)) => batch.push_server = bytes,
                _ => {}
            }
        }
        Ok(batch)
    }

    fn add(&mut self, bytes: Bytes) {
        match Message::read(bytes).filter(|_| self.messages.len() < MESSAGES_MAX) {
            Some(message) => self.messages.push(message),
            None => self.lost += 1,
        }
    }

    /// The frame to send back.
    pub(super) fn wanted_ack(&self, log_id: u64) -> Option<Vec<u8>> {
        let wanted = self.needs_ack && log_id != 0 && self.internal_ext.len() <= OPAQUE_MAX_BYTES;
        wanted.then(|| out("ack", log_id, self.internal_ext.clone()))
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Where the server wants to go on. Opaque; for the address of the socket after an answer of a sign server.
    pub fn cursor(&self) -> String {
        opaque(&self.cursor)
    }

    /// What the server wants to hear again. Opaque; likewise.
    pub fn internal_ext(&self) -> String {
        opaque(&self.internal_ext)
    }

    /// The address of the socket without its query (an answer of a sign server only).
    pub fn push_server(&self) -> String {
        opaque(&self.push_server)
    }

    /// Parameters for that address.
    pub fn route_params(&self) -> Vec<(String, String)> {
        self.route_params.iter().map(|(key, value)| (opaque(key), opaque(value))).collect()
    }
}

impl Message {
    fn read(bytes: Bytes) -> Option<Self> {
        if bytes.len() > MESSAGE_MAX_BYTES {
            return None;
        }
        let mut message = Self::default();
        for field in Fields::new(bytes) {
            match field.ok()? {
                (1, Value::Bytes(bytes)) => message.method = bytes,
                (2, Value::Bytes(bytes)) => message.payload = bytes,
                (3, Value::Number(number)) => message.id = number.cast_signed(),
                (6, Value::Number(number)) => message.is_history = number != 0,
                _ => {}
            }
        }
        Some(message)
    }
}

/// An opaque text; one that is too long is as good as none.
fn opaque(bytes: &[u8]) -> String {
    if bytes.len() > OPAQUE_MAX_BYTES { String::new() } else { text(bytes).into_owned() }
}

/// Without what people wrote.
impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lost = self.lost;
        f.debug_struct("Batch").field("messages", &self.messages.len()).field("lost", &lost).finish_non_exhaustive()
    }
}
