//! What is kept of all that happened, and how it is asked for.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::saved::FeaturedMessage;
use crate::{IdentifierType, Platform};

/// Entries of a page unless somebody says how many.
pub const HISTORY_PAGE: u32 = 50;

/// The most entries of a page.
pub const MAX_HISTORY_PAGE: u32 = 500;

/// Letters of what is searched, at most.
pub const MAX_HISTORY_TEXT: usize = 200;

/// Letters of a note about somebody, at most.
pub const MAX_NOTE: usize = 500;

/// What is looked for. Everything that is named has to fit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export, optional_fields)]
pub struct HistoryQuery {
    /// Words of the text or of the name; each may be a beginning.
    pub text: Option<String>,
    /// Only this site.
    pub platform: Option<Platform>,
    /// Only this channel of it, in its canonical spelling. Needs `platform`.
    pub channel: Option<String>,
    /// What `channel` names; anything unless said.
    pub identifier_type: Option<IdentifierType>,
    /// Only of the person with this id. Needs `platform`.
    pub user: Option<String>,
    /// Only such entries.
    pub kind: Option<HistoryKind>,
    /// Not before this, in Unix milliseconds.
    pub from: Option<i64>,
    /// Before this, in Unix milliseconds.
    pub to: Option<i64>,
    /// Older than this entry.
    pub before: Option<i64>,
    /// Newer than this entry: then the oldest of them come, and a page is still told the newest first.
    pub after: Option<i64>,
    /// How many: [`HISTORY_PAGE`] if absent, [`MAX_HISTORY_PAGE`] at most.
    pub limit: Option<u32>,
}

/// Kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum HistoryKind {
    /// Ordinary messages.
    Chat,
    /// Messages and events with money.
    Paid,
    /// Other events.
    Event,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HistoryEntry {
    /// Its place in time: larger is later. Stays the same.
    pub id: i64,
    /// What happened, as it was told.
    pub frame: FeaturedMessage,
}

/// Entries, the newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HistoryPage {
    /// The entries.
    pub entries: Vec<HistoryEntry>,
    /// There are more in the direction that was asked for.
    pub more: bool,
}

/// The most channels that [`KeptHistory`] names.
pub const MAX_HISTORY_CHANNELS: usize = 500;

/// What there is to search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KeptHistory {
    /// Channels that something is kept of, by their names; [`MAX_HISTORY_CHANNELS`] at most.
    pub channels: Vec<HistoryChannel>,
    /// Unix milliseconds of the oldest entry, or null while there is none.
    pub since: Option<i64>,
}

/// A channel that something is kept of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct HistoryChannel {
    /// The site.
    pub platform: Platform,
    /// What `identifier` names.
    pub identifier_type: IdentifierType,
    /// The channel, in its canonical spelling.
    pub identifier: String,
}

/// Somebody, by the platform's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PersonId {
    /// The site.
    pub platform: Platform,
    /// The platform's id.
    pub id: String,
}

/// What is known of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct KnownPerson {
    /// The login or handle, as it was last.
    pub username: String,
    /// The name that is shown, as it was last.
    pub display_name: String,
    /// Unix milliseconds of the first entry, also if that is gone by now.
    pub first_at: i64,
    /// Unix milliseconds of the last entry.
    pub last_at: i64,
    /// Entries that are kept.
    pub count: u64,
    /// What was noted, or empty.
    pub note: String,
}

/// Something to note about somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PersonNote {
    /// Whom.
    #[serde(flatten)]
    #[ts(flatten)]
    pub person: PersonId,
    /// What, or empty to forget it: [`MAX_NOTE`] letters at most.
    pub note: String,
}
