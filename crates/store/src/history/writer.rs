//! The thread that writes the history.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tracing::{error, info};

use super::file::File;
use super::reader::Reader;
use super::{Entry, HistoryLimits, WHAT};
use crate::disk::{self, Trouble};

/// The least time between two commits: what comes meanwhile shares one. A kill loses that much.
const COMMIT_PAUSE: Duration = Duration::from_millis(250);

/// Entries of one transaction. Chosen by hand: half a second of the most that is written.
const BATCH: usize = 10_000;

/// How long the thread waits after the file could not be opened or written.
const RETRY: Duration = Duration::from_secs(5);

/// What may wait to be written while the file cannot be. Then the oldest is left out.
const WAITING: usize = 100_000;
/// The same in bytes of frames and texts.
const WAITING_BYTES: usize = 64 * 1_024 * 1_024;

/// How often what is too old or too much is looked for.
const CLEAN: Duration = Duration::from_secs(10 * 60);
/// And whenever so many bytes were written since, so that a busy chat cannot pass the size by much.
const CLEAN_BYTES: usize = 64 * 1_024 * 1_024;
/// What is written meanwhile waits for this, and no longer.
const CLEAN_AT_ONCE: Duration = Duration::from_millis(250);

#[derive(Default)]
struct Queue {
    entries: VecDeque<Entry>,
    /// Of `entries`.
    bytes: usize,
    /// Entries that were ever taken, and that are written or left out by now.
    taken: u64,
    done: u64,
    left_out: u64,
    problem: Option<String>,
    /// Somebody waits for what is there: no pause.
    hurry: bool,
    /// No more than one commit is tried, then the thread ends.
    closing: bool,
    closed: bool,
}

impl Queue {
    /// Leaves out the oldest while there is too much.
    fn bound(&mut self) {
        while self.entries.len() > WAITING || self.bytes > WAITING_BYTES {
            let Some(entry) = self.entries.pop_front() else { return };
            self.bytes -= weight(&entry);
            self.left_out += 1;
            self.done += 1;
        }
    }
}

