//! The socket as the WebSocket library sees it: reads come from the client, writes go the way of all frames, so that the
//! library's pongs and closes never land in the middle of a chat frame.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::outbound::Outbound;

pub(crate) struct ClientIo {
    socket: Arc<TcpStream>,
    /// What came with the handshake.
    leftover: Bytes,
    outbound: Arc<Outbound>,
}

impl ClientIo {
    pub(crate) fn new(socket: Arc<TcpStream>, leftover: Bytes, outbound: Arc<Outbound>) -> Self {
        // An empty slice would keep the buffer of the handshake alive, 8 KiB for as long as the client stays.
        let leftover = if leftover.is_empty() { Bytes::new() } else { leftover };
        Self { socket, leftover, outbound }
    }
}

impl AsyncRead for ClientIo {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.leftover.has_remaining() {
            let size = self.leftover.remaining().min(buf.remaining());
            buf.put_slice(&self.leftover.split_to(size));
            if self.leftover.is_empty() {
                self.leftover = Bytes::new();
            }
            return Poll::Ready(Ok(()));
        }
        loop {
            ready!(self.socket.poll_read_ready(cx))?;
            match self.socket.try_read(buf.initialize_unfilled()) {
                Ok(size) => {
                    buf.advance(size);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for ClientIo {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        // The library hands over whole frames, and few: pongs, pings, closes.
        self.outbound.answer(Bytes::copy_from_slice(buf));
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
