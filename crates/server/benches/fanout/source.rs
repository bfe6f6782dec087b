//! Where messages come from: a thread that sends them at an even rate, as Twitch to polychat, bare to the others.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::message::{self, Stamp, now_ns};
use crate::wire;

/// The most bytes of one write.
const BATCH: usize = 64 << 10;
/// How long a server may take to join the channel.
const JOIN_TIMEOUT: Duration = Duration::from_secs(15);

/// A connection that two threads write to.
type Line = Arc<Mutex<TcpStream>>;

fn send(line: &Line, bytes: &[u8]) -> std::io::Result<()> {
    line.lock().unwrap_or_else(PoisonError::into_inner).write_all(bytes)
}

/// The sender of messages.
pub(crate) struct Source {
    line: Line,
    encode: fn(&mut Vec<u8>, &Stamp),
    next: Arc<AtomicU64>,
    running: Option<(Arc<AtomicBool>, JoinHandle<std::io::Result<()>>)>,
}

impl Source {
    /// Sends to a bare server.
    pub(crate) fn control(address: std::net::SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).context("the control connection")?;
        stream.set_nodelay(true)?;
        Ok(Self::new(Arc::new(Mutex::new(stream)), message::put_control))
    }

    /// Sends as Twitch, on the connection that joined the channel.
    pub(crate) fn twitch(twitch: &Twitch) -> Result<Self> {
        let joined = twitch.joined.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = twitch.joined.1.wait_timeout_while(joined, JOIN_TIMEOUT, |line| line.is_none());
        let (joined, _) = wait.unwrap_or_else(PoisonError::into_inner);
        let line = joined.clone().context("the server has not joined the channel")?;
        Ok(Self::new(line, |out, stamp| {
            let mut line = Vec::with_capacity(768);
            message::put_irc_line(&mut line, stamp);
            wire::put_frame(out, wire::TEXT, false, &line);
        }))
    }

    fn new(line: Line, encode: fn(&mut Vec<u8>, &Stamp)) -> Self {
        Self { line, encode, next: Arc::default(), running: None }
    }

    /// Begins to send `rate` messages a second.
    pub(crate) fn start(&mut self, rate: u64) {
        let stop = Arc::new(AtomicBool::new(false));
        let (line, encode, next, stopped) = (self.line.clone(), self.encode, self.next.clone(), stop.clone());
        let thread = std::thread::spawn(move || {
            let (begin, mut sent) = (now_ns(), 0);
            let mut batch = Vec::with_capacity(2 * BATCH);
            while !stopped.load(Ordering::Relaxed) {
                let now = now_ns();
                batch.clear();
                loop {
                    let due_ns = begin + (sent + 1) * 1_000_000_000 / rate;
                    if due_ns > now || batch.len() > BATCH {
                        break;
                    }
                    encode(&mut batch, &Stamp { due_ns, number: next.fetch_add(1, Ordering::Relaxed) });
                    sent += 1;
                }
                if batch.is_empty() {
                    let due_ns = begin + (sent + 1) * 1_000_000_000 / rate;
                    std::thread::sleep(Duration::from_nanos((due_ns - now).min(50_000_000)));
                } else {
                    send(&line, &batch)?;
                }
            }
            Ok(())
        });
        self.running = Some((stop, thread));
    }

    /// Asks the thread to stop; the load must go on reading until [`Self::stopped`], or a full server holds it.
    pub(crate) fn stop(&mut self) {
        if let Some((stop, _)) = &self.running {
            stop.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the thread has stopped, and then the number of the next message.
    pub(crate) fn stopped(&mut self) -> Result<Option<u64>> {
        if let Some((_, thread)) = self.running.take_if(|(_, thread)| thread.is_finished()) {
            match thread.join() {
                Ok(sent) => sent.context("the server no longer takes messages")?,
                Err(_) => bail!("the sender of messages panicked"),
            }
        }
        Ok(self.running.is_none().then(|| self.next.load(Ordering::Relaxed)))
    }
}

/// A Twitch that can do as much as is needed to be read.
pub(crate) struct Twitch {
    pub(crate) url: String,
    joined: Arc<(Mutex<Option<Line>>, Condvar)>,
}

impl Twitch {
    /// Listens on a port of its own, in threads that end with the process.
    pub(crate) fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("ws://{}", listener.local_addr()?);
        let joined = Arc::<(Mutex<Option<Line>>, Condvar)>::default();
        let theirs = joined.clone();
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let joined = theirs.clone();
                std::thread::spawn(move || {
                    if let Err(error) = talk(socket, &joined) {
                        eprintln!("simulated Twitch: {error:#}");
                    }
                });
            }
        });
        Ok(Self { url, joined })
    }

    /// Forgets the server that joined, before the next one is started.
    pub(crate) fn forget(&self) {
        *self.joined.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn talk(mut socket: TcpStream, joined: &(Mutex<Option<Line>>, Condvar)) -> Result<()> {
    socket.set_nodelay(true)?;
    let line: Line = Arc::new(Mutex::new(socket.try_clone()?));
    let (mut unread, mut scratch) = (Vec::new(), vec![0; 16 << 10]);
    let (mut upgraded, mut nick) = (false, String::from("justinfan1"));
    loop {
        let got = match socket.read(&mut scratch) {
            // The server was killed: its scenario is over.
            Ok(0) | Err(_) => return Ok(()),
            Ok(got) => got,
        };
        unread.extend_from_slice(&scratch[..got]);
        if !upgraded {
            let Some(end) = wire::head_end(&unread) else { continue };
            let answer = wire::upgrade_response(&unread[..end]).context("no WebSocket was asked for")?;
            send(&line, answer.as_bytes())?;
            unread.drain(..end);
            upgraded = true;
        }
        while let Some(header) = wire::header(&unread)
            && unread.len() >= header.len + header.payload
        {
            let mut payload: Vec<u8> = unread.drain(..header.len + header.payload).skip(header.len).collect();
            if let Some(mask) = header.mask {
                payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
            }
            let mut answer = Vec::new();
            match header.opcode {
                wire::TEXT => {
                    let asked = String::from_utf8(payload)?;
                    for command in asked.lines() {
                        let text = reply(command, &mut nick);
                        if !text.is_empty() {
                            wire::put_frame(&mut answer, wire::TEXT, false, text.as_bytes());
                        }
                    }
                    send(&line, &answer)?;
                    if asked.contains("JOIN #bench") {
                        *joined.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(line.clone());
                        joined.1.notify_all();
                    }
                    continue;
                }
                wire::PING => wire::put_frame(&mut answer, wire::PONG, false, &payload),
                wire::CLOSE => wire::put_frame(&mut answer, wire::CLOSE, false, &payload),
                _ => continue,
            }
            send(&line, &answer)?;
        }
    }
}

fn reply(command: &str, nick: &mut String) -> String {
    let (word, rest) = command.split_once(' ').unwrap_or((command, ""));
    match word {
        "CAP" => {
            format!(":tmi.twitch.tv CAP * ACK :{}\r\n", rest.trim_start_matches("REQ").trim().trim_start_matches(':'))
        }
        "NICK" => {
            rest.trim().clone_into(nick);
            ["001", "002", "003", "004", "375", "372", "376"]
                .map(|number| format!(":tmi.twitch.tv {number} {nick} :-\r\n"))
                .concat()
        }
        "PING" => format!(":tmi.twitch.tv PONG tmi.twitch.tv {rest}\r\n"),
        "JOIN" => {
            let joined = |channel: &str| {
                format!(
                    ":{nick}!{nick}@{nick}.tmi.twitch.tv JOIN {channel}\r\n@emote-only=0;followers-only=-1;r9k=0;\
                     room-id=11148817;slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE {channel}\r\n"
                )
            };
            rest.split(',').map(|channel| joined(channel.trim())).collect::<Vec<_>>().concat()
        }
        _ => String::new(),
    }
}
