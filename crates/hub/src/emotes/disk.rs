//! Lists on disk, so that emotes are there from the first message on, and without network.

use std::path::PathBuf;

use polychat_platforms::folder::{Bounds, Folder};

use super::place::Lists;

const BOUNDS: Bounds = Bounds {
    // Three full lists.
    file_bytes: 8 * 1024 * 1024,
    // Chosen by hand: about 30 MB.
    files: 300,
    prefix: "",
    version: 2,
};

/// The folder. Every method blocks.
#[derive(Debug, Clone)]
pub(super) struct Disk(Folder);

impl Disk {
    pub(super) fn new(dir: PathBuf) -> Self {
        Self(Folder::new(dir, BOUNDS))
    }

    /// What is kept under this name.
    pub(super) fn load(&self, name: &str) -> Option<Lists> {
        self.0.load(name).map(Lists::sound)
    }

    pub(super) fn save(&self, name: &str, lists: &Lists) {
        self.0.save(name, lists);
    }

    pub(super) fn tidy(&self) {
        self.0.tidy();
    }
}
