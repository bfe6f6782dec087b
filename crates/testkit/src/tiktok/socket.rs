//! One socket, from the handshake to its end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;

use super::fault::{Fault, Refusal, refused};
use super::frame::{self, Fetched, Heard, frame as push_frame};
use super::log::{self, Ack, Entered, Logged, note};
use super::server::{Asked, Shared};
use super::visitor::is_whole;
use super::world::{Listener, OUT_QUEUE, Out, Packing};

/// How long the end of a visitor's last socket may take until the next one stays silent.
const LEAVING: Duration = Duration::from_millis(500);

/// Bytes of a client's frame. Real ones have less than a hundred.
const MAX_FRAME: usize = 64 * 1024;

/// Answers the handshake, and lives on as long as the socket.
pub(super) async fn open(
    shared: &Arc<Shared>,
    asked: &Asked,
    logged: Logged,
    parts: &mut Parts,
    fault: Option<Fault>,
) -> Response {
    let Ok(upgrade) = WebSocketUpgrade::from_request_parts(parts, &()).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let ttwid = asked.cookie("ttwid").map(str::to_owned);
    let room = asked.query("room_id").and_then(|id| id.parse::<u64>().ok());
    let packed = asked.query("compress") == Some("gzip");
    let history = asked.query("history_comment_count").and_then(|count| count.parse().ok()).unwrap_or(0);
    let blocked = shared.look(|world| ttwid.as_ref().is_some_and(|ttwid| world.blocked.contains(ttwid)));
    if blocked || asked.header("user-agent").is_none_or(str::is_empty) {
        return refused(Refusal::DeviceBlocked);
    }
    if asked.query("aid") != Some("1988") || asked.query("app_name") != Some("tiktok_web") {
        return refused(Refusal::IllegalAppId);
    }
    let Some(room) = room.filter(|id| shared.look(|world| world.rooms.get(id).is_some_and(|room| room.alive))) else {
        return refused(Refusal::NoRoom);
    };
    let signed = shared.quietly(|world| {
        let used = asked.query("wrss").is_some_and(|token| world.signed.remove(token));
        used || asked.query("X-Gnarly").is_some_and(|signature| !signature.is_empty()) || !world.signature_needed
    });
    let stranger = !ttwid.as_deref().is_some_and(is_whole);
    let dropped = stranger || fault == Some(Fault::Dropped);
    let silent = !signed || fault == Some(Fault::Silent);
    let (out, waiting) = mpsc::channel(OUT_QUEUE);
    let visitor = ttwid.clone().unwrap_or_default();
    let shared = Arc::clone(shared);
    let upgrade = upgrade.max_message_size(MAX_FRAME).max_frame_size(MAX_FRAME);
    let mut response = upgrade.on_upgrade(move |socket| async move {
        let number = shared.change(|world| {
            let number = world.log.opened(logged, ttwid, room);
            let listener = Listener { room: 0, ttwid: visitor.clone(), out };
            world.listeners.insert(number, listener);
            number
        });
        let conversation = Conversation {
            shared: Arc::clone(&shared),
            number,
            visitor,
            packed,
            history,
            silent,
            entered: false,
            sent: 0,
            batches: 0,
            beaten: Instant::now(),
        };
        if !dropped {
            shared.cancel.run_until_cancelled(conversation.run(socket, waiting)).await;
        }
        shared.change(|world| {
            world.listeners.remove(&number);
            if let Some(socket) = world.log.socket(number) {
                socket.open = false;
            }
        });
    });
    let options = HeaderValue::from_static("ping-interval=10;conn-type=3;cluster=sim");
    response.headers_mut().insert(HeaderName::from_static("handshake-options"), options);
    response
}

/// What is said through one socket.
struct Conversation {
    shared: Arc<Shared>,
    number: u64,
    visitor: String,
    packed: bool,
    history: usize,
    silent: bool,
    entered: bool,
    /// Frames so far.
    sent: u64,
    /// Frames with messages so far.
    batches: u64,
    /// When the last heartbeat came.
    beaten: Instant,
}

