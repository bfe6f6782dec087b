//! Copies of the file as it was: the last ten that differ.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use polychat_model::{iso_timestamp, unix_ms};
use rusqlite::Connection;
use tracing::warn;

use super::file::{contents, look_at};
use crate::disk::{self, Trouble};

/// How many are kept.
const KEEP: usize = 10;

/// How a backup's name begins; the time follows.
const PREFIX: &str = "polychat-";
const SUFFIX: &str = ".sqlite3";

/// How the name of one ends that is not whole yet.
const UNFINISHED: &str = ".unfinished";

/// After how long nobody works on one any more.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

pub(super) struct Backups {
    folder: PathBuf,
}

impl Backups {
    pub(super) fn beside(folder: &Path) -> Self {
        Self { folder: folder.join("backups") }
    }

    /// All of the forms that `fits`, the newest first.
    fn all(&self, fits: impl Fn(i64) -> bool) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let is_one = |path: &PathBuf| Name::of(path).is_some_and(|name| fits(name.form));
        let mut all: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_one).collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        all
    }

    /// Whether none was ever made.
    pub(super) fn are_none(&self) -> bool {
        self.all(|_| true).is_empty()
    }

    /// Copies the file, unless the newest copy is the same or there is nothing in it yet. Copies of files in other forms are
    /// another program's, and stay.
    pub(super) fn add(&self, file: &Connection) -> Result<(), Trouble> {
        let form = disk::form(file)?;
        let own = || self.all(|of| of == form);
        let (now, all) = (contents(file)?, own());
        let is_same = |newest: &PathBuf| look_at(newest).and_then(|newest| contents(&newest)).is_ok_and(|it| it == now);
        if all.first().is_some_and(is_same) || (all.is_empty() && !now.contains('\n')) {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        self.forget_unfinished();
        let path = self.free_name(form);
        // Under another name until it is whole, which no other program takes.
        let unfinished = disk::with_suffix(&path, &format!(".{}{UNFINISHED}", std::process::id()));
        let copied = copy(file, &unfinished).and_then(|()| Ok(fs::rename(&unfinished, path)?));
        if copied.is_err() {
            _ = fs::remove_file(&unfinished);
        }
        copied?;
        for old in own().into_iter().skip(KEEP) {
            if let Err(error) = fs::remove_file(&old) {
                warn!(%error, path = %old.display(), "an old backup cannot be removed");
            }
        }
        Ok(())
    }

    /// Removes what a program that was killed has left.
    fn forget_unfinished(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
            if entry.file_name().to_string_lossy().ends_with(UNFINISHED) && age().is_some_and(|age| age > ABANDONED) {
                _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Later than all that are there, even if the clock was put back.
    fn free_name(&self, form: i64) -> PathBuf {
        let newest = self.all(|_| true).into_iter().next();
        let now = unix_ms();
        // A clock that was years ahead is not followed.
        let names = (now..now + 60_000).map(|at| self.folder.join(format!("{PREFIX}{}-v{form}{SUFFIX}", stamp(at))));
        let later = |name: &PathBuf| newest.as_ref().is_none_or(|newest| name > newest);
        let mut names = names.peekable();
        let first = names.peek().cloned();
        names.find(later).or(first).unwrap_or_else(|| self.folder.join("unnamed"))
    }

    /// Puts the newest copy that this program can read in the place of `path`. Its time, as people write it; `None` if there
    /// is none.
    pub(super) fn restore(&self, path: &Path, newest_form: i64) -> Option<String> {
        let fits = |form| (1..=newest_form).contains(&form);
        for backup in self.all(fits) {
            if !look_at(&backup).and_then(|backup| disk::form(&backup)).is_ok_and(fits) {
                continue;
            }
            let unfinished = disk::with_suffix(path, UNFINISHED);
            // A copy has the rights of what it is a copy of.
            match fs::copy(&backup, &unfinished).and_then(|_| fs::rename(&unfinished, path)) {
                Ok(()) => return Name::of(&backup).map(|name| name.time),
                Err(error) => warn!(%error, backup = %backup.display(), "a backup cannot be restored"),
            }
        }
        None
    }
}

/// Copies a file as it is now, down to the disk.
fn copy(file: &Connection, to: &Path) -> Result<(), Trouble> {
    // What is in the file is no business of others either. SQLite takes an empty file for one that is not there.
    disk::keep_private(to)?;
    file.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    Ok(fs::File::open(to)?.sync_all()?)
}

/// A time that names of files can hold, in UTC: `20261128T221530.123Z`.
pub(super) fn stamp(at_ms: i64) -> String {
    iso_timestamp(at_ms).to_string().replace(['-', ':'], "")
}

/// What a backup's name tells.
#[derive(Debug, PartialEq)]
struct Name {
    /// When it was made, as people write it.
    time: String,
    /// The form of the file.
    form: i64,
}

impl Name {
    /// `None` for what is no backup.
    fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
        let (stamp, form) = name.split_once("-v")?;
        let is_one = stamp.len() == 20
            && stamp
                .bytes()
                .zip("00000000T000000.000Z".bytes())
                .all(|(found, form)| if form == b'0' { found.is_ascii_digit() } else { found == form });
        let part = |from: usize, to: usize| stamp.get(from..to).unwrap_or_default();
        let time = format!("{}-{}-{} {}:{} UTC", part(0, 4), part(4, 6), part(6, 8), part(9, 11), part(11, 13));
        let form = form.parse().ok()?;
        is_one.then_some(Self { time, form })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_tells_its_time_and_other_files_are_none() {
        let at = stamp(1_734_567_890_123);
        assert_eq!(at, "20241219T002450.123Z");
        let name = Name::of(Path::new(&format!("x/{PREFIX}{at}-v3{SUFFIX}")));
        assert_eq!(name, Some(Name { time: "2024-12-19 00:24 UTC".to_owned(), form: 3 }));
        for other in [
            "polychat-v1.sqlite3",
            "polychat-20241219T002450.123Z-v1.sqlite3.7.unfinished",
            "polychat-20241219T002450.123Z.sqlite3",
            "polychat-2024-v1.sqlite3",
        ] {
            assert_eq!(Name::of(Path::new(other)), None, "{other}");
        }
    }
}
