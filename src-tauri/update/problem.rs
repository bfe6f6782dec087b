//! What can go wrong with a new version, in sentences that say what helps.

use std::io::ErrorKind;
use std::path::Path;

use polychat_platforms::http::HttpError;
use tauri_plugin_updater::Error;

use crate::words::{say, say_with};

/// Why there is no new version now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// The page of releases cannot be reached.
    Offline,
    /// It took too long.
    Late,
    /// It has no release.
    NoRelease,
    /// It says what we do not understand.
    Unreadable,
    /// The release has no package for this system.
    NotForThis,
    /// The package is not there, or broke off.
    Broken,
    /// The package is not signed by us, or for another version.
    NotOurs,
    /// The package is larger than any of ours.
    TooLarge,
    /// This program's file may not be replaced.
    NoRights(String),
    /// There is no room.
    DiskFull,
    /// This program's file is not there any more.
    Gone(String),
    /// Anything else, in the words of who met it.
    Other(String),
    /// The person gave it up.
    GivenUp,
}

impl Problem {
    /// The sentence for the person; none if they know.
    pub(super) fn sentence(&self) -> Option<String> {
        Some(match self {
            Self::Offline => say("update.offline").to_owned(),
            Self::Late => say("update.late").to_owned(),
            Self::NoRelease => say("update.noRelease").to_owned(),
            Self::Unreadable => say("update.unreadable").to_owned(),
            Self::NotForThis => say("update.notForThis").to_owned(),
            Self::Broken => say("update.broken").to_owned(),
            Self::NotOurs => say("update.notOurs").to_owned(),
            Self::TooLarge => say("update.tooLarge").to_owned(),
            Self::NoRights(path) => say_with("update.noRights", &[("path", path)]),
            Self::DiskFull => say("update.diskFull").to_owned(),
            Self::Gone(path) => say_with("update.gone", &[("path", path)]),
            Self::Other(why) => say_with("update.other", &[("why", why)]),
            Self::GivenUp => return None,
        })
    }

    /// What the page of releases answered in place of the newest version.
    pub(super) fn of_asking(error: &HttpError) -> Self {
        match error {
            HttpError::Network => Self::Offline,
            HttpError::Timeout => Self::Late,
            error if error.is_not_found() => Self::NoRelease,
            HttpError::Status(_) | HttpError::TooLarge | HttpError::Shape => Self::Unreadable,
        }
    }

    /// What became of a package that was to replace `program`.
    pub(super) fn of(error: Error, program: &Path) -> Self {
        match error {
            Error::Minisign(_)
            | Error::Base64(_)
            | Error::SignatureUtf8(_)
            | Error::SignedVersionMismatch { .. }
            | Error::MissingSignedVersion
            | Error::InvalidUpdaterFormat
            | Error::BinaryNotFoundInArchive => Self::NotOurs,
            Error::Serialization(_) | Error::Semver(_) | Error::UrlParse(_) => Self::Unreadable,
            Error::ReleaseNotFound => Self::NoRelease,
            Error::TargetNotFound(_) | Error::TargetsNotFound(_) => Self::NotForThis,
            Error::Reqwest(error) if error.is_timeout() => Self::Late,
            Error::Network(_) | Error::Reqwest(_) => Self::Broken,
            // No folder on the same disk lets us write: that of the program does not either.
            Error::TempDirNotOnSameMountPoint => Self::NoRights(program.display().to_string()),
            Error::Io(error) => Self::of_file(&error, program),
            error => Self::Other(error.to_string()),
        }
    }

    /// What the disk answered.
    pub(super) fn of_file(error: &std::io::Error, program: &Path) -> Self {
        let path = || program.display().to_string();
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::NoRights(path()),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull,
            ErrorKind::NotFound => Self::Gone(path()),
            _ => Self::Other(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn every_problem_is_told_in_words_that_help() {
        let program = Path::new("/opt/Polychat.AppImage");
        let of = |error| Problem::of(error, program).sentence().unwrap();
        let not_ours = "This file is not from us; nothing was changed.";
        assert_eq!(of(Error::MissingSignedVersion), not_ours);
        assert_eq!(of(Error::InvalidUpdaterFormat), not_ours);
        let older = Error::SignedVersionMismatch { signed: "0.1.0".to_owned(), announced: "0.2.0".to_owned() };
        assert_eq!(of(older), not_ours);
        for kind in [ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem] {
            assert!(of(Error::Io(kind.into())).contains("/opt/Polychat.AppImage"));
        }
        assert!(of(Error::TempDirNotOnSameMountPoint).contains("/opt/Polychat.AppImage"));
        assert!(of(Error::Io(ErrorKind::StorageFull.into())).contains("full"));
        assert!(of(Error::Io(ErrorKind::NotFound.into())).contains("not there any more"));
        assert!(of(Error::Io(io::Error::other("a cable"))).contains("a cable"));
        assert!(of(Error::TargetNotFound("linux-m68k".to_owned())).contains("this computer"));
        assert!(of(Error::Network("Download request failed with status: 404".to_owned())).contains("broke off"));
    }

    #[test]
    fn a_page_of_releases_that_does_not_answer_well_is_told_apart() {
        let of = |error| Problem::of_asking(&error);
        assert_eq!(of(HttpError::Network), Problem::Offline);
        assert_eq!(of(HttpError::Timeout), Problem::Late);
        assert_eq!(of(HttpError::TooLarge), Problem::Unreadable);
        assert_eq!(of(HttpError::Shape), Problem::Unreadable);
    }

    #[test]
    fn what_the_person_did_themselves_is_not_told() {
        assert_eq!(Problem::GivenUp.sentence(), None);
    }
}
