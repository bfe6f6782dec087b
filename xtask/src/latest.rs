//! `cargo xtask latest`: what a release tells the programs that look for a newer version: its number, what is new, and for each
//! system the package with its signature.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Map, Value, json};

use crate::notes;

/// Of what.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The version, which has to be that of Cargo.toml
    version: String,
    /// The folder of its packages and their signatures
    folder: PathBuf,
    /// The repository's page, such as <https://github.com/OWNER/REPO>
    repository: String,
}

/// The ends of the packages that may replace themselves, and the systems that they are for, as the updater names them.
const PACKAGES: [(&str, &[&str]); 4] = [
    ("_amd64.AppImage", &["linux-x86_64-appimage"]),
    ("_aarch64.AppImage", &["linux-aarch64-appimage"]),
    ("_x64-setup.exe", &["windows-x86_64-nsis"]),
    ("_universal.app.tar.gz", &["darwin-x86_64-app", "darwin-aarch64-app"]),
];

/// Prints it.
///
/// # Errors
/// A package is missing, or is not signed: who has it would wait for ever.
pub(crate) fn latest(options: &Options) -> Result<()> {
    let Options { version, folder, repository } = options;
    let (notes, date) = notes::of(version)?;
    println!("{:#}", told(version, &plain(&notes), &date, folder, repository.trim_end_matches('/'))?);
    Ok(())
}

fn told(version: &str, notes: &str, date: &str, folder: &Path, repository: &str) -> Result<Value> {
    ensure!(repository.starts_with("https://"), "{repository} is no address of a repository");
    let mut names: Vec<String> = fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    names.sort();
    let mut platforms = Map::new();
    for (end, systems) in PACKAGES {
        let mut fitting = names.iter().filter(|name| name.ends_with(end));
        let name = fitting.next().with_context(|| format!("{} has no package that ends in {end}", folder.display()))?;
        ensure!(fitting.next().is_none(), "{} has several packages that end in {end}", folder.display());
        let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+".contains(&b));
        ensure!(is_plain && name.contains(version), "{name} is no name of a package of {version}");
        let package = folder.join(name);
        let signature = folder.join(format!("{name}.sig"));
        let signature = fs::read_to_string(&signature)
            .with_context(|| format!("{} is missing: the package is not signed", signature.display()))?;
        let one = json!({
            "url": format!("{repository}/releases/download/v{version}/{name}"),
            "signature": signature.trim(),
            "size": fs::metadata(&package)?.len(),
        });
        platforms.extend(systems.iter().map(|system| ((*system).to_owned(), one.clone())));
    }
    Ok(json!({
        "version": version,
        "notes": notes,
        "pub_date": format!("{date}T00:00:00Z"),
        "page": format!("{repository}/releases/tag/v{version}"),
        "platforms": platforms,
    }))
}

/// Notes without the marks of Markdown, one line for each paragraph: the program shows them as they are.
fn plain(markdown: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in markdown.lines() {
        let text = line.trim();
        let heading = text.trim_start_matches('#');
        if text.is_empty() {
            goes_on = false;
        } else if heading.len() < text.len() {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.push(without_marks(heading.trim()));
            goes_on = false;
        } else if let Some(item) = text.strip_prefix("- ") {
            lines.push(format!("• {}", without_marks(item)));
            goes_on = true;
        } else if let Some(last) = lines.last_mut().filter(|_| goes_on) {
            last.push(' ');
            last.push_str(&without_marks(text));
        } else {
            lines.push(without_marks(text));
            goes_on = true;
        }
    }
    lines.join("\n")
}

