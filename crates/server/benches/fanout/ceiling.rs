//! What the machine can do: one thread, bare sockets, the frame encoded once, nothing else. Whatever another server takes
//! beyond this is its own work.

use std::io::{ErrorKind, Read, Write};

use anyhow::{Context, Result};
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

use crate::server::announce;
use crate::wire;

const CLIENTS: Token = Token(0);
const CONTROL_LISTENER: Token = Token(1);
const CONTROL: Token = Token(2);
const FIRST_CLIENT: usize = 3;
/// The most bytes that are kept for a client that does not read; one that is further behind is closed.
const MOST_BEHIND: usize = 8 << 20;

struct Client {
    socket: TcpStream,
    /// The head of its request, until that is whole; then what follows it is thrown away.
    head: Vec<u8>,
    /// The place in the log up to which it got everything; `None` before the handshake.
    at: Option<u64>,
}

struct Ceiling {
    poll: Poll,
    clients: Vec<Option<Client>>,
    /// All frames that somebody still needs, one after the other.
    log: Vec<u8>,
    /// The place of the first byte of `log` since the start.
    base: u64,
}

/// Serves until it is killed. With `coalesce`, all frames that have arrived leave in one write for each client; without,
/// every frame is a write of its own.
pub(crate) fn serve(coalesce: bool) -> Result<()> {
    let local = ([127, 0, 0, 1], 0).into();
    let mut listener = TcpListener::bind(local)?;
    let mut control_listener = TcpListener::bind(local)?;
    let mut server = Ceiling { poll: Poll::new()?, clients: Vec::new(), log: Vec::new(), base: 0 };
    let registry = server.poll.registry();
    registry.register(&mut listener, CLIENTS, Interest::READABLE)?;
    registry.register(&mut control_listener, CONTROL_LISTENER, Interest::READABLE)?;
    announce(listener.local_addr()?, control_listener.local_addr()?);
    let mut control: Option<TcpStream> = None;
    let mut unread = Vec::new();
    let mut scratch = vec![0; 256 << 10];
    let mut events = Events::with_capacity(1024);
    loop {
        server.poll.poll(&mut events, None)?;
        for event in &events {
            match event.token() {
                CLIENTS => {
                    while let Ok((socket, _)) = listener.accept() {
                        server.accept(socket)?;
                    }
                }
                CONTROL_LISTENER => {
                    let (mut socket, _) = control_listener.accept().context("the control connection")?;
                    server.poll.registry().register(&mut socket, CONTROL, Interest::READABLE)?;
                    control = Some(socket);
                }
                CONTROL => {
                    let Some(socket) = &mut control else { continue };
                    while let Ok(n @ 1..) = socket.read(&mut scratch) {
                        unread.extend_from_slice(&scratch[..n]);
                        server.publish(&mut unread, coalesce);
                    }
                }
                Token(n) => {
                    server.read(n - FIRST_CLIENT, &mut scratch);
                    server.flush(n - FIRST_CLIENT);
                }
            }
        }
    }
}

impl Ceiling {
    fn accept(&mut self, mut socket: TcpStream) -> Result<()> {
        socket.set_nodelay(true)?;
        let free = self.clients.iter().position(Option::is_none).unwrap_or_else(|| {
            self.clients.push(None);
            self.clients.len() - 1
        });
        let interest = Interest::READABLE | Interest::WRITABLE;
        self.poll.registry().register(&mut socket, Token(free + FIRST_CLIENT), interest)?;
        self.clients[free] = Some(Client { socket, head: Vec::new(), at: None });
        Ok(())
    }

    fn end(&self) -> u64 {
        self.base + self.log.len() as u64
    }

    /// Takes whole messages out of `unread` and sends them.
    fn publish(&mut self, unread: &mut Vec<u8>, coalesce: bool) {
        let mut used = 0;
        while let Some((len, rest)) = unread[used..].split_first_chunk()
            && let Some(payload) = rest.get(..u32::from_le_bytes(*len) as usize)
        {
            used += 4 + payload.len();
            wire::put_frame(&mut self.log, wire::TEXT, false, payload);
            if !coalesce {
                self.fan_out();
            }
        }
        unread.drain(..used);
        if coalesce {
            self.fan_out();
        }
    }

    fn fan_out(&mut self) {
        for n in 0..self.clients.len() {
            self.flush(n);
        }
        let slowest = self.clients.iter().flatten().filter_map(|client| client.at).min().unwrap_or(self.end());
        let unneeded = if slowest == self.end() {
            self.log.len()
        } else if self.log.len() > MOST_BEHIND {
            MOST_BEHIND / 2
        } else {
            0
        };
        self.log.drain(..unneeded);
        self.base += unneeded as u64;
    }

    fn flush(&mut self, n: usize) {
        let (base, end) = (self.base, self.end());
        let Some(slot) = self.clients.get_mut(n) else { return };
        let Some(Client { socket, at: Some(at), .. }) = slot else { return };
        if *at < base {
            *slot = None;
            return;
        }
        while *at < end {
            match socket.write(&self.log[(*at - base) as usize..]) {
                Ok(written) => *at += written as u64,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => {
                    *slot = None;
                    return;
                }
            }
        }
    }

    fn read(&mut self, n: usize, scratch: &mut [u8]) {
        let end = self.end();
        let Some(slot) = self.clients.get_mut(n) else { return };
        let Some(client) = slot else { return };
        loop {
            match client.socket.read(scratch) {
                Ok(got @ 1..) if client.at.is_none() => client.head.extend_from_slice(&scratch[..got]),
                Ok(1..) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Ok(0) | Err(_) => {
                    *slot = None;
                    return;
                }
            }
        }
        if client.at.is_none() && wire::head_end(&client.head).is_some() {
            let answer = wire::upgrade_response(&client.head).unwrap_or_default();
            // 129 bytes into an empty socket: either all of them or the client is gone.
            if client.socket.write(answer.as_bytes()).is_ok_and(|n| n == answer.len() && n > 0) {
                client.at = Some(end);
                client.head = Vec::new();
            } else {
                *slot = None;
            }
        }
    }
}
