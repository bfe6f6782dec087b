//! The file: its tables, and what can be wrong with it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use polychat_model::{ChannelKey, unix_ms};
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use tracing::{info, warn};

use crate::{Changes, Parts};

/// How to get from each form of the file to the next. The form is SQLite's `user_version`. Entries are never changed.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE channel (
        id INTEGER PRIMARY KEY,
        platform TEXT NOT NULL,
        identifier_type TEXT NOT NULL,
        identifier TEXT NOT NULL,
        saved_at_ms INTEGER NOT NULL,
        UNIQUE (platform, identifier_type, identifier)
    ) STRICT;
    CREATE TABLE part (
        channel INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (channel, number)
    ) STRICT, WITHOUT ROWID;
"];

/// How long a lock of another program is waited for.
const LOCK_LIMIT: Duration = Duration::from_millis(500);

/// How long a channel is kept after its last saving. Counting begins anew after 24 hours.
const KEEP_MS: i64 = 25 * 60 * 60 * 1_000;

/// What can be wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("the file of the statistics is damaged: {0}")]
    Damaged(String),
    #[error("another program has locked the file of the statistics")]
    Locked,
    #[error("the disk with the statistics is full")]
    Full,
    #[error("the file of the statistics was made by a newer Polychat (form {0})")]
    Newer(i64),
    #[error("the file of the statistics cannot be used: {0}")]
    Other(String),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DiskFull) => Self::Full,
            _ => Self::Other(error.to_string()),
        }
    }
}

pub(crate) struct File(Connection);

impl File {
    pub(crate) fn open(path: &Path) -> Result<Self, Trouble> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| Trouble::Other(error.to_string()))?;
        }
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(LOCK_LIMIT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A crash of the program loses nothing; one of the machine at most the last commits, and never the file.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrate(&mut connection)?;
        let mut file = Self(connection);
        file.clean()?;
        Ok(file)
    }

    /// Writes everything or nothing.
    pub(crate) fn write(&mut self, changes: &HashMap<ChannelKey, Changes>) -> Result<(), Trouble> {
        let now = unix_ms();
        let transaction = self.0.transaction()?;
        {
            let mut channel = transaction.prepare(
                "INSERT INTO channel (platform, identifier_type, identifier, saved_at_ms) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET saved_at_ms = ?4 RETURNING id",
            )?;
            let mut forget = transaction.prepare("DELETE FROM part WHERE channel = ?1")?;
            let mut part = transaction.prepare("INSERT OR REPLACE INTO part VALUES (?1, ?2, ?3)")?;
            for (key, changes) in changes {
                let ChannelKey { platform, identifier_type, identifier } = key;
                let named = params![platform.as_str(), identifier_type.as_str(), &**identifier, now];
                let id: i64 = channel.query_row(named, |row| row.get(0))?;
                if changes.anew {
                    forget.execute([id])?;
                }
                for (number, bytes) in &changes.parts {
                    part.execute(params![id, number, bytes])?;
                }
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// All parts of a channel.
    pub(crate) fn read(&mut self, key: &ChannelKey) -> Result<Option<Parts>, Trouble> {
        let ChannelKey { platform, identifier_type, identifier } = key;
        let named = params![platform.as_str(), identifier_type.as_str(), &**identifier];
        let find = "SELECT id FROM channel WHERE platform = ?1 AND identifier_type = ?2 AND identifier = ?3";
        let id: Option<i64> = self.0.prepare(find)?.query_row(named, |row| row.get(0)).optional()?;
        let Some(id) = id else { return Ok(None) };
        let mut all = self.0.prepare("SELECT number, bytes FROM part WHERE channel = ?1")?;
        let parts = all.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Some(parts.collect::<Result<_, _>>()?))
    }

    /// Removes what nobody will go on from.
    pub(crate) fn clean(&mut self) -> Result<(), Trouble> {
        self.0.execute("DELETE FROM channel WHERE saved_at_ms < ?1", [unix_ms() - KEEP_MS])?;
        Ok(())
    }
}

fn migrate(connection: &mut Connection) -> Result<(), Trouble> {
    let form: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if form > known {
        return Err(Trouble::Newer(form));
    }
    for (step, next) in MIGRATIONS.iter().zip(1_i64..).skip(usize::try_from(form).unwrap_or(0)) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", next)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Makes place for a new file. The damaged one is kept, an earlier damaged one is not.
pub(crate) fn put_aside(path: &Path) {
    let named = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    match fs::rename(path, named(".damaged")) {
        Ok(()) => info!("the damaged file is kept beside the new one, with the ending .damaged"),
        Err(error) => {
            warn!(%error, "the damaged file cannot be put aside and is removed");
            _ = fs::remove_file(path);
        }
    }
    // They belong to the damaged file.
    _ = fs::remove_file(named("-wal"));
    _ = fs::remove_file(named("-shm"));
}
