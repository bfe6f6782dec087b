//! `cargo xtask licences`: who wrote what a program is made of, and on what terms. Every package brings the text along.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use serde_json::Value;

use crate::{place, program};

/// Of what.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Program {
    /// The program with windows
    Desktop,
    /// The one without
    Server,
}

impl Program {
    /// Its package.
    pub(crate) fn package(self) -> &'static str {
        match self {
            Self::Desktop => "polychat",
            Self::Server => "polychat-server",
        }
    }
}

/// Where to write it.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Of what
    #[arg(value_enum, default_value_t = Program::Desktop)]
    program: Program,
    /// The file to write; without it the text is printed
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Beginnings of the names of files that hold terms.
const FILES: [&str; 6] = ["license", "licence", "copying", "notice", "unlicense", "copyright"];

/// One package that becomes part of a program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    version: String,
    licence: String,
    from: String,
    texts: Vec<String>,
}

pub(crate) fn licences(options: &Options) -> Result<()> {
    let text = text(options.program)?;
    match &options.output {
        None => print!("{text}"),
        Some(file) => {
            if let Some(folder) = file.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
        }
    }
    Ok(())
}

/// The whole text for a program on this system.
pub(crate) fn text(of: Program) -> Result<String> {
    let mut parts = crates(of.package())?;
    parts.extend(scripts()?);
    Ok(layout(of.package(), &parts))
}

/// A list of all, then every text once with those to whom it belongs.
fn layout(program: &str, parts: &BTreeSet<Part>) -> String {
    let mut out = format!(
        "{program} is made of the following, besides its own code. Each stands on its own terms, which follow the list.\n\n"
    );
    let mut texts: BTreeMap<&str, Vec<&Part>> = BTreeMap::new();
    for part in parts {
        _ = writeln!(out, "{} {}: {}, {}", part.name, part.version, part.licence, part.from);
        for text in &part.texts {
            texts.entry(text).or_default().push(part);
        }
    }
    for (text, parts) in texts {
        let names: Vec<String> = parts.iter().map(|part| format!("{} {}", part.name, part.version)).collect();
        _ = write!(out, "\n{}\n{}\n\n{text}\n", "-".repeat(80), names.join(", "));
    }
    out
}

/// The crates that a package of the workspace is built of, on this system. Those that only build or test are not in it.
fn crates(package: &str) -> Result<BTreeSet<Part>> {
    let metadata = metadata()?;
    let packages = metadata["packages"].as_array().context("cargo names no packages")?;
    let by_id: BTreeMap<&str, &Value> =
        packages.iter().filter_map(|package| Some((package["id"].as_str()?, package))).collect();
    let nodes = metadata["resolve"]["nodes"].as_array().context("cargo names no dependencies")?;
    let uses: BTreeMap<&str, &Value> = nodes.iter().filter_map(|node| Some((node["id"].as_str()?, node))).collect();
    let first = packages.iter().find(|found| found["name"] == package && found["source"].is_null());
    let mut open = vec![first.and_then(|found| found["id"].as_str()).context("there is no such package")?];
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            let deps = uses.get(id).and_then(|node| node["deps"].as_array());
            let normal = |dep: &&Value| {
                dep["dep_kinds"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
            };
            open.extend(deps.into_iter().flatten().filter(normal).filter_map(|dep| dep["pkg"].as_str()));
        }
    }
    // Our own have no source.
    let foreign = seen.iter().filter_map(|id| by_id.get(id)).filter(|package| !package["source"].is_null());
    foreign
        .map(|package| {
            let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
            let word = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
            let from = package["repository"].as_str().map_or_else(|| "crates.io".to_owned(), str::to_owned);
            let texts = texts(manifest.parent().context("a package lies in no folder")?)?;
            Ok(Part { name: word("name"), version: word("version"), licence: word("license"), from, texts })
        })
        .collect()
}

/// What Cargo knows of the workspace, for this system.
fn metadata() -> Result<Value> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let about = program::output(program::command(rustc).arg("-vV")).context("rustc does not start")?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no system")?;
    let ask = ["metadata", "--format-version", "1", "--locked", "--filter-platform", host];
    let said = program::output(program::cargo().args(ask)).context("cargo metadata fails")?;
    Ok(serde_json::from_str(&said)?)
}

/// The npm packages whose code or letters become part of the pages.
fn scripts() -> Result<BTreeSet<Part>> {
    let modules = place::ui().join("node_modules");
    let package: Value = serde_json::from_str(&fs::read_to_string(place::ui().join("package.json"))?)?;
    let names = package["devDependencies"].as_object().context("ui/package.json names no packages")?;
    let source = sources(&place::ui().join("src"))?;
    // As a whole, or a file of it.
    let is_used = |name: &str| {
        let ways = ["from ", "import ", "import(", "url("].iter().flat_map(|way| ["\"", "'"].map(|quote| (way, quote)));
        let mut ends = ways.flat_map(|(way, quote)| [quote, "/"].map(|end| format!("{way}{quote}{name}{end}")));
        ends.any(|way| source.contains(&way))
    };
    let mut open: Vec<String> = names.keys().filter(|name| is_used(name)).cloned().collect();
    let mut seen = BTreeSet::new();
    let mut parts = BTreeSet::new();
    while let Some(name) = open.pop() {
        let folder = modules.join(&name);
        // What npm has put somewhere else belongs to the tools of a package, not to the pages.
        let Ok(about) = fs::read_to_string(folder.join("package.json")) else { continue };
        if !seen.insert(name.clone()) {
            continue;
        }
        let about: Value = serde_json::from_str(&about)?;
        open.extend(about["dependencies"].as_object().into_iter().flat_map(|found| found.keys().cloned()));
        let word = |key: &str| about[key].as_str().unwrap_or_default().to_owned();
        parts.insert(Part {
            version: word("version"),
            licence: word("license"),
            from: format!("npm: {name}"),
            texts: texts(&folder)?,
            name,
        });
    }
    Ok(parts)
}

