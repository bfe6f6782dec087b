//! Frames of the socket: `PushFrame` around everything, `FetchResult` around messages.

use std::io::Write;

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::proto::{self, Message};

/// A message of a room as it goes out.
#[derive(Debug, Clone)]
pub(super) struct Base {
    pub(super) method: String,
    pub(super) payload: Bytes,
    pub(super) id: u64,
    pub(super) is_history: bool,
}

impl Base {
    fn write(&self) -> Message {
        Message::default().string(1, &self.method).bytes(2, &self.payload).int(3, self.id).flag(6, self.is_history)
    }
}

/// `FetchResult`.
#[derive(Debug, Clone, Default)]
pub(super) struct Fetched {
    pub(super) messages: Vec<Base>,
    pub(super) now_ms: u64,
    pub(super) internal_ext: String,
    pub(super) cursor: String,
    pub(super) need_ack: bool,
    pub(super) is_first: bool,
    pub(super) push_server: String,
    pub(super) route_params: Vec<(&'static str, String)>,
}

impl Fetched {
    pub(super) fn write(&self) -> Vec<u8> {
        let result = Message::default()
            .each(1, self.messages.iter().map(Base::write))
            .string(2, &self.cursor)
            .int(3, 1_000)
            .int(4, self.now_ms)
            .string(5, &self.internal_ext)
            .int(6, 1);
        let params = self.route_params.iter().map(|(key, value)| Message::default().string(1, key).string(2, value));
        result
            .each(7, params)
            .int(8, if self.need_ack { 10_000 } else { 0 })
            .flag(9, self.need_ack)
            .string(10, &self.push_server)
            .flag(11, self.is_first)
            .string(12, if self.is_first { "history" } else { "" })
            .done()
    }
}

/// `PushFrame`, as the server sends it.
pub(super) fn frame(seq: u64, log_id: u64, kind: &str, payload: &[u8], gzip: bool) -> Vec<u8> {
    let packed = if gzip { zip(payload) } else { payload.to_vec() };
    let compress = header("compress_type", if gzip { "gzip" } else { "none" });
    let server_time = header("im-now", "0");
    head(seq, log_id, kind, [compress, server_time]).bytes(8, packed).done()
}

/// A `close` frame with its reason.
pub(super) fn close(seq: u64, reason: &str) -> Vec<u8> {
    head(seq, 0, "close", [header("close_reason", reason)]).done()
}

fn head<const N: usize>(seq: u64, log_id: u64, kind: &str, headers: [Message; N]) -> Message {
    let frame = Message::default().int(1, seq).int(2, log_id).int(3, 9_001).int(4, 8);
    frame.each(5, headers).string(6, "pb").string(7, kind)
}

fn header(key: &str, value: &str) -> Message {
    Message::default().string(1, key).string(2, value)
}

pub(super) fn zip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes every byte");
    encoder.finish().expect("memory takes every byte")
}

/// What a client sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    Heartbeat { room: u64 },
    Enter { room: u64, nonce: u64, live_id: u64, identity: String },
    Ack { log_id: u64, payload: Vec<u8> },
    Other(String),
    Broken,
}

/// Reads a frame of a client.
pub(super) fn hear(bytes: &[u8]) -> Heard {
    let Some(frame) = proto::fields(bytes) else { return Heard::Broken };
    let text = |fields: &[(u64, proto::Field<'_>)], field| {
        proto::bytes(fields, field).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
    };
    let payload = proto::bytes(&frame, 8).unwrap_or_default();
    let kind = text(&frame, 7);
    let number = |wanted| proto::fields(payload).and_then(|fields| proto::number(&fields, wanted)).unwrap_or(0);
    match kind.as_str() {
        _ if text(&frame, 6) != "pb" => Heard::Broken,
        "hb" => Heard::Heartbeat { room: number(1) },
        "im_enter_room" => Heard::Enter {
            room: number(1),
            nonce: number(8),
            live_id: number(4),
            identity: proto::fields(payload).map(|fields| text(&fields, 5)).unwrap_or_default(),
        },
        "ack" => Heard::Ack { log_id: proto::number(&frame, 2).unwrap_or(0), payload: payload.to_vec() },
        _ => Heard::Other(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames for room 7309128470994258694, byte for byte as Google's library writes them.
    #[test]
    fn frames_of_clients_are_read() {
        let room = 7_309_128_470_994_258_694;
        let id = b"\x08\x86\x96\xba\x9a\xe7\xb3\xcf\xb7\x65";
        let beat = [b"\x32\x02pb\x3a\x02hb\x42\x0a".as_slice(), id].concat();
        assert_eq!(hear(&beat), Heard::Heartbeat { room });
        let enter =
            [b"\x32\x02pb\x3a\x0dim_enter_room\x42\x19".as_slice(), id, b"\x20\x0c\x2a\x08audience\x4a\x010"].concat();
        let entered = Heard::Enter { room, nonce: 0, live_id: 12, identity: "audience".to_owned() };
        assert_eq!(hear(&enter), entered);
        let ack = b"\x10\xea\x07\x32\x02pb\x3a\x03ack\x42\x16internal_src:sim|seq:0";
        assert_eq!(hear(ack), Heard::Ack { log_id: 1002, payload: b"internal_src:sim|seq:0".to_vec() });
        assert_eq!(hear(b"\xff"), Heard::Broken);
    }
}
