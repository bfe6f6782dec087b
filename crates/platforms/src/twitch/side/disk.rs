//! Badges and cheermotes on disk, so that a restart needs no network for them.

use std::path::PathBuf;

use crate::folder::{Bounds, Folder};
use crate::twitch::pictures::Pictures;

const BOUNDS: Bounds = Bounds {
    // The global one has about 300 KiB.
    file_bytes: 4 * 1024 * 1024,
    // Chosen by hand: about 10 MB.
    files: 500,
    prefix: "twitch-room-",
    version: 2,
};

/// The folder. Every method blocks.
#[derive(Debug, Clone)]
pub(super) struct Disk(Folder);

impl Disk {
    pub(super) fn new(dir: PathBuf) -> Self {
        Self(Folder::new(dir, BOUNDS))
    }

    /// What is kept and when it was fetched: Unix milliseconds, 0 if a part is missing, so that it is fetched again soon.
    pub(super) fn load(&self, room_id: Option<&str>) -> Option<(Pictures, i64)> {
        self.0.load(&name(room_id)?)
    }

    /// Keeps `pictures`.
    pub(super) fn save(&self, room_id: Option<&str>, pictures: Pictures, fetched_at_ms: i64) {
        if let Some(name) = name(room_id) {
            self.0.save(&name, &(pictures, fetched_at_ms));
        }
    }

    pub(super) fn tidy(&self) {
        self.0.tidy();
    }
}

/// The file of a room, or with `None` of all rooms. Room ids that are not digits have none.
fn name(room_id: Option<&str>) -> Option<String> {
    match room_id {
        None => Some("twitch-global".to_owned()),
        Some(id) if (1..=20).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit()) => {
            Some(format!("twitch-room-{id}"))
        }
        Some(_) => None,
    }
}
