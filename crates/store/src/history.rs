//! Keeps what happened, so that it can be found again: SQLite with a write-ahead log and an index of words.
//!
//! Chat never waits for it: [`History::record`] puts an entry into a bounded queue and returns; one thread writes what came within
//! 250 ms in one transaction. A killed program loses that much and never the file. Reading has connections of its own.

mod file;
mod reader;
mod words;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use polychat_model::history::{HistoryQuery, KeptHistory, KnownPerson, PersonId};
use polychat_model::{ChannelKey, Platform};

use crate::disk::Trouble;
use file::File;
use reader::Reader;
use writer::Writer;

/// Something that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// It happened, or has changed since.
    Happened(Box<Record>),
    /// Moderators took something away: it goes from here, too.
    TakenAway {
        /// Where.
        channel: ChannelKey,
        /// What.
        what: TakenAway,
        /// When, in Unix milliseconds.
        at_ms: i64,
    },
}

/// A message or an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Where.
    pub channel: ChannelKey,
    /// The same for updates of one event: the later one replaces the earlier one.
    pub event_id: Arc<str>,
    /// What deletions call it, besides `event_id`.
    pub message_id: Option<String>,
    /// When, in Unix milliseconds by the platform's clock.
    pub at_ms: i64,
    /// What it is.
    pub kind: RecordKind,
    /// Who, if somebody.
    pub author: Option<RecordAuthor>,
    /// What can be searched.
    pub text: String,
    /// The frame as it was told, in JSON.
    pub frame: Bytes,
}

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// An ordinary message.
    Chat,
    /// A message or an event with money.
    Paid,
    /// Another event.
    Event,
}

/// Who wrote or caused a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordAuthor {
    /// The platform's id.
    pub id: String,
    /// The login or handle.
    pub username: String,
    /// The name that is shown.
    pub display_name: String,
}

/// What moderators took away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakenAway {
    /// One message, by its `message_id` or `event_id`.
    Message(String),
    /// Everything of one person.
    Person(String),
    /// Everything.
    All,
}

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryLimits {
    /// Days after which something goes; 0 keeps it until there is no more room.
    pub days: u32,
    /// Bytes of the file; then the oldest goes.
    pub bytes: u64,
}

/// One entry that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its place in time: larger is later. Stays the same.
    pub id: i64,
    /// The frame as it was told, in JSON.
    pub frame: String,
}

/// The history. A cheap handle: clones are the same.
#[derive(Clone)]
pub struct History {
    writer: Arc<Writer>,
    reader: Arc<Reader>,
}

impl History {
    /// Keeps in this file, over restarts. Never fails: trouble with the file is reported and tried again.
    pub fn open(path: impl Into<PathBuf>, limits: HistoryLimits) -> Self {
        let path = path.into();
        let reader = Arc::new(Reader::new(path.clone()));
        Self { writer: Arc::new(Writer::start(path, limits, reader.clone())), reader }
    }

    /// Takes what happened. Returns at once; what does not fit in the queue is left out, counted and reported.
    pub fn record(&self, entry: Entry) {
        self.writer.record(entry);
    }

    /// What is wrong at present, in words; `None` when all is well.
    pub fn problem(&self) -> Option<String> {
        self.writer.problem()
    }

    /// Entries that could not be kept since the start.
    pub fn left_out(&self) -> u64 {
        self.writer.left_out()
    }

    /// Writes what waits, and returns when it can be found, or after `limit`. Blocks its thread.
    pub fn flush(&self, limit: Duration) -> bool {
        self.writer.flush(limit)
    }

    /// What fits, the newest first; one page. Blocks its thread.
    ///
    /// # Errors
    /// A sentence for people when the file cannot be read.
    pub fn search(&self, query: &HistoryQuery) -> Result<Vec<Found>, String> {
        self.reader.with(|file| file.search(query)).map_err(sentence)
    }

    /// What there is to search. Blocks its thread.
    ///
    /// # Errors
    /// A sentence for people when the file cannot be read.
    pub fn kept(&self) -> Result<KeptHistory, String> {
        self.reader.with(File::kept).map_err(sentence)
    }

    /// What is known of somebody; `None` if nothing is. Blocks its thread.
    ///
    /// # Errors
    /// A sentence for people when the file cannot be read.
    pub fn person(&self, who: &PersonId) -> Result<Option<KnownPerson>, String> {
        self.reader.with(|file| file.person(who)).map_err(sentence)
    }

    /// Notes something about somebody, or forgets it if empty. Blocks its thread.
    ///
    /// # Errors
    /// A sentence for people when the file cannot be written.
    pub fn note(&self, platform: Platform, id: &str, note: &str) -> Result<(), String> {
        self.reader.with(|file| file.note(platform, id, note)).map_err(sentence)
    }

    /// Writes what waits, and waits for that no longer than `limit`. Nothing is kept afterwards. Blocks its thread.
    pub fn close(&self, limit: Duration) {
        self.writer.close(limit);
    }
}

/// What people are told of the file.
const WHAT: &str = "the file of the history";

#[expect(clippy::needless_pass_by_value, reason = "it is the end of an error")]
fn sentence(trouble: Trouble) -> String {
    trouble.sentence(WHAT)
}
