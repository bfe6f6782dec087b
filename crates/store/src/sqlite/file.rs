//! The file: its tables.

use std::collections::HashMap;
use std::path::Path;

use polychat_model::{ChannelKey, unix_ms};
use rusqlite::{Connection, OptionalExtension, params};

use crate::disk::{self, Trouble};
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

/// How long a channel is kept after its last saving. Counting begins anew after 24 hours.
const KEEP_MS: i64 = 25 * 60 * 60 * 1_000;

pub(crate) struct File(Connection);

impl File {
    pub(crate) fn open(path: &Path) -> Result<Self, Trouble> {
        let mut connection = disk::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A crash of the program loses nothing; one of the machine at most the last commits, and never the file.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        disk::migrate(&mut connection, &MIGRATIONS)?;
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

/// Makes place for a new file. The damaged one is kept, an earlier damaged one is not.
pub(crate) fn put_aside(path: &Path) {
    disk::put_aside(path, &disk::with_suffix(path, ".damaged"));
}
