//! Finding and starting other programs.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::{place, renewal};

/// A command that starts in the root of the repository.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(place::root()).env("DEBIAN_FRONTEND", "noninteractive");
    // Builds run other people's code. The key that signs packages is for the one program that does that.
    command.env_remove(renewal::PRIVATE).env_remove(renewal::PASSWORD);
    // `cargo run` describes xtask in these. Build scripts that watch them (ring's does) would run anew each time the
    // user changes between `cargo xtask` and plain `cargo`.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name.as_ref());
        }
    }
    command
}

/// The Cargo that runs us, so that the toolchain is the same.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command that asks nothing, and shows what it is.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let words = words(command);
    println!("$ {words}");
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("`{words}` could not be started"))?;
    if !status.success() {
        bail!("`{words}` failed ({status})");
    }
    Ok(())
}

/// What a command prints, or `None` if it cannot be started or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first of these programs that is on the search path.
pub(crate) fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let files = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    files.flat_map(with_endings).find(|file| file.is_file())
}

#[cfg(windows)]
fn with_endings(file: PathBuf) -> Vec<PathBuf> {
    ["exe", "cmd", "bat"].iter().map(|ending| file.with_extension(ending)).collect()
}

#[cfg(not(windows))]
fn with_endings(file: PathBuf) -> Vec<PathBuf> {
    vec![file]
}

/// A command as one would type it: programs without their folders.
fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let arguments = command.get_args();
    std::iter::once(program).chain(arguments).map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
