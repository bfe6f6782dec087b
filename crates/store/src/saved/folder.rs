//! Which file is used: the usual one; a copy of a backup where that is damaged; one beside it where it is a newer program's.

use std::fs;
use std::path::{Path, PathBuf};

use polychat_model::unix_ms;

use super::backups::{Backups, stamp};
use super::file::{File, MIGRATIONS};
use crate::disk::{self, Trouble};

/// The name of the file.
const NAME: &str = "polychat.sqlite3";

/// How many damaged files are kept.
const DAMAGED: usize = 10;

/// An open file, and what there is to say about it.
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) notices: Vec<String>,
}

/// Opens the file in `folder`. `anew`: what was in a damaged file is known, so no backup takes its place.
pub(super) fn open(folder: &Path, anew: bool) -> Result<Opened, Trouble> {
    let own = disk::newest(&MIGRATIONS);
    let backups = Backups::beside(folder);
    let mut notices = Vec::new();
    let mut path = folder.join(NAME);
    let file = match open_or_restore(&path, &backups, anew, &mut notices) {
        Err(Trouble::Newer(_)) => {
            path = folder.join(format!("polychat-v{own}.sqlite3"));
            let mut begun = None;
            if !path.exists() && !anew {
                begun = backups.restore(&path, own);
            }
            let with = match begun {
                Some(time) => format!(" It begins with what was saved on {time}."),
                None => String::new(),
            };
            let name = name_of(&path);
            notices.push(format!(
                "A newer Polychat has made the settings here. They are left as they are, and this one keeps its own in {name}.{with}"
            ));
            open_or_restore(&path, &backups, anew, &mut notices)?
        }
        opened => opened?,
    };
    notices.extend(file.notices().iter().cloned());
    Ok(Opened { file, notices })
}

fn open_or_restore(path: &Path, backups: &Backups, anew: bool, notices: &mut Vec<String>) -> Result<File, Trouble> {
    let open = || File::open(path, |old| backups.add(old));
    // SQLite takes a file without a byte for a new one. Where there was something before, a full disk or a crash has made it.
    let is_cut_off = fs::metadata(path).is_ok_and(|file| file.len() == 0) && !backups.are_none();
    match if is_cut_off { Err(Trouble::Damaged(String::new())) } else { open() } {
        Err(Trouble::Damaged(_)) => {}
        opened => return opened,
    }
    let aside = disk::with_suffix(path, &format!(".damaged-{}", stamp(unix_ms())));
    disk::put_aside(path, &aside);
    forget_old_ones(path);
    let kept = format!("The settings file was damaged and is kept as {}.", name_of(&aside));
    notices.push(if anew {
        format!("{kept} A new one was written; nothing is lost.")
    } else if let Some(time) = backups.restore(path, disk::newest(&MIGRATIONS)) {
        format!("{kept} Your settings are those of {time}.")
    } else {
        format!("{kept} There is no backup, so your settings begin anew.")
    });
    open()
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Removes the oldest of many damaged files.
fn forget_old_ones(path: &Path) {
    let begin = format!("{}.damaged-", name_of(path));
    let entries = path.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let mut damaged: Vec<PathBuf> = entries.map(|e| e.path()).filter(|p| name_of(p).starts_with(&begin)).collect();
    damaged.sort_unstable_by(|a, b| b.cmp(a));
    for old in damaged.into_iter().skip(DAMAGED) {
        _ = fs::remove_file(old);
    }
}
