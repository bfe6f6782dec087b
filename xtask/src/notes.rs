//! `cargo xtask notes`: what CHANGELOG.md says of a version, for its release.

use anyhow::{Context as _, Result, ensure};

use crate::place;

/// Prints it.
///
/// # Errors
/// The version is not that of the workspace, or the changelog says nothing of it.
pub(crate) fn notes(version: &str) -> Result<()> {
    println!("{}", of(version)?.0);
    Ok(())
}

/// What is new in a version, and its date.
///
/// # Errors
/// As above.
pub(crate) fn of(version: &str) -> Result<(String, String)> {
    let own = env!("CARGO_PKG_VERSION");
    ensure!(version == own, "This is version {own}, not {version}: change `version` in Cargo.toml, and run a build.");
    let changelog = std::fs::read_to_string(place::root().join("CHANGELOG.md"))?;
    let (text, date) = section(&changelog, version).with_context(|| {
        format!(
            "CHANGELOG.md has no section \"## [{version}] - 2026-12-24\" with something in it: give it what is below Unreleased."
        )
    })?;
    Ok((text.to_owned(), date.to_owned()))
}

/// What stands below the heading of a version, and the date in it.
fn section<'a>(changelog: &'a str, version: &str) -> Option<(&'a str, &'a str)> {
    let (_, after) = changelog.split_once(&format!("\n## [{version}] - "))?;
    let (date, text) = after.split_once('\n')?;
    let text = text.split("\n## [").next()?.trim();
    let is_date = date.len() == 10 && date.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    (is_date && !text.is_empty()).then_some((text, date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_told_with_what_is_below_its_heading() {
        let changelog = "# Changelog\n\n## [Unreleased]\n\n- new\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- two\n\n## [0.1.0] - 2026-11-01\n\n- one\n\n## [0.0.1] - 2026-10-01\n";
        assert_eq!(section(changelog, "0.2.0"), Some(("### Added\n\n- two", "2026-12-01")));
        assert_eq!(section(changelog, "0.1.0"), Some(("- one", "2026-11-01")));
        assert_eq!(section(changelog, "0.0.1"), None, "with nothing in it");
        assert_eq!(section(changelog, "0.2"), None);
        assert_eq!(section(changelog, "1.0.0"), None);
        assert_eq!(section("\n## [1.0.0] - soon\n\n- one\n", "1.0.0"), None, "without a date");
    }

    #[test]
    fn another_version_than_our_own_is_refused() {
        assert!(notes("9.9.9").unwrap_err().to_string().contains("9.9.9"));
    }
}