/// About what an entry occupies.
fn weight(entry: &Entry) -> usize {
    match entry {
        Entry::Happened(record) => record.frame.len() + record.text.len() + 200,
        Entry::TakenAway { .. } => 100,
    }
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
    /// Something was written, or the thread ended.
    wrote: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Writer {
    shared: Arc<Shared>,
}

impl Writer {
    pub(super) fn start(path: PathBuf, limits: HistoryLimits, reader: Arc<Reader>) -> Self {
        let shared = Arc::<Shared>::default();
        let work = Work {
            shared: shared.clone(),
            path,
            limits,
            reader,
            file: None,
            failed_at: None,
            clean_at: None,
            written: 0,
        };
        if let Err(error) = thread::Builder::new().name("history".to_owned()).spawn(move || work.run()) {
            error!(%error, "the history cannot be kept");
            shared.lock().closed = true;
        }
        Self { shared }
    }

    pub(super) fn record(&self, entry: Entry) {
        let mut queue = self.shared.lock();
        if queue.closed || queue.closing {
            return;
        }
        queue.bytes += weight(&entry);
        queue.taken += 1;
        queue.entries.push_back(entry);
        queue.bound();
        // The thread sleeps only while nothing waits.
        if queue.entries.len() == 1 {
            self.shared.wake.notify_one();
        }
    }

    pub(super) fn problem(&self) -> Option<String> {
        self.shared.lock().problem.clone()
    }

    pub(super) fn left_out(&self) -> u64 {
        self.shared.lock().left_out
    }

    /// Whether everything that was taken before is written or left out by now.
    pub(super) fn flush(&self, limit: Duration) -> bool {
        let mut queue = self.shared.lock();
        let wanted = queue.taken;
        queue.hurry = true;
        self.shared.wake.notify_one();
        let waits = |queue: &mut Queue| queue.done < wanted && !queue.closed;
        let (queue, _) =
            self.shared.wrote.wait_timeout_while(queue, limit, waits).unwrap_or_else(PoisonError::into_inner);
        queue.done >= wanted
    }

    pub(super) fn close(&self, limit: Duration) {
        let mut queue = self.shared.lock();
        queue.closing = true;
        self.shared.wake.notify_one();
        let (queue, _) = self
            .shared
            .wrote
            .wait_timeout_while(queue, limit, |queue| !queue.closed)
            .unwrap_or_else(PoisonError::into_inner);
        if !queue.closed {
            error!("the history could not be written in time");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.wake.notify_one();
    }
}

struct Work {
    shared: Arc<Shared>,
    path: PathBuf,
    limits: HistoryLimits,
    reader: Arc<Reader>,
    file: Option<File>,
    failed_at: Option<Instant>,
    /// When to look for what is too old. `None` is at once.
    clean_at: Option<Instant>,
    /// Bytes since then.
    written: usize,
}

/// Ends the history however the thread ends.
struct Closed(Arc<Shared>);

impl Drop for Closed {
    fn drop(&mut self) {
        let mut queue = self.0.lock();
        queue.closed = true;
        queue.entries.clear();
        queue.bytes = 0;
        self.0.wrote.notify_all();
    }
}

impl Work {
    fn run(mut self) {
        let _closed = Closed(self.shared.clone());
        // There from the start, so that it can be read before anything happens.
        self.open(false);
        loop {
            let closing = self.wait();
            while self.open(closing) && self.commit() {}
            if closing {
                // Its log is written into it: then nothing is left beside the file.
                self.reader.reopen();
                self.file = None;
                return;
            }
            self.clean();
        }
    }

    /// Waits for work. True when the history closes.
    fn wait(&self) -> bool {
        let mut queue = self.shared.lock();
        loop {
            if queue.closing {
                return true;
            }
            if let Some(at) = self.failed_at {
                let pause = RETRY.saturating_sub(at.elapsed());
                let waits = |queue: &mut Queue| !queue.closing;
                queue =
                    self.shared.wake.wait_timeout_while(queue, pause, waits).unwrap_or_else(PoisonError::into_inner).0;
                return queue.closing;
            }
            if queue.entries.is_empty() {
                let pause = self.clean_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(Instant::now()));
                if pause.is_zero() {
                    return false;
                }
                queue = self.shared.wake.wait_timeout(queue, pause).unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            let waits = |queue: &mut Queue| !queue.closing && !queue.hurry && queue.entries.len() < BATCH;
            queue = self
                .shared
                .wake
                .wait_timeout_while(queue, COMMIT_PAUSE, waits)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            queue.hurry = false;
            return queue.closing;
        }
    }

    /// Whether there is a file to work with. After trouble, not before its time.
    fn open(&mut self, closing: bool) -> bool {
        if self.failed_at.is_some_and(|at| at.elapsed() < RETRY) && !closing {
            return false;
        }
        if self.file.is_none() {
            match File::open(&self.path) {
                Ok(file) => {
                    self.file = Some(file);
                    self.works();
                }
                Err(trouble) => self.failed(&trouble),
            }
        }
        self.file.is_some()
    }

    /// Writes one batch. Whether to go on at once.
    fn commit(&mut self) -> bool {
        let (batch, bytes): (Vec<_>, _) = {
            let mut queue = self.shared.lock();
            let count = queue.entries.len().min(BATCH);
            let batch: Vec<_> = queue.entries.drain(..count).collect();
            let bytes: usize = batch.iter().map(weight).sum();
            queue.bytes -= bytes;
            (batch, bytes)
        };
        if batch.is_empty() {
            return false;
        }
        let Some(file) = self.file.as_mut() else { return false };
        match file.write(&batch) {
            Ok(()) => {
                self.works();
                self.written += bytes;
                if self.written > CLEAN_BYTES {
                    self.clean_at = None;
                }
                let mut queue = self.shared.lock();
                queue.done += batch.len() as u64;
                self.shared.wrote.notify_all();
                queue.entries.len() >= BATCH
            }
            Err(trouble) => {
                {
                    let mut queue = self.shared.lock();
                    queue.bytes += bytes;
                    for entry in batch.into_iter().rev() {
                        queue.entries.push_front(entry);
                    }
                    queue.bound();
                }
                self.failed(&trouble);
                false
            }
        }
    }

    fn clean(&mut self) {
        if self.clean_at.is_some_and(|at| at > Instant::now()) || self.failed_at.is_some() {
            return;
        }
        let Some(file) = self.file.as_mut() else { return };
        let begun = Instant::now();
        let mut cleaned = file.clean(self.limits);
        while matches!(cleaned, Ok(true)) && begun.elapsed() < CLEAN_AT_ONCE {
            cleaned = file.clean(self.limits);
        }
        match cleaned {
            // The rest after what waits.
            Ok(true) => self.clean_at = None,
            Ok(false) => {
                self.clean_at = Some(Instant::now() + CLEAN);
                self.written = 0;
            }
            Err(trouble) => self.failed(&trouble),
        }
    }

    /// All is well.
    fn works(&mut self) {
        if self.failed_at.take().is_some() {
            info!("the history is written again");
        }
        self.shared.lock().problem = None;
    }

    /// Reports trouble the first time.
    fn failed(&mut self, trouble: &Trouble) {
        let text = trouble.sentence(WHAT);
        let mut queue = self.shared.lock();
        if queue.problem.as_ref() != Some(&text) {
            error!(problem = %text, "the history cannot be kept for now; chat goes on");
        }
        queue.problem = Some(text);
        drop(queue);
        if matches!(trouble, Trouble::Damaged(_)) {
            self.file = None;
            disk::put_aside(&self.path, &disk::with_suffix(&self.path, ".damaged"));
            self.reader.reopen();
        }
        self.failed_at = Some(Instant::now());
    }
}
