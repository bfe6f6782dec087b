//! The clients: one thread, cheap enough that the server is what limits.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use socket2::SockRef;

use crate::histogram::Histogram;
use crate::message::{now_ns, stamp};
use crate::wire;

/// How many connections are being made at a time.
const IN_FLIGHT: usize = 64;
/// The bytes of one read.
const SCRATCH: usize = 256 << 10;
/// How long all connects of a step may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(60);
/// What a client that never reads lets the kernel keep for it, in bytes.
const STUCK_RECEIVE_BUFFER: usize = 4 << 10;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Connecting,
    Upgrading,
    Subscribing,
    Ready,
    Closed,
}

struct Client {
    socket: TcpStream,
    state: State,
    /// The beginning of a frame whose end has not arrived.
    carry: Vec<u8>,
    /// The number of the next message, once one has arrived.
    next: Option<u64>,
    /// Never reads what comes after the subscription.
    stuck: bool,
}

/// What clients have seen since the last [`Load::take`].
pub(crate) struct Tally {
    pub(crate) deliveries: u64,
    /// Of the payloads of deliveries.
    pub(crate) bytes: u64,
    pub(crate) lost: u64,
    pub(crate) disordered: u64,
    pub(crate) closed: u64,
    pub(crate) latency: Histogram,
    /// That of the others alone.
    pub(crate) others: Histogram,
}

impl Tally {
    fn new() -> Self {
        let (latency, others) = (Histogram::new(), Histogram::new());
        Self { deliveries: 0, bytes: 0, lost: 0, disordered: 0, closed: 0, latency, others }
    }

    /// Whether everything arrived in order.
    pub(crate) fn is_clean(&self) -> bool {
        self.lost == 0 && self.disordered == 0 && self.closed == 0
    }
}

/// All clients.
pub(crate) struct Load {
    server: SocketAddr,
    subscribe: Option<&'static str>,
    /// From which client on they are others.
    others_from: usize,
    poll: Poll,
    events: Events,
    clients: Vec<Client>,
    ready: usize,
    tally: Tally,
    scratch: Vec<u8>,
}

impl Load {
    /// No client yet. `subscribe` is what each sends after the handshake; it is then ready when `subscribed` arrives.
    pub(crate) fn new(server: SocketAddr, subscribe: Option<&'static str>) -> Result<Self> {
        Ok(Self {
            server,
            subscribe,
            others_from: usize::MAX,
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            clients: Vec::new(),
            ready: 0,
            tally: Tally::new(),
            scratch: vec![0; SCRATCH],
        })
    }

    /// The next connections are to this server.
    pub(crate) fn turn_to(&mut self, server: SocketAddr) {
        self.server = server;
    }

    /// From this client on they are others: their delay is counted by itself, too.
    pub(crate) fn others_from(&mut self, client: usize) {
        self.others_from = client;
    }

    /// Makes `count` connections, [`IN_FLIGHT`] at a time, and waits until all are ready.
    pub(crate) fn connect(&mut self, count: usize, stuck: bool) -> Result<Duration> {
        let (begin, goal) = (Instant::now(), self.clients.len() + count);
        while self.ready < goal {
            while self.clients.len() < goal.min(self.ready + IN_FLIGHT) {
                let mut socket = TcpStream::connect(self.server)?;
                socket.set_nodelay(true)?;
                if stuck {
                    SockRef::from(&socket).set_recv_buffer_size(STUCK_RECEIVE_BUFFER)?;
                }
                let token = Token(self.clients.len());
                self.poll.registry().register(&mut socket, token, Interest::READABLE | Interest::WRITABLE)?;
                self.clients.push(Client { socket, state: State::Connecting, carry: Vec::new(), next: None, stuck });
            }
            self.turn(Duration::from_millis(100))?;
            ensure!(self.tally.closed == 0, "the server refused a client, or closed it: {} are ready", self.ready);
            ensure!(begin.elapsed() < CONNECT_TIMEOUT, "only {} of {goal} clients got ready", self.ready);
        }
        Ok(begin.elapsed())
    }