impl Conversation {
    async fn run(mut self, mut socket: WebSocket, mut waiting: mpsc::Receiver<Out>) {
        // Whether a heartbeat came yet: before it, nothing is answered.
        let mut alive = false;
        let mut entering = None;
        loop {
            let patience = self.shared.look(|world| world.heartbeat_timeout);
            let late = tokio::time::sleep_until((self.beaten + patience).into());
            tokio::select! {
                () = late => {
                    close(&mut socket, 1000, "payload_handler_hb").await;
                    return;
                }
                out = waiting.recv() => {
                    let Some(out) = out else { return };
                    if !self.carry_out(&mut socket, out).await {
                        return;
                    }
                }
                heard = socket.recv() => match heard {
                    Some(Ok(Message::Binary(bytes))) => match self.hear(&bytes) {
                        Heard::Heartbeat { .. } => {
                            alive = true;
                            self.beaten = Instant::now();
                            if self.entered && !self.send(&mut socket, "hb", &[], 0).await {
                                return;
                            }
                        }
                        Heard::Enter { room, .. } => entering = Some(room),
                        _ => {}
                    },
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(Message::Text(_))) => self.note(|socket| socket.strange += 1),
                    Some(Ok(_)) => {}
                },
            }
            if alive
                && let Some(room) = entering.take()
                && !self.enter(&mut socket, room).await
            {
                return;
            }
        }
    }

    /// Keeps what a client sent.
    fn hear(&self, bytes: &Bytes) -> Heard {
        let heard = frame::hear(bytes);
        self.note(|socket| match &heard {
            Heard::Heartbeat { room } => note(&mut socket.heartbeats, (Instant::now(), *room)),
            Heard::Enter { room, nonce, live_id, identity } => {
                let (room_id, identity) = (*room, identity.clone());
                note(&mut socket.entered, Entered { room_id, nonce: *nonce, live_id: *live_id, identity });
            }
            Heard::Ack { log_id, payload } => {
                let internal_ext = String::from_utf8_lossy(payload).into_owned();
                note(&mut socket.acks, Ack { log_id: *log_id, internal_ext });
            }
            Heard::Other(_) | Heard::Broken => socket.strange += 1,
        });
        heard
    }

    /// Changes what is known about this socket.
    fn note(&self, change: impl FnOnce(&mut log::Socket)) {
        self.shared.change(|world| {
            if let Some(socket) = world.log.socket(self.number) {
                change(socket);
            }
        });
    }

    /// Lets the client into a room: an answer, what was said before, and from now on everything.
    async fn enter(&mut self, socket: &mut WebSocket, room: u64) -> bool {
        if self.silent || !self.shared.look(|world| world.rooms.contains_key(&room)) {
            return true;
        }
        // The visitor's last socket may be on its way out.
        let mut changes = self.shared.changes();
        let alone = async {
            while self.shared.look(|world| world.has_rival(self.number, room, &self.visitor)) {
                if changes.changed().await.is_err() {
                    return;
                }
            }
        };
        if tokio::time::timeout(LEAVING, alone).await.is_err() {
            self.silent = true;
            self.note(|socket| socket.turned_away = true);
            return true;
        }
        self.entered = true;
        let (history, pin, in_answer, no_answer, now_ms) = self.shared.change(|world| {
            let Some(listener) = world.listeners.get_mut(&self.number) else { return Default::default() };
            listener.room = room;
            let pin = world.rooms.get(&room).and_then(|room| room.pin.clone()).map(|(pin, _)| pin);
            (world.backlog(room, self.history), pin, world.history_in_answer, world.no_answer, world.now_ms())
        });
        let messages: Vec<_> = history.into_iter().chain(pin).collect();
        let mut answer = Fetched { now_ms, is_first: true, ..Fetched::default() };
        answer.cursor = format!("{now_ms}_{room}_1_1_0_0");
        let mut rest = answer.clone();
        if in_answer {
            answer.messages = messages;
        } else {
            rest.messages = messages;
        }
        let (answer, has_rest) = (answer.write(), !rest.messages.is_empty());
        if !no_answer && !self.send(socket, "im_enter_room_resp", &answer, 0).await {
            return false;
        }
        !has_rest || self.send(socket, "msg", &rest.write(), self.log_id()).await
    }

    /// Does what a test or the room asks for. Gives false when the socket is over.
    async fn carry_out(&mut self, socket: &mut WebSocket, out: Out) -> bool {
        match out {
            Out::Batch(messages) if !self.silent => {
                self.batches += 1;
                let (now_ms, every) = self.shared.quietly(|world| (world.now_ms(), world.ack_every));
                let need_ack = every > 0 && self.batches.is_multiple_of(every);
                let internal_ext = format!(
                    "internal_src:dim|fetch_time:{now_ms}|seq:{}|wss_info:0-{now_ms}-0-0|wrds_v:{}",
                    self.batches, self.number
                );
                let log_id = self.log_id();
                if need_ack {
                    let ack = Ack { log_id, internal_ext: internal_ext.clone() };
                    self.shared.quietly(|world| {
                        if let Some(socket) = world.log.socket(self.number) {
                            note(&mut socket.wanted, ack);
                        }
                    });
                }
                let cursor = format!("{now_ms}_{}_1_1_0_0", self.batches);
                let messages = messages.to_vec();
                let fetched = Fetched { messages, now_ms, internal_ext, cursor, need_ack, ..Fetched::default() };
                self.send(socket, "msg", &fetched.write(), log_id).await
            }
            Out::Frame(kind, payload) if !self.silent => {
                let log_id = self.log_id();
                self.send(socket, &kind, &payload, log_id).await
            }
            Out::Raw(bytes) if !self.silent => socket.send(Message::Binary(bytes.into())).await.is_ok(),
            Out::Text(text) if !self.silent => socket.send(Message::Text(text.into())).await.is_ok(),
            Out::CloseFrame(reason) if !self.silent => {
                self.sent += 1;
                let bytes = frame::close(self.sent, &reason);
                socket.send(Message::Binary(bytes.into())).await.is_ok()
            }
            Out::Ping => socket.send(Message::Ping(Bytes::from_static(b"sim"))).await.is_ok(),
            Out::Close(code, reason) => {
                close(socket, code, &reason).await;
                false
            }
            Out::Drop => false,
            Out::Batch(_) | Out::Frame(..) | Out::Raw(_) | Out::Text(_) | Out::CloseFrame(_) => true,
        }
    }

    /// The number of the next frame for its acknowledgement.
    fn log_id(&self) -> u64 {
        7_300_000_000_000_000_000 + self.number * 1_000_000 + self.sent + 1
    }

    async fn send(&mut self, socket: &mut WebSocket, kind: &str, payload: &[u8], log_id: u64) -> bool {
        self.sent += 1;
        let packing = self.shared.look(|world| world.packing);
        let zip = match packing {
            Packing::Alternately => self.sent.is_multiple_of(2),
            Packing::Always => true,
            Packing::Never => false,
        };
        let bytes = push_frame(self.sent, log_id, kind, payload, zip && self.packed && !payload.is_empty());
        socket.send(Message::Binary(bytes.into())).await.is_ok()
    }
}

async fn close(socket: &mut WebSocket, code: u16, reason: &str) {
    // The client may have gone; then nobody misses it.
    let _ = socket.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
}