/// The code of the pages in one text, without tests.
fn sources(folder: &Path) -> Result<String> {
    let mut all = String::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            all += &sources(&path)?;
        } else if [".ts", ".svelte", ".css"].iter().any(|kind| name.ends_with(kind))
            && ![".test.ts", ".d.ts", "testing.ts"].iter().any(|kind| name.ends_with(kind))
        {
            all += &fs::read_to_string(path)?;
        }
    }
    Ok(all)
}

/// The terms that a package brings along.
fn texts(folder: &Path) -> Result<Vec<String>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if path.is_file() && FILES.iter().any(|file| name.starts_with(file)) {
            files.push(path);
        }
    }
    files.sort();
    let mut texts = Vec::new();
    for file in files {
        let text = String::from_utf8_lossy(&fs::read(file)?).replace("\r\n", "\n");
        texts.push(text.trim().to_owned());
    }
    texts.sort();
    texts.dedup();
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_everything_that_the_server_is_built_of_and_its_terms() {
        let parts = crates("polychat-server").unwrap();
        let has = |name: &str| parts.iter().any(|part| part.name == name);
        assert!(
            ["tokio", "axum", "ring", "rusqlite", "serde", "svelte"].map(has) == [true, true, true, true, true, false]
        );
        assert!(!has("tauri") && !has("insta") && !has("prost-build"), "neither windows nor what only builds or tests");
        let without: Vec<_> = parts.iter().filter(|part| part.texts.is_empty()).map(|part| &part.name).collect();
        assert!(without.len() * 10 < parts.len(), "most bring their terms: {without:?}");
        assert!(parts.iter().all(|part| !part.licence.is_empty()), "every one says which they are");
    }

    #[test]
    fn the_list_has_what_the_pages_are_made_of_and_not_what_builds_them() {
        // Without npm's packages there is nothing to look at.
        if !place::ui().join("node_modules").is_dir() {
            println!("LEFT OUT: the packages of ui/ are not installed");
            return;
        }
        let parts = scripts().unwrap();
        let of = |name: &str| parts.iter().find(|part| part.name == name);
        for name in ["svelte", "i18next", "re2js", "@fontsource-variable/inter"] {
            assert!(of(name).is_some_and(|part| !part.texts.is_empty()), "{name}");
        }
        for name in ["ws", "vite", "vitest", "typescript", "jsdom", "@playwright/test", "@tauri-apps/cli"] {
            assert!(of(name).is_none(), "{name}");
        }
    }

    #[test]
    fn every_licence_is_one_that_deny_toml_allows() {
        let deny = fs::read_to_string(place::root().join("deny.toml")).unwrap();
        let (_, list) = deny.split_once("allow = [").unwrap();
        let allowed: Vec<&str> = list.split(']').next().unwrap().split('"').skip(1).step_by(2).collect();
        assert!(allowed.contains(&"MIT"), "{allowed:?}");
        let allowed: Vec<spdx::Licensee> = allowed.iter().map(|name| spdx::Licensee::parse(name).unwrap()).collect();
        let may = |licence: &str| {
            let terms = spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX).unwrap();
            terms.evaluate(|needed| allowed.iter().any(|one| one.satisfies(needed)))
        };
        assert!(
            !may("GPL-3.0-only")
                && !may("MIT AND GPL-2.0-or-later")
                && may("MIT OR GPL-3.0-only")
                && may("MIT/Apache-2.0")
        );
        for program in ["polychat", "polychat-server"] {
            let refused: Vec<_> = crates(program).unwrap().into_iter().filter(|part| !may(&part.licence)).collect();
            let refused: Vec<_> = refused.iter().map(|part| (&part.name, &part.licence)).collect();
            assert!(refused.is_empty(), "{refused:?}");
        }
    }

    #[test]
    fn a_text_that_many_have_is_there_once() {
        let part = |name: &str, texts: &[&str]| Part {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: "MIT".to_owned(),
            from: "crates.io".to_owned(),
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        };
        let text = layout("polychat", &BTreeSet::from([part("a", &["ours", "same"]), part("b", &["same"])]));
        assert_eq!(text.matches("same").count(), 1);
        assert!(text.contains("a 1.0.0: MIT, crates.io\nb 1.0.0: MIT, crates.io\n"), "{text}");
        assert!(text.contains("\na 1.0.0, b 1.0.0\n\nsame\n"), "{text}");
    }
}
