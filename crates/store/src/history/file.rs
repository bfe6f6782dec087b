//! The file of the history: its tables, how they are written and asked.
//!
//! An entry's number is its time in milliseconds and ten bits more, so the order of the numbers is that of time, in the tables as in
//! the index of words, and "the newest fifty with this word" reads fifty. It fits into a number of JavaScript.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use polychat_model::history::{
    HISTORY_PAGE, HistoryChannel, HistoryKind, HistoryQuery, KeptHistory, KnownPerson, MAX_HISTORY_CHANNELS,
    MAX_HISTORY_PAGE, PersonId,
};
use polychat_model::{ChannelKey, IdentifierType, Platform, unix_ms};
use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, OpenFlags, OptionalExtension, params, params_from_iter};

use super::{Entry, Found, HistoryLimits, Record, RecordAuthor, RecordKind, TakenAway, words};
use crate::disk::{self, Trouble};

/// How to get from each form of the file to the next. The form is SQLite's `user_version`. Entries are never changed.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE channel (
        id INTEGER PRIMARY KEY,
        platform TEXT NOT NULL,
        identifier_type TEXT NOT NULL,
        identifier TEXT NOT NULL,
        UNIQUE (platform, identifier_type, identifier)
    ) STRICT;
    CREATE TABLE person (
        id INTEGER PRIMARY KEY,
        platform TEXT NOT NULL,
        user_id TEXT NOT NULL,
        username TEXT NOT NULL,
        display_name TEXT NOT NULL,
        first_at_ms INTEGER NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        UNIQUE (platform, user_id)
    ) STRICT;
    CREATE TABLE entry (
        id INTEGER PRIMARY KEY,
        channel INTEGER NOT NULL REFERENCES channel (id),
        person INTEGER REFERENCES person (id),
        event_id TEXT NOT NULL,
        message_id TEXT,
        frame BLOB NOT NULL,
        UNIQUE (channel, event_id)
    ) STRICT;
    CREATE INDEX entry_message ON entry (channel, message_id) WHERE message_id IS NOT NULL;
    CREATE INDEX entry_person ON entry (person, id) WHERE person IS NOT NULL;
    CREATE VIRTUAL TABLE words USING fts5 (
        text, name, tags, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
    );
"];

/// Entries of one millisecond.
const WITHIN_MS: i64 = 1 << 10;

/// A clock of a platform may be ahead by this; beyond it ours counts.
const AHEAD_MS: i64 = 60_000;

/// What a person or a whole chat said before this stays when it is taken away: a time-out of ten seconds is about today.
const TAKEN_MS: i64 = 24 * 60 * 60 * 1_000;

/// Entries that go in one transaction, so that what comes meanwhile is not kept waiting.
const CLEANED: i64 = 2_000;

/// Memory for pages of the file, in KiB. Measured: four times as much writes a seventh faster (docs/PERFORMANCE.md).
const CACHE_KIB: i64 = 4 * 1_024;

/// The log beside the file keeps no more than this between commits.
const LOG_BYTES: i64 = 16 * 1_024 * 1_024;

pub(super) struct File(Connection);

impl File {
    /// Opens the file to write, or makes a new one.
    pub(super) fn open(path: &Path) -> Result<Self, Trouble> {
        disk::keep_private(path)?;
        let mut connection = disk::open(path)?;
        if disk::form(&connection)? == 0 {
            // Only a file without tables takes it.
            connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
        }
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A crash of the program loses nothing; one of the machine at most the last commits, and never the file.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        // What a large commit has made of the log beside the file does not stay.
        connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
        // What moderators took away is not left behind in the file.
        connection.pragma_update(None, "secure_delete", "FAST")?;
        disk::migrate(&mut connection, &MIGRATIONS)?;
        Ok(Self(connection))
    }

    /// Opens a file that is there already, beside the one who writes.
    pub(super) fn open_beside(path: &Path) -> Result<Self, Trouble> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.busy_timeout(disk::LOCK_LIMIT)?;
        let form = disk::form(&connection)?;
        if form > disk::newest(&MIGRATIONS) {
            return Err(Trouble::Newer(form));
        }
        Ok(Self(connection))
    }

    /// Writes everything or nothing.
    pub(super) fn write(&mut self, entries: &[Entry]) -> Result<(), Trouble> {
        let now = unix_ms();
        let transaction = self.0.transaction()?;
        {
            let mut writing = Writing::new(&transaction, now);
            for entry in entries {
                match entry {
                    Entry::Happened(record) => writing.happened(record)?,
                    Entry::TakenAway { channel, what, at_ms } => writing.taken_away(channel, what, *at_ms)?,
                }
            }
            writing.end()?;
        }
        transaction.commit()?;
        Ok(())
    }
}

