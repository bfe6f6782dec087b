//! New versions of the desktop program: who installs them, and how that goes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who puts a new version in the place of this copy of the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Renewal {
    /// The program itself, when the person says so.
    Itself,
    /// The package manager of the system, as with everything that it has installed.
    System,
    /// The person, from the page of releases: this copy cannot replace itself.
    Person,
    /// Nobody: it was built without the key by which a new version is known.
    #[default]
    Nobody,
}

/// How it is with new versions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Update {
    /// Who installs them.
    pub renewal: Renewal,
    /// The host that is asked for new versions; absent where none is.
    pub host: Option<String>,
    /// What is going on.
    pub step: UpdateStep,
    /// A version that is newer than this one.
    pub found: Option<NewVersion>,
    /// When it was looked for last, in Unix milliseconds; absent before the first time since the start.
    #[ts(type = "number | null")]
    pub looked_at: Option<i64>,
    /// Why the last step did not succeed, in a sentence for people.
    pub problem: Option<String>,
}

/// What is going on with a new version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "camelCase")]
#[ts(export)]
pub enum UpdateStep {
    /// Nothing.
    #[default]
    Idle,
    /// The page of releases is asked.
    Looking,
    /// The package comes. Nothing is changed yet, and it can be given up.
    Downloading {
        /// So many bytes of it are here.
        #[ts(type = "number")]
        bytes: u64,
        /// Of so many, if that is known.
        #[ts(type = "number | null")]
        of: Option<u64>,
    },
    /// It takes this program's place; then the program ends and begins anew.
    Installing,
}

/// A newer version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NewVersion {
    /// Its number.
    pub version: String,
    /// What is new, as plain text. Nobody has signed it: it is shown, and never read as anything else.
    pub notes: String,
    /// Its page, for a browser, if that is where the releases are.
    pub page: Option<String>,
    /// The size of its package in bytes, if that is told.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
}
