//! As much of RFC 6455 as the load tool, the simulated upstream and the bare server need. Nothing here checks what a
//! hostile peer may do: both ends are ours.

use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

pub(crate) const TEXT: u8 = 0x1;
pub(crate) const CLOSE: u8 = 0x8;
pub(crate) const PING: u8 = 0x9;
pub(crate) const PONG: u8 = 0xa;

/// The start of a frame.
pub(crate) struct Header {
    pub(crate) opcode: u8,
    pub(crate) mask: Option<[u8; 4]>,
    /// Where the payload starts.
    pub(crate) len: usize,
    pub(crate) payload: usize,
}

/// Reads a header; `None` if it is not there as a whole.
pub(crate) fn header(bytes: &[u8]) -> Option<Header> {
    let [first, second, rest @ ..] = bytes else { return None };
    let (payload, mut len) = match second & 0x7f {
        126 => (usize::from(u16::from_be_bytes(*rest.first_chunk()?)), 4),
        127 => (usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).ok()?, 10),
        short => (usize::from(short), 2),
    };
    let mask = if second & 0x80 == 0 {
        None
    } else {
        let key = *bytes.get(len..)?.first_chunk()?;
        len += 4;
        Some(key)
    };
    Some(Header { opcode: first & 0xf, mask, len, payload })
}

/// Appends a frame in one piece. A client masks, and the key of zeros that it uses here changes nothing.
pub(crate) fn put_frame(out: &mut Vec<u8>, opcode: u8, mask: bool, payload: &[u8]) {
    let bit = if mask { 0x80 } else { 0 };
    out.push(0x80 | opcode);
    match payload.len() {
        short @ 0..=125 => out.push(bit | short as u8),
        middle @ 126..=0xffff => {
            out.push(bit | 0x7e);
            out.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            out.push(bit | 0x7f);
            out.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    if mask {
        out.extend_from_slice(&[0; 4]);
    }
    out.extend_from_slice(payload);
}

/// The end of an HTTP head in `bytes`.
pub(crate) fn head_end(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4)
}

/// What a client asks.
pub(crate) fn upgrade_request(port: u16) -> String {
    format!(
        "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

/// What a server answers to a whole head; `None` if it asks for no WebSocket.
pub(crate) fn upgrade_response(head: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(head).ok()?;
    let key = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("sec-websocket-key").then(|| value.trim())
    })?;
    Some(format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        derive_accept_key(key.as_bytes())
    ))
}
