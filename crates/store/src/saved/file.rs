//! The file: a row for each channel, overlay, look and setting, with JSON where a form may grow.
//!
//! Only differences are written, so what a later program of the same form has put there and this one does not understand
//! stays: rows, fields, settings and key combinations alike.

use std::path::Path;

use polychat_model::look::{MAX_LOOKS, OwnLook};
use polychat_model::saved::{
    MAX_CHANNELS, MAX_OVERLAYS, Overlay, Saved, SavedChannel, Secret, Secrets, Settings, is_overlay_name,
};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde::Serialize;
use serde_json::{Map, Value};
use tracing::{debug, warn};

use super::merge::{update, with_main};
use crate::disk::{self, Trouble};

/// How to get from each form of the file to the next. Entries are never changed.
pub(super) const MIGRATIONS: [&str; 2] = [
    "
    CREATE TABLE channel (
        platform TEXT NOT NULL,
        identifier_type TEXT NOT NULL,
        identifier TEXT NOT NULL,
        position INTEGER NOT NULL,
        more TEXT NOT NULL,
        PRIMARY KEY (platform, identifier_type, identifier)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE overlay (
        name TEXT NOT NULL PRIMARY KEY,
        position INTEGER NOT NULL,
        more TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE setting (
        name TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
",
    "
    CREATE TABLE look (
        id TEXT NOT NULL PRIMARY KEY,
        position INTEGER NOT NULL,
        document TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
",
];

/// The form of the file that first had looks.
const WITH_LOOKS: i64 = 2;

/// The row of the password of OBS's WebSocket server. Not the name of any setting, so that none can be read from it.
const OBS_PASSWORD: &str = "secret.obsPassword";

/// Longer texts in a row were not written by any Polychat, and are passed over.
const LONGEST: i64 = 1024 * 1024;

pub(super) struct File {
    connection: Connection,
    /// What it holds, as far as this program understands it.
    known: Saved,
    /// What a person should know about it, in sentences.
    notices: Vec<String>,
}

impl File {
    /// Opens a file of this form or of an earlier one, or makes a new one. `before_migration` is given the file as it was.
    pub(super) fn open(
        path: &Path,
        before_migration: impl FnOnce(&Connection) -> Result<(), Trouble>,
    ) -> Result<Self, Trouble> {
        Self::open_by(path, &MIGRATIONS, before_migration)
    }

    fn open_by(
        path: &Path,
        migrations: &[&str],
        before_migration: impl FnOnce(&Connection) -> Result<(), Trouble>,
    ) -> Result<Self, Trouble> {
        // A password is in it. Where that cannot be done, the file itself may still be.
        if let Err(error) = disk::keep_private(path) {
            debug!(%error, "others on this computer may be able to read the settings file");
        }
        let mut connection = disk::open(path)?;
        // One file that can be copied and sent, and whose folder may be read-only: no write-ahead log.
        connection.pragma_update(None, "journal_mode", "DELETE")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        check(&connection)?;
        let (form, newest) = (disk::form(&connection)?, disk::newest(migrations));
        if form > 0 && form < newest {
            before_migration(&connection)?;
        }
        disk::migrate(&mut connection, migrations)?;
        let (known, notices) = read(&connection)?;
        Ok(Self { connection, known, notices })
    }

    /// What it holds.
    pub(super) fn known(&self) -> &Saved {
        &self.known
    }

    /// What a person should know about what it holds, in sentences.
    pub(super) fn notices(&self) -> &[String] {
        &self.notices
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Writes what differs, everything or nothing.
    pub(super) fn write(&mut self, saved: &Saved) -> Result<(), Trouble> {
        let transaction = self.connection.transaction()?;
        for channel in self.known.channels.iter().filter(|known| !saved.channels.iter().any(|c| is_same(c, known))) {
            let forget = "DELETE FROM channel WHERE (platform, identifier_type, identifier) = (?1, ?2, ?3)";
            transaction.execute(forget, key(channel))?;
        }
        for (channel, position) in saved.channels.iter().zip(0_i64..) {
            let find = "SELECT more FROM channel WHERE (platform, identifier_type, identifier) = (?1, ?2, ?3)";
            let old = transaction.query_row(find, key(channel), |row| row.get(0)).optional()?;
            let last = self.known.channels.iter().find(|known| is_same(known, channel)).map(more_of_channel);
            let more = updated(old, last.as_ref(), &more_of_channel(channel));
            let [platform, kind, identifier] = key(channel);
            let put = "INSERT OR REPLACE INTO channel VALUES (?1, ?2, ?3, ?4, ?5)";
            transaction.execute(put, params![platform, kind, identifier, position, more])?;
        }
        for overlay in self.known.overlays.iter().filter(|known| !saved.overlays.iter().any(|o| o.name == known.name)) {
            transaction.execute("DELETE FROM overlay WHERE name = ?1", [&overlay.name])?;
        }
        for (overlay, position) in saved.overlays.iter().zip(0_i64..) {
            let find = "SELECT more FROM overlay WHERE name = ?1";
            let old = transaction.query_row(find, [&overlay.name], |row| row.get(0)).optional()?;
            let last = self.known.overlays.iter().find(|known| known.name == overlay.name).map(more_of_overlay);
            let more = updated(old, last.as_ref(), &more_of_overlay(overlay));
            let put = "INSERT OR REPLACE INTO overlay VALUES (?1, ?2, ?3)";
            transaction.execute(put, params![overlay.name, position, more])?;
        }
        for look in self.known.looks.iter().filter(|known| !saved.looks.iter().any(|look| look.id == known.id)) {
            transaction.execute("DELETE FROM look WHERE id = ?1", [&look.id])?;
        }
        for (position, look) in saved.looks.iter().enumerate() {
            let last = self.known.looks.iter().enumerate().find(|(_, known)| known.id == look.id);
            // They are large: only those that differ are written.
            if last.is_some_and(|known| known == (position, look)) {
                continue;
            }
            let old = transaction.query_row("SELECT document FROM look WHERE id = ?1", [&look.id], |row| row.get(0));
            let last = last.map(|(_, known)| more_of_look(known));
            let document = updated(old.optional()?, last.as_ref(), &more_of_look(look));
            let put = "INSERT OR REPLACE INTO look VALUES (?1, ?2, ?3)";
            transaction.execute(put, params![look.id, i64::try_from(position).unwrap_or(i64::MAX), document])?;
        }
        let last = object(&self.known.settings);
        for (name, value) in object(&saved.settings) {
            if last.get(&name) != Some(&value) {
                let find = "SELECT value FROM setting WHERE name = ?1";
                let old = transaction.query_row(find, [&name], |row| row.get(0)).optional()?;
                let value = updated(old, last.get(&name), &value);
                transaction.execute("INSERT OR REPLACE INTO setting VALUES (?1, ?2)", params![name, value])?;
            }
        }
        match &saved.secrets.obs_password {
            secret if *secret == self.known.secrets.obs_password => {}
            Some(secret) => {
                let value = Value::from(secret.reveal()).to_string();
                transaction.execute("INSERT OR REPLACE INTO setting VALUES (?1, ?2)", params![OBS_PASSWORD, value])?;
            }
            None => _ = transaction.execute("DELETE FROM setting WHERE name = ?1", [OBS_PASSWORD])?,
        }
        transaction.commit()?;
        self.known = saved.clone();
        Ok(())
    }
}

/// Opens a file to look at it. Nothing is written.
pub(super) fn look_at(path: &Path) -> Result<Connection, Trouble> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    check(&connection)?;
    Ok(connection)
}

/// Everything in the file, as one text to compare.
pub(super) fn contents(connection: &Connection) -> Result<String, Trouble> {
    let form = disk::form(connection)?;
    let mut contents = form.to_string();
    let tables = [
        "SELECT json_array(platform, identifier_type, identifier, position, more) FROM channel ORDER BY 1",
        "SELECT json_array(name, position, more) FROM overlay ORDER BY 1",
        "SELECT json_array(name, value) FROM setting ORDER BY 1",
        "SELECT json_array(id, position, document) FROM look ORDER BY 1",
    ];
    // A file of an earlier form, which is backed up before it is brought to this one, has no looks yet.
    for table in &tables[..if form < WITH_LOOKS { 3 } else { 4 }] {
        let mut rows = connection.prepare(table)?;
        for row in rows.query_map([], |row| row.get::<_, String>(0))? {
            contents.push('\n');
            contents.push_str(&row?);
        }
    }
    Ok(contents)
}

fn check(connection: &Connection) -> Result<(), Trouble> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(Trouble::Damaged(found)) }
}

fn read(connection: &Connection) -> Result<(Saved, Vec<String>), Trouble> {
    let all = "SELECT platform, identifier_type, identifier, more FROM channel WHERE length(more) <= ?1 ORDER BY position LIMIT 1000";
    let mut rows = connection.prepare(all)?;
    let rows = rows.query_map([LONGEST], |row| {
        let texts: [String; 4] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
        Ok(texts)
    })?;
    let mut channels = Vec::new();
    for row in rows {
        let [platform, kind, identifier, more] = row?;
        let named = [("platform", platform), ("identifierType", kind), ("identifier", identifier)];
        if let Some(channel) = parse::<SavedChannel>(&more, named).filter(|_| channels.len() < MAX_CHANNELS) {
            channels.push(channel);
        }
    }
    let all = "SELECT name, more FROM overlay WHERE length(more) <= ?1 ORDER BY position LIMIT 1000";
    let mut rows = connection.prepare(all)?;
    let rows = rows.query_map([LONGEST], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut overlays = Vec::new();
    for row in rows {
        let (name, more) = row?;
        let overlay = is_overlay_name(&name).then(|| parse::<Overlay>(&more, [("name", name)])).flatten();
        if let Some(overlay) = overlay.filter(|_| overlays.len() < MAX_OVERLAYS) {
            overlays.push(overlay);
        }
    }
    let mut rows = connection.prepare("SELECT name, value FROM setting WHERE length(value) <= ?1 LIMIT 1000")?;
    let rows = rows.query_map([LONGEST], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
    let mut secrets = Secrets::default();
    if let Some(at) = rows.iter().position(|(name, _)| name == OBS_PASSWORD) {
        let (_, value) = rows.swap_remove(at);
        secrets.obs_password = serde_json::from_str::<String>(&value).ok().and_then(Secret::new);
    }
    let settings = settings(rows);
    let (looks, notices) = looks(connection)?;
    Ok((with_main(Saved { channels, overlays, looks, settings, secrets }), notices))
}

/// Own looks. One that is damaged, or that only a later program understands, costs only itself, and that is said.
fn looks(connection: &Connection) -> Result<(Vec<OwnLook>, Vec<String>), Trouble> {
    let all = "SELECT id, CASE WHEN length(document) <= ?1 THEN document END FROM look ORDER BY position LIMIT 1000";
    let mut rows = connection.prepare(all)?;
    let rows = rows.query_map([LONGEST], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)))?;
    let (mut looks, mut damaged) = (Vec::new(), Vec::new());
    for row in rows {
        let (id, document) = row?;
        let look = document.and_then(|document| parse::<OwnLook>(&document, [("id", id.clone())]));
        match look.map(OwnLook::understood).filter(|look| look.check().is_ok()) {
            Some(look) if looks.len() < MAX_LOOKS => looks.push(look),
            _ => damaged.push(id),
        }
    }
    // Names of rows come from the file: few of them, and short.
    let names: Vec<String> = damaged.iter().take(5).map(|id| format!("\"{id:.64}\"")).collect();
    let notices = match damaged.len() {
        0 => Vec::new(),
        1 => vec![format!("The look {} cannot be read. It is left in the settings file as it is.", names.concat())],
        n => vec![format!("{n} looks cannot be read, among them {}. They are left as they are.", names.join(", "))],
    };
    Ok((looks, notices))
}

/// A row: its JSON, and what its own columns say. `None` for one that only a later program understands.
fn parse<T: for<'de> serde::Deserialize<'de>>(
    more: &str,
    named: impl IntoIterator<Item = (&'static str, String)>,
) -> Option<T> {
    let mut fields: Map<String, Value> = serde_json::from_str(more).ok()?;
    fields.extend(named.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))));
    let parsed = serde_json::from_value(Value::Object(fields));
    parsed.inspect_err(|error| warn!(%error, "a saved row is not understood and left as it is")).ok()
}

