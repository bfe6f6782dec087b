//! The obvious design as a reference: axum, one task for each client, the text shared, all waiting messages taken before a
//! flush, buffers that are not the library's 128 KiB.

use anyhow::Result;
use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{State, ws};
use axum::response::Response;
use axum::routing::get;
use futures_util::SinkExt;
use tokio::io::{AsyncReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::broadcast::{self, error::RecvError};

use crate::server::announce;

/// The messages that may wait for a client; one that is further behind misses some.
const WAITING: usize = 4096;
const READ_BUFFER: usize = 4 << 10;
/// Taken only while something waits, so it costs an idle client nothing.
const WRITE_BUFFER: usize = 64 << 10;

/// Serves until it is killed.
pub(crate) fn serve() -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let control = TcpListener::bind("127.0.0.1:0").await?;
        announce(listener.local_addr()?, control.local_addr()?);
        let frames = broadcast::Sender::new(WAITING);
        let app = Router::new().route("/ws", get(upgrade)).with_state(frames.clone());
        let listener = axum::serve::ListenerExt::tap_io(listener, |socket: &mut tokio::net::TcpStream| {
            let _ = socket.set_nodelay(true);
        });
        tokio::select! {
            served = async { axum::serve(listener, app).await } => Ok(served?),
            read = read(control, frames) => read,
        }
    })
}

async fn read(control: TcpListener, frames: broadcast::Sender<Utf8Bytes>) -> Result<()> {
    let (socket, _) = control.accept().await?;
    let mut socket = BufReader::with_capacity(256 << 10, socket);
    loop {
        let mut payload = vec![0; socket.read_u32_le().await? as usize];
        socket.read_exact(&mut payload).await?;
        let _nobody_listens = frames.send(Utf8Bytes::try_from(payload)?);
    }
}

async fn upgrade(upgrade: WebSocketUpgrade, State(frames): State<broadcast::Sender<Utf8Bytes>>) -> Response {
    let frames = frames.subscribe();
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(usize::MAX)
        .on_upgrade(|socket| async { drop(client(socket, frames).await) })
}

async fn client(mut socket: WebSocket, mut frames: broadcast::Receiver<Utf8Bytes>) -> Result<(), axum::Error> {
    loop {
        tokio::select! {
            frame = frames.recv() => {
                match frame {
                    Ok(text) => socket.feed(Message::Text(text)).await?,
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => return Ok(()),
                }
                while let Ok(text) = frames.try_recv() {
                    socket.feed(ws::Message::Text(text)).await?;
                }
                socket.flush().await?;
            }
            message = socket.recv() => match message {
                None | Some(Ok(Message::Close(_))) => return Ok(()),
                Some(message) => drop(message?),
            },
        }
    }
}
