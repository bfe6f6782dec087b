//! The thread that owns the file: opens it, writes what changed, and tries again what went wrong.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use polychat_model::saved::Saved;
use tracing::{error, info, warn};

use super::Shared;
use super::backups::Backups;
use super::file::File;
use super::folder::{self, Opened};
use super::merge::onto;
use crate::disk::Trouble;

/// How long more changes are waited for, so that they share a commit.
const COMMIT_PAUSE: Duration = Duration::from_millis(100);

/// How long is waited after the file could not be opened or written.
const RETRY: Duration = Duration::from_secs(2);

/// What sentences call the file.
const WHAT: &str = "the settings file";

pub(super) struct Writer {
    shared: Arc<Shared>,
    folder: PathBuf,
    file: Option<File>,
    failed_at: Option<Instant>,
}

/// Ends the store however the thread ends.
struct Closed(Arc<Shared>);

impl Drop for Closed {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.closed = true;
        for backup in state.backups.drain(..) {
            _ = backup.send(Err("Polychat is stopping.".to_owned()));
        }
        drop(state);
        self.0.wake.notify_all();
    }
}

impl Writer {
    pub(super) fn new(shared: Arc<Shared>, folder: PathBuf) -> Self {
        Self { shared, folder, file: None, failed_at: None }
    }

    pub(super) fn run(mut self) {
        let _closed = Closed(self.shared.clone());
        loop {
            let closing = self.shared.lock().closing;
            self.open();
            self.write();
            self.back_up();
            if closing {
                return;
            }
            self.wait();
        }
    }

    /// Waits for something to do.
    fn wait(&self) {
        let (shared, mut state) = (&self.shared, self.shared.lock());
        if let Some(at) = self.failed_at {
            // A backup that is asked for is refused at once, and the end does not wait.
            let left = RETRY.saturating_sub(at.elapsed());
            let waits = |state: &mut super::State| !state.closing && state.backups.is_empty();
            drop(shared.wake.wait_timeout_while(state, left, waits).unwrap_or_else(PoisonError::into_inner));
            return;
        }
        let known = self.file.as_ref().map(File::known);
        let is_written = |saved: &Saved| known.is_some_and(|known| known == saved);
        while !state.closing && state.backups.is_empty() && is_written(&state.saved) {
            state = shared.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let waits = |state: &mut super::State| !state.closing && state.backups.is_empty();
        drop(shared.wake.wait_timeout_while(state, COMMIT_PAUSE, waits).unwrap_or_else(PoisonError::into_inner));
    }

    fn open(&mut self) {
        if self.file.is_some() || self.is_too_early() {
            return;
        }
        let read = self.shared.lock().read;
        match folder::open(&self.folder, read) {
            Ok(opened) => self.take(opened),
            Err(trouble) => {
                self.failed(&trouble);
                // Nor is what was put in the place of a damaged one tried without a pause.
                self.failed_at = Some(Instant::now());
            }
        }
        self.shared.lock().tried = true;
        self.shared.wake.notify_all();
        // After the program could begin to work, and before anything is written. No reason not to go on; an import, which
        // needs a backup, tells of it.
        if let Some(file) = &self.file
            && let Err(trouble) = Backups::beside(&self.folder).add(file.connection())
        {
            warn!(problem = trouble.sentence("the folder for backups"), "no backup was made");
        }
    }

    /// After trouble, not before its time. The end does not wait for it.
    fn is_too_early(&self) -> bool {
        self.failed_at.is_some_and(|at| at.elapsed() < RETRY) && !self.shared.lock().closing
    }

    /// Goes on with an open file. The first one is what the program works on; later ones are written over.
    fn take(&mut self, Opened { file, notices }: Opened) {
        let mut state = self.shared.lock();
        // A file that is opened anew has the same to say.
        let news: Vec<_> = notices.into_iter().filter(|notice| !state.notices.contains(notice)).collect();
        state.notices.extend(news);
        if !state.read {
            state.read = true;
            // What was changed before the file could be read is not lost, nor is what is in the file.
            let saved = Arc::new(onto(file.known(), &state.saved));
            if saved != state.saved {
                state.saved = saved;
                (self.shared.changed)(&state.saved);
            }
        }
        drop(state);
        self.file = Some(file);
        self.well();
    }

    fn write(&mut self) {
        let saved = self.shared.lock().saved.clone();
        if self.is_too_early() {
            return;
        }
        let Some(file) = self.file.as_mut().filter(|file| *file.known() != *saved) else { return };
        match file.write(&saved) {
            Ok(()) => self.well(),
            Err(trouble) => self.failed(&trouble),
        }
    }

    fn back_up(&mut self) {
        let asked = std::mem::take(&mut self.shared.lock().backups);
        if asked.is_empty() {
            return;
        }
        let problem = self.shared.lock().problem.clone();
        let done = match (problem, &self.file) {
            (None, Some(file)) => Backups::beside(&self.folder)
                .add(file.connection())
                .map_err(|trouble| trouble.sentence("the folder for backups")),
            (problem, _) => Err(problem.unwrap_or_else(|| "The settings file is not open.".to_owned())),
        };
        for backup in asked {
            _ = backup.send(done.clone());
        }
    }

    fn well(&mut self) {
        if self.failed_at.take().is_some() {
            info!("settings are written again");
        }
        self.shared.lock().problem = None;
    }

    /// Reports trouble the first time.
    fn failed(&mut self, trouble: &Trouble) {
        let mut state = self.shared.lock();
        let rest = if state.read {
            "What you change is kept for now, and written as soon as that works."
        } else {
            "Your settings are not there yet; they come as soon as it can be read, and what you change meanwhile is kept."
        };
        let text = format!("{} {rest}", trouble.sentence(WHAT));
        if state.problem.as_ref() != Some(&text) {
            error!(problem = %text, "settings cannot be kept for now");
        }
        state.problem = Some(text);
        drop(state);
        self.failed_at = Some(Instant::now());
        match trouble {
            // The file itself is all right.
            Trouble::Locked | Trouble::Full => {}
            Trouble::Damaged(_) => {
                self.file = None;
                // The next attempt puts it aside at once.
                self.failed_at = None;
            }
            _ => self.file = None,
        }
    }
}