/// One transaction. Words are written at its end in the order of their numbers: any other order makes the index write a piece for
/// each.
struct Writing<'a> {
    tables: &'a Connection,
    now: i64,
    channels: HashMap<ChannelKey, i64>,
    people: HashMap<(Platform, String), (i64, RecordAuthor)>,
    words: BTreeMap<i64, Indexed>,
}

/// What becomes of an entry in the index of words.
struct Indexed {
    /// It was there before this transaction.
    was: bool,
    /// Text, name and tags; `None` if it goes.
    now: Option<[String; 3]>,
}

impl<'a> Writing<'a> {
    fn new(tables: &'a Connection, now: i64) -> Self {
        Self { tables, now, channels: HashMap::new(), people: HashMap::new(), words: BTreeMap::new() }
    }

    fn happened(&mut self, record: &Record) -> Result<(), Trouble> {
        let channel = self.channel(&record.channel)?;
        let at_ms = record.at_ms.clamp(0, self.now + AHEAD_MS);
        let person = match &record.author {
            Some(author) => Some(self.person(record.channel.platform, author, at_ms)?),
            None => None,
        };
        let before: Option<i64> = self
            .tables
            .prepare_cached("SELECT id FROM entry WHERE channel = ?1 AND event_id = ?2")?
            .query_row(params![channel, &*record.event_id], |row| row.get(0))
            .optional()?;
        let id = if let Some(id) = before {
            let mut update = self
                .tables
                .prepare_cached("UPDATE entry SET person = ?2, message_id = ?3, frame = ?4 WHERE id = ?1")?;
            update.execute(params![id, person, record.message_id, &record.frame[..]])?;
            id
        } else {
            let id = self.free(at_ms)?;
            let mut insert = self.tables.prepare_cached("INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
            let row = params![id, channel, person, &*record.event_id, record.message_id, &record.frame[..]];
            insert.execute(row)?;
            id
        };
        let name = record
            .author
            .as_ref()
            .map_or_else(String::new, |author| words::indexed(&format!("{} {}", author.display_name, author.username)));
        let mut tags = vec![
            words::platform_tag(record.channel.platform),
            words::kind_tag(kind_of(record.kind)).to_owned(),
            words::row_tag('c', channel),
        ];
        tags.extend(person.map(|person| words::row_tag('u', person)));
        let now = Some([words::indexed(&record.text), name, tags.join(" ")]);
        let was = self.words.get(&id).map_or(before.is_some(), |indexed| indexed.was);
        self.words.insert(id, Indexed { was, now });
        Ok(())
    }

    /// The first free number of a millisecond, or of the next one that has any.
    fn free(&self, at_ms: i64) -> Result<i64, Trouble> {
        let mut last = self.tables.prepare_cached("SELECT max(id) FROM entry WHERE id >= ?1 AND id < ?2")?;
        let mut from = at_ms * WITHIN_MS;
        loop {
            let taken: Option<i64> = last.query_row([from, from + WITHIN_MS], |row| row.get(0))?;
            match taken {
                None => return Ok(from),
                Some(taken) if taken + 1 < from + WITHIN_MS => return Ok(taken + 1),
                Some(_) => from += WITHIN_MS,
            }
        }
    }

    fn channel(&mut self, key: &ChannelKey) -> Result<i64, Trouble> {
        if let Some(id) = self.channels.get(key) {
            return Ok(*id);
        }
        let ChannelKey { platform, identifier_type, identifier } = key;
        let named = params![platform.as_str(), identifier_type.as_str(), &**identifier];
        let id = match channel_row(self.tables, key)? {
            Some(id) => id,
            None => self.tables.query_row(
                "INSERT INTO channel (platform, identifier_type, identifier) VALUES (?1, ?2, ?3) RETURNING id",
                named,
                |row| row.get(0),
            )?,
        };
        self.channels.insert(key.clone(), id);
        Ok(id)
    }

    fn person(&mut self, platform: Platform, author: &RecordAuthor, at_ms: i64) -> Result<i64, Trouble> {
        let known = self.people.get(&(platform, author.id.clone()));
        if let Some((id, _)) = known.filter(|(_, known)| known == author) {
            return Ok(*id);
        }
        let id: i64 = self
            .tables
            .prepare_cached(
                "INSERT INTO person (platform, user_id, username, display_name, first_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE
                 SET username = ?3, display_name = ?4, first_at_ms = min(first_at_ms, ?5) RETURNING id",
            )?
            .query_row(
                params![platform.as_str(), author.id, author.username, author.display_name, at_ms],
                |row| row.get(0),
            )?;
        self.people.insert((platform, author.id.clone()), (id, author.clone()));
        Ok(id)
    }

    fn taken_away(&mut self, key: &ChannelKey, what: &TakenAway, at_ms: i64) -> Result<(), Trouble> {
        let at_ms = at_ms.clamp(0, self.now + AHEAD_MS);
        let (since, until) = ((at_ms - TAKEN_MS) * WITHIN_MS, (at_ms + 1) * WITHIN_MS);
        let gone: Vec<i64> = match what {
            // In a shared chat, each channel has a copy.
            TakenAway::Message(named) => rows(
                &mut self.tables.prepare_cached(
                    "SELECT entry.id FROM channel JOIN entry ON entry.channel = channel.id
                     WHERE channel.platform = ?1 AND entry.event_id = ?2
                     UNION SELECT entry.id FROM channel JOIN entry ON entry.channel = channel.id
                     WHERE channel.platform = ?1 AND entry.message_id = ?2",
                )?,
                params![key.platform.as_str(), named],
            )?,
            TakenAway::Person(named) => {
                let channel = self.channel(key)?;
                rows(
                    &mut self.tables.prepare_cached(
                        "SELECT entry.id FROM person JOIN entry ON entry.person = person.id
                         WHERE person.platform = ?1 AND person.user_id = ?2
                         AND entry.id >= ?3 AND entry.id < ?4 AND entry.channel = ?5",
                    )?,
                    params![key.platform.as_str(), named, since, until, channel],
                )?
            }
            TakenAway::All => {
                let channel = self.channel(key)?;
                rows(
                    &mut self
                        .tables
                        .prepare_cached("SELECT id FROM entry WHERE id >= ?1 AND id < ?2 AND channel = ?3")?,
                    params![since, until, channel],
                )?
            }
        };
        let mut remove = self.tables.prepare_cached("DELETE FROM entry WHERE id = ?1")?;
        for id in gone {
            remove.execute([id])?;
            match self.words.get_mut(&id) {
                Some(indexed) => indexed.now = None,
                None => _ = self.words.insert(id, Indexed { was: true, now: None }),
            }
        }
        Ok(())
    }

    /// Writes the words.
    fn end(self) -> Result<(), Trouble> {
        let mut forget = self.tables.prepare_cached("DELETE FROM words WHERE rowid = ?1")?;
        let mut insert =
            self.tables.prepare_cached("INSERT INTO words (rowid, text, name, tags) VALUES (?1, ?2, ?3, ?4)")?;
        for (id, Indexed { was, now }) in self.words {
            if was {
                forget.execute([id])?;
            }
            if let Some([text, name, tags]) = now {
                insert.execute(params![id, text, name, tags])?;
            }
        }
        Ok(())
    }
}

fn rows(statement: &mut CachedStatement<'_>, named: impl rusqlite::Params) -> Result<Vec<i64>, Trouble> {
    Ok(statement.query_map(named, |row| row.get(0))?.collect::<Result<_, _>>()?)
}

fn channel_row(tables: &Connection, key: &ChannelKey) -> Result<Option<i64>, Trouble> {
    let ChannelKey { platform, identifier_type, identifier } = key;
    let mut find = tables
        .prepare_cached("SELECT id FROM channel WHERE platform = ?1 AND identifier_type = ?2 AND identifier = ?3")?;
    let named = params![platform.as_str(), identifier_type.as_str(), &**identifier];
    Ok(find.query_row(named, |row| row.get(0)).optional()?)
}

fn person_row(tables: &Connection, platform: Platform, id: &str) -> Result<Option<i64>, Trouble> {
    let mut find = tables.prepare_cached("SELECT id FROM person WHERE platform = ?1 AND user_id = ?2")?;
    Ok(find.query_row(params![platform.as_str(), id], |row| row.get(0)).optional()?)
}

fn kind_of(kind: RecordKind) -> HistoryKind {
    match kind {
        RecordKind::Chat => HistoryKind::Chat,
        RecordKind::Paid => HistoryKind::Paid,
        RecordKind::Event => HistoryKind::Event,
    }
}

/// Asking.
impl File {
    /// What fits, the newest first.
    pub(super) fn search(&self, query: &HistoryQuery) -> Result<Vec<Found>, Trouble> {
        let Some(wanted) = self.wanted(query)? else { return Ok(Vec::new()) };
        let from = query.from.unwrap_or(0).clamp(0, FAR_MS) * WITHIN_MS;
        let to = query.to.unwrap_or(FAR_MS).clamp(0, FAR_MS) * WITHIN_MS;
        let from = query.after.map_or(from, |after| from.max(after.saturating_add(1)));
        let to = query.before.map_or(to, |before| to.min(before));
        let limit = query.limit.unwrap_or(HISTORY_PAGE).clamp(1, MAX_HISTORY_PAGE + 1);
        let order = if query.after.is_some() { "ASC" } else { "DESC" };
        let mut values = vec![Value::from(from), Value::from(to), Value::from(limit)];
        let sql = if wanted.is_empty() {
            format!("SELECT id, frame FROM entry WHERE id >= ?1 AND id < ?2 ORDER BY id {order} LIMIT ?3")
        } else {
            values.push(Value::from(wanted));
            format!(
                "SELECT entry.id, entry.frame FROM words JOIN entry ON entry.id = words.rowid
                 WHERE words MATCH ?4 AND words.rowid >= ?1 AND words.rowid < ?2
                 ORDER BY words.rowid {order} LIMIT ?3"
            )
        };
        let mut statement = self.0.prepare_cached(&sql)?;
        let found = statement.query_map(params_from_iter(values), |row| {
            let bytes: Vec<u8> = row.get(1)?;
            Ok(Found { id: row.get(0)?, frame: String::from_utf8_lossy(&bytes).into_owned() })
        })?;
        let mut found = found.collect::<Result<Vec<_>, _>>()?;
        if query.after.is_some() {
            found.reverse();
        }
        Ok(found)
    }

