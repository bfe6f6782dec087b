//! Keeps in a file, over restarts: SQLite with a write-ahead log. One thread owns the connection.
//!
//! What is to be saved waits in a map by its place, so that what cannot be written now is merged and not piled up. A file
//! that is damaged is put aside and a new one begun; one that is locked or on a full disk is tried again; both are
//! reported once, and nobody waits for it.

mod file;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use polychat_model::ChannelKey;
use tracing::{error, info, warn};

use crate::disk::Trouble;
use crate::waiting::{Done, LOADS, Waiting};
use crate::{Changes, Parts};
use file::File;

/// The least time between two commits: what is saved meanwhile shares one.
const COMMIT_PAUSE: Duration = Duration::from_millis(250);

/// How long the thread waits after the file could not be opened or written.
const RETRY: Duration = Duration::from_secs(5);

/// How often old channels are removed.
const CLEAN: Duration = Duration::from_secs(60 * 60);

#[derive(Default)]
struct Queue {
    changes: Waiting,
    loads: VecDeque<(ChannelKey, Done)>,
    problem: Option<String>,
    /// No more than one commit is tried, then the thread ends.
    closing: bool,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The file and its thread.
pub(crate) struct Sqlite {
    shared: Arc<Shared>,
}

impl Sqlite {
    /// Begins to keep in the file. Never fails: trouble with the file is reported and tried again.
    pub(crate) fn open(path: PathBuf) -> Self {
        let shared = Arc::<Shared>::default();
        let cleaned_at = Instant::now();
        let writer = Writer { shared: shared.clone(), path, file: None, failed_at: None, is_newer: false, cleaned_at };
        if let Err(error) = thread::Builder::new().name("statistics".to_owned()).spawn(move || writer.run()) {
            error!(%error, "statistics cannot be kept");
            shared.lock().closed = true;
        }
        Self { shared }
    }

    pub(crate) fn save(&self, key: &ChannelKey, changes: Changes) {
        let mut queue = self.shared.lock();
        if !queue.closed {
            queue.changes.add(key.clone(), changes);
            self.shared.wake.notify_all();
        }
    }

    pub(crate) fn load(&self, key: &ChannelKey, done: Done) {
        let mut queue = self.shared.lock();
        if queue.closed {
            drop(queue);
            // There is nothing to save it in.
            drop(done(None));
            return;
        }
        if queue.loads.len() >= LOADS {
            warn!("too many channels wait for earlier statistics");
            queue.loads.pop_front();
        }
        queue.loads.push_back((key.clone(), done));
        self.shared.wake.notify_all();
    }

    pub(crate) fn wants_all(&self, key: &ChannelKey) -> bool {
        self.shared.lock().changes.wants_all(key)
    }

    pub(crate) fn problem(&self) -> Option<String> {
        self.shared.lock().problem.clone()
    }

    /// Writes what waits, and waits for it no longer than `limit`.
    pub(crate) fn close(&self, limit: Duration) {
        let until = Instant::now() + limit;
        let mut queue = self.shared.lock();
        queue.closing = true;
        self.shared.wake.notify_all();
        while !queue.closed {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                warn!("statistics could not be written in time");
                return;
            }
            queue = self.shared.wake.wait_timeout(queue, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.wake.notify_all();
    }
}

struct Writer {
    shared: Arc<Shared>,
    path: PathBuf,
    file: Option<File>,
    failed_at: Option<Instant>,
    /// The file is a newer program's: what it holds can never be read.
    is_newer: bool,
    cleaned_at: Instant,
}

/// Ends the store however the thread ends.
struct Closed(Arc<Shared>);

impl Drop for Closed {
    fn drop(&mut self) {
        let mut queue = self.0.lock();
        queue.closed = true;
        queue.changes.clear();
        let loads = std::mem::take(&mut queue.loads);
        drop(queue);
        for (_, done) in loads {
            drop(done(None));
        }
        self.0.wake.notify_all();
    }
}

impl Writer {
    fn run(mut self) {
        let _closed = Closed(self.shared.clone());
        loop {
            let closing = self.wait();
            let ready = self.ready(closing);
            self.commit(ready);
            self.load(ready);
            if closing {
                // What was counted before earlier statistics could be loaded.
                self.commit(ready);
                return;
            }
            if self.cleaned_at.elapsed() > CLEAN {
                self.cleaned_at = Instant::now();
                self.attempt(File::clean);
            }
        }
    }

