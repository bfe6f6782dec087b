//! `cargo xtask notes`: what CHANGELOG.md says of a version, for its release.

use anyhow::{Result, ensure};

use crate::place;

/// Prints it.
///
/// # Errors
/// The version is not that of the workspace, or the changelog says nothing of it.
pub(crate) fn notes(version: &str) -> Result<()> {
    let own = env!("CARGO_PKG_VERSION");
    ensure!(version == own, "This is version {own}, not {version}: change `version` in Cargo.toml, and run a build.");
    let changelog = std::fs::read_to_string(place::root().join("CHANGELOG.md"))?;
    let section = section(&changelog, version);
    ensure!(
        section.is_some(),
        "CHANGELOG.md has no section \"## [{version}] - date\" with something in it: give it what is below Unreleased."
    );
    println!("{}", section.unwrap_or_default());
    Ok(())
}

/// What stands below the heading of a version.
fn section<'a>(changelog: &'a str, version: &str) -> Option<&'a str> {
    let (_, after) = changelog.split_once(&format!("\n## [{version}]"))?;
    let (_, text) = after.split_once('\n')?;
    let text = text.split("\n## [").next()?.trim();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_told_with_what_is_below_its_heading() {
        let changelog = "# Changelog\n\n## [Unreleased]\n\n- new\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- two\n\n## [0.1.0] - 2026-11-01\n\n- one\n\n## [0.0.1] - 2026-10-01\n";
        assert_eq!(section(changelog, "0.2.0"), Some("### Added\n\n- two"));
        assert_eq!(section(changelog, "0.1.0"), Some("- one"));
        assert_eq!(section(changelog, "0.0.1"), None, "with nothing in it");
        assert_eq!(section(changelog, "0.2"), None);
        assert_eq!(section(changelog, "1.0.0"), None);
    }

    #[test]
    fn another_version_than_our_own_is_refused() {
        assert!(notes("9.9.9").unwrap_err().to_string().contains("9.9.9"));
    }
}