    /// Reads for as long as that.
    pub(crate) fn run_for(&mut self, time: Duration) -> Result<()> {
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            self.turn(left)?;
        }
    }

    /// Reads until every client has had the messages before `next`; those that have not by the deadline count as lost.
    pub(crate) fn drain(&mut self, next: u64, deadline: Duration) -> Result<()> {
        let end = Instant::now() + deadline;
        let missing = |clients: &[Client]| -> u64 {
            clients.iter().filter(|c| !c.stuck).map(|c| next.saturating_sub(c.next.unwrap_or(next))).sum()
        };
        while missing(&self.clients) > 0 && Instant::now() < end {
            self.run_for(Duration::from_millis(20))?;
        }
        self.tally.lost += missing(&self.clients);
        Ok(())
    }

    /// What was seen, and begins anew.
    pub(crate) fn take(&mut self) -> Tally {
        std::mem::replace(&mut self.tally, Tally::new())
    }

    fn turn(&mut self, timeout: Duration) -> Result<()> {
        let mut events = std::mem::replace(&mut self.events, Events::with_capacity(0));
        match self.poll.poll(&mut events, Some(timeout)) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error.into()),
            _ => {}
        }
        for event in &events {
            let n = event.token().0;
            if event.is_writable() && self.clients[n].state == State::Connecting {
                self.upgrade(n);
            }
            if event.is_readable() {
                self.read(n)?;
            }
        }
        self.events = events;
        Ok(())
    }

    fn upgrade(&mut self, n: usize) {
        let client = &mut self.clients[n];
        // A request of 200 bytes fits into an empty socket: either all of it or none.
        match client.socket.write(wire::upgrade_request(self.server.port()).as_bytes()) {
            Ok(_) => client.state = State::Upgrading,
            Err(error) if error.kind() == ErrorKind::NotConnected => {}
            Err(_) => self.close(n),
        }
    }

    fn close(&mut self, n: usize) {
        let client = &mut self.clients[n];
        if client.state != State::Closed {
            client.state = State::Closed;
            self.tally.closed += 1;
        }
    }

    fn read(&mut self, n: usize) -> Result<()> {
        loop {
            let client = &mut self.clients[n];
            if client.state == State::Closed || (client.stuck && client.state == State::Ready) {
                return Ok(());
            }
            let carried = client.carry.len();
            ensure!(carried < SCRATCH / 2, "a frame is longer than any that we expect");
            let got = match client.socket.read(&mut self.scratch[carried..]) {
                Ok(got @ 1..) => got,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Ok(0) | Err(_) => {
                    self.close(n);
                    return Ok(());
                }
            };
            self.scratch[..carried].copy_from_slice(&client.carry);
            client.carry.clear();
            let filled = carried + got;
            let scratch = std::mem::take(&mut self.scratch);
            let used = self.take_frames(n, &scratch[..filled]);
            self.scratch = scratch;
            let used = used?;
            self.clients[n].carry.extend_from_slice(&self.scratch[used..filled]);
            // A read that leaves room has taken all there was: the next arrival is a new event of the edge-triggered poll.
            if filled < SCRATCH {
                return Ok(());
            }
        }
    }

    /// Looks at whole frames; how many bytes they took.
    fn take_frames(&mut self, n: usize, bytes: &[u8]) -> Result<usize> {
        let mut used = 0;
        if self.clients[n].state == State::Upgrading {
            let Some(end) = wire::head_end(bytes) else { return Ok(0) };
            if !bytes.starts_with(b"HTTP/1.1 101") {
                bail!("no WebSocket: {}", String::from_utf8_lossy(&bytes[..bytes.len().min(200)]));
            }
            used = end;
            let client = &mut self.clients[n];
            if let Some(request) = self.subscribe {
                client.state = State::Subscribing;
                let mut frame = Vec::new();
                wire::put_frame(&mut frame, wire::TEXT, true, request.as_bytes());
                client.socket.write_all(&frame)?;
            } else {
                client.state = State::Ready;
                self.ready += 1;
            }
        }
        let now = now_ns();
        while let Some(header) = wire::header(&bytes[used..])
            && let Some(payload) = bytes[used + header.len..].get(..header.payload)
        {
            used += header.len + header.payload;
            match header.opcode {
                wire::TEXT => self.text(n, payload, now),
                wire::PING => {
                    let mut pong = Vec::new();
                    wire::put_frame(&mut pong, wire::PONG, true, payload);
                    self.clients[n].socket.write_all(&pong)?;
                }
                wire::CLOSE => self.close(n),
                _ => {}
            }
        }
        Ok(used)
    }

    fn text(&mut self, n: usize, payload: &[u8], now: u64) {
        let (client, tally) = (&mut self.clients[n], &mut self.tally);
        if let Some(stamp) = stamp(payload) {
            tally.deliveries += 1;
            tally.bytes += payload.len() as u64;
            tally.latency.record(now.saturating_sub(stamp.due_ns));
            if n >= self.others_from {
                tally.others.record(now.saturating_sub(stamp.due_ns));
            }
            match client.next {
                Some(next) if stamp.number < next => tally.disordered += 1,
                Some(next) => tally.lost += stamp.number - next,
                None => {}
            }
            client.next = Some(stamp.number + 1);
        } else if client.state == State::Subscribing && memchr::memmem::find(payload, b"\"subscribed\"").is_some() {
            client.state = State::Ready;
            self.ready += 1;
        }
    }
}