    /// Waits for work. True when the store closes.
    fn wait(&self) -> bool {
        let mut queue = self.shared.lock();
        loop {
            if queue.closing {
                return true;
            }
            let pause = match self.failed_at {
                Some(at) => RETRY.saturating_sub(at.elapsed()),
                None if queue.loads.is_empty() => COMMIT_PAUSE,
                None => return false,
            };
            if queue.changes.is_empty() && queue.loads.is_empty() {
                queue = self.shared.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            // More may come meanwhile; the end does not wait, nor does a load while the file can be read. What waits in
            // memory is given even when it cannot.
            let loads = queue.loads.len();
            let (woken, _) = self
                .shared
                .wake
                .wait_timeout_while(queue, pause, |queue| !queue.closing && queue.loads.len() == loads)
                .unwrap_or_else(PoisonError::into_inner);
            return woken.closing;
        }
    }

    /// Whether there is a file to work with. After trouble, not before its time.
    fn ready(&mut self, closing: bool) -> bool {
        if self.failed_at.is_some_and(|at| at.elapsed() < RETRY) && !closing {
            return false;
        }
        if self.file.is_none() {
            match File::open(&self.path) {
                Ok(file) => self.file = Some(file),
                Err(trouble) => self.failed(&trouble),
            }
        }
        self.file.is_some()
    }

    fn attempt<T>(&mut self, work: impl FnOnce(&mut File) -> Result<T, Trouble>) -> Option<T> {
        match work(self.file.as_mut()?) {
            Ok(done) => {
                self.is_newer = false;
                if self.failed_at.take().is_some() {
                    info!("statistics are written again");
                }
                self.shared.lock().problem = None;
                Some(done)
            }
            Err(trouble) => {
                self.failed(&trouble);
                None
            }
        }
    }

    /// Reports trouble the first time.
    fn failed(&mut self, trouble: &Trouble) {
        let text = trouble.sentence("the file of the statistics");
        let mut queue = self.shared.lock();
        if queue.problem.as_ref() != Some(&text) {
            error!(problem = %text, "statistics cannot be kept for now; chat goes on");
        }
        queue.problem = Some(text);
        drop(queue);
        self.is_newer = matches!(trouble, Trouble::Newer(_));
        if matches!(trouble, Trouble::Damaged(_)) {
            self.file = None;
            file::put_aside(&self.path);
            // The next attempt begins a new file at once.
            self.failed_at = None;
        } else {
            self.failed_at = Some(Instant::now());
        }
    }

    fn commit(&mut self, ready: bool) {
        if !ready {
            return;
        }
        let changes = self.shared.lock().changes.take();
        if !changes.is_empty() && self.attempt(|file| file.write(changes.all())).is_none() {
            self.shared.lock().changes.put_back(changes);
        }
    }

    /// Answers loads. Those that cannot be answered yet go on waiting.
    fn load(&mut self, mut ready: bool) {
        let loads = std::mem::take(&mut self.shared.lock().loads);
        let mut unanswered = VecDeque::new();
        for (key, done) in loads {
            // What could not be written yet is part of it.
            let waiting = self.shared.lock().changes.get(&key).cloned();
            let kept = match waiting {
                // Begun anew: nothing in the file matters.
                Some(Changes { anew: true, parts }) => Some(Some(parts)),
                waiting => {
                    let kept = if ready { self.attempt(|file| file.read(&key)) } else { None };
                    ready &= kept.is_some();
                    let with = |kept: Parts| kept.into_iter().chain(waiting.unwrap_or_default().parts).collect();
                    kept.map(|kept| kept.map(with)).or(self.is_newer.then_some(None))
                }
            };
            match kept {
                Some(kept) => {
                    if let Some(changes) = done(kept) {
                        self.shared.lock().changes.add(key, changes);
                    }
                }
                None => unanswered.push_back((key, done)),
            }
        }
        let mut queue = self.shared.lock();
        unanswered.append(&mut queue.loads);
        queue.loads = unanswered;
    }
}
