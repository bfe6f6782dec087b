//! Who may import whom: `model ← platforms ← store ← obs ← cluster ← hub ← server ← the desktop program`, and what must not be known outside of its place.
//! docs/ARCHITECTURE.md says why.
#![allow(clippy::unwrap_used, reason = "a failed test is what it is for")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Each of our crates that others build on, from left to right, and the program around them.
const LAYERS: [&str; 8] = [
    "polychat-model",
    "polychat-platforms",
    "polychat-store",
    "polychat-obs",
    "polychat-cluster",
    "polychat-hub",
    "polychat-server",
    "polychat",
];

/// What may be a dependency in these places only, tests and benchmarks included.
const PLACES: [(&str, &[&str]); 6] = [
    ("tauri", &["polychat"]),
    // Only the desktop program replaces itself, and only tests sign.
    ("tauri-plugin-updater", &["polychat"]),
    ("minisign", &["polychat-testkit"]),
    ("axum", &["polychat-server", "polychat-testkit"]),
    // The testkit plays another program that holds a file.
    ("rusqlite", &["polychat-store", "polychat-testkit"]),
    ("redis", &["polychat-store", "polychat-cluster"]),
];

/// What the program may depend on in these places only. Tests may use it to play a client.
const PLACES_IN_THE_PROGRAM: [(&str, &[&str]); 3] = [
    ("reqwest", &["polychat-platforms", "polychat-hub"]),
    // The server reads frames with it; the handshake and the writing are its own.
    (
        "tokio-tungstenite",
        &["polychat-platforms", "polychat-obs", "polychat-hub", "polychat-server", "polychat-testkit"],
    ),
    // Simulated platforms are for tests.
    ("polychat-testkit", &[]),
];

/// Window systems: a machine without them builds and runs everything but the desktop program.
const WINDOWS: [&str; 6] = ["tauri", "tao", "wry", "webkit2gtk", "gtk", "gtk-sys"];