/// Links as their words, and no quotes of code or stress.
fn without_marks(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        let link = after.split_once("](").and_then(|(words, after)| Some((words, after.split_once(')')?.1)));
        if let Some((words, after)) = link.filter(|(words, _)| !words.contains('[')) {
            out.push_str(words);
            rest = after;
        } else {
            out.push('[');
            rest = after;
        }
    }
    out.push_str(rest);
    out.replace("**", "").replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = [
        "Polychat_0.2.0_amd64.AppImage",
        "Polychat_0.2.0_aarch64.AppImage",
        "Polychat_0.2.0_x64-setup.exe",
        "Polychat_0.2.0_universal.app.tar.gz",
    ];

    /// A folder with these packages, all of them signed, and others that replace nothing.
    fn folder(name: &str, packages: &[&str]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("polychat-latest-{}-{name}", std::process::id()));
        _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for package in packages.iter().chain(&["Polychat_0.2.0_amd64.deb", "Polychat_0.2.0_x64-portable.zip"]) {
            fs::write(folder.join(package), "bytes").unwrap();
            fs::write(folder.join(format!("{package}.sig")), format!("signed {package}\n")).unwrap();
        }
        folder
    }

    fn told_of(folder: &Path) -> Result<Value> {
        told("0.2.0", "what is new", "2026-12-24", folder, "https://github.com/o/r")
    }

    #[test]
    fn every_system_has_its_package_and_signature_at_the_tag() {
        let folder = folder("whole", &NAMES);
        let told = told_of(&folder).unwrap();
        assert_eq!((&told["version"], &told["notes"]), (&json!("0.2.0"), &json!("what is new")));
        assert_eq!(told["pub_date"], "2026-12-24T00:00:00Z");
        assert_eq!(told["page"], "https://github.com/o/r/releases/tag/v0.2.0");
        let platforms = told["platforms"].as_object().unwrap();
        let systems: Vec<&str> = platforms.keys().map(String::as_str).collect();
        let mut wanted = [
            "linux-x86_64-appimage",
            "linux-aarch64-appimage",
            "windows-x86_64-nsis",
            "darwin-x86_64-app",
            "darwin-aarch64-app",
        ];
        wanted.sort_unstable();
        assert_eq!(systems, wanted);
        assert_eq!(
            platforms["linux-x86_64-appimage"],
            json!({
                "url": "https://github.com/o/r/releases/download/v0.2.0/Polychat_0.2.0_amd64.AppImage",
                "signature": "signed Polychat_0.2.0_amd64.AppImage",
                "size": 5,
            })
        );
        assert_eq!(platforms["darwin-x86_64-app"], platforms["darwin-aarch64-app"], "one package for both");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn half_a_release_is_refused() {
        let folder_of = folder("half", &NAMES[1..]);
        assert!(format!("{:#}", told_of(&folder_of).unwrap_err()).contains("_amd64.AppImage"));
        fs::remove_dir_all(folder_of).unwrap();
        let unsigned = folder("unsigned", &NAMES);
        fs::remove_file(unsigned.join(format!("{}.sig", NAMES[2]))).unwrap();
        assert!(format!("{:#}", told_of(&unsigned).unwrap_err()).contains("not signed"));
        fs::remove_dir_all(unsigned).unwrap();
        let twice = folder("twice", &[NAMES[0], NAMES[1], NAMES[2], NAMES[3], "Polychat_0.1.0_amd64.AppImage"]);
        assert!(format!("{:#}", told_of(&twice).unwrap_err()).contains("several"));
        fs::remove_dir_all(twice).unwrap();
        let older = folder("older", &["Polychat_0.1.0_amd64.AppImage", NAMES[1], NAMES[2], NAMES[3]]);
        assert!(format!("{:#}", told_of(&older).unwrap_err()).contains("no name of a package of 0.2.0"));
        fs::remove_dir_all(older).unwrap();
    }

    #[test]
    fn notes_are_plain_text_with_a_line_for_each_point() {
        let markdown = "### Added\n\n- **Signed** updates with `x`\n  and [more](docs/a.md#b), see [1].\n- Two\n\n### Fixed\n\nA paragraph\nof two lines.\n";
        assert_eq!(
            plain(markdown),
            "Added\n• Signed updates with x and more, see [1].\n• Two\n\nFixed\nA paragraph of two lines."
        );
        assert_eq!(plain(""), "");
    }
}
