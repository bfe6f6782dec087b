//! Frames of the socket: what comes in is taken apart without trust in any number in it, what goes out is built.
//!
//! Every binary message is one `PushFrame`. Those with messages hold a `FetchResult`, at times compressed; its messages
//! stay as they are, slices of the frame, until the desk wants one.

mod batch;
mod fields;

use std::borrow::Cow;
use std::io::Read;

use bytes::Bytes;
use flate2::bufread::GzDecoder;
use prost::Message as _;

pub use self::batch::Batch;
pub(super) use self::batch::Message;
use self::fields::{Fields, Value};
use super::proto;

/// Largest frame, and largest inflated payload, in bytes. A busy minute has frames of 100 KB (recorded 2023).
pub const FRAME_MAX_BYTES: usize = 16 * 1024 * 1024;
/// Longest word of a frame that is given out, in bytes.
const WORD_MAX_BYTES: usize = 64;
/// The first two bytes of everything that is compressed with gzip.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// What the website calls a live room in `live_id`.
const LIVE_ID: i64 = 12;

/// What came over the socket.
#[derive(Debug)]
pub enum Frame {
    /// The room let us in. Some servers answer with messages at once.
    Joined(Option<Batch>),
    /// Messages.
    Messages(Batch),
    /// The server is alive.
    Heartbeat,
    /// Says nothing to us.
    Ack,
    /// The server will not go on.
    Close {
        /// Why, in TikTok's word, such as `disable_web_direct`; may be empty.
        reason: String,
    },
    /// A type that is not known, by name.
    Other(String),
}

/// Why a frame cannot be read. None of it ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Cut off, or something else than what we read.
    #[error("a frame is not what TikTok sends")]
    Malformed,
    /// Says that it is compressed, but cannot be inflated.
    #[error("a compressed frame is damaged")]
    Compression,
    /// Larger than [`FRAME_MAX_BYTES`], inflated or not.
    #[error("a frame is too large")]
    TooLarge,
}

/// Takes one binary message of the socket apart.
pub fn read(bytes: Bytes) -> Result<Frame, Broken> {
    if bytes.len() > FRAME_MAX_BYTES {
        return Err(Broken::TooLarge);
    }
    let (mut log_id, mut kind, mut payload) = (0, Bytes::new(), Bytes::new());
    let (mut compress_type, mut close_reason) = (Bytes::new(), Bytes::new());
    for field in Fields::new(bytes) {
        match field? {
            (2, Value::Number(number)) => log_id = number,
            (5, Value::Bytes(header)) => match read_pair(header)? {
                (key, value) if key == "compress_type" => compress_type = value,
                (key, value) if key == "close_reason" => close_reason = value,
                _ => {}
            },
            (7, Value::Bytes(bytes)) => kind = bytes,
            (8, Value::Bytes(bytes)) => payload = bytes,
            _ => {}
        }
    }
    match &*kind {
        b"msg" => {
            let mut batch = batch(inflated(payload, &compress_type)?)?;
            batch.ack = batch.wanted_ack(log_id);
            Ok(Frame::Messages(batch))
        }
        b"im_enter_room_resp" => {
            let inside = inflated(payload, &compress_type).and_then(batch).ok();
            let with_ack = |mut batch: Batch| {
                batch.ack = batch.wanted_ack(log_id);
                batch
            };
            Ok(Frame::Joined(inside.filter(|batch| !batch.is_empty()).map(with_ack)))
        }
        b"hb" => Ok(Frame::Heartbeat),
        b"ack" => Ok(Frame::Ack),
        b"close" => Ok(Frame::Close { reason: word(&close_reason) }),
        other => Ok(Frame::Other(word(other))),
    }
}

/// Takes the messages of a `FetchResult` apart: what frames hold, and what a sign server answers.
pub fn batch(fetch_result: Bytes) -> Result<Batch, Broken> {
    if fetch_result.len() > FRAME_MAX_BYTES {
        return Err(Broken::TooLarge);
    }
    Batch::read(fetch_result)
}

/// Said at once after the opening, and then every ten seconds.
pub fn heartbeat(room_id: u64) -> Vec<u8> {
    out("hb", 0, proto::HeartBeat { room_id: room_id.cast_signed() }.encode_to_vec().into())
}

/// Asks to be let into a room. The server repeats `nonce` if it is not 0.
pub fn enter_room(room_id: u64, nonce: u64) -> Vec<u8> {
    let enter = proto::EnterRoom {
        room_id: room_id.cast_signed(),
        live_id: LIVE_ID,
        identity: Bytes::from_static(b"audience"),
        enter_unique_id: nonce.cast_signed(),
        filter_welcome_msg: Bytes::from_static(b"0"),
    };
    out("im_enter_room", 0, enter.encode_to_vec().into())
}

fn out(kind: &'static str, log_id: u64, payload: Bytes) -> Vec<u8> {
    let frame = proto::PushFrame {
        log_id,
        payload_encoding: Bytes::from_static(b"pb"),
        payload_type: Bytes::from_static(kind.as_bytes()),
        payload,
        ..proto::PushFrame::default()
    };
    frame.encode_to_vec()
}

/// What was compressed, or the payload itself. The header alone is not believed.
fn inflated(payload: Bytes, compress_type: &[u8]) -> Result<Bytes, Broken> {
    if !payload.starts_with(&GZIP_MAGIC) {
        return if compress_type == b"gzip" && !payload.is_empty() { Err(Broken::Compression) } else { Ok(payload) };
    }
    // TikTok's frames shrink to a third.
    let mut inflated = Vec::with_capacity(payload.len().saturating_mul(4).min(FRAME_MAX_BYTES));
    let mut source = GzDecoder::new(&*payload).take(FRAME_MAX_BYTES as u64 + 1);
    source.read_to_end(&mut inflated).map_err(|_| Broken::Compression)?;
    if inflated.len() > FRAME_MAX_BYTES { Err(Broken::TooLarge) } else { Ok(inflated.into()) }
}

/// A key and a value: a header, or an entry of a map.
fn read_pair(bytes: Bytes) -> Result<(Bytes, Bytes), Broken> {
    let (mut key, mut value) = (Bytes::new(), Bytes::new());
    for field in Fields::new(bytes) {
        match field? {
            (1, Value::Bytes(bytes)) => key = bytes,
            (2, Value::Bytes(bytes)) => value = bytes,
            _ => {}
        }
    }
    Ok((key, value))
}

/// A word of TikTok's code; anything else could be text of a person, or an attempt on a log.
fn word(bytes: &[u8]) -> String {
    let is_word = bytes.len() <= WORD_MAX_BYTES
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    if is_word { text(bytes).into_owned() } else { "(no name)".to_owned() }
}

/// A text of TikTok, which cuts them at a number of bytes: half a character at the end goes, other nonsense is replaced.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) if error.error_len().is_none() => String::from_utf8_lossy(&bytes[..error.valid_up_to()]),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

#[cfg(test)]
mod tests;