    /// What the index is asked; empty if everything fits, `None` if nothing can.
    fn wanted(&self, query: &HistoryQuery) -> Result<Option<String>, Trouble> {
        let mut wanted = Vec::new();
        if let Some(text) = query.text.as_deref().filter(|text| !text.trim().is_empty()) {
            match words::query(text) {
                Some(words) => wanted.push(words),
                None => return Ok(None),
            }
        }
        let mut tag = |tag: String| wanted.push(format!("tags : {tag}"));
        if let Some(kind) = query.kind {
            tag(words::kind_tag(kind).to_owned());
        }
        if let Some(platform) = query.platform {
            // Those of a channel and of a person say it, too.
            if query.channel.is_none() && query.user.is_none() {
                tag(words::platform_tag(platform));
            }
            if let Some(identifier) = &query.channel {
                let mut find = self.0.prepare_cached(
                    "SELECT id FROM channel WHERE platform = ?1 AND identifier = ?2 AND identifier_type = coalesce(?3, identifier_type)",
                )?;
                let kind = query.identifier_type.map(IdentifierType::as_str);
                let channels = rows(&mut find, params![platform.as_str(), identifier, kind])?;
                if channels.is_empty() {
                    return Ok(None);
                }
                let any: Vec<_> = channels.into_iter().map(|row| words::row_tag('c', row)).collect();
                tag(format!("({})", any.join(" OR ")));
            }
            if let Some(id) = &query.user {
                let Some(row) = person_row(&self.0, platform, id)? else { return Ok(None) };
                tag(words::row_tag('u', row));
            }
        }
        Ok(Some(wanted.join(" AND ")))
    }

