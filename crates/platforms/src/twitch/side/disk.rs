//! Badges and cheermotes on disk, so that a restart needs no network for them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::twitch::pictures::Pictures;

/// Largest file that is read, in bytes. The global one has about 300 KiB.
const FILE_MAX_BYTES: u64 = 4 * 1024 * 1024;
/// Most rooms that are kept, the last used first. Chosen by hand: about 10 MB.
const ROOMS_MAX: usize = 500;
/// A half-written file of this age was left by a crash.
const LEFT_OVER: Duration = Duration::from_secs(3600);
/// Changes when the content of the files does.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    /// Unix milliseconds; 0 if a part is missing, so that it is fetched again soon.
    fetched_at_ms: i64,
    pictures: Pictures,
}

/// The folder. Every method blocks; none fails: what cannot be read is not there, what cannot be written is not kept.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    dir: PathBuf,
}

impl Disk {
    pub(super) fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// The file of a room, or with `None` of all rooms. Room ids that are not digits have none.
    fn path(&self, room_id: Option<&str>) -> Option<PathBuf> {
        match room_id {
            None => Some(self.dir.join("twitch-global.json")),
            Some(id) if (1..=20).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit()) => {
                Some(self.dir.join(format!("twitch-room-{id}.json")))
            }
            Some(_) => None,
        }
    }

    /// What is kept and when it was fetched (Unix milliseconds).
    pub(super) fn load(&self, room_id: Option<&str>) -> Option<(Pictures, i64)> {
        let path = self.path(room_id)?;
        match read(&path) {
            Ok(file) if file.version == VERSION => Some((file.pictures, file.fetched_at_ms)),
            Ok(_) => None,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::debug!(platform = "twitch", %error, "a cached list is damaged and not used");
                }
                None
            }
        }
    }

    /// Keeps `pictures`. A crash in the middle leaves the old file as it was.
    pub(super) fn save(&self, room_id: Option<&str>, pictures: Pictures, fetched_at_ms: i64) {
        let Some(path) = self.path(room_id) else { return };
        let file = File { version: VERSION, fetched_at_ms, pictures };
        if let Err(error) = self.write(&path, &file) {
            tracing::debug!(platform = "twitch", %error, "a list cannot be kept on disk");
        }
    }

    fn write(&self, path: &Path, file: &File) -> io::Result<()> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(&self.dir)?;
        let unique = format!("tmp-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let temporary = path.with_extension(unique);
        let done = fs::write(&temporary, serde_json::to_vec(file)?).and_then(|()| fs::rename(&temporary, path));
        if done.is_err() {
            drop(fs::remove_file(&temporary));
        }
        done
    }

    /// Removes what crashes left and the rooms that were not used for longest.
    pub(super) fn tidy(&self) {
        let Ok(entries) = fs::read_dir(&self.dir) else { return };
        let now = SystemTime::now();
        let mut rooms = Vec::new();
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|n| n.starts_with("twitch-")) else { continue };
            let Ok(changed) = entry.metadata().and_then(|m| m.modified()) else { continue };
            if name.contains(".tmp-") {
                if now.duration_since(changed).is_ok_and(|age| age > LEFT_OVER) {
                    drop(fs::remove_file(entry.path()));
                }
            } else if name.starts_with("twitch-room-") {
                rooms.push((changed, entry.path()));
            }
        }
        rooms.sort_by_key(|(changed, _)| std::cmp::Reverse(*changed));
        for (_, path) in rooms.into_iter().skip(ROOMS_MAX) {
            drop(fs::remove_file(path));
        }
    }
}

fn read(path: &Path) -> io::Result<File> {
    if fs::metadata(path)?.len() > FILE_MAX_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "too large"));
    }
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}
