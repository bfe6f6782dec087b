//! The way out to one client.
//!
//! What is shared by many is written by the task that has it, straight into the socket: no task is woken for a client
//! that keeps up (docs/PERFORMANCE.md has the figures, docs/adr/0001 the reasons). Only when the socket is full do bytes
//! wait here, in a bounded queue, and the client's own task drains them, all in one write.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use polychat_hub::{Hold, Hub, Parcel, Viewer};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::Instant;

/// How long a client may take nothing at all before its socket is closed. Until then it costs its queue and no more.
/// Chosen by hand: longer than a browser tab or a laptop that hangs for a moment.
pub(crate) const STALL: Duration = Duration::from_secs(30);

/// Answers that wait for a client on top of the chat's bound; a client that asks and never reads is closed.
const ANSWERS: usize = 64 * 1024;

/// Pieces of one write. 64 is what the kernel takes at once without a second look; more gives nothing.
const PIECES: usize = 64;

/// The way out to one client. Shared by the client's task and by the channels that it watches.
pub(crate) struct Outbound {
    socket: Arc<TcpStream>,
    hub: Hub,
    max_queue: usize,
    queue: Mutex<Queue>,
    /// Wakes the client's task when something waits, or when the socket is done for.
    pub(crate) wake: Notify,
}

#[derive(Default)]
struct Queue {
    parts: VecDeque<Bytes>,
    bytes: usize,
    /// Holds that have missed frames and were not told yet.
    lagging: Vec<Arc<Hold>>,
    last_progress: Option<Instant>,
    failed: bool,
}

impl Outbound {
    pub(crate) fn new(socket: Arc<TcpStream>, hub: Hub, max_queue: usize) -> Self {
        Self { socket, hub, max_queue, queue: Mutex::default(), wake: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends an answer or a control frame: complete frames, never dropped while the socket lives. However large, one is taken
    /// when nothing waits.
    pub(crate) fn answer(&self, bytes: Bytes) {
        let mut queue = self.lock();
        if queue.bytes > 0 && queue.bytes + bytes.len() > self.max_queue + ANSWERS {
            queue.failed = true;
            self.wake.notify_one();
            return;
        }
        self.write(&mut queue, bytes);
    }

    /// Whether the socket failed, or its client takes nothing.
    pub(crate) fn is_done_for(&self) -> bool {
        let queue = self.lock();
        queue.failed || queue.last_progress.is_some_and(|at| at.elapsed() > STALL)
    }

    /// Whether the socket failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.lock().failed
    }

    /// Whether something waits to be drained.
    pub(crate) fn is_waiting(&self) -> bool {
        !self.lock().parts.is_empty()
    }

    /// Writes now what the socket takes, and keeps the rest.
    fn write(&self, queue: &mut Queue, bytes: Bytes) {
        if queue.failed {
            return;
        }
        let mut rest = bytes;
        if queue.parts.is_empty() {
            match self.socket.try_write(&rest) {
                Ok(written) if written == rest.len() => return,
                Ok(written) => rest = rest.slice(written..),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => {
                    queue.failed = true;
                    self.wake.notify_one();
                    return;
                }
            }
            queue.last_progress = Some(Instant::now());
            self.wake.notify_one();
        }
        queue.bytes += rest.len();
        queue.parts.push_back(rest);
    }

    /// Waits until the socket takes something, and writes all that it takes.
    ///
    /// # Errors
    /// When the socket is closed.
    pub(crate) async fn drain(&self) -> io::Result<()> {
        self.socket.writable().await?;
        let mut queue = self.lock();
        loop {
            if queue.parts.is_empty() {
                queue.last_progress = None;
                let lagging = std::mem::take(&mut queue.lagging);
                for hold in lagging.iter().filter(|hold| !hold.is_over()) {
                    if let Some(gap) = hold.gap() {
                        self.write(&mut queue, gap.bytes);
                    }
                }
                if queue.parts.is_empty() {
                    return Ok(());
                }
            }
            let slices: Vec<IoSlice<'_>> = queue.parts.iter().take(PIECES).map(|part| IoSlice::new(part)).collect();
            match self.socket.try_write_vectored(&slices) {
                Ok(written) => queue.advance(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }
}

impl Queue {
    fn advance(&mut self, mut written: usize) {
        self.bytes -= written;
        self.last_progress = Some(Instant::now());
        while written > 0 {
            let Some(front) = self.parts.front_mut() else { return };
            if front.len() > written {
                *front = front.slice(written..);
                return;
            }
            written -= front.len();
            self.parts.pop_front();
        }
    }
}

impl Viewer for Outbound {
    fn deliver(&self, hold: &Arc<Hold>, parcel: &Parcel) {
        let mut queue = self.lock();
        // Inside of the lock: `unsubscribed` is written inside of it too, so nothing can follow it (B15).
        if hold.is_over() || queue.failed {
            return;
        }
        if queue.bytes > 0 && queue.bytes + parcel.bytes.len() > self.max_queue {
            hold.missed(parcel.frames);
            self.hub.count_dropped(parcel.frames);
            if !queue.lagging.iter().any(|lagging| Arc::ptr_eq(lagging, hold)) {
                queue.lagging.push(hold.clone());
            }
            return;
        }
        if hold.has_missed()
            && let Some(gap) = hold.gap()
        {
            queue.lagging.retain(|lagging| !Arc::ptr_eq(lagging, hold));
            self.write(&mut queue, gap.bytes);
        }
        self.write(&mut queue, parcel.bytes.clone());
    }
}