    /// What there is to search.
    pub(super) fn kept(&self) -> Result<KeptHistory, Trouble> {
        let mut find = self.0.prepare_cached(
            "SELECT platform, identifier_type, identifier FROM channel
             WHERE EXISTS (SELECT 1 FROM entry WHERE entry.channel = channel.id) ORDER BY identifier, platform LIMIT ?1",
        )?;
        let limit = i64::try_from(MAX_HISTORY_CHANNELS).unwrap_or(i64::MAX);
        let found = find.query_map([limit], |row| {
            let (platform, kind): (String, String) = (row.get(0)?, row.get(1)?);
            Ok((platform, kind, row.get::<_, String>(2)?))
        })?;
        let mut channels = Vec::new();
        for row in found {
            let (platform, kind, identifier) = row?;
            let platform = Platform::ALL.into_iter().find(|known| known.as_str() == platform);
            let kinds = [IdentifierType::Username, IdentifierType::ChannelId, IdentifierType::LiveId];
            let kind = kinds.into_iter().find(|known| known.as_str() == kind);
            // What another version may have written is nothing that could be asked for here.
            let (Some(platform), Some(identifier_type)) = (platform, kind) else { continue };
            channels.push(HistoryChannel { platform, identifier_type, identifier });
        }
        let oldest: Option<i64> = self.0.query_row("SELECT min(id) FROM entry", [], |row| row.get(0))?;
        Ok(KeptHistory { channels, since: oldest.map(|id| id / WITHIN_MS) })
    }

