//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in a folder of the repository")
}

/// The folder of the pages.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// Where Cargo puts programs of the dev profile: beside this one, wherever that was configured to be.
pub(crate) fn programs() -> Result<PathBuf> {
    let own = std::env::current_exe().context("the place of xtask itself is unknown")?;
    Ok(own.parent().context("xtask lies in no folder")?.to_path_buf())
}

/// A folder for what xtask itself keeps, inside of the target folder.
pub(crate) fn scratch() -> Result<PathBuf> {
    let programs = programs()?;
    Ok(programs.parent().context("the target folder has no parent")?.join("xtask"))
}
