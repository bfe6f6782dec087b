//! The pages: npm's packages and `ui/dist`, made anew only when something changed.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};

use crate::setup::Tools;
use crate::{place, program};

/// A copy of the `package-lock.json` that was installed; goes away together with what it speaks of.
const INSTALLED: &str = "node_modules/.polychat-installed.json";
/// When the last build began, in milliseconds since 1970.
const BUILT: &str = "node_modules/.polychat-built";
/// What the pages are made of, besides everything in `ui/` itself.
const SOURCES: [&str; 2] = ["ui", "icons"];
/// Folders in `ui/` that hold results.
const RESULTS: [&str; 3] = ["node_modules", "dist", "test-results"];

/// Installs the packages if the lock file is another one than last time.
pub(crate) fn install(tools: &Tools) -> Result<()> {
    let wanted = fs::read(place::ui().join("package-lock.json")).context("ui/package-lock.json cannot be read")?;
    let stamp = place::ui().join(INSTALLED);
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    program::run(tools.npm().arg("ci"))?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// Builds `ui/dist` unless it is newer than everything it is made of.
pub(crate) fn build_if_stale(tools: &Tools) -> Result<()> {
    install(tools)?;
    let built = fs::read_to_string(place::ui().join(BUILT)).ok().and_then(|text| text.trim().parse().ok());
    let built = built.map(|ms| SystemTime::UNIX_EPOCH + Duration::from_millis(ms));
    let there = place::ui().join("dist/test.html").is_file();
    if there && built.is_some_and(|built| newest_source().is_ok_and(|newest| newest < built)) {
        return Ok(());
    }
    build(tools)
}

/// Builds `ui/dist`.
pub(crate) fn build(tools: &Tools) -> Result<()> {
    install(tools)?;
    let began = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    program::run(tools.npm().args(["run", "build"]))?;
    fs::write(place::ui().join(BUILT), began.as_millis().to_string())?;
    Ok(())
}

fn newest_source() -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for folder in SOURCES {
        newest = newest.max(newest_in(&place::root().join(folder))?);
    }
    Ok(newest)
}

/// The time of the newest file below a folder, and of its folders: theirs change when a file goes away.
///
/// The time of `folder` itself does not count, as results appear in it.
fn newest_in(folder: &Path) -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if RESULTS.iter().any(|result| entry.file_name() == *result) {
            continue;
        }
        let about = entry.metadata()?;
        newest = newest.max(about.modified()?);
        if about.is_dir() {
            newest = newest.max(newest_in(&entry.path())?);
        }
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_do_not_make_the_pages_stale_and_sources_do() {
        let folder = std::env::temp_dir().join(format!("polychat-xtask-{}", std::process::id()));
        fs::create_dir_all(folder.join("src/deep")).unwrap();
        fs::create_dir_all(folder.join("node_modules")).unwrap();
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let write = |name: &str, seconds| {
            let file = fs::File::create(folder.join(name)).unwrap();
            file.set_modified(at(seconds)).unwrap();
        };
        // In the future, as the folders are of today; below 2^34, where some file systems end.
        let far = 10_000_000_000;
        write("src/deep/page.ts", far);
        write("node_modules/package.js", far + 10);
        assert_eq!(newest_in(&folder).unwrap(), at(far), "what npm installed is no source");
        write("src/page.svelte", far + 1);
        assert_eq!(newest_in(&folder).unwrap(), at(far + 1));
        fs::remove_dir_all(folder).unwrap();
    }
}