/// Settings one by one, so that one that is not understood costs only itself.
fn settings(rows: Vec<(String, String)>) -> Settings {
    let is_one = |fields: Map<String, Value>| serde_json::from_value::<Settings>(Value::Object(fields)).is_ok();
    let single = |name: &str, value: &Value| Map::from_iter([(name.to_owned(), value.clone())]);
    let mut good = Map::new();
    for (name, value) in rows {
        let Ok(mut value) = serde_json::from_str::<Value>(&value) else { continue };
        if let Value::Object(entries) = &mut value {
            entries.retain(|key, entry| is_one(single(&name, &Value::Object(single(key, entry)))));
        }
        if is_one(single(&name, &value)) {
            good.insert(name, value);
        }
    }
    serde_json::from_value(Value::Object(good)).unwrap_or_default()
}

fn is_same(one: &SavedChannel, other: &SavedChannel) -> bool {
    key(one) == key(other)
}

fn key(channel: &SavedChannel) -> [&str; 3] {
    [channel.platform.as_str(), channel.identifier_type.as_str(), &channel.identifier]
}

fn more_of_channel(channel: &SavedChannel) -> Value {
    let mut fields = object(channel);
    fields.retain(|name, _| !matches!(name.as_str(), "platform" | "identifierType" | "identifier"));
    Value::Object(fields)
}

