//! Node and npm, which build the pages.

use std::env::consts::ARCH;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::apt::Apt;
use super::toolchain::at_least;
use crate::{place, program};

/// What Vite asks for; `engines` in `ui/package.json` says the same.
const NEEDED: &str = "20.19";
/// A Node that npm can bring, for systems whose own is too old (Debian 12 has 18). Only Linux: elsewhere Node comes in a
/// version of the user's choice anyway.
const BROUGHT: &str = "22.23.3";
/// The npm beside it: Debian's own works with Debian's Node only.
const NPM: &str = "10";

/// The search path under which Node and npm are found, `None` for the usual one.
///
/// # Errors
/// A sentence about what is missing.
pub(super) fn set_up(apt: &mut Apt) -> Result<Option<OsString>, String> {
    if version().is_none() {
        apt.install(&["nodejs", "npm", "ca-certificates"]);
    } else if !npm_is_there() {
        apt.install(&["npm", "ca-certificates"]);
    }
    let found = version();
    let npm = npm_is_there();
    match found {
        Some(found) if npm && at_least(&found, NEEDED) => return Ok(None),
        Some(found) if npm && cfg!(target_os = "linux") => {
            println!("Node {found} is too old for the pages; npm brings {BROUGHT} into the target folder");
            match bring() {
                Ok(path) => return Ok(Some(path)),
                Err(error) => eprintln!("{error:#}"),
            }
        }
        _ => {}
    }
    let here = match version() {
        None => "there is none".to_owned(),
        Some(version) if npm => format!("this is {version}"),
        Some(_) => "npm is missing".to_owned(),
    };
    Err(format!("Node {NEEDED} or newer with npm: {here}. Get it at https://nodejs.org."))
}

fn version() -> Option<String> {
    program::output(program::command("node").arg("--version"))
}

fn npm_is_there() -> bool {
    program::find(&["npm"]).is_some()
}

/// Installs Node and npm into the target folder, if they are not there yet, and gives the path with them in front.
fn bring() -> Result<OsString> {
    let folder = place::scratch()?.join("node");
    let package = format!("node-linux-{}", if ARCH == "aarch64" { "arm64" } else { "x64" });
    let packages = folder.join("node_modules");
    let node = packages.join(&package).join("bin");
    if !runs(&node.join("node")) {
        fs::create_dir_all(&folder)?;
        let mut npm = program::command("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--prefix"]).arg(&folder);
        program::run(npm.arg(format!("{package}@{BROUGHT}")).arg(format!("npm@{NPM}")))?;
        anyhow::ensure!(runs(&node.join("node")), "the Node that npm brought does not start");
    }
    let usual = std::env::var_os("PATH").unwrap_or_default();
    let folders = [node, packages.join(".bin")].into_iter().chain(std::env::split_paths(&usual));
    Ok(std::env::join_paths(folders)?)
}

fn runs(node: &Path) -> bool {
    program::output(program::command(node).arg("--version")).is_some_and(|version| at_least(&version, NEEDED))
}
