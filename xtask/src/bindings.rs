//! Are the TypeScript types in the repository the ones that `crates/model` would write now?

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result, bail, ensure};

use crate::{place, program};

const FOLDER: &str = "ui/src/lib/bindings";

/// Has them written elsewhere and compares, so that a stale file is found even though tests would mend it.
pub(crate) fn check() -> Result<()> {
    let fresh = place::scratch()?.join("bindings");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    fs::create_dir_all(&fresh)?;
    // The whole workspace, as its tests are built next anyway.
    let mut export = program::cargo();
    export.args(["test", "--workspace", "--lib", "export_bindings"]).env("TS_RS_EXPORT_DIR", &fresh);
    println!("$ cargo test --workspace --lib export_bindings");
    let told = export.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("cargo could not be started")?;
    if !told.status.success() {
        print!("{}", String::from_utf8_lossy(&told.stdout));
        bail!("the types could not be written");
    }

    let (fresh, kept) = (read(&fresh)?, read(&place::root().join(FOLDER))?);
    ensure!(!fresh.is_empty(), "no types were written");
    let differences = differences(&fresh, &kept);
    ensure!(
        differences.is_empty(),
        "{FOLDER} is not what crates/model says: {}. Run `cargo test -p polychat-model` and commit what it writes.",
        differences.join(", ")
    );
    println!("{} types are up to date", kept.len());
    committed()
}

/// In a checkout they must be in Git, too; the index suffices.
fn committed() -> Result<()> {
    let git = || program::command("git");
    if program::output(git().args(["rev-parse", "--is-inside-work-tree"])).is_none() {
        println!("not a Git checkout, so whether they are committed was not asked");
        return Ok(());
    }
    program::run(git().args(["diff", "--exit-code", "--stat", "--", FOLDER]))
        .with_context(|| format!("{FOLDER} has changes: add them to the commit"))?;
    let unknown = program::output(git().args(["ls-files", "--others", "--exclude-standard", "--", FOLDER]));
    let unknown = unknown.context("git ls-files failed")?;
    ensure!(unknown.is_empty(), "{FOLDER} has files that are not in Git: {unknown}");
    Ok(())
}

fn read(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let entry = entry?;
        let text =
            fs::read_to_string(entry.path()).with_context(|| format!("{} cannot be read", entry.path().display()))?;
        // A checkout on Windows may have other line ends.
        files.insert(entry.file_name().to_string_lossy().into_owned(), text.replace("\r\n", "\n"));
    }
    Ok(files)
}

fn differences(fresh: &BTreeMap<String, String>, kept: &BTreeMap<String, String>) -> Vec<String> {
    let wrong = fresh.iter().filter_map(|(name, text)| match kept.get(name) {
        None => Some(format!("{name} is missing")),
        Some(kept) if kept != text => Some(format!("{name} is stale")),
        Some(_) => None,
    });
    let orphans = kept.keys().filter(|name| !fresh.contains_key(*name)).map(|name| format!("{name} is of no type"));
    wrong.chain(orphans).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn stale_missing_and_orphaned_types_are_named() {
        let fresh = files(&[("Same.ts", "a"), ("Changed.ts", "new"), ("Added.ts", "b")]);
        let kept = files(&[("Same.ts", "a"), ("Changed.ts", "old"), ("Removed.ts", "c")]);
        assert_eq!(
            differences(&fresh, &kept),
            ["Added.ts is missing", "Changed.ts is stale", "Removed.ts is of no type"]
        );
        assert!(differences(&fresh, &fresh).is_empty());
    }
}
