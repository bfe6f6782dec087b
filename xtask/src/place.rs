//! Where things are.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context as _, Result};

/// The root of the repository, as Cargo says when it starts this program. What it said when the program was built comes
/// second: two clones that share a target folder share the program, too, and it would work on the wrong one.
static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().expect("xtask lies in a folder of the repository").to_path_buf()
});

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    &ROOT
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

/// Where Cargo puts programs of the release profile.
pub(crate) fn release() -> Result<PathBuf> {
    let programs = programs()?;
    Ok(programs.parent().context("the target folder has no parent")?.join("release"))
}

/// Where `cargo xtask package` lays what it has made.
pub(crate) fn packages() -> Result<PathBuf> {
    let programs = programs()?;
    Ok(programs.parent().context("the target folder has no parent")?.join("packages"))
}

/// A folder for what xtask itself keeps, inside of the target folder.
pub(crate) fn scratch() -> Result<PathBuf> {
    let programs = programs()?;
    Ok(programs.parent().context("the target folder has no parent")?.join("xtask"))
}