    /// What is known of somebody.
    pub(super) fn person(&self, who: &PersonId) -> Result<Option<KnownPerson>, Trouble> {
        let mut find = self.0.prepare_cached(
            "SELECT username, display_name, first_at_ms, note,
             (SELECT count(*) FROM entry WHERE entry.person = person.id),
             (SELECT max(entry.id) FROM entry WHERE entry.person = person.id)
             FROM person WHERE platform = ?1 AND user_id = ?2",
        )?;
        let person = find.query_row(params![who.platform.as_str(), who.id], |row| {
            let first_at = row.get(2)?;
            let last: Option<i64> = row.get(5)?;
            Ok(KnownPerson {
                username: row.get(0)?,
                display_name: row.get(1)?,
                first_at,
                last_at: last.map_or(first_at, |id| id / WITHIN_MS),
                count: row.get::<_, i64>(4)?.unsigned_abs(),
                note: row.get(3)?,
            })
        });
        Ok(person.optional()?)
    }

    /// Notes something about somebody who is known.
    pub(super) fn note(&self, platform: Platform, id: &str, note: &str) -> Result<(), Trouble> {
        let mut update = self.0.prepare_cached("UPDATE person SET note = ?3 WHERE platform = ?1 AND user_id = ?2")?;
        update.execute(params![platform.as_str(), id, note])?;
        Ok(())
    }

    /// Removes some of what is too old or too much. Whether there is more of it.
    pub(super) fn clean(&mut self, limits: HistoryLimits) -> Result<bool, Trouble> {
        let days = i64::from(limits.days);
        let too_old = (days > 0).then(|| (unix_ms() - days * 24 * 60 * 60 * 1_000).max(0) * WITHIN_MS);
        let older = "SELECT id FROM entry WHERE id < ?1 ORDER BY id LIMIT ?2";
        let mut gone = match too_old {
            Some(limit) => rows(&mut self.0.prepare_cached(older)?, params![limit, CLEANED])?,
            None => Vec::new(),
        };
        if gone.is_empty() && self.bytes()? > limits.bytes {
            gone = rows(&mut self.0.prepare_cached(older)?, params![i64::MAX, CLEANED])?;
        }
        if gone.is_empty() {
            self.0.execute(
                "DELETE FROM person WHERE note = '' AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.person = person.id)",
                [],
            )?;
            self.0.execute(
                "DELETE FROM channel WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.channel = channel.id)",
                [],
            )?;
            return Ok(false);
        }
        let transaction = self.0.transaction()?;
        {
            let mut entry = transaction.prepare_cached("DELETE FROM entry WHERE id = ?1")?;
            let mut words = transaction.prepare_cached("DELETE FROM words WHERE rowid = ?1")?;
            for id in &gone {
                entry.execute([id])?;
                words.execute([id])?;
            }
        }
        transaction.commit()?;
        // The room that they had goes back to the disk.
        let mut vacuum = self.0.prepare_cached("PRAGMA incremental_vacuum")?;
        let mut pages = vacuum.query([])?;
        // A page for each step.
        while pages.next()?.is_some() {}
        Ok(true)
    }

    /// Bytes of the file that hold something.
    fn bytes(&self) -> Result<u64, Trouble> {
        let number =
            |name: &str| -> Result<i64, Trouble> { Ok(self.0.pragma_query_value(None, name, |row| row.get(0))?) };
        let pages = number("page_count")? - number("freelist_count")?;
        Ok((pages * number("page_size")?).unsigned_abs())
    }
}

/// The end of time, so that a number of it is exact in JavaScript: the year 2248.
const FAR_MS: i64 = (1 << 53) / WITHIN_MS - 1;
