//! A client that knows nothing but the outermost layers of the protocol.

use std::io::Read;
use std::time::Duration;

use flate2::read::GzDecoder;
use futures_util::{SinkExt, StreamExt};
use polychat_testkit::SimTiktok;
use reqwest::header::{HeaderName, HeaderValue};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub(crate) const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36";

/// A client without redirects that looks like a browser.
pub(crate) fn browser() -> reqwest::Client {
    // Whoever is first installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().user_agent(AGENT).redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// A field of a message: its number, and a number or bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Number(u64),
    Bytes(Vec<u8>),
}

/// The fields of a message, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(Vec<(u64, Value)>);

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let (byte, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            break;
        }
    }
    value
}

impl Fields {
    pub(crate) fn read(mut bytes: &[u8]) -> Self {
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            let tag = varint(&mut bytes);
            let value = match tag & 7 {
                0 => Value::Number(varint(&mut bytes)),
                2 => {
                    let length = varint(&mut bytes) as usize;
                    let (taken, rest) = bytes.split_at(length);
                    bytes = rest;
                    Value::Bytes(taken.to_vec())
                }
                kind => panic!("no field is of the kind {kind}"),
            };
            fields.push((tag >> 3, value));
        }
        Self(fields)
    }

    pub(crate) fn number(&self, field: u64) -> u64 {
        let found = self.0.iter().find_map(|(number, value)| match value {
            Value::Number(value) if *number == field => Some(*value),
            _ => None,
        });
        found.unwrap_or(0)
    }

    pub(crate) fn all(&self, field: u64) -> Vec<Vec<u8>> {
        let bytes = self.0.iter().filter(|(number, _)| *number == field).filter_map(|(_, value)| match value {
            Value::Bytes(bytes) => Some(bytes.clone()),
            Value::Number(_) => None,
        });
        bytes.collect()
    }

    pub(crate) fn bytes(&self, field: u64) -> Vec<u8> {
        self.all(field).into_iter().next().unwrap_or_default()
    }

    pub(crate) fn text(&self, field: u64) -> String {
        String::from_utf8(self.bytes(field)).unwrap()
    }

    pub(crate) fn message(&self, field: u64) -> Self {
        Self::read(&self.bytes(field))
    }
}

fn push(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// A frame of a client.
pub(crate) fn frame(log_id: u64, kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    if log_id > 0 {
        bytes.push(0x10);
        push(&mut bytes, log_id);
    }
    for (tag, value) in [(0x32, b"pb".as_slice()), (0x3a, kind.as_bytes()), (0x42, payload)] {
        bytes.push(tag);
        push(&mut bytes, value.len() as u64);
        bytes.extend_from_slice(value);
    }
    bytes
}

/// A heartbeat, or what enters a room.
pub(crate) fn of_room(kind: &str, room: u64) -> Vec<u8> {
    let mut payload = vec![0x08];
    push(&mut payload, room);
    if kind == "im_enter_room" {
        payload.extend_from_slice(b"\x20\x0c\x2a\x08audience\x40\x07\x4a\x010");
    }
    frame(0, kind, &payload)
}

/// A frame of the server, unpacked.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) log_id: u64,
    pub(crate) kind: String,
    pub(crate) packed: bool,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    fn read(bytes: &[u8]) -> Self {
        let frame = Fields::read(bytes);
        let headers = frame.all(5).iter().map(|header| Fields::read(header)).collect::<Vec<_>>();
        let mut payload = frame.bytes(8);
        let packed = payload.starts_with(b"\x1f\x8b");
        if packed {
            let mut plain = Vec::new();
            GzDecoder::new(payload.as_slice()).read_to_end(&mut plain).unwrap();
            payload = plain;
        }
        Self {
            log_id: frame.number(2),
            kind: frame.text(7),
            packed,
            headers: headers.iter().map(|header| (header.text(1), header.text(2))).collect(),
            payload,
        }
    }

    pub(crate) fn result(&self) -> Fields {
        Fields::read(&self.payload)
    }

    /// Its messages: method, payload and whether they are old.
    pub(crate) fn messages(&self) -> Vec<(String, Fields, bool)> {
        let messages = self.result().all(1);
        let read = messages.iter().map(|message| Fields::read(message));
        read.map(|message| (message.text(1), message.message(2), message.number(6) == 1)).collect()
    }
}

pub(crate) struct Reader {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// The address of the socket of a room.
pub(crate) fn address(sim: &SimTiktok, room: u64, more: &str) -> String {
    format!(
        "{}/webcast/im/ws_proxy/ws_reuse_supplement/?aid=1988&app_name=tiktok_web&compress=gzip&room_id={room}\
         &history_comment_count=6{more}",
        sim.ws_url()
    )
}

impl Reader {
    /// Opens a socket with these headers.
    pub(crate) async fn open(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let (socket, _) = connect_async(request).await?;
        Ok(Self { socket })
    }

    /// A socket of a room as a good client opens it, with a heartbeat and the room entered.
    pub(crate) async fn enter(sim: &SimTiktok, room: u64, ttwid: &str) -> Self {
        let cookie = format!("ttwid={ttwid}");
        let headers = [("user-agent", AGENT), ("cookie", cookie.as_str())];
        let mut reader = Self::open(&address(sim, room, ""), &headers).await.unwrap();
        reader.send(of_room("hb", room)).await;
        reader.send(of_room("im_enter_room", room)).await;
        reader
    }

    pub(crate) async fn send(&mut self, bytes: Vec<u8>) {
        self.socket.send(Message::binary(bytes)).await.unwrap();
    }

    /// The next frame, or how the socket ended.
    pub(crate) async fn next(&mut self) -> Result<Frame, String> {
        let read = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Binary(bytes))) => return Ok(Frame::read(&bytes)),
                    Some(Ok(Message::Close(Some(close)))) => return Err(format!("{} {}", close.code, close.reason)),
                    Some(Ok(Message::Close(None))) => return Err("closed".to_owned()),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Err("cut".to_owned()),
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), read).await.expect("waited in vain")
    }

    /// The next frame of this kind.
    pub(crate) async fn until(&mut self, kind: &str) -> Frame {
        loop {
            let frame = self.next().await.unwrap();
            if frame.kind == kind {
                return frame;
            }
        }
    }

    /// Whether nothing comes for a moment.
    pub(crate) async fn is_silent(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(300), self.socket.next()).await.is_err()
    }
}
