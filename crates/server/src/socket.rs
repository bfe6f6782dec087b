//! One WebSocket: the handshake, then a task that reads requests, keeps the connection alive and drains what the client
//! was too slow for. What the client watches is written by the channels themselves ([`crate::outbound`]).

mod io;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use polychat_hub::text_frame;
use polychat_model::ErrorCode;
use polychat_model::wire::{ErrorFrame, Format, ServerMessage};
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message};
use tracing::debug;

use crate::listen::Place;
use crate::outbound::Outbound;
use crate::request::{Requests, Served};
use crate::routes::Shared;
use io::ClientIo;

/// How many pings long a client may be silent, pongs included, before it counts as gone (B23).
const SILENCE: f64 = 2.5;

/// What is read at once from a client. Requests are short; the library's default of 128 KiB would be most of a client's
/// memory.
const READ_BUFFER: usize = 2 * 1024;

/// How long a closing client may take to take leave.
const GOODBYE: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
pub(crate) struct Options {
    format: Option<String>,
}

/// Answers the handshake. By hand, because axum's own keeps the socket to itself, and the fan-out needs it.
pub(crate) async fn upgrade(
    State(shared): State<Arc<Shared>>,
    Query(options): Query<Options>,
    mut request: Request,
) -> Response {
    let format = match options.format.as_deref() {
        None | Some("flat") => Format::Flat,
        Some("nested") => Format::Nested,
        Some(_) => return (StatusCode::BAD_REQUEST, "format is flat or nested.").into_response(),
    };
    let headers = request.headers();
    if !lists(headers, &header::CONNECTION, "upgrade") || !lists(headers, &header::UPGRADE, "websocket") {
        let answer = [(header::CONNECTION, "upgrade"), (header::UPGRADE, "websocket")];
        return (StatusCode::UPGRADE_REQUIRED, answer, "This is a WebSocket. See /test for a page.").into_response();
    }
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        let answer = [(header::SEC_WEBSOCKET_VERSION, "13")];
        return (StatusCode::UPGRADE_REQUIRED, answer, "Only version 13 of WebSocket is spoken.").into_response();
    }
    let Some(key) = headers.get(header::SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes())) else {
        return (StatusCode::BAD_REQUEST, "Sec-WebSocket-Key is missing.").into_response();
    };
    let place = request.extensions().get::<Place>().cloned();
    let upgrading = hyper::upgrade::on(&mut request);
    let sockets = shared.sockets.clone();
    sockets.spawn(async move {
        client(upgrading, &shared, format).await;
        drop(place);
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(key) = HeaderValue::from_str(&key) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, key);
    }
    response
}

/// Whether a header that is a list names `word`.
fn lists(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|entry| entry.trim().eq_ignore_ascii_case(word))
}

/// Why we close a connection, as the protocol's numbers.
#[derive(Debug, Clone, Copy)]
enum Close {
    GoingAway = 1001,
    Protocol = 1002,
    NotText = 1007,
    Policy = 1008,
    TooBig = 1009,
}

/// The life of one client, from the handshake to the last frame.
async fn client(upgrading: OnUpgrade, shared: &Arc<Shared>, format: Format) {
    let Ok(Ok(upgraded)) = tokio::time::timeout(GOODBYE, upgrading).await else { return };
    let Ok(parts) = upgraded.downcast::<TokioIo<TcpStream>>() else {
        debug!("the connection is not a plain socket");
        return;
    };
    let socket = Arc::new(parts.io.into_inner());
    let outbound = Arc::new(Outbound::new(socket.clone(), shared.hub.clone(), shared.limits.max_queue_bytes));
    shared.counts.clients.fetch_add(1, Ordering::Relaxed);
    if let Some((close, reason)) = converse(&socket, parts.read_buf, &outbound, shared, format).await {
        outbound.answer(close_frame(close, reason));
        take_leave(&socket, &outbound).await;
    }
    shared.counts.clients.fetch_sub(1, Ordering::Relaxed);
}

