//! What the tests of files share.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part of this")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use polychat_model::{ChannelKey, IdentifierType, Platform};
use polychat_store::{Changes, Parts, Store};

/// How long a test waits for something that must come.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A folder of its own for each test, removed at its end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("polychat-store-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        Self(env::temp_dir().join(name))
    }

    /// The folder for files, which is not there yet.
    pub fn path(&self) -> PathBuf {
        self.0.join("data")
    }

    pub fn file(&self) -> PathBuf {
        self.path().join("statistics.sqlite3")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

/// Waits for something that must come.
pub fn until(what: &str, mut is: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < PATIENCE, "waited for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

pub fn key(identifier: &str) -> ChannelKey {
    ChannelKey::new(Platform::Twitch, IdentifierType::Username, identifier)
}

pub fn parts(parts: &[(u32, &str)]) -> Parts {
    parts.iter().map(|(number, text)| (*number, text.as_bytes().to_vec())).collect()
}

pub fn changes(anew: bool, changed: &[(u32, &str)]) -> Changes {
    Changes { anew, parts: parts(changed) }
}

/// What is kept, to go on with it.
pub fn load(store: &Store, key: &ChannelKey) -> Option<Parts> {
    let (done, loaded) = mpsc::channel();
    store.load(key, move |parts| {
        _ = done.send(parts);
        None
    });
    loaded.recv_timeout(PATIENCE).expect("every load is answered")
}

/// What is kept, without going on with it.
pub fn look(store: &Store, key: &ChannelKey) -> Option<Parts> {
    let (done, loaded) = mpsc::channel();
    store.look(key, move |parts| _ = done.send(parts));
    loaded.recv_timeout(PATIENCE).expect("every look is answered")
}
