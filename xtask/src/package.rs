//! `cargo xtask package`: what people install, built in the release profile and laid into `packages` in the target folder.
//!
//! The desktop program is packed by Tauri's own tool, which npm brings: .deb and .rpm on Linux (and the AppImage, whose tools it
//! fetches from the network), an installer on Windows, a disk image for both kinds of Mac. The server is one file in an archive.

use std::env::consts::{ARCH, OS};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use crate::licences::{self, Program};
use crate::renewal::{self, Renewal};
use crate::setup::{self, Needs, Tools};
use crate::{place, program, ui};

/// What to pack.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only this
    #[arg(long, value_enum, value_name = "PROGRAM")]
    only: Option<Program>,
    /// The AppImage, too (Linux). Its tools come from the network
    #[arg(long)]
    appimage: bool,
}

/// What nobody wants to download: an installer larger than this, or a server.
const LARGEST: [(&str, u64); 2] = [(".deb", 15_000_000), ("polychat-server", 20_000_000)];

/// The two kinds of Mac that one package is for.
const MACS: [&str; 2] = ["aarch64-apple-darwin", "x86_64-apple-darwin"];

pub(crate) fn package(options: &Options) -> Result<()> {
    let desktop = options.only != Some(Program::Server);
    // Before the long build.
    let renewal = if desktop { Renewal::from_environment()? } else { None };
    let server = options.only != Some(Program::Desktop);
    let tools = setup::setup(Needs {
        window: desktop,
        bundle: desktop,
        appimage: desktop && options.appimage,
        ..Needs::default()
    })?;
    ui::build(&tools)?;
    let packages = place::packages()?;
    if packages.exists() {
        fs::remove_dir_all(&packages)?;
    }
    fs::create_dir_all(&packages)?;
    if desktop {
        desktop_program(options, &tools, &packages, renewal.as_ref())?;
        println!(
            "\nThese packages {}",
            if renewal.is_some() {
                "know where newer versions are told of, and by which key they are signed."
            } else {
                "do not look for newer versions: no key was given (docs/releasing.md)."
            }
        );
    }
    if server {
        server_program(&packages)?;
    }
    println!();
    let mut made: Vec<PathBuf> = fs::read_dir(&packages)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    made.sort();
    for file in made {
        let bytes = fs::metadata(&file)?.len();
        println!("{} ({:.1} MB)", file.display(), bytes as f64 / 1e6);
        small_enough(&file, bytes)?;
    }
    Ok(())
}

/// Whether a package is as small as it should be.
fn small_enough(file: &Path, bytes: u64) -> Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    for (part, most) in LARGEST {
        ensure!(!name.contains(part) || bytes <= most, "{name} has {bytes} bytes, {most} are the most");
    }
    Ok(())
}

/// A file with the terms of everything that is in a program.
fn terms(of: Program) -> Result<PathBuf> {
    let folder = place::scratch()?.join(of.package());
    fs::create_dir_all(&folder)?;
    let file = folder.join("THIRD-PARTY.txt");
    fs::write(&file, licences::text(of)?)?;
    Ok(file)
}

fn desktop_program(options: &Options, tools: &Tools, packages: &Path, renewal: Option<&Renewal>) -> Result<()> {
    let kinds: &[&str] = match OS {
        "linux" if options.appimage => &["deb", "rpm", "appimage"],
        "linux" => &["deb", "rpm"],
        "macos" => &["app", "dmg"],
        _ => &["nsis"],
    };
    let terms = terms(Program::Desktop)?;
    // Beside the tool's own settings: what was only just written, and the pages are built already.
    let documents = json!({ "/usr/share/doc/polychat/THIRD-PARTY.txt": terms, "/usr/share/doc/polychat/LICENSE": place::root().join("LICENSE") });
    let mut more = json!({
        "build": { "beforeBuildCommand": null },
        "bundle": {
            "resources": if OS == "linux" { json!({}) } else { json!({ terms.to_string_lossy(): "THIRD-PARTY.txt" }) },
            "linux": { "deb": { "files": documents }, "rpm": { "files": documents }, "appimage": { "files": documents } },
        },
    });
    if let Some(renewal) = renewal {
        more["bundle"]["createUpdaterArtifacts"] = json!(true);
        more["plugins"] = json!({ "updater": renewal.built_in() });
    }
    let settings = place::scratch()?.join("package.json");
    fs::write(&settings, more.to_string())?;

    let bundles = place::release()?;
    let (target, bundles) = match OS {
        "macos" => (&["--target", "universal-apple-darwin"][..], bundles.join("../universal-apple-darwin/release")),
        _ => (&[][..], bundles),
    };
    let bundles = bundles.join("bundle");
    for kind in kinds {
        // What an earlier version left there is not ours to give out.
        _ = fs::remove_dir_all(bundles.join(folder_of(kind)));
    }
    let mut build = tools.of_npm("tauri");
    build.args(["build", "--ci", "--no-bundle", "--config"]).arg(&settings).args(target);
    program::run(&mut build)?;
    let mut pack = tools.of_npm("tauri");
    pack.args(["bundle", "--ci", "--bundles", &kinds.join(","), "--config"]).arg(&settings).args(target);
    // On machines without FUSE, such as containers.
    pack.env("APPIMAGE_EXTRACT_AND_RUN", "1");
    if renewal.is_some() {
        // A key without a password has an empty one; without this the tool would ask for it.
        let set = |name| std::env::var_os(name).unwrap_or_default();
        pack.env(renewal::PRIVATE, set(renewal::PRIVATE)).env(renewal::PASSWORD, set(renewal::PASSWORD));
    }
    program::run(&mut pack)?;
    for kind in kinds.iter().filter(|kind| **kind != "app") {
        let mut files = 0;
        for entry in fs::read_dir(bundles.join(kind)).with_context(|| format!("no {kind} was made"))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_file() && [".deb", ".rpm", ".AppImage", ".exe", ".dmg"].iter().any(|end| name.ends_with(end)) {
                fs::copy(&path, packages.join(&name))?;
                files += 1;
                if let Some(renewal) = renewal.filter(|_| ["appimage", "nsis"].contains(kind)) {
                    copy_signature(renewal, &path, &packages.join(name))?;
                }
            }
        }
        ensure!(files == 1, "{files} files of the kind {kind} were made");
    }
    if let Some(renewal) = renewal.filter(|_| OS == "macos") {
        // The disk image cannot take the place of an app; this can. Its name tells the version only from here on.
        let app = bundles.join(folder_of("app")).join("Polychat.app.tar.gz");
        let to = packages.join(format!("Polychat_{}_universal.app.tar.gz", env!("CARGO_PKG_VERSION")));
        fs::copy(&app, &to).with_context(|| format!("{} was not made", app.display()))?;
        copy_signature(renewal, &app, &to)?;
    }
    if cfg!(windows) {
        let name = format!("Polychat_{}_{}-portable", env!("CARGO_PKG_VERSION"), word(ARCH));
        let program = place::release()?.join("polychat.exe");
        archive(packages, &name, &[(program, "polychat.exe"), (terms, "THIRD-PARTY.txt")])?;
    }
    Ok(())
}