/// Talks until one side ends it; `Some` if we do.
async fn converse(
    socket: &Arc<TcpStream>,
    leftover: Bytes,
    outbound: &Arc<Outbound>,
    shared: &Arc<Shared>,
    format: Format,
) -> Option<(Close, &'static str)> {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(Some(shared.limits.max_frame_bytes))
        .max_frame_size(Some(shared.limits.max_frame_bytes));
    let io = ClientIo::new(socket.clone(), leftover, outbound.clone());
    let mut ws = WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await;
    let mut requests = Requests::new(shared.clone(), outbound.clone(), format);
    let mut last_heard = Instant::now();
    let every = Duration::from_secs(shared.limits.ping_seconds);
    let mut ping = interval_at(last_heard + every, every);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.stop.cancelled() => return Some((Close::GoingAway, "Polychat is stopping.")),
            message = ws.next() => {
                last_heard = Instant::now();
                let served = match message {
                    Some(Ok(Message::Text(text))) => requests.text(&text),
                    Some(Ok(Message::Binary(_))) => requests.binary(),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => requests.control(),
                    // The library answers a close; what is left to read is its end.
                    Some(Ok(Message::Close(_) | Message::Frame(_))) => Served::Yes,
                    Some(Err(error)) => return refuse(&error, outbound, shared.limits.max_frame_bytes),
                    None => return None,
                };
                if matches!(served, Served::TooMany) {
                    return Some((Close::Policy, "Too many requests."));
                }
            }
            drained = outbound.drain(), if outbound.is_waiting() => {
                if drained.is_err() {
                    return None;
                }
            }
            // Only to a client that keeps up: it gets the latest, and no more of them than it reads.
            changed = requests.followed(), if !outbound.is_waiting() => requests.tell(changed),
            () = outbound.wake.notified() => {}
            now = ping.tick() => {
                if now.duration_since(last_heard) > every.mul_f64(SILENCE) || outbound.is_done_for() {
                    return None;
                }
                if ws.send(Message::Ping(Bytes::new())).await.is_err() {
                    return None;
                }
            }
        }
        if outbound.has_failed() {
            return None;
        }
    }
}

/// What to say to a client whose bytes are not WebSocket as we speak it.
fn refuse(error: &tungstenite::Error, outbound: &Outbound, max_bytes: usize) -> Option<(Close, &'static str)> {
    match error {
        tungstenite::Error::Capacity(CapacityError::MessageTooLong { .. }) => {
            let text = format!("The frame is too large: {max_bytes} bytes at most.");
            let error = ServerMessage::Error(ErrorFrame::new(ErrorCode::InvalidRequest, text));
            outbound.answer(text_frame(error.to_json().as_bytes()));
            Some((Close::TooBig, "The frame is too large."))
        }
        tungstenite::Error::Utf8(_) => Some((Close::NotText, "A text frame is not UTF-8.")),
        tungstenite::Error::Protocol(_) => Some((Close::Protocol, "That is not WebSocket.")),
        _ => None,
    }
}

/// A close frame as a server sends it.
fn close_frame(close: Close, reason: &str) -> Bytes {
    let mut out = BytesMut::with_capacity(4 + reason.len());
    out.put_u8(0x88);
    // Reasons are ours and short; a control frame may hold 125 bytes.
    out.put_u8(2 + reason.len() as u8);
    out.put_u16(close as u16);
    out.put_slice(reason.as_bytes());
    out.freeze()
}

/// Lets the last frames reach the client: writes what waits, then reads until the client closes. Without that, unread
/// bytes would make the system throw away what we said last.
async fn take_leave(socket: &TcpStream, outbound: &Outbound) {
    let mut ignored = [0; 4096];
    let _ = tokio::time::timeout(GOODBYE, async {
        while outbound.is_waiting() {
            outbound.drain().await?;
        }
        loop {
            socket.readable().await?;
            match socket.try_read(&mut ignored) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    })
    .await;
}
