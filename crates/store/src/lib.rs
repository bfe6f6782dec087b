//! Keeps what has to outlive the reading of a channel or the program: in memory, or in SQLite. Chat never waits for it.
//!
//! [`SavedStore`] keeps what a person has set, [`Store`] what was counted. What is kept of a channel is a set of numbered parts, which only their owner understands ([`Parts`]). [`Store::save`]
//! takes the parts that changed and returns at once; [`Store::load`] gives all of them back.

mod disk;
mod history;
mod memory;
mod saved;
mod sqlite;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use polychat_model::{ChannelKey, StorageType};

pub use history::{Entry, Found, History, HistoryLimits, Record, RecordAuthor, RecordKind, TakenAway};
pub use saved::SavedStore;

use memory::Memory;
use sqlite::Sqlite;

/// What is kept of one channel: bytes by their number.
pub type Parts = BTreeMap<u32, Vec<u8>>;

/// Parts that changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// What was kept before goes away.
    pub anew: bool,
    /// The new parts; others stay.
    pub parts: Parts,
}

impl Changes {
    /// Adds later changes to these.
    fn merge(&mut self, later: Self) {
        if later.anew {
            *self = later;
        } else {
            self.parts.extend(later.parts);
        }
    }
}

/// Where statistics are kept. A cheap handle: clones are the same store.
#[derive(Clone)]
pub struct Store {
    kept: Kept,
}

#[derive(Clone)]
enum Kept {
    Memory(Arc<Memory>),
    Sqlite(Arc<Sqlite>),
}

impl Store {
    /// Keeps as long as the program runs.
    pub fn memory() -> Self {
        Self { kept: Kept::Memory(Arc::default()) }
    }

    /// Keeps in this file, over restarts. Trouble with the file is reported and tried again; meanwhile nothing but the
    /// latest is kept in memory.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self { kept: Kept::Sqlite(Arc::new(Sqlite::open(path.into()))) }
    }

    /// What it is.
    pub fn kind(&self) -> StorageType {
        match &self.kept {
            Kept::Memory(_) => StorageType::Memory,
            Kept::Sqlite(_) => StorageType::Sqlite,
        }
    }

    /// Takes what changed. Returns at once.
    pub fn save(&self, key: &ChannelKey, changes: Changes) {
        match &self.kept {
            Kept::Memory(memory) => memory.save(key, changes),
            Kept::Sqlite(sqlite) => sqlite.save(key, changes),
        }
    }

    /// Gives all parts that are kept of a channel, everything that was saved before included; `None` if there are none. A
    /// file that cannot be read yet is waited for, however long that takes, so that nothing is begun anew because of a disk.
    ///
    /// What `done` gives back is saved, before anything else of the channel is loaded. It may be called in another thread,
    /// and must not wait. If the store closes before the file could be read, it is told `None` and nothing is saved.
    pub fn load(&self, key: &ChannelKey, done: impl FnOnce(Option<Parts>) -> Option<Changes> + Send + 'static) {
        match &self.kept {
            Kept::Memory(memory) => {
                if let Some(changes) = done(memory.load(key)) {
                    memory.save(key, changes);
                }
            }
            Kept::Sqlite(sqlite) => sqlite.load(key, Box::new(done)),
        }
    }

    /// What is wrong at present, in words; `None` when all is well.
    pub fn problem(&self) -> Option<String> {
        match &self.kept {
            Kept::Memory(_) => None,
            Kept::Sqlite(sqlite) => sqlite.problem(),
        }
    }

    /// Writes what waits, and waits for that no longer than `limit`. Nothing is kept afterwards. Blocks its thread.
    pub fn close(&self, limit: Duration) {
        if let Kept::Sqlite(sqlite) = &self.kept {
            sqlite.close(limit);
        }
    }
}