fn more_of_overlay(overlay: &Overlay) -> Value {
    let mut fields = object(overlay);
    fields.remove("name");
    Value::Object(fields)
}

fn more_of_look(look: &OwnLook) -> Value {
    let mut fields = object(look);
    fields.remove("id");
    Value::Object(fields)
}

fn object<T: Serialize>(value: &T) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// The text of a row after a change.
fn updated(old: Option<String>, last: Option<&Value>, new: &Value) -> String {
    let old = old.and_then(|old| serde_json::from_str(&old).ok());
    update(old, last, new).to_string()
}

#[cfg(test)]
mod tests {
    use polychat_model::Platform;

    use super::*;

    #[test]
    fn a_file_is_given_away_as_it_was_before_it_is_changed_and_only_then() {
        let path = std::env::temp_dir().join(format!("polychat-migration-{}.sqlite3", std::process::id()));
        let never = |_: &Connection| -> Result<(), Trouble> { panic!("there is nothing to migrate") };
        let mut saved = with_main(Saved::default());
        saved.channels.push(SavedChannel {
            platform: Platform::Twitch,
            identifier: "someone".to_owned(),
            identifier_type: polychat_model::IdentifierType::Username,
            paused: true,
        });
        File::open(&path, never).unwrap().write(&saved).unwrap();
        let later =
            [MIGRATIONS[0], MIGRATIONS[1], "ALTER TABLE channel ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';"];
        let mut given = Vec::new();
        let refuse = |_: &Connection| Err(Trouble::Full);
        assert!(File::open_by(&path, &later, refuse).is_err(), "without a backup nothing is changed");
        for _ in 0..2 {
            let file = File::open_by(&path, &later, |old| {
                given.push(disk::form(old)?);
                Ok(())
            });
            assert_eq!(file.unwrap().known(), &saved);
        }
        assert_eq!(given, [2]);
        assert!(matches!(File::open(&path, never), Err(Trouble::Newer(3))));
        std::fs::remove_file(path).unwrap();
    }
}
