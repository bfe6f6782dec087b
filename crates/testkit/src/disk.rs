//! Another program that has a file of SQLite to itself: one that makes backups, or looks into it and forgets to leave.

use std::path::Path;

use anyhow::Result;
use rusqlite::Connection;

/// Holds a file; nobody else may read or write it until this is dropped.
pub struct HeldFile {
    _connection: Connection,
}

impl HeldFile {
    /// Takes the file, which must be there.
    ///
    /// # Errors
    /// If somebody else uses it.
    pub fn take(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        // With a write-ahead log, a transaction alone would let others read.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.execute_batch("BEGIN EXCLUSIVE")?;
        Ok(Self { _connection: connection })
    }
}
