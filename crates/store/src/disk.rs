//! Files of SQLite, whatever is in them: opening, migrating, putting aside, and what can be wrong.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};
use tracing::{info, warn};

/// How long a lock of another program is waited for.
pub(crate) const LOCK_LIMIT: Duration = Duration::from_millis(500);

/// What can be wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It is no database, or a broken one.
    Damaged(String),
    /// Another program has locked it.
    Locked,
    /// The disk is full.
    Full,
    /// It may be read but not written, or the folder may not.
    ReadOnly,
    /// It was made by a newer program, in this form.
    Newer(i64),
    /// What the system says.
    Other(String),
}

impl Trouble {
    /// In a sentence about `what`, which begins with an article.
    pub(crate) fn sentence(&self, what: &str) -> String {
        match self {
            Self::Damaged(detail) => format!("It seems that {what} is damaged ({detail})."),
            Self::Locked => format!("Another program has locked {what}."),
            Self::Full => format!("The disk with {what} is full."),
            Self::ReadOnly => format!("There is no permission to write {what}."),
            Self::Newer(form) => format!("A newer Polychat has made {what} (form {form})."),
            Self::Other(detail) => format!("Polychat cannot use {what}: {detail}."),
        }
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            _ => Self::Other(error.to_string()),
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Other(error.to_string()),
        }
    }
}

/// Opens a file, or makes a new one with its folder.
pub(crate) fn open(path: &Path) -> Result<Connection, Trouble> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let connection = Connection::open(path)?;
    connection.busy_timeout(LOCK_LIMIT)?;
    Ok(connection)
}

/// Makes a file that nobody else on this computer can read, or takes that right from others if it is there already. On Windows
/// the folder of a person's programs is their own anyway.
pub(crate) fn keep_private(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// The form of a file's tables: SQLite's `user_version`. 0 is a new file.
pub(crate) fn form(connection: &Connection) -> Result<i64, Trouble> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// The form that `steps` lead to.
pub(crate) fn newest(steps: &[&str]) -> i64 {
    i64::try_from(steps.len()).unwrap_or(i64::MAX)
}

/// Brings the tables to the newest form. Each step is done whole or not at all.
pub(crate) fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<(), Trouble> {
    let form = form(connection)?;
    if form > newest(steps) {
        return Err(Trouble::Newer(form));
    }
    for (step, next) in steps.iter().zip(1_i64..).skip(usize::try_from(form).unwrap_or(0)) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", next)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Makes place for a new file. What was there is kept as `aside`.
pub(crate) fn put_aside(path: &Path, aside: &Path) {
    match fs::rename(path, aside) {
        Ok(()) => info!(kept_as = %aside.display(), "a damaged file was put aside"),
        Err(error) => {
            warn!(%error, path = %path.display(), "a damaged file cannot be put aside and is removed");
            _ = fs::remove_file(path);
        }
    }
    // They belong to the damaged file, and would damage a new one.
    for suffix in ["-wal", "-shm", "-journal"] {
        let beside = with_suffix(path, suffix);
        if beside.exists() && fs::rename(&beside, with_suffix(aside, suffix)).is_err() {
            _ = fs::remove_file(beside);
        }
    }
}

/// The path with something behind its name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [&str; 3] = [
        "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (7);",
        "ALTER TABLE a ADD COLUMN y TEXT NOT NULL DEFAULT 'new';",
        "UPDATE a SET x = x + 1;",
    ];

    #[test]
    fn a_file_of_any_form_is_brought_to_the_newest_and_one_of_a_later_form_is_left_alone() {
        for begin in 0..=3 {
            let mut connection = Connection::open_in_memory().unwrap();
            migrate(&mut connection, &STEPS[..begin]).unwrap();
            migrate(&mut connection, &STEPS).unwrap();
            let row: (i64, String) =
                connection.query_row("SELECT x, y FROM a", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            assert_eq!((row, form(&connection).unwrap()), ((8, "new".to_owned()), 3), "from {begin}");
            assert_eq!(migrate(&mut connection, &STEPS[..2]), Err(Trouble::Newer(3)));
        }
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = [STEPS[0], "CREATE TABLE b (x INTEGER) STRICT; CREATE TABLE a (x INTEGER);"];
        assert!(migrate(&mut connection, &steps).is_err());
        assert_eq!(form(&connection).unwrap(), 1);
        assert!(connection.execute("INSERT INTO b VALUES (1)", []).is_err(), "nothing of the step is there");
    }
}
