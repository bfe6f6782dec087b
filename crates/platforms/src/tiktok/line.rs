//! An open way to the frames of one room, whichever way it is.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

use super::ladder::Setback;
use super::refusal::Refusal;
use super::sign::SignError;
use super::webview::{Came, Watching};
use crate::tls;

/// Longest frame that is read, in bytes. Recorded ones have up to 60,000 (2023 and 2026).
const FRAME_MAX_BYTES: usize = 16 * 1024 * 1024;
/// What the socket reads at once, in bytes.
const READ_BUFFER_BYTES: usize = 16 * 1024;

/// An open way.
pub(crate) enum Line {
    /// A socket of our own: we enter the room, keep it alive, and acknowledge.
    Socket(Box<WebSocketStream<MaybeTlsStream<TcpStream>>>),
    /// The page's socket, which we only watch.
    Page(Box<Watching>),
}

/// Why there is no line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoLine {
    /// Something went wrong.
    Setback(Setback),
    /// The sign server did not help.
    Unsigned(SignError),
    /// There is no such room any more.
    RoomOver,
}

impl Line {
    /// Opens a socket.
    pub(crate) async fn open(request: Request, limit: Duration) -> Result<Self, NoLine> {
        tls::install_provider();
        let config = WebSocketConfig::default()
            .max_message_size(Some(FRAME_MAX_BYTES))
            .max_frame_size(Some(FRAME_MAX_BYTES))
            .read_buffer_size(READ_BUFFER_BYTES);
        let connecting = Box::pin(connect_async_tls_with_config(request, Some(config), true, None));
        match tokio::time::timeout(limit, connecting).await {
            Ok(Ok((socket, _))) => Ok(Self::Socket(Box::new(socket))),
            Ok(Err(Error::Http(response))) => {
                let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
                let refusal = Refusal::of_handshake(response.status().as_u16(), header);
                metrics::counter!("polychat_tiktok_refusals_total", "why" => refusal.word()).increment(1);
                Err(refused(refusal))
            }
            Ok(Err(_)) | Err(_) => Err(NoLine::Setback(Setback::Lost)),
        }
    }

    /// Whether it is ours to keep alive.
    pub(crate) fn is_ours(&self) -> bool {
        matches!(self, Self::Socket(_))
    }

    /// The next frame. Nothing is lost when the future is dropped.
    pub(crate) async fn next(&mut self) -> Result<Came, Setback> {
        match self {
            Self::Socket(socket) => loop {
                match socket.next().await {
                    Some(Ok(Message::Binary(frame))) => return Ok(Came::Frame(frame)),
                    // Pings are answered by the library; texts do not occur.
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Text(_) | Message::Frame(_))) => {}
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Setback::Lost),
                }
            },
            Self::Page(page) => page.next().await,
        }
    }

    /// Sends a frame; to a page nothing is sent.
    pub(crate) async fn send(&mut self, frame: Vec<u8>) -> Result<(), Setback> {
        match self {
            Self::Socket(socket) => socket.send(Message::binary(frame)).await.map_err(|_| Setback::Lost),
            Self::Page(_) => Ok(()),
        }
    }
}

/// What a refusal comes to.
pub(crate) fn refused(refusal: Refusal) -> NoLine {
    match refusal {
        Refusal::RoomOver => NoLine::RoomOver,
        Refusal::DeviceBlocked => NoLine::Setback(Setback::Refused),
        Refusal::SessionMissing | Refusal::BadParameters | Refusal::DirectDisabled => {
            NoLine::Setback(Setback::Unwanted)
        }
        Refusal::Limited => NoLine::Setback(Setback::Blocked),
        Refusal::Other => NoLine::Setback(Setback::Lost),
    }
}
