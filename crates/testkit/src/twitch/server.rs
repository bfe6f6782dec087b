//! The sockets of the simulation: accepting, the handshake and the conversation of one connection.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use futures_util::{SinkExt, StreamExt};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::state::{Connection, Join, OUT_QUEUE, Out, Received, Shared, echo, suspended_notice};

/// Lines that wait are joined into one frame up to this number, as Twitch does.
const LINES_PER_FRAME: usize = 16;

/// Listens at `address`, also when the port was in use a moment ago.
pub(super) async fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    tokio::task::yield_now().await;
    socket.listen(1024)
}

/// Takes connections while `listening` is true; the socket is closed meanwhile when it is not.
pub(super) async fn accept(
    listener: TcpListener,
    mut listening: watch::Receiver<bool>,
    shared: Arc<Shared>,
    tracker: TaskTracker,
    cancel: CancellationToken,
) {
    let Ok(address) = listener.local_addr() else { return };
    let mut listener = Some(listener);
    loop {
        let wanted = *listening.borrow_and_update();
        if !wanted {
            listener = None;
        } else if listener.is_none() {
            listener = bind(address).await.ok();
        }
        let refusing = listener.is_none();
        shared.change(|state| state.refusing = refusing);
        let accepted = async {
            match &listener {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = cancel.cancelled() => return,
            changed = listening.changed() => if changed.is_err() { return },
            result = accepted => if let Ok((stream, _)) = result {
                let (shared, cancel, tasks) = (Arc::clone(&shared), cancel.clone(), tracker.clone());
                tracker.spawn(async move {
                    tokio::select! {
                        () = cancel.cancelled() => {}
                        () = serve(stream, &shared, &tasks, &cancel) => {}
                    }
                });
            }
        }
    }
}

async fn serve(mut stream: TcpStream, shared: &Arc<Shared>, tasks: &TaskTracker, cancel: &CancellationToken) {
    let (status, stall) = shared.look(|state| (state.http_status, state.stall_handshakes));
    if stall {
        std::future::pending::<()>().await;
    }
    if let Some(status) = status {
        let answer = format!("HTTP/1.1 {status} Simulated\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        // The client may have gone; then nobody misses the answer.
        let _ = stream.write_all(answer.as_bytes()).await;
        return;
    }
    let _ = stream.set_nodelay(true);
    let Ok(socket) = tokio_tungstenite::accept_async(stream).await else { return };
    let (out, waiting) = mpsc::channel(OUT_QUEUE);
    let id = shared.change(|state| {
        state.made += 1;
        let connection = Connection { nick: String::new(), joined: BTreeSet::new(), out, lost: 0 };
        state.connections.insert(state.made, connection);
        state.made
    });
    converse(socket, waiting, id, shared, tasks, cancel).await;
    shared.change(|state| state.connections.remove(&id));
}

async fn converse(
    mut socket: WebSocketStream<TcpStream>,
    mut waiting: mpsc::Receiver<Out>,
    id: u64,
    shared: &Arc<Shared>,
    tasks: &TaskTracker,
    cancel: &CancellationToken,
) {
    loop {
        tokio::select! {
            out = waiting.recv() => {
                let Some(out) = out else { return };
                let delay = shared.look(|state| state.delay);
                if !delay.is_zero() {
                    tokio::time::sleep(delay).await;
                }
                if !carry_out(&mut socket, &mut waiting, out).await {
                    return;
                }
            }
            frame = socket.next() => match frame {
                Some(Ok(Message::Text(text))) => {
                    for line in text.split(['\r', '\n']).filter(|line| !line.is_empty()) {
                        hear(id, line, shared, tasks, cancel);
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
        }
    }
}

/// Does what a test or an answer asks for. Gives false when the connection is over.
async fn carry_out(socket: &mut WebSocketStream<TcpStream>, waiting: &mut mpsc::Receiver<Out>, out: Out) -> bool {
    let mut out = out;
    loop {
        match out {
            Out::Line(line) => {
                let mut frame = line;
                frame.push_str("\r\n");
                let mut other = None;
                for _ in 1..LINES_PER_FRAME {
                    match waiting.try_recv() {
                        Ok(Out::Line(line)) => {
                            frame.push_str(&line);
                            frame.push_str("\r\n");
                        }
                        Ok(not_a_line) => {
                            other = Some(not_a_line);
                            break;
                        }
                        Err(_) => break,
                    }
                }
                if socket.send(Message::text(frame)).await.is_err() {
                    return false;
                }
                match other {
                    Some(not_a_line) => out = not_a_line,
                    None => return true,
                }
            }
            Out::Frame(frame) => return socket.send(frame).await.is_ok(),
            Out::RawTextFrame(bytes) => {
                let frame = Frame::message(bytes, OpCode::Data(Data::Text), true);
                return socket.send(Message::Frame(frame)).await.is_ok();
            }
            Out::Close => {
                let _ = socket.close(None).await;
                return false;
            }
            Out::Reset => {
                let _ = socket.get_ref().set_zero_linger();
                return false;
            }
            Out::Hang => {
                // Until a reset, or until the simulation ends.
                while let Some(out) = waiting.recv().await {
                    if matches!(out, Out::Reset) {
                        let _ = socket.get_ref().set_zero_linger();
                        return false;
                    }
                }
                return false;
            }
        }
    }
}

/// Answers one line.
fn hear(id: u64, line: &str, shared: &Arc<Shared>, tasks: &TaskTracker, cancel: &CancellationToken) {
    let at = Instant::now();
    let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
    let slow_join = shared.change(|state| {
        state.received.push(Received { connection: id, at, line: line.to_owned() });
        state.slow_join
    });
    let send = |line: String| {
        shared.change(|state| {
            if let Some(connection) = state.connections.get_mut(&id) {
                connection.send(Out::Line(line));
            }
        });
    };
    match command {
        "CAP" => {
            if let Some(wanted) = rest.strip_prefix("REQ :") {
                send(format!(":tmi.twitch.tv CAP * ACK :{wanted}"));
            }
        }
        "NICK" => {
            shared.change(|state| {
                if let Some(connection) = state.connections.get_mut(&id) {
                    rest.clone_into(&mut connection.nick);
                }
            });
            let texts = [
                ("001", ":Welcome, GLHF!"),
                ("002", ":Your host is tmi.twitch.tv"),
                ("003", ":This server is rather new"),
                ("004", ":-"),
                ("375", ":-"),
                ("372", ":You are in a maze of twisty passages, all alike."),
                ("376", ":>"),
            ];
            let terse = shared.look(|state| state.terse);
            for (number, text) in texts.into_iter().filter(|_| !terse) {
                send(format!(":tmi.twitch.tv {number} {rest} {text}"));
            }
        }
        "PING" => send(format!(":tmi.twitch.tv PONG tmi.twitch.tv {}", if rest.is_empty() { ":" } else { rest })),
        "JOIN" => {
            for login in rest.split(',').map(|channel| channel.trim_start_matches('#').to_owned()) {
                let answered = shared.change(|state| {
                    state.joins.push(Join { connection: id, at, login: login.clone() });
                    if state.ignore_joins > 0 {
                        state.ignore_joins -= 1;
                        return false;
                    }
                    if state.suspended.contains(&login) {
                        if let Some(connection) = state.connections.get_mut(&id) {
                            connection.send(Out::Line(suspended_notice(&login)));
                        }
                        return false;
                    }
                    state.known.as_ref().is_none_or(|known| known.contains(&login))
                });
                if !answered {
                    continue;
                }
                if slow_join.is_zero() {
                    shared.change(|state| state.join(id, &login));
                    continue;
                }
                let (shared, cancel) = (Arc::clone(shared), cancel.clone());
                tasks.spawn(async move {
                    tokio::select! {
                        () = cancel.cancelled() => {}
                        () = tokio::time::sleep(slow_join) => shared.change(|state| state.join(id, &login)),
                    }
                });
            }
        }
        "PART" => shared.change(|state| {
            let Some(connection) = state.connections.get_mut(&id) else { return };
            for login in rest.split(',').map(|channel| channel.trim_start_matches('#')) {
                if connection.joined.remove(login) {
                    let line = echo(&connection.nick, "PART", login);
                    connection.send(Out::Line(line));
                }
            }
        }),
        "PONG" | "PASS" | "PRIVMSG" | "QUIT" | "USER" => {}
        unknown => {
            let nick = shared.look(|state| state.connections.get(&id).map(|connection| connection.nick.clone()));
            send(format!(":tmi.twitch.tv 421 {} {unknown} :Unknown command", nick.unwrap_or_default()));
        }
    }
}
