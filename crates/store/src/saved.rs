//! What a person has set, in one file in the folder for files. The program works on what is in memory; a thread of its own
//! follows with the file, so nobody waits for a disk, and nothing is lost that can be written later.

mod backups;
mod file;
mod folder;
mod merge;
mod writer;

use std::path::PathBuf;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use polychat_model::saved::Saved;
use tracing::{error, warn};

use merge::with_main;
use writer::Writer;

/// How long a start waits for the file to be read. Then it is read later.
const READ_LIMIT: Duration = Duration::from_secs(2);

/// How long a backup is waited for.
const BACKUP_LIMIT: Duration = Duration::from_secs(10);

/// Is told every new state, in order. Must not wait, and must not call the store.
type Changed = Box<dyn Fn(&Arc<Saved>) + Send + Sync>;

/// What is saved. A cheap handle: clones are the same store, and the last one that goes lets the file go.
#[derive(Clone)]
pub struct SavedStore {
    handle: Arc<Handle>,
}

struct Handle {
    shared: Arc<Shared>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.wake.notify_all();
    }
}

struct Shared {
    state: Mutex<State>,
    wake: Condvar,
    changed: Changed,
}

struct State {
    saved: Arc<Saved>,
    /// The file was read, so `saved` is all that there is.
    read: bool,
    /// The first attempt to read it is over.
    tried: bool,
    /// Sentences that stay true as long as the program runs.
    notices: Vec<String>,
    /// Why the file cannot be used at present.
    problem: Option<String>,
    backups: Vec<SyncSender<Result<(), String>>>,
    /// One more attempt to write, then the thread ends.
    closing: bool,
    closed: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `is`, no longer than `limit`. Whether it is.
    fn wait_until(&self, limit: Duration, is: impl Fn(&State) -> bool) -> bool {
        let until = Instant::now() + limit;
        let mut state = self.lock();
        while !is(&state) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.wake.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl SavedStore {
    /// Opens the file in `folder`, or keeps in memory where there is no folder. `changed` is told the first state before this
    /// returns. Never fails: trouble with the file is told by [`Self::notices`] and tried again. Blocks its thread, 2 s at
    /// most.
    pub fn open(folder: Option<PathBuf>, changed: impl Fn(&Arc<Saved>) + Send + Sync + 'static) -> Self {
        let saved = Arc::new(with_main(Saved::default()));
        let state = State {
            saved,
            read: false,
            tried: false,
            notices: Vec::new(),
            problem: None,
            backups: Vec::new(),
            closing: false,
            closed: false,
        };
        let shared = Arc::new(Shared { state: Mutex::new(state), wake: Condvar::new(), changed: Box::new(changed) });
        if let Some(folder) = folder {
            shared.start(folder);
        } else {
            let mut state = shared.lock();
            state.closed = true;
            state.notices.push(
                "This system names no folder for files, so your settings are kept until Polychat ends. Name a folder with \
                 --data-dir to keep them."
                    .to_owned(),
            );
        }
        shared.wait_until(READ_LIMIT, |state| state.tried || state.closed);
        let state = shared.lock();
        (shared.changed)(&state.saved);
        drop(state);
        Self { handle: Arc::new(Handle { shared }) }
    }

    /// What is saved.
    pub fn saved(&self) -> Arc<Saved> {
        self.handle.shared.lock().saved.clone()
    }

    /// Changes it, or leaves it as it was when `change` fails. Returns at once; it is on disk within 250 ms.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn change<E>(&self, change: impl FnOnce(&mut Saved) -> Result<(), E>) -> Result<Arc<Saved>, E> {
        let shared = &self.handle.shared;
        let mut state = shared.lock();
        let mut saved = Saved::clone(&state.saved);
        change(&mut saved)?;
        if saved != *state.saved {
            state.saved = Arc::new(saved);
            (shared.changed)(&state.saved);
            shared.wake.notify_all();
        }
        Ok(state.saved.clone())
    }

    /// Puts a copy of what is saved among the backups, so that what follows can be undone. Blocks its thread.
    ///
    /// # Errors
    /// A sentence for people. Without a folder there is nowhere to put it, which is no error.
    pub fn back_up(&self) -> Result<(), String> {
        let (done, answer) = mpsc::sync_channel(1);
        {
            let mut state = self.handle.shared.lock();
            if state.closed {
                return Ok(());
            }
            state.backups.push(done);
            self.handle.shared.wake.notify_all();
        }
        answer.recv_timeout(BACKUP_LIMIT).unwrap_or_else(|_| Err("The disk takes too long.".to_owned()))
    }

    /// What a person should know about the file, in sentences.
    pub fn notices(&self) -> Vec<String> {
        let state = self.handle.shared.lock();
        state.notices.iter().chain(&state.problem).cloned().collect()
    }

    /// Writes what waits, and waits for that no longer than `limit`. What is changed afterwards is not kept. Blocks its
    /// thread.
    pub fn close(&self, limit: Duration) {
        let shared = &self.handle.shared;
        shared.lock().closing = true;
        shared.wake.notify_all();
        if !shared.wait_until(limit, |state| state.closed) {
            warn!("the last settings could not be written in time");
        }
    }
}

impl Shared {
    fn start(self: &Arc<Self>, folder: PathBuf) {
        let writer = Writer::new(self.clone(), folder);
        if let Err(error) = std::thread::Builder::new().name("settings".to_owned()).spawn(move || writer.run()) {
            error!(%error, "settings cannot be kept");
            let mut state = self.lock();
            state.closed = true;
            state.notices.push(
                "Your settings are kept until Polychat ends: this computer is too busy to write them.".to_owned(),
            );
        }
    }
}