/// The folder that Tauri's tool lays a kind of package into.
fn folder_of(kind: &str) -> &str {
    if kind == "app" { "macos" } else { kind }
}

/// Lays the signature of a package beside its copy.
fn copy_signature(renewal: &Renewal, package: &Path, copy: &Path) -> Result<()> {
    let signature = |of: &Path| PathBuf::from(format!("{}.sig", of.display()));
    renewal.has_signed(&signature(package))?;
    fs::copy(signature(package), signature(copy))?;
    Ok(())
}

fn server_program(packages: &Path) -> Result<()> {
    let build = |target: &[&str]| {
        let build = ["build", "--locked", "--release", "--package", "polychat-server"];
        program::run(program::cargo().args(build).args(target))
    };
    let file = format!("polychat-server{}", std::env::consts::EXE_SUFFIX);
    let server = if OS == "macos" {
        let mut lipo = program::command("lipo");
        lipo.arg("-create");
        for mac in MACS {
            build(&["--target", mac])?;
            lipo.arg(place::release()?.join(format!("../{mac}/release")).join(&file));
        }
        let both = place::scratch()?.join(&file);
        program::run(lipo.arg("-output").arg(&both))?;
        both
    } else {
        build(&[])?;
        place::release()?.join(&file)
    };
    small_enough(&server, fs::metadata(&server)?.len())?;
    let kind = if OS == "macos" { "universal".to_owned() } else { word(ARCH) };
    let name = format!("polychat-server_{}_{OS}-{kind}", env!("CARGO_PKG_VERSION"));
    let mut files = vec![(server, file.as_str()), (terms(Program::Server)?, "THIRD-PARTY.txt")];
    if OS == "linux" {
        files.push((place::root().join("deploy/polychat.service"), "polychat.service"));
    }
    archive(packages, &name, &files)
}

/// The word of installers for a processor.
fn word(arch: &str) -> String {
    if arch == "x86_64" && cfg!(windows) { "x64" } else { arch }.to_owned()
}

/// An archive with a folder in it: a zip for Windows, else .tar.gz. Our own terms are always there.
fn archive(packages: &Path, name: &str, files: &[(PathBuf, &str)]) -> Result<()> {
    let outer = place::scratch()?.join("archive");
    let folder = outer.join(name);
    if outer.exists() {
        fs::remove_dir_all(&outer)?;
    }
    fs::create_dir_all(&folder)?;
    for (from, to) in files {
        fs::copy(from, folder.join(to)).with_context(|| format!("{} cannot be copied", from.display()))?;
    }
    fs::copy(place::root().join("LICENSE"), folder.join("LICENSE"))?;
    let (ending, flags) = if cfg!(windows) { ("zip", "-acf") } else { ("tar.gz", "-czf") };
    let mut tar = tar();
    tar.arg("-C").arg(&outer).arg(flags).arg(packages.join(format!("{name}.{ending}"))).arg(name);
    program::run(&mut tar)
}

/// Windows brings one that makes a zip; what else may be called so there does not.
fn tar() -> Command {
    let system = std::env::var_os("SystemRoot").filter(|_| cfg!(windows));
    let own = system.map(|system| Path::new(&system).join("System32").join("tar.exe").into_os_string());
    program::command(own.unwrap_or_else(|| OsString::from("tar")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_refused() {
        assert!(small_enough(Path::new("Polychat_0.1.0_amd64.deb"), 15_000_000).is_ok());
        assert!(small_enough(Path::new("Polychat_0.1.0_amd64.deb"), 15_000_001).is_err());
        assert!(small_enough(Path::new("polychat-server_0.1.0_linux-x86_64.tar.gz"), 20_000_001).is_err());
        assert!(small_enough(Path::new("Polychat_0.1.0_amd64.AppImage"), 90_000_000).is_ok());
    }
}