/// One line of a `Cargo.toml`: `user` depends on `used`.
#[derive(Debug, Clone)]
struct Dependency {
    user: String,
    used: String,
    /// For tests, examples and benchmarks only.
    is_dev: bool,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(arguments).arg("--offline").current_dir(root()).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The direct dependencies of every package of the workspace but xtask, which is a tool of its own.
fn dependencies() -> Vec<Dependency> {
    let metadata = cargo(&["metadata", "--format-version", "1", "--no-deps"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let packages = packages.filter(|package| package["name"] != "xtask");
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    packages
        .flat_map(|package| {
            package["dependencies"].as_array().unwrap().iter().map(move |dependency| Dependency {
                user: word(&package["name"]),
                used: word(&dependency["name"]),
                is_dev: dependency["kind"] == "dev",
            })
        })
        .collect()
}

/// Every package that `package` needs when it is built, itself included.
fn tree(package: &str) -> Vec<String> {
    let lines = cargo(&["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    lines.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// Breaches of the rules, in words.
fn breaches(dependencies: &[Dependency]) -> Vec<String> {
    let layer = |name: &str| LAYERS.iter().position(|layer| *layer == name);
    let mut breaches = Vec::new();
    for Dependency { user, used, is_dev } in dependencies {
        if let (Some(from), Some(to)) = (layer(user), layer(used))
            && to >= from
        {
            breaches.push(format!("{user} uses {used}, but imports go leftwards only"));
        }
        if user == "polychat-obs" && matches!(used.as_str(), "polychat-platforms" | "polychat-store") {
            breaches.push(format!("{user} uses {used}: what speaks with OBS must not know chats or files"));
        }
        if user == "polychat-hub" && used == "polychat-cluster" {
            breaches.push(format!("{user} uses {used}: for the hub, Redis is one more upstream"));
        }
        if user == "polychat-cluster" && matches!(used.as_str(), "polychat-store" | "polychat-obs") {
            breaches.push(format!("{user} uses {used}: what shares the reading keeps nothing"));
        }
        if user == "polychat-store" && used == "polychat-platforms" {
            breaches.push(format!("{user} uses {used}: what keeps must not know who reads"));
        }
        if user == "polychat-testkit" && used.starts_with("polychat-") && used != "polychat-model" {
            breaches.push(format!("{user} uses {used}: what plays a platform must not share code with what reads it"));
        }
        let program = PLACES_IN_THE_PROGRAM.iter().filter(|_| !is_dev);
        for (name, places) in PLACES.iter().chain(program) {
            if used == name && !places.contains(&user.as_str()) {
                breaches.push(format!("{user} uses {used}, which only {places:?} may"));
            }
        }
    }
    breaches
}

#[test]
fn imports_go_leftwards_and_stay_in_their_places() {
    let dependencies = dependencies();
    for layer in LAYERS {
        assert!(dependencies.iter().any(|d| d.user == layer), "{layer} was not looked at");
    }
    let breaches = breaches(&dependencies);
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[test]
fn a_breach_is_seen() {
    let uses = |user: &str, used: &str, is_dev| {
        breaches(&[Dependency { user: user.to_owned(), used: used.to_owned(), is_dev }]).len()
    };
    assert_eq!(uses("polychat-model", "polychat-hub", false), 1);
    assert_eq!(uses("polychat-platforms", "polychat-hub", true), 1, "not even in tests");
    assert_eq!(uses("polychat-hub", "polychat-platforms", false), 0);
    assert_eq!(uses("polychat-hub", "axum", true), 1);
    assert_eq!(uses("polychat-server", "axum", false), 0);
    assert_eq!(uses("polychat-server", "reqwest", false), 1);
    assert_eq!(uses("polychat-server", "reqwest", true), 0);
    assert_eq!(uses("polychat-server", "polychat-testkit", false), 1);
    assert_eq!(uses("polychat-server", "polychat-testkit", true), 0);
    assert_eq!(uses("polychat-testkit", "polychat-platforms", false), 1);
    assert_eq!(uses("polychat-server", "rusqlite", false), 1);
    assert_eq!(uses("polychat-hub", "rusqlite", false), 1);
    assert_eq!(uses("polychat-store", "rusqlite", false), 0);
    assert_eq!(uses("polychat-store", "polychat-platforms", false), 1);
    assert_eq!(uses("polychat-hub", "polychat-store", false), 0);
    assert_eq!(uses("polychat-hub", "polychat-cluster", false), 1);
    assert_eq!(uses("polychat-hub", "redis", false), 1);
    assert_eq!(uses("polychat-cluster", "redis", false), 0);
    assert_eq!(uses("polychat-cluster", "polychat-store", false), 1);
    assert_eq!(uses("polychat-server", "polychat-cluster", false), 0);
}

#[test]
fn the_words_know_no_runtime_and_no_network() {
    let tree = tree("polychat-model");
    assert!(tree.iter().any(|name| name == "serde"), "the tree was read: {tree:?}");
    for name in ["tokio", "mio", "hyper", "reqwest", "rustls"] {
        assert!(!tree.iter().any(|used| used == name), "polychat-model needs {name}");
    }
}

#[test]
fn the_headless_program_needs_no_window_system() {
    let tree = tree("polychat-server");
    assert!(tree.iter().any(|name| name == "tokio"), "the tree was read: {tree:?}");
    for name in WINDOWS {
        assert!(!tree.iter().any(|used| used == name), "polychat-server needs {name}");
    }
}

/// The sources of the pages, by their place below `ui/src`.
fn pages() -> Vec<(String, String)> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, files) } else { files.push(path) }
        }
    }
    let sources = root().join("ui").join("src");
    let mut files = Vec::new();
    walk(&sources, &mut files);
    let name = |path: &Path| path.strip_prefix(&sources).unwrap().to_string_lossy().replace('\\', "/");
    files.iter().filter_map(|path| Some((name(path), fs::read_to_string(path).ok()?))).collect()
}

/// The doors of the pages to the desktop program: that of the control page, and that of an overlay's window.
const DOORS: [&str; 2] = ["lib/backend/tauri.ts", "lib/backend/window.ts"];

#[test]
fn the_pages_know_the_desktop_program_through_their_doors_only() {
    let pages = pages();
    assert!(pages.len() > 20, "the pages were found");
    let knowing = pages.iter().filter(|(_, text)| text.contains("@tauri-apps/"));
    let knowing: BTreeSet<&str> = knowing.map(|(name, _)| name.as_str()).collect();
    assert_eq!(knowing, BTreeSet::from(DOORS));
}

#[test]
fn no_page_inserts_html_as_it_is() {
    for (name, text) in pages() {
        for hole in ["{@html", "innerHTML", "insertAdjacentHTML", "document.write"] {
            assert!(!text.contains(hole), "{name} uses {hole}: what people write in a chat could become markup");
        }
    }
}
