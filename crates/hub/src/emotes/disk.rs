//! Lists on disk, so that emotes are there from the first message on, and without network.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::place::Lists;

/// Largest file that is read and written, in bytes: three full lists.
const FILE_MAX_BYTES: usize = 8 * 1024 * 1024;
/// Most channels that are kept, the last used first. Chosen by hand: about 30 MB.
const PLACES_MAX: usize = 300;
/// A half-written file of this age was left by a crash.
const LEFT_OVER: Duration = Duration::from_secs(3600);
/// Changes when the content of the files does.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct File<L> {
    version: u32,
    lists: L,
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

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.json"))
    }

    /// What is kept under this name.
    pub(super) fn load(&self, name: &str) -> Option<Lists> {
        let path = self.path(name);
        if fs::metadata(&path).ok()?.len() > FILE_MAX_BYTES as u64 {
            return None;
        }
        match serde_json::from_slice::<File<Lists>>(&fs::read(path).ok()?) {
            Ok(file) if file.version == VERSION => Some(file.lists.sound()),
            Ok(_) => None,
            Err(error) => {
                tracing::debug!(%error, "kept emotes are damaged and not used");
                None
            }
        }
    }

    /// Keeps `lists`. A crash in the middle leaves the old file as it was.
    pub(super) fn save(&self, name: &str, lists: &Lists) {
        if let Err(error) = self.write(&self.path(name), lists) {
            tracing::debug!(%error, "emotes cannot be kept on disk");
        }
    }

    fn write(&self, path: &Path, lists: &Lists) -> io::Result<()> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(&self.dir)?;
        let bytes = serde_json::to_vec(&File { version: VERSION, lists })?;
        if bytes.len() > FILE_MAX_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "too large"));
        }
        let unique = format!("tmp-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let temporary = path.with_extension(unique);
        let done = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
        if done.is_err() {
            drop(fs::remove_file(&temporary));
        }
        done
    }

    /// Removes what crashes left and what was not used for longest.
    pub(super) fn tidy(&self) {
        let Ok(entries) = fs::read_dir(&self.dir) else { return };
        let now = SystemTime::now();
        let mut kept = Vec::new();
        for entry in entries.flatten() {
            let Ok(changed) = entry.metadata().and_then(|m| m.modified()) else { continue };
            let path = entry.path();
            let name = entry.file_name();
            if name.to_string_lossy().contains(".tmp-") {
                if now.duration_since(changed).is_ok_and(|age| age > LEFT_OVER) {
                    drop(fs::remove_file(path));
                }
            } else if path.extension().is_some_and(|kind| kind == "json") {
                kept.push((changed, path));
            }
        }
        kept.sort_by_key(|(changed, _)| std::cmp::Reverse(*changed));
        for (_, path) in kept.into_iter().skip(PLACES_MAX) {
            drop(fs::remove_file(path));
        }
    }
}
