//! A folder of lists on disk, so that a restart needs no network for them. A cache: what is lost is fetched again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A half-written file of this age was left by a crash.
const LEFT_OVER: Duration = Duration::from_secs(3600);

/// The folder. Every method blocks; none fails: what cannot be read is not there, what cannot be written is not kept.
#[derive(Debug, Clone)]
pub struct Folder {
    dir: PathBuf,
    bounds: Bounds,
}

/// What a folder may hold.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Largest file that is read and written, in bytes.
    pub file_bytes: usize,
    /// Most files whose names begin with [`prefix`](Self::prefix), the last written first.
    pub files: usize,
    /// Only files with such names go when there are too many.
    pub prefix: &'static str,
    /// Changes when the content of the files does: files of another version are not read.
    pub version: u32,
}

#[derive(Serialize, Deserialize)]
struct File<T> {
    version: u32,
    content: T,
}

impl Folder {
    /// The folder need not exist yet.
    pub fn new(dir: PathBuf, bounds: Bounds) -> Self {
        Self { dir, bounds }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.json"))
    }

    /// What is kept under this name, which must be safe in a path.
    pub fn load<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        match self.read(&self.path(name)) {
            Ok(File { version, content }) => (version == self.bounds.version).then_some(content),
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::debug!(name, %error, "a kept list is damaged and not used");
                }
                None
            }
        }
    }

    /// Keeps `content`. A crash in the middle leaves the old file as it was.
    pub fn save<T: Serialize>(&self, name: &str, content: &T) {
        if let Err(error) = self.write(&self.path(name), content) {
            tracing::debug!(name, %error, "a list cannot be kept on disk");
        }
    }

    fn read<T: DeserializeOwned>(&self, path: &Path) -> io::Result<File<T>> {
        if fs::metadata(path)?.len() > self.bounds.file_bytes as u64 {
            return Err(too_large());
        }
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    }

    fn write<T: Serialize>(&self, path: &Path, content: &T) -> io::Result<()> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(&self.dir)?;
        let bytes = serde_json::to_vec(&File { version: self.bounds.version, content })?;
        if bytes.len() > self.bounds.file_bytes {
            return Err(too_large());
        }
        let unique = format!("tmp-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let temporary = path.with_extension(unique);
        let done = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
        if done.is_err() {
            drop(fs::remove_file(&temporary));
        }
        done
    }

    /// Removes what crashes left, and what was written longest ago where there are too many files.
    pub fn tidy(&self) {
        let Ok(entries) = fs::read_dir(&self.dir) else { return };
        let now = SystemTime::now();
        let mut kept = Vec::new();
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            let Ok(changed) = entry.metadata().and_then(|m| m.modified()) else { continue };
            if name.contains(".tmp-") {
                if now.duration_since(changed).is_ok_and(|age| age > LEFT_OVER) {
                    drop(fs::remove_file(path));
                }
            } else if name.starts_with(self.bounds.prefix) && name.ends_with(".json") {
                kept.push((changed, path));
            }
        }
        kept.sort_by_key(|(changed, _)| std::cmp::Reverse(*changed));
        for (_, path) in kept.into_iter().skip(self.bounds.files) {
            drop(fs::remove_file(path));
        }
    }
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "too large")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Temporary(PathBuf);

    impl Drop for Temporary {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    fn folder(test: &str, bounds: Bounds) -> (Folder, Temporary) {
        let dir = std::env::temp_dir().join(format!("polychat-folder-{test}-{}", std::process::id()));
        (Folder::new(dir.clone(), bounds), Temporary(dir))
    }

    const BOUNDS: Bounds = Bounds { file_bytes: 100, files: 2, prefix: "room-", version: 1 };

    #[test]
    fn what_is_kept_comes_back_and_what_is_not_ours_does_not() {
        let (folder, dir) = folder("load", BOUNDS);
        assert_eq!(folder.load::<Vec<u8>>("room-1"), None, "there is no folder yet");
        folder.save("room-1", &[1, 2]);
        assert_eq!(folder.load::<Vec<u8>>("room-1"), Some(vec![1, 2]));
        folder.save("room-1", &vec![0; 200]);
        assert_eq!(folder.load::<Vec<u8>>("room-1"), Some(vec![1, 2]), "what is too large leaves the old file");
        let newer = Folder::new(dir.0.clone(), Bounds { version: 2, ..BOUNDS });
        assert_eq!(newer.load::<Vec<u8>>("room-1"), None);
        fs::write(dir.0.join("room-1.json"), "[".repeat(90)).unwrap();
        assert_eq!(folder.load::<Vec<u8>>("room-1"), None);
    }

    #[test]
    fn the_oldest_files_of_the_prefix_go_and_so_do_left_overs() {
        let (folder, dir) = folder("tidy", BOUNDS);
        let at = |hours: u64| SystemTime::now() - Duration::from_secs(hours * 3_600);
        for (name, hours) in [("room-1.json", 9), ("room-2.json", 3), ("room-3.json", 2), ("all.json", 10)] {
            folder.save(name.trim_end_matches(".json"), &0);
            fs::File::open(dir.0.join(name)).unwrap().set_modified(at(hours)).unwrap();
        }
        for (name, hours) in [("room-4.tmp-1-1", 2), ("room-5.tmp-1-2", 0)] {
            fs::write(dir.0.join(name), "half").unwrap();
            fs::File::open(dir.0.join(name)).unwrap().set_modified(at(hours)).unwrap();
        }
        folder.tidy();
        let mut left: Vec<_> = fs::read_dir(&dir.0).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["all.json", "room-2.json", "room-3.json", "room-5.tmp-1-2"]);
    }
}
