//! Keeps what has to outlive the reading of a channel or the program: in memory, in SQLite, or in Redis (feature `redis`).
//! Chat never waits for it.
//!
//! [`SavedStore`] keeps what a person has set, [`Store`] what was counted. What is kept of a channel is a set of numbered parts, which only their owner understands ([`Parts`]). [`Store::save`]
//! takes the parts that changed and returns at once; [`Store::load`] gives all of them back.

mod disk;
mod history;
mod memory;
#[cfg(feature = "redis")]
mod redis;
mod saved;
mod sqlite;
mod waiting;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use polychat_model::{ChannelKey, StorageType};

pub use history::{Entry, Found, History, HistoryLimits, Record, RecordAuthor, RecordKind, TakenAway};
pub use saved::SavedStore;

use memory::Memory;
#[cfg(feature = "redis")]
use redis::Redis;
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
    #[cfg(feature = "redis")]
    Redis(Arc<Redis>),
}

/// What was to be the address of a Redis server is none. It may hold a password, so nothing of it is repeated.
#[cfg(feature = "redis")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that is no address of a Redis server")]
pub struct NoRedisAddress;

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

    /// Keeps in the Redis server at this address (`redis://…`, or `rediss://…` with TLS), over restarts and for several
    /// programs. While it is away the latest is kept in memory, and written when it is back. Blocks its thread for a second
    /// at most, to hear whether it is there.
    ///
    /// # Errors
    /// If that is no address. A server that does not answer is none.
    #[cfg(feature = "redis")]
    pub fn redis(url: &str) -> Result<Self, NoRedisAddress> {
        let redis = Redis::open(url).map_err(|_| NoRedisAddress)?;
        Ok(Self { kept: Kept::Redis(Arc::new(redis)) })
    }

    /// What is used at present: memory in the place of a Redis that is away.
    pub fn kind(&self) -> StorageType {
        match &self.kept {
            Kept::Memory(_) => StorageType::Memory,
            Kept::Sqlite(_) => StorageType::Sqlite,
            #[cfg(feature = "redis")]
            Kept::Redis(redis) if redis.is_usable() => StorageType::Redis,
            #[cfg(feature = "redis")]
            Kept::Redis(_) => StorageType::Memory,
        }
    }

    /// Whether several programs may keep in it, so that only one of them counts a channel.
    pub fn is_shared(&self) -> bool {
        match &self.kept {
            Kept::Memory(_) | Kept::Sqlite(_) => false,
            #[cfg(feature = "redis")]
            Kept::Redis(_) => true,
        }
    }

    /// Takes what changed. Returns at once.
    pub fn save(&self, key: &ChannelKey, changes: Changes) {
        match &self.kept {
            Kept::Memory(memory) => memory.save(key, changes),
            Kept::Sqlite(sqlite) => sqlite.save(key, changes),
            #[cfg(feature = "redis")]
            Kept::Redis(redis) => redis.save(key, changes),
        }
    }

    /// Whether something of a channel was lost, so that all of its parts have to be saved again. Says it once.
    pub fn wants_all(&self, key: &ChannelKey) -> bool {
        match &self.kept {
            Kept::Memory(_) => false,
            Kept::Sqlite(sqlite) => sqlite.wants_all(key),
            #[cfg(feature = "redis")]
            Kept::Redis(redis) => redis.wants_all(key),
        }
    }

    /// Gives all parts that are kept of a channel, everything that was saved before included; `None` if there are none. A
    /// file that cannot be read yet is waited for, however long that takes, so that nothing is begun anew because of a disk.
    ///
    /// What `done` gives back is saved, before anything else of the channel is loaded. It may be called in another thread,
    /// and must not wait. If the store closes before the file could be read, it is told `None` and nothing is saved.
    ///
    /// Of several programs, the one that has loaded a channel last goes on with it: what others save of it is refused.
    pub fn load(&self, key: &ChannelKey, done: impl FnOnce(Option<Parts>) -> Option<Changes> + Send + 'static) {
        match &self.kept {
            Kept::Memory(memory) => {
                if let Some(changes) = done(memory.load(key)) {
                    memory.save(key, changes);
                }
            }
            Kept::Sqlite(sqlite) => sqlite.load(key, Box::new(done)),
            #[cfg(feature = "redis")]
            Kept::Redis(redis) => redis.load(key, true, Box::new(done)),
        }
    }

    /// Gives what is kept of a channel that another program goes on with, without taking it over. `None` if there is nothing,
    /// and if the store cannot be read now.
    pub fn look(&self, key: &ChannelKey, done: impl FnOnce(Option<Parts>) + Send + 'static) {
        match &self.kept {
            Kept::Memory(memory) => done(memory.load(key)),
            Kept::Sqlite(sqlite) => sqlite.load(key, Box::new(move |parts| told(done, parts))),
            #[cfg(feature = "redis")]
            Kept::Redis(redis) => redis.load(key, false, Box::new(move |parts| told(done, parts))),
        }
    }

    /// Another program goes on with this channel: what was not written yet must not be any more.
    pub fn let_go(&self, key: &ChannelKey) {
        match &self.kept {
            Kept::Memory(_) | Kept::Sqlite(_) => _ = key,
            #[cfg(feature = "redis")]
            Kept::Redis(redis) => redis.let_go(key),
        }
    }

    /// What is wrong at present, in words; `None` when all is well.
    pub fn problem(&self) -> Option<String> {
        match &self.kept {
            Kept::Memory(_) => None,
            Kept::Sqlite(sqlite) => sqlite.problem(),
            #[cfg(feature = "redis")]
            Kept::Redis(redis) => redis.problem(),
        }
    }

    /// Writes what waits, and waits for that no longer than `limit`. Nothing is kept afterwards. Blocks its thread.
    pub fn close(&self, limit: Duration) {
        match &self.kept {
            Kept::Memory(_) => {}
            Kept::Sqlite(sqlite) => sqlite.close(limit),
            #[cfg(feature = "redis")]
            Kept::Redis(redis) => redis.close(limit),
        }
    }
}

/// Tells what is kept, and gives back nothing to save.
fn told(done: impl FnOnce(Option<Parts>), parts: Option<Parts>) -> Option<Changes> {
    done(parts);
    None
}
