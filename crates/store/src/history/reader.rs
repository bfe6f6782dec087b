//! Connections that read beside the one that writes: a search waits for no commit, and no commit for a search.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, PoisonError};

use super::file::File;
use crate::disk::Trouble;

/// Searches at once. More wait.
const AT_ONCE: usize = 2;

#[derive(Default)]
struct Pool {
    free: Vec<File>,
    used: usize,
}

pub(super) struct Reader {
    path: PathBuf,
    pool: Mutex<Pool>,
    freed: Condvar,
}

impl Reader {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, pool: Mutex::default(), freed: Condvar::new() }
    }

    /// Does something with a connection. Blocks its thread.
    pub(super) fn with<T>(&self, work: impl FnOnce(&File) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let kept = {
            let pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
            let mut pool =
                self.freed.wait_while(pool, |pool| pool.used >= AT_ONCE).unwrap_or_else(PoisonError::into_inner);
            pool.used += 1;
            pool.free.pop()
        };
        let place = Place(self);
        let file = match kept {
            Some(file) => file,
            None => File::open_beside(&self.path)?,
        };
        let done = work(&file);
        // One that was put aside as damaged must not be read any more.
        if done.is_ok() {
            place.0.lock().free.push(file);
        }
        done
    }

    /// Forgets connections: the file is another one.
    pub(super) fn reopen(&self) {
        self.lock().free.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place at the pool, given back however its work ends.
struct Place<'a>(&'a Reader);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.lock().used -= 1;
        self.0.freed.notify_one();
    }
}
