//! What holds for every file of the repository: no place of one computer in it, no registry but the public ones, no link
//! into nothing, no command that does not exist.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// Every file that is or would be tracked, by its name below the root; without Git, every file that is not built.
fn files() -> Vec<String> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let mut files = match git.output() {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).split_terminator('\0').map(str::to_owned).collect()
        }
        _ => walk(&root(), ""),
    };
    // A file that was deleted but is still in the index.
    files.retain(|name| root().join(name).is_file());
    assert!(files.len() > 100, "only {} files were found", files.len());
    files
}

fn walk(folder: &Path, prefix: &str) -> Vec<String> {
    const BUILT: [&str; 6] = [".git", "target", "node_modules", "dist", "test-results", "gen"];
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            if !BUILT.contains(&name.as_str()) {
                files.extend(walk(&entry.path(), &format!("{prefix}{name}/")));
            }
        } else {
            files.push(format!("{prefix}{name}"));
        }
    }
    files
}

/// The text of a file, or nothing for pictures.
fn text(name: &str) -> Option<String> {
    fs::read_to_string(root().join(name)).ok()
}

/// Places that exist on one computer only: home folders and the like, at the beginning of a path.
fn machine_paths(text: &str) -> Vec<&str> {
    // Not the words themselves, so that this file passes.
    let folders = ["work", "root", "home", "Users", "tmp"].map(|folder| format!("/{folder}/"));
    let starts =
        |at: usize| text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "\"'`(=:,<>".contains(c));
    let mut found: Vec<&str> = Vec::new();
    for folder in &folders {
        for (at, _) in text.match_indices(folder.as_str()).filter(|(at, _)| starts(*at)) {
            found.push(text[at..].split(char::is_whitespace).next().unwrap_or_default());
        }
    }
    for (at, _) in text.match_indices(":\\Users\\") {
        found.push(text[at..].split(char::is_whitespace).next().unwrap_or_default());
    }
    found
}

#[test]
fn no_file_names_a_place_of_one_computer() {
    let found: Vec<_> = files()
        .into_iter()
        .filter_map(|name| {
            let text = text(&name)?;
            let found: Vec<_> = machine_paths(&text).into_iter().map(str::to_owned).collect();
            (!found.is_empty()).then_some((name, found))
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_place_of_one_computer_is_seen() {
    let home = format!("/{}/me/polychat", "home");
    assert_eq!(machine_paths(&format!("read \"{home} now")), [home.as_str()]);
    assert_eq!(machine_paths(&home), [home.as_str()]);
    assert_eq!(machine_paths(&format!("https://example.com{home} ui{home} ..{home}")), [""; 0]);
}

#[test]
fn everything_comes_from_the_public_registries() {
    let cargo: Vec<_> = files().into_iter().filter(|name| name.ends_with("Cargo.lock")).collect();
    assert!(!cargo.is_empty());
    for name in cargo {
        let text = text(&name).unwrap();
        let sources: BTreeSet<_> = text.lines().filter_map(|line| line.strip_prefix("source = ")).collect();
        let public = BTreeSet::from(["\"registry+https://github.com/rust-lang/crates.io-index\""]);
        assert_eq!(sources, public, "{name}");
    }
    let npm = text("ui/package-lock.json").unwrap();
    for line in npm.lines().map(str::trim).filter(|line| line.starts_with("\"resolved\"")) {
        assert!(line.starts_with("\"resolved\": \"https://registry.npmjs.org/"), "ui/package-lock.json: {line}");
    }
}

/// The documents, with their texts.
fn documents() -> Vec<(String, String)> {
    let documents = files().into_iter().filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "md"));
    documents.map(|name| (name.clone(), text(&name).unwrap())).collect()
}

/// The targets of Markdown links and pictures that are files: no addresses, no places on the same page.
fn links(text: &str) -> Vec<&str> {
    let targets = text.match_indices("](").filter_map(|(at, _)| text[at + 2..].split([')', ' ', '\n']).next());
    let files = targets.filter(|target| !target.contains("://") && !target.starts_with('#') && !target.is_empty());
    files.map(|target| target.split('#').next().unwrap_or_default()).collect()
}

#[test]
fn links_of_the_documents_lead_somewhere() {
    let mut dead = Vec::new();
    let mut seen = 0;
    for (name, text) in documents() {
        let folder = root().join(&name).parent().unwrap().to_owned();
        for link in links(&text) {
            seen += 1;
            if !folder.join(link).exists() {
                dead.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(seen > 10, "links were found");
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn links_are_found_in_their_text() {
    let text = "[a](docs/A.md) ![b](b.png) [`c`](../c#part) [d](https://d.example) [e](#here)";
    assert_eq!(links(text), ["docs/A.md", "b.png", "../c"]);
}

/// The words after `cargo xtask` in a text.
fn commands(text: &str) -> BTreeSet<&str> {
    let after = text.match_indices("cargo xtask ").map(|(at, found)| &text[at + found.len()..]);
    let words = after.map(|rest| rest.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default());
    words.filter(|word| !word.is_empty()).collect()
}

/// The commands that xtask has: the variants of its `Task`.
fn tasks() -> BTreeSet<String> {
    let main = text("xtask/src/main.rs").unwrap();
    let (_, variants) = main.split_once("enum Task {").expect("xtask has its commands in `enum Task`");
    let variants = variants.split("\n}").next().unwrap_or_default();
    let names = variants.lines().filter_map(|line| line.strip_prefix("    "));
    let names = names.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    names.map(|line| line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase()).collect()
}

#[test]
fn every_command_of_the_documents_exists() {
    let tasks = tasks();
    for needed in ["run", "test", "bench"] {
        assert!(tasks.contains(needed), "xtask has {tasks:?}");
    }
    let readme = text("README.md").unwrap();
    assert!(commands(&readme).is_superset(&BTreeSet::from(["run", "test"])), "README.md tells how to run and test");
    for (name, text) in documents() {
        for command in commands(&text) {
            assert!(tasks.contains(command), "{name} says `cargo xtask {command}`, but xtask has {tasks:?}");
        }
    }
}
